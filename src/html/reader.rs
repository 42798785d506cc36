//! Feeds the source to the parser in pieces, so that every tag's place is known and any page can be stopped.
//!
//! In: a source text, [`Limits`]. Out: [`Reading`]. The parser tells lines of the ends of tags only; but a tag comes
//! out of its tokenizer the moment its `>` goes in, so pieces cut around each `<` and after each `>` give the exact
//! span. The tree is that of a browser with scripting on; the content of each `noscript`, text to such a browser, is
//! then parsed on its own and hung into it. (With scripting off, an image in a `noscript` of the head would end the
//! head.) Invariant: but for `noscript`, the tree equals that of one feed, save for a cut. Tested here.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use scraper::Html;
use tendril::StrTendril;

use super::sink::{Grower, Handle, Origin, Span};
use super::start_tag::attributes;
use super::{Cut, Limits};

/// What came of reading a source.
pub(super) struct Reading {
    pub(super) html: Html,
    /// One per element ever created, in the order of node ids.
    pub(super) origins: Vec<Origin>,
    pub(super) cut: Option<Cut>,
}

/// No piece is longer, in bytes, so that the clock is looked at and a tag's attributes are counted in time.
const LONGEST_PIECE: usize = 8 * 1024;

/// Offsets are 32 bits wide in positions and in the parser's strings.
const LONGEST_SOURCE: usize = 1 << 30;

/// The clock is looked at once in so many pieces.
const PIECES_PER_LOOK: usize = 64;

/// Parses `source` as a document, within `limits`.
pub(super) fn read(source: &str, limits: &Limits) -> Reading {
    let started = Instant::now();
    let readable = &source[..char_boundary(source, LONGEST_SOURCE)];
    let start = readable.len() - without_mark(readable).len();
    let whole = Span { start: start as u32, end: readable.len() as u32 };
    let builder = TreeBuilder::new(Grower::new(), TreeBuilderOpts::default());
    let Leg { mut grower, noscripts, mut cut } = read_leg(Tap::new(readable, builder, limits), whole, limits, started);
    for noscript in noscripts {
        if cut.is_some() {
            break;
        }
        grower.begin_fragment(noscript.element);
        let options = TreeBuilderOpts {
            scripting_enabled: false,
            quirks_mode: grower.quirks_mode(),
            ..TreeBuilderOpts::default()
        };
        let builder = TreeBuilder::new_for_fragment(grower, noscript.element, None, options);
        let leg = read_leg(Tap::new(readable, builder, limits), noscript.content, limits, started);
        leg.grower.end_fragment(noscript.element);
        (grower, cut) = (leg.grower, leg.cut);
    }
    let (html, origins) = grower.into_parts();
    Reading { html, origins, cut: cut.or((readable.len() < source.len()).then_some(Cut::Length)) }
}

/// What came of feeding one stretch of the source to one parser.
struct Leg {
    grower: Grower,
    noscripts: Vec<Noscript>,
    cut: Option<Cut>,
}

/// A `noscript` element that the parser took for text.
#[derive(Clone, Copy)]
struct Noscript {
    element: Handle,
    content: Span,
}

fn read_leg(tap: Tap<'_>, stretch: Span, limits: &Limits, started: Instant) -> Leg {
    // The tokenizer would drop a byte order mark at the start of every piece.
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(tap, options);
    let cut = feed(&tokenizer, stretch, limits, started);
    tokenizer.sink.approach(Span { start: stretch.end, end: stretch.end });
    tokenizer.end();
    let Tap { builder, noscripts, .. } = tokenizer.sink;
    Leg { grower: builder.sink, noscripts: noscripts.into_inner(), cut }
}

