//! Texts of whole sites: copies, templates, age and language of real and made-up sites, and what keeping them costs.
//!
//! In: made-up pages; two sites of `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`), if it is there. Out: what the report
//! says of them, printed. Invariant: nothing of a text is kept but marks, so that a hundred thousand pages fit.

use idea_audit::audit::{Plan, Silent, Target, audit};
use idea_audit::checks::Check;
use idea_audit::crawl::Settings;
use idea_audit::engine::{Days, Engine};
use idea_audit::facts::prose::{Counts, Ease, Prose, blocks};
use idea_audit::facts::survey::{Summary, Survey, clusters};
use idea_audit::facts::{Page, PageDigest, SiteFacts, Standing};
use idea_audit::html::Document;
use idea_audit::report::Report;
use idea_audit::rules::{Profile, RuleSet, Selection};
use idea_audit::web::Capture;
use idea_audit::web::glob::Glob;
use std::path::PathBuf;
use std::process::Command;
use url::Url;

const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

fn capture(url: &str, body: String) -> Capture {
    let url = Url::parse(url).expect("an address");
    Capture::page(url, "text/html; charset=utf-8", body)
}

/// Numbers that look drawn, the same in every run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) as usize % most
    }
}

fn text(drawn: &mut Drawn, words: usize) -> Vec<String> {
    (0..words).map(|_| format!("w{}", drawn.below(4_000))).collect()
}

#[test]
fn copies_are_told_from_other_texts_by_how_much_was_changed() {
    let mut drawn = Drawn(7);
    let mut facts = SiteFacts::default();
    let mut pairs = Vec::new();
    // Sixty texts: of half of them a copy with a few words changed, of a quarter a text that shares only a part.
    for number in 0..60 {
        let one = text(&mut drawn, 220 + number * 5);
        let mut other = one.clone();
        let changed = match number % 4 {
            0 => 0,
            1 => other.len() / 200,
            2 => other.len() / 12,
            _ => other.len(),
        };
        for _ in 0..changed {
            let at = drawn.below(other.len());
            other[at] = format!("x{}", drawn.below(4_000));
        }
        let urls = [format!("https://a.example/one/{number}"), format!("https://a.example/other/{number}")];
        for (url, words) in urls.iter().zip([&one, &other]) {
            let html = format!("<html lang=en><h1>Text</h1><p>{}</p>", words.join(" "));
            facts.take_stock(&Page::read(&capture(url, html)).facts(Standing::Inner, DAY));
        }
        pairs.push((urls, number % 4 < 2));
    }
    let survey = Survey::of(&facts);
    let texts = survey.texts(150);
    let found: Vec<(String, String)> = clusters(&texts, 0.8)
        .iter()
        .flat_map(|cluster| cluster.copies.iter().map(|(at, _)| (texts[cluster.authority].url, texts[*at].url)))
        .map(|(keep, copy)| (keep.to_string(), copy.to_string()))
        .collect();
    let is_found = |urls: &[String; 2]| {
        found.iter().any(|(a, b)| [a, b] == [&urls[0], &urls[1]] || [b, a] == [&urls[0], &urls[1]])
    };
    let right = pairs.iter().filter(|(urls, is_copy)| *is_copy && is_found(urls)).count();
    let wanted = pairs.iter().filter(|(_, is_copy)| *is_copy).count();
    let (precision, recall) = (right as f64 / found.len() as f64, right as f64 / wanted as f64);
    println!(
        "near copies: precision {precision:.3}, recall {recall:.3} ({right} of {wanted} pairs, {} found)",
        found.len()
    );
    assert!(precision >= 0.95 && recall >= 0.95);
}

/// Lincoln at Gettysburg (1863), the Bliss copy.
const GETTYSBURG: &str = "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, and \
    dedicated to the proposition that all men are created equal. Now we are engaged in a great civil war, testing whether that nation, or any \
    nation so conceived and so dedicated, can long endure. We are met on a great battle-field of that war. We have come to dedicate a portion of \
    that field, as a final resting place for those who here gave their lives that that nation might live. It is altogether fitting and proper that \
    we should do this. But, in a larger sense, we can not dedicate -- we can not consecrate -- we can not hallow -- this ground. The brave men, \
    living and dead, who struggled here, have consecrated it, far above our poor power to add or detract. The world will little note, nor long \
    remember what we say here, but it can never forget what they did here. It is for us the living, rather, to be dedicated here to the unfinished \
    work which they who fought here have thus far so nobly advanced. It is rather for us to be here dedicated to the great task remaining before \
    us -- that from these honored dead we take increased devotion to that cause for which they gave the last full measure of devotion -- that we \
    here highly resolve that these dead shall not have died in vain -- that this nation, under God, shall have a new birth of freedom -- and that \
    government of the people, by the people, for the people, shall not perish from the earth.";

