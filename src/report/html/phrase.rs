//! Pieces that every section uses: badges, links, anchors, details.
//!
//! In: values of the report. Out: markup. Invariant: only http and https addresses become links; a badge says in words what
//! its colour says. Tested in `tests/it/formats.rs`.

use crate::finding::Finding;
use crate::report::markup::Markup;
use crate::report::places::{WHOLE_FOLDER, is_folder, uri};
use crate::rules::{Impact, RuleId, Says};
use crate::verdict::Outcome;

/// The anchor of a rule.
pub(super) fn anchor(rule: &RuleId) -> String {
    let slug = rule.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    format!("rule-{}", slug.collect::<String>())
}

/// A link to a rule's findings.
pub(super) fn to_rule(rule: &RuleId, words: &str, page: &mut Markup) {
    page.leaf("a", &[("href", &format!("#{}", anchor(rule)))], words);
}

/// An address: a link where a browser may follow it, else words.
pub fn address(url: &str, words: &str, page: &mut Markup) {
    let target = uri(url);
    if target.starts_with("https://") || target.starts_with("http://") {
        page.leaf("a", &[("href", &target), ("rel", "noreferrer")], words);
    } else {
        page.leaf("span", &[("class", "place")], words);
    }
}

/// Where a finding is: its address, and its line in words.
pub(super) fn spot(finding: &Finding, page: &mut Markup) {
    if is_folder(&finding.url) {
        page.words(WHOLE_FOLDER);
        return;
    }
    address(&finding.url, &finding.url, page);
    match (finding.place.line, finding.place.column) {
        (Some(line), Some(column)) => page.words(&format!(", line {line}, column {column}")),
        (Some(line), None) => page.words(&format!(", line {line}")),
        (None, _) => {}
    }
}

/// The file of a page, where its address does not name it already.
pub(super) fn in_file(url: &str, file: Option<&str>, page: &mut Markup) {
    if let Some(file) = file.filter(|file| url.strip_prefix("file:") != Some(file)) {
        page.leaf("span", &[("class", "quiet")], &format!(" in {file}"));
    }
}

/// What a page wrote, its start tag marked. A quoted `>` ends no tag.
pub(super) fn source(snippet: &str, page: &mut Markup) {
    page.open("pre", &[]);
    page.open("code", &[]);
    let (tag, rest) = snippet.split_at(start_tag(snippet));
    if !tag.is_empty() {
        page.leaf("mark", &[], tag);
    }
    page.words(rest);
    page.close("code");
    page.close("pre");
}

/// The length of the start tag that opens a text, 0 where none does.
fn start_tag(snippet: &str) -> usize {
    if !snippet.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return 0;
    }
    let mut quote = None;
    for (at, c) in snippet.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None | Some(_), _) => {}
        }
    }
    snippet.len()
}

/// How an outcome is shown.
pub fn outcome(outcome: Outcome, page: &mut Markup) {
    let class = match outcome {
        Outcome::Failed => "tag failed",
        Outcome::CantTell => "tag review",
        Outcome::Passed => "tag passed",
        Outcome::Untested | Outcome::Inapplicable => "tag quiet",
    };
    let mark = match outcome {
        Outcome::Failed => "✕",
        Outcome::CantTell => "?",
        Outcome::Passed => "✓",
        Outcome::Untested | Outcome::Inapplicable => "–",
    };
    page.open("span", &[("class", class)]);
    page.leaf("span", &[("aria-hidden", "true")], mark);
    page.words(&format!(" {}", outcome.words()));
    page.close("span");
}

/// How much it hurts.
pub fn impact(impact: Impact, page: &mut Markup) {
    let class = match impact {
        Impact::Critical => "tag critical",
        Impact::High => "tag high",
        Impact::Medium => "tag medium",
        Impact::Low | Impact::Info => "tag quiet",
    };
    page.leaf("span", &[("class", class)], &format!("{} impact", impact.as_str()));
}

/// How strongly it is asked for.
pub fn obligation(says: Says) -> &'static str {
    match says {
        Says::Must => "must",
        Says::Should => "should",
        Says::Advice => "advice",
    }
}

/// The start of a section with its heading.
pub fn section(id: &'static str, heading: &str, page: &mut Markup) {
    let label = format!("{id}-heading");
    page.line();
    page.open("section", &[("id", id), ("aria-labelledby", &label)]);
    page.leaf("h2", &[("id", &label)], heading);
    page.line();
}

/// The end of a section.
pub fn end_section(page: &mut Markup) {
    page.close("section");
    page.line();
}

/// A term with its description.
pub fn term(term: &str, words: &str, page: &mut Markup) {
    page.open("div", &[]);
    page.leaf("dt", &[], term);
    page.leaf("dd", &[], words);
    page.close("div");
}

/// The start of something that opens on request.
pub fn details(summary: &str, page: &mut Markup) {
    page.open("details", &[]);
    page.leaf("summary", &[], summary);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_tag_is_marked_and_nothing_else() {
        for (snippet, marked) in [
            ("<a href=\"x\">Home</a>", "<a href=\"x\">"),
            ("<img alt=\"a > b\" src='>'> text", "<img alt=\"a > b\" src='>'>"),
            ("<p title=\"never ends", "<p title=\"never ends"),
            ("words > than <a>", ""),
            ("<!-- <a> -->", ""),
            ("", ""),
        ] {
            assert_eq!(&snippet[..start_tag(snippet)], marked);
        }
    }
}
