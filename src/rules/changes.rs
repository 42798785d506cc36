//! What an agency's pack changes of rules that are there: other parameters, or not at all.
//!
//! In: `changes.toml` of a pack folder. Out: the set with rules overridden and disabled, each with its reason, or diagnostics
//! with the place. Invariant: nothing changes without a reason, and a report can always name what was changed. Tested below and
//! in `tests/it/own_rules.rs`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use toml::{Spanned, Table};

use super::diagnostic::{did_you_mean_or, hint_from};
use super::{Diagnostic, Example, Rule, RuleId, RuleSet, parse};

/// The file's name.
pub(super) const FILE: &str = "changes.toml";

/// A rule that runs with other parameters than it comes with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Overridden {
    /// The parameters that are other, as TOML.
    pub parameters: String,
    /// Why.
    pub reason: String,
    /// The folder of the pack.
    pub origin: String,
}

/// A rule that a pack switches off.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Disabled {
    /// The rule.
    pub rule: RuleId,
    /// Its title.
    pub title: String,
    /// Why.
    pub reason: String,
    /// The folder of the pack.
    pub origin: String,
}

/// A `changes.toml` as it was read.
pub(super) struct Changes {
    file: Arc<str>,
    source: Arc<str>,
    entries: ChangesFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangesFile {
    #[serde(default, rename = "override")]
    overrides: Vec<Override>,
    #[serde(default)]
    disable: Vec<Disable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Override {
    rule: Spanned<String>,
    reason: Spanned<String>,
    parameters: Spanned<Table>,
    #[serde(default)]
    example: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disable {
    rule: Spanned<String>,
    reason: Spanned<String>,
}

impl Changes {
    pub(super) fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let (file, source) = (Arc::from(name), Arc::from(text));
        match toml::from_str(text) {
            Ok(entries) => Ok(Self { file, source, entries }),
            Err(error) => {
                let message = error.message().to_string();
                let hint = if message.contains("missing field `reason`") {
                    Some("say why: the reason is shown in every report".to_string())
                } else {
                    hint_from(&message)
                };
                Err(Diagnostic { file, source, span: error.span(), message, hint })
            }
        }
    }

    /// Carries the changes out.
    pub(super) fn apply(self, set: &mut RuleSet, folder: &str) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut named = BTreeSet::new();
        let rules = self.entries.overrides.iter().map(|one| (&one.rule, &one.reason));
        for (rule, reason) in rules.chain(self.entries.disable.iter().map(|one| (&one.rule, &one.reason))) {
            if set.find(rule.get_ref()).is_none() {
                let ids = set.rules.iter().map(|rule| rule.id.as_str());
                let hint = did_you_mean_or(rule.get_ref(), ids, "`idea-audit rules list` shows all rules");
                found.push(self.complain(rule.span(), format!("there is no rule `{}`", rule.get_ref()), hint));
            } else if !named.insert(rule.get_ref()) {
                let hint = "say all that changes of a rule in one entry".to_string();
                found.push(self.complain(rule.span(), format!("`{}` is changed twice", rule.get_ref()), hint));
            }
            if reason.get_ref().trim().is_empty() {
                let hint = "say why: the reason is shown in every report".to_string();
                found.push(self.complain(reason.span(), "the reason is empty".to_string(), hint));
            }
        }
        if !found.is_empty() {
            return found;
        }
        for one in &self.entries.overrides {
            match self.overridden(one, set, folder) {
                Ok(rule) => set.replace(rule),
                Err(diagnostic) => found.push(diagnostic),
            }
        }
        for one in &self.entries.disable {
            let id = one.rule.get_ref();
            let Some(rule) = set.find(id).cloned() else { continue };
            set.rules.retain(|held| held.id != rule.id);
            set.disabled.push(Disabled {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                reason: one.reason.get_ref().trim().to_string(),
                origin: folder.to_string(),
            });
        }
        set.disabled.sort_by(|a, b| a.rule.cmp(&b.rule));
        found
    }

    fn overridden(&self, one: &Override, set: &RuleSet, folder: &str) -> Result<Rule, Diagnostic> {
        let held = set.find(one.rule.get_ref()).expect("every rule named was found before");
        let wanted = one.parameters.get_ref();
        let place = one.parameters.span();
        if wanted.is_empty() {
            let hint = format!("name a parameter of the check {}: `idea-audit rules checks`", held.check_name);
            return Err(self.complain(place, "an override changes nothing".to_string(), hint));
        }
        if one.example.is_empty() {
            let hint = "add an [[override.example]] that comes out differently now: it is the test of the change";
            return Err(self.complain(one.rule.span(), "an override has an example".to_string(), hint.to_string()));
        }
        let mut table = held.written_parameters();
        for (key, value) in wanted {
            let mut tried = table.clone();
            tried.insert(key.clone(), value.clone());
            if let Err(error) = parse::built(&held.check_name, &tried) {
                let hint = hint_from(error.message()).unwrap_or_else(|| {
                    format!("`idea-audit rules checks` shows the parameters of {}", held.check_name)
                });
                return Err(self.complain(self.key(key, &place), error.message().to_string(), hint));
            }
            if table.get(key) == Some(value) {
                let hint = "write the value that you want instead, or leave the entry out".to_string();
                return Err(self.complain(self.key(key, &place), format!("`{key}` has this value already"), hint));
            }
            table = tried;
        }
        let (check, blanks) = parse::built(&held.check_name, &table).map_err(|error| {
            self.complain(place, error.message().to_string(), "see `idea-audit rules checks`".to_string())
        })?;
        Ok(Rule {
            check,
            blanks,
            parameters: toml::to_string(&table).unwrap_or_default().trim_end().to_string(),
            examples: OnceLock::from(one.example.clone()),
            overridden: Some(Overridden {
                parameters: toml::to_string(wanted).unwrap_or_default().trim_end().to_string(),
                reason: one.reason.get_ref().trim().to_string(),
                origin: folder.to_string(),
            }),
            ..held.copied()
        })
    }

    /// The place of a key within a table, or the table.
    fn key(&self, key: &str, table: &Range<usize>) -> Range<usize> {
        let rest = self.source.get(table.start..).unwrap_or_default();
        let mut from = 0;
        while let Some(at) = rest[from..].find(key).map(|at| at + from) {
            let before = rest[..at].chars().next_back();
            let after = rest[at + key.len()..].trim_start().starts_with('=');
            if after && before.is_none_or(|c| c.is_whitespace() || matches!(c, '{' | ',')) {
                return table.start + at..table.start + at + key.len();
            }
            from = at + key.len();
        }
        table.clone()
    }

    fn complain(&self, span: Range<usize>, message: String, hint: String) -> Diagnostic {
        Diagnostic { file: self.file.clone(), source: self.source.clone(), span: Some(span), message, hint: Some(hint) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Outcome;

    const EXAMPLE: &str = "[[override.example]]\nname = 'one year'\nexpect = 'failed'\nheaders = { strict-transport-security = 'max-age=31536000' }\n";

    fn changed(text: &str) -> (RuleSet, Vec<Diagnostic>) {
        let mut set = RuleSet::bundled().expect("the bundled rules load");
        let found = match Changes::read("pack/changes.toml", text) {
            Ok(changes) => changes.apply(&mut set, "pack"),
            Err(diagnostic) => vec![diagnostic],
        };
        (set, found)
    }

    #[test]
    fn a_parameter_is_other_and_the_rest_stays() {
        let text = format!(
            "[[override]]\nrule = 'security/hsts-max-age'\nreason = 'Two years here.'\nparameters = {{ min-max-age = 63_072_000 }}\n{EXAMPLE}"
        );
        let (set, found) = changed(&text);
        assert!(found.is_empty(), "{}", found[0]);
        let rule = set.find("security/hsts-max-age").expect("is still there");
        let overridden = rule.overridden.as_ref().expect("is overridden");
        assert_eq!(
            (overridden.parameters.as_str(), overridden.reason.as_str()),
            ("min-max-age = 63072000", "Two years here.")
        );
        assert_eq!(rule.examples()[0].expect, Outcome::Failed);
        assert!(rule.parameters.contains("63072000"));
    }

    #[test]
    fn a_rule_that_is_disabled_is_gone_and_remembered_with_the_reason() {
        let (set, found) =
            changed("[[disable]]\nrule = 'content/copyright-year'\nreason = ' The department checks it. '\n");
        assert!(found.is_empty());
        assert!(set.find("content/copyright-year").is_none());
        assert_eq!(
            (set.disabled[0].reason.as_str(), set.disabled[0].origin.as_str()),
            ("The department checks it.", "pack")
        );
    }

    #[test]
    fn mistakes_are_shown_at_their_place_with_what_to_do() {
        let over = |rule: &str, parameters: &str, rest: &str| {
            format!("[[override]]\nrule = '{rule}'\nreason = 'x'\nparameters = {{ {parameters} }}\n{rest}")
        };
        for (text, line, message, hint) in [
            (over("security/hsts-maxage", "a = 1", EXAMPLE), 2, "there is no rule", "did you mean `security/hsts-max-age`?"),
            (over("security/hsts-max-age", "min-maxage = 1", EXAMPLE), 4, "unknown field `min-maxage`", "min-max-age"),
            (over("security/hsts-max-age", "min-max-age = 'x'", EXAMPLE), 4, "invalid type", "rules checks"),
            (over("security/hsts-max-age", "", EXAMPLE), 4, "changes nothing", "name a parameter"),
            (over("security/hsts-max-age", "min-max-age = 5", ""), 2, "has an example", "[[override.example]]"),
            (over("security/hsts-max-age", "min-max-age = 31_536_000", EXAMPLE), 4, "has this value already", "instead"),
            ("[[disable]]\nrule = 'security/hsts'\n".to_string(), 1, "missing field `reason`", "say why"),
            ("[[disable]]\nrule = 'security/hsts'\nreason = ' '\n".to_string(), 3, "the reason is empty", "say why"),
            ("[[disabled]]\nrule = 'security/hsts'\n".to_string(), 1, "unknown field `disabled`", "did you mean `disable`?"),
            (
                "[[disable]]\nrule = 'security/hsts'\nreason = 'x'\n[[disable]]\nrule = 'security/hsts'\nreason = 'y'\n".to_string(),
                5,
                "is changed twice",
                "in one entry",
            ),
        ] {
            let (_, found) = changed(&text);
            let shown = found.first().expect("is refused");
            assert_eq!(shown.place().map(|(line, _)| line), Some(line), "{shown}");
            assert!(shown.message.contains(message), "{shown}");
            assert!(shown.hint.as_deref().is_some_and(|told| told.contains(hint)), "{shown}");
        }
    }
}
