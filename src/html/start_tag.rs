//! The attributes as written in the source text of a start tag.
//!
//! In: source text from the `<` of a start tag on. Out: attribute names with their offsets, repeated ones too, in
//! source order (the tree keeps neither). Follows the tokenizer's attribute states, HTML standard §13.2.5.32 to
//! 13.2.5.40. Invariant: reads no further than it is asked to, and never past the end of the tag. Tested here.

/// The attributes of the tag that `source` begins with; ends at the tag's `>` or at the end of the text.
pub(super) fn attributes(source: &str) -> Attributes<'_> {
    let name_end = source.bytes().position(|byte| is_space(byte) || byte == b'/' || byte == b'>');
    Attributes { source, at: name_end.unwrap_or(source.len()) }
}

/// Attribute names of one tag with the byte offset of each; see [`attributes`].
pub(super) struct Attributes<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<(usize, &'a str)> {
        while self.peek().is_some_and(|byte| is_space(byte) || byte == b'/') {
            self.at += 1;
        }
        let start = self.at;
        if matches!(self.peek(), None | Some(b'>')) {
            return None;
        }
        // A `=` at the start of a name is a part of it.
        self.at += 1;
        self.skip_while(|byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'='));
        let name = &self.source[start..self.at];
        self.skip_space();
        if self.peek() == Some(b'=') {
            self.at += 1;
            self.skip_value();
        }
        Some((start, name))
    }
}

impl Attributes<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// `wanted` must refuse ASCII bytes only, so that `at` stops on a character boundary.
    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn skip_value(&mut self) {
        self.skip_space();
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                self.skip_while(|byte| byte != quote);
                self.at = self.source.len().min(self.at + 1);
            }
            _ => self.skip_while(|byte| !is_space(byte) && byte != b'>'),
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_source_order_with_repeats() {
        for (tag, names) in [
            ("<a>", vec![]),
            ("<a href=x>b c", vec!["href"]),
            ("<a\thref='a b'\nHREF = \"c>d\" x>", vec!["href", "HREF", "x"]),
            ("<br/class=x/>", vec!["class"]),
            ("<a = b>", vec!["=", "b"]),
            ("<a x= >", vec!["x"]),
            ("<a href=/a/b?c=d id=z>", vec!["href", "id"]),
            ("<a 'x\"y<z>", vec!["'x\"y<z"]),
            ("<a é=ü日 ñ='日'>", vec!["é", "ñ"]),
            ("<a href='unfinished>", vec!["href"]),
            ("<a", vec![]),
        ] {
            let found: Vec<&str> = attributes(tag).map(|(_, name)| name).collect();
            assert_eq!(found, names, "{tag}");
        }
    }

    #[test]
    fn offsets_point_at_the_names() {
        let tag = "<p  id=a\n id=b>";
        let found: Vec<usize> = attributes(tag).map(|(offset, _)| offset).collect();
        assert_eq!(found, [4, 10]);
    }
}
