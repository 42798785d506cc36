//! `title-pattern`: titles of pages name the site in the same way.
//!
//! In: the first and last part of each page's title. Out: a verdict for each page that has a title, where a part is shared by
//! enough pages of its language to be the site's name; a site without such a name is doubted as a whole. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, Place, SiteView, words};
use crate::html::Selector;
use crate::verdict::{Locator, Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "title-pattern",
    asks: "Do the titles of the pages name the site in the same way?",
    scope: Scope::Site,
    parameters: &[
        ("separators", "what stands between the parts of a title, with the spaces around it"),
        ("min-pages", "fewer pages are not compared"),
        ("min-share", "the share of pages whose title has to hold the shared part, 0 to 1"),
    ],
    build: site::<TitlePattern>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TitlePattern {
    separators: Vec<String>,
    min_pages: usize,
    min_share: f64,
}

/// Titles of one language with their places.
type Titles<'s> = Vec<(&'s str, Locator)>;

static TITLE: LazyLock<Selector> = LazyLock::new(|| Selector::parse("head > title").expect("a constant selector"));

impl SiteCheck for TitlePattern {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some(title) = page.document.and_then(|document| document.select(&TITLE).next()) else { return Vec::new() };
        let text = words::fold(&title.text());
        if text.is_empty() || page.is_version_of_another() || page.is_error_document() {
            return Vec::new();
        }
        let text = format!("{} {text}", page.language().unwrap_or_default());
        vec![Note::of(Outcome::Passed, text).at(title.at().place())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let mut languages: BTreeMap<&str, Titles<'_>> = BTreeMap::new();
        for (url, note) in site.notes() {
            let (language, title) = note.text.split_once(' ').unwrap_or(("", note.text));
            languages.entry(language).or_default().push((title, note.on(url)));
        }
        languages.into_values().flat_map(|titles| self.compare(titles)).collect()
    }
}

impl TitlePattern {
    #[expect(clippy::cast_precision_loss, reason = "counts of pages")]
    fn compare(&self, titles: Titles<'_>) -> Vec<Verdict> {
        let total = titles.len();
        if total < self.min_pages {
            return Vec::new();
        }
        let Some((name, named)) = self.shared(&titles) else {
            let observed = format!("no two of {total} titles share a name of the site");
            return vec![Locator::whole().fail(observed, expected())];
        };
        if named * 2 < total {
            let observed = format!("no part is shared by half of {total} titles; \"{name}\" by {named}");
            return vec![Locator::whole().fail(observed, expected())];
        }
        let is_enough = named as f64 >= total as f64 * self.min_share;
        titles
            .into_iter()
            .map(|(title, at)| {
                if is_enough || self.parts(title).contains(&name.as_str()) {
                    return at.pass(format_args!("{named} titles name the site \"{name}\""));
                }
                at.fail(format!("\"{title}\" does not name the site \"{name}\" as {named} others do"), expected())
            })
            .collect()
    }

    /// The part that most titles begin or end with.
    fn shared(&self, titles: &[(&str, Locator)]) -> Option<(String, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (title, _) in titles {
            let parts = self.parts(title);
            let ends = [parts.first(), parts.last()];
            let mut ends: Vec<&str> = ends.into_iter().flatten().copied().collect();
            ends.dedup();
            ends.into_iter().for_each(|end| *counts.entry(end).or_default() += 1);
        }
        let (name, count) = counts.into_iter().max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name)))?;
        (count > 1).then(|| (name.to_string(), count))
    }

    fn parts<'t>(&self, title: &'t str) -> Vec<&'t str> {
        let mut parts = vec![title];
        for separator in &self.separators {
            parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
        }
        parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
    }
}

fn expected() -> &'static str {
    "titles that say what the page is and then name the site, all in the same way"
}
