//! From the codes of a font to characters (ISO 32000-1, 9.10.2), and how far each moves the pen.
//!
//! In: a font dictionary. Out: [`Font`]. Invariants: a code that cannot be told is U+FFFD, never a guess; tables are bounded.
//! Tested below and in `tests/it/documents.rs`.

use encoding_rs::{MACINTOSH, WINDOWS_1252};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use std::collections::HashMap;

use super::stream;

/// Entries of one table.
const ENTRIES: usize = 70_000;

/// A font, as far as its text goes.
#[derive(Debug, Default)]
pub(super) struct Font {
    /// Octets of a code: one, or two for composite fonts.
    wide: bool,
    unicode: HashMap<u32, String>,
    names: HashMap<u32, char>,
    mac: bool,
    widths: HashMap<u32, f32>,
    /// The width of a code that the table leaves out, in thousandths.
    width: f32,
    /// True when a code is told by the base encoding where no table has it.
    plain: bool,
}

/// Glyph names that are no single letter, of the texts that matter here (Adobe Glyph List).
const GLYPHS: [(&str, char); 48] = [
    ("space", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("dollar", '$'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("quotesingle", '\''),
    ("quoteright", '\u{2019}'),
    ("quoteleft", '\u{2018}'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("bracketleft", '['),
    ("bracketright", ']'),
    ("underscore", '_'),
    ("bullet", '\u{2022}'),
    ("endash", '\u{2013}'),
    ("emdash", '\u{2014}'),
    ("quotedblleft", '\u{201c}'),
    ("quotedblright", '\u{201d}'),
    ("section", '\u{a7}'),
    ("fi", '\u{fb01}'),
    ("fl", '\u{fb02}'),
    ("nbspace", '\u{a0}'),
    ("ntilde", '\u{f1}'),
];

impl Font {
    /// A font by its dictionary.
    pub(super) fn of(dict: &Dict<'_>) -> Self {
        let wide = dict.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Type0");
        let mut font = Self { wide, width: 500.0, plain: !wide, ..Self::default() };
        if let Some(map) = dict.get::<Stream<'_>>("ToUnicode").and_then(|map| stream::decoded(&map)) {
            font.unicode = unicode(&map);
        }
        if wide {
            font.composite_widths(dict);
        } else {
            font.encoding(dict);
            let first = dict.get::<u32>("FirstChar").unwrap_or(0);
            let widths =
                dict.get::<Array<'_>>("Widths").map(|widths| widths.iter::<f32>().take(256).collect::<Vec<_>>());
            font.widths = (first..).zip(widths.unwrap_or_default()).collect();
        }
        font
    }

    fn encoding(&mut self, dict: &Dict<'_>) {
        if let Some(name) = dict.get::<Name<'_>>("Encoding") {
            self.mac = name.as_ref() == b"MacRomanEncoding";
        }
        let Some(encoding) = dict.get::<Dict<'_>>("Encoding") else { return };
        self.mac = encoding.get::<Name<'_>>("BaseEncoding").is_some_and(|name| name.as_ref() == b"MacRomanEncoding");
        let Some(differences) = encoding.get::<Array<'_>>("Differences") else { return };
        let mut code = 0;
        for item in differences.iter::<Object<'_>>().take(1024) {
            match item {
                Object::Number(number) => code = u32::try_from(number.as_i64()).unwrap_or(0),
                Object::Name(name) => {
                    if let Some(c) = glyph(name.as_str()) {
                        self.names.insert(code, c);
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }

    /// Widths of a composite font: `c [w1 w2 …]` or `first last w` (9.7.4.3).
    fn composite_widths(&mut self, dict: &Dict<'_>) {
        let inner = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        let Some(inner) = inner else { return };
        self.width = inner.get::<f32>("DW").unwrap_or(1000.0);
        let Some(widths) = inner.get::<Array<'_>>("W") else { return };
        let mut run: Vec<f32> = Vec::new();
        for item in widths.iter::<Object<'_>>().take(ENTRIES) {
            match item {
                Object::Number(number) => run.push(number.as_f32()),
                Object::Array(list) => {
                    let first = run.pop().unwrap_or(0.0) as u32;
                    self.widths.extend((first..).zip(list.iter::<f32>().take(ENTRIES)));
                    run.clear();
                }
                _ => {}
            }
            if let [first, last, width] = run[..] {
                let (first, last) = (first as u32, last as u32);
                let last = last.min(first.saturating_add(u32::from(u16::MAX)));
                if self.widths.len() < ENTRIES {
                    self.widths.extend((first..=last).map(|code| (code, width)));
                }
                run.clear();
            }
        }
    }

    /// Appends the text of a string, and gives the way of the pen in thousandths of the size; each code adds `spacing` of it.
    pub(super) fn show(&self, octets: &[u8], out: &mut String) -> (f32, usize) {
        let mut way = 0.0;
        let mut codes = 0;
        for chunk in octets.chunks(if self.wide { 2 } else { 1 }) {
            let code = chunk.iter().fold(0, |code, octet| code << 8 | u32::from(*octet));
            match self.unicode.get(&code) {
                Some(text) => out.push_str(text),
                None => out.push(self.base(code)),
            }
            way += self.widths.get(&code).copied().unwrap_or(self.width);
            codes += 1;
        }
        (way, codes)
    }

    fn base(&self, code: u32) -> char {
        if let Some(c) = self.names.get(&code) {
            return *c;
        }
        let Some(octet) = u8::try_from(code).ok().filter(|_| self.plain) else { return char::REPLACEMENT_CHARACTER };
        let encoding = if self.mac { MACINTOSH } else { WINDOWS_1252 };
        encoding.decode_without_bom_handling(&[octet]).0.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

fn glyph(name: &str) -> Option<char> {
    let mut letters = name.chars();
    if let (Some(only), None) = (letters.next(), letters.next()) {
        return Some(only);
    }
    let coded = name.strip_prefix("uni").or_else(|| name.strip_prefix('u')).filter(|hex| hex.len() >= 4);
    let coded = coded.and_then(|hex| char::from_u32(u32::from_str_radix(hex.get(..4)?, 16).ok()?));
    coded.or_else(|| GLYPHS.iter().find(|(known, _)| *known == name).map(|(_, c)| *c))
}

/// The table of a ToUnicode map (9.10.3): `bfchar` and `bfrange`.
fn unicode(map: &[u8]) -> HashMap<u32, String> {
    let mut table = HashMap::new();
    let mut waiting: Vec<Token> = Vec::new();
    let mut words = Tokens { rest: map };
    while let Some(token) = words.next() {
        if table.len() > ENTRIES {
            break;
        }
        match token {
            Token::Word(b"beginbfchar" | b"beginbfrange") => waiting.clear(),
            Token::Word(b"endbfchar") => {
                for pair in waiting.chunks_exact(2) {
                    if let [Token::Hex(code), Token::Hex(text)] = pair {
                        table.insert(number(code), utf16(text));
                    }
                }
                waiting.clear();
            }
            Token::Word(b"endbfrange") => ranges(&std::mem::take(&mut waiting), &mut table),
            other if waiting.len() < ENTRIES => waiting.push(other),
            _ => {}
        }
    }
    table
}

fn ranges(tokens: &[Token<'_>], table: &mut HashMap<u32, String>) {
    let mut rest = tokens;
    while let [Token::Hex(first), Token::Hex(last), target, more @ ..] = rest {
        let (first, last) = (number(first), number(last).min(number(first).saturating_add(u32::from(u16::MAX))));
        rest = more;
        match target {
            Token::Hex(text) => {
                let start = utf16(text);
                let (stem, end) =
                    start.char_indices().next_back().map_or(("", None), |(at, c)| (&start[..at], Some(c)));
                let Some(end) = end else { continue };
                for code in first..=last {
                    let c = char::from_u32(u32::from(end) + (code - first)).unwrap_or(char::REPLACEMENT_CHARACTER);
                    table.insert(code, format!("{stem}{c}"));
                    if table.len() > ENTRIES {
                        return;
                    }
                }
            }
            Token::Open => {
                let end = rest.iter().position(|token| matches!(token, Token::Close)).unwrap_or(rest.len());
                for (code, token) in (first..=last).zip(&rest[..end]) {
                    if let Token::Hex(text) = token {
                        table.insert(code, utf16(text));
                    }
                }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            Token::Close | Token::Word(_) => {}
        }
    }
}

fn number(octets: &[u8]) -> u32 {
    octets.iter().take(4).fold(0, |code, octet| code << 8 | u32::from(*octet))
}

fn utf16(octets: &[u8]) -> String {
    let units = octets.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units.take(8))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|c| !c.is_control())
        .collect()
}

#[derive(Debug)]
enum Token<'a> {
    Hex(Vec<u8>),
    Open,
    Close,
    Word(&'a [u8]),
}

struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.rest.iter().position(|octet| !octet.is_ascii_whitespace())?;
        self.rest = &self.rest[start..];
        let length = match self.rest[0] {
            b'[' => {
                self.rest = &self.rest[1..];
                return Some(Token::Open);
            }
            b']' => {
                self.rest = &self.rest[1..];
                return Some(Token::Close);
            }
            b'<' => self.rest.iter().position(|octet| *octet == b'>').map_or(self.rest.len(), |at| at + 1),
            _ => {
                let ends = |octet: &u8| octet.is_ascii_whitespace() || matches!(octet, b'<' | b'[' | b']');
                1 + self.rest[1..].iter().position(ends).unwrap_or(self.rest.len() - 1)
            }
        };
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(if word[0] == b'<' { Token::Hex(hex(word)) } else { Token::Word(word) })
    }
}

fn hex(word: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> =
        word.iter().filter_map(|octet| char::from(*octet).to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_to_unicode_is_read_in_all_its_forms() {
        let table = unicode(b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange\n2 beginbfchar <01> <0041> <02><00660069> endbfchar 2 beginbfrange <10> <12> <0061> <0020><0021>[<0078> <0079>] endbfrange");
        let told = |code: u32| table.get(&code).map_or("", String::as_str);
        assert_eq!([1, 2, 0x10, 0x12, 0x20, 0x21, 3].map(told), ["A", "fi", "a", "c", "x", "y", ""]);
        assert!(unicode(b"beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange").len() <= ENTRIES + 1);
        assert_eq!(unicode(b"beginbfrange <00> <").len(), 0);
        assert_eq!(["A", "comma", "uni00e9", "g123"].map(glyph), [Some('A'), Some(','), Some('\u{e9}'), None]);
    }
}
