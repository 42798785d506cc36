//! XML and HTML being written: tags of ours, words of anybody.
//!
//! In: names and attributes known when this was compiled, text from the web. Out: well-formed markup. Invariant: text cannot
//! become markup, because raw markup is `'static` and everything else is escaped; no character XML 1.0 forbids (section
//! 2.2) comes through. Tested below and in `tests/it/formats.rs`.

use std::io::{self, Write};

/// Markup being written.
#[derive(Default)]
pub struct Markup {
    text: String,
}

/// An attribute and its value.
pub type Attribute<'a> = (&'static str, &'a str);

impl Markup {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many octets there are that were not poured.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What was written.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Writes what there is so far, and goes on with nothing.
    pub(super) fn pour(&mut self, mut out: impl Write) -> io::Result<()> {
        out.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    /// Markup as it is; only what this program was compiled with.
    pub fn raw(&mut self, ours: &'static str) {
        self.text.push_str(ours);
    }

    /// A start tag.
    pub fn open(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.start(name, attributes);
        self.text.push('>');
    }

    /// An end tag.
    pub fn close(&mut self, name: &'static str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// An element without content, in the spelling XML asks for and HTML allows for void elements and SVG.
    pub fn empty(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.start(name, attributes);
        self.text.push_str("/>");
    }

    /// An element that holds words.
    pub fn leaf(&mut self, name: &'static str, attributes: &[Attribute<'_>], words: &str) {
        self.open(name, attributes);
        self.words(words);
        self.close(name);
    }

    /// Words.
    pub fn words(&mut self, words: &str) {
        escape(words, &mut self.text);
    }

    /// A line feed between blocks.
    pub fn line(&mut self) {
        self.text.push('\n');
    }

    fn start(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push_str("=\"");
            escape(value, &mut self.text);
            self.text.push('"');
        }
    }
}

/// Escapes for text and quoted attributes alike. A carriage return is written as a reference, because parsers would turn it
/// into a line feed; a character no XML document may hold is shown as U+FFFD.
fn escape(words: &str, into: &mut String) {
    for c in words.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            '\r' => into.push_str("&#13;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                into.push('\u{fffd}')
            }
            // Allowed, but HTML parsers object to them and nobody can see them.
            '\u{7f}'..='\u{9f}' => into.push('\u{fffd}'),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_markup() {
        let mut markup = Markup::new();
        markup.leaf("p", &[("title", "\"><script>")], "]]> & </p>\u{0}\u{1b}\r'\u{85}");
        assert_eq!(
            markup.into_text(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">]]&gt; &amp; &lt;/p&gt;\u{fffd}\u{fffd}&#13;&#39;\u{fffd}</p>"
        );
    }
}
