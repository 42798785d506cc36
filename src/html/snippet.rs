//! A line of source that shows people which element is meant.
//!
//! In: an element. Out: its start tag, the beginning of its text and its end tag, white space folded. Invariant: at
//! most [`LONGEST`] characters, and no more text is read than is shown. Tested here.

use super::Element;

/// Characters of a snippet, the "…" of a cut one included.
const LONGEST: usize = 200;

/// HTML standard §13.1.2, "void elements", and the obsolete ones the parser treats alike.
const VOID: [&str; 18] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
];

impl Element<'_> {
    /// Its start tag (`<name>` where the source has none), the beginning of its text and its end tag, white space
    /// folded, cut with "…" at 200 characters.
    pub fn snippet(&self) -> String {
        let name = self.name();
        let mut folded = Folded::default();
        match self.start_tag() {
            "" => folded.push(&format!("<{name}>")),
            tag => folded.push(tag),
        }
        if self.is_html() && VOID.contains(&name) || self.start_tag().ends_with("/>") && !self.is_html() {
            return folded.cut();
        }
        for text in self.texts() {
            folded.push(text);
            if folded.is_full() {
                return folded.cut();
            }
        }
        folded.push(&format!("</{name}>"));
        folded.cut()
    }
}

/// Text with every run of white space made one space, up to one character more than is shown.
#[derive(Default)]
struct Folded {
    text: String,
    count: usize,
}

impl Folded {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            let c = if c.is_whitespace() { ' ' } else { c };
            if self.is_full() {
                return;
            }
            if c != ' ' || !self.text.ends_with(' ') {
                self.text.push(c);
                self.count += 1;
            }
        }
    }

    fn is_full(&self) -> bool {
        self.count > LONGEST
    }

    fn cut(mut self) -> String {
        if self.is_full() {
            let kept = self.text.char_indices().nth(LONGEST - 1).map_or(self.text.len(), |(at, _)| at);
            self.text.truncate(kept);
            self.text.push('…');
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Document;

    fn check(source: &str, snippet: &str) {
        let document = Document::parse(source);
        let element =
            document.body().and_then(|body| body.children().next()).expect("the row has an element in its body");
        assert_eq!(element.snippet(), snippet, "{source}");
    }

    #[test]
    fn a_snippet_is_tag_text_and_end_tag_on_one_line() {
        check("<p>a</p>", "<p>a</p>");
        check("<P\n  class='x'>\n\n a <b>b</b>\u{a0} c", "<P class='x'> a b c</p>");
        check("<img src=x\talt=''>", "<img src=x alt=''>");
        check("<input>text", "<input>");
        check("<svg/>x", "<svg/>");
        check("<button></button>", "<button></button>");
        check("x</p>", "<p></p>");
    }

    #[test]
    fn a_long_snippet_is_cut_at_a_character() {
        let long = format!("<p>{}</p>", "é".repeat(500));
        let document = Document::parse(&long);
        let snippet = document.elements().last().expect("there is a p").snippet();
        assert_eq!(snippet.chars().count(), LONGEST);
        assert!(snippet.starts_with("<p>éé") && snippet.ends_with("é…"));
        let fits = format!("<p>{}</p>", "é".repeat(LONGEST - 7));
        check(&fits, &fits);
    }
}
