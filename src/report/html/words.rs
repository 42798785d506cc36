//! Words and documents: copies, templates, age and plainness of the texts, and what was read of documents.
//!
//! In: what the facts of sites tell of their words. Out: one section. Invariant: these are counts for people, no finding and no verdict;
//! a number stands beside how many it is of. Tested in `tests/it/formats.rs`.

use std::cmp::Reverse;

use super::chart::Chart;
use super::phrase;
use super::seen::{begin_table, end_table};
use crate::report::Report;
use crate::report::markup::Markup;
use crate::report::wording::{count, grouped};
use crate::report::words::{self, Cluster, Family, Words, per_cent, reading};

/// Rows of a table.
const MOST_ROWS: usize = 20;

/// The section; nothing where no site has words.
pub(super) fn words(report: &Report, page: &mut Markup) {
    let sites = words::words(report);
    if sites.is_empty() {
        return;
    }
    phrase::section("texts", "Words and documents", page);
    page.leaf("p", &[], "Counts of what was read, to look into. None of them is a verdict.");
    sites.iter().take(MOST_ROWS).for_each(|site| lead(site, page));
    if sites.len() > MOST_ROWS {
        page.leaf("p", &[], "The JSON report has the numbers of all sites.");
    }
    age(&sites, page);
    copies(&sites, page);
    templates(&sites, page);
    plain(&sites, page);
    phrase::end_section(page);
}

/// True where the section is there.
pub(super) fn are_there(report: &Report) -> bool {
    !words::words(report).is_empty()
}

fn lead(words: &Words<'_>, page: &mut Markup) {
    let mut said = Vec::new();
    if let Some(text) = &words.text {
        let tongues: Vec<String> = text
            .spoken
            .iter()
            .map(|(tongue, pages)| {
                let tongue = if tongue.is_empty() { "language not sure" } else { tongue };
                format!("{tongue}: {}", grouped(*pages))
            })
            .collect();
        let by = if tongues.is_empty() { String::new() } else { format!(" ({})", tongues.join(", ")) };
        said.push(format!(
            "{}{by} with {} of their own; {} that pages repeat are left out.",
            count(text.pages, "page", "pages"),
            count(text.words, "word", "words"),
            count(text.shared_blocks, "block", "blocks"),
        ));
    }
    if let Some(documents) = &words.documents {
        said.push(format!(
            "{} linked, {} read: {} tagged, {} only pictures of pages.",
            count(documents.linked, "document", "documents"),
            grouped(documents.read),
            grouped(documents.tagged),
            grouped(documents.scanned),
        ));
    }
    let [web, paper] = words.forms;
    if web + paper > 0 {
        said.push(format!(
            "{} on pages and {} among the documents.",
            count(web, "form that asks for data", "forms that ask for data"),
            grouped(paper)
        ));
    }
    page.leaf("h3", &[], &words.site.site);
    page.leaf("p", &[], &said.join(" "));
}

