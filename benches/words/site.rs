//! What the facts of one large site take while it is audited: counted by the system, not reckoned.
//!
//! In: made-up pages of an agency, each with a menu, text of its own, links to other pages, here and there a form or a document; the notes
//! of all bundled site rules. Out: resident memory before and after, by part. Nothing is fetched.

use idea_audit::checks::Check;
use idea_audit::engine::{Days, Engine};
use idea_audit::facts::survey::{Summary, Survey};
use idea_audit::facts::{Page, PageDigest, SiteFacts, Standing};
use idea_audit::rules::{Profile, Rule, RuleSet};
use std::any::Any;
use std::sync::Arc;

use crate::{DAY, corpus};

/// Reads so many pages into the facts of one site, and tells what that took.
pub fn measure(pages: usize) {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let of_sites: Vec<Arc<Rule>> =
        set.rules.iter().filter(|rule| matches!(rule.check, Check::Site(_))).cloned().collect();
    let rules = of_sites.len();
    let engine = Engine::of(of_sites, set.sources.clone(), Days { today: DAY, policy_as_of: DAY });
    let mut drawn = Drawn(11);
    let mut site = SiteFacts { name: "www.agency.example".to_string(), ..SiteFacts::default() };
    // What the rules themselves take is there before the first page is counted.
    take(&mut site, &engine, &mut drawn, 0, pages);
    let before = resident();
    let begun = std::time::Instant::now();
    let mut most = 0;
    for number in 1..pages {
        take(&mut site, &engine, &mut drawn, number, pages);
        // What is let go on the way, such as places of links to pages that were read later, is not seen at the end.
        if number % (pages / 100).max(1) == 0 {
            most = most.max(resident().saturating_sub(before));
        }
    }
    let held = resident().saturating_sub(before);
    let mb = |octets: usize| octets as f64 / 1e6;
    println!("{pages} pages, notes of {rules} site rules, {:.0} s", begun.elapsed().as_secs_f64());
    println!("{:>28}{:>10.1} MB, {} octets a page", "facts of the site", mb(held), held / pages);
    println!("{:>28}{:>10.1} MB", "at most on the way", mb(most.max(held)));
    for (part, taken) in parts(&site) {
        println!("{part:>28}{:>10.1} MB", mb(taken));
    }
}

/// The same with what putting it all together takes, in a site of its own.
pub fn sum_up(pages: usize) {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let engine = Engine::of(Vec::new(), set.sources.clone(), Days { today: DAY, policy_as_of: DAY });
    let mut drawn = Drawn(11);
    let mut site = SiteFacts::default();
    (0..pages).for_each(|number| take(&mut site, &engine, &mut drawn, number, pages));
    let before = resident();
    let survey = Survey::of(&site);
    let summary = Summary::of(&survey, DAY);
    let more = resident().saturating_sub(before);
    println!("{:>28}{:>10.1} MB for {} pages", "to put it together", more as f64 / 1e6, summary.text.pages);
}

/// What a copy of each part takes; addresses that parts share are counted in none but the first.
fn parts(site: &SiteFacts) -> Vec<(&'static str, usize)> {
    let grown = |copy: &dyn Fn() -> Box<dyn Any>| {
        let before = resident();
        let held = copy();
        let after = resident();
        // Kept: what a part gives back the next one would take without growing.
        std::mem::forget(held);
        after.saturating_sub(before)
    };
    vec![
        ("notes of rules", grown(&|| Box::new(site.notes.clone()))),
        ("referrers", grown(&|| Box::new(site.referrers.clone()))),
        ("imprints", grown(&|| Box::new(site.imprints.clone()))),
        ("pages", grown(&|| Box::new(site.pages.clone()))),
        ("links in", grown(&|| Box::new(site.inlinks.clone()))),
        ("documents and forms", grown(&|| Box::new((site.documents.clone(), site.forms.clone())))),
    ]
}

/// As the audit does: a page is read apart, and what is kept of it joins the site.
fn take(site: &mut SiteFacts, engine: &Engine, drawn: &mut Drawn, number: usize, pages: usize) {
    let url = address(number);
    let capture = corpus::capture(&url, page(drawn, number, pages).into_bytes());
    let page = Page::read(&capture);
    let facts = page.facts(Standing::Inner, DAY);
    let shared = site.see(&capture.url, PageDigest { status: 200, judged: true });
    let mut one = SiteFacts::default();
    one.refer_links_beside(&facts, &site.referred);
    one.take_stock(&facts);
    one.take_papers(&facts);
    site.merge(one);
    for (rule, notes) in engine.judge_page(&facts, &Profile::default()).notes {
        site.notes.insert(rule.as_str(), &shared, &notes);
    }
}

fn address(number: usize) -> String {
    format!("https://www.agency.example/section-{}/topic-{}/page-{number}", number % 20, number % 300)
}

/// A page of an agency: 300 words of its own, a menu of eight, ten links to others, a footer.
fn page(drawn: &mut Drawn, number: usize, pages: usize) -> String {
    let paragraphs: String = (0..12)
        .map(|at| format!("<h2>Part {at} of {number}</h2><p>You can {} by {}.</p>", drawn.words(25), number + at))
        .collect();
    let links: String = (0..10)
        .map(|_| {
            let to = drawn.below(pages);
            format!("<li><a href='{}'>{}</a></li>", address(to), drawn.words(4))
        })
        .collect();
    let menu: String = (0..8).map(|at| format!("<li><a href='/section-{at}/'>Section {at}</a></li>")).collect();
    let more = match number % 50 {
        7 => "<form method=post action=/send><label>Name<input name=n></label><label>Email<input name=e></label><label>Reason<textarea name=r></textarea></label></form>".to_string(),
        9 | 19 => format!("<a href='/files/report-{number}.pdf'>Report {number}</a>"),
        _ => String::new(),
    };
    format!(
        "<!doctype html><html lang=en><head><title>Page {number} about {}</title><meta name=description content='{}'><link rel=stylesheet href=/s.css></head>\
         <body class=site><header><a href=/>Agency</a><form role=search action=/search><input type=search name=q aria-label=Search></form><nav><ul>{menu}</ul></nav></header>\
         <main><h1>Page {number}</h1>{paragraphs}<ul>{links}</ul>{more}<p>Last updated: March 3, 20{:02}</p></main>\
         <footer><a href=/contact>Contact us</a><a href=/privacy>Privacy policy</a><a href=/accessibility>Accessibility</a></footer></body></html>",
        drawn.words(3),
        drawn.words(14),
        number % 27
    )
}

/// Octets of memory that are resident, where the system tells (Linux).
fn resident() -> usize {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    told.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

/// Numbers that look drawn, the same in every run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) as usize % most
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| format!("w{}", self.below(4_000))).collect::<Vec<_>>().join(" ")
    }
}
