//! Our roles and names against the accessibility tree of Chromium, element by element.
//!
//! In: a page of hard cases that ships with this test, and 40 pages of `corpus` of the folder `IDEA_AUDIT_SHARED` names (default
//! `../shared`). Out: the share that agrees, and how often each known difference occurs. Chromium is found by its command; without
//! one the test says so and passes, unless `IDEA_AUDIT_REQUIRE_ALL=1`. Invariant: at least 98 of 100 elements agree, and what
//! differs is in [`differences::DIFFERENCES`] with its reason.

mod browser;
mod differences;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use browser::{Browser, Seen};
use differences::{DIFFERENCES, Pair};
use idea_audit::facts::{descriptions, names, roles, visibility};
use idea_audit::html::{Document, Element};
use idea_audit::web::charset;
use serde_json::Value;

use super::machine::chromium;
use super::pages;

const HARD: &str = include_str!("chromium/hard_names.html");

/// Least share of elements whose role and name agree.
const AGREED: f64 = 0.98;
/// Largest share of elements that differ without a known reason; another version of Chromium may change its mind.
const UNEXPLAINED: f64 = 0.002;

/// Pages read of each site of the corpus, spread over its files; with `IDEA_AUDIT_WHOLE_CORPUS=1` [`MANY`] times as many.
const SITES: [(&str, usize); 9] = [
    ("alphagov-audit", 6),
    ("clerk.house.gov-2017", 5),
    ("ferret.pmel.noaa.gov", 5),
    ("healthcare.gov-marketplace-2013", 2),
    ("nces.ed.gov-collegenavigator", 5),
    ("standards.digital.gov-2025", 5),
    ("state.gov-socialmedia-2016", 1),
    ("vote.gov-2024", 7),
    ("w3c-bad", 5),
];

/// How many times as many pages of each site are read where all that is there is asked for.
const MANY: usize = 16;

/// What was compared.
#[derive(Default)]
struct Tally {
    same: usize,
    all: usize,
    explained: BTreeMap<&'static str, usize>,
    unexplained: Vec<String>,
    /// Elements that one of both describes, and those of them that both describe alike.
    described: usize,
    alike: usize,
}