fn feed(tokenizer: &Tokenizer<Tap<'_>>, stretch: Span, limits: &Limits, started: Instant) -> Option<Cut> {
    let tap = &tokenizer.sink;
    let source = &tap.source[..stretch.end as usize];
    let text = StrTendril::from_slice(&source[stretch.start as usize..]);
    let queue = BufferQueue::default();
    let mut at = stretch.start;
    let mut pieces = 0usize;
    while at < stretch.end {
        let end = piece_end(source, at as usize) as u32;
        tap.approach(Span { start: at, end });
        queue.push_back(text.subtendril(at - stretch.start, end - at));
        // A script or an encoding declaration interrupts the tokenizer; there is nothing to run or to switch.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        if source.as_bytes()[at as usize] == b'<' {
            tap.opened(at);
        }
        at = end;
        pieces += 1;
        let is_late = pieces.is_multiple_of(PIECES_PER_LOOK) && started.elapsed() > limits.clock;
        let cut = tap.cut(limits).or(is_late.then_some(Cut::Clock));
        if cut.is_some() {
            return cut;
        }
    }
    None
}

fn without_mark(source: &str) -> &str {
    source.strip_prefix('\u{feff}').unwrap_or(source)
}

/// A piece is one `<`, or runs up to the next `<` or past the next `>`.
fn piece_end(source: &str, at: usize) -> usize {
    let rest = &source.as_bytes()[at..];
    if rest[0] == b'<' {
        return at + 1;
    }
    let window = &rest[..rest.len().min(LONGEST_PIECE)];
    match window.iter().position(|byte| matches!(byte, b'<' | b'>')) {
        Some(found) if window[found] == b'>' => at + found + 1,
        Some(found) => at + found,
        None => char_boundary(source, at + window.len()),
    }
}

/// The last character boundary at or before `at`.
fn char_boundary(source: &str, at: usize) -> usize {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Stands between tokenizer and tree builder and knows which piece each token came from.
struct Tap<'s> {
    source: &'s str,
    builder: TreeBuilder<Handle, Grower>,
    max_attributes: usize,
    /// The piece being fed.
    piece: Cell<Span>,
    /// The first place in the piece that is not white space.
    word: Cell<u32>,
    /// The `<` that may have begun a tag, comment or doctype which is not finished yet.
    open: Cell<Option<u32>>,
    /// The `<` of the last tag whose attributes were counted ahead.
    counted: Cell<Option<u32>>,
    too_many_attributes: Cell<bool>,
    noscripts: RefCell<Vec<Noscript>>,
    /// The last of `noscripts` goes on: its end is not known yet.
    is_in_noscript: Cell<bool>,
}

impl<'s> Tap<'s> {
    fn new(source: &'s str, builder: TreeBuilder<Handle, Grower>, limits: &Limits) -> Self {
        Self {
            source,
            builder,
            max_attributes: limits.max_attributes,
            piece: Cell::default(),
            word: Cell::default(),
            open: Cell::default(),
            counted: Cell::default(),
            too_many_attributes: Cell::default(),
            noscripts: RefCell::default(),
            is_in_noscript: Cell::default(),
        }
    }

    /// To be called before a piece is fed.
    fn approach(&self, piece: Span) {
        let text = &self.source[piece.start as usize..piece.end as usize];
        let white = text.len() - text.trim_ascii_start().len();
        self.piece.set(piece);
        self.word.set(piece.start + white as u32);
        let Some(open) = self.open.get() else { return };
        let begun = &self.source[open as usize..];
        // `</>` is the one construct that is dropped without a token.
        if begun.starts_with("</>") && piece.start >= open + 3 {
            self.open.set(None);
            return;
        }
        // Only now, in a later piece of a tag, is it sure that this is a tag and not text of a script.
        let is_long = piece.start as usize >= open as usize + LONGEST_PIECE;
        if is_long && self.counted.replace(Some(open)) != Some(open) && has_more_attributes(begun, self.max_attributes)
        {
            self.too_many_attributes.set(true);
        }
    }

    /// To be called after a `<` was fed. It is a piece of its own: what came out while it went in was from before it.
    fn opened(&self, at: u32) {
        if self.open.get().is_none() {
            self.open.set(Some(at));
        }
    }

    /// The source text of a construct that ends with the piece being fed.
    fn take_span(&self) -> Span {
        let piece = self.piece.get();
        Span { start: self.open.take().unwrap_or(piece.start), end: piece.end }
    }

