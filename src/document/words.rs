//! What the text of a document says that it is: a form, a numbered one, one to sign.
//!
//! In: a [`Document`] with its text. Out: the same with what was found. Invariants: a sign is a whole phrase; one sign alone makes no
//! form, and neither does a text that says of itself that it explains one. Labelled cases: `tests/it/documents/labelled.rs`.

use jiff::civil::{Date, date};
use regex::Regex;
use std::sync::LazyLock;

use super::{Document, Form, Numbers, signs};

/// Signs that make a form of a text without fields.
const ENOUGH: usize = 3;
/// Octets of the text in which a document says what it is.
const BEGINNING: usize = 400;

pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?im){text}")).expect("a constant pattern")
}

static SIGN_LINE: LazyLock<Regex> = LazyLock::new(|| {
    let who = "(?:applicant|claimant|employee|parent|guardian|witness|owner|spouse|beneficiary|officer|requester|requestor|person|patient|student|official|representative|borrower|tenant|taxpayer)";
    let end = r"[ \t]*(?:_{3}|:|$|\(|(?:and[ \t]+)?date\b)";
    let quien = "(?:solicitante|reclamante|emplead[oa]|padre|madre|tutora?|testigo|dueñ[oa]|propietari[oa]|beneficiari[oa]|paciente|estudiante|representante|declarante|contribuyente|inquilin[oa])";
    let fin = r"[ \t]*(?:_{3}|:|$|\(|(?:y[ \t]+)?fecha\b)";
    let spanish = format!(
        r"\bfirma[ \t]+del?[ \t]+(?:la[ \t]+|los[ \t]+)?{quien}s?(?:[ \t]+[oy/][ \t]+\w+)?{fin}|^\W*(?:\d+\w?[.)][ \t]*)?(?:su[ \t]+)?firma{fin}|\bfirme[ \t]+aquí|_{{5,}}[ \t]*\n?[ \t]*\(?firma"
    );
    pattern(&format!(
        r"(?:\b(?:your|{who}(?:'s|\u{{2019}}s)?)[ \t]+signature{end}|^\W*(?:\d+\w?[.)][ \t]*)?signature{end}|\bsignature[ \t]+of[ \t]+(?:the[ \t]+)?(?:\w+[ \t]+){{0,2}}{who}\w*{end}|\bsign(?:ature)?[ \t]*(?:here|:)?[ \t]*_{{4}}|_{{5,}}[ \t]*\n?[ \t]*\(?signature|{spanish})"
    ))
});
static EXPLAINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:instructions\s+(?:for|to)|how\s+to\s+(?:complete|fill)|guide\s+to|sample\b|example\s+of|fact\s+sheet|annual\s+report|press\s+release|instrucciones\s+para|cómo\s+(?:completar|llenar|rellenar)|guía\s+(?:para|de|del)\b|ejemplo\s+de|hoja\s+informativa|informe\s+anual|comunicado\s+de\s+prensa)",
    )
});
static WAIT: LazyLock<Regex> = LazyLock::new(|| pattern(r"please\s+wait\W{0,10}\s+if\s+this\s+message"));

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
    let mut found: Vec<String> = signs::in_text(text).map(str::to_string).collect();
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
    fn several_signs_make_a_form_and_instructions_are_none() {
        let form = "Form AX-7\nPlease print clearly\nLast name ________________ First name ________________\nDate of birth ______________\nSignature: ______________";
        let seen = looked(form);
        assert_eq!((seen.form, seen.signed_by_hand), (Form::Flat, true), "{:?}", seen.signs);
        assert_eq!(looked(&format!("Instructions for Form AX-7\n{form}")).form, Form::None);
        assert_eq!(looked("The annual plan of the agency. Form follows function.").form, Form::None);
    }
}
