//! `autocomplete`: the `autocomplete` of a field says what browsers and assistive technology understand.
//!
//! In: a page. Out: one verdict for each exposed, enabled field with such tokens (HTML, 4.10.18.7.1). Whether the token fits what
//! the field asks for is not judged. Tested by the rules that use it and by the ACT cases (73f2c2).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, focus, visibility};
use crate::html::Element;
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "autocomplete",
    asks: "Is the autocomplete attribute of each field one that browsers understand?",
    scope: Scope::Page,
    parameters: &[],
    build: page::<Autocomplete>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Autocomplete {}

/// Autofill fields (HTML, 4.10.18.7.1, first column of the table).
const FIELDS: [&str; 44] = [
    "name",
    "honorific-prefix",
    "given-name",
    "additional-name",
    "family-name",
    "honorific-suffix",
    "nickname",
    "username",
    "new-password",
    "current-password",
    "one-time-code",
    "organization-title",
    "organization",
    "street-address",
    "address-line1",
    "address-line2",
    "address-line3",
    "address-level4",
    "address-level3",
    "address-level2",
    "address-level1",
    "country",
    "country-name",
    "postal-code",
    "cc-name",
    "cc-given-name",
    "cc-additional-name",
    "cc-family-name",
    "cc-number",
    "cc-exp",
    "cc-exp-month",
    "cc-exp-year",
    "cc-csc",
    "cc-type",
    "transaction-currency",
    "transaction-amount",
    "language",
    "bday",
    "bday-day",
    "bday-month",
    "bday-year",
    "sex",
    "url",
    "photo",
];

/// Autofill fields that may follow the kind of contact: "work email".
const CONTACTS: [&str; 10] = [
    "tel",
    "tel-country-code",
    "tel-national",
    "tel-area-code",
    "tel-local",
    "tel-local-prefix",
    "tel-local-suffix",
    "tel-extension",
    "email",
    "impp",
];

impl PageCheck for Autocomplete {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        document.with_attr("autocomplete").filter_map(|element| verdict(&element)).collect()
    }
}

fn verdict(field: &Element<'_>) -> Option<Verdict> {
    let value = field.attr("autocomplete")?.trim().to_ascii_lowercase();
    let is_said = !value.is_empty() && !matches!(value.as_str(), "on" | "off");
    if !is_said || !is_fillable(field) || !visibility::is_exposed(field) {
        return None;
    }
    let observed = format!("autocomplete is \"{value}\"");
    let right = is_right(&value.split_ascii_whitespace().collect::<Vec<_>>());
    let expected = "an autofill name of the HTML standard, such as \"given-name\" or \"shipping postal-code\"";
    Some(if right { field.at().pass(observed) } else { field.heard().fail(observed, expected) })
}

fn is_fillable(field: &Element<'_>) -> bool {
    let kind = field.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
    let is_field = match field.name() {
        "select" | "textarea" => true,
        "input" => {
            !matches!(kind.as_str(), "hidden" | "button" | "submit" | "reset" | "image" | "checkbox" | "radio" | "file")
        }
        _ => false,
    };
    let said_disabled = field.attr("aria-disabled").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
    is_field && !focus::is_disabled(field) && !said_disabled
}

/// `[section-*] [shipping|billing] (field | [home|work|mobile|fax|pager] contact) [webauthn]`.
fn is_right(tokens: &[&str]) -> bool {
    let mut rest = tokens;
    let mut skip = |wanted: &dyn Fn(&str) -> bool| {
        let found = rest.first().is_some_and(|token| wanted(token));
        if found {
            rest = &rest[1..];
        }
        found
    };
    skip(&|token| token.starts_with("section-") && token.len() > "section-".len());
    skip(&|token| matches!(token, "shipping" | "billing"));
    let reached = skip(&|token| matches!(token, "home" | "work" | "mobile" | "fax" | "pager"));
    let named = skip(&|token| CONTACTS.contains(&token) || !reached && FIELDS.contains(&token));
    skip(&|token| token == "webauthn");
    named && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_in_the_order_the_standard_gives() {
        for (value, right) in [
            ("email", true),
            ("work email", true),
            ("section-a billing work tel-national webauthn", true),
            ("shipping postal-code", true),
            ("work shipping email", false),
            ("work postal-code", false),
            ("email invalid", false),
            ("section-", false),
            ("section-a", false),
            ("webauthn", false),
            ("work,email", false),
            ("nope", false),
        ] {
            assert_eq!(is_right(&value.split_ascii_whitespace().collect::<Vec<_>>()), right, "{value}");
        }
    }
}
