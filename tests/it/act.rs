//! Our accessibility rules against the W3C's ACT test cases.
//!
//! In: `conformance/act` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`); absent, the test says so and passes.
//! Out: for each ACT rule how we stand as the W3C counts it (complete, partial, inconsistent, untested), and what was missed.
//! Invariants: no case that passes or is inapplicable is reported failed; a rule names no success criterion that the ACT rule it
//! claims does not, and every one that it fails; a rule that only ever doubts claims nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Page, Standing};
use idea_audit::finding::Outcomes;
use idea_audit::rules::{Profile, Rule, RuleSet};
use idea_audit::style::{Gathered, Measured, Measurer, Seen, Shelved, Viewport, gather};
use idea_audit::verdict::Outcome;
use idea_audit::web::Capture;
use jiff::civil::date;
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Suite {
    rules: Vec<ActRule>,
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActRule {
    rule_id: String,
    approved: bool,
    class: String,
    name: String,
    requirements: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    rule_id: String,
    title: String,
    expected: String,
    path: String,
    url: Url,
}

/// What we said of the cases of one ACT rule.
#[derive(Default)]
struct Count {
    cases: usize,
    failing: usize,
    found: usize,
    doubted: usize,
    decided: bool,
    accused: Vec<String>,
    missed: Vec<String>,
    doubts: Vec<String>,
}

impl Count {
    fn take(&mut self, case: &Case, got: Outcome) {
        let name = format!("{} {} ({}): got {}", case.title, case.path, case.expected, got.as_str());
        self.cases += 1;
        self.decided |= matches!(got, Outcome::Passed | Outcome::Failed);
        match (case.expected.as_str(), got) {
            ("failed", Outcome::Failed) => self.found += 1,
            ("failed", Outcome::CantTell) => {
                self.doubted += 1;
                self.doubts.push(name);
            }
            ("failed", Outcome::Passed | Outcome::Inapplicable | Outcome::Untested) => self.missed.push(name),
            (_, Outcome::Failed) => self.accused.push(name),
            (_, Outcome::CantTell | Outcome::Passed | Outcome::Inapplicable | Outcome::Untested) => {}
        }
        self.failing += usize::from(case.expected == "failed");
    }

    /// How the W3C calls it (ACT implementations, "consistency").
    fn standing(&self) -> &'static str {
        match () {
            () if !self.accused.is_empty() => "inconsistent",
            () if self.found == 0 && self.failing > 0 => "untested",
            () if self.missed.is_empty() => "complete",
            () => "partial",
        }
    }

    /// Cases that count as right: nothing accused, and every failure found, for a rule that decides at all.
    fn right(&self) -> usize {
        if self.decided { self.cases - self.failing + self.found - self.accused.len() } else { 0 }
    }
}

fn shared() -> PathBuf {
    std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from)
}

fn bundled() -> RuleSet {
    RuleSet::bundled().unwrap_or_else(|diagnostics| panic!("the bundled rules do not load:\n{diagnostics}"))
}

fn suite(folder: &Path) -> Option<Suite> {
    let Ok(list) = std::fs::read(folder.join("testcases.json")) else {
        println!(
            "skipped: no ACT cases at {}; IDEA_AUDIT_SHARED names the folder that holds conformance/act",
            folder.display()
        );
        return None;
    };
    Some(serde_json::from_slice(&list).expect("the list of cases is JSON of the known shape"))
}

#[test]
fn no_act_case_that_passes_or_is_inapplicable_is_reported_failed() {
    let folder = shared().join("conformance/act");
    let Some(suite) = suite(&folder) else { return };
    let set = bundled();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for act in &suite.rules {
        let claims = |rule: &&Arc<Rule>| rule.standards.act.contains(&act.rule_id);
        let rules: Vec<Arc<Rule>> = set.rules.iter().filter(claims).cloned().collect();
        if rules.is_empty() {
            continue;
        }
        let engine = Engine::of(
            rules,
            set.sources.clone(),
            Days { today: date(2026, 11, 22), policy_as_of: date(2026, 11, 22) },
        );
        let count = counts.entry(&act.rule_id).or_default();
        for case in suite.testcases.iter().filter(|case| case.rule_id == act.rule_id) {
            count.take(case, judged(&engine, &folder, case, Sight::of(&act.class)));
        }
    }
    let accused = told(&suite, &counts);
    assert!(accused.is_empty(), "{}", accused.join("\n"));
    let silent: Vec<&&str> = counts.iter().filter(|(_, count)| !count.decided).map(|(rule, _)| rule).collect();
    assert!(silent.is_empty(), "claimed, but never passed or failed: {silent:?}");
}

