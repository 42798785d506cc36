//! Entries that stand at the same place of their pages, told together: what one template makes is mended there.
//!
//! In: the entries of a rule, in order. Out: groups of them in that order, and their markup. Invariant: every entry is in one
//! group; what a group leaves out is counted. Tested below and in `tests/it/formats.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use crate::report::markup::Markup;
use crate::report::wording::{count, grouped};

/// Entries shown of one template.
const MOST_ENTRIES: usize = 12;

/// Entries at one place of a template, or one entry alone.
pub(super) struct Template<'a> {
    /// The place, where several entries share it.
    place: Option<String>,
    /// What was found there; never empty.
    pub(super) entries: Vec<Entry<'a>>,
}

/// Entries of one state at one place together, in the order of the first of each.
pub(super) fn templates(entries: Vec<Entry<'_>>) -> Vec<Template<'_>> {
    let mut known: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    let mut templates: Vec<Template<'_>> = vec![];
    for entry in entries {
        let Some(place) = entry.at[0].place.selector.as_deref().map(shape) else {
            templates.push(Template { place: None, entries: vec![entry] });
            continue;
        };
        let at = *known.entry((entry.state(), place.clone())).or_insert(templates.len());
        match templates.get_mut(at) {
            Some(template) => template.entries.push(entry),
            None => templates.push(Template { place: Some(place), entries: vec![entry] }),
        }
    }
    templates
}

/// A selector without what tells one page from another: counts of siblings, and the digits that systems give to ids.
fn shape(selector: &str) -> String {
    let mut shape = String::with_capacity(selector.len());
    let mut rest = selector;
    while let Some(at) = rest.find(":nth-of-type(") {
        shape.push_str(&rest[..at]);
        let end = rest[at..].find(')').map_or(rest.len(), |end| at + end + 1);
        rest = &rest[end..];
    }
    shape.push_str(rest);
    let is_name = |part: &str| part.starts_with(['#', '.', '[']) || part.contains(['#', '.', '[']);
    let parts = shape.split(' ').map(|part| if is_name(part) { numberless(part) } else { part.to_string() });
    parts.collect::<Vec<_>>().join(" ")
}

/// Runs of digits as an ellipsis.
fn numberless(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    for c in name.chars() {
        match c.is_ascii_digit() {
            false => kept.push(c),
            true if !kept.ends_with('…') => kept.push('…'),
            true => {}
        }
    }
    kept
}

impl Template<'_> {
    /// How many findings it holds.
    pub(super) fn findings(&self) -> usize {
        self.entries.iter().map(|entry| entry.at.len()).sum()
    }

    fn pages(&self) -> usize {
        let findings = self.entries.iter().flat_map(|entry| &entry.at);
        findings.map(|finding| &*finding.url).collect::<BTreeSet<_>>().len()
    }

    /// Its place, where several entries on several pages share it.
    fn shared(&self) -> Option<&str> {
        self.place.as_deref().filter(|_| self.entries.len() > 1 && self.pages() > 1)
    }

    /// Starts its list where several pages share its place; returns how many entries are shown.
    pub(super) fn begin(&self, page: &mut Markup) -> usize {
        let Some(place) = self.shared() else { return self.entries.len() };
        page.open("li", &[("class", "template")]);
        page.open("p", &[("class", "same")]);
        page.leaf("strong", &[], &count(self.findings() as u64, "finding", "findings"));
        let pages = count(self.pages() as u64, "page", "pages");
        page.words(&format!(" on {pages} in the same part of a template: "));
        page.leaf("code", &[], place);
        page.close("p");
        page.open("ol", &[("class", "entries")]);
        self.entries.len().min(MOST_ENTRIES)
    }

    /// Ends its list; `told` findings of it were shown.
    pub(super) fn end(&self, told: usize, page: &mut Markup) {
        if self.shared().is_none() {
            return;
        }
        page.close("ol");
        if let more @ 1.. = self.findings() - told {
            page.leaf("p", &[("class", "quiet")], &format!("and {} more there", grouped(more as u64)));
        }
        page.close("li");
        page.line();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_pages_apart_is_not_part_of_a_place() {
        for (selector, place) in [
            ("html > head > meta:nth-of-type(8)", "html > head > meta"),
            ("#email-2", "#email-…"),
            ("#block-1-of-20 > h2:nth-of-type(3)", "#block-…-of-… > h2"),
            ("main > h2", "main > h2"),
            ("p:nth-of-type(1", "p"),
        ] {
            assert_eq!(shape(selector), place);
        }
    }
}
