//! Dates in running text, in English and Spanish.
//!
//! In: folded text. Out: [`Written`] dates with their places, in order. Read are "november 3, 2026", "3 november 2026", "nov 2026", "3 de
//! noviembre de 2026", "11/03/2026" (month before day; in Spanish text it may be the other way round, so only what has one meaning
//! is read), "2026-11-03". Invariant: one pass with one pattern; years before 1990 and after 2100 are no dates of pages. Tested below.

use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A date as it stands in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Written {
    /// The day; of a month without a day the last.
    pub day: Date,
    /// Where it stands, in octets.
    pub at: Range<usize>,
    /// Whether a day of the month is named.
    pub is_exact: bool,
}

/// Years a page may bear.
const YEARS: Range<i16> = 1990..2101;

const MONTHS: [(&str, i8); 36] = [
    ("jan", 1),
    ("ene", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("abr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("dic", 12),
    ("january", 1),
    ("enero", 1),
    ("february", 2),
    ("febrero", 2),
    ("march", 3),
    ("marzo", 3),
    ("april", 4),
    ("abril", 4),
    ("mayo", 5),
    ("june", 6),
    ("junio", 6),
    ("july", 7),
    ("julio", 7),
    ("august", 8),
    ("agosto", 8),
    ("sept", 9),
    ("octubre", 10),
    ("diciembre", 12),
    ("december", 12),
];

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let month = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|\
                 dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|setiembre|octubre|noviembre|diciembre|ene|abr|\
                 ago|dic";
    let year = r"(?:19|20)\d\d";
    let forms = [
        // As Unix writes it: "jan 7 11:28:52 pst 2000".
        format!(
            r"(?P<m5>{month}) (?P<d5>\d{{1,2}}) \d{{1,2}}:\d\d(?::\d\d)? (?:[ap]\.?m\.? )?(?:[a-z]{{2,5}} ){{0,2}}(?P<y5>{year})\b"
        ),
        format!(
            r"(?P<m1>{month})\.?[ ,]{{1,2}}(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,? ?)?(?:of |de |del )?(?P<y1>{year})\b"
        ),
        format!(
            r"(?P<d2>\d{{1,2}})(?:st|nd|rd|th|º|°)?[ -](?:de )?(?P<m2>{month})\.?[ ,-]{{1,2}}(?:de |del )?(?P<y2>{year})\b"
        ),
        format!(r"(?P<y3>{year})[-/.](?P<m3>\d\d)[-/.](?P<d3>\d\d)\b"),
        format!(r"(?P<a>\d{{1,2}})(?P<s>[/.-])(?P<b>\d{{1,2}})[/.-](?P<y4>{year}|\d\d)\b"),
    ];
    let pattern = format!(r"\b(?:{})", forms.join("|"));
    Regex::new(&pattern).expect("a constant pattern")
});

/// The dates in folded text, in order; `order` says how 03/04/2026 is read.
pub fn written(folded: &str, order: Order) -> impl Iterator<Item = Written> + '_ {
    DATE.captures_iter(folded).filter_map(move |found| {
        let at = found.get(0)?.range();
        let text = |name: &str| found.name(name).map(|group| group.as_str());
        let number = |name: &str| text(name).and_then(|digits| digits.parse::<i16>().ok());
        let (year, month, day) = if let Some(year) = number("y5") {
            (year, month_of(text("m5")?)?, number("d5"))
        } else if let Some(year) = number("y1") {
            (year, month_of(text("m1")?)?, number("d1"))
        } else if let Some(year) = number("y2") {
            (year, month_of(text("m2")?)?, number("d2"))
        } else if let Some(year) = number("y3") {
            (year, i8::try_from(number("m3")?).ok()?, number("d3"))
        } else {
            let (month, day) = slashed(number("a")?, number("b")?, order)?;
            let year = number("y4")?;
            let short = text("y4").is_some_and(|year| year.len() == 2);
            // Two digits: this century up to 50, as far as points do not make a version or an address of it.
            if short && text("s") != Some("/") {
                return None;
            }
            let year = if !short { year } else { year + if year < 50 { 2000 } else { 1900 } };
            (year, month, Some(day))
        };
        if !YEARS.contains(&year) {
            return None;
        }
        let read = match day {
            Some(day) => Date::new(year, month, i8::try_from(day).ok()?).ok()?,
            None => Date::new(year, month, 1).ok()?.last_of_month(),
        };
        Some(Written { day: read, at, is_exact: day.is_some() })
    })
}

