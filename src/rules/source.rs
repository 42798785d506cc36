//! Laws, memos and standards, each once, and how strongly they bind on a given day.
//!
//! In: `sources.toml`. Out: [`Sources`] and the [`Force`] of a citation. Invariant: force is computed from dates that are
//! arguments, never from the clock. Tested below.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{Branch, Cite, Profile, Says};

/// Every source by its key.
#[derive(Clone, Debug, Default)]
pub struct Sources(pub(super) BTreeMap<String, Source>);

/// A law, order, memo, directive or standard.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Source {
    /// The name people use for it.
    pub title: String,
    /// Where its text is published.
    pub url: String,
    /// The day it was enacted, signed or published.
    pub date: Date,
    /// Whether it binds.
    pub status: SourceStatus,
    /// The day from which it binds, when that is not `date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Date>,
    /// The day from which it binds small places, where the source gives them more time: those the profile calls so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_small: Option<Date>,
    /// The day from which it no longer binds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rescinded: Option<Date>,
    /// The day somebody last looked that all this still holds.
    pub verified: Date,
    /// Whom it binds; empty means everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binds: Vec<Branch>,
    /// What a reader has to know about its status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// True where the wording was not read in the official text: shown as "to be confirmed".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_be_confirmed: bool,
}

/// Whether a source binds.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceStatus {
    /// It binds, or it is published guidance.
    InForce,
    /// It was announced with a date to comply by.
    Pending,
    /// It is a draft.
    Draft,
    /// It is being researched.
    Research,
    /// It was withdrawn and is history.
    Rescinded,
}

/// How strongly a citation binds on a day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Force {
    /// It counts with this strength; the note says why when that is less than its wording.
    Counts(Says, Option<String>),
    /// It is history and does not count.
    History,
}

impl Source {
    /// The first day on which it can bind a site of this profile.
    fn effective_for(&self, profile: &Profile) -> Date {
        let day = self.effective.unwrap_or(self.date);
        if profile.small_place == Some(true) { self.effective_small.unwrap_or(day) } else { day }
    }
}

impl Sources {
    /// A source by its key.
    pub fn find(&self, key: &str) -> Option<&Source> {
        self.0.get(key)
    }

