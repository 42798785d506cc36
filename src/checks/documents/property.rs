//! `document-property`: documents have a property that readers of them rely on.
//!
//! In: what was read. Out: one verdict for each document that the property belongs to: only a form can lack fields, only a PDF tags.
//! Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

use super::{at, each_read, unseen};
use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck};
use crate::document::{Document, Form, Kind, State};
use crate::facts::{Found, LinkedDocument, Note, PageFacts, SiteView, e_signature};
use crate::verdict::{Locator, Outcome, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "document-property",
    asks: "Do the documents that pages link to have this property?",
    scope: Scope::Site,
    parameters: &[
        ("kinds", "kinds of documents that are judged, as in pdf, word, excel, power-point, old-word; without it all"),
        (
            "property",
            "one of opens, readable-aloud, tagged, title, shown-title, language, words, field-names, fillable, lasting-fields, \
             signature-field, control-number, unexpired, size",
        ),
        ("unlike", "regular expression over a title that is none, such as a file's name (with `title`)"),
        ("max-octets", "the largest document (with `size`)"),
        ("max-pages", "the longest document (with `size`)"),
    ],
    build: site::<DocumentProperty>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DocumentProperty {
    #[serde(default)]
    kinds: Vec<Kind>,
    property: Property,
    unlike: Option<Pattern>,
    max_octets: Option<u64>,
    max_pages: Option<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Property {
    Opens,
    ReadableAloud,
    Tagged,
    Title,
    ShownTitle,
    Language,
    Words,
    FieldNames,
    Fillable,
    LastingFields,
    SignatureField,
    ControlNumber,
    Unexpired,
    Size,
}

/// What a document shows of a property.
enum Shown {
    Has(String),
    Lacks(String, String),
    /// The property does not belong to it.
    No,
}

use Shown::{Has, Lacks, No};

impl SiteCheck for DocumentProperty {
    fn reads_documents(&self) -> bool {
        true
    }

    /// The vendor with whom people can sign from a page: it may take what a document beside it asks for.
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        if self.property != Property::SignatureField {
            return Vec::new();
        }
        let vendor = e_signature::vendors(page).next();
        vendor.map(|vendor| Note::of(Outcome::Passed, vendor.to_string())).into_iter().collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        if self.property == Property::Opens {
            let all = site.facts.documents.iter().filter(|(_, linked)| self.wants(linked.named));
            let opened = all.filter_map(|(url, linked)| verdict(at(url), linked, opens(linked)));
            return opened.chain(unseen(site)).collect();
        }
        let signing: BTreeMap<&Url, &str> = site.notes().map(|(url, note)| (&**url, note.text)).collect();
        each_read(site, |url, linked, document| {
            let shown = if self.wants(document.kind) { self.shown(document, site) } else { No };
            let vendor = linked.places.iter().find_map(|place| signing.get(&place.page));
            let shown = match (shown, vendor) {
                (Lacks(..), Some(vendor)) => Has(format!("a page that links to it lets people sign with {vendor}")),
                (shown, _) => shown,
            };
            verdict(at(url), linked, shown)
        })
    }
}

fn verdict(at: Locator, linked: &LinkedDocument, shown: Shown) -> Option<Verdict> {
    match shown {
        Has(observed) => Some(at.pass(observed)),
        Lacks(observed, expected) => Some(at.fail(format!("{observed}; {}", linked.told()), expected)),
        No => None,
    }
}

impl DocumentProperty {
    fn wants(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    fn shown(&self, document: &Document, site: &SiteView<'_>) -> Shown {
        match self.property {
            // Judged apart: what does not open was not read.
            Property::Opens => No,
            Property::ReadableAloud => readable_aloud(document),
            Property::Tagged => match document.tagged {
                Some(true) => has("it is tagged"),
                Some(false) => lacks("the PDF has no tags", "a tagged PDF"),
                None => No,
            },
            Property::Title => self.title(document),
            Property::ShownTitle => match (document.shows_title, &document.title) {
                (Some(true), Some(_)) => has("readers show its title"),
                (Some(false), Some(title)) => lacks(
                    &format!("readers show the name of the file, not the title \"{title}\""),
                    "a PDF that asks readers to show its title",
                ),
                (Some(_), None) | (None, _) => No,
            },
            Property::Language => match &document.language {
                Some(language) => Has(format!("its language is {language}")),
                None => lacks("it does not say its language", "a language for the whole document"),
            },
            Property::Words => words(document),
            Property::FieldNames => match (document.kind, document.fields, document.unnamed) {
                (Kind::Pdf, 1.., 0) => has("every field has a name for people"),
                (Kind::Pdf, fields @ 1.., unnamed) => Lacks(
                    format!("{unnamed} of {fields} fields have no name for people"),
                    "a tooltip for each field".to_string(),
                ),
                (_, _, _) => No,
            },
            Property::Fillable => fillable(document),
            Property::LastingFields => match document.form {
                Form::DynamicXfa => lacks(
                    "its form is drawn by XFA alone; most readers show a page that asks to wait",
                    "a form whose fields browsers and readers show",
                ),
                Form::Xfa | Form::Fields => has("its fields are those of the file format"),
                Form::None | Form::Flat => No,
            },
            Property::SignatureField => signature(document),
            Property::ControlNumber => match (document.is_form(), &document.numbers.control_number) {
                (false, _) => No,
                (true, Some(number)) => Has(format!("it shows the control number {number}")),
                (true, None) => lacks("the form shows no control number", "a control number and the day it ends"),
            },
            Property::Unexpired => match document.numbers.expires.filter(|_| document.is_form()) {
                None => No,
                Some(day) if day < site.today => {
                    Lacks(format!("the form says that it expired on {day}"), format!("a day from {} on", site.today))
                }
                Some(day) => Has(format!("it expires on {day}")),
            },
            Property::Size => self.size(document),
        }
    }

    fn title(&self, document: &Document) -> Shown {
        match &document.title {
            None => lacks("it has no title", "a title in its properties"),
            Some(title) if self.unlike.as_ref().is_some_and(|unlike| unlike.is_in(title)) => {
                Lacks(format!("its title is \"{title}\""), "a title that says what it is about".to_string())
            }
            Some(title) => Has(format!("its title is \"{title}\"")),
        }
    }

    fn size(&self, document: &Document) -> Shown {
        let megabytes = document.octets >> 20;
        let pages = document.pages.unwrap_or(0);
        let heavy = self.max_octets.is_some_and(|most| document.octets > most);
        let long = self.max_pages.is_some_and(|most| pages > most);
        let most = [
            self.max_octets.map(|most| format!("at most {} MB", most >> 20)),
            self.max_pages.map(|most| format!("at most {most} pages")),
        ];
        let observed = format!("it has {pages} pages and {megabytes} MB");
        if heavy || long {
            Lacks(observed, most.into_iter().flatten().collect::<Vec<_>>().join(" and "))
        } else {
            Has(observed)
        }
    }
}

fn has(observed: &str) -> Shown {
    Has(observed.to_string())
}

fn lacks(observed: &str, expected: &str) -> Shown {
    Lacks(observed.to_string(), expected.to_string())
}

/// Whether there is a document at all, and one that opens.
fn opens(linked: &LinkedDocument) -> Shown {
    let expected = "a document that opens";
    match &linked.found {
        Found::Answered(status) => lacks(&format!("its address answers with status {status}"), expected),
        Found::Missing => lacks("the folder has no such file", expected),
        Found::Read(document) if document.kind == Kind::Page => lacks("a web page stands at its address", expected),
        Found::Read(document) => match document.state {
            State::Broken => lacks("the file is damaged", expected),
            State::Locked => lacks("it opens with a password only", expected),
            State::Read => has("it opens"),
        },
        Found::NotLooked(_) | Found::Problem(..) => No,
    }
}

fn readable_aloud(document: &Document) -> Shown {
    match (document.kind, document.lock.and_then(|lock| lock.assistive), document.lock) {
        (Kind::Pdf, Some(false), _) => lacks(
            "its permissions keep assistive technology from reading it",
            "permissions that let assistive technology read",
        ),
        (Kind::Pdf, Some(true), _) => has("it is protected, and assistive technology may read it"),
        (Kind::Pdf, None, None) => has("it is not protected"),
        (_, _, _) => No,
    }
}

fn words(document: &Document) -> Shown {
    if document.is_scan() {
        let observed = format!(
            "{} of {} pages that were read are pictures, and no page has text",
            document.scanned, document.pages_read
        );
        return Lacks(observed, "text that can be read aloud, searched and enlarged".to_string());
    }
    match (document.kind, document.words) {
        (Kind::Pdf, 1..) => has("it has text"),
        (_, _) => No,
    }
}

fn fillable(document: &Document) -> Shown {
    match document.form {
        Form::Flat => Lacks(
            format!("it looks like a form and has no fields: it has {}", document.signs.join(", ")),
            "fields that can be filled in on a screen".to_string(),
        ),
        Form::Fields | Form::Xfa | Form::DynamicXfa => Has(format!("it has {} fields", document.fields)),
        Form::None => No,
    }
}

fn signature(document: &Document) -> Shown {
    if !document.is_form() {
        return No;
    }
    match (document.signatures, document.signed_by_hand) {
        (1.., _) => has("it has a field for a digital signature"),
        (0, true) => {
            lacks("it has a line to sign on and no field for a digital signature", "a way to sign on a screen")
        }
        (0, false) => No,
    }
}
