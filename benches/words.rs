//! What the words of a page cost: main text, sentences, days, sketch and bones, on real pages or made-up ones.
//!
//! In: every fifth page of `corpus` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`), if it is there, else made-up pages. Out:
//! milliseconds of processor time, of the median page and of the dearest, by part; parsing and what other facts need anyway (links,
//! regions, visibility, folded text) are not counted. `cargo bench --bench words`. Nothing is fetched.

use cpu_time::ThreadTime;
use idea_audit::facts::imprint::{Imprint, bones};
use idea_audit::facts::{Page, Region, SiteFacts, Standing, visibility};
use idea_audit::web::Capture;
use std::path::{Path, PathBuf};
use url::Url;

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
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let corpus = shared.join("corpus");
    let bodies: Vec<Vec<u8>> = if corpus.is_dir() {
        let files = pages(&corpus);
        files.iter().step_by(EVERY).map(|file| std::fs::read(file).expect("a page can be read")).collect()
    } else {
        (1..200).map(made_up).collect()
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
    let url = Url::parse("https://www.agency.example/").expect("an address");
    let capture = Capture::page(url, "text/html; charset=utf-8", body);
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

fn pages(corpus: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![corpus.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("a folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html" || extension == "htm") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A page of an agency with so many paragraphs.
fn made_up(paragraphs: usize) -> Vec<u8> {
    let text = "<h2>Fees</h2><p>You can ask for a permit at the desk. The fee is paid before noon, and the card is sent to you by mail \
        within ten days.</p><ul><li>Bring your card.<li>Bring the fee.</ul>"
        .repeat(paragraphs);
    format!("<!doctype html><html lang=en><head><title>Fees</title></head><body><main><h1>Fees</h1>{text}</main></body></html>").into_bytes()
}
