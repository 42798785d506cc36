//! Who has taken up what: questions with yes or no about a home page.
//!
//! In: a site, its home page, and the rules that name a column of the scanner's snapshot. Out: an [`Answer`] for each of [`MEASURES`]. Invariant:
//! a home page that nobody saw answers nothing; a rule that was not selected answers nothing. Tested below.

use crate::report::{PageRow, RuleRow, SiteRow};
use crate::rules::RuleId;
use crate::verdict::Outcome;

/// What a site says to a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// It has it.
    Yes,
    /// It has it not.
    No,
    /// Nobody can tell: the home page was not seen, the rule was not asked, or it was in doubt.
    Undetermined,
    /// The question is not asked of such a site.
    NotAsked,
}

/// A question about home pages.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name in tables and addresses.
    pub key: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The columns of the snapshot: rules that name one of them in `standards.gsa` answer it.
    columns: &'static [&'static str],
    reading: Reading,
}

/// How outcomes are read.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// Passed is yes and failed is no.
    Passed,
    /// Yes where the rule found something to judge, whatever it thought of it.
    Found,
}

/// The questions, in the order of tables.
pub const MEASURES: [Measure; 10] = [
    passed("dap", "Digital Analytics Program", &["dap"]),
    passed("banner", "Government banner", &["uswds_banner_heres_how", "uswds_usa_banner"]),
    Measure {
        key: "design-system",
        title: "U.S. Web Design System",
        columns: &["uswds_usa_classes"],
        reading: Reading::Found,
    },
    passed("search", "Site search", &["site_search", "search_detected"]),
    passed("title", "Page title", &["title"]),
    passed("description", "Page description", &["description"]),
    passed("https", "HTTPS enforced", &["https_enforced"]),
    passed("hsts", "HSTS", &["hsts"]),
    passed("viewport", "Viewport for small screens", &["viewport_meta_tag"]),
    passed("sitemap", "Sitemap", &["sitemap_xml_detected"]),
];

const fn passed(key: &'static str, title: &'static str, columns: &'static [&'static str]) -> Measure {
    Measure { key, title, columns, reading: Reading::Passed }
}

/// The rules of a run that answer each question.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns(Vec<Vec<RuleId>>);

impl Columns {
    pub(super) fn of(rules: &[RuleRow]) -> Self {
        let names = |row: &&RuleRow, measure: &Measure| {
            row.standards.gsa.iter().any(|column| measure.columns.contains(&column.as_str()))
        };
        let of = |measure: &Measure| rules.iter().filter(|row| names(row, measure)).map(|row| row.id.clone()).collect();
        Self(MEASURES.iter().map(of).collect())
    }

    /// The answers of a site whose home page was judged, or was not.
    pub(super) fn answers(&self, site: &SiteRow, home: Option<&PageRow>) -> Vec<Answer> {
        let Some(home) = home else { return vec![Answer::Undetermined; MEASURES.len()] };
        // Hosts and sites answer for rules that no page has anything to say about.
        let said = |id: &RuleId| home.outcomes.get(id).or_else(|| site.outcomes.get(id));
        let on_page = |id: &RuleId| home.outcomes.get(id);
        let answer = |(measure, rules): (&Measure, &Vec<RuleId>)| {
            if rules.is_empty() {
                return Answer::Undetermined;
            }
            match measure.reading {
                Reading::Passed => of_verdict(Outcome::fold(rules.iter().filter_map(said))),
                Reading::Found => of_presence(Outcome::fold(rules.iter().filter_map(on_page))),
            }
        };
        MEASURES.iter().zip(&self.0).map(answer).collect()
    }
}

/// The name under which facts of a site list the design system, and the place of it there.
const DESIGN_SYSTEM: &str = "/shared-services/U.S. Web Design System/versions";

/// The version of the design system that most pages of a site tell, the newer of two; none where none tells one.
pub(super) fn design_version(site: &SiteRow) -> Option<String> {
    let versions = site.facts.pointer(DESIGN_SYSTEM)?.as_object()?;
    let parts = |version: &str| -> Vec<u64> { version.split('.').filter_map(|part| part.parse().ok()).collect() };
    let most = versions.iter().max_by_key(|(version, pages)| (pages.as_u64().unwrap_or(0), parts(version)))?;
    Some(most.0.clone())
}

fn of_verdict(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Passed => Answer::Yes,
        Outcome::Failed => Answer::No,
        Outcome::CantTell | Outcome::Untested => Answer::Undetermined,
        Outcome::Inapplicable => Answer::NotAsked,
    }
}

fn of_presence(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Passed | Outcome::Failed | Outcome::CantTell => Answer::Yes,
        Outcome::Untested => Answer::Undetermined,
        Outcome::Inapplicable => Answer::No,
    }
}

impl Answer {
    /// The word people and tables read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Undetermined => "undetermined",
            Self::NotAsked => "not asked",
        }
    }
}

/// Where a question stands among [`MEASURES`].
pub(super) fn at(key: &str) -> usize {
    MEASURES.iter().position(|measure| measure.key == key).expect("the keys of this room are in the list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_is_no_answer_and_presence_is_one_whatever_was_thought_of_it() {
        for (outcome, verdict, presence) in [
            (Outcome::Passed, Answer::Yes, Answer::Yes),
            (Outcome::Failed, Answer::No, Answer::Yes),
            (Outcome::CantTell, Answer::Undetermined, Answer::Yes),
            (Outcome::Untested, Answer::Undetermined, Answer::Undetermined),
            (Outcome::Inapplicable, Answer::NotAsked, Answer::No),
        ] {
            assert_eq!((of_verdict(outcome), of_presence(outcome)), (verdict, presence), "{outcome:?}");
        }
    }
}
