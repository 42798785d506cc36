//! Whose sites they are taken to be, and what an agency's own pack changed of the rules.
//!
//! In: the profiles of sites, the rules. Out: one section. Invariant: each answer says where it came from; what was switched off
//! stands there with its reason. Tested in `tests/it/profile.rs` and `tests/it/own_rules.rs`.

use super::phrase;
use crate::report::markup::Markup;
use crate::report::{Report, SiteRow};

/// Sites whose answers are shown.
const MOST_SITES: usize = 50;

/// The section.
pub(super) fn owners(report: &Report, page: &mut Markup) {
    phrase::section("owner", "Whose site it is taken to be", page);
    let mut sites: Vec<&SiteRow> = report.sites.iter().collect();
    sites.sort_by_key(|site| &site.site);
    for site in sites.into_iter().take(MOST_SITES) {
        let answers = site.profile.answers();
        page.leaf("h3", &[], &site.site);
        if answers.is_empty() {
            page.leaf("p", &[], "Nobody said.");
            continue;
        }
        page.open("dl", &[]);
        for (question, answer, origin) in answers {
            let from = origin.map(|origin| format!(" ({origin})")).unwrap_or_default();
            phrase::term(question.words(), &format!("{answer}{from}"), page);
        }
        page.close("dl");
    }
    if report.sites.len() > MOST_SITES {
        page.leaf("p", &[], "The JSON report has the profiles of all sites.");
    }
    changes(report, page);
    phrase::end_section(page);
}

fn changes(report: &Report, page: &mut Markup) {
    let overridden: Vec<_> = report.rules.iter().filter_map(|row| Some((&row.id, row.overridden.as_ref()?))).collect();
    if overridden.is_empty() && report.disabled.is_empty() {
        return;
    }
    page.leaf("h3", &[], "What the agency’s own rules change");
    page.open("ul", &[]);
    for (rule, change) in overridden {
        let parameters = change.parameters.lines().collect::<Vec<_>>().join("; ");
        page.leaf("li", &[], &format!("{rule} runs with {parameters} ({}): {}", change.origin, change.reason));
    }
    for off in &report.disabled {
        page.leaf("li", &[], &format!("{} does not run, disabled ({}): {}", off.rule, off.origin, off.reason));
    }
    page.close("ul");
}
