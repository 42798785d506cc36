//! What the text of a document says that it is: a form, a numbered one, one to sign.
//!
//! In: a [`Document`] with its text. Out: the same with what was found. Invariants: a sign is a whole phrase; one sign alone makes no
//! form, and neither does a text that says of itself that it explains one. Labelled cases: `tests/it/documents/labelled.rs`.

use jiff::civil::{Date, date};
use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

use super::{Document, Form};

/// Signs that make a form of a text without fields.
const ENOUGH: usize = 3;
/// Octets of the text in which a document says what it is.
const BEGINNING: usize = 400;

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?im){text}")).expect("a constant pattern")
}

static CONTROL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bOMB\b[^\n]{0,40}?\b(\d{4})\s?[-\u{2010}-\u{2015}]\s?(\d{4})\b"));
static EXPIRES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bexp(?:\.|ires|iration)?(?:\s+date)?\s*:?\s*(?:on\s+)?(?:(\d{1,2})\s?/\s?(?:(\d{1,2})\s?/\s?)?(\d{4}|\d{2})\b|(\d{4})-(\d{2})-(\d{2})|([a-z]{3,9})\.?\s+(?:(\d{1,2}),?\s+)?(\d{4}))",
    )
});
static FORM_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    // With regard to case: "the form 3 days before" is no number of a form.
    let text = r"\b((?:Standard Form|Optional Form|STANDARD FORM|OPTIONAL FORM|(?:[A-Z]{1,5} )?(?:Form|FORM)|SF|OF)(?: (?:No\.?|Number|NO\.?|NUMBER))?[ -]{1,3}(?:[A-Z]{1,6}[ -]?)?\d{1,5}(?:[-.]?\d{1,4}|[-.]?[A-Z]{1,4}\b)*)";
    Regex::new(text).expect("a constant pattern")
});
static SIGN_LINE: LazyLock<Regex> = LazyLock::new(|| {
    let who = "(?:applicant|claimant|employee|parent|guardian|witness|owner|spouse|beneficiary|officer|requester|requestor|person|patient|student|official|representative|borrower|tenant|taxpayer)";
    let end = r"[ \t]*(?:_{3}|:|$|\(|(?:and[ \t]+)?date\b)";
    pattern(&format!(
        r"(?:\b(?:your|{who}(?:'s|\u{{2019}}s)?)[ \t]+signature{end}|^\W*(?:\d+\w?[.)][ \t]*)?signature{end}|\bsignature[ \t]+of[ \t]+(?:the[ \t]+)?(?:\w+[ \t]+){{0,2}}{who}\w*{end}|\bsign(?:ature)?[ \t]*(?:here|:)?[ \t]*_{{4}}|_{{5,}}[ \t]*\n?[ \t]*\(?signature)"
    ))
});
static EXPLAINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:instructions\s+(?:for|to)|how\s+to\s+(?:complete|fill)|guide\s+to|sample\b|example\s+of|fact\s+sheet|annual\s+report|press\s+release)",
    )
});
static WAIT: LazyLock<Regex> = LazyLock::new(|| pattern(r"please\s+wait\W{0,10}\s+if\s+this\s+message"));

/// What forms say, and how it is told to people.
static SIGNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let signs = [
        ("lines to write on", r"_{8,}[\s\S]{0,2000}?_{8,}[\s\S]{0,2000}?_{8,}"),
        (
            "boxes to tick",
            r"(?:[\u{2610}\u{25a1}\u{25a2}\u{274f}\u{2751}\u{f06f}\u{f0a8}]|\[\s{1,3}\]|\(\s{2,4}\))[\s\S]{0,600}?(?:[\u{2610}\u{25a1}\u{25a2}\u{274f}\u{2751}\u{f06f}\u{f0a8}]|\[\s{1,3}\]|\(\s{2,4}\))",
        ),
        (
            "what people are asked for",
            r"(?:date\s+of\s+birth|social\s+security\s+(?:number|no)|zip\s+code|(?:daytime\s+)?(?:tele)?phone\s+(?:number|no)|mailing\s+address|e-?mail\s+address\s*[:_]|(?:last|first|middle)\s+name|name\s+of\s+(?:applicant|claimant|employee|child)|city\s*[,/]\s*state)[\s\S]{0,1500}?(?:date\s+of\s+birth|social\s+security\s+(?:number|no)|zip\s+code|(?:tele)?phone\s+(?:number|no)|mailing\s+address|(?:last|first|middle)\s+name|signature|city\s*[,/]\s*state)",
        ),
        (
            "how to fill it in",
            r"\b(?:please\s+(?:print|type)\b|print\s+(?:clearly|legibly|or\s+type)|type\s+or\s+print|check\s+(?:one|all\s+that\s+apply|the\s+(?:box|appropriate))|(?:for|agency)\s+(?:official|office|agency|internal)\s+use\s+only|do\s+not\s+write\s+(?:in|below)|attach\s+additional\s+(?:sheets|pages))",
        ),
        (
            "a promise that it is true",
            r"\b(?:under\s+penalty\s+of\s+perjury|i\s+(?:hereby\s+)?(?:certify|declare|affirm|authorize)\b)",
        ),
    ];
    signs.into_iter().map(|(words, text)| (words, pattern(text))).collect()
});

