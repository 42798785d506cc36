//! What looking at pages costs: processor time for each page and screen, memory of a child, and the same in Chromium.
//!
//! In: pages of `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`), with their sheets; `PAGES` says how many (default 45). Out: a table. `measure`
//! is layout on one screen, with the sheets of the site parsed before; `audit` is all that a page costs with style on three screens: parsing, the child, all rules. A child is
//! `render-worker` as it ships, over its pipe. Chromium, where it is installed, gets the same markup, sheets and screens, and gives a snapshot with the same properties;
//! its start is not counted. How to read it: docs/rendering.md.

#[expect(dead_code, reason = "the test compares what is only taken here")]
#[path = "../tests/it/style/browser.rs"]
mod browser;
#[expect(dead_code, reason = "tests ask more of a tab")]
#[path = "../tests/it/devtools.rs"]
mod devtools;
#[path = "../tests/it/machine.rs"]
mod machine;
#[path = "../tests/it/pages.rs"]
mod pages;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use cpu_time::ThreadTime;
use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, Standing};
use idea_audit::html::Document;
use idea_audit::rules::{Profile, RuleSet};
use idea_audit::style::{self, Measured, Measurer, Seen, Source, Viewport};
use idea_audit::web::{Capture, Headers, MediaType, Source as From};
use idea_audit::worker::{Pool, Program};
use url::Url;

/// Pages that are looked at where nobody says how many.
const PAGES: usize = 45;
/// Stack of whoever lays out, as in the child.
const STACK: usize = 64 << 20;

/// A page with everything it takes to lay it out.
struct Sample {
    path: String,
    html: String,
    document: Document,
    sources: Vec<Source>,
}

fn main() {
    let deep = std::thread::Builder::new().stack_size(STACK);
    deep.spawn(compared).expect("a thread starts").join().expect("it measures");
}

fn compared() {
    let most = std::env::var("PAGES").ok().and_then(|pages| pages.parse().ok()).unwrap_or(PAGES);
    let samples: Vec<Sample> = browser::real(most).into_iter().map(sample).collect();
    if samples.is_empty() {
        println!("no pages: neither IDEA_AUDIT_SHARED nor ../shared names a folder with a corpus");
        return;
    }
    let of = |figure: fn(&Sample) -> usize| spread(samples.iter().map(|sample| figure(sample) as f64).collect());
    println!("{} pages; elements: {}", samples.len(), of(|sample| sample.document.elements().len()));
    println!("octets of style: {}", of(|sample| sample.sources.iter().map(|one| one.css.len()).sum()));
    in_process(&samples);
    let ours = in_child(&samples);
    in_chromium(&samples, ours);
}

fn sample((path, html, root): (String, String, PathBuf)) -> Sample {
    let document = Document::parse(&html);
    let sources = browser::sheets(&document, &path, &root);
    Sample { path, html, document, sources }
}

/// Median, nine of ten and the most.
fn spread(mut figures: Vec<f64>) -> String {
    figures.sort_by(f64::total_cmp);
    let at = |part: f64| figures[((figures.len() - 1) as f64 * part) as usize];
    format!("median {:.1}, 9 of 10 {:.1}, most {:.1}", at(0.5), at(0.9), at(1.0))
}

fn milliseconds(begun: ThreadTime) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}

/// Processor time of this thread.
fn in_process(samples: &[Sample]) {
    let mut measurer = Measurer::default();
    let mut views = Vec::new();
    for sample in samples {
        // The sheets of a site are parsed once.
        drop(measurer.measure(&sample.document, &sample.sources, &[Viewport::NARROW]));
        for viewport in Viewport::ALL {
            let begun = ThreadTime::now();
            let seen = measurer.measure(&sample.document, &sample.sources, &[viewport]);
            views.push(milliseconds(begun));
            std::hint::black_box(seen).unwrap_or_else(|why| panic!("{}: {why}", sample.path));
        }
    }
    println!("measure, ms for a page on one screen: {}", spread(views));
    let set = RuleSet::bundled().expect("the bundled rules load");
    let day = jiff::civil::date(2026, 11, 22);
    let engine = Engine::of(set.rules.clone(), set.sources.clone(), Days { today: day, policy_as_of: day });
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for sample in samples {
        with.push(audited(&engine, sample, Looks::Three));
        without.push(audited(&engine, sample, Looks::None));
    }
    println!("audit, ms for a page without style: {}", spread(without));
    println!("audit, ms for a page with style on three screens: {}", spread(with));
}

/// On how many screens a page is looked at.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Looks {
    None,
    Three,
}

/// Everything that a page costs after it was fetched, in both processes.
fn audited(engine: &Engine, sample: &Sample, looks: Looks) -> f64 {
    let capture = capture(sample.html.clone().into_bytes());
    let day = jiff::civil::date(2026, 11, 22);
    let begun = ThreadTime::now();
    let page = Page::read(&capture);
    if looks == Looks::Three
        && let Some(document) = &page.document
    {
        let errand = style::errand(document, &sample.sources, &Viewport::ALL);
        let views = style::answered(&style::answer(&errand)).unwrap_or_else(|why| panic!("{}: {why}", sample.path));
        page.see(Seen::Measured(Measured { views, unread: Vec::new(), sheets: sample.sources.clone() }));
    }
    let facts = page.facts(Standing::Inner, day);
    std::hint::black_box(engine.judge_page(&facts, &Profile::default()));
    milliseconds(begun)
}

