//! The rules as a whole: ids are permanent, what they cite and serve exists, every row of the scorecard has its rules, every id
//! of the requirement catalogue has an answer, and the tables people read show what the code reads.
//!
//! In: the bundled rules; `policy/requirements.md` of the folder `IDEA_AUDIT_SHARED` names (default `../shared`); absent, that
//! test says so and passes.
//! Golden files: `tests/it/catalog_ids.txt`, and `rules/README.md` below its marker; `UPDATE_EXPECT=1` rewrites both.
//! Invariant: nothing here names a rule, so that a new rule needs no change here.

use idea_audit::checks::{self, Check, Parameters, Scope};
use idea_audit::facts::Need;
use idea_audit::rehearse::rehearse;
use idea_audit::rules::{OnFail, Rule, RuleSet};
use idea_audit::verdict::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use toml::de::DeTable;
use url::Url;

/// The guide to rules: by hand above the marker, generated below.
const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md");
/// Where the generated part of the guide begins.
const MARKER: &str = "<!-- generated: rules -->";
/// What marks a removed id in the list of ids.
const REMOVED: &str = " (removed)";
/// Rows, or rows whose keys begin alike, that rules have to serve.
const SERVED: [&str; 15] = [
    "idea-3a1",
    "idea-3a2",
    "idea-3a3",
    "idea-3a4",
    "idea-3a5",
    "idea-3a6",
    "idea-3a7",
    "idea-3a8",
    "idea-3e",
    "idea-4*",
    "idea-5",
    "eo-12862-*",
    "eo-13571-*",
    "a-11-280-*",
    "m-15-13",
];

fn bundled() -> RuleSet {
    RuleSet::bundled_whole().unwrap_or_else(|diagnostics| panic!("the bundled rules do not load:\n{diagnostics}"))
}

fn guide() -> String {
    std::fs::read_to_string(GUIDE).expect("there is a guide to rules")
}

