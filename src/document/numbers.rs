//! The numbers that forms carry, on paper and on the web: of the collection, the day it ends, of the form itself.
//!
//! In: a text as it is printed, English or Spanish. Out: [`Numbers`]. Invariants: a day counts only near the number that it ends; two
//! years with a dash between them are no number. Tested below and by the labelled cases of `tests/it/detectors.rs`.

use jiff::civil::Date;
use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

use super::words::pattern;

/// Octets before and after a number in which its day stands.
const NEAR: usize = 240;

/// "OMB Control Number: 3199-0042", "OMB No. 3199 0042", "Número de control OMB 3199-0042".
static CONTROL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bOMB\b[^0-9]{0,40}\b(\d{4})(?:\s?[-\u{2010}-\u{2015}]\s?| )(\d{4})\b"));
static EXPIRES: LazyLock<Regex> = LazyLock::new(|| {
    let label = r"\b(?:exp(?:\.|ires|iry|iration)?(?:\s+date)?|(?:fecha\s+de\s+)?(?:vencimiento|caducidad|expiraci\u{f3}n)|vence|caduca|v\u{e1}lid[oa]\s+hasta)";
    let day = r"(?:(\d{1,2})\s?/\s?(?:(\d{1,2})\s?/\s?)?(\d{4}|\d{2})\b|(\d{4})-(\d{2})-(\d{2})|([a-z]{3,10})\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})|(\d{1,2})\s+de\s+([a-z]{4,10})\s+(?:de|del)\s+(\d{4}))";
    pattern(&format!(r"{label}\s*:?\s*(?:on\s+|el\s+)?{day}"))
});
static FORM_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    // With regard to case: "the form 3 days before" is no number of a form.
    let text = r"\b((?:Standard Form|Optional Form|STANDARD FORM|OPTIONAL FORM|(?:[A-Z]{1,5} )?(?:Form|FORM|Formulario|FORMULARIO)|SF|OF)(?: (?:No\.?|Number|NO\.?|NUMBER))?[ -]{1,3}(?:[A-Z]{1,6}[ -]?)?\d{1,5}(?:[-.]?\d{1,4}|[-.]?[A-Z]{1,4}\b)*)";
    Regex::new(text).expect("a constant pattern")
});

/// The numbers that forms carry.
#[derive(Clone, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Numbers {
    /// The control number of the collection, "0000-0000".
    pub control_number: Option<String>,
    /// The day printed as the end of that number; of a month its last day.
    pub expires: Option<Date>,
    /// The number of the form, as printed.
    pub form_number: Option<String>,
}

