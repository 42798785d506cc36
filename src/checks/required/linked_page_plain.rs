//! `linked-page-plain`: a page behind a link of the home page is no harder to read than it may be.
//!
//! In: the reply behind the link. Out: one verdict for a page with enough running text in English or Spanish; no such page is
//! inapplicable. Tested by the rules that use it.

use serde::Deserialize;
use std::sync::OnceLock;

use super::linked_page::linked_page;
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::prose::{Counts, Reading};
use crate::facts::{LinkMatch, Need, SiteView};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "linked-page-plain",
    asks: "Is the page behind a link of the home page easy enough to read?",
    scope: Scope::Site,
    parameters: &[
        ("text", "whole texts of the link, folded, without accents; `*` at the end stands for anything"),
        ("href", "addresses of the link: path globs, or host and path"),
        ("min-words", "a page with fewer words of sentences has no measure"),
        ("most", "the most years of school that reading English may take"),
        ("least-ease", "the least ease of Spanish, 0 to 100"),
        ("looks-for", "what the page is, for people"),
    ],
    build: site::<LinkedPagePlain>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LinkedPagePlain {
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    href: Vec<String>,
    min_words: u32,
    most: f64,
    least_ease: f64,
    looks_for: String,
    #[serde(skip)]
    wanted: OnceLock<LinkMatch>,
}

impl SiteCheck for LinkedPagePlain {
    fn needs(&self) -> Vec<Need> {
        vec![self.need()]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let need = self.need();
        let page = match linked_page(site, &need, &self.looks_for) {
            Ok(page) => page,
            Err(unseen) => return unseen,
        };
        let mut counts = Counts::default();
        page.prose().blocks.iter().for_each(|(_, read)| counts.add(&read.counts));
        let language = page.prose().language.map(String::from).or_else(|| page.language()).unwrap_or_default();
        let Some(reading) = counts.reading(&language).filter(|_| counts.words >= self.min_words) else {
            return Vec::new();
        };
        let (is_plain, said, expected) = match reading {
            Reading::Grade(grade) => {
                let expected = format!("a text for readers with {} years of school", self.most);
                (grade <= self.most, format!("takes about {grade:.1} years of school to read"), expected)
            }
            Reading::Ease(ease) => (
                ease >= self.least_ease,
                format!("has an ease of {ease:.0} of 100"),
                format!("an ease of {} or more", self.least_ease),
            ),
        };
        let size = format!("{} words in {} sentences", counts.words, counts.sentences);
        let observed = format!("{} at {} {said} ({size})", self.looks_for, page.url());
        vec![if is_plain { Locator::whole().pass(observed) } else { Locator::whole().fail(observed, expected) }]
    }
}

impl LinkedPagePlain {
    fn need(&self) -> Need {
        Need::Linked(self.wanted.get_or_init(|| LinkMatch::of(&self.text, &self.href)).clone())
    }
}
