//! The accessible name of an element: what a screen reader calls it.
//!
//! In: an element. Out: [`Name`], the words and where they come from, by Accessible Name and Description Computation 1.2 (4.3.2)
//! as far as markup decides: CSS content is not seen; what HTML itself gives stands in `native_names.rs`. Whether the element is
//! exposed is another question. Invariant: ends on cyclic references, costs no stack for depth, reads at most [`MOST_NODES`]
//! nodes. Tested below and, where Chromium is there, against its accessibility tree.

use std::cell::OnceCell;

use super::native_names::placeholder;
use super::roles::{self, Role};
use super::{embedded, text, visibility, words};
use crate::html::{Element, ElementId, Node};

/// Nodes read for one name: a page of references to everything stays cheap, and no real name is that long.
pub(super) const MOST_NODES: usize = 1_000;

/// Bytes of a name after which reading stops.
const MOST_TEXT: usize = 8_192;

/// How far names may hang on names of other elements (a label with a field with a label …).
const MOST_HOPS: u8 = 3;

/// Elements that one name may take from elsewhere by `aria-owns`.
const MOST_OWNED: usize = 64;

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
    known.0[element.order() as usize].get_or_init(|| Walk::default().named(*element))
}

/// The accessible name of an element, folded for comparison; kept, because several rules compare the names of links.
pub fn folded<'a>(element: &Element<'a>) -> &'a str {
    let known = element.document().remembered(|document| Folded(vec![OnceCell::new(); document.elements().len()]));
    known.0[element.order() as usize].get_or_init(|| words::fold(name(element)).into())
}

/// The names of a document's elements, as far as somebody asked for them.
struct Known(Vec<OnceCell<Name>>);

/// The same, folded.
struct Folded(Vec<OnceCell<Box<str>>>);

/// Why the words of an element are wanted.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Wanted {
    /// Another element's `aria-labelledby` names it: references are not followed again.
    Referenced,
    /// It is read as part of its own name or as a native label.
    Read,
}

/// The reading of one name or description.
#[derive(Default)]
pub(super) struct Walk {
    /// Elements whose content is being read, so that none is read into itself.
    read: Vec<ElementId>,
    owned: usize,
    nodes: usize,
    hops: u8,
}

/// What becomes of hidden content.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Hidden {
    /// It is no part of the name.
    LeftOut,
    /// All of it is, because what was pointed at is hidden itself.
    Read,
}

/// An element whose content is being read.
struct Open<'a, N> {
    element: Element<'a>,
    nodes: N,
    /// Ids of elements that are its children by `aria-owns` only, read after its own.
    owns: std::str::SplitAsciiWhitespace<'a>,
    /// Where its words begin.
    start: usize,
    /// A closed `details` says its summary only.
    is_closed: bool,
}

/// The next thing inside an open element.
enum Next<'a> {
    Words(&'a str),
    Inside(Element<'a>),
    Owned(&'a str),
    Unseen,
    End,
}

impl<'a, N: Iterator<Item = Node<'a>>> Open<'a, N> {
    fn next(&mut self) -> Next<'a> {
        match self.nodes.next() {
            Some(Node::Text(_)) if self.is_closed => Next::Unseen,
            Some(Node::Text(words)) => Next::Words(words),
            Some(Node::Element(inner)) if self.is_closed && !visibility::is_first_summary(&inner) => Next::Unseen,
            Some(Node::Element(inner)) => Next::Inside(inner),
            None => self.owns.next().map_or(Next::End, Next::Owned),
        }
    }
}

fn opened<'a>(element: Element<'a>, start: usize, hidden: Hidden) -> Open<'a, impl Iterator<Item = Node<'a>>> {
    let is_closed = hidden == Hidden::LeftOut && element.name() == "details" && !element.has_attr("open");
    let owns = element.attr("aria-owns").unwrap_or_default().split_ascii_whitespace();
    Open { element, nodes: element.nodes(), owns, start, is_closed }
}

/// One source of a name.
type Step<'s> = &'s dyn Fn(&mut Walk) -> String;