/// How a date of numbers is read that could be read in two ways.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// Month before day, as in the United States.
    MonthFirst,
    /// Nobody knows, so it is no date.
    Unknown,
}

/// The first date of a text.
pub fn first_written(folded: &str, order: Order) -> Option<Written> {
    written(folded, order).next()
}

/// Month and day of two numbers; where both orders are possible the reader's order decides, if it is known.
fn slashed(a: i16, b: i16, order: Order) -> Option<(i8, i16)> {
    let month_first = match (a > 12, b > 12) {
        (true, true) => return None,
        (true, false) => false,
        (false, true) => true,
        (false, false) if a == b || order == Order::MonthFirst => true,
        (false, false) => return None,
    };
    let (month, day) = if month_first { (a, b) } else { (b, a) };
    Some((i8::try_from(month).ok()?, day))
}

fn month_of(name: &str) -> Option<i8> {
    let name = name.trim_end_matches('.');
    let exact = MONTHS.iter().find(|(known, _)| *known == name);
    let by_beginning = || MONTHS.iter().find(|(known, _)| known.len() == 3 && name.starts_with(known));
    exact.or_else(by_beginning).map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_english_and_spanish_and_only_with_one_meaning() {
        for (text, order, days) in [
            ("updated november 3, 2026", Order::Unknown, vec!["2026-11-03"]),
            ("as of nov. 2026.", Order::Unknown, vec!["2026-11-30"]),
            ("3 november 2026 and 4th march 2025", Order::Unknown, vec!["2026-11-03", "2025-03-04"]),
            ("3 de noviembre de 2026", Order::Unknown, vec!["2026-11-03"]),
            ("1º de enero del 2025", Order::Unknown, vec!["2025-01-01"]),
            ("15 septiembre 2024; 1 de setiembre de 2024", Order::Unknown, vec!["2024-09-15", "2024-09-01"]),
            ("03/04/2026", Order::Unknown, vec![]),
            ("03/04/2026", Order::MonthFirst, vec!["2026-03-04"]),
            ("13/04/2026 04/13/2026", Order::Unknown, vec!["2026-04-13", "2026-04-13"]),
            ("2026-11-03 and 2026/11/04", Order::Unknown, vec!["2026-11-03", "2026-11-04"]),
            ("8/9/99", Order::MonthFirst, vec!["1999-08-09"]),
            (
                "fri jan 7 11:28:52 pst 2000; thu may 21 20:10:49 met dst 1998",
                Order::Unknown,
                vec!["2000-01-07", "1998-05-21"],
            ),
            ("mayo de 2023", Order::Unknown, vec!["2023-05-31"]),
            ("9-aug-1999", Order::Unknown, vec!["1999-08-09"]),
            ("version 10.1.23, room 12-14-16", Order::MonthFirst, vec![]),
            ("february 30, 2026", Order::Unknown, vec![]),
            ("maybe 2026, march on 2026 people", Order::Unknown, vec![]),
            ("call 555-12-2026", Order::Unknown, vec![]),
            ("december 1, 1850", Order::Unknown, vec![]),
        ] {
            let found: Vec<String> = written(text, order).map(|date| date.day.to_string()).collect();
            assert_eq!(found, days, "{text}");
        }
    }

    #[test]
    fn every_month_is_known_by_its_whole_name() {
        for (at, name) in [
            "january february march april may june july august september october november december",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        ]
        .iter()
        .flat_map(|names| names.split(' ').enumerate())
        {
            assert_eq!(month_of(name), Some(at as i8 + 1), "{name}");
        }
    }
}
