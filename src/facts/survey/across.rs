//! Texts and names that pages of several sites of a run have in common.
//!
//! In: small prints of the pages of each site. Out: for each site its pages whose text, or whose title and heading, another site has too.
//! Which site keeps the text is a suggestion with its reason. Invariant: sites in any order give the same; a page that names the other
//! site's page as its own address is no copy. Tested below and in `tests/it/words.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

use super::Survey;
use super::copies::{Text, clusters};
use crate::facts::imprint::{Edition, Likeness};

/// Words of a text that is compared.
const WORDS: u64 = 100;
/// Share of runs in common from which texts are copies of each other.
const ALIKE: f64 = 0.8;
/// Prints kept of a site.
const KEPT: usize = 5_000;

/// What is kept of a page until all sites of the run were seen.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Print {
    url: Arc<Url>,
    naming: u64,
    text: Option<Box<Kept>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Kept {
    exact: u64,
    likeness: Likeness,
    words: u64,
    edition: Edition,
    is_version: bool,
    named: usize,
    day: Option<Date>,
    links_in: u32,
}

/// What pages of a site have in common with pages of other sites.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Abroad {
    /// Sites it was compared with.
    pub sites: usize,
    /// Pages that were compared by their text.
    pub compared: usize,
    /// Pages with a title or heading to compare.
    #[serde(default)]
    pub named: usize,
    /// Pages whose text another site has, with the page that looks like the one to keep.
    pub copies: Vec<CopyAbroad>,
    /// Pages with the title and heading of another site's page.
    pub names: Vec<(Arc<Url>, Arc<Url>)>,
}

/// A page whose text another site has.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CopyAbroad {
    /// The page of this site.
    pub page: Arc<Url>,
    /// The page of the other site.
    pub other: Arc<Url>,
    /// The share of runs in common, 1 for word by word.
    pub likeness: f64,
    /// This site's page looks like the one to keep.
    pub keeps: bool,
    /// Why the one to keep looks so.
    pub because: String,
}

/// The prints of a site's pages; where there are very many, those that come first by address.
pub fn prints(survey: &Survey<'_>) -> Vec<Print> {
    let mut texts: BTreeMap<&Arc<Url>, Text<'_>> =
        survey.texts(WORDS).into_iter().map(|text| (text.url, text)).collect();
    let pages = survey.pages.iter().filter_map(|page| {
        let text = texts.remove(page.url).map(|text| {
            let Text { exact, likeness, words, edition, is_version, named, day, links_in, .. } = text;
            Box::new(Kept { exact, likeness, words, edition, is_version, named, day, links_in })
        });
        let naming = page.imprint.naming;
        (text.is_some() || naming != 0).then(|| Print { url: page.url.clone(), naming, text })
    });
    pages.take(KEPT).collect()
}

/// What each of these sites has in common with the others.
pub fn across(sites: &[&[Print]]) -> Vec<Abroad> {
    let mut found: Vec<Abroad> =
        sites.iter().map(|_| Abroad { sites: sites.len().saturating_sub(1), ..Abroad::default() }).collect();
    let all: Vec<(usize, &Print)> =
        sites.iter().enumerate().flat_map(|(site, prints)| prints.iter().map(move |print| (site, print))).collect();
    let mut of = Vec::new();
    let mut texts = Vec::new();
    for (site, print) in &all {
        found[*site].named += usize::from(print.naming != 0);
        let Some(kept) = &print.text else { continue };
        found[*site].compared += 1;
        of.push(*site);
        texts.push(text(print, kept));
    }
    for cluster in clusters(&texts, ALIKE) {
        let keeper = of[cluster.authority];
        let mut told = false;
        for (at, likeness) in &cluster.copies {
            if of[*at] == keeper {
                continue;
            }
            let (page, other) = (texts[*at].url, texts[cluster.authority].url);
            let because = cluster.because.to_string();
            let copy =
                CopyAbroad { page: page.clone(), other: other.clone(), likeness: *likeness, keeps: false, because };
            if !told {
                let mine = CopyAbroad { page: other.clone(), other: page.clone(), keeps: true, ..copy.clone() };
                found[keeper].copies.push(mine);
                told = true;
            }
            found[of[*at]].copies.push(copy);
        }
    }
    names(&all, &mut found);
    for abroad in &mut found {
        abroad.copies.sort_by(|a, b| a.page.cmp(&b.page));
        abroad.names.sort();
    }
    found
}

fn text<'p>(print: &'p Print, kept: &Kept) -> Text<'p> {
    Text {
        url: &print.url,
        exact: kept.exact,
        likeness: kept.likeness.clone(),
        words: kept.words,
        edition: kept.edition,
        is_version: kept.is_version,
        named: kept.named,
        day: kept.day,
        links_in: kept.links_in,
    }
}

/// Pages with one title and heading on more than one site; the first by address is the one the others are shown with.
fn names(all: &[(usize, &Print)], found: &mut [Abroad]) {
    let mut named: BTreeMap<u64, BTreeMap<&Arc<Url>, usize>> = BTreeMap::new();
    for (site, print) in all.iter().filter(|(_, print)| print.naming != 0) {
        named.entry(print.naming).or_default().insert(&print.url, *site);
    }
    for pages in named.into_values() {
        let sites: BTreeSet<usize> = pages.values().copied().collect();
        if sites.len() < 2 {
            continue;
        }
        for (url, site) in &pages {
            let other = pages.iter().find(|(_, other)| *other != site);
            found[*site].names.extend(other.map(|(other, _)| ((*url).clone(), (*other).clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Page, SiteFacts, Standing};
    use crate::web::Capture;

    fn site(pages: &[(&str, String)]) -> Vec<Print> {
        let mut facts = SiteFacts::default();
        for (url, body) in pages {
            let url = Url::parse(url).expect("an address");
            let capture = Capture::page(url, "text/html; charset=utf-8", body.clone());
            facts.take_stock(&Page::read(&capture).facts(Standing::Inner, jiff::civil::date(2026, 11, 22)));
        }
        prints(&Survey::of(&facts))
    }

    fn page(words: std::ops::Range<usize>, date: &str) -> String {
        let text: Vec<String> = words.map(|n| format!("word{n}")).collect();
        format!("<head><title>Fees for boats</title></head><h1>Fees</h1><p>{}</p><p>Published {date}", text.join(" "))
    }

    #[test]
    fn a_text_on_two_sites_is_told_to_both_and_the_older_looks_like_the_one_to_keep() {
        let one = site(&[("https://a.example/x", page(0..300, "March 3, 2020"))]);
        let other = site(&[
            ("https://b.example/y", page(3..300, "May 4, 2024")),
            ("https://b.example/z", page(900..1200, "May 4, 2024")),
        ]);
        let found = across(&[&one, &other]);
        assert_eq!(found[0].copies.len(), 1);
        assert!(found[0].copies[0].keeps && found[0].copies[0].because == "it is the oldest");
        assert_eq!(found[1].copies.len(), 1);
        assert_eq!((found[1].copies[0].page.as_str(), found[1].copies[0].keeps), ("https://b.example/y", false));
        assert_eq!((found[0].names.len(), found[1].names.len()), (1, 2));
        assert_eq!(across(&[&one])[0], Abroad { compared: 1, named: 1, ..Abroad::default() });
    }
}
