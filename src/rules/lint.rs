//! What a rule file has to keep beyond being well formed.
//!
//! In: parsed rules with the places in their files, the sources and requirements. Out: diagnostics. Invariant: what these lints
//! refuse can never reach a report. Tested in `tests/it/rules.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::diagnostic::did_you_mean_or;
use super::parse::{Parsed, Reading};
use super::{Diagnostic, Impact, OnFail, Requirements, Says, Sources, Status};
use crate::verdict::Outcome;

/// Longest title, in characters: one line of the terminal summary.
const TITLE_LIMIT: usize = 60;

/// Complaints about one rule.
pub(super) fn rule(parsed: &Parsed, sources: &Sources, requirements: &Requirements) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    identity(parsed, &mut found);
    references(parsed, sources, requirements, &mut found);
    words(parsed, &mut found);
    match parsed.reading {
        Reading::Whole => examples(parsed, &mut found),
        Reading::Head => {}
    }
    found
}

/// Complaints about rules that say the same thing twice.
pub(super) fn twins(parsed: &[Parsed]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<(&str, &str, String), &Parsed> = BTreeMap::new();
    let mut found = Vec::new();
    for one in parsed {
        let applies = format!("{:?}", one.rule.applies_to);
        if let Some(other) = seen.insert((&one.rule.check_name, &one.rule.parameters, applies), one) {
            found.push(complain(
                one,
                one.places.check.clone(),
                format!("the same check with the same parameters as {}", other.rule.id),
                "one question is one rule: cite both sources there".to_string(),
            ));
        }
    }
    found
}

/// Complaints about two files that give a rule the same id.
pub(super) fn same_ids(parsed: &[Parsed]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, &Parsed> = BTreeMap::new();
    let mut found = Vec::new();
    for one in parsed {
        if let Some(other) = seen.insert(one.rule.id.as_str(), one) {
            let hint = "an id is one rule: take one of the two files out, or give it another name".to_string();
            let message = format!("`{}` is the id of {} too", one.rule.id, other.file);
            found.push(complain(one, one.places.id.clone(), message, hint));
        }
    }
    found
}

fn identity(parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    let rule = &parsed.rule;
    let stem = parsed.file.trim_end_matches(".toml");
    let path_id: Vec<&str> = stem.rsplit(['/', '\\']).take(2).collect();
    if let [name, pack] = path_id[..]
        && rule.id.as_str() != format!("{pack}/{name}")
    {
        found.push(complain(
            parsed,
            parsed.places.id.clone(),
            format!("the id is not the path: `{}`", rule.id),
            format!("write `{pack}/{name}`, or move the file"),
        ));
    }
    let length = rule.title.chars().count();
    if length > TITLE_LIMIT {
        let hint =
            format!("say in at most {TITLE_LIMIT} characters what is true when the site passes; this has {length}");
        found.push(complain(parsed, parsed.places.title.clone(), "the title is too long".to_string(), hint));
    }
    if rule.says() == Says::Should && rule.impact > Impact::Medium {
        found.push(complain(
            parsed,
            parsed.places.impact.clone(),
            "a should never exceeds medium impact".to_string(),
            "lower the impact, or cite the source that says must".to_string(),
        ));
    }
    let (Status::Preview(version) | Status::Stable(version) | Status::Deprecated(version) | Status::Removed(version)) =
        &rule.status;
    if !is_version(version) {
        found.push(complain(
            parsed,
            parsed.places.status.clone(),
            format!("`{version}` in `status` is no version"),
            "write the version it entered this state with: status = { preview = \"0.1.0\" }".to_string(),
        ));
    }
    if rule.cites.is_empty() {
        found.push(complain(
            parsed,
            parsed.places.id.clone(),
            "a rule cites at least one source".to_string(),
            "add to `cites`; guidance is cited with says = \"advice\"".to_string(),
        ));
    }
}

/// Numbers with dots between: 0.1.0.
fn is_version(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
}

fn references(parsed: &Parsed, sources: &Sources, requirements: &Requirements, found: &mut Vec<Diagnostic>) {
    for (cite, place) in parsed.rule.cites.iter().zip(&parsed.places.cites) {
        if sources.find(&cite.source).is_none() {
            let listed = "write a key of sources.toml, or add the source to a sources.toml beside your packs";
            let hint = did_you_mean_or(&cite.source, sources.iter().map(|(key, _)| key), listed);
            found.push(complain(parsed, place.clone(), format!("sources.toml has no `{}`", cite.source), hint));
        }
    }
    for (key, place) in parsed.rule.serves.iter().zip(&parsed.places.serves) {
        if requirements.find(key).is_none() {
            let keys = requirements.iter().map(|row| row.key.as_str());
            let hint = did_you_mean_or(key, keys, "write a key of requirements.toml");
            found.push(complain(parsed, place.clone(), format!("requirements.toml has no `{key}`"), hint));
        }
    }
}

/// A reader takes "must" for law: a rule may not speak more strongly, or more weakly, than what it cites.
fn words(parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    let text = &parsed.rule.text;
    let forbidden = match parsed.rule.says() {
        Says::Must => "should",
        Says::Advice => "must",
        Says::Should => "must",
    };
    for (name, words) in [("what", &text.what), ("why", &text.why), ("fix", &text.fix)] {
        let spoken = words.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(forbidden));
        if spoken {
            found.push(complain(
                parsed,
                parsed.places.text.clone(),
                format!("`{name}` says \"{forbidden}\" in a rule whose sources say {}", parsed.rule.says().as_str()),
                "use the verb its sources use, or the imperative".to_string(),
            ));
        }
        if words.trim().is_empty() {
            found.push(complain(
                parsed,
                parsed.places.text.clone(),
                format!("`{name}` is empty"),
                "write one or two sentences".to_string(),
            ));
        }
    }
}

fn examples(parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    if matches!(parsed.rule.status, Status::Removed(_)) {
        return;
    }
    let wanted = match parsed.rule.on_fail {
        OnFail::Failed => Outcome::Failed,
        OnFail::CantTell => Outcome::CantTell,
    };
    let has = |outcome| parsed.rule.examples().iter().any(|example| example.expect == outcome);
    let mut missing = Vec::new();
    missing.extend((!has(Outcome::Passed)).then_some("passed"));
    missing.extend((!has(wanted)).then_some(wanted.as_str()));
    if !has(Outcome::Inapplicable) && parsed.never_inapplicable.is_none() {
        missing.push("inapplicable (or `never-inapplicable = \"why\"`)");
    }
    if !missing.is_empty() {
        found.push(complain(
            parsed,
            parsed.places.check.clone(),
            format!("no example is {}", missing.join(", none is ")),
            "add [[example]] tables: they are the rule's tests".to_string(),
        ));
    }
    let mut names = BTreeSet::new();
    for (example, place) in parsed.rule.examples().iter().zip(&parsed.places.examples) {
        if !names.insert(&example.name) {
            found.push(complain(
                parsed,
                place.clone(),
                format!("two examples are named `{}`", example.name),
                "give each its own name".to_string(),
            ));
        }
        let never = parsed.rule.on_fail == OnFail::CantTell && example.expect == Outcome::Failed;
        if never {
            found.push(complain(
                parsed,
                place.clone(),
                "on-fail = \"cantTell\" never gives failed".to_string(),
                "expect = \"cantTell\"".to_string(),
            ));
        }
    }
}

fn complain(parsed: &Parsed, place: Range<usize>, message: String, hint: String) -> Diagnostic {
    Diagnostic {
        file: parsed.file.clone(),
        source: parsed.source.clone(),
        span: Some(place),
        message,
        hint: Some(hint),
    }
}
