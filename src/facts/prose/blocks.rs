//! The main text of a page, block by block: what stands in no header, menu or footer, and is shown.
//!
//! In: a document. Out: [`Block`]s in document order with the text as written, white space collapsed. What every page of a site
//! repeats is not known here: it is taken away when all pages were seen. Invariant: iterative, so that a deep page cannot overflow
//! the stack; where the page marks a main part that holds text, nothing else counts. Tested below.

use crate::facts::{Region, text, visibility, words};
use crate::html::{Document, Element, Node};

/// Words that a marked main part has at least; with fewer it is a frame, and the rest of the page is read too.
const MAIN_WORDS: usize = 20;

/// What kind of text a block is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Running text.
    Text,
    /// An item of a list.
    Item,
    /// A heading or caption.
    Heading,
    /// A cell of a table, text set as typed, a label of a form: words, but no sentences.
    Cell,
}

/// A block of text.
#[derive(Debug)]
pub struct Block<'a> {
    /// The block element that holds it.
    pub element: Element<'a>,
    /// What kind of text it is.
    pub kind: Kind,
    /// The text, white space collapsed and trimmed; never empty.
    pub text: String,
    /// Octets of it that stand in links.
    pub linked: usize,
}

/// The blocks of a document's main text.
pub fn blocks(document: &Document) -> Vec<Block<'_>> {
    let top = document.body().unwrap_or_else(|| document.root());
    let mut walk = Walk::default();
    walk.read(top);
    let number = |blocks: &[(Block<'_>, Region)]| -> usize {
        let main = blocks.iter().filter(|(_, region)| *region == Region::Main);
        main.map(|(block, _)| words::count(&block.text)).sum()
    };
    let has_main = number(&walk.done) >= MAIN_WORDS;
    let kept = walk.done.into_iter().filter(|(_, region)| !has_main || *region == Region::Main);
    kept.map(|(block, _)| block).collect()
}

#[derive(Default)]
struct Walk<'a> {
    done: Vec<(Block<'a>, Region)>,
    text: String,
    linked: usize,
    /// A line break was the last thing read: a second one ends the block.
    broken: bool,
}

/// What is known of the text at a place: the block that holds it, its kind and region, whether it stands in a link.
#[derive(Clone, Copy)]
struct Holder<'a> {
    element: Element<'a>,
    kind: Kind,
    region: Region,
    in_link: bool,
}

impl<'a> Walk<'a> {
    fn read(&mut self, top: Element<'a>) {
        let outer = Holder { element: top, kind: Kind::Text, region: Region::of(&top), in_link: false };
        let mut open = vec![(outer, top.nodes())];
        while let Some((holder, nodes)) = open.last_mut() {
            let holder = *holder;
            match nodes.next() {
                Some(Node::Text(words)) => self.say(words, holder.in_link),
                Some(Node::Element(inner)) if inner.name() == "br" => self.line_break(holder),
                Some(Node::Element(inner)) if is_left_out(&inner) => {}
                Some(Node::Element(inner)) => {
                    let within = if text::runs_in_line(&inner) {
                        Holder { in_link: holder.in_link || inner.name() == "a", ..holder }
                    } else {
                        self.end(holder);
                        let kind = kind(&inner, holder.kind);
                        Holder { element: inner, kind, region: Region::of(&inner), in_link: holder.in_link }
                    };
                    open.push((within, inner.nodes()));
                }
                None => {
                    let around = open.len().checked_sub(2).map(|at| open[at].0);
                    if around.is_none_or(|around| around.element != holder.element) {
                        self.end(holder);
                    }
                    open.pop();
                }
            }
        }
    }

    /// Takes in words, white space collapsed.
    fn say(&mut self, said: &str, in_link: bool) {
        let before = self.text.len();
        let mut gap = said.starts_with(char::is_whitespace);
        let inner = said.trim();
        self.broken &= inner.is_empty();
        let mut add = |words: &str| {
            if gap && !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
            self.text.push_str(words);
            gap = true;
        };
        match words::is_collapsed(inner) {
            true if inner.is_empty() => {}
            true => add(inner),
            false => inner.split_whitespace().for_each(add),
        }
        if said.ends_with(char::is_whitespace) && !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
        self.linked += if in_link { self.text.len() - before } else { 0 };
    }

