//! What is asked of the pages of one site: which rules, with which open question, by which check.
//!
//! In: rules and the profile of a site. Out: [`Docket`], worked out once for a site and kept while its pages come. Invariant: what is kept
//! is what would be worked out anew, no more sites are remembered than are likely to be judged side by side, and those of which the same is
//! asked share one list. Tested below and by the rules.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::fit::Fittings;
use crate::checks::Check;
use crate::rules::{Asked, Fitted, Impact, Profile, Rule, Says};

/// Sites that are remembered: as many as a crawl has open at once, unless it is told otherwise.
const MOST: usize = 600;

/// The rules that are asked of one site.
pub(super) struct Docket {
    host: String,
    profile: Profile,
    entries: Arc<[Entry]>,
}

/// A rule that is asked.
struct Entry {
    rule: Arc<Rule>,
    question: Option<String>,
    fitted: Option<Arc<Fitted>>,
    /// Worked out for the first finding.
    weight: OnceLock<Weight>,
}

/// How much a failure hurts people, and how strongly it is asked for.
pub(super) type Weight = (Impact, Says);

impl Entry {
    fn is_same(&self, other: &Self) -> bool {
        let fitted = |entry: &Self| entry.fitted.as_ref().map(Arc::as_ptr);
        Arc::ptr_eq(&self.rule, &other.rule) && self.question == other.question && fitted(self) == fitted(other)
    }
}

/// A rule that is asked: its check for this site, and the question that stays open.
#[derive(Clone, Copy)]
pub(super) struct Item<'d> {
    pub(super) rule: &'d Rule,
    pub(super) check: &'d Check,
    pub(super) question: Option<&'d str>,
    pub(super) weight: &'d OnceLock<Weight>,
}

impl Docket {
    fn of(rules: &[Arc<Rule>], fittings: &Fittings, profile: &Profile, host: &str) -> Self {
        let entries = rules.iter().filter_map(|rule| {
            let open = match rule.applies_to.asked(profile, host) {
                Asked::Yes => None,
                Asked::Unanswered(question) => Some(question),
                Asked::No => return None,
            };
            let fitted = fittings.made(rule, profile);
            let question = open.or_else(|| fitted.as_ref()?.question.clone());
            Some(Entry { rule: rule.clone(), question, fitted, weight: OnceLock::new() })
        });
        Self { host: host.to_string(), profile: profile.clone(), entries: entries.collect() }
    }

    /// Whether the same is asked of two sites of equal profile.
    fn asks_as(&self, other: &Self) -> bool {
        self.profile == other.profile
            && self.entries.len() == other.entries.len()
            && self.entries.iter().zip(&*other.entries).all(|(one, two)| one.is_same(two))
    }

    /// The rules in their order.
    pub(super) fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.entries.iter().map(|entry| Item {
            rule: &entry.rule,
            check: entry.fitted.as_ref().map_or(&entry.rule.check, |fitted| &fitted.check),
            question: entry.question.as_deref(),
            weight: &entry.weight,
        })
    }
}

/// The dockets of the sites that were met last.
#[derive(Default)]
pub(super) struct Dockets(Mutex<VecDeque<Arc<Docket>>>);

impl Dockets {
    pub(super) fn docket(
        &self,
        rules: &[Arc<Rule>],
        fittings: &Fittings,
        profile: &Profile,
        host: &str,
    ) -> Arc<Docket> {
        let is_it = |docket: &&Arc<Docket>| docket.host == host && docket.profile == *profile;
        if let Some(held) = self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().find(is_it) {
            return held.clone();
        }
        // Two threads may make the same one; nobody waits for the other.
        let mut made = Docket::of(rules, fittings, profile, host);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(twin) = held.iter().find(|other| made.asks_as(other)) {
            made.entries = twin.entries.clone();
        }
        let made = Arc::new(made);
        held.push_front(made.clone());
        held.truncate(MOST);
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Branch, RuleSet};

    #[test]
    fn each_site_has_its_own_docket_and_keeps_it() {
        let set = RuleSet::bundled().expect("the bundled rules load");
        let (dockets, fittings) = (Dockets::default(), Fittings::default());
        let of = |branch: Option<Branch>, host: &str| {
            dockets.docket(&set.rules, &fittings, &Profile { branch, ..Profile::default() }, host)
        };
        let unknown = of(None, "www.agency.example");
        assert!(Arc::ptr_eq(&unknown, &of(None, "www.agency.example")));
        let other = of(None, "www.other.example");
        assert!(!Arc::ptr_eq(&unknown, &other) && Arc::ptr_eq(&unknown.entries, &other.entries), "the list is shared");
        let legislative = of(Some(Branch::Legislative), "www.agency.example");
        assert!(legislative.items().count() < unknown.items().count());
        let open = |docket: &Docket| docket.items().filter(|item| item.question.is_some()).count();
        assert!(open(&legislative) < open(&unknown));
    }
}
