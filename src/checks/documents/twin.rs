//! `document-twin`: what a document says, a page says, too.
//!
//! In: samples of the runs of words of each page, and the text of documents. Out: one verdict for each document with enough text.
//! Invariant: what is kept of a page is a few digests, whatever its length. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::HashSet;
use url::Url;

use super::{at, each_read};
use crate::checks::parameters::site;
use crate::checks::{Entry, Query, Scope, SiteCheck};
use crate::document::Kind;
use crate::facts::{Note, PageFacts, SiteView, visible_text, words};
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
        if words::count(&text) < self.min_words {
            return Vec::new();
        }
        let mut sample = runs(&text);
        sample.sort_unstable();
        sample.dedup();
        vec![Note::of(Outcome::Passed, written(sample.into_iter().take(SAMPLE)))]
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a sample")]
    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let samples: Vec<(&Url, &str)> = site.notes().map(|(url, note)| (&**url, note.text)).collect();
        each_read(site, |url, linked, document| {
            if !self.kinds.contains(&document.kind) || document.is_form() || (document.words as usize) < self.min_words
            {
                return None;
            }
            let held: HashSet<u32> = runs(&document.text).into_iter().collect();
            let alike = |sample: &str| {
                let (all, shared) = read(sample).fold((0usize, 0usize), |(all, shared), digest| {
                    (all + 1, shared + usize::from(held.contains(&digest)))
                });
                shared as f64 / all.max(1) as f64
            };
            let twin = samples.iter().find(|(_, sample)| alike(sample) >= self.share);
            Some(match twin {
                Some((page, _)) => at(url).pass(format_args!("{page} says the same")),
                None => at(url).fail(
                    format!("no page that was read says what its {} words say; {}", document.words, linked.told()),
                    "a web page with the same content",
                ),
            })
        })
    }
}

/// Digests as a text of five signs each: base 85, from "!" on, as in Ascii85.
fn written(digests: impl Iterator<Item = u32>) -> String {
    let signs = |digest: u32| SIGNS.map(|worth| char::from(b'!' + (digest / worth % 85) as u8));
    digests.flat_map(signs).collect()
}

/// The digests of such a text.
fn read(text: &str) -> impl Iterator<Item = u32> {
    let (digests, _) = text.as_bytes().as_chunks::<5>();
    digests.iter().map(|signs| {
        let worth = signs.iter().zip(SIGNS).map(|(sign, worth)| u32::from(sign.wrapping_sub(b'!')).wrapping_mul(worth));
        worth.fold(0, u32::wrapping_add)
    })
}

/// What each sign of a digest is worth.
const SIGNS: [u32; 5] = [85 * 85 * 85 * 85, 85 * 85 * 85, 85 * 85, 85, 1];

/// Digests of the runs of words of a text, without regard to case and signs.
fn runs(text: &str) -> Vec<u32> {
    let words: Vec<u64> = words::runs(text, |_| false)
        .map(|word| match word.is_ascii() {
            true => word.bytes().fold(BASIS, |hash, byte| step(hash, u64::from(byte.to_ascii_lowercase()))),
            false => word.to_lowercase().bytes().fold(BASIS, |hash, byte| step(hash, u64::from(byte))),
        })
        .collect();
    words.windows(RUN).map(|run| scattered(run.iter().fold(BASIS, |hash, word| step(hash, *word)))).collect()
}

/// FNV-1a, of octets or of whole words.
fn step(hash: u64, more: u64) -> u64 {
    (hash ^ more).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// Spreads a hash over all digests, since the lowest ones are to be chosen by chance (the finalizer of MurmurHash3).
fn scattered(hash: u64) -> u32 {
    let once = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let twice = (once ^ once >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    (twice >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_differ_by_their_words_and_not_by_case_and_signs() {
        let text = "The Form is due on June 1, caf\u{c9} or not.";
        assert_eq!(runs(text), runs("the form, is due: on june 1 CAF\u{c9} or not"));
        let digests: HashSet<u32> = runs(text).into_iter().collect();
        assert_eq!(digests.len(), 7);
        assert!(digests.is_disjoint(&runs("The form was due in July or later").into_iter().collect()));
    }

    #[test]
    fn digests_come_back_from_their_text() {
        let digests = [0, 1, 84, 85, 7_225, u32::MAX - 1, u32::MAX];
        let text = written(digests.into_iter());
        assert_eq!(text.len(), 5 * digests.len());
        assert_eq!(read(&text).collect::<Vec<_>>(), digests);
    }

    #[test]
    fn digests_are_spread_evenly() {
        let text: String = (0..4_003).map(|number| format!("word{number} ")).collect();
        let low = runs(&text).into_iter().filter(|digest| *digest < u32::MAX / 4).count();
        assert!((900..1_100).contains(&low), "{low} of 4000 in the lowest quarter");
    }
}