#[test]
fn a_known_text_has_the_measures_that_are_published_of_it() {
    let document = Document::parse(&format!("<html lang=en><main><p>{GETTYSBURG}</p></main>"));
    let prose = Prose::of(blocks(&document), None);
    let mut counts = Counts::default();
    prose.blocks.iter().for_each(|(_, read)| counts.add(&read.counts));
    let ease = Ease(&counts);
    println!(
        "Gettysburg Address: {} words, {} sentences, Flesch {:.1}, Flesch-Kincaid {:.1}, ARI {:.1}, SMOG {:.1}",
        counts.words,
        counts.sentences,
        ease.flesch(),
        ease.flesch_kincaid(),
        ease.automated(),
        ease.smog()
    );
    // Published: 271 or 272 words in 10 sentences; reading ease 65 (a word processor) to 70.4 (GNU style), Kincaid 10.2, ARI 12.1, SMOG 10.1.
    assert!((270..=273).contains(&counts.words) && counts.sentences == 10);
    assert!((63.0..=72.0).contains(&ease.flesch()));
    for (got, published) in [(ease.flesch_kincaid(), 10.2), (ease.automated(), 12.1), (ease.smog(), 10.1)] {
        assert!((got - published).abs() <= 1.5, "{got} instead of {published}");
    }
}

/// A page of an agency: a menu, a few headings and paragraphs of its own, a notice that all have, a footer.
fn made_up(drawn: &mut Drawn, number: usize) -> String {
    let paragraphs: String = (0..12)
        .map(|at| {
            format!("<h2>Part {at} of {number}</h2><p>You can {} by {}.</p>", text(drawn, 25).join(" "), number + at)
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><head><title>Page {number}</title><link rel=stylesheet href=/s.css></head><body class=site>\
         <header><nav><a href=/a>Boats</a><a href=/b>Fees</a></nav></header><main><h1>Page {number}</h1>{paragraphs}\
         <p>Last updated: March 3, 2{:03}</p><p>Was this page of use to you? Tell us what you think of it.</p></main>\
         <footer><a href=/c>Contact</a></footer></body></html>",
        number % 27
    )
}

/// Tells the child process of the next test that it is one.
const ALONE: &str = "IDEA_AUDIT_TEST_ALONE";

/// In a process of its own: what other tests take meanwhile would be counted too.
#[test]
fn facts_of_a_hundred_thousand_pages_fit_into_300_megabytes() {
    if std::env::var_os(ALONE).is_some() {
        return weigh();
    }
    let itself = std::env::current_exe().expect("the test binary knows its place");
    let name = "words::facts_of_a_hundred_thousand_pages_fit_into_300_megabytes";
    let alone =
        Command::new(itself).args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().expect("it starts");
    let said = String::from_utf8_lossy(&alone.stdout);
    said.lines().filter(|line| line.starts_with("site facts")).for_each(|line| println!("{line}"));
    assert!(alone.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&alone.stderr));
}

/// What a hundred thousand pages take, with the notes of all site rules, by what copies of the facts of a few hundred take, as the system
/// counts it where it tells (Linux). What `benches/words/site.rs` counts besides is what memory loses between them.
fn weigh() {
    const PAGES: usize = 300;
    const COPIES: usize = 60;
    let mut drawn = Drawn(11);
    let set = RuleSet::bundled().expect("the bundled rules load");
    let of_sites = set.rules.iter().filter(|rule| matches!(rule.check, Check::Site(_))).cloned().collect();
    let engine = Engine::of(of_sites, set.sources.clone(), Days { today: DAY, policy_as_of: DAY });
    let mut facts = SiteFacts::default();
    let resident = || {
        let status = std::fs::read_to_string("/proc/self/statm").ok()?;
        status.split(' ').nth(1)?.parse::<usize>().ok().map(|pages| pages * 4096)
    };
    for number in 0..PAGES {
        let page = capture(
            &format!("https://www.agency.example/section{}/page-{number}", number % 20),
            made_up(&mut drawn, number),
        );
        let page = Page::read(&page);
        let one = page.facts(Standing::Inner, DAY);
        let shared = facts.see(one.url(), PageDigest { status: 200, judged: true });
        let mut seen = SiteFacts::default();
        seen.refer_links_beside(&one, &facts.referred);
        seen.take_stock(&one);
        seen.take_papers(&one);
        facts.merge(seen);
        for (rule, notes) in engine.judge_page(&one, &Profile::default()).notes {
            facts.notes.insert(rule.as_str(), &shared, &notes);
        }
    }
    // The first copies take what reading the rules and pages has left free; addresses are shared between copies and are added by hand.
    let first: Vec<SiteFacts> = (0..COPIES).map(|_| facts.clone()).collect();
    let before = resident();
    let copies: Vec<SiteFacts> = (0..COPIES).map(|_| facts.clone()).collect();
    if let (Some(before), Some(after)) = (before, resident()) {
        let address = size_of::<Url>() + 80;
        let each = after.saturating_sub(before) / (PAGES * COPIES) + address;
        println!("site facts: {each} octets a page, {} MB for 100,000 pages", each / 10);
        assert!(each <= 2_000, "{each} octets a page");
    }
    assert!(first.iter().chain(&copies).all(|copy| copy.imprints.len() == PAGES));
    let survey = Survey::of(&facts);
    let summary = Summary::of(&survey, DAY);
    assert_eq!(summary.text.pages, PAGES);
    assert_eq!(summary.templates.count, 1);
}