impl Numbers {
    /// The numbers in a text.
    pub fn of(text: &str) -> Self {
        let form_number =
            FORM_NUMBER.find(text).map(|hit| hit.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
        let is_year = |part: &str| ("1980"..="2039").contains(&part);
        let Some(hit) = CONTROL.captures_iter(text).find(|hit| !(is_year(&hit[1]) && is_year(&hit[2]))) else {
            return Self { form_number, ..Self::default() };
        };
        let whole = hit.get(0).expect("a match has a whole");
        Self {
            control_number: Some(format!("{}-{}", &hit[1], &hit[2])),
            expires: expires(text, whole.start(), whole.end()),
            form_number,
        }
    }
}

/// The day that ends a number which stands between two places: the first behind it, else the last before it.
fn expires(text: &str, start: usize, end: usize) -> Option<Date> {
    let last = (0..=(end + NEAR).min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let first = (0..=start.saturating_sub(NEAR)).rev().find(|at| text.is_char_boundary(*at))?;
    let behind = EXPIRES.captures_iter(&text[end..last]).find_map(|hit| day(&hit));
    behind.or_else(|| EXPIRES.captures_iter(&text[first..start]).filter_map(|hit| day(&hit)).last())
}

/// "05/31/2027", "31/12/2027", "05/2027" (its last day), "2027-05-31", "May 31, 2027", "31 de mayo de 2027".
fn day(hit: &Captures<'_>) -> Option<Date> {
    let number = |at: usize| hit.get(at).and_then(|text| text.as_str().parse::<i16>().ok());
    let (year, month, day) = if let Some(year) = number(4) {
        (year, number(5)?, number(6))
    } else if let Some(name) = hit.get(7) {
        (number(9)?, month(name.as_str())?, number(8))
    } else if let Some(name) = hit.get(11) {
        (number(12)?, month(name.as_str())?, number(10))
    } else {
        match (number(1)?, number(2)) {
            // No month has so high a number: the day stands first.
            (day @ 13.., Some(month)) => (number(3)?, month, Some(day)),
            (month, day) => (number(3)?, month, day),
        }
    };
    let year = if year < 100 { year + 2000 } else { year };
    let month = i8::try_from(month).ok()?;
    match day {
        Some(day) => Date::new(year, month, i8::try_from(day).ok()?).ok(),
        None => Some(Date::new(year, month, 1).ok()?.last_of_month()),
    }
}

/// The number of a month by the beginning of its English or Spanish name.
fn month(name: &str) -> Option<i16> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const NOMBRES: [&str; 12] = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"];
    let start = name.get(..3)?.to_ascii_lowercase();
    let among = |names: [&str; 12]| names.iter().position(|known| *known == start);
    among(NAMES).or_else(|| among(NOMBRES)).and_then(|at| i16::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_and_the_end_of_their_validity_are_read_as_they_are_printed() {
        for (text, control, expires) in [
            ("OMB No. 1234-5678\nExpires 05/31/2027", Some("1234-5678"), Some(date(2027, 5, 31))),
            ("OMB\nNo. 1234-5678\nExpires 05/31/2027", Some("1234-5678"), Some(date(2027, 5, 31))),
            ("OMB Control Number: 1234\u{2013}0001 Exp. Date: 2/2024", Some("1234-0001"), Some(date(2024, 2, 29))),
            ("Form approved OMB #0960-0066, expiration date: March 3, 2026", Some("0960-0066"), Some(date(2026, 3, 3))),
            ("OMB 0960-0066 (Exp. 12/31/26)", Some("0960-0066"), Some(date(2026, 12, 31))),
            ("Expires: 11/30/2027 OMB #3199-0042", Some("3199-0042"), Some(date(2027, 11, 30))),
            ("omb no. 3199 0042 (exp. march 31, 2024)", Some("3199-0042"), Some(date(2024, 3, 31))),
            ("Número de control OMB 3199-0044. Vence 31/12/2027.", Some("3199-0044"), Some(date(2027, 12, 31))),
            ("OMB 3199-0044. Fecha de vencimiento: 31 de agosto de 2027", Some("3199-0044"), Some(date(2027, 8, 31))),
            ("OMB 3199-0044, válido hasta el 2027-01-31", Some("3199-0044"), Some(date(2027, 1, 31))),
            ("OMB 3199-0042", Some("3199-0042"), None),
            ("Call 1234-5678; the offer expires soon", None, None),
            ("Call 3199-0042 for OMB", None, None),
            ("OMB and its plan for 2019-2023", None, None),
            ("OMB plan 2019-2023, OMB No. 2060-0012", Some("2060-0012"), None),
            ("The director of OMB signed order 11-22 in 2023-09", None, None),
            ("Your card expires 01/31/2020", None, None),
            ("Expires 13/45/2027", None, None),
        ] {
            let seen = Numbers::of(text);
            assert_eq!((seen.control_number.as_deref(), seen.expires), (control, expires), "{text}");
        }
    }

    #[test]
    fn numbers_of_forms_are_told_from_words_about_forms() {
        for (text, number) in [
            ("Standard Form 86, revised", Some("Standard Form 86")),
            ("Form AX-12 (Rev. 5/24)", Some("Form AX-12")),
            ("SF-424 Mandatory", Some("SF-424")),
            ("Formulario AX-12 (rev. 5/24)", Some("Formulario AX-12")),
            ("Llene el formulario 3 días antes", None),
            ("Fill in the form 3 days before", None),
            ("a form of address", None),
        ] {
            assert_eq!(Numbers::of(text).form_number.as_deref(), number, "{text}");
        }
    }
}