    /// The content of a `noscript` begins after the piece being fed.
    fn enter_noscript(&self) {
        let content = Span { start: self.piece.get().end, end: self.source.len() as u32 };
        let noscript = self.builder.sink.last().map(|element| Noscript { element, content });
        self.is_in_noscript.set(noscript.is_some());
        self.noscripts.borrow_mut().extend(noscript);
    }

    /// The only tag that comes out of a `noscript` taken for text is its end tag.
    fn leave_noscript(&self, end: u32) {
        if self.is_in_noscript.take()
            && let Some(noscript) = self.noscripts.borrow_mut().last_mut()
        {
            noscript.content.end = end;
        }
    }

    fn cut(&self, limits: &Limits) -> Option<Cut> {
        let grower = &self.builder.sink;
        if grower.deepest() > limits.max_depth {
            Some(Cut::Depth)
        } else if grower.node_count() > limits.max_nodes {
            Some(Cut::Nodes)
        } else {
            self.too_many_attributes.get().then_some(Cut::Attributes)
        }
    }
}

/// True when `begun` is a tag with more than `limit` attributes, repeated ones counted.
fn has_more_attributes(begun: &str, limit: usize) -> bool {
    let tag = begun.strip_prefix("</").or(begun.strip_prefix('<')).unwrap_or_default();
    tag.starts_with(|first: char| first.is_ascii_alphabetic()) && attributes(tag).nth(limit).is_some()
}

