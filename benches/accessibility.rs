//! What the accessibility tree and the accessibility rules cost: for each element as pages grow, and on real pages.
//!
//! In: made-up pages of 400 to 16,000 elements, and every tenth page of `corpus` of the folder `IDEA_AUDIT_SHARED` names (default
//! `../shared`), if it is there. Out: microseconds for each element, which stay flat where cost grows with the page only, and the
//! milliseconds of the median page. Parsing is not counted. Nothing is fetched.

mod corpus;

use cpu_time::ThreadTime;
use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, Standing, descriptions, names, roles, visibility};
use idea_audit::html::Document;
use idea_audit::rules::{Profile, Rule, RuleSet};
use std::sync::Arc;

/// Elements of the made-up pages.
const SIZES: [usize; 6] = [400, 1_000, 2_000, 4_000, 8_000, 16_000];
/// Every so many pages of the corpus are measured.
const EVERY: usize = 10;
/// A figure is the least of so many.
const TIMES: usize = 3;
/// Folder and file names begin with the pack's.
const PACK: &str = "accessibility/";

/// What looking at one page cost, in milliseconds of processor time.
struct Cost {
    elements: usize,
    tree: f64,
    pack: f64,
}

fn main() {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let rules: Vec<Arc<Rule>> = set.rules.iter().filter(|rule| rule.id.as_str().starts_with(PACK)).cloned().collect();
    let day = jiff::civil::date(2026, 11, 22);
    let count = rules.len();
    let engine = Engine::of(rules, set.sources.clone(), Days { today: day, policy_as_of: day });
    println!("the pack has {count} rules; the tree is role, name, description and visibility of all elements");
    println!("{:>10}{:>20}{:>20}{:>14}", "elements", "tree µs/element", "pack µs/element", "pack ms");
    for size in SIZES {
        let Cost { elements, tree, pack } = cost(&engine, made_up(size).into_bytes());
        let each = |ms: f64| ms * 1000.0 / elements as f64;
        println!("{elements:>10}{:>20.2}{:>20.2}{pack:>14.2}", each(tree), each(pack));
    }
    real(&engine);
}

/// The spread over real pages.
fn real(engine: &Engine) {
    let Some(files) = corpus::every(EVERY) else { return };
    let mut costs: Vec<Cost> =
        files.iter().map(|file| cost(engine, std::fs::read(file).expect("a page can be read"))).collect();
    costs.sort_by(|a, b| a.pack.total_cmp(&b.pack));
    println!("{} real pages, by what the pack costs:", costs.len());
    for (name, part) in [("median", 0.5), ("9 of 10", 0.9), ("dearest", 1.0)] {
        let at = ((costs.len() - 1) as f64 * part) as usize;
        let Cost { elements, tree, pack } = &costs[at];
        println!("{name:>10}: {pack:.2} ms for {elements} elements; the tree alone {tree:.2} ms");
    }
}

fn cost(engine: &Engine, body: Vec<u8>) -> Cost {
    let capture = corpus::capture("https://www.agency.example/", body);
    let mut cost = Cost { elements: 0, tree: f64::MAX, pack: f64::MAX };
    for _ in 0..TIMES {
        let page = Page::read(&capture);
        let document = page.document.as_ref().expect("a page of HTML");
        cost.elements = document.elements().count();
        let begun = ThreadTime::now();
        std::hint::black_box(tree(document));
        cost.tree = cost.tree.min(begun.elapsed().as_secs_f64() * 1000.0);
        // Facts that are kept are computed anew for each page.
        let page = Page::read(&capture);
        let facts = page.facts(Standing::Inner, jiff::civil::date(2026, 11, 22));
        let begun = ThreadTime::now();
        std::hint::black_box(engine.judge_page(&facts, &Profile::default()));
        cost.pack = cost.pack.min(begun.elapsed().as_secs_f64() * 1000.0);
    }
    cost
}

fn tree(document: &Document) -> usize {
    let words = document.elements().filter(visibility::is_exposed).map(|element| {
        roles::role(&element).as_str().len() + names::name(&element).len() + descriptions::description(&element).len()
    });
    words.sum()
}

/// A page like those of agencies: navigation, text with headings, a table, a form; about so many elements.
fn made_up(elements: usize) -> String {
    const PART: &str = "<section aria-labelledby=h><h2 id=h>Fees</h2><p>What it <b>costs</b>, and <a href=/pay>how to pay</a>.</p>\
        <ul><li><a href=/a>One</a><li><a href=/b><img src=b.png alt=Two></a><li><a href=/c title=Three><i class=icon></i></a></ul>\
        <table><caption>Rates</caption><tr><th scope=col>Boat<th scope=col>Fee<tr><th>Canoe<td>$5<tr><th>Ferry<td>$9</table>\
        <form><label>Name <input name=n autocomplete=name></label><label>Kind <select name=k><option>A<option>B</select></label>\
        <button>Send</button></form></section>";
    const OF_PART: usize = 34;
    let body: String = (0..elements / OF_PART).map(|at| PART.replace("=h", &format!("=h{at}"))).collect();
    format!(
        "<!doctype html><html lang=en><head><title>Fees</title></head><body><main><h1>Fees</h1>{body}</main></body></html>"
    )
}
