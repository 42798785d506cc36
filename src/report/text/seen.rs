//! How much was seen: the headline, the coverage with its problems, and what was not looked at.
//!
//! In: a report. Out: the first sections. Invariant: a problem is never counted as a failure. Tested in
//! `tests/it/sinks.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{Ink, Sheet};
use crate::finding::Finding;
use crate::report::wording::{count, day, grouped, joined, problem, skipped, unused_rows};
use crate::report::{Report, RuleRow, Style, Tally};
use crate::rules::RuleId;

/// Targets named in the headline.
const MOST_TARGETS: usize = 3;
/// Questions shown.
const MOST_QUESTIONS: usize = 5;

/// What was judged, when, and how many findings came of it.
pub(super) fn headline(report: &Report, sheet: &mut Sheet) {
    let run = &report.run;
    let mut targets: Vec<String> = run.targets.iter().take(MOST_TARGETS).cloned().collect();
    if let more @ 1.. = run.targets.len().saturating_sub(MOST_TARGETS) {
        targets.push(format!("{more} more"));
    }
    let of = if targets.is_empty() { String::new() } else { format!(": {}", joined(&targets)) };
    let whose = run.published_as.as_ref().map(|url| format!(", published as {url}")).unwrap_or_default();
    sheet.inked("", Ink::Strong, &format!("{} {}{of}{whose}", report.tool.name, report.tool.version));
    sheet.gap();
    sheet.entry(
        "",
        &format!(
            "{}, {} judged on {}{}.",
            count(report.sites.len() as u64, "site", "sites"),
            count(report.coverage.pages.judged, "page", "pages"),
            day(run.judged_on),
            if run.policy_as_of == run.judged_on {
                String::new()
            } else {
                format!(" by the policy of {}", day(run.policy_as_of))
            },
        ),
    );
    sheet.entry("", &findings(report));
    if run.stopped {
        sheet.inked("", Ink::Doubt, "The run was stopped before its end; what follows is what it had seen by then.");
    }
    if run.insecure {
        sheet.inked("", Ink::Doubt, "Certificates were not verified (--insecure).");
    }
    if let Some(words) = unused_rows(run) {
        sheet.inked("", Ink::Doubt, &words);
    }
    if !run.my_sites.is_empty() {
        sheet.entry("", &format!("robots.txt was read but not obeyed on {}.", joined(&run.my_sites)));
    }
}

fn findings(report: &Report) -> String {
    if report.findings.is_empty() {
        let nothing = report.rules.iter().all(|rule| judgements(&rule.tally) == 0);
        let words = if nothing { "Nothing could be judged, so there are no findings." } else { "No findings." };
        return words.to_string();
    }
    let failed = report.findings.iter().filter(|one| one.is_open_failure()).count() as u64;
    let review = report.findings.iter().filter(|one| one.is_open_doubt()).count() as u64;
    let answered = report.findings.iter().filter(|one| one.waived.is_none() && is_settled(one)).count() as u64;
    let mut parts = vec![
        format!("{} failed", grouped(failed)),
        format!("{} {}", grouped(review), if review == 1 { "needs review" } else { "need review" }),
    ];
    if answered > 0 {
        parts.push(format!("{} found in order by a person", grouped(answered)));
    }
    let waived: Vec<&str> =
        report.findings.iter().filter_map(|one| Some(one.waived.as_ref()?.expires.as_str())).collect();
    if let Some(first) = waived.iter().min() {
        let ends = if waived.len() == 1 { "until" } else { "the first until" };
        parts.push(format!("{} waived ({ends} {first})", grouped(waived.len() as u64)));
    }
    format!("{}: {}.", count(report.findings.len() as u64, "finding", "findings"), joined(&parts))
}

/// A doubt that a person answered with a pass.
fn is_settled(finding: &Finding) -> bool {
    !finding.is_open_doubt() && !finding.is_open_failure()
}

/// How much was seen, and what stood in the way, by kind.
pub(super) fn coverage(report: &Report, sheet: &mut Sheet) {
    let (seen, pages) = (&report.coverage, &report.coverage.pages);
    sheet.heading("Coverage");
    sheet.entry(
        "  ",
        &format!(
            "{} found, {} answered, {} judged; {} probed.",
            count(pages.discovered, "address", "addresses"),
            grouped(pages.fetched),
            grouped(pages.judged),
            count(seen.hosts.probed, "host", "hosts"),
        ),
    );
    if pages.unchanged > 0 {
        let words = format!(
            "{} had not changed since an earlier run, whose findings were carried over.",
            grouped(pages.unchanged)
        );
        sheet.entry("  ", &words);
    }
    if let Some(estimated) = pages.estimated {
        sheet.entry("  ", &format!("A budget ended the crawl: there are at least {} pages.", grouped(estimated)));
    }
    if report.problems.is_empty() {
        sheet.entry("  ", "Nothing stood in the way.");
        return;
    }
    let share = (seen.share * 100.0).floor();
    sheet.entry(
        "  ",
        &format!(
            "{} stood in the way: {share} % of what should have been judged was judged. A problem is something \
             nobody saw, not a failure.",
            count(seen.problems, "problem", "problems")
        ),
    );
    sheet.gap();
    let mut kinds: BTreeMap<&str, (u64, &str, &str)> = BTreeMap::new();
    for row in &report.problems {
        let (number, url, detail) = kinds.entry(&row.kind).or_insert((0, &row.url, &row.detail));
        *number += 1;
        (*url, *detail) = (*url, *detail).min((&row.url, &row.detail));
    }
    let mut kinds: Vec<(&str, (u64, &str, &str))> = kinds.into_iter().collect();
    kinds.sort_by(|(a, (more, ..)), (b, (less, ..))| less.cmp(more).then(a.cmp(b)));
    for (kind, (number, url, detail)) in kinds {
        let lead = format!("  {:>5}  ", grouped(number));
        sheet.tagged(&lead, Ink::Doubt, &format!("{} ({kind})", problem(kind)));
        sheet.cut("         ", url, 2);
        if !detail.is_empty() {
            sheet.cut("         ", detail, 2);
        }
    }
}