/// How old pages say they are, of all sites together.
fn age(sites: &[Words<'_>], page: &mut Markup) {
    let fresh: Vec<_> = sites.iter().filter_map(|site| site.freshness.as_ref()).collect();
    let sum = |of: fn(&words::Freshness) -> u64| words::sum(fresh.iter().map(|one| of(one)));
    if sum(|one| one.dated) == 0 {
        return;
    }
    page.leaf("h3", &[], "Age");
    let mut said = vec![format!("{} no day.", count(sum(|one| one.undated), "page says", "pages say"))];
    if let Some(newest) = fresh.iter().filter_map(|one| one.newest.as_deref()).max() {
        said.push(format!("The newest day is {newest}."));
    }
    for (number, one, many, words) in [
        (sum(|one| one.conflicts), "page says", "pages say", "days that cannot all be true."),
        (sum(|one| one.in_future), "page says", "pages say", "a day that is ahead."),
        (sum(|one| one.header_touched), "page has", "pages have", "a Last-Modified that is the moment of the answer."),
    ] {
        if number > 0 {
            said.push(format!("{} {words}", count(number, one, many)));
        }
    }
    let touched = sites.iter().filter_map(|site| Some((site, site.freshness.as_ref()?.sitemap_touched.as_ref()?)));
    said.extend(touched.map(|(site, day)| {
        format!("Nearly all entries of the sitemap of {} bear the day {day}, so it is not counted.", site.site.site)
    }));
    page.leaf("p", &[], &said.join(" "));
    let bars = words::bands(&fresh).into_iter().map(|band| (band.short, [band.pages, 0])).collect();
    Chart { id: "chart-age", title: "How old pages say they are", parts: ["pages", ""], bars }.draw(page);
    let mut oldest: Vec<_> = fresh.iter().flat_map(|one| &one.oldest).collect();
    oldest.sort_by_key(|old| (&old.day, &old.url));
    if oldest.is_empty() {
        return;
    }
    phrase::details("The oldest pages", page);
    page.open("ul", &[("class", "places")]);
    for old in oldest.into_iter().take(MOST_ROWS) {
        page.open("li", &[]);
        page.words(&format!("{} ", old.day));
        phrase::address(&old.url, &old.url, page);
        page.close("li");
    }
    page.close("ul");
    page.close("details");
}

/// Texts that stand at more than one address.
fn copies(sites: &[Words<'_>], page: &mut Markup) {
    let all: Vec<_> = sites.iter().filter_map(|site| site.duplicates.as_ref()).collect();
    let sum = |of: fn(&words::Duplicates) -> u64| words::sum(all.iter().map(|one| of(one)));
    if sum(|one| one.compared) == 0 {
        return;
    }
    page.leaf("h3", &[], "Copies");
    page.leaf(
        "p",
        &[],
        &format!(
            "{} with enough words were compared: {} in {}, {} of them word by word. {} for print or phones, or declared \
             as versions, are no copies.",
            count(sum(|one| one.compared), "page", "pages"),
            count(sum(|one| one.copies), "copy", "copies"),
            count(sum(|one| one.clusters), "cluster", "clusters"),
            grouped(sum(|one| one.exact)),
            grouped(sum(|one| one.versions)),
        ),
    );
    let mut largest: Vec<&Cluster> = all.iter().flat_map(|one| &one.largest).filter(|one| one.count > 0).collect();
    largest.sort_by_key(|cluster| (Reverse(cluster.count), &cluster.keep));
    if largest.is_empty() {
        return;
    }
    begin_table("Copies by cluster", &["Page to keep", "Why", "Copies", "Words", "Alike"], page);
    for cluster in largest.iter().take(MOST_ROWS) {
        page.open("tr", &[]);
        page.open("th", &[("scope", "row")]);
        phrase::address(&cluster.keep, &cluster.keep, page);
        let beside = format!("{} beside it", count(cluster.count, "page", "pages"));
        listed(&beside, cluster.copies.iter().map(|copy| (copy, String::new())), page);
        page.close("th");
        page.leaf("td", &[], &cluster.because);
        page.leaf("td", &[("class", "n")], &grouped(cluster.count));
        page.leaf("td", &[("class", "n")], &grouped(cluster.words));
        page.leaf("td", &[("class", "n")], &per_cent(cluster.likeness));
        page.close("tr");
        page.line();
    }
    end_table(page);
}

/// Families of pages that are built alike.
fn templates(sites: &[Words<'_>], page: &mut Markup) {
    let mut rows: Vec<(&Words<'_>, &Family)> = sites
        .iter()
        .flat_map(|site| site.templates.iter().flat_map(move |all| all.families.iter().map(move |one| (site, one))))
        .collect();
    if rows.is_empty() {
        return;
    }
    rows.sort_by_key(|(site, family)| (&site.site.site, Reverse(family.pages), family.examples.first()));
    page.leaf("h3", &[], "Templates");
    for site in sites.iter().take(MOST_ROWS) {
        let Some(all) = &site.templates else { continue };
        page.leaf(
            "p",
            &[],
            &format!(
                "{}: {} of pages that are built alike; the largest covers {} of the pages.",
                site.site.site,
                count(all.count, "family", "families"),
                per_cent(all.coverage)
            ),
        );
    }
    begin_table("Families of templates", &["Family", "Pages", "Share", "Differs from the largest in"], page);
    for (site, family) in rows.iter().take(MOST_ROWS) {
        page.open("tr", &[]);
        page.open("th", &[("scope", "row")]);
        match family.examples.split_first() {
            Some((first, more)) => {
                phrase::address(first, first, page);
                listed("More examples", more.iter().map(|one| (one, String::new())), page);
            }
            None => page.words(&site.site.site),
        }
        page.close("th");
        page.leaf("td", &[("class", "n")], &grouped(family.pages));
        page.leaf("td", &[("class", "n")], &per_cent(family.share));
        let differs = if family.differs.is_empty() { "–".to_string() } else { family.differs.join(", ") };
        page.leaf("td", &[], &differs);
        page.close("tr");
        page.line();
    }
    end_table(page);
}

/// How hard texts are to read, by language.
fn plain(sites: &[Words<'_>], page: &mut Markup) {
    let rows: Vec<_> =
        sites.iter().flat_map(|site| site.plain.iter().map(move |(language, one)| (site, language, one))).collect();
    if rows.is_empty() {
        return;
    }
    page.leaf("h3", &[], "Plain language");
    page.leaf(
        "p",
        &[],
        "Formulas count syllables and words; they hint where to look. English: the years of school that a text asks for. Spanish: ease, from 0 for hard to 100 for easy.",
    );
    let columns = ["Texts", "Pages", "To read", "Words a sentence", "Long sentences", "Passive"];
    begin_table("How hard texts are to read", &columns, page);
    for (site, language, one) in rows.iter().take(MOST_ROWS) {
        page.open("tr", &[]);
        page.open("th", &[("scope", "row")]);
        page.words(&format!("{} ({language})", site.site.site));
        let hardest = one.hardest.iter().map(|hard| (&hard.url, format!(" ({})", reading(hard.grade, hard.ease))));
        listed("The hardest pages", hardest, page);
        page.close("th");
        page.leaf("td", &[("class", "n")], &grouped(one.pages));
        page.leaf("td", &[("class", "n")], &reading(one.grade, one.ease));
        page.leaf("td", &[("class", "n")], &one.words_a_sentence.to_string());
        page.leaf("td", &[("class", "n")], &per_cent(one.long_sentences));
        page.leaf("td", &[("class", "n")], &per_cent(one.passive));
        page.close("tr");
        page.line();
    }
    end_table(page);
}

/// A list of addresses with words behind each, that opens on request.
fn listed<'a>(summary: &str, items: impl Iterator<Item = (&'a String, String)>, page: &mut Markup) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    phrase::details(summary, page);
    page.open("ul", &[("class", "places")]);
    for (url, words) in items {
        page.open("li", &[]);
        phrase::address(url, url, page);
        page.words(&words);
        page.close("li");
    }
    page.close("ul");
    page.close("details");
}
