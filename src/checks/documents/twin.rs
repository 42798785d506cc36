//! `document-twin`: what a document says, a page says, too.
//!
//! In: samples of the runs of words of each page, and the text of documents. Out: one verdict for each document with enough text.
//! Invariant: what is kept of a page is a few digests, whatever its length. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};

use super::{at, each_read};
use crate::checks::parameters::site;
use crate::checks::{Entry, Query, Scope, SiteCheck};
use crate::document::Kind;
use crate::facts::{Note, PageFacts, SiteView, visible_text};
use crate::verdict::{Outcome, Verdict};

/// Words of a run that is compared.
const RUN: usize = 4;
/// Digests that are kept of a page: the lowest.
const SAMPLE: usize = 32;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "document-twin",
    asks: "Does a page say what each document says?",
    scope: Scope::Site,
    parameters: &[
        ("kinds", "kinds of documents that are judged"),
        ("in", "CSS selector of the main part of a page; the first found is compared, else the body"),
        ("min-words", "shorter documents and pages are left alone"),
        ("share", "the share of a page's sampled runs of words that a document has to hold"),
    ],
    build: site::<DocumentTwin>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DocumentTwin {
    kinds: Vec<Kind>,
    #[serde(rename = "in")]
    within: Query,
    min_words: usize,
    share: f64,
}

impl SiteCheck for DocumentTwin {
    fn reads_documents(&self) -> bool {
        true
    }

    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some(document) = page.document else { return Vec::new() };
        let Some(main) = document.select(&self.within.0).next().or(document.body()) else { return Vec::new() };
        let text = visible_text(main);
        if text.split_whitespace().take(self.min_words).count() < self.min_words {
            return Vec::new();
        }
        let sample: BTreeSet<u32> = runs(&text).into_iter().collect();
        let lowest: Vec<String> = sample.into_iter().take(SAMPLE).map(|digest| format!("{digest:08x}")).collect();
        vec![Note::of(Outcome::Passed, lowest.join(" "))]
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a sample")]
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        each_read(site, |url, linked, document| {
            if !self.kinds.contains(&document.kind) || document.is_form() || (document.words as usize) < self.min_words
            {
                return None;
            }
            let held: HashSet<u32> = runs(&document.text).into_iter().collect();
            let alike = |sample: &str| {
                let digests = sample.split(' ').filter_map(|digest| u32::from_str_radix(digest, 16).ok());
                let (all, shared) = digests.fold((0usize, 0usize), |(all, shared), digest| {
                    (all + 1, shared + usize::from(held.contains(&digest)))
                });
                shared as f64 / all.max(1) as f64
            };
            let twin = site.notes().find(|(_, note)| alike(&note.text) >= self.share);
            Some(match twin {
                Some((page, _)) => at(url).pass(format!("{page} says the same")),
                None => at(url).fail(
                    format!("no page that was read says what its {} words say; {}", document.words, linked.told()),
                    "a web page with the same content",
                ),
            })
        })
    }
}

/// Digests of the runs of words of a text, without regard to case and signs.
fn runs(text: &str) -> Vec<u32> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words
        .windows(RUN)
        .map(|run| {
            let digest = blake3::hash(run.join(" ").as_bytes());
            let octets = digest.as_bytes();
            u32::from_be_bytes([octets[0], octets[1], octets[2], octets[3]])
        })
        .collect()
}