    fn line_break(&mut self, holder: Holder<'a>) {
        if std::mem::replace(&mut self.broken, true) {
            self.end(holder);
        } else {
            self.say(" ", false);
            self.broken = true;
        }
    }

    fn end(&mut self, holder: Holder<'a>) {
        let linked = std::mem::take(&mut self.linked);
        let said = std::mem::take(&mut self.text);
        self.broken = false;
        let text = said.trim_end();
        let is_frame = matches!(holder.region, Region::Header | Region::Navigation | Region::Footer);
        if is_frame || !text.contains(char::is_alphanumeric) {
            return;
        }
        let Holder { element, kind, region, .. } = holder;
        self.done.push((Block { element, kind, text: text.to_string(), linked }, region));
    }
}

/// What is hidden, what belongs to the frame of the page, and what is no text.
fn is_left_out(element: &Element<'_>) -> bool {
    let name = element.name();
    matches!(name, "nav" | "select" | "button" | "textarea" | "svg" | "math" | "iframe" | "object" | "audio" | "video")
        || visibility::hides(element)
        || element.attr("role").is_some_and(|role| matches!(role.trim(), "navigation" | "search" | "menu" | "menubar"))
        || element.classes().any(|class| matches!(class, "usa-banner" | "usa-skipnav") || class.contains("breadcrumb"))
}

fn kind(element: &Element<'_>, around: Kind) -> Kind {
    match element.name() {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "caption" | "legend" | "summary" | "hgroup" => Kind::Heading,
        "li" | "dd" | "dt" => Kind::Item,
        "td" | "th" if is_of_data(element) => Kind::Cell,
        "pre" | "label" | "fieldset" | "address" => Kind::Cell,
        "td" | "th" | "p" | "blockquote" | "article" | "section" | "main" => {
            if around == Kind::Cell {
                Kind::Cell
            } else {
                Kind::Text
            }
        }
        _ => around,
    }
}

/// A cell of data; cells of old pages that lay the whole page out are long or hold blocks.
fn is_of_data(cell: &Element<'_>) -> bool {
    !cell.children().any(|inner| matches!(inner.name(), "p" | "table" | "h1" | "h2" | "h3" | "ul" | "ol" | "center"))
        && cell.texts().map(|text| text.trim().len()).sum::<usize>() < 160
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<(Kind, String)> {
        let document = Document::parse(html);
        blocks(&document).into_iter().map(|block| (block.kind, block.text)).collect()
    }

    #[test]
    fn menus_headers_footers_and_what_is_hidden_are_not_the_main_text() {
        let html = "<header><p>The agency</p></header><nav><ul><li>Boats</ul></nav><h1>Fees  for\nboats</h1><p>A <b>canoe</b> costs \
            five <a href=/d>dollars</a>.</p><p hidden>Never shown</p><ul><li>First<li>Second</ul><footer>Contact us</footer>";
        let wanted = [
            (Kind::Heading, "Fees for boats"),
            (Kind::Text, "A canoe costs five dollars."),
            (Kind::Item, "First"),
            (Kind::Item, "Second"),
        ];
        let wanted: Vec<_> = wanted.into_iter().map(|(kind, text)| (kind, text.to_string())).collect();
        assert_eq!(read(html), wanted);
    }

    #[test]
    fn a_marked_main_part_is_all_that_counts_if_it_holds_text() {
        let words = "word ".repeat(20);
        let html = format!("<div>Beside</div><main><p>{words}</p></main>");
        assert_eq!(read(&html).len(), 1);
        assert_eq!(read("<div>Beside</div><main><p>Short</p></main>").len(), 2);
    }

    #[test]
    fn two_line_breaks_end_a_block_and_one_does_not() {
        let texts: Vec<String> =
            read("One<br>two<br><br>Three <br> <BR>four").into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["One two", "Three", "four"]);
    }

    #[test]
    fn octets_in_links_are_counted() {
        let document = Document::parse("<p>See <a href=/x>the fees</a> now</p>");
        let found = blocks(&document);
        assert_eq!((found[0].linked, found[0].text.as_str()), (8, "See the fees now"));
    }

    #[test]
    fn a_short_cell_is_data_and_one_with_paragraphs_lays_the_page_out() {
        let found = read("<table><tr><td>Canoe<td><p>The ferry goes at noon.</p></table>");
        assert_eq!(found[0].0, Kind::Cell);
        assert_eq!(found[1].0, Kind::Text);
    }
}
