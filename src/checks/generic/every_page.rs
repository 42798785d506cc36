//! `every-page`: enough pages of the site pass another check.
//!
//! In: one note for each page the inner check judged. Out: a verdict for each page, failing only when too many fail. Tested by
//! the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::{Nested, site};
use crate::checks::{Entry, Scope, SiteCheck, all_told};
use crate::facts::{Note, PageFacts, SiteView};
use crate::verdict::{Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "every-page",
    asks: "Does another check pass on every page?",
    scope: Scope::Site,
    parameters: &[
        ("check", "the other check with its parameters: { name = \"element-present\", … }"),
        ("min-share", "the share of pages that has to pass, 0 to 1; 1 by default"),
        ("when", "always (default), or home-passes: sites whose home page does not pass are inapplicable"),
        ("looks-for", "what every page has, for people"),
    ],
    build: site::<EveryPage>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct EveryPage {
    check: Nested,
    #[serde(default = "all")]
    min_share: f64,
    #[serde(default)]
    when: When,
    looks_for: String,
}

#[derive(Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum When {
    #[default]
    Always,
    HomePasses,
}

fn all() -> f64 {
    1.0
}

impl SiteCheck for EveryPage {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let verdicts = self.check.0.judge(page);
        let outcome = Outcome::fold(verdicts.iter().map(|verdict| verdict.outcome));
        if outcome == Outcome::Inapplicable {
            return Vec::new();
        }
        let shown = verdicts.into_iter().find(|verdict| verdict.outcome == outcome);
        // Of a pass nobody is shown where and why.
        let note = |verdict: Verdict| match outcome {
            Outcome::Passed => Note::of(outcome, String::new()),
            Outcome::Failed | Outcome::CantTell | Outcome::Untested | Outcome::Inapplicable => {
                Note::of(outcome, verdict.observed).at(verdict.at)
            }
        };
        shown.map(note).into_iter().collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let (mut judged, mut passed) = (0_u32, 0_u32);
        for (_, note) in site.notes() {
            judged += u32::from(note.outcome != Outcome::Untested);
            passed += u32::from(note.outcome == Outcome::Passed);
        }
        if self.when == When::HomePasses && !home_passes(site) {
            return;
        }
        let enough = f64::from(passed) >= f64::from(judged) * self.min_share;
        site.notes()
            .map(|(url, note)| {
                let at = note.on(url);
                let expected = format!("{} on every page; {passed} of {judged} have it", self.looks_for);
                match note.outcome {
                    Outcome::Failed if enough => {
                        at.pass(format_args!("{passed} of {judged} pages have {}", self.looks_for))
                    }
                    Outcome::Failed => at.fail(note.text, expected),
                    Outcome::CantTell => at.cannot_tell(note.text, expected),
                    Outcome::Untested => at.untested(note.text),
                    Outcome::Passed | Outcome::Inapplicable => at.pass(note.text),
                }
            })
            .for_each(to);
    }
}

fn home_passes(site: &SiteView<'_>) -> bool {
    let home = site.facts.home.as_ref().map(|home| &home.url);
    site.notes().any(|(url, note)| Some(&**url) == home && note.outcome == Outcome::Passed)
}