    /// Every source in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.0.iter().map(|(key, source)| (key.as_str(), source))
    }

    /// How strongly a citation binds a site of this profile on a day.
    ///
    /// Draft, research and not yet effective sources are advice; a pending source whose day has passed is "should" until
    /// somebody verifies that it became binding; a rescinded source is history; a source that does not bind the site's
    /// branch is advice there. An unknown branch keeps the wording: whether the rule applies is asked elsewhere.
    pub fn force(&self, cite: &Cite, profile: &Profile, day: Date) -> Force {
        let Some(source) = self.find(&cite.source) else { return Force::History };
        if source.rescinded.is_some_and(|gone| gone <= day)
            || (source.status == SourceStatus::Rescinded && source.rescinded.is_none())
        {
            return Force::History;
        }
        let bound = source.binds.is_empty() || profile.branch.is_none_or(|branch| source.binds.contains(&branch));
        if !bound {
            return Force::Counts(Says::Advice, Some(format!("{} does not bind this site", source.title)));
        }
        let effective = source.effective_for(profile);
        if effective > day {
            return Force::Counts(Says::Advice, Some(format!("{} from {effective}", cite.says.as_str())));
        }
        let later = source.effective_small.filter(|later| profile.small_place.is_none() && *later > day);
        if let (Some(later), SourceStatus::InForce) = (later, source.status) {
            let note = format!(
                "{} from {later} in a small place; nobody said whether this is one (--profile small-place=yes or no)",
                cite.says.as_str()
            );
            return Force::Counts(cite.says.min(Says::Should), Some(note));
        }
        match source.status {
            SourceStatus::InForce | SourceStatus::Rescinded => Force::Counts(cite.says, None),
            SourceStatus::Pending => Force::Counts(
                cite.says.min(Says::Should),
                Some(format!("announced to bind from {effective}; not verified that it did")),
            ),
            SourceStatus::Draft => Force::Counts(Says::Advice, Some("a draft".to_string())),
            SourceStatus::Research => Force::Counts(Says::Advice, Some("being researched".to_string())),
        }
    }

    /// The strongest force among citations; advice when none counts.
    pub fn obligation<'a>(&self, cites: impl IntoIterator<Item = &'a Cite>, profile: &Profile, day: Date) -> Says {
        cites
            .into_iter()
            .filter_map(|cite| match self.force(cite, profile, day) {
                Force::Counts(says, _) => Some(says),
                Force::History => None,
            })
            .max()
            .unwrap_or(Says::Advice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn source(status: SourceStatus, effective: Option<Date>) -> Source {
        Source {
            title: "A memo".to_string(),
            url: "https://policy.example/".to_string(),
            date: date(2023, 9, 22),
            status,
            effective,
            effective_small: None,
            rescinded: None,
            verified: date(2026, 11, 22),
            binds: vec![Branch::Executive],
            note: None,
            to_be_confirmed: false,
        }
    }

    fn obligation(source: Source, branch: Option<Branch>, day: Date) -> Says {
        let sources = Sources(BTreeMap::from([("memo".to_string(), source)]));
        let cite = Cite { source: "memo".to_string(), part: "1".to_string(), says: Says::Must };
        sources.obligation([&cite], &Profile { branch, ..Profile::default() }, day)
    }

    #[test]
    fn a_source_binds_from_its_effective_day_and_not_the_day_before() {
        let memo = || source(SourceStatus::InForce, Some(date(2026, 4, 24)));
        assert_eq!(obligation(memo(), Some(Branch::Executive), date(2026, 4, 23)), Says::Advice);
        assert_eq!(obligation(memo(), Some(Branch::Executive), date(2026, 4, 24)), Says::Must);
    }

    #[test]
    fn small_places_have_until_their_own_day_and_a_place_of_unknown_size_is_not_accused_before_it() {
        let says = |small_place, day| {
            let rule = Source {
                binds: vec![Branch::StateLocal],
                effective_small: Some(date(2028, 4, 26)),
                ..source(SourceStatus::InForce, Some(date(2027, 4, 26)))
            };
            let sources = Sources(BTreeMap::from([("memo".to_string(), rule)]));
            let cite = Cite { source: "memo".to_string(), part: "1".to_string(), says: Says::Must };
            let profile = Profile { branch: Some(Branch::StateLocal), small_place, ..Profile::default() };
            sources.obligation([&cite], &profile, day)
        };
        for (day, large, unknown, small) in [
            (date(2027, 4, 25), Says::Advice, Says::Advice, Says::Advice),
            (date(2027, 4, 26), Says::Must, Says::Should, Says::Advice),
            (date(2028, 4, 25), Says::Must, Says::Should, Says::Advice),
            (date(2028, 4, 26), Says::Must, Says::Must, Says::Must),
        ] {
            assert_eq!(
                (says(Some(false), day), says(None, day), says(Some(true), day)),
                (large, unknown, small),
                "{day}"
            );
        }
    }

    #[test]
    fn a_pending_standard_whose_day_has_passed_is_a_should() {
        let standard = || source(SourceStatus::Pending, Some(date(2025, 9, 26)));
        assert_eq!(obligation(standard(), None, date(2025, 9, 25)), Says::Advice);
        assert_eq!(obligation(standard(), None, date(2025, 9, 26)), Says::Should);
    }

    #[test]
    fn drafts_and_other_branches_are_advice() {
        let day = date(2026, 11, 22);
        assert_eq!(obligation(source(SourceStatus::Draft, None), None, day), Says::Advice);
        assert_eq!(obligation(source(SourceStatus::InForce, None), Some(Branch::Legislative), day), Says::Advice);
    }

    #[test]
    fn a_rescinded_memo_binds_until_the_day_it_was_rescinded() {
        let memo = |day| {
            let mut memo = source(SourceStatus::Rescinded, None);
            memo.date = date(2016, 11, 8);
            memo.rescinded = Some(date(2023, 9, 22));
            obligation(memo, Some(Branch::Executive), day)
        };
        assert_eq!(memo(date(2023, 9, 21)), Says::Must);
        assert_eq!(memo(date(2023, 9, 22)), Says::Advice);
    }
}
