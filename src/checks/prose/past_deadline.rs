//! `past-deadline`: nobody is asked to do something by a day that is past.
//!
//! In: the days by which a page asks for something, and the day. Out: one verdict for each such day. Texts that say that it is over are
//! left out. Tested by the rules that use it and by the labelled cases.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::PageFacts;
use crate::facts::dates::deadlines;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "past-deadline",
    asks: "Does each day by which people are asked to act lie ahead?",
    scope: Scope::Page,
    parameters: &[
        ("max-days", "days for which a deadline may stay after it is over"),
        ("except", "regular expression over paths of pages that tell of the past (optional)"),
    ],
    build: page::<PastDeadline>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PastDeadline {
    max_days: i32,
    except: Option<Pattern>,
}

impl PageCheck for PastDeadline {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let tells_of_past = self.except.as_ref().is_some_and(|except| except.is_in(page.url().path()));
        if page.document.is_none() || !page.capture.is_success() || tells_of_past {
            return Vec::new();
        }
        let found = deadlines(page.text(), page.language().as_deref());
        let verdict = |deadline: &crate::facts::dates::Deadline| {
            let past = page.today().since(deadline.day).map_or(0, |span| span.get_days());
            let observed = format!("the page says \"{}\"", deadline.text);
            if past > self.max_days {
                page.whole().fail(observed, "a day ahead, or words that say that it is over")
            } else {
                page.whole().pass(observed)
            }
        };
        found.iter().map(verdict).collect()
    }
}
