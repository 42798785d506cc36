//! What changed in each agency or bureau, worst first.
//!
//! In: changes by group. Out: a section. Invariant: groups that are left out are counted; a site that nobody saw this time is told apart from
//! what got worse. Tested in `tests/it/rollup.rs`.

use super::sheet::{Ink, Sheet};
use crate::report::Report;
use crate::report::rollup::{Change, MEASURES};
use crate::report::wording::{count, grouped, joined};

/// Groups told one by one.
const MOST_GROUPS: usize = 20;
/// Rules and sites named for each.
const MOST_NAMED: usize = 3;

/// What got worse, and what got better.
pub(super) fn worse(groups: &[Change], report: &Report, sheet: &mut Sheet) {
    sheet.heading("By agency");
    let changed: Vec<&Change> = groups.iter().filter(|one| !one.is_empty()).collect();
    changed.iter().take(MOST_GROUPS).for_each(|one| group(one, report, sheet));
    if let more @ 1.. = changed.len().saturating_sub(MOST_GROUPS) {
        sheet.entry("  ", &format!("and {}; --format csv has all.", count(more as u64, "more", "more")));
    }
    if let same @ 1.. = groups.len() - changed.len() {
        sheet.entry("  ", &format!("Nothing changed in {}.", count(same as u64, "other", "others")));
    }
}

fn group(one: &Change, report: &Report, sheet: &mut Sheet) {
    let ink = if one.new_failures > 0 { Ink::Bad } else { Ink::Good };
    sheet.inked("  ", ink, &format!("{} ({})", one.name(), count(one.sites, "site", "sites")));
    let numbers = [
        (one.new_failures, "new and failed"),
        (one.new_reviews, "new to review"),
        (one.fixed, "fixed"),
        (one.not_looked_at, "not looked at again"),
    ];
    let told = numbers.into_iter().filter(|(number, _)| *number > 0);
    let told: Vec<String> = told.map(|(number, words)| format!("{} {words}", grouped(number))).collect();
    if !told.is_empty() {
        sheet.entry("    ", &format!("Findings: {}.", joined(&told)));
    }
    for rule in one.worse_rules.iter().take(MOST_NAMED) {
        let title = report.rules.iter().find(|row| row.id == rule.rule).map_or(rule.rule.as_str(), |row| &row.title);
        let spread = format!("{} at {}", grouped(rule.new_failures), count(rule.sites, "site", "sites"));
        sheet.entry("    - ", &format!("{title} ({}): {spread}", rule.rule));
    }
    for (words, what) in [("Lost", &one.lost), ("Gained", &one.gained)] {
        for measure in &MEASURES {
            let sites = what.get(measure.key).map(Vec::as_slice).unwrap_or_default();
            names(&format!("{words} {}", measure.title), sites, sheet);
        }
    }
    names("No longer seen", &one.no_longer_seen, sheet);
}

fn names(words: &str, sites: &[String], sheet: &mut Sheet) {
    if sites.is_empty() {
        return;
    }
    let mut named: Vec<String> = sites.iter().take(MOST_NAMED).cloned().collect();
    if let more @ 1.. = sites.len().saturating_sub(MOST_NAMED) {
        named.push(format!("{} more", grouped(more as u64)));
    }
    sheet.entry("    ", &format!("{words}: {}.", joined(&named)));
}