impl TokenSink for Tap<'_> {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let grower = &self.builder.sink;
        match &token {
            Token::TagToken(Tag { kind: TagKind::StartTag, name, attrs, .. }) => {
                self.too_many_attributes.set(self.too_many_attributes.get() || attrs.len() > self.max_attributes);
                let name = name.clone();
                let before = grower.begin(self.take_span());
                let result = self.builder.process_token(token, line);
                grower.own(before, &name);
                if &*name == "noscript" && matches!(result, TokenSinkResult::RawData(_)) {
                    self.enter_noscript();
                }
                return result;
            }
            Token::TagToken(tag) => {
                self.too_many_attributes.set(self.too_many_attributes.get() || tag.attrs.len() > self.max_attributes);
                let span = self.take_span();
                self.leave_noscript(span.start);
                grower.begin(span);
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) => {
                grower.begin(self.take_span());
            }
            Token::CharacterTokens(_) | Token::NullCharacterToken => {
                // Text comes out of no tag: the `<` was text too.
                let start = self.open.take().unwrap_or(self.word.get());
                grower.begin(Span { start, end: self.piece.get().end });
            }
            Token::EOFToken => {
                grower.begin(self.piece.get());
            }
            Token::ParseError(_) => {}
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cpu_time::ThreadTime;
    use proptest::prelude::*;

    use super::*;
    use crate::html::{Document, samples};

    fn check_same_tree(source: &str) {
        // Alone, `scraper` drops byte order marks after scripts.
        let source = source.replace('\u{feff}', "");
        let plain = Html::parse_document(&source);
        let limits = Limits::default();
        let builder = TreeBuilder::new(Grower::new(), TreeBuilderOpts::default());
        let whole = Span { start: 0, end: source.len() as u32 };
        let leg = read_leg(Tap::new(&source, builder, &limits), whole, &limits, Instant::now());
        let (html, _) = leg.grower.into_parts();
        assert!(html == plain, "{source:?}\n{}\n{}", html.html(), plain.html());
        let reading = read(&source, &limits);
        assert_eq!((leg.cut, reading.cut), (None, None));
        assert!(!leg.noscripts.is_empty() || reading.html == plain, "{source:?}");
    }

    /// What is exact was taken from the source in order: tags do not overlap and begin with `<`.
    fn check_spans(source: &str) {
        let reading = read(source, &Limits::default());
        let mut exact: Vec<Span> = reading.origins.iter().filter(|o| o.exact).map(|o| o.span).collect();
        exact.sort_by_key(|span| span.start);
        for pair in exact.windows(2) {
            assert!(pair[0].end <= pair[1].start, "{pair:?} in {source:?}");
        }
        for span in exact {
            let tag = &source[span.start as usize..span.end as usize];
            assert!(tag.starts_with('<') && tag.ends_with('>'), "{tag:?} in {source:?}");
            assert!(tag[1..].starts_with(|c: char| c.is_ascii_alphabetic()), "{tag:?} in {source:?}");
        }
        assert!(reading.origins.iter().all(|o| o.span.start <= o.span.end && o.span.end as usize <= source.len()));
    }

    #[test]
    fn pieces_make_the_same_tree_as_one_feed() {
        for source in [
            "<p>a&ampb<i>&lt<b>&#x3c</b>",
            "a\r<b>\r\n</b>\r",
            "<pre>\r\n\nx</pre><textarea>\n<",
            "<script><!--<script></script>--></script>",
            "<svg><![CDATA[]]]>]]></svg>",
            "<a href=&amp>x<a href='&notit;&not'>",
        ] {
            check_same_tree(source);
        }
        let long = "é<a b=c> &amp; </a>\r\n".repeat(2_000)
            + &"日".repeat(LONGEST_PIECE)
            + "<p x='"
            + &"é".repeat(LONGEST_PIECE);
        check_same_tree(&long);
        check_same_tree(&(long + "'>x"));
    }

    proptest! {
        #![proptest_config(samples::config(2_000))]

        #[test]
        fn any_page_makes_the_same_tree_as_one_feed(source in samples::page()) {
            check_same_tree(&source);
            check_spans(&source);
        }
    }

    #[test]
    fn depth_stops_the_reading_and_leaves_a_usable_tree() {
        let source = "<ul><li>".repeat(62 * 1024 / 8);
        let started = ThreadTime::now();
        let document = Document::parse(&source);
        assert_eq!(document.cut(), Some(Cut::Depth));
        assert!(started.elapsed() < Duration::from_secs(2), "took {:?}", started.elapsed());
        let deepest = document.elements().map(|element| element.depth()).max();
        assert_eq!(deepest, Some(513));
        assert_eq!(document.root().text(), "");
    }

    #[test]
    fn every_limit_is_remembered() {
        let small = Limits { max_depth: 10, max_nodes: 50, max_attributes: 5, clock: Duration::from_secs(60) };
        for (source, cut) in [
            ("<p>".repeat(20), None),
            ("<i>".repeat(20), Some(Cut::Depth)),
            ("<p>".repeat(60), Some(Cut::Nodes)),
            ("<p a b c d e>".to_owned(), None),
            ("<p a b c d e f>".to_owned(), Some(Cut::Attributes)),
            ("<template>".repeat(20), Some(Cut::Depth)),
            ("<p><b a><b b><b c><b d></p><p><b e><b f><b g><b h></p><p>x".to_owned(), Some(Cut::Depth)),
        ] {
            assert_eq!(Document::parse_within(&source, &small).cut(), cut, "{source}");
        }
        let at_once = Limits { clock: Duration::ZERO, ..Limits::default() };
        assert_eq!(Document::parse_within(&"<p>".repeat(500), &at_once).cut(), Some(Cut::Clock));
    }

    #[test]
    fn a_tag_of_endless_attributes_does_not_stall() {
        let attributes: String = (0..300_000).map(|n| format!(" a{n}")).collect();
        let started = ThreadTime::now();
        for source in [format!("<p{attributes}>"), format!("<p{attributes}"), format!("</p{attributes}>")] {
            assert_eq!(Document::parse(&source).cut(), Some(Cut::Attributes));
        }
        assert!(started.elapsed() < Duration::from_secs(5), "took {:?}", started.elapsed());
        let script = format!("<script>if (a<b{attributes}) c</script><!-- <b{attributes}>");
        assert_eq!(Document::parse(&script).cut(), None);
        let image = format!("<img src='data:{}' alt=x><b>", attributes.replace(' ', "\n"));
        assert_eq!(Document::parse(&image).cut(), None);
    }
}
