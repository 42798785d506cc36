//! The accessible name of an element: what a screen reader calls it.
//!
//! In: an element. Out: [`Name`], the words and where they come from, by Accessible Name and Description Computation 1.2 (4.3.2)
//! and HTML-AAM 1.0 (4.1), as far as markup decides: CSS content is not seen. Whether the element is exposed is another question.
//! Invariant: ends on cyclic references, costs no stack for depth, reads at most [`MOST_NODES`] nodes. Tested below.

use std::cell::OnceCell;

use super::roles::{self, Role};
use super::{embedded, text, visibility};
use crate::html::{Element, ElementId, Node};

/// Nodes read for one name: a page of references to everything stays cheap, and no real name is that long.
const MOST_NODES: usize = 4_000;

/// Bytes of a name after which reading stops.
const MOST_TEXT: usize = 8_192;

/// How far names may hang on names of other elements (a label with a field with a label …).
const MOST_HOPS: u8 = 3;

/// An accessible name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Name {
    /// The words, with white space collapsed; empty when there is no name.
    pub text: String,
    /// Where they come from; `None` when there is no name.
    pub from: Option<NameFrom>,
}

/// Where a name comes from, in the order of precedence.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum NameFrom {
    /// Elements that `aria-labelledby` names.
    LabelledBy,
    /// `aria-label`.
    AriaLabel,
    /// What HTML provides: `alt`, `label`, `legend`, `caption`, `value`, SVG `title` …
    Native,
    /// The text inside.
    Content,
    /// The `title` attribute.
    Title,
    /// A placeholder, which goes away when people type.
    Placeholder,
}

/// The accessible name of an element; empty when it has none.
pub fn name<'a>(element: &Element<'a>) -> &'a str {
    &computed(element).text
}

/// The accessible name of an element and where it comes from; worked out once, because most rules that look at an element ask
/// what it is called.
pub fn computed<'a>(element: &Element<'a>) -> &'a Name {
    let known = element.document().remembered(|document| Known(vec![OnceCell::new(); document.elements().len()]));
    known.0[element.order() as usize].get_or_init(|| {
        let mut walk = Walk { read: Vec::new(), nodes: 0, hops: 0 };
        walk.named(*element)
    })
}

/// The names of a document's elements, as far as somebody asked for them.
struct Known(Vec<OnceCell<Name>>);

/// Why the words of an element are wanted.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Wanted {
    /// Another element's `aria-labelledby` names it: references are not followed again.
    Referenced,
    /// It is read as part of its own name or as a native label.
    Read,
}

struct Walk {
    /// Elements whose content is being read, so that none is read into itself.
    read: Vec<ElementId>,
    nodes: usize,
    hops: u8,
}

/// One source of a name.
type Step<'s> = &'s dyn Fn(&mut Walk) -> String;