fn capture(body: Vec<u8>) -> Capture {
    let url = Url::parse("https://www.agency.example/").expect("an address");
    let kind = "text/html; charset=utf-8";
    Capture {
        requested: url.clone(),
        url,
        hops: Vec::new(),
        status: 200,
        media: MediaType::of(kind),
        headers: Some(Headers::of([("content-type".to_string(), kind.to_string())])),
        wire_bytes: body.len() as u64,
        body: body.into(),
        truncated: false,
        peer: None,
        source: From::Network,
    }
}

/// The same through one child: its processor time in ms for a page and screen, and its memory.
fn in_child(samples: &[Sample]) -> Option<f64> {
    let program =
        Program { path: env!("CARGO_BIN_EXE_idea-audit").into(), arguments: vec!["render-worker".to_string()] };
    let pool = Pool::of(program, 1, Duration::from_secs(60));
    let ask = |html: &str, sources: &[Source]| {
        let errand = style::errand(&Document::parse(html), sources, &Viewport::ALL);
        pool.ask(&errand).unwrap_or_else(|lost| panic!("a page was lost: {lost}"))
    };
    ask("<!doctype html><p>x", &[]);
    let mut each = Vec::new();
    for sample in samples {
        let before = descendants().exact;
        std::hint::black_box(ask(&sample.html, &sample.sources));
        each.push((descendants().exact - before) * 1000.0 / Viewport::ALL.len() as f64);
    }
    let after = descendants();
    if after.count == 0 {
        println!("child: this system does not tell what a process costs");
        return None;
    }
    let cost = each.iter().sum::<f64>() / each.len() as f64;
    println!("child, ms for a page on one screen with parsing and pipe: mean {cost:.1}, {}", spread(each));
    println!("child: at most {:.0} MB", after.most_memory);
    Some(cost)
}

/// The same in Chromium.
fn in_chromium(samples: &[Sample], ours: Option<f64>) {
    let (Some(command), Some(ours)) = (machine::chromium(), ours) else { return };
    let marked: Vec<String> = samples.iter().map(|sample| browser::marked(&sample.document, &sample.sources)).collect();
    let (mut tab, _types) = browser::open(command);
    drop(browser::snapshot(&mut tab, "<!doctype html><p>x", Viewport::NARROW));
    let before = descendants();
    for markup in &marked {
        for viewport in Viewport::ALL {
            std::hint::black_box(browser::snapshot(&mut tab, markup, viewport));
        }
    }
    let after = descendants();
    let cost = (after.seconds - before.seconds) * 1000.0 / (samples.len() * Viewport::ALL.len()) as f64;
    println!(
        "Chromium, ms for a page on one screen: mean {cost:.1}, {:.1} times as much; {:.0} MB in {} processes",
        cost / ours,
        after.memory,
        after.count
    );
}

/// What the processes that this one started cost.
#[derive(Default)]
struct Processes {
    count: usize,
    /// Of processor time, with what of theirs has ended.
    seconds: f64,
    /// The same of threads that live, to the nanosecond.
    exact: f64,
    /// MB that are resident in all, and that were at most resident in one.
    memory: f64,
    most_memory: f64,
}

/// Reads `/proc`; nothing where there is none.
fn descendants() -> Processes {
    let mut parents: HashMap<u32, (u32, f64)> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name of the program may hold blanks and brackets; what follows it holds numbers.
        let Some((_, numbers)) = stat.rsplit_once(')') else { continue };
        let fields: Vec<&str> = numbers.split_ascii_whitespace().collect();
        let number = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
        // Times are in hundredths of a second: user, system, and the same of children that ended.
        let seconds = (11..15).map(number).sum::<f64>() / 100.0;
        parents.insert(id, (number(1) as u32, seconds));
    }
    let own = std::process::id();
    let is_ours = |id: u32| {
        std::iter::successors(Some(id), |at| parents.get(at).map(|(parent, _)| *parent))
            .take(64)
            .skip(1)
            .any(|at| at == own)
    };
    let mut all = Processes::default();
    for (id, (_, seconds)) in parents.iter().filter(|(id, _)| is_ours(**id)) {
        let megabytes = |file: &str, key: &str| {
            let text = std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix(key));
            line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<f64>().ok()).unwrap_or_default() / 1024.0
        };
        all.count += 1;
        all.seconds += seconds;
        for thread in std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten() {
            let ran = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
            let ran = ran.split_ascii_whitespace().next().and_then(|number| number.parse::<f64>().ok());
            all.exact += ran.unwrap_or_default() / 1e9;
        }
        // Each page of memory that several share is told to each in part.
        all.memory += megabytes("smaps_rollup", "Pss:");
        all.most_memory = all.most_memory.max(megabytes("status", "VmHWM:"));
    }
    all
}
