//! `bypass`: people get past what every page repeats.
//!
//! In: a page. Out: a verdict for the page: a heading or a landmark of its own content, or either or a link into the page. Parts that
//! sites repeat are navigation, asides, headers and footers. Where scripts may fold those parts, nobody can tell. Tested by the
//! rules that use it and by the ACT cases (047fe0, b40fd1, cf77f2).

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Scope};
use crate::facts::{PageFacts, Place, roles, visibility, visible_text};
use crate::html::{Document, Element};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "bypass",
    asks: "Do people get past what every page repeats?",
    scope: Scope::Page,
    parameters: &[
        ("by", "heading: of the content; landmark: of the content; any: either, or a link into the page"),
        ("from-links", "links from which a page without repeated parts has something to get past"),
    ],
    build: page::<Bypass>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Bypass {
    by: Means,
    #[serde(default)]
    from_links: usize,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Means {
    Heading,
    Landmark,
    Any,
}

impl PageCheck for Bypass {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        let Some(document) = page.document else { return Vec::new() };
        let Some(body) = document.body().filter(|body| !visible_text(*body).trim().is_empty()) else {
            return Vec::new();
        };
        if page.blind_spot().is_some() || body.name() == "frameset" {
            return Vec::new();
        }
        let found = match self.by {
            Means::Heading => heading(document),
            Means::Landmark => landmark(document),
            Means::Any => heading(document).or_else(|| landmark(document)).or_else(|| link(document)),
        };
        if let Some(found) = found {
            return vec![found.at().pass("the content of the page can be found by it")];
        }
        let whole = page.whole();
        vec![match self.by {
            Means::Heading => {
                whole.fail("the content of the page has no heading", "a heading where the content begins")
            }
            Means::Landmark if heading(document).is_some() => whole.cannot_tell(
                "the content of the page is in no landmark; a heading leads to it",
                "a main element around it",
            ),
            Means::Landmark => {
                whole.fail("the content of the page is in no landmark", "a main element around the content")
            }
            Means::Any if !self.has_something_to_pass(document) => whole.pass("nothing stands before the content"),
            Means::Any if acts(document) => whole.cannot_tell(
                "no heading, landmark or link leads past what the page repeats; a script may fold it",
                "a heading, a main element or a link that leads to the content",
            ),
            Means::Any => whole.fail(
                "no heading, landmark or link leads past what the page repeats",
                "a heading, a main element or a link that leads to the content",
            ),
        }]
    }
}

impl Bypass {
    /// True when the page begins with what sites repeat: a part that says so, or links.
    fn has_something_to_pass(&self, document: &Document) -> bool {
        let links = document.with_name("a").filter(|element| element.has_attr("href"));
        let many = links.take(self.from_links.max(1)).count() >= self.from_links.max(1);
        let parts = document.elements().any(|element| is_repeated_part(&element) && visibility::is_exposed(&element));
        let first = document.elements().find(|element| visibility::is_exposed(element) && says_something(element));
        let begins_so = first.is_some_and(|first| {
            first.name() == "a"
                || std::iter::once(first).chain(first.ancestors()).any(|around| is_repeated_part(&around))
        });
        begins_so && (many || parts)
    }
}

/// True for an element with words of its own.
fn says_something(element: &Element<'_>) -> bool {
    use crate::html::Node;
    element.nodes().any(|node| match node {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Element(_) => false,
    })
}

fn is_repeated_part(element: &Element<'_>) -> bool {
    matches!(roles::role(element).as_str(), "navigation" | "complementary" | "contentinfo" | "banner")
}

fn is_in_repeated_part(element: &Element<'_>, but: &[&str]) -> bool {
    element.ancestors().any(|around| {
        let role = roles::role(&around);
        matches!(role.as_str(), "navigation" | "complementary" | "contentinfo" | "banner")
            && !but.contains(&role.as_str())
    })
}

/// A heading of the content; the page's own header may hold its main heading.
fn heading(document: &Document) -> Option<Element<'_>> {
    roles::first(document, &["heading"], |element| {
        !is_in_repeated_part(element, &["banner"])
            && visibility::is_exposed(element)
            && (!visible_text(*element).trim().is_empty() || element.descendants().any(|inner| inner.name() == "img"))
    })
}

fn landmark(document: &Document) -> Option<Element<'_>> {
    roles::first(document, &["main", "region", "form", "search"], |element| {
        (roles::role(element).as_str() == "main" || !is_in_repeated_part(element, &[]))
            && visibility::is_exposed(element)
            && (element.children().next().is_some() || !visible_text(*element).trim().is_empty())
    })
}

/// A link to a place in the page that is not in a part the site repeats.
fn link(document: &Document) -> Option<Element<'_>> {
    document.elements().find(|element| {
        let id = element.attr("href").filter(|_| element.name() == "a").and_then(|href| href.trim().strip_prefix('#'));
        let Some(id) = id.filter(|id| !id.is_empty()) else { return false };
        let named = || document.with_name("a").any(|other| other.attr("name") == Some(id));
        visibility::is_exposed(element) && (document.by_id(id).is_some() || named())
    })
}

/// True when something on the page does things by script.
fn acts(document: &Document) -> bool {
    let is_control = |element: &Element<'_>| {
        element.has_attr("onclick")
            || element.name() == "button"
            || element.attr("href").is_some_and(|href| href.starts_with('#'))
    };
    let has_script = |element: &Element<'_>| element.name() == "script";
    document.elements().any(|element| has_script(&element)) && document.elements().any(|element| is_control(&element))
}