impl Walk {
    fn named(&mut self, element: Element<'_>) -> Name {
        let own_content = |walk: &mut Self| {
            let by_content = roles::is_named_by_content(&element);
            if by_content { walk.read(element) } else { String::new() }
        };
        let attribute = |name: &str| element.attr(name).unwrap_or_default().to_string();
        let title = || if roles::is_titled(&element) { attribute("title") } else { String::new() };
        let steps: [(NameFrom, Step<'_>); 6] = [
            (NameFrom::LabelledBy, &|walk| walk.referenced(element, "aria-labelledby")),
            (NameFrom::AriaLabel, &|_| attribute("aria-label")),
            (NameFrom::Native, &|walk| walk.native(element)),
            (NameFrom::Content, &own_content),
            (NameFrom::Title, &|_| title()),
            (NameFrom::Placeholder, &|_| placeholder(element).to_string()),
        ];
        for (from, step) in steps {
            let text = words::collapse(&step(self));
            if !text.is_empty() {
                return Name { text, from: Some(from) };
            }
        }
        Name::default()
    }

    /// The words of the elements that an attribute names, in its order; unknown ids name nothing.
    pub(super) fn referenced(&mut self, element: Element<'_>, attribute: &str) -> String {
        let ids = element.attr(attribute).unwrap_or_default().split_ascii_whitespace();
        let mut words = String::new();
        for target in ids.filter_map(|id| element.document().by_id(id)) {
            self.nodes += 1;
            if self.nodes > MOST_NODES || words.len() > MOST_TEXT {
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

    /// The words inside an element that is read for its own sake.
    pub(super) fn read(&mut self, top: Element<'_>) -> String {
        self.content(top, Wanted::Read)
    }

    /// Keeps an element from being read into what is read next, until [`Walk::leave`].
    pub(super) fn enter(&mut self, element: Element<'_>) {
        self.read.push(element.id());
    }

    /// Ends what [`Walk::enter`] began.
    pub(super) fn leave(&mut self) {
        self.read.pop();
    }

    /// The words inside an element (accname 1.2, 2F): texts, and the names of what is embedded. What is hidden is left out,
    /// unless the element itself is hidden and was pointed at all the same.
    fn content(&mut self, top: Element<'_>, wanted: Wanted) -> String {
        if self.hops >= MOST_HOPS {
            return String::new();
        }
        self.hops += 1;
        self.enter(top);
        let is_hidden = wanted == Wanted::Referenced && !visibility::is_exposed(&top);
        let hidden = if is_hidden { Hidden::Read } else { Hidden::LeftOut };
        let mut words = String::new();
        let mut open = vec![opened(top, 0, hidden)];
        while let Some(current) = open.last_mut() {
            self.nodes += 1;
            if self.nodes > MOST_NODES || words.len() > MOST_TEXT {
                break;
            }
            let (around, start) = (current.element, current.start);
            let inner = match current.next() {
                Next::Words(text) => {
                    words.push_str(text);
                    continue;
                }
                Next::Unseen => continue,
                Next::Inside(inner) => inner,
                Next::Owned(id) => match self.owned(around, top, id) {
                    Some(inner) if open.iter().all(|open| open.element != inner) => inner,
                    Some(_) | None => continue,
                },
                Next::End => {
                    let says_nothing = words.get(start..).is_none_or(|own| own.trim().is_empty());
                    if says_nothing && around != top {
                        words.push_str(around.attr("title").unwrap_or_default());
                    }
                    separate(&around, &mut words);
                    open.pop();
                    continue;
                }
            };
            if self.is_left_out(inner, hidden) {
                continue;
            }
            separate(&inner, &mut words);
            match self.embedded(inner, wanted) {
                Some(own) => {
                    words.push_str(&own);
                    separate(&inner, &mut words);
                }
                None => open.push(opened(inner, words.len(), hidden)),
            }
        }
        self.leave();
        self.hops -= 1;
        words
    }

    /// True for what adds nothing: what is hidden, scripts even where hidden text counts, decoration, what is being read already.
    fn is_left_out(&self, inner: Element<'_>, hidden: Hidden) -> bool {
        let is_code = matches!(inner.name(), "script" | "style" | "noscript");
        let is_hidden = || visibility::hides(&inner) || visibility::is_silent(&inner);
        is_code || hidden == Hidden::LeftOut && is_hidden() || is_decoration(&inner) || self.read.contains(&inner.id())
    }

    /// An element that `aria-owns` adds to another: not what contains it or is read anyway (WAI-ARIA 1.2, 6.6).
    fn owned<'a>(&mut self, owner: Element<'a>, top: Element<'a>, id: &str) -> Option<Element<'a>> {
        self.owned += 1;
        let found = owner.document().by_id(id).filter(|_| self.owned <= MOST_OWNED)?;
        let is_read = found == top || found.contains(top) || owner.contains(found) || found.contains(owner);
        (!is_read).then_some(found)
    }

    /// What an element inside another one is called, where that is not just the text inside it.
    fn embedded(&mut self, inner: Element<'_>, wanted: Wanted) -> Option<String> {
        if wanted == Wanted::Read && inner.has_attr("aria-labelledby") {
            let words = self.referenced(inner, "aria-labelledby");
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

/// An image that says nothing; it does not part words either.
fn is_decoration(element: &Element<'_>) -> bool {
    element.name() == "img" && roles::role(element) == Role::NONE
}

pub(super) fn said(element: Element<'_>, attribute: &str) -> Option<String> {
    element.attr(attribute).filter(|value| !value.trim().is_empty()).map(str::to_string)
}

/// Words of different blocks do not run together.
fn separate(element: &Element<'_>, words: &mut String) {
    if !text::runs_in_line(element) {
        words.push(' ');
    }
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
            ("<h2 class=t><details><summary>More</summary>not</details></h2>", "More", Content),
            ("<h2 class=t>a<img alt='' src=x>b<img alt=c src=x>d</h2>", "ab c d", Content),
            (
                "<h2 class=t>a<span style='display:block'>b</span><p style='display: inline'>c</p></h2>",
                "a b c",
                Content,
            ),
            ("<h2 class=t aria-owns='gone o'>a</h2><i id=o>b</i>", "ab", Content),
            ("<p id=a hidden>say<script>code</script></p><i class=t aria-labelledby=a></i>", "say", LabelledBy),
            ("<table class=t summary=Rates><tr><td>1</table>", "Rates", Native),
            ("<table class=t title=x summary=Rates><caption>All rates</caption></table>", "All rates", Native),
            ("<abbr class=t title=x>y</abbr>", "x", Title),
            ("<div class=t aria-label=x>y</div>", "x", AriaLabel),
            ("<div role=grid><div class=t role=row><i role=gridcell>x</i></div></div>", "x", Content),
            ("<table><caption class=t title=x>y</table>", "", Title),
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
            "<span class=t title=x>text</span>",
            "<p class=t title=x>text</p>",
            "<table><tr class=t><td>x</table>",
            "<input class=t type=checkbox placeholder=x>",
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
            ("<h2 class=t id=a aria-owns=b>a<i id=b aria-owns='a b c'>b</i></h2><i id=c aria-owns=a>c</i>", "abc"),
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