#[test]
fn checks_are_sorted_by_name_and_named_once() {
    let names: Vec<&str> = checks::ALL.iter().map(|entry| entry.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
}

#[test]
fn the_parameters_shown_are_those_a_check_reads() {
    for entry in checks::ALL {
        let bogus = DeTable::parse("zz-bogus = 1").expect("a constant table");
        let message = match (entry.build)(Parameters::of(bogus)) {
            Ok(_) => panic!("{} takes a parameter that nobody knows", entry.name),
            Err(error) => error.message().to_string(),
        };
        let shown: BTreeSet<String> = entry.parameters.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(expected(&message), shown, "{}: {message}", entry.name);
    }
}

/// The names serde would have liked better.
fn expected(message: &str) -> BTreeSet<String> {
    let (_, list) = message.split_once("expected").unwrap_or_default();
    list.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

/// The program reads the examples of its own rules only when somebody asks, so what follows the first one may be nothing else.
#[test]
fn examples_stand_last_and_are_the_same_read_late() {
    let late = RuleSet::bundled().unwrap_or_else(|diagnostics| panic!("the bundled rules do not load:\n{diagnostics}"));
    for (one, other) in bundled().rules.iter().zip(&late.rules) {
        let alone = RuleSet::bundled_one(one.id.as_str()).expect("a rule of the set loads alone");
        assert_eq!(alone.rules.len(), 1, "{}", one.id);
        let written = |rule: &Rule| serde_json::to_string(rule.examples()).expect("examples are data");
        assert_eq!((&one.id, written(one)), (&other.id, written(other)));
    }
}

#[test]
fn ids_come_and_go_only_on_purpose() {
    let set = bundled();
    let ids = set.rules.iter().map(|rule| rule.id.to_string());
    let mut lines: Vec<String> = ids.chain(set.removed.iter().map(|id| format!("{id}{REMOVED}"))).collect();
    lines.sort();
    expect_test::expect_file!["catalog_ids.txt"].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn an_id_once_given_is_a_rule_or_declared_removed_and_never_both() {
    let set = bundled();
    let given = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/catalog_ids.txt");
    let given = std::fs::read_to_string(given).expect("the list of ids is kept; UPDATE_EXPECT=1 writes it");
    for line in given.lines().filter(|line| !line.is_empty()) {
        let id = line.trim_end_matches(REMOVED);
        let removed = set.removed.iter().any(|gone| gone == id);
        assert!(removed || set.find(id).is_some(), "{id} has gone: keep its file with status = {{ removed = \"…\" }}");
        assert!(!(line.ends_with(REMOVED) && set.find(id).is_some()), "{id} was removed and stays so: take a new id");
        assert!(!(removed && set.find(id).is_some()), "{id} is both there and removed");
    }
}

#[test]
fn every_source_can_be_opened_and_every_row_names_one() {
    let set = bundled();
    for (key, source) in set.sources.iter() {
        assert!(Url::parse(&source.url).is_ok(), "{key}: {} is no address", source.url);
    }
    for row in set.requirements.iter() {
        assert!(set.sources.find(&row.source).is_some(), "{}: sources.toml has no {}", row.key, row.source);
    }
    for rule in &set.rules {
        assert!(
            rule.cites.iter().all(|cite| set.sources.find(&cite.source).is_some()),
            "{} cites what is not there",
            rule.id
        );
    }
}

#[test]
fn rows_and_packs_are_named_once() {
    let set = bundled();
    let keys: Vec<&str> = set.requirements.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "a row is named twice");
    let titles: BTreeSet<&str> = set.rules.iter().map(|rule| rule.title.as_str()).collect();
    assert_eq!(titles.len(), set.rules.len(), "two rules have one title");
}

#[test]
fn every_row_that_asks_something_of_pages_is_served_by_two_rules() {
    let set = bundled();
    let mut short = Vec::new();
    for row in SERVED {
        let serves = |key: &String| row.strip_suffix('*').map_or(key == row, |beginning| key.starts_with(beginning));
        let rules = set.rules.iter().filter(|rule| rule.serves.iter().any(serves)).count();
        if rules < 2 {
            short.push(format!("{row}: {rules}"));
        }
    }
    assert!(short.is_empty(), "rows with fewer than two rules: {}", short.join(", "));
}

#[test]
fn every_catalogue_id_is_a_rule_or_a_reasoned_not_by_machine() {
    let Some(catalogue) = catalogue() else {
        println!(
            "skipped: no requirement catalogue; IDEA_AUDIT_SHARED names the folder that holds policy/requirements.md"
        );
        return;
    };
    let set = bundled();
    let answered: BTreeSet<&str> =
        set.rules.iter().flat_map(|rule| &rule.standards.catalogue).map(String::as_str).collect();
    let reasoned: BTreeSet<&str> = set.not_by_machine.iter().map(|entry| entry.id.as_str()).collect();
    let both: Vec<&&str> = answered.intersection(&reasoned).collect();
    assert!(both.is_empty(), "a rule answers these, and still they are said to be not by machine: {both:?}");
    let known: BTreeSet<&str> = catalogue.iter().map(String::as_str).collect();
    let unknown: Vec<&&str> = answered.union(&reasoned).filter(|id| !known.contains(**id)).collect();
    assert!(unknown.is_empty(), "the catalogue has no such ids: {unknown:?}");
    let missing: Vec<&&str> = known.iter().filter(|id| !answered.contains(**id) && !reasoned.contains(**id)).collect();
    println!("{} ids: {} with rules, {} not by machine", known.len(), answered.len(), reasoned.len());
    assert!(missing.is_empty(), "{} ids stand nowhere: {missing:?}", missing.len());
    if !missing.is_empty() {
        println!("{} ids stand nowhere yet: {missing:?}", missing.len());
    }
}

#[test]
fn what_is_not_by_machine_says_why_and_what_is_shown_instead() {
    let entries = bundled().not_by_machine;
    let written = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/not-by-machine.toml");
    let written = std::fs::read_to_string(written).expect("there is such a list");
    let tables = written.lines().filter(|line| line.trim() == "[[id]]").count();
    assert_eq!(tables, entries.len(), "an id stands there twice");
    for entry in &entries {
        let words = entry.reason.split_whitespace().count();
        assert!(words >= 5 && entry.reason.ends_with('.'), "{}: a sentence says why: {}", entry.id, entry.reason);
        assert!(!entry.shown_as.trim().is_empty(), "{}: say \"nothing\" where nothing is shown", entry.id);
    }
}

/// The ids in the tables of the catalogue's first part; `None` where the shared folder is absent.
fn catalogue() -> Option<BTreeSet<String>> {
    let shared = std::env::var_os("IDEA_AUDIT_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let text = std::fs::read_to_string(shared.join("policy/requirements.md")).ok()?;
    let (_, after) = text.split_once("\n# Part 1").expect("the catalogue has a first part");
    let part = after.split("\n# Part 2").next().unwrap_or_default();
    let rows = part.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_string));
    Some(rows.collect())
}

#[test]
fn every_rule_stands_in_a_pack_and_every_pack_has_rules() {
    let set = bundled();
    let of_rules: BTreeSet<&str> = set.rules.iter().map(|rule| rule.pack()).collect();
    assert_eq!(of_rules, set.packs.keys().map(String::as_str).collect());
}

#[test]
fn a_rule_that_only_asks_for_review_has_no_example_that_fails() {
    // That examples come out as they say is kept by `rules.rs`; together they show that such a rule never accuses.
    let set = bundled();
    let doubts = set.rules.iter().filter(|rule| rule.on_fail == OnFail::CantTell);
    let accusing = doubts.filter(|rule| rule.examples().iter().any(|example| example.expect == Outcome::Failed));
    assert_eq!(accusing.map(|rule| rule.id.as_str()).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn rules_of_every_scope_and_of_every_need_exist() {
    let set = bundled();
    let of = |scope: Scope| set.rules.iter().filter(|rule| rule.check.scope() == scope).count();
    for scope in [Scope::Page, Scope::Host, Scope::Site] {
        assert!(of(scope) > 0, "no rule looks at a {}", scope.as_str());
    }
    let needs: Vec<Need> = set.rules.iter().flat_map(needs).collect();
    assert!(needs.iter().any(|need| matches!(need, Need::Path(_))), "no rule needs a fixed path");
    assert!(needs.iter().any(|need| matches!(need, Need::Control)), "no rule needs the control");
    assert!(needs.iter().any(|need| matches!(need, Need::Linked(_))), "no rule needs a linked page");
}

fn needs(rule: impl AsRef<Rule>) -> Vec<Need> {
    match &rule.as_ref().check {
        Check::Site(check) => check.needs(),
        Check::Page(_) | Check::Host(_) => Vec::new(),
    }
}

#[test]
fn the_guide_names_every_key_and_word_the_loader_reads() {
    let by_hand = guide().split(MARKER).next().unwrap_or_default().to_string();
    let places = [
        "zz-bogus = 1",
        "impact = 'zz'",
        "on-fail = 'zz'",
        "status = { zz = '1' }",
        "cites = [{ zz-bogus = 1 }]",
        "cites = [{ part = '', says = 'zz' }]",
        "standards = { zz-bogus = 1 }",
        "applies-to = { zz-bogus = 1 }",
        "applies-to = { branch = ['zz'] }",
        "applies-to = { role = ['zz'] }",
        "applies-to = { pages = 'zz' }",
        "text = { zz-bogus = 1 }",
        "example = [{ zz-bogus = 1 }]",
        "example = [{ expect = 'zz' }]",
        "example = [{ serve = [{ zz-bogus = 1 }] }]",
    ];
    let mut missing = BTreeMap::new();
    for place in places {
        let words = expected(&complaint(place));
        assert!(!words.is_empty(), "{place}: the loader names what it knows: {}", complaint(place));
        let unsaid: Vec<String> = words.into_iter().filter(|word| !says(&by_hand, word)).collect();
        if !unsaid.is_empty() {
            missing.insert(place, unsaid);
        }
    }
    assert!(missing.is_empty(), "rules/README.md does not explain: {missing:?}");
}

#[test]
fn the_rule_shown_whole_in_the_guide_loads_and_does_what_it_says() {
    let guide = guide();
    let shown = guide.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::create_dir(folder.path().join("security")).expect("and folders in it");
    std::fs::write(folder.path().join("security/hsts-max-age.toml"), shown.trim_start()).expect("and files");
    let set = RuleSet::with_folders(&[folder.path()]).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let rule = set.find("security/hsts-max-age").expect("the guide shows this rule");
    assert!(rule.origin.is_some(), "the rule of the guide takes the place of the bundled one");
    let wrong: Vec<String> = rehearse(rule, &set.sources).iter().map(ToString::to_string).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the loader says first about a rule file with this line.
fn complaint(line: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("rule.toml"), format!("{line}\n[check]\n")).expect("and written to");
    let diagnostics = RuleSet::with_folders(&[folder.path()]).expect_err("it is no rule");
    diagnostics.0.first().map(|first| first.message.clone()).unwrap_or_default()
}

/// A word stands in the guide as code: in backquotes, or as a key of an example.
fn says(guide: &str, word: &str) -> bool {
    guide.contains(&format!("`{word}`")) || guide.contains(&format!("`{word} "))
}

#[test]
fn the_table_in_the_guide_is_what_the_rules_say() {
    let written = guide();
    let (by_hand, table) = written.split_once(MARKER).expect("the guide has the marker");
    let wanted = format!("\n\n{}{}", rules_table(&bundled()), checks_list());
    if table == wanted {
        return;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(GUIDE, format!("{by_hand}{MARKER}{wanted}")).expect("the guide can be written");
        return;
    }
    let differs = table.lines().zip(wanted.lines()).find(|(old, new)| old != new);
    panic!("{} is out of date; UPDATE_EXPECT=1 rewrites it. First difference: {differs:?}", Path::new(GUIDE).display());
}

fn rules_table(set: &RuleSet) -> String {
    let mut out = format!("## All rules\n\n{} rules in {} packs.\n", set.rules.len(), set.packs.len());
    for (name, pack) in &set.packs {
        let about = pack.about.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(
            out,
            "\n### {}\n\n{about}\n\n| id | true when the site passes | impact | says | serves |\n|---|---|---|---|---|\n",
            pack.title
        );
        for rule in set.rules.iter().filter(|rule| rule.pack() == name) {
            let doubt = if rule.on_fail == OnFail::CantTell { ", for review" } else { "" };
            let _ = writeln!(
                out,
                "| [`{id}`]({id}.toml) | {} | {}{doubt} | {} | {} |",
                cell(&rule.title),
                rule.impact.as_str(),
                rule.says().as_str(),
                rule.serves.join(", "),
                id = rule.id,
            );
        }
    }
    out
}

fn checks_list() -> String {
    let mut out = "\n## All checks\n".to_string();
    for entry in checks::ALL {
        let _ = write!(out, "\n### `{}`\n\n{} Looks at each {}.\n", entry.name, entry.asks, entry.scope.as_str());
        for (at, (name, meaning)) in entry.parameters.iter().enumerate() {
            let _ = writeln!(out, "{}- `{name}`: {meaning}", if at == 0 { "\n" } else { "" });
        }
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
