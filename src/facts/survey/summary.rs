//! What a report shows of a survey.
//!
//! In: a survey and the day. Out: [`Summary`], whose keys stand among the facts of a site. Invariant: bounded: lists are cut, and the
//! numbers beside them say of how many. Tested in `tests/it/words.rs`.

use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

use super::copies::{Cluster, Text, clusters};
use super::plain::rounded;
use super::templates::families;
use super::{Freshness, Plain, Section, Survey, sections};

/// Words of a text that is compared with others.
const WORDS: u64 = 80;
/// Share of runs in common from which texts are called copies.
const ALIKE: f64 = 0.8;
/// Share of marks in common from which templates are one family.
const BUILT_ALIKE: f64 = 0.8;
/// Clusters and families that are shown.
const SHOWN: usize = 30;
/// Pages of a cluster that are shown.
const PAGES: usize = 8;

/// Text, copies, templates, age and plainness of a site.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// The texts of its pages.
    pub text: TextFacts,
    /// Texts that stand at more than one address.
    pub duplicates: Duplicates,
    /// Families of pages that are built alike.
    pub templates: Templates,
    /// How old its pages say they are.
    pub freshness: Freshness,
    /// How plain its texts are, by language.
    pub plain_language: BTreeMap<String, Plain>,
    /// The same by the first folder of addresses.
    pub sections: BTreeMap<String, Section>,
}

/// The texts of a site's pages.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TextFacts {
    /// Pages that were read.
    pub pages: usize,
    /// Words of main text without what pages repeat.
    pub words: u64,
    /// Blocks that pages of a language repeat.
    pub shared_blocks: usize,
    /// Pages by the language their text is in; "" where that is not sure.
    pub spoken: BTreeMap<String, usize>,
}

/// Texts that stand at more than one address.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Duplicates {
    /// Pages with enough words to be compared.
    pub compared: usize,
    /// The likeness from which texts are in one cluster, 0 to 1.
    pub at_least: f64,
    /// How many clusters hold copies.
    pub clusters: usize,
    /// Pages in them beside those to keep.
    pub copies: usize,
    /// Of these, word by word.
    pub exact: usize,
    /// Editions for print and phones, and pages that name another as their own.
    pub versions: usize,
    /// The largest clusters.
    pub largest: Vec<Shown>,
}

/// A cluster as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Shown {
    /// The page that looks like the one to keep.
    pub keep: String,
    /// Why.
    pub because: &'static str,
    /// The likeness of the copy that is least alike.
    pub likeness: f64,
    /// Its words.
    pub words: u64,
    /// How many copies there are.
    pub count: usize,
    /// The first of them.
    pub copies: Vec<String>,
    /// Editions and declared versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// Families of pages that are built alike.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Templates {
    /// Templates that differ in anything.
    pub templates: usize,
    /// The share of pages that the largest family has, 0 to 1.
    pub coverage: f64,
    /// How many families there are.
    pub count: usize,
    /// The largest.
    pub families: Vec<FamilyShown>,
}

/// A family as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FamilyShown {
    /// Its pages.
    pub pages: usize,
    /// Their share, 0 to 1.
    pub share: f64,
    /// Where it differs from the largest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<&'static str>,
    /// The first pages by address.
    pub examples: Vec<String>,
}

impl Summary {
    /// On a day.
    pub fn of(survey: &Survey<'_>, today: Date) -> Self {
        let texts = survey.texts(WORDS);
        let found = clusters(&texts, ALIKE);
        let built = families(survey, BUILT_ALIKE);
        let mut spoken: BTreeMap<String, usize> = BTreeMap::new();
        for page in &survey.pages {
            *spoken.entry(page.imprint.spoken().unwrap_or_default().to_string()).or_default() += 1;
        }
        let share = |pages: usize| rounded(pages as f64 / survey.pages.len().max(1) as f64);
        Self {
            text: TextFacts {
                pages: survey.pages.len(),
                words: survey.pages.iter().map(|page| page.words).sum(),
                shared_blocks: survey.shared_blocks(),
                spoken,
            },
            duplicates: duplicates(&texts, &found),
            templates: Templates {
                templates: survey.facts.templates.len(),
                coverage: built.first().map_or(0.0, |family| share(family.pages)),
                count: built.len(),
                families: built
                    .iter()
                    .take(SHOWN)
                    .map(|family| FamilyShown {
                        pages: family.pages,
                        share: share(family.pages),
                        differs: family.differs.clone(),
                        examples: family.examples.clone(),
                    })
                    .collect(),
            },
            freshness: Freshness::of(survey, today),
            plain_language: Plain::of(survey),
            sections: sections::sections(survey, &texts, &found, &built, today),
        }
    }
}

fn duplicates(texts: &[Text<'_>], found: &[Cluster]) -> Duplicates {
    let real = found.iter().filter(|cluster| !cluster.copies.is_empty());
    let all = || found.iter().flat_map(|cluster| &cluster.copies);
    let shown = |cluster: &Cluster| Shown {
        keep: texts[cluster.authority].url.to_string(),
        because: cluster.because,
        likeness: rounded(cluster.least()),
        words: texts[cluster.authority].words,
        count: cluster.copies.len(),
        copies: cluster.copies.iter().take(PAGES).map(|(at, _)| texts[*at].url.to_string()).collect(),
        versions: cluster.versions.iter().take(PAGES).map(|at| texts[*at].url.to_string()).collect(),
    };
    Duplicates {
        compared: texts.len(),
        at_least: ALIKE,
        clusters: real.clone().count(),
        copies: all().count(),
        exact: all().filter(|(_, likeness)| *likeness >= 1.0).count(),
        versions: found.iter().map(|cluster| cluster.versions.len()).sum(),
        largest: found.iter().take(SHOWN).map(shown).collect(),
    }
}
