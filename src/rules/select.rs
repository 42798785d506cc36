//! Which rules run: `--select` and `--skip`.
//!
//! In: what was typed: rule ids, packs, requirement keys, WCAG criteria, or globs over ids. Out: the rules left. Invariant: a
//! word that names nothing is an error, because a typo would silently switch a gate off. Tested below.

use std::sync::Arc;

use super::diagnostic::did_you_mean;
use super::{Rule, RuleSet};

/// What was typed after `--select` and `--skip`.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; empty means all.
    pub select: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

/// A word that names no rule.
#[derive(Debug, thiserror::Error)]
#[error("`{word}` names no rule, pack, requirement or success criterion; {hint}")]
pub struct SelectionError {
    word: String,
    hint: String,
}

impl Selection {
    /// The rules that run, in the order of the set.
    ///
    /// # Errors
    /// When a word names nothing.
    pub fn of(&self, set: &RuleSet) -> Result<Vec<Arc<Rule>>, SelectionError> {
        for word in self.select.iter().chain(&self.skip) {
            if !set.rules.iter().any(|rule| names(rule, word)) {
                if let Some(off) = set.disabled.iter().find(|off| off.rule.as_str() == word) {
                    let hint = format!("it is disabled by {}: {}", off.origin, off.reason);
                    return Err(SelectionError { word: word.clone(), hint });
                }
                let known = set.rules.iter().map(|rule| rule.id.as_str());
                return Err(SelectionError { word: word.clone(), hint: did_you_mean(word, known) });
            }
        }
        let kept = set.rules.iter().filter(|rule| {
            let selected = self.select.is_empty() || self.select.iter().any(|word| names(rule, word));
            selected && !self.skip.iter().any(|word| names(rule, word))
        });
        Ok(kept.cloned().collect())
    }
}

/// True when a word names a rule: its id, its pack, a row it serves, or a success criterion.
fn names(rule: &Rule, word: &str) -> bool {
    rule.id.as_str() == word
        || rule.pack() == word.trim_end_matches("/*").trim_end_matches('/')
        || rule.serves.iter().any(|key| key == word)
        || rule.standards.wcag.iter().any(|criterion| criterion == word)
}
