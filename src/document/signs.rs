//! What forms say, in English and Spanish: the signs by which a text without fields is taken for one.
//!
//! In: a text. Out: the signs that it has, in words for people. Invariant: each sign counts once, whatever the language. Tested by the
//! labelled cases of `tests/it/documents/labelled.rs`.

use regex::Regex;
use std::sync::LazyLock;

use super::words::pattern;

/// A sign, and the patterns of which one is enough.
type Sign = (&'static str, Vec<Regex>);

static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    let signs: [(&str, &[&str]); 5] = [
        ("lines to write on", &[r"_{8,}[\s\S]{0,2000}?_{8,}[\s\S]{0,2000}?_{8,}"]),
        (
            "boxes to tick",
            &[
                r"(?:[\u{2610}\u{25a1}\u{25a2}\u{274f}\u{2751}\u{f06f}\u{f0a8}]|\[\s{1,3}\]|\(\s{2,4}\))[\s\S]{0,600}?(?:[\u{2610}\u{25a1}\u{25a2}\u{274f}\u{2751}\u{f06f}\u{f0a8}]|\[\s{1,3}\]|\(\s{2,4}\))",
            ],
        ),
        (
            "what people are asked for",
            &[
                r"(?:date\s+of\s+birth|social\s+security\s+(?:number|no)|zip\s+code|(?:daytime\s+)?(?:tele)?phone\s+(?:number|no)|mailing\s+address|e-?mail\s+address\s*[:_]|(?:last|first|middle)\s+name|name\s+of\s+(?:applicant|claimant|employee|child)|city\s*[,/]\s*state)[\s\S]{0,1500}?(?:date\s+of\s+birth|social\s+security\s+(?:number|no)|zip\s+code|(?:tele)?phone\s+(?:number|no)|mailing\s+address|(?:last|first|middle)\s+name|signature|city\s*[,/]\s*state)",
                r"(?:fecha\s+de\s+nacimiento|n[uú]mero\s+de\s+seguro\s+social|c[oó]digo\s+postal|n[uú]mero\s+de\s+tel[eé]fono|tel[eé]fono\s*[:_]|direcci[oó]n\s+(?:postal|residencial|de\s+correo\s+postal)|domicilio\s*[:_]|correo\s+electr[oó]nico\s*[:_]|apellidos?\s*[:_]|apellido\s+(?:paterno|materno)|(?:primer|segundo)\s+nombre|nombre\s+(?:completo|y\s+apellidos?|del?\s+(?:la\s+)?(?:solicitante|reclamante|empleado|empleada|niño|niña|menor))|ciudad\s*[,/y]\s*estado)[\s\S]{0,1500}?(?:fecha\s+de\s+nacimiento|n[uú]mero\s+de\s+seguro\s+social|c[oó]digo\s+postal|n[uú]mero\s+de\s+tel[eé]fono|tel[eé]fono\s*[:_]|direcci[oó]n\s+(?:postal|residencial)|apellidos?\s*[:_]|apellido\s+(?:paterno|materno)|(?:primer|segundo)\s+nombre|\bfirma\b|ciudad\s*[,/y]\s*estado)",
            ],
        ),
        (
            "how to fill it in",
            &[
                r"\b(?:please\s+(?:print|type)\b|print\s+(?:clearly|legibly|or\s+type)|type\s+or\s+print|check\s+(?:one|all\s+that\s+apply|the\s+(?:box|appropriate))|(?:for|agency)\s+(?:official|office|agency|internal)\s+use\s+only|do\s+not\s+write\s+(?:in|below)|attach\s+additional\s+(?:sheets|pages))",
                r"\b(?:(?:escriba|en|con)\s+(?:en\s+)?letras?\s+de\s+(?:imprenta|molde)|marque\s+(?:una|uno|con\s+una|la\s+casilla|todas?|todos|lo\s+que)\b|para\s+uso\s+(?:oficial|interno|exclusivo|de\s+la\s+(?:oficina|agencia))|no\s+escriba\s+(?:en|debajo|abajo)|adjunte\s+(?:hojas|páginas)\s+adicionales)",
            ],
        ),
        (
            "a promise that it is true",
            &[
                r"\b(?:under\s+penalty\s+of\s+perjury|i\s+(?:hereby\s+)?(?:certify|declare|affirm|authorize)\b)",
                r"\b(?:(?:bajo|so)\s+pena\s+de\s+perjurio|(?:certifico|declaro|juro|afirmo)\s+(?:que|bajo)\b|autorizo\s+(?:a|al|la|que|el)\b)",
            ],
        ),
    ];
    signs.into_iter().map(|(words, texts)| (words, texts.iter().map(|text| pattern(text)).collect())).collect()
});

/// The signs of a text.
pub(super) fn in_text(text: &str) -> impl Iterator<Item = &'static str> {
    SIGNS.iter().filter(move |(_, patterns)| patterns.iter().any(|sign| sign.is_match(text))).map(|(words, _)| *words)
}