impl Walk {
    fn named(&mut self, element: Element<'_>) -> Name {
        let own_content = |walk: &mut Self| {
            let by_content = roles::role(&element).is_named_by_content() || element.name() == "summary";
            if by_content { walk.content(element, Wanted::Read) } else { String::new() }
        };
        let attribute = |name: &str| element.attr(name).unwrap_or_default().to_string();
        let steps: [(NameFrom, Step<'_>); 6] = [
            (NameFrom::LabelledBy, &|walk| walk.referenced(element)),
            (NameFrom::AriaLabel, &|_| attribute("aria-label")),
            (NameFrom::Native, &|walk| walk.native(element)),
            (NameFrom::Content, &own_content),
            (NameFrom::Title, &|_| attribute("title")),
            (NameFrom::Placeholder, &|_| placeholder(element).to_string()),
        ];
        for (from, step) in steps {
            let text = collapsed(&step(self));
            if !text.is_empty() {
                return Name { text, from: Some(from) };
            }
        }
        Name::default()
    }

    /// The words of the elements that `aria-labelledby` names, in its order; unknown ids name nothing.
    fn referenced(&mut self, element: Element<'_>) -> String {
        let ids = element.attr("aria-labelledby").unwrap_or_default().split_ascii_whitespace();
        let mut words = String::new();
        for target in ids.filter_map(|id| element.document().by_id(id)) {
            if words.len() > MOST_TEXT {
                break;
            }
            words.push_str(&self.reference(target, element));
            words.push(' ');
        }
        words
    }

    fn reference(&mut self, target: Element<'_>, from: Element<'_>) -> String {
        let value = if target == from { None } else { embedded::value(target) };
        let text = value.filter(|value| !value.trim().is_empty()).or_else(|| said(target, "aria-label"));
        let text = text.unwrap_or_else(|| self.native(target));
        let text = if text.trim().is_empty() { self.content(target, Wanted::Referenced) } else { text };
        if text.trim().is_empty() { target.attr("title").unwrap_or_default().to_string() } else { text }
    }

    /// The text alternative that the host language provides (HTML-AAM 1.0, 4.1; SVG-AAM 1.0, 8.1).
    fn native(&mut self, element: Element<'_>) -> String {
        if element.is_svg() {
            return element
                .children()
                .find(|child| child.name() == "title")
                .map(|title| title.text())
                .unwrap_or_default();
        }
        let attribute = |name: &str| element.attr(name).unwrap_or_default().to_string();
        match element.name() {
            "img" | "area" => attribute("alt"),
            "input" => self.input(element),
            "button" | "meter" | "output" | "progress" | "select" | "textarea" => self.labels(element),
            "fieldset" => self.part(element, "legend"),
            "figure" => self.part(element, "figcaption"),
            "table" => self.part(element, "caption"),
            "optgroup" | "option" => attribute("label"),
            _ => String::new(),
        }
    }

    fn input(&mut self, element: Element<'_>) -> String {
        let labels = self.labels(element);
        if !labels.trim().is_empty() {
            return labels;
        }
        let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        let value = element.attr("value");
        let words = match kind.as_str() {
            "button" => value.unwrap_or_default(),
            "submit" => value.unwrap_or("Submit"),
            "reset" => value.unwrap_or("Reset"),
            "image" => element.attr("alt").unwrap_or_default(),
            _ => "",
        };
        words.to_string()
    }

    /// The words of the `label` elements of a field, in document order (HTML, 4.10.4).
    fn labels(&mut self, field: Element<'_>) -> String {
        let around = field.ancestors().find(|ancestor| ancestor.is_html() && ancestor.name() == "label");
        let mut labels: Vec<Element<'_>> = around.filter(|label| is_label_of(label, &field)).into_iter().collect();
        let id = field.id_attr().unwrap_or_default();
        if field.document().by_id(id) == Some(field) {
            labels.extend(field.document().labels_for(id));
        }
        labels.sort_unstable_by_key(Element::order);
        labels.dedup();
        let mut words = String::new();
        self.read.push(field.id());
        for label in labels {
            let own = said(label, "aria-label").unwrap_or_else(|| self.content(label, Wanted::Read));
            words.push_str(&own);
            words.push(' ');
        }
        self.read.pop();
        words
    }

    fn part(&mut self, element: Element<'_>, name: &str) -> String {
        let part = element.children().find(|child| child.name() == name);
        part.map(|part| self.content(part, Wanted::Read)).unwrap_or_default()
    }

    /// The words inside an element (accname 1.2, 2F): texts, and the names of what is embedded. What is hidden is left out,
    /// unless the element itself is hidden and was pointed at all the same.
    fn content(&mut self, top: Element<'_>, wanted: Wanted) -> String {
        if self.hops >= MOST_HOPS {
            return String::new();
        }
        self.hops += 1;
        self.read.push(top.id());
        let hidden_counts = wanted == Wanted::Referenced && !visibility::is_exposed(&top);
        let mut words = String::new();
        let mut open = vec![(top, top.nodes(), 0)];
        while let Some((current, nodes, start)) = open.last_mut() {
            self.nodes += 1;
            if self.nodes > MOST_NODES || words.len() > MOST_TEXT {
                break;
            }
            match nodes.next() {
                Some(Node::Text(text)) => words.push_str(text),
                Some(Node::Element(inner)) => {
                    let is_hidden = visibility::hides(&inner) || visibility::is_silent(&inner);
                    if is_hidden && !hidden_counts || self.read.contains(&inner.id()) {
                        continue;
                    }
                    separate(&inner, &mut words);
                    match self.embedded(inner, wanted) {
                        Some(own) => {
                            words.push_str(&own);
                            separate(&inner, &mut words);
                        }
                        None => open.push((inner, inner.nodes(), words.len())),
                    }
                }
                None => {
                    let says_nothing = words.get(*start..).is_none_or(|own| own.trim().is_empty());
                    if says_nothing && *current != top {
                        words.push_str(current.attr("title").unwrap_or_default());
                    }
                    separate(current, &mut words);
                    open.pop();
                }
            }
        }
        self.read.pop();
        self.hops -= 1;
        words
    }

    /// What an element inside another one is called, where that is not just the text inside it.
    fn embedded(&mut self, inner: Element<'_>, wanted: Wanted) -> Option<String> {
        if wanted == Wanted::Read && inner.has_attr("aria-labelledby") {
            let words = self.referenced(inner);
            if !words.trim().is_empty() {
                return Some(words);
            }
        }
        if let Some(value) = embedded::value(inner) {
            let own = if value.trim().is_empty() { said(inner, "aria-label") } else { None };
            return Some(own.unwrap_or(value));
        }
        if let Some(label) = said(inner, "aria-label") {
            return Some(label);
        }
        let title = || inner.attr("title").unwrap_or_default().to_string();
        match inner.name() {
            "img" if roles::role(&inner) == Role::NONE => Some(String::new()),
            "img" | "area" | "input" => {
                let words = self.native(inner);
                Some(if words.trim().is_empty() { title() } else { words })
            }
            "iframe" | "object" | "audio" | "video" => Some(title()),
            "svg" => Some(self.native(inner)).filter(|words| !words.trim().is_empty()),
            _ => None,
        }
    }
}

fn is_label_of(label: &Element<'_>, field: &Element<'_>) -> bool {
    if label.has_attr("for") {
        return false;
    }
    let is_labelable = |element: &Element<'_>| match element.name() {
        "input" => !element.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden")),
        "button" | "meter" | "output" | "progress" | "select" | "textarea" => true,
        _ => false,
    };
    label.descendants().find(is_labelable) == Some(*field)
}

