//! As much of the syntax of style sheets as putting them together takes: imports at the beginning, conditions around a sheet.
//!
//! In: text. Out: ranges and text. CSS Syntax 3, CSS Cascade 5 (2), Media Queries 4. Invariant: ends on any text, in time that grows
//! with its length; a sheet put under a condition cannot leave it, however its braces stand. Tested below.

use std::ops::Range;

/// An `@import` at the beginning of a sheet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Import {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// What it names.
    pub(super) address: String,
    /// The cascade layer it goes to: empty for one without a name.
    pub(super) layer: Option<String>,
    /// What the browser has to support, in brackets; empty for nothing.
    pub(super) supports: String,
    /// The media it is for; empty for all.
    pub(super) media: String,
}

/// The imports that count: those before any other rule but `@charset` and `@layer`.
pub(super) fn imports(css: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    let mut at = 0;
    loop {
        at += blank(&css[at..]);
        let rest = &css[at..];
        let Some(name) = rest.strip_prefix('@') else { return imports };
        let word: String =
            name.chars().take_while(|c| c.is_ascii_alphabetic()).collect::<String>().to_ascii_lowercase();
        let end = ending(rest);
        match word.as_str() {
            "charset" => {}
            "layer" if rest[..end].ends_with(';') => {}
            "import" => {
                let body = rest[7..end].trim_end_matches(';');
                imports.extend(import(body, at..at + end));
            }
            _ => return imports,
        }
        at += end;
    }
}

fn import(body: &str, range: Range<usize>) -> Option<Import> {
    let body = body[blank(body)..].trim();
    let (address, rest) = match body.as_bytes().first()? {
        quote @ (b'"' | b'\'') => quoted(body, *quote)?,
        _ => {
            let inner =
                body.get(..4).filter(|start| start.eq_ignore_ascii_case("url(")).map(|_| body[4..].trim_start())?;
            match inner.as_bytes().first()? {
                quote @ (b'"' | b'\'') => {
                    let (address, rest) = quoted(inner, *quote)?;
                    (address, rest.trim_start().strip_prefix(')').unwrap_or(rest))
                }
                _ => {
                    let end = inner.find(')').unwrap_or(inner.len());
                    (unescaped(inner[..end].trim()), inner.get(end + 1..).unwrap_or_default())
                }
            }
        }
    };
    let mut rest = rest.trim();
    let mut layer = None;
    if let Some((name, after)) = function(rest, "layer") {
        (layer, rest) = (Some(name.trim().to_string()), after);
    } else if let Some(after) =
        rest.strip_prefix("layer").filter(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    {
        (layer, rest) = (Some(String::new()), after.trim_start());
    }
    let mut supports = String::new();
    if let Some((condition, after)) = function(rest, "supports") {
        (supports, rest) = (format!("({})", condition.trim()), after);
    }
    // What would leave the condition it is written into is none.
    let media = if rest.contains(['{', '}', ';']) { "not all".to_string() } else { rest.trim().to_string() };
    Some(Import { range, address, layer, supports, media })
}

/// What stands in the brackets of a function at the beginning, and what comes after.
fn function<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let inner = text
        .get(..name.len())
        .filter(|start| start.eq_ignore_ascii_case(name))
        .and_then(|_| text[name.len()..].strip_prefix('('))?;
    let mut depth = 1;
    let end = inner.bytes().position(|byte| {
        depth += match byte {
            b'(' => 1,
            b')' => -1,
            _ => 0,
        };
        depth == 0
    })?;
    Some((&inner[..end], inner[end + 1..].trim_start()))
}

fn quoted(text: &str, quote: u8) -> Option<(String, &str)> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == quote && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some((unescaped(&text[1..=end]), &text[end + 2..]))
}

fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_string();
    }
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits > 0 {
            plain.extend(u32::from_str_radix(&after[..digits], 16).ok().and_then(char::from_u32));
            rest = after[digits..].strip_prefix(' ').unwrap_or(&after[digits..]);
        } else {
            let mut chars = after.chars();
            plain.extend(chars.next());
            rest = chars.as_str();
        }
    }
    plain + rest
}

/// Blanks, comments and the signs that hide style from browsers of the past, at the beginning.
fn blank(text: &str) -> usize {
    let mut rest = text;
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
        }
        rest = rest.strip_prefix("<!--").or_else(|| rest.strip_prefix("-->")).unwrap_or(rest);
        if rest.len() == before {
            return text.len() - rest.len();
        }
    }
}

/// The end of a statement: after its semicolon, before a block or a brace that closes.
fn ending(text: &str) -> usize {
    let mut scan = Scan::default();
    for (at, byte) in text.bytes().enumerate() {
        if scan.is_plain(text, at, byte) {
            match byte {
                b';' if scan.brackets == 0 => return at + 1,
                b'{' | b'}' => return at,
                _ => {}
            }
        }
    }
    text.len()
}

/// A sheet under a condition; the sheet itself where there is none.
pub(super) fn under(rule: &str, condition: &str, css: String) -> String {
    let condition = condition.trim();
    if condition.is_empty() {
        return css;
    }
    if condition.contains(['{', '}', ';']) {
        return format!("{rule} not all{{{}}}", balanced(&css));
    }
    format!("{rule} {condition}{{{}}}", balanced(&css))
}

