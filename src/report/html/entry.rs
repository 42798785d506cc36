//! Findings of one rule that are the same on many pages, as one entry: what a shared template repeats is mended once.
//!
//! In: the findings of a rule. Out: entries with their places, and their markup. Invariant: what is not shown is counted.
//! Tested below and in `tests/it/formats.rs`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::phrase;
use crate::finding::{Finding, Since};
use crate::report::markup::Markup;
use crate::report::places::Places;
use crate::report::wording::count;

/// Places shown in an entry.
const MOST_PLACES: usize = 10;
/// Characters of what a page wrote that are shown.
const MOST_CHARACTERS: usize = 600;

/// What was found, at one or more places.
pub(super) struct Entry<'a> {
    /// Its places, in the order of the report; never empty.
    pub(super) at: Vec<&'a Finding>,
}

/// Findings with the same words and the same markup, failures first, then those at most places.
pub(super) fn entries<'a>(findings: &[&'a Finding]) -> Vec<Entry<'a>> {
    // What decides the order, and what makes findings the same.
    type Key<'a> = (bool, bool, bool, &'a str, &'a str, Option<&'a str>);
    let mut same: BTreeMap<Key<'a>, Vec<&'a Finding>> = BTreeMap::new();
    for finding in findings {
        let settled = !finding.is_open_failure() && !finding.is_open_doubt();
        let review = !finding.is_open_failure();
        let old = finding.baseline == Some(Since::Unchanged);
        let snippet = finding.place.snippet.as_deref();
        let key = (settled, review, old, &*finding.observed, &*finding.expected, snippet);
        same.entry(key).or_default().push(finding);
    }
    let mut entries: Vec<((bool, bool, bool), Entry<'a>)> =
        same.into_iter().map(|((settled, review, old, ..), at)| ((settled, review, old), Entry { at })).collect();
    entries.iter_mut().for_each(|(_, entry)| entry.at.sort_by(|a, b| a.sort_key().cmp(&b.sort_key())));
    entries.sort_by(|(a, one), (b, other)| a.cmp(b).then(Reverse(one.at.len()).cmp(&Reverse(other.at.len()))));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

impl Entry<'_> {
    /// The word filters go by.
    pub(super) fn state(&self) -> &'static str {
        match self.at[0] {
            one if one.is_open_failure() => "failed",
            one if one.is_open_doubt() => "review",
            _settled => "waived",
        }
    }

    /// Writes it with as many places as there is room for; returns how many.
    pub(super) fn write(&self, room: usize, sites: &str, places: &Places<'_>, page: &mut Markup) -> usize {
        let first = self.at[0];
        let since = match first.baseline {
            Some(Since::New) => "new",
            Some(Since::Unchanged) => "unchanged",
            None => "",
        };
        let data = [("data-state", self.state()), ("data-sites", sites), ("data-since", since)];
        page.open("li", &[&[("class", "entry")], &data[..]].concat());
        page.open("p", &[("class", "found")]);
        if first.waived.is_some() {
            page.leaf("span", &[("class", "tag quiet")], "waived");
        } else {
            phrase::outcome(first.outcome, page);
        }
        if first.baseline == Some(Since::New) {
            page.words(" ");
            page.leaf("span", &[("class", "tag plain")], "new");
        }
        page.words(" ");
        page.leaf("bdi", &[], cut(&first.observed));
        page.close("p");
        if let Some(snippet) = &first.place.snippet {
            phrase::source(cut(snippet), page);
        }
        if !first.expected.is_empty() {
            page.leaf("p", &[("class", "asked")], &format!("Asked for: {}", cut(&first.expected)));
        }
        if let Some(question) = &first.question {
            page.leaf("p", &[("class", "asked")], &format!("Unanswered: {}", cut(question)));
        }
        if let Some(waived) = &first.waived {
            let issue = waived.issue.as_ref().map(|issue| format!(" ({issue})")).unwrap_or_default();
            let words = format!("Waived until {} by {}: {}{issue}", waived.expires, waived.owner, waived.reason);
            page.leaf("p", &[("class", "asked")], cut(&words));
        }
        if let Some(review) = &first.review {
            let answer = format!("{} by {} on {}", review.outcome.as_str(), review.reviewer, review.date);
            let words = format!("A person found it {answer}: {} (holds until {})", review.evidence, review.expires);
            page.leaf("p", &[("class", "asked")], cut(&words));
        }
        let shown = self.places(room, places, page);
        page.close("li");
        page.line();
        shown
    }

    fn places(&self, room: usize, places: &Places<'_>, page: &mut Markup) -> usize {
        let shown = self.at.len().min(MOST_PLACES).min(room.max(1));
        page.open("ul", &[("class", "places")]);
        for finding in &self.at[..shown] {
            page.open("li", &[]);
            phrase::spot(finding, page);
            phrase::in_file(&finding.url, places.file(&finding.url), page);
            if let Some(selector) = &finding.place.selector {
                page.leaf("code", &[("class", "selector")], cut(selector));
            }
            page.close("li");
        }
        page.close("ul");
        if let more @ 1.. = self.at.len() - shown {
            let words = format!("and in {} with the same words", count(more as u64, "more place", "more places"));
            page.leaf("p", &[("class", "quiet")], &words);
        }
        shown
    }
}

/// What a page wrote, cut to a length a person reads.
fn cut(text: &str) -> &str {
    text.char_indices().nth(MOST_CHARACTERS).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;
    use crate::verdict::Outcome;

    const DEMO: &str = include_str!("../../../fixtures/reports/demo.json");

    #[test]
    fn what_a_template_repeats_is_one_entry_and_failures_come_first() {
        let report: Report = serde_json::from_str(DEMO).expect("the demo is a report");
        let findings: Vec<&Finding> =
            report.findings.iter().filter(|one| one.rule.as_str() == "accessibility/page-language").collect();
        let entries = entries(&findings);
        assert_eq!(entries.iter().map(|entry| entry.at.len()).collect::<Vec<_>>(), [4]);
        let review = report.findings.iter().find(|one| one.outcome == Outcome::CantTell).expect("one is in doubt");
        let mixed = [&[review][..], &findings].concat();
        assert_eq!(super::entries(&mixed)[0].state(), "failed");
    }
}
