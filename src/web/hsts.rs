//! The `Strict-Transport-Security` header (RFC 6797, 6.1).
//!
//! In: the values of the header in the order they came. Out: [`Hsts`]: what a browser would remember, and what is wrong.
//! Invariant: as 8.1 asks, only the first header counts and one that breaks the grammar counts for nothing; the reason is
//! kept. Never: whether a duration is long enough. Tested below.

/// What a browser takes from the header. All empty when there was none, or one that must be ignored.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Hsts {
    /// Seconds the promise lasts; 0 takes it back. `None` when nothing valid was sent.
    pub max_age: Option<u64>,
    /// Whether it holds for every host below this one.
    pub include_subdomains: bool,
    /// Whether the owner agrees to be listed in browsers (no part of RFC 6797; asked for by the preload list).
    pub preload: bool,
    /// What is wrong with the header.
    pub problems: Vec<HstsProblem>,
}

/// A fault of the header.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HstsProblem {
    /// More headers than one; browsers read the first.
    #[error("the header was sent {0} times; browsers read the first only")]
    Repeated(usize),
    /// The same directive twice, so the header is ignored.
    #[error("the directive `{0}` stands twice, so browsers ignore the header")]
    Duplicate(String),
    /// Something that is no directive, so the header is ignored.
    #[error("`{0}` is no directive, so browsers ignore the header")]
    Malformed(String),
    /// No `max-age`, so the header is ignored.
    #[error("`max-age` is missing, so browsers ignore the header")]
    NoMaxAge,
    /// A `max-age` that is no number, so the header is ignored.
    #[error("`max-age` is `{0}`, which is no number of seconds, so browsers ignore the header")]
    BadMaxAge(String),
}

impl Hsts {
    /// Reads the values of every `Strict-Transport-Security` header of one answer.
    pub fn parse<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Self::default() };
        let mut reading = read(first).unwrap_or_else(|problem| Self { problems: vec![problem], ..Self::default() });
        let more = values.count();
        if more > 0 {
            reading.problems.push(HstsProblem::Repeated(more + 1));
        }
        reading
    }
}

fn read(value: &str) -> Result<Hsts, HstsProblem> {
    let mut hsts = Hsts::default();
    let mut seen: Vec<String> = Vec::new();
    for directive in directives(value).into_iter().map(str::trim).filter(|directive| !directive.is_empty()) {
        let malformed = || HstsProblem::Malformed(directive.to_string());
        let (name, argument) = match directive.split_once('=') {
            Some((name, argument)) => (name.trim_end(), Some(unquoted(argument.trim_start()).ok_or_else(malformed)?)),
            None => (directive, None),
        };
        if !is_token(name) {
            return Err(malformed());
        }
        let name = name.to_ascii_lowercase();
        if seen.contains(&name) {
            return Err(HstsProblem::Duplicate(name));
        }
        match name.as_str() {
            "max-age" => hsts.max_age = Some(seconds(&argument.unwrap_or_default())?),
            "includesubdomains" if argument.is_some() => return Err(malformed()),
            "includesubdomains" => hsts.include_subdomains = true,
            "preload" => hsts.preload = true,
            // Extensions are ignored (6.1, point 5).
            _ => {}
        }
        seen.push(name);
    }
    if hsts.max_age.is_none() {
        return Err(HstsProblem::NoMaxAge);
    }
    Ok(hsts)
}

/// The parts between semicolons that stand in no quotes.
fn directives(value: &str) -> Vec<&str> {
    let mut in_quotes = false;
    let mut escaped = false;
    value
        .split(|c: char| {
            let literal = std::mem::take(&mut escaped);
            match c {
                '"' if !literal => in_quotes = !in_quotes,
                '\\' if in_quotes && !literal => escaped = true,
                _ => {}
            }
            c == ';' && !in_quotes
        })
        .collect()
}

/// A value as token or quoted string; `None` when it is neither.
fn unquoted(value: &str) -> Option<String> {
    let Some(inside) = value.strip_prefix('"') else {
        return is_token(value).then(|| value.to_string());
    };
    let inside = inside.strip_suffix('"')?;
    let mut text = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => text.push(chars.next()?),
            c => text.push(c),
        }
    }
    Some(text)
}

/// A number of seconds; one too large to count lasts as long as can be counted.
fn seconds(value: &str) -> Result<u64, HstsProblem> {
    if value.is_empty() || !value.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(HstsProblem::BadMaxAge(value.to_string()));
    }
    Ok(value.parse().unwrap_or(u64::MAX))
}

/// RFC 9110, 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_valid_header_is_read_whatever_its_spelling() {
        for (value, want) in [
            ("max-age=31536000", (31_536_000, false, false)),
            ("max-age=\"31536000\" ; includeSubDomains; preload", (31_536_000, true, true)),
            ("INCLUDESUBDOMAINS;Max-Age = 0;", (0, true, false)),
            (";; max-age=1; future=\"a;b\"; other", (1, false, false)),
            ("max-age=99999999999999999999999", (u64::MAX, false, false)),
        ] {
            let hsts = Hsts::parse([value]);
            assert_eq!((hsts.max_age.unwrap(), hsts.include_subdomains, hsts.preload), want, "{value}");
            assert_eq!(hsts.problems, [], "{value}");
        }
    }

    #[test]
    fn a_broken_header_counts_for_nothing_and_says_why() {
        use HstsProblem::{BadMaxAge, Duplicate, Malformed, NoMaxAge};
        for (value, want) in [
            ("", NoMaxAge),
            ("includeSubDomains", NoMaxAge),
            ("max-age", BadMaxAge("".into())),
            ("max-age=-1; includeSubDomains", BadMaxAge("-1".into())),
            ("max-age=1y", BadMaxAge("1y".into())),
            ("max-age=1; max-age=2", Duplicate("max-age".into())),
            ("max-age=1, max-age=2", Malformed("max-age=1, max-age=2".into())),
            ("max-age=1 includeSubDomains", Malformed("max-age=1 includeSubDomains".into())),
            ("max-age=\"1; preload", Malformed("max-age=\"1; preload".into())),
            ("max-age=1; includeSubDomains=true", Malformed("includeSubDomains=true".into())),
        ] {
            assert_eq!(Hsts::parse([value]), Hsts { problems: vec![want], ..Hsts::default() }, "{value}");
        }
    }

    #[test]
    fn only_the_first_of_several_headers_counts() {
        let hsts = Hsts::parse(["max-age=1", "max-age=2; preload"]);
        assert_eq!((hsts.max_age, hsts.preload), (Some(1), false));
        assert_eq!(hsts.problems, [HstsProblem::Repeated(2)]);
        assert_eq!(Hsts::parse([]), Hsts::default());
    }

    proptest! {
        #[test]
        fn any_value_is_read(value in "[\\\\\";= a-z0-9é]{0,20}") {
            Hsts::parse([value.as_str()]);
        }
    }
}
