//! What the facts of sites tell of their words: texts, copies, templates, age, plainness, documents, forms.
//!
//! In: `sites[].facts` of a report, perhaps written by another version. Out: [`Words`] of each site that has some. Invariant: a fact that
//! is not there, or has another shape than expected, is left out and never taken for zero. Tested below and in `tests/it/formats.rs`.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

use super::{Report, SiteRow};

/// Ages of pages, the youngest first: as facts name them, and in few letters.
const AGES: [(&str, &str); 6] = [
    ("under half a year", "< ½ year"),
    ("half to 1 year", "½–1 year"),
    ("1 to 2 years", "1–2 years"),
    ("2 to 3 years", "2–3 years"),
    ("3 to 5 years", "3–5 years"),
    ("over 5 years", "> 5 years"),
];

/// Pages of an age.
pub(super) struct Band {
    /// The age as facts name it.
    pub(super) age: &'static str,
    /// In few letters.
    pub(super) short: &'static str,
    pub(super) pages: u64,
}

/// The words of a site.
pub(super) struct Words<'r> {
    /// The site.
    pub(super) site: &'r SiteRow,
    pub(super) text: Option<Text>,
    pub(super) duplicates: Option<Duplicates>,
    pub(super) templates: Option<Templates>,
    pub(super) freshness: Option<Freshness>,
    pub(super) plain: BTreeMap<String, Plain>,
    pub(super) documents: Option<Documents>,
    /// Forms of pages, and forms among documents.
    pub(super) forms: [u64; 2],
}

/// Its texts.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Text {
    pub(super) pages: u64,
    pub(super) words: u64,
    pub(super) shared_blocks: u64,
    #[serde(default)]
    pub(super) spoken: BTreeMap<String, u64>,
}

/// Its copies.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Duplicates {
    pub(super) compared: u64,
    pub(super) clusters: u64,
    pub(super) copies: u64,
    pub(super) exact: u64,
    pub(super) versions: u64,
    pub(super) largest: Vec<Cluster>,
}

/// Pages with one text.
#[derive(Deserialize)]
pub(super) struct Cluster {
    pub(super) keep: String,
    pub(super) because: String,
    pub(super) likeness: f64,
    pub(super) words: u64,
    pub(super) count: u64,
    pub(super) copies: Vec<String>,
}

/// How its pages are built.
#[derive(Deserialize)]
pub(super) struct Templates {
    pub(super) coverage: f64,
    pub(super) count: u64,
    pub(super) families: Vec<Family>,
}

/// Pages that are built alike.
#[derive(Deserialize)]
pub(super) struct Family {
    pub(super) pages: u64,
    pub(super) share: f64,
    #[serde(default)]
    pub(super) differs: Vec<String>,
    pub(super) examples: Vec<String>,
}

/// How old its pages say they are.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Freshness {
    pub(super) dated: u64,
    pub(super) undated: u64,
    pub(super) newest: Option<String>,
    pub(super) ages: BTreeMap<String, u64>,
    pub(super) conflicts: u64,
    #[serde(default)]
    pub(super) in_future: u64,
    pub(super) sitemap_touched: Option<String>,
    #[serde(default)]
    pub(super) header_touched: u64,
    pub(super) oldest: Vec<Old>,
}

/// A page and its day.
#[derive(Deserialize)]
pub(super) struct Old {
    pub(super) url: String,
    pub(super) day: String,
}

/// How plain its texts of a language are.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Plain {
    pub(super) pages: u64,
    pub(super) grade: Option<f64>,
    pub(super) ease: Option<f64>,
    pub(super) words_a_sentence: f64,
    pub(super) long_sentences: f64,
    pub(super) passive: f64,
    #[serde(default)]
    pub(super) hardest: Vec<Hard>,
}

/// A page that is hard to read.
#[derive(Deserialize)]
pub(super) struct Hard {
    pub(super) url: String,
    pub(super) grade: Option<f64>,
    pub(super) ease: Option<f64>,
}

/// Its documents.
#[derive(Deserialize)]
pub(super) struct Documents {
    pub(super) linked: u64,
    pub(super) read: u64,
    pub(super) tagged: u64,
    pub(super) scanned: u64,
}

/// The words of every site that has some, in the order of the report.
pub(super) fn words(report: &Report) -> Vec<Words<'_>> {
    report.sites.iter().filter_map(of).collect()
}

fn of(site: &SiteRow) -> Option<Words<'_>> {
    let facts = &site.facts;
    let kinds = || facts["forms"].as_array().into_iter().flatten().filter_map(|form| form["kind"].as_str());
    let web = kinds().filter(|kind| *kind == "web").count() as u64;
    let words = Words {
        site,
        text: read(&facts["text"]).filter(|text: &Text| text.pages > 0),
        duplicates: read(&facts["duplicates"]),
        templates: read(&facts["templates"]).filter(|templates: &Templates| templates.count > 0),
        freshness: read(&facts["freshness"]),
        plain: read(&facts["plain-language"]).unwrap_or_default(),
        documents: read(&facts["documents"]).filter(|documents: &Documents| documents.linked > 0),
        forms: [web, kinds().count() as u64 - web],
    };
    (words.text.is_some() || words.documents.is_some()).then_some(words)
}

fn read<T: DeserializeOwned>(fact: &Value) -> Option<T> {
    T::deserialize(fact).ok()
}

/// Pages of several sites by age, the youngest first.
pub(super) fn bands(sites: &[&Freshness]) -> Vec<Band> {
    let pages = |age: &str| sum(sites.iter().filter_map(|one| one.ages.get(age).copied()));
    AGES.iter().map(|(age, short)| Band { age, short, pages: pages(age) }).collect()
}

/// Numbers together; those of a report that somebody made up may be beyond all numbers.
pub(super) fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

/// Years of school, or ease from 0 to 100, in words.
pub(super) fn reading(grade: Option<f64>, ease: Option<f64>) -> String {
    match (grade, ease) {
        (Some(grade), _) => format!("{grade} years of school"),
        (None, Some(ease)) => format!("ease {ease} of 100"),
        (None, None) => "–".to_string(),
    }
}

/// A share from 0 to 1 in whole per cent.
pub(super) fn per_cent(share: f64) -> String {
    format!("{} %", (share * 100.0).round())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fact_of_another_shape_is_left_out() {
        let text: Option<Text> = read(&json!({"pages": 3, "words": 500, "shared-blocks": 4, "more": true}));
        assert!(text.is_some_and(|text| text.pages == 3 && text.spoken.is_empty()));
        assert!(read::<Text>(&json!({"pages": "many"})).is_none());
        assert!(read::<Text>(&Value::Null).is_none());
        let plain: Option<Plain> = read(
            &json!({"pages": 2, "words": 300, "grade": 9.1, "words-a-sentence": 14.0, "long-sentences": 0.1, "passive": 0.05}),
        );
        assert_eq!(plain.map(|plain| reading(plain.grade, plain.ease)).as_deref(), Some("9.1 years of school"));
    }
}
