//! `any-page`: at least one page of the site passes another check.
//!
//! In: one note for each page the inner check passed, and for the others what kept it from passing. Out: one verdict for the
//! site. Where pages were left out on purpose absence is not certain. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::{Nested, site};
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "any-page",
    asks: "Does another check pass on at least one page?",
    scope: Scope::Site,
    parameters: &[
        ("check", "the other check with its parameters: { name = \"signs-present\", … }"),
        ("looks-for", "what one page has, for people"),
    ],
    build: site::<AnyPage>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AnyPage {
    check: Nested,
    looks_for: String,
}

impl SiteCheck for AnyPage {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let verdicts = self.check.0.judge(page);
        let outcome = Outcome::fold(verdicts.iter().map(|verdict| verdict.outcome));
        let shown = verdicts.into_iter().find(|verdict| verdict.outcome == outcome);
        shown.map(|verdict| Note::of(outcome, verdict.observed).for_others()).into_iter().collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let first = |wanted: Outcome| site.notes().find(|(_, note)| note.outcome == wanted);
        let at = Locator::whole();
        if let Some((url, note)) = first(Outcome::Passed) {
            return vec![at.pass(format_args!("{} {}", url.path(), note.text))];
        }
        if let Some((url, note)) = first(Outcome::CantTell) {
            return vec![at.cannot_tell(format!("{}: {}", url.path(), note.text), self.looks_for.clone())];
        }
        let Some((_, note)) = first(Outcome::Failed) else {
            let unseen = first(Outcome::Untested).map(|(_, note)| at.untested(note.text));
            return unseen.into_iter().collect();
        };
        let judged = site.noted_pages();
        let observed = format!("{} on any of {judged} pages read", note.text);
        vec![match site.facts.unseen.iter().next() {
            Some(reason) => at.cannot_tell(format!("{observed}; others were not ({reason})"), self.looks_for.clone()),
            None => at.fail(observed, self.looks_for.clone()),
        }]
    }
}
