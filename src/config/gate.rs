//! The gate as it was typed: `--fail-on`, `--max-new`, `[[level]]`.
//!
//! In: words, and who knows the names of rules. Out: a [`Gate`]. Invariant: a word that means nothing is refused, because a typo would
//! open the gate in silence. Tested below and in `tests/it/gate.rs`.

use std::collections::BTreeSet;

use super::{ConfigError, Raw};
use crate::finding::{Condition, Gate, Level, Since, UrlGlob};
use crate::rules::{Impact, RuleId, RuleSet, Says, Selection};

/// What fails a run where nobody says anything.
pub(super) const DEFAULT: &str = "high";

/// The rules a word names, or what to write instead.
pub type Named<'n> = &'n dyn Fn(&str) -> Result<BTreeSet<RuleId>, String>;

/// The gate of a scan.
///
/// # Errors
/// For the first word that means nothing, and for `new` without a baseline.
pub fn gate(raw: &Raw, set: &RuleSet) -> Result<Gate, ConfigError> {
    let named = |word: &str| {
        let selection = Selection { select: vec![word.to_string()], skip: Vec::new() };
        let rules = selection.of(set).map_err(|error| error.to_string())?;
        Ok(rules.iter().map(|rule| rule.id.clone()).collect())
    };
    let level = |level: &super::RawLevel| {
        let path = UrlGlob::parse(&level.path).map_err(|error| {
            ConfigError::of(
                format!("[[level]] path {}: {error}", level.path),
                "write it as path = \"/archive/**\", or with https://host before it",
            )
        })?;
        Ok(Level { path, conditions: conditions(&level.fail_on, &named)? })
    };
    let gate = Gate {
        conditions: conditions(&raw.fail_on, &named)?,
        levels: raw.level.iter().map(level).collect::<Result<_, ConfigError>>()?,
        max_new: raw.max_new,
    };
    if raw.baseline.is_none() && gate.asks_for_baseline() {
        let asked = if raw.max_new.is_some() { "--max-new" } else { "--fail-on new" };
        return Err(ConfigError::of(
            format!("{asked} compares with a baseline, and none was named"),
            "add --baseline FILE, a report that `scan --format json --out FILE` wrote before",
        ));
    }
    Ok(gate)
}

/// Each word is one condition: impact, obligation, `new` and names of rules, joined by commas. None typed is the default.
///
/// # Errors
/// For the first word that means nothing.
pub fn conditions(typed: &[String], named: Named<'_>) -> Result<Vec<Condition>, ConfigError> {
    let default = [DEFAULT.to_string()];
    let typed = if typed.is_empty() { &default[..] } else { typed };
    if typed.iter().any(|one| one.trim() == "never") {
        return match typed {
            [_] => Ok(Vec::new()),
            [..] => Err(ConfigError::of("--fail-on never stands alone", "leave out never, or everything else")),
        };
    }
    typed.iter().map(|one| condition(one, named)).collect()
}

fn condition(typed: &str, named: Named<'_>) -> Result<Condition, ConfigError> {
    let mut condition = Condition::default();
    for word in typed.split(',').map(str::trim) {
        let twice = || {
            ConfigError::of(
                format!("--fail-on {typed} says the same twice"),
                "one word of a kind is the least that counts: --fail-on high,must,new; repeat --fail-on for alternatives",
            )
        };
        let impact = Impact::ALL.into_iter().find(|impact| impact.as_str() == word);
        let obligation = [Says::Must, Says::Should, Says::Advice].into_iter().find(|says| says.as_str() == word);
        match (impact, obligation, word) {
            (Some(impact), _, _) if condition.impact.replace(impact).is_some() => return Err(twice()),
            (_, Some(says), _) if condition.obligation.replace(says).is_some() => return Err(twice()),
            (Some(_), _, _) | (_, Some(_), _) => {}
            (None, None, "new") => condition.since = Some(Since::New),
            (None, None, rule) => condition.rules.get_or_insert_default().extend(rules(typed, rule, named)?),
        }
    }
    Ok(condition)
}

fn rules(typed: &str, word: &str, named: Named<'_>) -> Result<BTreeSet<RuleId>, ConfigError> {
    named(word).map_err(|why| {
        ConfigError::of(
            format!("--fail-on {typed}: {why}"),
            "write an impact (critical, high, medium, low, info), an obligation (must, should, advice), new, names of rules, or never",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &[&str]) -> Result<Vec<Condition>, String> {
        let typed: Vec<String> = typed.iter().map(ToString::to_string).collect();
        let named = |word: &str| match word {
            "pack" | "pack/rule" => Ok([RuleId::of("pack/rule")].into()),
            other => Err(format!("`{other}` names no rule")),
        };
        conditions(&typed, &named).map_err(|error| error.to_string())
    }

    #[test]
    fn words_of_a_condition_are_told_by_kind() {
        let rules = Some(BTreeSet::from([RuleId::of("pack/rule")]));
        let high = Condition { impact: Some(Impact::High), ..Condition::default() };
        let new = Condition { since: Some(Since::New), ..Condition::default() };
        for (typed, want) in [
            (&[][..], vec![high.clone()]),
            (&["never"], vec![]),
            (&["high"], vec![high.clone()]),
            (&["new"], vec![new.clone()]),
            (&["new,high"], vec![Condition { since: Some(Since::New), ..high.clone() }]),
            (&["new", "high"], vec![new, high]),
            (
                &["must, pack"],
                vec![Condition { obligation: Some(Says::Must), rules: rules.clone(), ..Condition::default() }],
            ),
            (&["pack/rule"], vec![Condition { rules, ..Condition::default() }]),
        ] {
            assert_eq!(read(typed), Ok(want), "{typed:?}");
        }
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        for (typed, says) in [
            (&["everything"][..], "`everything` names no rule"),
            (&[""], "names no rule"),
            (&["high,low"], "the same twice"),
            (&["must,should"], "the same twice"),
            (&["never", "high"], "stands alone"),
        ] {
            let error = read(typed).expect_err("it is refused");
            assert!(error.contains(says), "{typed:?}: {error}");
        }
    }
}
