//! What the fields of forms ask people for.
//!
//! In: a field. Out: [`Asked`], what it asks for that tells one person from another. Invariant: names of fields decide, never their
//! values. Tested below and by the labelled cases of `tests/it/detectors.rs`.

use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

use super::{names, visible_text, words};
use crate::html::Element;

/// Words by which fields are known to ask for something that tells one person from another.
static ASKS: LazyLock<Vec<(Asked, Regex)>> = LazyLock::new(|| {
    let table = [
        (
            Asked::Name,
            r"\b(?:first|last|full|middle|given|family|legal|your|sur) ?name\b|^name\b|\bnombre\b|\bapellidos?\b",
        ),
        (
            Asked::Address,
            r"\b(?:street|mailing|home|postal) address\b|^address\b|\bstreet\b|\bzip\b|\bpostal code\b|\bdirecci[oó]n (?:postal|de correo postal)\b|\bdomicilio\b",
        ),
        (Asked::Email, r"\be-?mail\b|\bcorreo electr[oó]nico\b"),
        (Asked::Telephone, r"\b(?:tele)?phone\b|\bmobile number\b|\btel[eé]fono\b"),
        (Asked::Birth, r"\b(?:date of birth|birth ?date|dob|birthday|fecha de nacimiento)\b"),
        (Asked::SocialSecurity, r"\bsocial security (?:number|no\b|#)|\bssn\b|\bseguro social\b"),
        (
            Asked::Identifier,
            r"\b(?:passport|driver'?s? license|alien registration|a-number|taxpayer identification|tin|medicare|claim|account) ?(?:number|no\b|#|id)|\bpasaporte\b",
        ),
        (Asked::Money, r"\b(?:bank account|routing number|credit card|card number|annual income|cuenta bancaria)\b"),
        (Asked::Health, r"\b(?:diagnosis|medical (?:record|condition|history)|disability type|enfermedad)\b"),
    ];
    let compile = |(asked, pattern): (Asked, &str)| (asked, Regex::new(pattern).expect("a constant pattern"));
    table.into_iter().map(compile).collect()
});

/// What a form asks for that tells one person from another.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// A name.
    Name,
    /// Where somebody lives or gets mail.
    Address,
    /// A mail address.
    Email,
    /// A telephone number.
    Telephone,
    /// The day of birth.
    Birth,
    /// A Social Security number.
    SocialSecurity,
    /// Another number that stands for a person.
    Identifier,
    /// Accounts, cards, income.
    Money,
    /// Matters of health.
    Health,
}

/// What a field asks for, by its token, its accessible name, its name and its id.
pub(super) fn asked(field: &Element<'_>) -> Option<Asked> {
    let by_token = field.attr("autocomplete").and_then(|tokens| match tokens.split_whitespace().last()? {
        "name" | "given-name" | "family-name" => Some(Asked::Name),
        "street-address" | "address-line1" | "postal-code" => Some(Asked::Address),
        "email" => Some(Asked::Email),
        "tel" | "tel-national" => Some(Asked::Telephone),
        "bday" => Some(Asked::Birth),
        "cc-number" => Some(Asked::Money),
        _ => None,
    });
    let by_type = || match field.attr("type").map(str::trim) {
        Some("email") => Some(Asked::Email),
        Some("tel") => Some(Asked::Telephone),
        _ => None,
    };
    let find = |text: &str| ASKS.iter().rev().find(|(_, words)| words.is_match(text)).map(|(asked, _)| *asked);
    let named = || find(names::folded(field));
    let spelled = || {
        let spelled = ["name", "id"].into_iter().filter_map(|attribute| field.attr(attribute)).map(spaced);
        spelled.collect::<Vec<_>>().iter().find_map(|text| find(text))
    };
    let labelled = || {
        field
            .ancestors()
            .take(1)
            .find(|around| around.name() == "label")
            .and_then(|label| find(&words::fold(&visible_text(label))))
    };
    by_token.or_else(by_type).or_else(named).or_else(labelled).or_else(spelled)
}

/// A name as programs write it, as words: "applicantSSN" is "applicant ssn".
fn spaced(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            words.push(' ');
        }
        words.push(if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_by_token_label_and_name() {
        let html = "<form><input id=a autocomplete=bday><label for=b>Social Security number</label><input id=b>\
            <input id=c name=applicantSSN><input id=d type=email><label>Date of birth <input id=e></label><input id=f name=color></form>";
        let document = crate::html::Document::parse(html);
        let asked = |id: &str| asked(&document.by_id(id).expect("it is there"));
        assert_eq!(asked("a"), Some(Asked::Birth));
        assert_eq!(asked("b"), Some(Asked::SocialSecurity));
        assert_eq!(asked("c"), Some(Asked::SocialSecurity));
        assert_eq!(asked("d"), Some(Asked::Email));
        assert_eq!(asked("e"), Some(Asked::Birth));
        assert_eq!(asked("f"), None);
    }
}
