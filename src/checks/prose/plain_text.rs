//! `plain-text`: the running text of a page is plain by a measure.
//!
//! In: what was counted in the own text of each page, without what pages repeat. Out: a verdict for each page with enough running text in a
//! language that the measure knows (English, Spanish). The words shown are those of the page. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck, all_told};
use crate::facts::SiteView;
use crate::facts::prose::{Counts, Hinted, Reading, suggestion};
use crate::facts::survey::{PageText, Survey};
use crate::verdict::{Locator, Verdict};

/// Phrases that a finding names.
const NAMED: usize = 5;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "plain-text",
    asks: "Is the running text of pages plain by a measure?",
    scope: Scope::Site,
    parameters: &[
        (
            "measure",
            "grade: years of school; long-sentences, passive: share of sentences; simple-words: phrases in a thousand words; \
             abbreviations: how many are not explained; to-reader: words such as \"you\"",
        ),
        ("min-words", "pages with fewer words of sentences have no measure"),
        ("most", "the most that is plain; for to-reader the least"),
        ("least-ease", "for grade: the least ease of Spanish text, 0 to 100 (optional)"),
        ("longer-than", "for long-sentences: words of a sentence that is not yet long: 20, 25 or 40 (optional)"),
        ("only-path", "regular expression over the path of pages that are measured (optional)"),
    ],
    build: site::<PlainText>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PlainText {
    measure: Measure,
    min_words: u32,
    most: f64,
    least_ease: Option<f64>,
    longer_than: Option<usize>,
    only_path: Option<Pattern>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Measure {
    Grade,
    LongSentences,
    Passive,
    SimpleWords,
    Abbreviations,
    ToReader,
}

/// What was measured: whether it is plain, in words, with the line of an example.
struct Measured {
    is_plain: bool,
    observed: String,
    expected: String,
    line: u16,
}

impl SiteCheck for PlainText {
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        all_told(self, site)
    }

    fn tell(&self, site: &SiteView<'_>, to: &mut dyn FnMut(Verdict)) {
        let survey = site.survey();
        let measured = |page: &PageText<'_>| {
            page.counts.words >= self.min_words
                && matches!(page.imprint.tongue(), "en" | "es")
                && self.only_path.as_ref().is_none_or(|path| path.is_in(page.url.path()))
        };
        let pages = survey.pages.iter().filter(|page| measured(page));
        pages.filter_map(|page| Some(verdict(page, self.measure(survey, page)?))).for_each(to);
    }
}

fn verdict(page: &PageText<'_>, measured: Measured) -> Verdict {
    let line = (measured.line > 0 && !measured.is_plain).then(|| u32::from(measured.line));
    let at = Locator { line, column: line.map(|_| 1), ..Locator::page(page.url.clone()) };
    if measured.is_plain { at.pass(measured.observed) } else { at.fail(measured.observed, measured.expected) }
}

impl PlainText {
    fn measure(&self, survey: &Survey<'_>, page: &PageText<'_>) -> Option<Measured> {
        let counts = &page.counts;
        match self.measure {
            Measure::Grade => self.grade(survey, page),
            Measure::LongSentences => {
                let bound = self.longer_than.unwrap_or(25);
                let long = counts.longer_than(bound)?;
                let example = survey.hints(page, Hinted::Longest).next();
                let quote =
                    example.as_ref().map(|hint| format!("; the longest, of {} words: \"{}\"", hint.number, hint.text));
                Some(Measured {
                    is_plain: share(long, counts.sentences) <= self.most,
                    observed: format!(
                        "{long} of {} sentences have more than {bound} words{}",
                        counts.sentences,
                        quote.unwrap_or_default()
                    ),
                    expected: format!("at most {:.0} % of sentences with more than {bound} words", self.most * 100.0),
                    line: example.map_or(0, |hint| hint.line),
                })
            }
            Measure::Passive => {
                let example = survey.hints(page, Hinted::Passive).next();
                let quote = example.as_ref().map(|hint| format!(", as \"{}\"", hint.text)).unwrap_or_default();
                Some(Measured {
                    is_plain: share(counts.passive, counts.sentences) <= self.most,
                    observed: format!("{} of {} sentences are passive{quote}", counts.passive, counts.sentences),
                    expected: format!("at most {:.0} % of sentences in the passive voice", self.most * 100.0),
                    line: example.map_or(0, |hint| hint.line),
                })
            }
            Measure::SimpleWords => Some(self.simple_words(survey, page)),
            Measure::Abbreviations => {
                let hints: Vec<_> = survey.hints(page, Hinted::Acronym).collect();
                let names: Vec<&str> = hints.iter().map(|hint| hint.text.as_str()).collect();
                let said = if names.is_empty() { "none".to_string() } else { names.join(", ") };
                Some(Measured {
                    is_plain: hints.len() as f64 <= self.most,
                    observed: format!("abbreviations without an explanation on the page: {said}"),
                    expected: "the whole name beside an abbreviation where it first stands".to_string(),
                    line: hints.first().map_or(0, |hint| hint.line),
                })
            }
            Measure::ToReader => Some(Measured {
                is_plain: f64::from(counts.to_reader) >= self.most,
                observed: format!("{} words in {} speak to the reader", counts.to_reader, counts.words),
                expected: "sentences that say \"you\" to the person who reads them".to_string(),
                line: 0,
            }),
        }
    }

    fn grade(&self, survey: &Survey<'_>, page: &PageText<'_>) -> Option<Measured> {
        let Counts { words, sentences, .. } = page.counts;
        let size = format!("{words} words in {sentences} sentences");
        let line = survey.hints(page, Hinted::Longest).next().map_or(0, |hint| hint.line);
        Some(match page.counts.reading(page.imprint.tongue())? {
            Reading::Grade(grade) => Measured {
                is_plain: grade <= self.most,
                observed: format!("reading it takes about {grade:.1} years of school ({size})"),
                expected: format!("a text for readers with {} years of school", self.most),
                line,
            },
            Reading::Ease(ease) => {
                let least = self.least_ease?;
                Measured {
                    is_plain: ease >= least,
                    observed: format!("its ease is {ease:.0} of 100 by Fernández Huerta ({size})"),
                    expected: format!("an ease of {least} or more"),
                    line,
                }
            }
        })
    }

    fn simple_words(&self, survey: &Survey<'_>, page: &PageText<'_>) -> Measured {
        let rate = f64::from(page.counts.wordy) * 1000.0 / f64::from(page.counts.words.max(1));
        let hints: Vec<_> = survey.hints(page, Hinted::Wordy).collect();
        let mut named: Vec<String> = Vec::new();
        for (phrase, simpler) in hints.iter().filter_map(|hint| suggestion(page.imprint.tongue(), hint.number)) {
            let words = format!("\"{phrase}\" ({simpler})");
            if named.len() < NAMED && !named.contains(&words) {
                named.push(words);
            }
        }
        let shown = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
        Measured {
            is_plain: rate <= self.most,
            observed: format!(
                "{} phrases in {} words have a simpler twin{shown}",
                page.counts.wordy, page.counts.words
            ),
            expected: format!("at most {} such phrases in a thousand words", self.most),
            line: hints.first().map_or(0, |hint| hint.line),
        }
    }
}

fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole.max(1))
}
