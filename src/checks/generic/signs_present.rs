//! `signs-present`: the page shows at least one sign of something that can take many forms.
//!
//! In: a page. Out: one verdict. A sign may be words, an element, a link or something the page loads; `perhaps` are signs that
//! only hint. Tested by the rules that use it.

use serde::Deserialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{LazyLock, OnceLock};

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Pattern, Phrases, Query, Scope};
use crate::facts::{LinkMatch, PageFacts, Place, names, visibility, visible_text, words};
use crate::html::{Document, Element, Selector};
use crate::verdict::Verdict;

static IMAGES: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("img[alt], [role=img]").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "signs-present",
    asks: "Does the page show at least one of the signs: words, an element, a link, something it loads?",
    scope: Scope::Page,
    parameters: &[
        ("says", "phrases in the text people read (optional)"),
        ("pattern", "regular expression over folded text (optional)"),
        ("selector", "CSS selector of elements that are a sign (optional)"),
        ("links", "shape of a link that is a sign: { text = [], href = [] } (optional)"),
        ("loads", "addresses of scripts, frames and images that are a sign: `*.host.example/**` (optional)"),
        ("scripts-say", "regular expression over the scripts in the page (optional)"),
        ("perhaps", "CSS selector of elements that only hint: cantTell (optional)"),
        ("perhaps-scripts-say", "regular expression over the scripts in the page that only hints: cantTell (optional)"),
        ("only", "CSS selector: inapplicable to pages without such an element (optional)"),
        ("only-says", "regular expression over folded text: inapplicable to pages that say no such thing (optional)"),
        ("only-path", "regular expression over the path: inapplicable to pages elsewhere (optional)"),
        ("in", "CSS selector: words count only in what it finds, with the names of images there (optional)"),
        ("looks-for", "what the signs are signs of, for people"),
    ],
    build: page::<SignsPresent>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SignsPresent {
    #[serde(default)]
    says: Phrases,
    pattern: Option<Pattern>,
    selector: Option<Query>,
    #[serde(default)]
    links: LinkMatch,
    #[serde(default)]
    loads: Vec<String>,
    scripts_say: Option<Pattern>,
    only: Option<Query>,
    only_says: Option<Pattern>,
    only_path: Option<Pattern>,
    perhaps: Option<Query>,
    perhaps_scripts_say: Option<Pattern>,
    #[serde(rename = "in")]
    within: Option<Query>,
    looks_for: String,
    #[serde(skip)]
    hosts: OnceLock<LinkMatch>,
}

impl PageCheck for SignsPresent {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if !self.is_asked_of(page) {
            return Vec::new();
        }
        vec![self.sign(page).unwrap_or_else(|| self.without(page))]
    }
}

impl SignsPresent {
    fn is_asked_of(&self, page: &PageFacts<'_>) -> bool {
        let Some(document) = page.document else { return false };
        self.only_path.as_ref().is_none_or(|path| path.is_in(page.url().path()))
            && self.only_says.as_ref().is_none_or(|says| says.is_on(page))
            && self.only.as_ref().is_none_or(|only| document.select(&only.0).next().is_some())
    }

    fn sign(&self, page: &PageFacts<'_>) -> Option<Verdict> {
        let document = page.document?;
        let shown =
            |element: &Element<'_>| matches!(element.name(), "script" | "meta") || visibility::is_rendered(element);
        if let Some(element) = self.selector.as_ref().and_then(|query| document.select(&query.0).find(shown)) {
            return Some(element.at().pass(format_args!("shows {}", self.looks_for)));
        }
        if let Some(link) = page.links_like(&self.links).next() {
            return Some(link.element.at().pass(format_args!("links to {}", self.looks_for)));
        }
        let loads = self.hosts.get_or_init(|| LinkMatch::of(&[], &self.loads));
        if let Some(resource) = page.resources_from(loads).next() {
            return Some(resource.element.at().pass(format_args!("loads {}", resource.url)));
        }
        if let Some(script) = script_saying(page, self.scripts_say.as_ref()) {
            return Some(script.at().pass(format_args!("a script brings {}", self.looks_for)));
        }
        let pass = |words: &str| page.whole().pass(format_args!("says \"{words}\""));
        let Some(within) = &self.within else {
            let pattern = || self.pattern.as_ref()?.find_on(page);
            return self.says.first_on(page).map(pass).or_else(|| pattern().map(|found| pass(found.as_str())));
        };
        let text = searched(within, document);
        let pattern = || self.pattern.as_ref()?.0.find(&text);
        self.says.first_in(&text).map(pass).or_else(|| pattern().map(|found| pass(found.as_str())))
    }

    fn without(&self, page: &PageFacts<'_>) -> Verdict {
        if let Some(reason) = page.blind_spot() {
            return page.whole().untested(reason);
        }
        let hint = page.document.and_then(|document| {
            let found = self.perhaps.as_ref().and_then(|query| document.select(&query.0).next());
            found.or_else(|| script_saying(page, self.perhaps_scripts_say.as_ref()))
        });
        match hint {
            Some(element) => element.at().cannot_tell(
                format!("this may bring {}, out of a program's sight", self.looks_for),
                self.looks_for.clone(),
            ),
            None => page.whole().fail(format!("no sign of {}", self.looks_for), self.looks_for.clone()),
        }
    }
}

/// What was searched on a page so far, by selector: several rules look into the same parts.
#[derive(Default)]
struct SearchedSoFar(RefCell<BTreeMap<String, Rc<str>>>);

/// The words of the parts that a selector finds, with the names of images there.
fn searched(within: &Query, document: &Document) -> Rc<str> {
    let so_far = document.remembered(|_| SearchedSoFar::default());
    if let Some(text) = so_far.0.borrow().get(within.0.as_str()) {
        return text.clone();
    }
    let images: Vec<Element<'_>> = document.select(&IMAGES).collect();
    let mut text = String::new();
    for part in document.select(&within.0) {
        let inside = images.partition_point(|image| image.order() <= part.order());
        let named = images[inside..].iter().take_while(|image| image.order() < part.end()).map(names::name);
        let seen = visible_text(part);
        for words in std::iter::once(&*seen).chain(named) {
            text.push_str(&words::fold(words));
            text.push(' ');
        }
    }
    let text: Rc<str> = text.into();
    so_far.0.borrow_mut().insert(within.0.as_str().to_string(), text.clone());
    text
}

fn script_saying<'a>(page: &PageFacts<'a>, pattern: Option<&Pattern>) -> Option<Element<'a>> {
    let pattern = pattern?;
    page.scripts().iter().find(|(_, text)| pattern.is_in(text)).map(|(script, _)| *script)
}