fn scanned(folder: &str, published: &str, part: &[&str]) -> Option<Report> {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = shared.join("corpus").join(folder);
    if !path.is_dir() {
        println!("skipped: no site at {}", path.display());
        return None;
    }
    let set = RuleSet::bundled().expect("the bundled rules load");
    let chosen = ["content/", "duplication/", "consistency/templates"];
    let mut selected = Selection::default().of(&set).expect("everything is selected");
    selected.retain(|rule| chosen.iter().any(|begin| rule.id.as_str().starts_with(begin)));
    let plan = Plan {
        typed: vec![folder.to_string()],
        publish_at: Some(Url::parse(published).expect("an address")),
        crawl: Settings {
            max_pages: None,
            include: part.iter().map(|glob| Glob::parse(glob).expect("a glob")).collect(),
            ..Settings::default()
        },
        selected,
        documents: crate::documents::settings(),
        ..Plan::of(vec![Target::Folder(path)], set, DAY)
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    Some(runtime.block_on(audit(plan, &mut Silent)).expect("the audit begins"))
}

/// vote.gov has a tree for each language, in each of them a page for each state.
#[test]
fn a_site_in_many_languages_is_one_family_of_templates_with_copies_by_language() {
    let part = ["/es/**", "/fr/**", "/", "/about-us/"];
    let part = if std::env::var_os("IDEA_AUDIT_WHOLE_CORPUS").is_some() { &[][..] } else { &part[..] };
    let Some(report) = scanned("vote.gov-2024", "https://vote.gov/", part) else { return };
    let facts = &report.sites[0].facts;
    for (name, section) in facts["sections"].as_object().expect("sections") {
        println!(
            "{name}: {} pages, {} words, {} in copies, languages {}, families {}",
            section["pages"], section["words"], section["copies"], section["languages"], section["families"]
        );
    }
    let templates = &facts["templates"];
    println!(
        "templates: {} in {} families, the largest covers {}",
        templates["templates"], templates["count"], templates["coverage"]
    );
    let duplicates = &facts["duplicates"];
    println!(
        "duplicates: {} compared, {} clusters, {} copies, {} exact, {} versions",
        duplicates["compared"],
        duplicates["clusters"],
        duplicates["copies"],
        duplicates["exact"],
        duplicates["versions"]
    );
    for shown in duplicates["largest"].as_array().into_iter().flatten().take(8) {
        println!(
            "  {} and {} copies, {} words, from {}",
            shown["keep"], shown["count"], shown["words"], shown["likeness"]
        );
    }
    let spanish = &facts["sections"]["/es/"]["languages"];
    let (es, pages) = (spanish["es"].as_u64().unwrap_or(0), facts["sections"]["/es/"]["pages"].as_u64().unwrap_or(0));
    assert!(pages > 40 && es * 10 >= pages * 9, "{spanish}");
    assert!(templates["coverage"].as_f64().is_some_and(|share| share > 0.5), "{templates}");
    assert!(facts["shared-services"]["U.S. Web Design System"]["pages"].as_u64().is_some_and(|pages| pages > 40));
}

/// Pages of the nineties that say their day in words, or not at all.
#[test]
fn an_old_site_is_told_by_the_days_of_its_pages() {
    let Some(report) = scanned("ferret.pmel.noaa.gov", "https://ferret.pmel.noaa.gov/static/", &[]) else { return };
    let freshness = &report.sites[0].facts["freshness"];
    println!("{}", serde_json::to_string_pretty(freshness).expect("facts are JSON"));
    let over_five = freshness["ages"]["over 5 years"].as_u64().unwrap_or(0);
    let dated = freshness["dated"].as_u64().unwrap_or(0);
    assert!(dated >= 6 && over_five == dated, "{over_five} of {dated}");
    assert!(report.findings.iter().any(|finding| finding.rule.as_str() == "content/page-age"));
}
