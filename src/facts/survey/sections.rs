//! The parts of a site by the first folder of their addresses, language trees among them.
//!
//! In: a survey, its clusters and families. Out: [`Section`]s by name. Invariant: very many sections are cut to those with most pages, and
//! the rest is counted in one. Tested below and in `tests/it/words.rs`.

use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

use super::plain::settled;
use super::templates::Family;
use super::{Cluster, Survey, Text};
use crate::facts::prose::{Counts, Reading};

/// Sections that are shown.
const SHOWN: usize = 60;

/// The pages below one folder.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Section {
    /// Its pages.
    pub pages: usize,
    /// Words of their own text.
    pub words: u64,
    /// Pages by the language of their text.
    pub languages: BTreeMap<String, usize>,
    /// Families of templates that its pages belong to.
    pub families: usize,
    /// Pages in clusters of copies.
    pub copies: usize,
    /// Pages that say a day.
    pub dated: usize,
    /// The middle age in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_age: Option<i32>,
    /// How hard its texts are to read, where most of its pages are in a language with a formula.
    #[serde(flatten)]
    pub reading: Option<Reading>,
}

/// The section of an address: its first folder, "/" for pages that stand in none.
pub fn section_of(url: &Url) -> String {
    let path = url.path();
    match path[1.min(path.len())..].split_once('/') {
        Some((first, rest)) if !first.is_empty() || !rest.is_empty() => match first {
            "" => rest.split_once('/').map_or_else(|| "/".to_string(), |(first, _)| format!("/{first}/")),
            first => format!("/{first}/"),
        },
        Some(_) | None => "/".to_string(),
    }
}

/// The sections of a site.
pub(super) fn sections(
    survey: &Survey<'_>,
    texts: &[Text<'_>],
    clusters: &[Cluster],
    families: &[Family],
    today: Date,
) -> BTreeMap<String, Section> {
    let in_cluster: BTreeSet<&Arc<Url>> = clusters
        .iter()
        .flat_map(|cluster| cluster.copies.iter().map(|(at, _)| *at).chain([cluster.authority]).map(|at| texts[at].url))
        .collect();
    let family_of: BTreeMap<u64, usize> = families
        .iter()
        .enumerate()
        .flat_map(|(at, family)| family.templates.iter().map(move |template| (*template, at)))
        .collect();
    let mut pages: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, page) in survey.pages.iter().enumerate() {
        pages.entry(section_of(page.url)).or_default().push(at);
    }
    let mut largest: Vec<(String, Vec<usize>)> = pages.into_iter().collect();
    largest.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    if largest.len() > SHOWN {
        let rest = largest.split_off(SHOWN).into_iter().flat_map(|(_, pages)| pages).collect();
        largest.push(("other sections".to_string(), rest));
    }
    let of = |pages: Vec<usize>| section(survey, &pages, &in_cluster, &family_of, today);
    largest.into_iter().map(|(name, pages)| (name, of(pages))).collect()
}

fn section(
    survey: &Survey<'_>,
    pages: &[usize],
    in_cluster: &BTreeSet<&Arc<Url>>,
    family_of: &BTreeMap<u64, usize>,
    today: Date,
) -> Section {
    let mut section = Section { pages: pages.len(), ..Section::default() };
    let mut counts = Counts::default();
    let mut ages = Vec::new();
    let mut families = BTreeSet::new();
    for at in pages {
        let page = &survey.pages[*at];
        section.words += page.words;
        *section.languages.entry(page.imprint.tongue().to_string()).or_default() += 1;
        families.extend(family_of.get(&page.imprint.template).copied());
        section.copies += usize::from(in_cluster.contains(page.url));
        counts.add(&page.counts);
        if let Some(dated) = survey.dated(page) {
            section.dated += 1;
            ages.extend(today.since(dated.day).map(|span| span.get_days()).ok().filter(|age| *age >= 0));
        }
    }
    ages.sort_unstable();
    section.families = families.len();
    section.median_age = ages.get(ages.len() / 2).copied();
    let most = section.languages.iter().max_by_key(|(_, count)| **count).map(|(language, _)| language.clone());
    section.reading = most.and_then(|language| counts.reading(&language)).map(settled);
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_the_first_folder() {
        for (url, section) in [
            ("https://a.example/", "/"),
            ("https://a.example/about", "/"),
            ("https://a.example/es/", "/es/"),
            ("https://a.example/es/about/x", "/es/"),
            ("https://a.example//es/about", "/es/"),
            ("https://a.example//", "/"),
        ] {
            assert_eq!(section_of(&Url::parse(url).expect("an address")), section, "{url}");
        }
    }
}
