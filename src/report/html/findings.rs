//! Every rule with findings: what it asks, why, how to mend it, and where.
//!
//! In: a report. Out: the section with its filters. Invariant: at most 100 findings of a rule are shown, fewer where many rules
//! have some, and what is not is counted with a pointer to the JSON report; filters are hidden until the script that serves them
//! runs. Tested in `tests/it/formats.rs` and `tests/it/html_report.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::entries;
use super::phrase;
use super::template::templates;
use crate::finding::Finding;
use crate::report::markup::Markup;
use crate::report::places::Places;
use crate::report::ranking::ranked;
use crate::report::wording::{count, grouped};
use crate::report::{Report, RuleRow};
use crate::rules::{Impact, RuleId, Says};

/// Findings shown in all, spread over the rules that have some; and the least and the most of one rule.
const MOST_OF_ALL: usize = 6_000;
const OF_ONE_RULE: [usize; 2] = [20, 100];
/// The document's size beyond which rules show their counts only.
const MOST_BYTES: usize = 12_000_000;
/// Sites the filter offers.
const MOST_SITES: usize = 300;

/// What the findings are looked up in.
struct Shelf<'a> {
    rules: BTreeMap<&'a RuleId, &'a RuleRow>,
    findings: BTreeMap<&'a RuleId, Vec<&'a Finding>>,
    places: Places<'a>,
    sites: Vec<&'a str>,
    /// Findings shown of one rule.
    most: usize,
    /// Whether there was a baseline.
    compared: bool,
}

/// The section.
pub(super) fn findings(report: &Report, page: &mut Markup) {
    phrase::section("findings", "Findings", page);
    if report.findings.is_empty() {
        page.leaf("p", &[], "There are no findings.");
        phrase::end_section(page);
        return;
    }
    let shelf = Shelf::of(report);
    filters(&shelf, page);
    page.open("div", &[("id", "rules")]);
    shelf.order(report).into_iter().for_each(|rule| shelf.rule(rule, page));
    page.close("div");
    phrase::end_section(page);
}

impl<'a> Shelf<'a> {
    fn of(report: &'a Report) -> Self {
        let mut findings: BTreeMap<&RuleId, Vec<&Finding>> = BTreeMap::new();
        report.findings.iter().for_each(|finding| findings.entry(&finding.rule).or_default().push(finding));
        let sites: Vec<&str> = report.sites.iter().map(|site| site.site.as_str()).collect();
        let [least, most] = OF_ONE_RULE;
        Self {
            most: (MOST_OF_ALL / findings.len().max(1)).clamp(least, most),
            compared: report.baseline.is_some(),
            rules: report.rules.iter().map(|row| (&row.id, row)).collect(),
            findings,
            places: Places::of(report),
            sites: if sites.len() > MOST_SITES { vec![] } else { sites },
        }
    }