/// The numbers that forms carry.
#[derive(Clone, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Numbers {
    /// The control number of the collection, "0000-0000".
    pub control_number: Option<String>,
    /// The day printed as the end of that number.
    pub expires: Option<Date>,
    /// The number of the form, as printed.
    pub form_number: Option<String>,
}

impl Numbers {
    /// The numbers in a text.
    pub fn of(text: &str) -> Self {
        let number = FORM_NUMBER.find(text).map(|hit| hit.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
        Self {
            control_number: CONTROL.captures(text).map(|hit| format!("{}-{}", &hit[1], &hit[2])),
            expires: EXPIRES.captures_iter(text).find_map(|hit| day(&hit)),
            form_number: number,
        }
    }
}

/// Looks for everything that the text of a document tells.
pub(super) fn look(document: &mut Document) {
    let text = &document.text;
    document.numbers = Numbers::of(text);
    document.signed_by_hand = SIGN_LINE.is_match(text);
    if document.form == Form::Xfa && WAIT.is_match(text) {
        document.form = Form::DynamicXfa;
    }
    if document.form == Form::None {
        let signs = signs(document);
        if signs.len() >= ENOUGH && !explains(document) {
            document.form = Form::Flat;
            document.signs = signs;
        }
    }
}

fn signs(document: &Document) -> Vec<String> {
    let text = &document.text;
    let mut found: Vec<String> =
        SIGNS.iter().filter(|(_, sign)| sign.is_match(text)).map(|(words, _)| (*words).to_string()).collect();
    if document.signed_by_hand {
        found.push("a line to sign on".to_string());
    }
    if document.numbers.control_number.is_some() || document.numbers.form_number.is_some() {
        found.push("a number of a form".to_string());
    }
    found
}

/// True when the beginning or the title says that the text is about a form.
fn explains(document: &Document) -> bool {
    let end =
        (0..=BEGINNING.min(document.text.len())).rev().find(|at| document.text.is_char_boundary(*at)).unwrap_or(0);
    EXPLAINS.is_match(&document.text[..end]) || document.title.as_deref().is_some_and(|title| EXPLAINS.is_match(title))
}

/// The day of an expiry: "05/31/2027", "05/2027" (its last day), "2027-05-31", "May 31, 2027".
fn day(hit: &Captures<'_>) -> Option<Date> {
    let number = |at: usize| hit.get(at).and_then(|text| text.as_str().parse::<i16>().ok());
    let (year, month, day) = if let Some(year) = number(4) {
        (year, number(5)?, number(6))
    } else if let Some(name) = hit.get(7) {
        (number(9)?, month(name.as_str())?, number(8))
    } else {
        (number(3)?, number(1)?, number(2))
    };
    let year = if year < 100 { year + 2000 } else { year };
    let month = i8::try_from(month).ok()?;
    match day {
        Some(day) => Date::new(year, month, i8::try_from(day).ok()?).ok(),
        None => Some(Date::new(year, month, 1).ok()?.last_of_month()),
    }
}

fn month(name: &str) -> Option<i16> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = name.get(..3)?.to_ascii_lowercase();
    NAMES.iter().position(|known| *known == start).and_then(|at| i16::try_from(at + 1).ok())
}

/// The first day on which dates in documents make sense; what is before is a slip.
pub(super) const FIRST: Date = date(1980, 1, 1);

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(text: &str) -> Document {
        let mut document = Document { text: text.to_string(), ..Document::default() };
        look(&mut document);
        document
    }

    #[test]
    fn numbers_and_the_end_of_their_validity_are_read_as_they_are_printed() {
        for (text, control, expires) in [
            ("OMB No. 1234-5678\nExpires 05/31/2027", Some("1234-5678"), Some(date(2027, 5, 31))),
            ("OMB Control Number: 1234\u{2013}0001 Exp. Date: 2/2024", Some("1234-0001"), Some(date(2024, 2, 29))),
            ("Form approved OMB #0960-0066, expiration date: March 3, 2026", Some("0960-0066"), Some(date(2026, 3, 3))),
            ("OMB 0960-0066 (Exp. 12/31/26)", Some("0960-0066"), Some(date(2026, 12, 31))),
            ("Call 1234-5678; the offer expires soon", None, None),
            ("Expires 13/45/2027", None, None),
        ] {
            let seen = looked(text);
            assert_eq!((seen.numbers.control_number.as_deref(), seen.numbers.expires), (control, expires), "{text}");
        }
        for (text, number) in [
            ("Standard Form 86, revised", Some("Standard Form 86")),
            ("Form AX-12 (Rev. 5/24)", Some("Form AX-12")),
            ("SF-424 Mandatory", Some("SF-424")),
            ("Fill in the form 3 days before", None),
            ("a form of address", None),
        ] {
            assert_eq!(looked(text).numbers.form_number.as_deref(), number, "{text}");
        }
    }

    #[test]
    fn several_signs_make_a_form_and_instructions_are_none() {
        let form = "Form AX-7\nPlease print clearly\nLast name ________________ First name ________________\nDate of birth ______________\nSignature: ______________";
        let seen = looked(form);
        assert_eq!((seen.form, seen.signed_by_hand), (Form::Flat, true), "{:?}", seen.signs);
        assert_eq!(looked(&format!("Instructions for Form AX-7\n{form}")).form, Form::None);
        assert_eq!(looked("The annual plan of the agency. Form follows function.").form, Form::None);
    }
}
