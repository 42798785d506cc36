//! `notice-age`: a notice that bears a date is taken down in time.
//!
//! In: a page and the day. Out: one verdict for each notice with a date that can be read; the newest date counts. A notice
//! without one is inapplicable. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::forms::last_day;
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Query, Scope};
use crate::facts::{PageFacts, Place, visibility, visible_text, words};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "notice-age",
    asks: "Is a dated notice taken down in time?",
    scope: Scope::Page,
    parameters: &[
        ("selector", "CSS selector of the notices"),
        ("date", "regular expression over folded text that finds a date, month before day"),
        ("max-days", "the most days since the newest date in it"),
        ("looks-for", "what the notice is, for people"),
    ],
    build: page::<NoticeAge>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NoticeAge {
    selector: Query,
    date: Pattern,
    max_days: i32,
    looks_for: String,
}

impl PageCheck for NoticeAge {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let notices = document.select(&self.selector.0).filter(visibility::is_rendered);
        notices.filter_map(|notice| self.verdict(page, &notice)).collect()
    }
}

impl NoticeAge {
    fn verdict(&self, page: &PageFacts<'_>, notice: &Element<'_>) -> Option<Verdict> {
        let text = words::fold(&visible_text(*notice));
        let newest = self.date.0.find_iter(&text).filter_map(|found| last_day(found.as_str())).max()?;
        let age = page.today().since(newest).ok()?.get_days();
        let observed = format!("the newest date in {} is {newest}", self.looks_for);
        Some(if age > self.max_days {
            notice.at().fail(observed, format!("{} that is at most {} days old", self.looks_for, self.max_days))
        } else {
            notice.at().pass(observed)
        })
    }
}