fn placeholder<'a>(element: Element<'a>) -> &'a str {
    let typed = matches!(element.name(), "input" | "textarea");
    let native = if typed { element.attr("placeholder") } else { None };
    native.or_else(|| element.attr("aria-placeholder")).unwrap_or_default()
}

fn said(element: Element<'_>, attribute: &str) -> Option<String> {
    element.attr(attribute).filter(|value| !value.trim().is_empty()).map(str::to_string)
}

/// Words of different blocks do not run together.
fn separate(element: &Element<'_>, words: &mut String) {
    if !text::runs_in_line(element) {
        words.push(' ');
    }
}

fn collapsed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Document, Selector};

    fn of(html: &str) -> Name {
        let document = Document::parse(html);
        let target = Selector::parse(".t").expect("a constant selector");
        computed(&document.select(&target).next().unwrap_or_else(|| panic!("no .t in {html}"))).clone()
    }

    #[test]
    fn a_name_comes_from_the_strongest_source() {
        use super::NameFrom::{AriaLabel, Content, LabelledBy, Native, Placeholder, Title};
        for (html, text, from) in [
            ("<a class=t href=x>Apply</a>", "Apply", Content),
            ("<a class=t href=x title=More> <i class=icon></i> </a>", "More", Title),
            ("<a class=t href=x aria-label='Close window'>x</a>", "Close window", AriaLabel),
            ("<a class=t href=x aria-label=' '>x</a>", "x", Content),
            (
                "<b id=a>One</b><a class=t href=x aria-labelledby='b a' aria-label=y>z</a><i id=b>Two</i>",
                "Two One",
                LabelledBy,
            ),
            ("<a class=t href=x aria-labelledby=gone>z</a>", "z", Content),
            ("<p id=a hidden>secret <b hidden>too</b></p><i class=t aria-labelledby=a></i>", "secret too", LabelledBy),
            ("<p id=a>seen <b hidden>not</b></p><i class=t aria-labelledby=a></i>", "seen", LabelledBy),
            ("<h2 id=h>Boats</h2><a id=l class=t href=x aria-labelledby='l h'>Read</a>", "Read Boats", LabelledBy),
            ("<a class=t href=x><img alt=Home></a>", "Home", Content),
            ("<a class=t href=x>Ships<p>Boats</p></a>", "Ships Boats", Content),
            ("<a class=t href=x>In<b>line</b></a>", "Inline", Content),
            ("<a class=t href=x>seen<b aria-hidden=true> not</b></a>", "seen", Content),
            ("<a class=t href=x><svg><title>Map</title><path></path></svg></a>", "Map", Content),
            ("<img class=t alt=' A  dog '>", "A dog", Native),
            ("<img class=t title=dog>", "dog", Title),
            ("<label for=f>Name</label><input class=t id=f title=x>", "Name", Native),
            ("<label>Name <input class=t></label>", "Name", Native),
            ("<label for=f>First</label><label for=f>second</label><input class=t id=f>", "First second", Native),
            ("<label>Wait <input value=3> days <input class=t type=checkbox></label><input>", "", Title),
            (
                "<label for=f>Flash <input value=3> times</label><input class=t id=f type=checkbox>",
                "Flash 3 times",
                Native,
            ),
            (
                "<label for=f>In <select><option>a<option selected>b</select></label><input class=t id=f>",
                "In b",
                Native,
            ),
            ("<label for=f hidden>Name</label><input class=t id=f>", "Name", Native),
            ("<input class=t placeholder=Search>", "Search", Placeholder),
            ("<input class=t placeholder=Search title=Words>", "Words", Title),
            ("<input class=t type=submit>", "Submit", Native),
            ("<input class=t type=button value=Go>", "Go", Native),
            ("<input class=t type=image alt=Go>", "Go", Native),
            ("<button class=t><img alt=''>Go</button>", "Go", Content),
            ("<fieldset class=t><legend>Address</legend></fieldset>", "Address", Native),
            ("<table class=t><caption>Rates</caption></table>", "Rates", Native),
            ("<figure class=t><figcaption>Harbor</figcaption></figure>", "Harbor", Native),
            ("<svg class=t><title>Map</title></svg>", "Map", Native),
            ("<iframe class=t title=Video></iframe>", "Video", Title),
            ("<details><summary class=t>More</summary></details>", "More", Content),
        ] {
            let name = of(html);
            let wanted = if text.is_empty() { None } else { Some(from) };
            assert_eq!((name.text.as_str(), name.from), (text, wanted), "{html}");
        }
    }

    #[test]
    fn what_has_no_name_has_none() {
        for html in [
            "<a class=t href=x></a>",
            "<a class=t href=x>&nbsp;</a>",
            "<a class=t href=x><img></a>",
            "<a class=t href=x><img alt=x aria-hidden=true></a>",
            "<div class=t>text</div>",
            "<iframe class=t>old browsers</iframe>",
            "<label for=other>Name</label><input class=t id=f>",
            "<input class=t type=submit value=''>",
            "<svg class=t><g><path></path></g></svg>",
        ] {
            assert_eq!(of(html), Name::default(), "{html}");
        }
    }

    #[test]
    fn references_and_labels_in_a_circle_end() {
        for (html, text) in [
            ("<a class=t id=a href=x aria-labelledby=b>A</a><b id=b aria-labelledby=a>B</b>", "B"),
            ("<label for=f><input class=t id=f type=checkbox> Yes</label>", "Yes"),
            (
                "<label for=g>G<input id=f type=checkbox class=t></label><label for=f>F<input id=g type=checkbox></label>",
                "F G",
            ),
        ] {
            assert_eq!(of(html).text, text, "{html}");
        }
    }

    #[test]
    fn deep_and_endless_content_costs_neither_stack_nor_time() {
        let deep = format!("<a class=t href=x>{}deep", "<span>".repeat(400));
        assert_eq!(of(&deep).text, "deep");
        let long = format!("<a class=t href=x>{}</a>", "word <b>x</b>".repeat(50_000));
        assert!(of(&long).text.len() < 4 * MOST_TEXT);
    }
}
