//! The `Retry-After` header: how long a server asks to be left alone (RFC 9110, 10.2.3).
//!
//! In: the header's value and the time it was read. Out: a duration; zero for a date that has passed.
//! Invariant: all three date forms of RFC 9110, 5.6.7 are read, anything else is `None`. Never: a cap; how long is too long
//! is the crawl's question. Tested below.

use std::time::Duration;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time to wait from `now`: a number of seconds, or what is left until an HTTP date.
pub fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|digit| digit.is_ascii_digit()) {
        // More seconds than can be counted is still a wish to be left alone.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = http_date(value, now)?;
    Some(Duration::try_from(until.duration_since(now).max(SignedDuration::ZERO)).unwrap_or_default())
}

/// An HTTP date: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or "Sun Nov  6 08:49:37 1994". The name
/// of the day is not compared with the date.
fn http_date(value: &str, now: Timestamp) -> Option<Timestamp> {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    let (year, month, day, time) = match words.as_slice() {
        [_, day, month, year, time, zone] if is_utc(zone) => (number(year)?, *month, *day, *time),
        [_, date, time, zone] if is_utc(zone) => {
            let mut parts = date.split('-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            (full_year(number(year)?, now), month, day, *time)
        }
        [_, month, day, time, year] => (number(year)?, *month, *day, *time),
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let date = Date::new(year, i8::try_from(month).ok()?, number(day)?).ok()?;
    let moment = DateTime::from_parts(date, clock(time)?);
    moment.to_zoned(TimeZone::UTC).ok().map(|moment| moment.timestamp())
}

fn is_utc(zone: &str) -> bool {
    ["GMT", "UTC", "UT"].iter().any(|name| zone.eq_ignore_ascii_case(name))
}

/// "08:49:37"; the leap second, which the clock has no room for, is the second before it.
fn clock(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (number(parts.next()?)?, number(parts.next()?)?, number::<i8>(parts.next()?)?);
    let second = if second == 60 { 59 } else { second };
    parts.next().is_none().then(|| Time::new(hour, minute, second, 0).ok())?
}

/// Digits only: a sign is no part of a date.
fn number<N: std::str::FromStr>(digits: &str) -> Option<N> {
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The year that two digits mean: not more than 50 years ahead, else the last one with these digits (RFC 9110, 5.6.7).
fn full_year(year: i16, now: Timestamp) -> i16 {
    if year > 99 {
        return year;
    }
    let this_year = now.to_zoned(TimeZone::UTC).year();
    let year = this_year - this_year % 100 + year;
    if year > this_year + 50 { year - 100 } else { year }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2026-08-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn seconds_and_all_three_forms_of_dates_are_read() {
        for (value, want) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sat, 01 Aug 2026 12:01:00 GMT", Some(60)),
            ("Saturday, 01-Aug-26 12:01:00 GMT", Some(60)),
            ("Sat Aug  1 12:01:00 2026", Some(60)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(0)),
            ("Sat, 01 Aug 2026 11:00:00 GMT", Some(0)),
            ("Sat, 01 aug 2026 12:00:60 UTC", Some(59)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
            ("Sat, 32 Aug 2026 12:00:00 GMT", None),
            ("Sat, 01 Aug 2026 25:00:00 GMT", None),
            ("Sat, 01 Aug 2026 12:00 GMT", None),
            ("Sat, 01 Aug 2026 12:00:00 EST", None),
        ] {
            assert_eq!(parse(value, now()).map(|wait| wait.as_secs()), want, "{value:?}");
        }
    }

    #[test]
    fn two_digits_mean_the_nearest_year() {
        for (year, want) in [(26, 2026), (75, 2075), (77, 1977), (94, 1994), (1994, 1994)] {
            assert_eq!(full_year(year, now()), want);
        }
    }

    proptest! {
        #[test]
        fn any_value_is_read(value: String, date in "(Sat,? |[0-9:-]{1,9} |Aug |GMT){3,6}") {
            parse(&value, now());
            parse(&date, now());
        }
    }
}