/// What was left out on purpose, or could not be judged for want of something.
pub(super) fn not_looked_at(report: &Report, sheet: &mut Sheet) {
    let said = [left_out(report), unmeasured(report), untested(report), nothing_to_judge(report)];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let questions = questions(report);
    if said.is_empty() && questions.is_empty() {
        return;
    }
    sheet.heading("What was not looked at");
    said.iter().for_each(|line| sheet.entry("  - ", line));
    if questions.is_empty() {
        return;
    }
    sheet.entry("  - ", "Some findings need review only because nobody has answered:");
    questions.iter().take(MOST_QUESTIONS).for_each(|question| sheet.cut("      ", question, 3));
    if let more @ 1.. = questions.len().saturating_sub(MOST_QUESTIONS) {
        sheet.entry("      ", &format!("and {more} more: see \"questions\" in the JSON report"));
    }
}

fn left_out(report: &Report) -> Option<String> {
    let pages = &report.coverage.pages;
    if pages.skipped == 0 {
        return None;
    }
    let mut reasons: Vec<(&String, &u64)> = pages.skipped_by.iter().collect();
    reasons.sort_by(|(a, more), (b, less)| less.cmp(more).then(a.cmp(b)));
    let reasons: Vec<String> =
        reasons.into_iter().map(|(reason, number)| format!("{} {}", grouped(*number), skipped(reason))).collect();
    let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) };
    Some(format!("{} left out on purpose{why}.", count(pages.skipped, "address", "addresses")))
}

fn unmeasured(report: &Report) -> Option<String> {
    let lost = report.coverage.measured.map_or(0, |measured| measured.lost);
    let why = match report.coverage.style {
        Style::Measured if lost > 0 => format!("was not possible on {}", count(lost, "page", "pages")),
        Style::Measured => return None,
        Style::Off => "is off".to_string(),
        Style::Unavailable => "was not possible on this machine".to_string(),
    };
    Some(format!("Colours, sizes and layout: measuring them {why}."))
}

/// Rules that were kept from judging by something else than an unseen page: those count as problems already.
fn untested(report: &Report) -> Option<String> {
    let (nowhere, partly): (Vec<&RuleRow>, Vec<&RuleRow>) =
        hindered(report).into_iter().partition(|rule| judgements(&rule.tally) == 0);
    let of = count(report.rules.len() as u64, "rule", "rules");
    let [none, some] = [&nowhere, &partly].map(|rules| grouped(rules.len() as u64));
    match (nowhere.len(), partly.len()) {
        (0, 0) => None,
        (0, _) => Some(format!("{some} of {of} could not be tested everywhere.")),
        (_, 0) => Some(format!("{none} of {of} could not be tested anywhere.")),
        (_, _) => Some(format!("{none} of {of} could not be tested anywhere, {some} more not everywhere.")),
    }
}

fn nothing_to_judge(report: &Report) -> Option<String> {
    let hindered: BTreeSet<&RuleId> = hindered(report).into_iter().map(|rule| &rule.id).collect();
    let idle = report.rules.iter().filter(|rule| judgements(&rule.tally) == 0 && !hindered.contains(&rule.id));
    let number = idle.count() as u64;
    (number > 0).then(|| format!("{} found nothing to judge here.", count(number, "rule", "rules")))
}

fn hindered(report: &Report) -> Vec<&RuleRow> {
    let untested = report.untested();
    let blind = !report.pages.iter().any(|page| page.judged);
    report.rules.iter().filter(|rule| untested.contains(&rule.id) || (blind && rule.tally.untested > 0)).collect()
}

fn judgements(tally: &Tally) -> u64 {
    tally.passed + tally.failed + tally.cant_tell
}

fn questions(report: &Report) -> Vec<&str> {
    let asked = report.sites.iter().flat_map(|site| &site.questions).map(String::as_str);
    let asked = asked.chain(report.findings.iter().filter_map(|finding| finding.question.as_deref()));
    asked.collect::<BTreeSet<_>>().into_iter().collect()
}
