//! `same-name`: links or frames with one name lead to one place.
//!
//! In: a page. Out: one verdict for each name that several exposed elements share. Different addresses may show the same thing, so a
//! difference is for a person to judge. Tested by the rules that use it and by the ACT cases (b20e66, fd3a94, 4b1c6c).

use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, names, roles, visibility};
use crate::html::{Document, Element};
use crate::verdict::Verdict;
use crate::web::address;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "same-name",
    asks: "Do links or frames with one name lead to one place?",
    scope: Scope::Page,
    parameters: &[
        ("what", "links or frames"),
        ("within", "page (default): anywhere; block: in one paragraph, item or cell"),
    ],
    build: page::<SameName>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SameName {
    what: What,
    #[serde(default)]
    within: Within,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Links,
    Frames,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Within {
    #[default]
    Page,
    Block,
}

impl PageCheck for SameName {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let mut groups: BTreeMap<(u32, &str), Vec<Element<'_>>> = BTreeMap::new();
        for element in self.meant(document).into_iter().filter(visibility::is_exposed) {
            let name = names::folded(&element);
            let place = match self.within {
                Within::Page => Some(0),
                Within::Block => block(&element),
            };
            if let (false, Some(place)) = (name.is_empty(), place) {
                groups.entry((place, name)).or_default().push(element);
            }
        }
        let mut verdicts: Vec<(u32, Verdict)> = groups
            .into_iter()
            .filter(|(_, group)| group.len() > 1)
            .map(|((_, name), group)| {
                let group: Vec<_> = group.into_iter().map(|element| (element, destination(&element, page))).collect();
                verdict(name, &group)
            })
            .collect();
        verdicts.sort_by_key(|(order, _)| *order);
        verdicts.into_iter().map(|(_, verdict)| verdict).collect()
    }
}

impl SameName {
    fn meant<'a>(&self, document: &'a Document) -> Vec<Element<'a>> {
        match self.what {
            What::Links => roles::among(document, &["link"]),
            What::Frames => document.with_name("iframe").filter(Element::is_html).collect(),
        }
    }
}

fn verdict(name: &str, group: &[(Element<'_>, String)]) -> (u32, Verdict) {
    let (first, to) = &group[0];
    match group.iter().find(|(_, other)| other != to) {
        None => (first.order(), first.at().pass(format_args!("all that is named \"{name}\" leads to one place"))),
        Some((other, elsewhere)) => {
            let observed = format!("\"{name}\" leads to {elsewhere} here and to {to} elsewhere on the page");
            (
                other.order(),
                other.heard().cannot_tell(observed, "one name for one place, or names that say the difference"),
            )
        }
    }
}

/// The place an element leads to: its address, else what its script does.
fn destination(element: &Element<'_>, page: &PageFacts<'_>) -> String {
    let given = ["href", "xlink:href", "src", "srcdoc", "onclick"].into_iter().find_map(|name| element.attr(name));
    let given = given.unwrap_or_default().trim();
    match page.base().join(given) {
        Ok(url) if !element.has_attr("srcdoc") => plain(&url),
        Ok(_) | Err(_) => given.to_string(),
    }
}

/// An address without what mostly does not matter: the scheme, the name of an index file, a slash at the end, a fragment.
fn plain(url: &Url) -> String {
    let url = address::canonical(url).to_string();
    let url = url.split('#').next().unwrap_or_default();
    let url = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    let file = url.rsplit('/').next().unwrap_or_default();
    let url = if file.starts_with("index.") && !file.contains('?') { &url[..url.len() - file.len()] } else { url };
    url.trim_end_matches('/').to_string()
}

/// The paragraph, item or cell an element stands in.
fn block(element: &Element<'_>) -> Option<u32> {
    let blocks = ["p", "li", "td", "th", "dd", "dt"];
    element.ancestors().find(|around| blocks.contains(&around.name())).map(|around| around.order())
}
