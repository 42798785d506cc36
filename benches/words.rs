//! What the words of a page cost: main text, sentences, days, sketch and bones, on real pages or made-up ones; with `-- site` what the
//! facts of a site of 100,000 pages take (`PAGES` changes the number), with `-- documents` what reading a document costs.
//!
//! In: every fifth page of `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`), if it is there, else made-up pages. Out:
//! milliseconds of processor time, of the median page and of the dearest, by part; parsing and what other facts need anyway (links,
//! regions, visibility, folded text) are not counted. `cargo bench --bench words`. Nothing is fetched.

mod corpus;
#[path = "words/documents.rs"]
mod documents;
#[path = "words/site.rs"]
mod site;

use cpu_time::ThreadTime;
use idea_audit::facts::imprint::{Imprint, bones};
use idea_audit::facts::{Page, Region, SiteFacts, Standing, visibility};

/// Every so many pages of the corpus are measured.
const EVERY: usize = 5;
/// A figure is the least of so many.
const TIMES: usize = 5;
const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);

/// What one page cost, in milliseconds of processor time.
struct Cost {
    octets: usize,
    prose: f64,
    bones: f64,
    imprint: f64,
    all: f64,
}

fn main() {
    let asked: Vec<String> = std::env::args().collect();
    let pages = std::env::var("PAGES").ok().and_then(|pages| pages.parse().ok()).unwrap_or(100_000);
    match asked.iter().map(String::as_str).find(|word| matches!(*word, "site" | "survey" | "documents")) {
        Some("site") => site::measure(pages),
        Some("survey") => site::sum_up(pages),
        Some(_) => documents::measure(),
        None => words(),
    }
}

/// The words of real pages, where they are there.
fn words() {
    let bodies: Vec<Vec<u8>> = match corpus::every(EVERY) {
        Some(files) => files.iter().map(|file| std::fs::read(file).expect("a page can be read")).collect(),
        None => (1..200).map(made_up).collect(),
    };
    let mut costs: Vec<Cost> = bodies.into_iter().filter_map(cost).collect();
    costs.sort_by(|a, b| a.all.total_cmp(&b.all));
    println!("{} pages; milliseconds of processor time", costs.len());
    println!("{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}", "", "octets", "prose", "bones", "imprint", "all");
    for (name, part) in [("median", 0.5), ("9 of 10", 0.9), ("dearest", 1.0)] {
        let Cost { octets, prose, bones, imprint, all } = costs[((costs.len() - 1) as f64 * part) as usize];
        println!("{name:>10}{octets:>10}{prose:>10.3}{bones:>10.3}{imprint:>10.3}{all:>10.3}");
    }
}

fn cost(body: Vec<u8>) -> Option<Cost> {
    let capture = corpus::capture("https://www.agency.example/", body);
    let mut least =
        Cost { octets: capture.body.len(), prose: f64::MAX, bones: f64::MAX, imprint: f64::MAX, all: f64::MAX };
    for _ in 0..TIMES {
        let page = Page::read(&capture);
        let facts = page.facts(Standing::Inner, DAY);
        let document = page.document.as_ref()?;
        // Other rules need these of every page, and they are kept.
        std::hint::black_box((facts.links().len(), facts.resources().len(), facts.text().len(), facts.scripts().len()));
        std::hint::black_box((Region::of(&document.root()), visibility::is_rendered(&document.root())));
        let begun = ThreadTime::now();
        std::hint::black_box(facts.prose().blocks.len());
        let prose = begun.elapsed();
        let begun = ThreadTime::now();
        let built = bones(&facts);
        let of_bones = begun.elapsed();
        let begun = ThreadTime::now();
        std::hint::black_box(Imprint::of(&facts, built.number()));
        let imprint = begun.elapsed();
        let mut site = SiteFacts::default();
        site.take_stock(&facts);
        std::hint::black_box(site.imprints.len());
        let ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
        least.prose = least.prose.min(ms(prose));
        least.bones = least.bones.min(ms(of_bones));
        least.imprint = least.imprint.min(ms(imprint));
        least.all = least.all.min(ms(prose + of_bones + imprint));
    }
    Some(least)
}

/// A page of an agency with so many paragraphs.
fn made_up(paragraphs: usize) -> Vec<u8> {
    let text = "<h2>Fees</h2><p>You can ask for a permit at the desk. The fee is paid before noon, and the card is sent to you by mail \
        within ten days.</p><ul><li>Bring your card.<li>Bring the fee.</ul>"
        .repeat(paragraphs);
    format!("<!doctype html><html lang=en><head><title>Fees</title></head><body><main><h1>Fees</h1>{text}</main></body></html>").into_bytes()
}
