//! How plain a site's own texts are, by language and page.
//!
//! In: a survey. Out: [`Plain`] for each language that has a formula. Invariant: a text of fewer than a hundred words has no measure of its
//! own; what pages repeat counts once for nobody. Tested in `tests/it/words.rs`.

use serde::Serialize;
use std::collections::BTreeMap;

use super::Survey;
use crate::facts::prose::{Counts, Hinted, Reading, suggestion};

/// Words from which a page is measured by itself.
const WORDS: u32 = 100;
/// Pages and phrases that are named.
const NAMED: usize = 10;

/// How plain texts of a language are.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Plain {
    /// Pages that were measured.
    pub pages: usize,
    /// Words of sentences.
    pub words: u32,
    /// How hard they are to read together.
    #[serde(flatten)]
    pub reading: Option<Reading>,
    /// Words a sentence.
    pub words_a_sentence: f64,
    /// Sentences of more than 25 words, a share.
    pub long_sentences: f64,
    /// Sentences in the passive voice, a share.
    pub passive: f64,
    /// Phrases with a simpler twin, for each thousand words.
    pub wordy: f64,
    /// The phrases found on most pages: phrase, what may stand instead, pages.
    pub phrases: Vec<(String, &'static str, usize)>,
    /// Acronyms that pages do not explain, with the number of pages.
    pub acronyms: Vec<(String, usize)>,
    /// The pages that are hardest to read.
    pub hardest: Vec<PlainPage>,
}

/// How plain a page is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PlainPage {
    /// Its address.
    pub url: String,
    /// Its words.
    pub words: u32,
    /// How hard it is to read.
    #[serde(flatten)]
    pub reading: Reading,
}

/// A share or rate with two digits.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The same reading with one digit.
pub(super) fn settled(reading: Reading) -> Reading {
    let one = |value: f64| (value * 10.0).round() / 10.0;
    match reading {
        Reading::Grade(grade) => Reading::Grade(one(grade)),
        Reading::Ease(ease) => Reading::Ease(one(ease)),
    }
}

impl Plain {
    /// Of each language.
    pub fn of(survey: &Survey<'_>) -> BTreeMap<String, Self> {
        let mut languages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, page) in survey.pages.iter().enumerate() {
            if page.counts.words >= WORDS && matches!(page.imprint.tongue(), "en" | "es") {
                languages.entry(page.imprint.tongue()).or_default().push(at);
            }
        }
        languages.into_iter().map(|(language, pages)| (language.to_string(), plain(survey, language, &pages))).collect()
    }
}

fn plain(survey: &Survey<'_>, language: &str, pages: &[usize]) -> Plain {
    let mut sum = Counts::default();
    let mut hardest = Vec::new();
    let mut phrases: BTreeMap<u16, usize> = BTreeMap::new();
    let mut acronyms: BTreeMap<String, usize> = BTreeMap::new();
    for at in pages {
        let page = &survey.pages[*at];
        sum.add(&page.counts);
        hardest.extend(page.counts.reading(language).map(|reading| PlainPage {
            url: page.url.to_string(),
            words: page.counts.words,
            reading: settled(reading),
        }));
        let mut of_page: Vec<u16> = survey.hints(page, Hinted::Wordy).map(|hint| hint.number).collect();
        of_page.sort_unstable();
        of_page.dedup();
        of_page.into_iter().for_each(|number| *phrases.entry(number).or_default() += 1);
        survey.hints(page, Hinted::Acronym).for_each(|hint| *acronyms.entry(hint.text).or_default() += 1);
    }
    hardest.sort_by(|a, b| difficulty(b.reading).total_cmp(&difficulty(a.reading)).then_with(|| a.url.cmp(&b.url)));
    hardest.truncate(NAMED);
    let mut phrases: Vec<(String, &str, usize)> = phrases
        .into_iter()
        .filter_map(|(number, pages)| suggestion(language, number).map(|(phrase, simpler)| (phrase, simpler, pages)))
        .collect();
    phrases.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    phrases.truncate(NAMED);
    let mut acronyms: Vec<(String, usize)> = acronyms.into_iter().collect();
    acronyms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    acronyms.truncate(NAMED);
    let share = |part: u32, whole: u32| rounded(f64::from(part) / f64::from(whole.max(1)));
    Plain {
        pages: pages.len(),
        words: sum.words,
        reading: sum.reading(language).map(settled),
        words_a_sentence: share(sum.words, sum.sentences),
        long_sentences: share(sum.long[1], sum.sentences),
        passive: share(sum.passive, sum.sentences),
        wordy: rounded(f64::from(sum.wordy) * 1000.0 / f64::from(sum.words.max(1))),
        phrases,
        acronyms,
        hardest,
    }
}

/// More is harder.
fn difficulty(reading: Reading) -> f64 {
    match reading {
        Reading::Grade(grade) => grade,
        Reading::Ease(ease) => -ease,
    }
}
