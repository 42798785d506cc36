//! The check of a rule for a site: the rule's own, or one with the answers of the site's profile in its blanks.
//!
//! In: a rule and a profile. Out: [`Fit`]. Made once for each rule and set of answers and kept, because compiling costs more than
//! judging. Invariant: what is kept never changes an outcome. Tested by the rules whose parameters have blanks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::checks::Check;
use crate::rules::{Blanks, Fitted, Profile, Rule, RuleId};

/// A rule and the answers that its blanks may take.
type Of = (RuleId, Vec<Option<String>>);

/// Checks made so far.
#[derive(Default)]
pub(super) struct Fittings(Mutex<BTreeMap<Of, Arc<Fitted>>>);

/// The check that judges.
pub(super) enum Fit<'r> {
    Own(&'r Check),
    Made(Arc<Fitted>),
}

impl Fittings {
    pub(super) fn fit<'r>(&self, rule: &'r Rule, profile: &Profile) -> Fit<'r> {
        self.made(rule, profile).map_or(Fit::Own(&rule.check), Fit::Made)
    }

    /// The check that was made for the profile; `None` where the rule's own is meant.
    pub(super) fn made(&self, rule: &Rule, profile: &Profile) -> Option<Arc<Fitted>> {
        rule.blanks.as_ref()?;
        let key = (rule.id.clone(), Blanks::key(profile));
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = made.get(&key) {
            return Some(held.clone());
        }
        let fitted = Arc::new(rule.fitted(profile)?);
        made.insert(key, fitted.clone());
        Some(fitted)
    }
}

impl Fit<'_> {
    pub(super) fn check(&self) -> &Check {
        match self {
            Self::Own(check) => check,
            Self::Made(fitted) => &fitted.check,
        }
    }

    /// What is asked where a blank stayed empty.
    pub(super) fn question(&self) -> Option<String> {
        match self {
            Self::Own(_) => None,
            Self::Made(fitted) => fitted.question.clone(),
        }
    }
}
