//! `date-not-past`: a date that the page gives as an end lies ahead.
//!
//! In: a page and the day. Out: one verdict for each date found in the text. A month without a day ends with its last day. Words
//! where a date belongs, and dates that can be read in two ways, are cantTell. Tested below and by the rules of the forms pack.

use jiff::civil::Date;
use regex::Captures;
use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Scope};
use crate::facts::PageFacts;
use crate::verdict::Verdict;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "date-not-past",
    asks: "Does a date that ends something lie ahead?",
    scope: Scope::Page,
    parameters: &[
        ("pattern", "regular expression over folded text; its group `date` holds the date, month before day"),
        ("looks-for", "what ends, for people"),
    ],
    build: page::<DateNotPast>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DateNotPast {
    pattern: Pattern,
    looks_for: String,
}

impl PageCheck for DateNotPast {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if page.document.is_none() {
            return Vec::new();
        }
        self.pattern.0.captures_iter(page.text()).filter_map(|found| self.verdict(page, &found)).collect()
    }
}

impl DateNotPast {
    fn verdict(&self, page: &PageFacts<'_>, found: &Captures<'_>) -> Option<Verdict> {
        let written = found.name("date")?.as_str().trim();
        let expected = format!("{} on {} or later", self.looks_for, page.today());
        Some(match last_day(written) {
            None => page.whole().cannot_tell(format!("{} reads \"{written}\"", self.looks_for), expected),
            Some(end) if end < page.today() => page.whole().fail(format!("{} was {written}", self.looks_for), expected),
            Some(_) => page.whole().pass(format_args!("{} is {written}", self.looks_for)),
        })
    }
}

/// The last day a written date covers: `mm/dd/yyyy`, `mm/yyyy`, `yyyy-mm-dd`, `month d, yyyy`, `month yyyy`.
pub(in crate::checks) fn last_day(written: &str) -> Option<Date> {
    let parts: Vec<&str> =
        written.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<i16>().ok();
    let month = |part: &str| {
        let named = MONTHS.iter().position(|month| part.get(..3) == Some(*month)).map(|at| at as i16 + 1);
        named.or_else(|| number(part))
    };
    let (year, month, day) = match parts[..] {
        [year, month, day] if year.len() == 4 && number(year).is_some() => {
            (number(year)?, number(month)?, Some(number(day)?))
        }
        [first, day, year] if year.len() == 4 => (number(year)?, month(first)?, Some(number(day)?)),
        [first, year] if year.len() == 4 => (number(year)?, month(first)?, None),
        _ => return None,
    };
    let month = i8::try_from(month).ok()?;
    match day {
        Some(day) => Date::new(year, month, i8::try_from(day).ok()?).ok(),
        None => Date::new(year, month, 1).ok().map(Date::last_of_month),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_only_where_it_has_one_meaning() {
        for (written, read) in [
            ("12/31/2028", Some("2028-12-31")),
            ("02/2027", Some("2027-02-28")),
            ("november 30, 2025", Some("2025-11-30")),
            ("nov 2025", Some("2025-11-30")),
            ("2026-01-05", Some("2026-01-05")),
            ("12/31/28", None),
            ("31/12/2028", None),
            ("xx/xx/xxxx", None),
            ("pending", None),
        ] {
            assert_eq!(last_day(written).map(|date| date.to_string()).as_deref(), read, "{written}");
        }
    }
}