#[test]
fn roles_names_and_descriptions_of_hard_cases_are_what_the_specifications_say() {
    let document = Document::parse(HARD);
    let mut wrong = Vec::new();
    let mut asked = 0;
    for element in document.elements() {
        let told = [
            ("data-role", roles::role(&element).as_str().to_string()),
            ("data-name", names::name(&element).to_string()),
            ("data-told", descriptions::description(&element)),
        ];
        for (attribute, ours) in told {
            let Some(wanted) = element.attr(attribute) else { continue };
            asked += 1;
            if ours != wanted {
                wrong.push(format!("{} {attribute}: want {wanted:?}, got {ours:?}", element.start_tag()));
            }
        }
    }
    assert!(asked > 150, "only {asked} facts are asked for");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn chromium_sees_the_hard_cases_as_the_page_says() {
    let Some(mut browser) = started() else { return };
    let document = Document::parse(HARD);
    let seen = browser.show(HARD);
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (element, node) in paired(&document, &seen).expect("the fixture is parsed alike") {
        let role = word(node, "role");
        for (attribute, theirs) in
            [("data-role", role), ("data-name", word(node, "name")), ("data-told", word(node, "description"))]
        {
            let Some(wanted) = element.attr(attribute).filter(|_| !element.has_attr("data-differs")) else { continue };
            asked += 1;
            let is_same = theirs == wanted || attribute == "data-role" && vocabulary::is_same(&theirs, wanted);
            if !is_same {
                wrong.push(format!("{} {attribute}: page {wanted:?}, Chromium {theirs:?}", element.start_tag()));
            }
        }
    }
    println!("Chromium agrees in {} of {asked} facts", asked - wrong.len());
    println!("{}", wrong.join("\n"));
    assert!(asked > 150, "only {asked} facts are asked for");
    assert!(wrong.len() as f64 <= asked as f64 * (1.0 - AGREED), "{}", wrong.join("\n"));
}

#[test]
fn chromium_sees_real_pages_as_we_do() {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let corpus = shared.join("corpus");
    if !corpus.is_dir() {
        println!("skipped: no pages at {}", corpus.display());
        return;
    }
    let Some(mut browser) = started() else { return };
    let mut tally = Tally::default();
    let chosen = pages(&corpus);
    for page in &chosen {
        let bytes = std::fs::read(page).expect("a listed page is there");
        let text = shown(&charset::decode(&bytes, None).text);
        let document = Document::parse(&text);
        let seen = browser.show(&text);
        let pairs = paired(&document, &seen).unwrap_or_else(|| panic!("another tree: {}", page.display()));
        for (element, node) in pairs {
            tally.add(&Pair::of(element, node), page);
            tally.add_description(&descriptions::description(&element), &word(node, "description"));
        }
        tally.add_unseen(&document, &seen, page);
    }
    let share = tally.same as f64 / tally.all as f64;
    println!("{} pages, {} of {} elements agree: {:.2} %", chosen.len(), tally.same, tally.all, share * 100.0);
    for (what, _, why) in DIFFERENCES {
        println!("{:>6} {what}: {why}", tally.explained.get(what).unwrap_or(&0));
    }
    println!("{} of {} descriptions agree", tally.alike, tally.described);
    println!("{:>6} without a known reason\n{}", tally.unexplained.len(), tally.unexplained.join("\n"));
    assert!(chosen.len() >= 38 && share >= AGREED, "{:.2} % of {} pages agree", share * 100.0, chosen.len());
    assert!(tally.unexplained.len() as f64 <= tally.all as f64 * UNEXPLAINED, "differences without a reason");
}

impl Tally {
    fn add(&mut self, pair: &Pair<'_>, page: &Path) {
        if pair.their_role == "LineBreak" {
            // A line break is text to us.
            return;
        }
        self.all += 1;
        if pair.is_same() {
            self.same += 1;
            return;
        }
        match DIFFERENCES.iter().find(|(_, is_it, _)| is_it(pair)) {
            Some((what, _, _)) => *self.explained.entry(what).or_default() += 1,
            None => self.unexplained.push(format!("{}:{pair}", page.display())),
        }
    }

    fn add_description(&mut self, ours: &str, theirs: &str) {
        if !ours.is_empty() || !theirs.is_empty() {
            self.described += 1;
            self.alike += usize::from(ours == theirs);
        }
    }

    /// What we take for more than a part of the text and Chromium leaves out of its tree.
    fn add_unseen(&mut self, document: &Document, seen: &Seen, page: &Path) {
        let pairs = paired(document, seen).unwrap_or_default();
        let shown: BTreeSet<u32> = pairs.iter().map(|(element, _)| element.order()).collect();
        for element in document.elements() {
            let role = roles::role(&element);
            let is_plain =
                matches!(role.as_str(), "generic" | "none" | "rowgroup" | "document") || is_text(role.as_str());
            if !is_plain && !shown.contains(&element.order()) && visibility::is_exposed(&element) {
                self.unexplained.push(format!(
                    "{}:{} not in the tree: {} {}",
                    page.display(),
                    element.position().line,
                    role.as_str(),
                    element.start_tag()
                ));
            }
        }
    }
}

/// Roles without which the text is the same: Chromium leaves such elements out where they are empty or change nothing.
fn is_text(role: &str) -> bool {
    matches!(role, "code" | "document" | "emphasis" | "generic" | "none" | "paragraph" | "rowgroup" | "strong")
}

fn started() -> Option<Browser> {
    chromium().map(Browser::start)
}

/// A page whose body waits for a script that guards against framing: the script is refused here, so the body is shown at once.
fn shown(text: &str) -> String {
    let document = Document::parse(text);
    let tag = document.body().map(|body| body.start_tag()).unwrap_or_default();
    let open = tag.replace("display:none", "").replace("display: none", "");
    if tag.is_empty() { text.to_string() } else { text.replacen(tag, &open, 1) }
}

fn word(node: &Value, key: &str) -> String {
    vocabulary::collapsed(node[key]["value"].as_str().unwrap_or_default())
}

/// Pages spread over each site; one that leads elsewhere at once shows another page.
fn pages(corpus: &Path) -> Vec<PathBuf> {
    let mut chosen = Vec::new();
    let times = if std::env::var_os("IDEA_AUDIT_WHOLE_CORPUS").is_some() { MANY } else { 1 };
    for (site, wanted) in SITES {
        let found = pages::below(&corpus.join(site));
        let wanted = (wanted * times).min(found.len());
        let leads_on = |path: &PathBuf| {
            let bytes = std::fs::read(path).expect("a listed page is there");
            String::from_utf8_lossy(&bytes).to_ascii_lowercase().contains("http-equiv=\"refresh\"")
        };
        let spread = (0..wanted).map(|at| found[at * found.len() / wanted].clone());
        chosen.extend(spread.filter(|path| !leads_on(path)));
    }
    chosen
}

/// Our elements with the nodes of the tree that Chromium shows for them; `None` where both parsed another tree.
fn paired<'d>(document: &'d Document, seen: &'d Seen) -> Option<Vec<(Element<'d>, &'d Value)>> {
    let in_noscript = |element: &Element<'_>| element.ancestors().any(|around| around.name() == "noscript");
    let ours: Vec<Element<'_>> = document.elements().filter(|element| !in_noscript(element)).collect();
    let is_alike = |(ours, (theirs, _)): (&Element<'_>, &(String, i64))| ours.name().eq_ignore_ascii_case(theirs);
    if ours.len() != seen.elements.len() || !ours.iter().zip(&seen.elements).all(is_alike) {
        return None;
    }
    let by_number: BTreeMap<i64, Element<'_>> =
        ours.iter().zip(&seen.elements).map(|(element, (_, number))| (*number, *element)).collect();
    let shown = seen.nodes.iter().filter(|node| node["ignored"] == false);
    Some(shown.filter_map(|node| Some((*by_number.get(&node["backendDOMNodeId"].as_i64()?)?, node))).collect())
}