    /// Worst first; rules whose findings are all waived come last.
    fn order(&self, report: &'a Report) -> Vec<&'a RuleId> {
        let ranked = ranked(report);
        let (failed, review): (Vec<_>, Vec<_>) = ranked.iter().partition(|one| !one.failed.is_empty());
        let mut order: Vec<&RuleId> = failed.into_iter().chain(review).map(|one| one.rule).collect();
        let waived: Vec<&RuleId> = self.findings.keys().filter(|rule| !order.contains(rule)).copied().collect();
        order.extend(waived);
        order
    }

    fn rule(&self, rule: &'a RuleId, page: &mut Markup) {
        let findings = self.findings.get(rule).map(Vec::as_slice).unwrap_or_default();
        let row = self.rules.get(rule).copied();
        let impact = findings.iter().map(|one| one.impact).max().unwrap_or(Impact::Info);
        let obligation = findings.iter().map(|one| one.obligation).max().unwrap_or(Says::Advice);
        page.open(
            "details",
            &[
                ("class", "rule"),
                ("id", &phrase::anchor(rule)),
                ("data-impact", impact.as_str()),
                ("data-obligation", obligation.as_str()),
            ],
        );
        page.open("summary", &[]);
        page.leaf("h3", &[], row.map_or(rule.as_str(), |row| &row.title));
        page.open("span", &[("class", "tags")]);
        phrase::impact(impact, page);
        page.words(" ");
        page.leaf("span", &[("class", "tag plain")], phrase::obligation(obligation));
        page.leaf("span", &[("class", "spread")], &format!(" {}", standing(findings)));
        page.close("span");
        page.close("summary");
        page.open("div", &[("class", "body")]);
        if let Some(row) = row {
            about(row, page);
        }
        self.list(findings, page);
        page.close("div");
        page.close("details");
        page.line();
    }

    fn list(&self, findings: &[&'a Finding], page: &mut Markup) {
        page.leaf("h4", &[], "Where");
        let (mut shown, mut told) = (0, 0);
        page.open("ol", &[("class", "entries")]);
        for template in templates(entries(findings)) {
            if shown >= self.most || page.len() > MOST_BYTES {
                break;
            }
            let (room, before) = (template.begin(page), told);
            for entry in template.entries.iter().take(room) {
                if shown >= self.most || page.len() > MOST_BYTES {
                    break;
                }
                shown += entry.write(self.most - shown, &self.sites_of(&entry.at), &self.places, page);
                told += entry.at.len();
            }
            template.end(told - before, page);
        }
        page.close("ol");
        if let more @ 1.. = findings.len() - told {
            let words = format!(
                "{} of {} are not shown; the JSON report has every one.",
                grouped(more as u64),
                count(findings.len() as u64, "finding", "findings")
            );
            page.leaf("p", &[("class", "note")], &words);
        }
    }

    /// The numbers of the sites, for the filter.
    fn sites_of(&self, findings: &[&Finding]) -> String {
        if self.sites.len() < 2 {
            return String::new();
        }
        let mut numbers: Vec<usize> = findings.iter().filter_map(|one| self.site_of(&one.url)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    fn site_of(&self, url: &str) -> Option<usize> {
        let bare = |site: &'a str| site.strip_prefix("www.").unwrap_or(site);
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host);
        self.sites.iter().position(|site| bare(site) == host)
    }
}

fn standing(findings: &[&Finding]) -> String {
    let failed = findings.iter().filter(|one| one.is_open_failure()).count() as u64;
    let review = findings.iter().filter(|one| one.is_open_doubt()).count() as u64;
    let waived = findings.iter().filter(|one| one.waived.is_some()).count() as u64;
    let settled = findings.len() as u64 - failed - review - waived;
    let parts =
        [(failed, "failed"), (review, "to review"), (waived, "waived"), (settled, "found in order by a person")];
    let said: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{} {words}", grouped(n))).collect();
    let pages = findings.iter().map(|one| &*one.url).collect::<BTreeSet<_>>().len() as u64;
    format!("{} on {}", said.join(", "), count(pages, "page", "pages"))
}

fn about(row: &RuleRow, page: &mut Markup) {
    page.open("dl", &[]);
    phrase::term("What is looked at", &row.text.what, page);
    phrase::term("Why", &row.text.why, page);
    phrase::term("How to fix it", &row.text.fix, page);
    phrase::term("What a machine cannot see", &row.text.limits, page);
    if !row.cites.is_empty() {
        page.open("div", &[]);
        page.leaf("dt", &[], "Asked for by");
        for cite in row.cites.iter() {
            page.open("dd", &[]);
            phrase::address(&cite.url, &cite.title, page);
            let note = cite.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
            page.words(&format!(", {} ({}{note})", cite.part, phrase::obligation(cite.says)));
            page.close("dd");
        }
        page.close("div");
    }
    if !row.standards.wcag.is_empty() {
        phrase::term("WCAG", &row.standards.wcag.join(", "), page);
    }
    page.open("div", &[]);
    page.leaf("dt", &[], "Rule");
    page.open("dd", &[]);
    page.leaf("code", &[], row.id.as_str());
    page.close("dd");
    page.close("div");
    page.close("dl");
}

/// Native controls only, so that keyboards and screen readers know them.
fn filters(shelf: &Shelf<'_>, page: &mut Markup) {
    page.raw("<form id=\"filters\" hidden aria-label=\"Filter the findings\">\n<fieldset><legend>Show</legend>\n");
    page.raw("<label><input type=\"checkbox\" name=\"state\" value=\"failed\" checked> failed</label>\n");
    page.raw("<label><input type=\"checkbox\" name=\"state\" value=\"review\" checked> needs review</label>\n");
    page.raw("<label><input type=\"checkbox\" name=\"state\" value=\"waived\" checked> waived</label>\n</fieldset>\n");
    page.raw("<div class=\"field\"><label for=\"least\">Impact at least</label><select id=\"least\">");
    for impact in Impact::ALL.into_iter().rev() {
        page.leaf("option", &[("value", impact.as_str())], impact.as_str());
    }
    page.raw("</select></div>\n<div class=\"field\"><label for=\"duty\">Asked for as</label><select id=\"duty\">");
    page.raw("<option value=\"\">anything</option><option>must</option><option>should</option><option>advice</option>");
    page.raw("</select></div>\n");
    if shelf.sites.len() > 1 {
        page.raw("<div class=\"field\"><label for=\"site\">Site</label><select id=\"site\"><option value=\"\">every site</option>");
        for (at, site) in shelf.sites.iter().enumerate() {
            page.leaf("option", &[("value", &at.to_string())], site);
        }
        page.raw("</select></div>\n");
    }
    if shelf.compared {
        page.raw("<div class=\"field\"><label for=\"since\">Since the baseline</label><select id=\"since\">");
        page.raw("<option value=\"\">new and unchanged</option><option>new</option><option>unchanged</option></select></div>\n");
    }
    page.raw(
        "<div class=\"field\"><label for=\"words\">With the words</label><input id=\"words\" type=\"search\"></div>\n",
    );
    page.raw("<div class=\"buttons\"><button type=\"button\" id=\"open-all\">Open all</button> ");
    page.raw("<button type=\"button\" id=\"close-all\">Close all</button> ");
    page.raw("<button type=\"reset\">Reset</button></div>\n");
    page.raw("<p id=\"shown\" role=\"status\"></p>\n</form>\n");
}
