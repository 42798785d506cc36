//! `distinct-pages`: no page stands at two addresses.
//!
//! In: a digest of the main text of each page. Out: one verdict for each page that has enough words; of equal pages the one
//! with the shortest address passes. Pages that name another as canonical are versions of it and are left out.
//! Tested by the rules that use it and below.

use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, SiteView, visible_text, words};
use crate::html::{Document, Selector};
use crate::verdict::{Locator, Outcome, Verdict};
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "distinct-pages",
    asks: "Does every page stand at one address only?",
    scope: Scope::Site,
    parameters: &[
        ("min-words", "pages whose main text has fewer words are left out"),
        ("among", "addresses: different addresses; spellings: addresses that differ in spelling only"),
        ("indexes", "names, without their endings, of files that stand for their folder"),
        ("except", "folded paths of pages that repeat others on purpose, by their beginning or end (optional)"),
    ],
    build: site::<DistinctPages>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DistinctPages {
    min_words: usize,
    among: Among,
    indexes: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Among {
    Addresses,
    Spellings,
}

static MAIN: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("main, [role=main i]").expect("a constant selector"));

impl SiteCheck for DistinctPages {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some(document) = page.document else { return Vec::new() };
        let path = self.spelling(page.url());
        if page.is_version_of_another()
            || page.is_error_document()
            || self.except.iter().any(|part| path.starts_with(part.as_str()) || path.ends_with(part.as_str()))
        {
            return Vec::new();
        }
        let main = document.remembered(|document| MainText::of(document, page));
        if main.words < self.min_words {
            return Vec::new();
        }
        vec![Note::of(Outcome::Passed, main.digest.clone())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let mut groups: BTreeMap<(&str, String), Vec<&Arc<Url>>> = BTreeMap::new();
        for (url, note) in site.notes() {
            let apart = match self.among {
                Among::Addresses => String::new(),
                Among::Spellings => self.spelling(url),
            };
            groups.entry((note.text, apart)).or_default().push(url);
        }
        groups.into_values().flat_map(|pages| self.verdicts(pages)).collect()
    }
}

/// The main text of a page, the same for all rules.
struct MainText {
    words: usize,
    digest: String,
}

impl MainText {
    fn of(document: &Document, page: &PageFacts<'_>) -> Self {
        let text = match document.select(&MAIN).next() {
            Some(main) => Cow::Owned(words::fold(&visible_text(main))),
            None => Cow::Borrowed(page.text()),
        };
        let digest = blake3::hash(text.as_bytes()).to_hex()[..32].to_string();
        // Folded text has one space between words.
        Self { words: words::count(&text).max(1), digest }
    }
}

impl DistinctPages {
    fn verdicts(&self, mut pages: Vec<&Arc<Url>>) -> Vec<Verdict> {
        pages.sort_by_key(|url| (url.as_str().len(), url.as_str()));
        if let Among::Addresses = self.among {
            // Spellings of one address are one page here.
            let mut seen = Vec::new();
            pages.retain(|url| {
                let spelling = self.spelling(url);
                let is_new = !seen.contains(&spelling);
                seen.push(spelling);
                is_new
            });
        }
        let Some((first, copies)) = pages.split_first() else { return Vec::new() };
        let pass = Locator::page((*first).clone()).pass("no shorter address has the same text");
        let copies = copies.iter().map(|url| {
            let expected = "one address for this text, to which the others lead or which they name as canonical";
            Locator::page((*url).clone()).fail(format!("the main text is the same as at {first}"), expected)
        });
        [pass].into_iter().chain(copies).collect()
    }

    /// The path and query of an address without what servers and people treat as the same: case, the slash at the end, the
    /// name of an index file, the order of parameters.
    fn spelling(&self, url: &Url) -> String {
        let path = address::decoded_path(url).to_lowercase();
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let shown = if self.is_index(file) { folder } else { path.trim_end_matches('/') };
        let mut parameters: Vec<String> = url.query().unwrap_or_default().split('&').map(str::to_lowercase).collect();
        parameters.sort();
        let parameters = parameters.join("&");
        if parameters.is_empty() { shown.to_string() } else { format!("{shown}?{parameters}") }
    }

    /// True for "index.html" and, as copies of sites have it, "index.aspx.html".
    fn is_index(&self, file: &str) -> bool {
        let Some((name, endings)) = file.split_once('.') else { return false };
        self.indexes.iter().any(|index| index == name) && endings.chars().all(|c| c.is_ascii_alphabetic() || c == '.')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_an_address_are_told_from_other_addresses() {
        let check = DistinctPages {
            min_words: 1,
            among: Among::Spellings,
            indexes: vec!["index".to_string()],
            except: Vec::new(),
        };
        let spelling = |url: &str| check.spelling(&Url::parse(url).unwrap());
        for same in ["https://a.example/Forms/", "https://a.example/forms/index.html", "https://a.example/forms"] {
            assert_eq!(spelling(same), "/forms", "{same}");
        }
        assert_eq!(spelling("https://a.example/?b=2&a=1"), spelling("https://a.example/index.html?a=1&b=2"));
        assert_ne!(spelling("https://a.example/forms?page=2"), "/forms");
        assert_ne!(spelling("https://a.example/forms/index.aspx%3Fid=1.html"), "/forms");
    }
}