/// The text with as many braces closed as opened, and none closed that was not opened.
fn balanced(css: &str) -> String {
    let mut scan = Scan::default();
    let mut depth = 0usize;
    let mut kept = String::with_capacity(css.len());
    let mut from = 0;
    for (at, byte) in css.bytes().enumerate() {
        if scan.is_plain(css, at, byte) {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 0 => {
                    kept.push_str(&css[from..at]);
                    from = at + 1;
                }
                b'}' => depth -= 1,
                _ => {}
            }
        }
    }
    kept.push_str(&css[from..]);
    if scan.comment {
        kept.push_str("*/");
    }
    kept.extend(scan.quote.map(char::from));
    kept.extend(std::iter::repeat_n(')', scan.brackets));
    kept.extend(std::iter::repeat_n('}', depth));
    kept
}

/// Where strings, comments and brackets stand open.
#[derive(Default)]
struct Scan {
    quote: Option<u8>,
    comment: bool,
    escaped: bool,
    brackets: usize,
}

impl Scan {
    /// Takes in one octet; true when it stands outside of strings and comments.
    fn is_plain(&mut self, text: &str, at: usize, byte: u8) -> bool {
        let next = text.as_bytes().get(at + 1);
        if std::mem::take(&mut self.escaped) {
            return false;
        }
        if self.comment {
            // The star may not be the one that opened the comment.
            let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
            let opened = at >= 2 && &text.as_bytes()[at - 2..at] == b"/*";
            self.comment = !(byte == b'/' && before == Some(&b'*') && !opened);
            return false;
        }
        match (self.quote, byte) {
            (_, b'\\') => self.escaped = true,
            (Some(open), _) if byte == open || byte == b'\n' => self.quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => self.quote = Some(byte),
            (None, b'/') if next == Some(&b'*') => self.comment = true,
            (None, b'(' | b'[') => {
                self.brackets += 1;
                return true;
            }
            (None, b')' | b']') => {
                self.brackets = self.brackets.saturating_sub(1);
                return true;
            }
            (None, b'{' | b'}') => {
                self.brackets = 0;
                return true;
            }
            (None, _) => return true,
        }
        false
    }
}

/// True when every query of a list is for a medium that is no screen.
pub(super) fn is_for_another_medium(media: &str) -> bool {
    const OTHERS: [&str; 9] =
        ["print", "speech", "aural", "braille", "embossed", "handheld", "projection", "tty", "tv"];
    let other = |query: &str| {
        let query = query.trim().to_ascii_lowercase();
        let query = query.strip_prefix("only ").unwrap_or(&query);
        let word = query.split_whitespace().next().unwrap_or_default();
        OTHERS.contains(&word)
    };
    !media.trim().is_empty() && media.split(',').all(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_read_at_the_beginning_only() {
        for (css, wanted) in [
            ("@import 'a.css';p{}", vec!["a.css||"]),
            (
                "@charset \"utf-8\"; /* x */ @import url(a.css) screen;@import url( 'b.css' )",
                vec!["a.css||screen", "b.css||"],
            ),
            (
                "@layer a, b;@IMPORT \"a\\27.css\"layer(x) supports(display: grid) (min-width:1px);",
                vec!["a'.css|(display: grid)|(min-width:1px)"],
            ),
            ("p{}@import 'a.css';", vec![]),
            ("@media x{}@import 'a.css';", vec![]),
            ("<!-- @import 'a.css'; -->", vec!["a.css||"]),
            ("@import", vec![]),
            ("@import 'a", vec![]),
            ("@import url(", vec![]),
            ("@import 'a.css' }p{};", vec!["a.css||"]),
        ] {
            let got: Vec<String> =
                imports(css).iter().map(|one| format!("{}|{}|{}", one.address, one.supports, one.media)).collect();
            assert_eq!(got, wanted, "{css}");
        }
    }

    #[test]
    fn a_sheet_cannot_leave_its_condition() {
        for (css, wanted) in [
            ("p{}", "@media x{p{}}"),
            ("p{}}q{}", "@media x{p{}q{}}"),
            ("p{color:red", "@media x{p{color:red}}"),
            ("p{content:'}'}", "@media x{p{content:'}'}}"),
            ("/*}*/p{}", "@media x{/*}*/p{}}"),
            ("p{}/*", "@media x{p{}/**/}"),
            ("p{a:(", "@media x{p{a:()}}"),
        ] {
            assert_eq!(under("@media", "x", css.to_string()), wanted, "{css}");
        }
        assert_eq!(under("@media", " ", "p{".into()), "p{");
        assert_eq!(under("@media", "x}p{", "q{}".into()), "@media not all{q{}}");
    }

    #[test]
    fn sheets_for_other_media_are_told() {
        for (media, other) in [
            ("", false),
            ("screen", false),
            ("print", true),
            ("only PRINT and (a)", true),
            ("print, screen", false),
            ("not print", false),
        ] {
            assert_eq!(is_for_another_medium(media), other, "{media}");
        }
    }
}
