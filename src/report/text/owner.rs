//! Whose sites they are taken to be, and what an agency's own pack changed of the rules.
//!
//! In: the profiles of sites, the rules. Out: two sections. Invariant: each answer says where it came from; what was switched off
//! stands there with its reason. Tested in `tests/it/profile.rs` and `tests/it/own_rules.rs`.

use std::collections::BTreeMap;

use super::sheet::Sheet;
use crate::report::wording::{count, joined};
use crate::report::{Report, SiteRow};

/// Sites whose answers are told one by one.
const MOST_SITES: usize = 3;

/// Whose sites they are, with where each answer came from.
pub(super) fn owners(report: &Report, sheet: &mut Sheet) {
    if report.sites.is_empty() {
        return;
    }
    sheet.heading("Whose site it is taken to be");
    if report.sites.len() > MOST_SITES {
        let mut branches: BTreeMap<&str, u64> = BTreeMap::new();
        for site in &report.sites {
            *branches.entry(site.profile.branch.map_or("unknown", |branch| branch.as_str())).or_default() += 1;
        }
        let branches: Vec<String> = branches
            .into_iter()
            .map(|(branch, number)| format!("{branch}: {}", count(number, "site", "sites")))
            .collect();
        sheet.entry("  ", &format!("By branch of government: {}.", joined(&branches)));
        sheet.entry("  ", "The JSON report says of each where that is known from (sites[].profile).");
        return;
    }
    for site in in_order(report) {
        owner(site, report.sites.len() > 1, sheet);
    }
}

/// By name: a list that grew in the order of arrival is told alike every time.
fn in_order(report: &Report) -> Vec<&SiteRow> {
    let mut sites: Vec<&SiteRow> = report.sites.iter().collect();
    sites.sort_by_key(|site| &site.site);
    sites
}

fn owner(site: &SiteRow, several: bool, sheet: &mut Sheet) {
    let lead = if several { "    " } else { "  " };
    if several {
        sheet.entry("  ", &site.site);
    }
    if site.profile.branch.is_none() {
        sheet.entry(lead, "branch: nobody said; --profile BRANCH answers it");
    }
    for (question, answer, origin) in site.profile.answers() {
        let from = origin.map(|origin| format!(" ({origin})")).unwrap_or_default();
        sheet.entry(&format!("{lead}{}: ", question.words()), &format!("{answer}{from}"));
    }
}

/// Rules that a pack switched off or runs with other parameters.
pub(super) fn changes(report: &Report, sheet: &mut Sheet) {
    let overridden: Vec<_> = report.rules.iter().filter_map(|row| Some((&row.id, row.overridden.as_ref()?))).collect();
    if overridden.is_empty() && report.disabled.is_empty() {
        return;
    }
    sheet.heading("What the agency's own rules change");
    for (rule, change) in overridden {
        let parameters = change.parameters.lines().collect::<Vec<_>>().join("; ");
        sheet.entry("  - ", &format!("{rule} runs with {parameters} ({}): {}", change.origin, change.reason));
    }
    for off in &report.disabled {
        sheet.entry("  - ", &format!("{} does not run, disabled ({}): {}", off.rule, off.origin, off.reason));
    }
}
