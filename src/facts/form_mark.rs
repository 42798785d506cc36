//! What is kept of a form on the web: what it asks for, under which number, and where it sends the answers.
//!
//! In: a page. Out: [`FormMark`]s of forms that ask people for data. The number of an approval is searched in the page's text, because
//! it stands beside the form and not in it. Invariant: names of fields decide, never their values. Tested below and by the labelled cases.

use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::dates::{Order, first_written};
use super::{PageFacts, forms, names, visible_text, words};
use crate::html::{Element, Selector};
use crate::web::address;

/// Octets after a number in which its day of expiry stands.
const NEAR: usize = 160;

static FORMS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("form").expect("a constant selector"));

/// "omb control number: 3199-0042", "omb no. 3199-0042", "omb #3199-0042", "número de control omb 3199-0042".
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\bomb\b[^0-9]{0,40}(?P<number>\d{4}[- ]\d{4})\b").expect("a constant pattern"));
static EXPIRES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:exp(?:ires?|iration|iry|\.)?|vence|vencimiento|caduca)\b(?: date)?[^0-9]{0,30}")
        .expect("a constant pattern")
});

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

/// What is kept of a form.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FormMark {
    /// Fields that people fill in.
    pub fields: u32,
    /// What it asks for, by the names and labels of its fields.
    pub asks: BTreeSet<Asked>,
    /// Answers are written into the address.
    pub by_address: bool,
    /// The host that gets the answers, where it is not the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sends_to: Option<String>,
    /// The control number on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_number: Option<String>,
    /// When the approval ends; of a month the last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// The page says how long answering takes.
    pub burden: bool,
    /// The page has a statement on the use of the answers: authority, purpose, uses.
    pub privacy_statement: bool,
    /// The page links to a privacy policy or notice.
    pub privacy_link: bool,
}

/// The control number on a page and the day its approval ends.
pub fn control_number(folded: &str) -> Option<(String, Option<Date>)> {
    let found = NUMBER.captures(folded)?;
    let (whole, number) = (found.get(0)?, found.name("number")?.as_str().replace(' ', "-"));
    let end = (0..=(whole.end() + NEAR).min(folded.len())).rev().find(|at| folded.is_char_boundary(*at))?;
    let start = (0..=whole.start().saturating_sub(NEAR)).rev().find(|at| folded.is_char_boundary(*at))?;
    let day = |near: &str| {
        let label = EXPIRES.find_iter(near).last()?;
        let date = first_written(&near[label.start()..], Order::MonthFirst)?;
        (date.at.start <= label.len() + 4).then_some(date.day).or_else(|| (date.at.start < 40).then_some(date.day))
    };
    let expires = day(&folded[whole.end()..end]).or_else(|| day(&folded[start..whole.start()]));
    Some((number, expires.or_else(|| month_and_year(&folded[whole.end()..end]))))
}

/// "exp. 02/2027": the last day of the month.
fn month_and_year(near: &str) -> Option<Date> {
    static MONTH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\bexp[a-z. :]{0,24}(\d{1,2})/(20\d\d)\b").expect("a constant pattern"));
    let found = MONTH.captures(near)?;
    let number = |at: usize| found.get(at).and_then(|group| group.as_str().parse::<i16>().ok());
    Date::new(number(2)?, i8::try_from(number(1)?).ok()?, 1).ok().map(Date::last_of_month)
}

/// The forms of a page that ask people for data.
pub fn form_marks(page: &PageFacts<'_>) -> Vec<FormMark> {
    let Some(document) = page.document.filter(|_| page.has_data_form()) else { return Vec::new() };
    let text = page.text();
    let (control_number, expires) = control_number(text).map_or((None, None), |(number, day)| (Some(number), day));
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| words::contains(text, phrase));
    let statement = says(&["privacy act statement", "privacy act notice", "declaración de la ley de privacidad"])
        || (says(&["authority"]) && says(&["purpose"]) && says(&["routine uses", "routine use"]));
    let link = page.links().iter().any(|link| link.name.contains("privacy") || link.name.contains("privacidad"));
    let forms = document.select(&FORMS).filter(forms::is_data_form);
    forms
        .map(|form| FormMark {
            fields: forms::fields(&form).count() as u32,
            asks: forms::fields(&form).filter_map(|field| asked(&field)).collect(),
            by_address: !form.attr("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post")),
            sends_to: sends_to(&form, page),
            control_number: control_number.clone(),
            expires,
            burden: says(&["paperwork reduction act", "paperwork burden", "burden", "ley de reducción de trámites"]),
            privacy_statement: statement,
            privacy_link: link,
        })
        .collect()
}

fn sends_to(form: &Element<'_>, page: &PageFacts<'_>) -> Option<String> {
    let target = page.base().join(form.attr("action")?.trim()).ok()?;
    let host = target.host_str()?;
    (!address::same_site(&target, page.url())).then(|| host.to_string())
}

/// What a field asks for, by its token, its accessible name, its name and its id.
pub fn asked(field: &Element<'_>) -> Option<Asked> {
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
    let named = || find(&words::fold(names::name(field)));
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
    fn control_numbers_are_read_with_the_day_they_end() {
        for (text, number, day) in [
            ("omb control number: 3199-0042. expiration date: 12/31/2028.", Some("3199-0042"), Some("2028-12-31")),
            ("omb no. 3199-0042 (exp. march 31, 2024)", Some("3199-0042"), Some("2024-03-31")),
            ("omb no. 3199-0042 exp. 02/2027", Some("3199-0042"), Some("2027-02-28")),
            ("expires: 11/30/2027 omb #3199-0042", Some("3199-0042"), Some("2027-11-30")),
            ("omb 3199-0042", Some("3199-0042"), None),
            ("call 3199-0042 for omb", None, None),
            ("the director of omb signed m-23-22 in 2023-09", None, None),
        ] {
            let found = control_number(text);
            assert_eq!(found.as_ref().map(|(number, _)| number.as_str()), number, "{text}");
            assert_eq!(found.and_then(|(_, day)| day).map(|day| day.to_string()).as_deref(), day, "{text}");
        }
    }

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
