//! `document-on-the-web`: what people do with a paper form they can do on the web, too.
//!
//! In: the ways that pages offer, and the forms among documents. Out: one verdict for each such form. A way is a link or a button with
//! certain words on a page that links to the form, or a form of a page that names its number. Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

use super::{at, each_read};
use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Query, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, SiteView, names};
use crate::verdict::{Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "document-on-the-web",
    asks: "Can people do on the web what a form among the documents is for?",
    scope: Scope::Site,
    parameters: &[
        ("ways", "CSS selector of links and buttons that may lead to a form of the web"),
        ("words", "regular expression over the name of such a link or button"),
    ],
    build: site::<OnTheWeb>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OnTheWeb {
    ways: Query,
    words: Pattern,
}

impl SiteCheck for OnTheWeb {
    fn reads_documents(&self) -> bool {
        true
    }

    /// The first way that a page offers; a page with a form of its own is one, as far as it names the number.
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let Some(document) = page.document else { return Vec::new() };
        let way = document.select(&self.ways.0).map(|way| names::name(&way)).find(|name| self.words.is_in(name));
        way.map(|name| Note::of(Outcome::Passed, name.chars().take(80).collect())).into_iter().collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let offered: BTreeMap<&Url, &str> = site.notes().map(|(url, note)| (&**url, note.text)).collect();
        each_read(site, |url, linked, document| {
            if !document.is_form() {
                return None;
            }
            let beside = linked.places.iter().find_map(|place| Some((&place.page, *offered.get(&place.page)?)));
            if let Some((page, name)) = beside {
                return Some(at(url).pass(format_args!("{page} offers \"{name}\" beside it")));
            }
            let numbers = &document.numbers;
            let twin = site.facts.forms.iter().find(|form| {
                let same = |ours: &Option<String>, theirs: &Option<String>| ours.is_some() && ours == theirs;
                same(&numbers.form_number, &form.numbers.form_number)
                    || same(&numbers.control_number, &form.numbers.control_number)
            });
            Some(match twin {
                Some(form) => at(url).pass(format_args!("{} has a form with its number", form.page)),
                None => at(url).fail(
                    format!("no page that links to this form offers to do the same on the web; {}", linked.told()),
                    "a form of the web for the same purpose, linked beside it",
                ),
            })
        })
    }
}
