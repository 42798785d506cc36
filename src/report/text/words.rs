//! What was read of texts and documents, in a few lines for each site.
//!
//! In: what the facts of sites tell of their words. Out: one section: sizes, copies, templates, age, plainness, documents. Invariant: these are
//! counts, no verdict. Tested in `tests/it/sinks.rs`.

use super::sheet::{Ink, Sheet};
use crate::report::Report;
use crate::report::wording::{count, grouped, joined};
use crate::report::words::{self, Band, Words, per_cent, reading};

/// Sites that are told one by one.
const MOST_SITES: usize = 5;
/// Columns of the longest bar.
const BAR: usize = BARS.len();

/// The section; nothing where no site has words.
pub(super) fn words(report: &Report, sheet: &mut Sheet) {
    let sites = words::words(report);
    if sites.is_empty() {
        return;
    }
    sheet.heading("Words and documents");
    sheet.entry("  ", "Counts of what was read, to look into; none of them is a verdict.");
    for site in sites.iter().take(MOST_SITES) {
        sheet.gap();
        sheet.inked("  ", Ink::Strong, &site.site.site);
        told(site).iter().for_each(|line| sheet.entry("  - ", line));
    }
    if let more @ 1.. = sites.len().saturating_sub(MOST_SITES) {
        sheet.entry("  ", &format!("and {}: see the JSON report.", count(more as u64, "more site", "more sites")));
    }
    ages(&sites, sheet);
}

fn told(words: &Words<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(text) = &words.text {
        let (pages, own) = (count(text.pages, "page", "pages"), count(text.words, "word", "words"));
        lines.push(format!("{pages} with {own} of their own"));
    }
    if let Some(all) = words.duplicates.as_ref().filter(|all| all.compared > 0) {
        let (copies, clusters) = (count(all.copies, "copy", "copies"), count(all.clusters, "cluster", "clusters"));
        let compared = count(all.compared, "page", "pages");
        lines.push(format!("{copies} in {clusters}, {} word by word, among {compared} compared", grouped(all.exact)));
        let largest = all.largest.iter().find(|cluster| cluster.count > 0);
        lines.extend(largest.map(|one| format!("the largest cluster: {} beside {}", grouped(one.count), one.keep)));
    }
    if let Some(all) = &words.templates {
        let families = count(all.count, "family", "families");
        lines.push(format!("{families} of pages that are built alike; the largest covers {}", per_cent(all.coverage)));
    }
    if let Some(fresh) = words.freshness.as_ref().filter(|fresh| fresh.dated > 0) {
        let newest = fresh.newest.as_ref().map(|day| format!("; the newest day is {day}")).unwrap_or_default();
        let dated = count(fresh.dated, "page says", "pages say");
        lines.push(format!("{dated} a day, {} none{newest}", grouped(fresh.undated)));
    }
    let read: Vec<String> =
        words.plain.iter().map(|(tongue, one)| format!("{tongue} {}", reading(one.grade, one.ease))).collect();
    if !read.is_empty() {
        lines.push(format!("to read: {}", joined(&read)));
    }
    if let Some(all) = &words.documents {
        let (linked, read) = (count(all.linked, "document", "documents"), grouped(all.read));
        lines.push(format!("{linked} linked, {read} read, {} tagged", grouped(all.tagged)));
    }
    let [web, paper] = words.forms;
    if web + paper > 0 {
        let on_pages = count(web, "form that asks for data", "forms that ask for data");
        lines.push(format!("{on_pages} on pages, {} among the documents", grouped(paper)));
    }
    lines
}

/// A bar for each age, of all sites together.
fn ages(sites: &[Words<'_>], sheet: &mut Sheet) {
    let fresh: Vec<_> = sites.iter().filter_map(|site| site.freshness.as_ref()).collect();
    if fresh.iter().all(|one| one.dated == 0) {
        return;
    }
    sheet.gap();
    sheet.entry("  ", "How old pages say they are:");
    let bands = words::bands(&fresh);
    let most = bands.iter().map(|band| band.pages).max().unwrap_or(0).max(1);
    for Band { age, pages, .. } in bands {
        let bar = (u128::from(pages) * BAR as u128).div_ceil(u128::from(most)) as usize;
        let lead = format!("  {age:<17} {:>7}  ", grouped(pages));
        sheet.entry(&lead, if bar == 0 { "." } else { &BARS[..bar] });
    }
}

/// The longest bar.
const BARS: &str = "########################";