/// Prints how we stand, and hands back what was accused wrongly.
fn told(suite: &Suite, counts: &BTreeMap<&str, Count>) -> Vec<String> {
    let mut accused = Vec::new();
    let mut standings: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for act in &suite.rules {
        let kind = if act.approved { "approved" } else { "proposed" };
        let Some(count) = counts.get(act.rule_id.as_str()) else {
            println!("{} untested, {kind}, class {}: {}", act.rule_id, act.class, act.name);
            *standings.entry((act.approved, "untested")).or_default() += 1;
            continue;
        };
        *standings.entry((act.approved, count.standing())).or_default() += 1;
        println!(
            "{} {}, {kind}, class {}: {} of {} right, {} of {} failures found, {} doubted: {}",
            act.rule_id,
            count.standing(),
            act.class,
            count.right(),
            count.cases,
            count.found,
            count.failing,
            count.doubted,
            act.name
        );
        count.missed.iter().for_each(|name| println!("  missed: {name}"));
        count.doubts.iter().for_each(|name| println!("  doubted: {name}"));
        accused.extend(count.accused.iter().map(|name| format!("{} {name}", act.rule_id)));
    }
    let sum = |part: fn(&Count) -> usize| counts.values().map(part).sum::<usize>();
    println!("{} ACT rules claimed: {standings:?}", counts.len());
    println!(
        "{} of {} open cases right ({} in claimed rules), {} of {} failures found",
        sum(Count::right),
        suite.testcases.len(),
        sum(|count| count.cases),
        sum(|count| count.found),
        suite.testcases.iter().filter(|case| case.expected == "failed").count()
    );
    accused
}

#[test]
fn rules_name_the_success_criteria_of_the_act_rules_they_claim() {
    let folder = shared().join("conformance/act");
    let Some(suite) = suite(&folder) else { return };
    let mut wrong = Vec::new();
    for rule in &bundled().rules {
        let claimed = suite.rules.iter().filter(|act| rule.standards.act.contains(&act.rule_id));
        let (mut needed, mut known) = (BTreeSet::new(), BTreeSet::new());
        for act in claimed {
            for (key, requirement) in &act.requirements {
                let Some(criterion) = key.strip_prefix("wcag2").and_then(|rest| rest.split_once(':')) else { continue };
                let fails = requirement.get("failed").and_then(|failed| failed.as_str()) == Some("not satisfied");
                let is_main = fails && requirement.get("secondary").is_none();
                known.insert(criterion.1.to_string());
                needed.extend(is_main.then(|| criterion.1.to_string()));
            }
        }
        let named: BTreeSet<String> = rule.standards.wcag.iter().cloned().collect();
        if rule.standards.act.is_empty() {
            continue;
        }
        let lacking: Vec<&String> = needed.difference(&named).collect();
        let foreign: Vec<&String> = named.difference(&known).collect();
        if !lacking.is_empty() || !foreign.is_empty() {
            wrong.push(format!("{} {:?}: lacks {lacking:?}, has beside {foreign:?}", rule.id, rule.standards.act));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How a case is looked at: measuring takes time, and only the classes C (cascade), L (layout) and J (focus, media) ask for it.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Sight {
    OwnStyle,
    Measured,
}

impl Sight {
    fn of(class: &str) -> Self {
        if matches!(class, "C" | "L" | "J") { Self::Measured } else { Self::OwnStyle }
    }
}

fn judged(engine: &Engine, folder: &Path, case: &Case, sight: Sight) -> Outcome {
    let body = std::fs::read(folder.join(&case.path)).expect("a listed case is there");
    let kind = match case.path.rsplit('.').next() {
        Some("svg") => "image/svg+xml",
        Some("xhtml") => "application/xhtml+xml",
        Some("xml") => "application/xml",
        Some("html" | "htm") | Some(_) | None => "text/html; charset=utf-8",
    };
    let sheets =
        |url: &Url| url.path().split_once("/test-assets/").map(|(_, asset)| folder.join("test-assets").join(asset));
    let measured = |page: &Page<'_>| measured(page, &sheets);
    let see: See<'_> = if sight == Sight::Measured { Some(&measured) } else { None };
    Outcome::fold(outcomes(engine, &case.url, kind, body, see).values())
}

/// What looks at a page before it is judged.
pub type See<'s> = Option<&'s dyn Fn(&Page<'_>) -> Seen>;

/// Measures a page with the sheets that are there as files.
pub fn measured(page: &Page<'_>, file: &dyn Fn(&Url) -> Option<PathBuf>) -> Seen {
    let Some(document) = &page.document else { return Seen::Not("it is no document".to_string()) };
    let shelf = |url: &Url| match file(url).and_then(|path| std::fs::read_to_string(path).ok()) {
        Some(text) => Shelved::Text(text.into(), url.clone()),
        None => Shelved::Failed("it is not among the files".to_string()),
    };
    let Gathered::Whole(sources, unread) = gather(document, &page.capture.url, &shelf) else {
        return Seen::Not("its sheets are not known".to_string());
    };
    match Measurer::default().measure(document, &sources, &Viewport::ALL) {
        Ok(views) => Seen::Measured(Measured { views, unread, sheets: sources }),
        Err(why) => Seen::Not(why.to_string()),
    }
}

/// How the rules judge a page that a server sends.
pub fn outcomes(engine: &Engine, url: &Url, kind: &str, body: Vec<u8>, see: See<'_>) -> Outcomes {
    let capture = Capture::page(url.clone(), kind, body);
    let page = Page::read(&capture);
    if let Some(see) = see {
        page.see(see(&page));
    }
    let facts = page.facts(Standing::Inner, date(2026, 11, 22));
    let judgement = engine.judge_page(&facts, &Profile::default());
    judgement.outcomes
}
