//! What a document says of its own encoding, near its start.
//!
//! In: octets. Out: the label it declares and the encoding that stands for, by the prescan of HTML, 13.2.3.2
//! ("prescan a byte stream to determine its encoding"), which also reads XML declarations.
//! Invariant: looks at 1,024 octets and no more. Tested below.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

const REACH: usize = 1024;

/// A declaration that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Declaration {
    /// The label as written; `None` where the shape of the octets speaks.
    pub label: Option<String>,
    /// What it names.
    pub encoding: Option<&'static Encoding>,
}

/// The first declaration that names an encoding, else the first that was tried.
pub(super) fn declaration(body: &[u8]) -> Option<Declaration> {
    let body = &body[..body.len().min(REACH)];
    let by_shape = |encoding| Some(Declaration { label: None, encoding: Some(encoding) });
    if body.starts_with(b"<\0?\0x\0") {
        return by_shape(UTF_16LE);
    }
    if body.starts_with(b"\0<\0?\0x") {
        return by_shape(UTF_16BE);
    }
    let xml = xml_label(body).map(|label| declared(&label));
    let mut found = xml.into_iter().chain(Tags { body, at: 0 });
    let first = found.next()?;
    if first.encoding.is_some() {
        return Some(first);
    }
    Some(found.find(|later| later.encoding.is_some()).unwrap_or(first))
}

/// A declaration of this label. A document that could be read so far is no UTF-16, and `x-user-defined` is spelled by
/// mistake: both as HTML asks.
fn declared(label: &[u8]) -> Declaration {
    let encoding = Encoding::for_label(label).map(|encoding| match encoding {
        wide if wide == UTF_16BE || wide == UTF_16LE => UTF_8,
        own if own == X_USER_DEFINED => WINDOWS_1252,
        other => other,
    });
    Declaration { label: Some(String::from_utf8_lossy(label).into_owned()), encoding }
}

/// The label of `<?xml … encoding="…"?>` at the very start.
fn xml_label(body: &[u8]) -> Option<Vec<u8>> {
    let inside = body.strip_prefix(b"<?xml")?;
    let inside = &inside[..inside.iter().position(|octet| *octet == b'>')?];
    let at = inside.windows(8).position(|window| window == b"encoding")? + 8;
    let value = inside[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    Some(value[..value.iter().position(|octet| octet == quote)?].to_vec())
}

/// Walks over tags and comments and yields what each `meta` declares.
struct Tags<'a> {
    body: &'a [u8],
    at: usize,
}

impl Iterator for Tags<'_> {
    type Item = Declaration;

    fn next(&mut self) -> Option<Declaration> {
        while self.at < self.body.len() {
            let rest = &self.body[self.at..];
            if rest.starts_with(b"<!--") {
                // "<!-->" is a whole comment: the two hyphens that open it may close it.
                self.at += 2 + rest[2..].windows(3).position(|window| window == b"-->")? + 3;
            } else if is_meta(rest) {
                self.at += 5;
                if let Some(label) = self.meta() {
                    return Some(declared(&label));
                }
            } else if is_tag(rest) {
                self.at += rest.iter().position(|octet| octet.is_ascii_whitespace() || *octet == b'>')?;
                while self.attribute().is_some() {}
            } else if rest.starts_with(b"<!") || rest.starts_with(b"</") || rest.starts_with(b"<?") {
                self.at += rest.iter().position(|octet| *octet == b'>')? + 1;
            } else {
                self.at += 1;
            }
        }
        None
    }
}

impl Tags<'_> {
    /// The label a `meta` declares by `charset`, or by `content` where `http-equiv` says it is a content type.
    fn meta(&mut self) -> Option<Vec<u8>> {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        let mut is_content_type = false;
        let mut label = None;
        let mut from_content = false;
        while let Some((name, value)) = self.attribute() {
            if seen.contains(&name) {
                continue;
            }
            match name.as_slice() {
                b"http-equiv" => is_content_type |= value.eq_ignore_ascii_case(b"content-type"),
                b"content" if label.is_none() => {
                    label = content_label(&value);
                    from_content = label.is_some();
                }
                b"charset" => {
                    label = Some(value);
                    from_content = false;
                }
                _ => {}
            }
            seen.push(name);
        }
        // A tag that the reach cuts short declares nothing.
        self.peek()?;
        label.filter(|_| is_content_type || !from_content)
    }

    /// The next attribute, its name in lower case ("get an attribute"); `None` at the end of the tag.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        self.skip(|octet| octet.is_ascii_whitespace() || octet == b'/');
        if self.peek()? == b'>' {
            return None;
        }
        let start = self.at;
        // An equals sign at the start belongs to the name.
        self.at += 1;
        self.skip(|octet| !octet.is_ascii_whitespace() && !matches!(octet, b'=' | b'/' | b'>'));
        let name = self.body[start..self.at].to_ascii_lowercase();
        self.skip(|octet| octet.is_ascii_whitespace());
        if self.peek()? != b'=' {
            return Some((name, Vec::new()));
        }
        self.at += 1;
        self.skip(|octet| octet.is_ascii_whitespace());
        let value = match self.peek()? {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                let value = self.skip(|octet| octet != quote);
                self.peek()?;
                self.at += 1;
                value
            }
            b'>' => Vec::new(),
            _ => self.skip(|octet| !octet.is_ascii_whitespace() && octet != b'>'),
        };
        Some((name, value))
    }

    fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    /// Moves on while the octets fit, and returns them.
    fn skip(&mut self, fits: impl Fn(u8) -> bool) -> Vec<u8> {
        let start = self.at;
        while self.peek().is_some_and(&fits) {
            self.at += 1;
        }
        self.body[start..self.at].to_vec()
    }
}

fn is_meta(rest: &[u8]) -> bool {
    let named = rest.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"<meta"));
    named && rest.get(5).is_some_and(|next| next.is_ascii_whitespace() || *next == b'/')
}

fn is_tag(rest: &[u8]) -> bool {
    let name = rest.strip_prefix(b"</").or_else(|| rest.strip_prefix(b"<"));
    name.and_then(<[u8]>::first).is_some_and(u8::is_ascii_alphabetic)
}

/// The label in a `content` value ("extracting a character encoding from a meta element").
fn content_label(content: &[u8]) -> Option<Vec<u8>> {
    let lower = content.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower[from..].windows(7).position(|window| window == b"charset")? + 7;
        let Some(value) = content[at..].trim_ascii_start().strip_prefix(b"=") else {
            from = at;
            continue;
        };
        let value = value.trim_ascii_start();
        let (first, quoted) = value.split_first()?;
        if matches!(first, b'"' | b'\'') {
            return Some(quoted[..quoted.iter().position(|octet| octet == first)?].to_vec());
        }
        let end = value.iter().position(|octet| octet.is_ascii_whitespace() || *octet == b';');
        return Some(value[..end.unwrap_or(value.len())].to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_declare_their_encoding_in_many_ways() {
        for (body, want) in [
            ("<meta charset=utf-8>", Some("UTF-8")),
            ("<META  CHARSET = 'latin1' >", Some("windows-1252")),
            ("<meta/charset=\"shift_jis\">", Some("Shift_JIS")),
            ("<meta http-equiv=Content-Type content='text/html; charset=gbk'>", Some("GBK")),
            ("<meta content='text/html; charset = \"gbk\"' http-equiv=content-type>", Some("GBK")),
            ("<meta content='text/html; charset=gbk'>", None),
            ("<meta name=description content='charset=gbk'><meta charset=big5>", Some("Big5")),
            ("<meta charset=utf-16>", Some("UTF-8")),
            ("<meta charset=x-user-defined>", Some("windows-1252")),
            ("<!-- <meta charset=gbk> --><meta charset=big5>", Some("Big5")),
            ("<!--><meta charset=gbk>", Some("GBK")),
            ("<p title='<meta charset=gbk>'>", None),
            ("<metadata charset=gbk>", None),
            ("<?xml version='1.0' encoding='iso-8859-2'?><a/>", Some("ISO-8859-2")),
            ("<?xml version='1.0'?><meta charset=gbk>", Some("GBK")),
            ("<meta charset=nonsense><meta charset=gbk>", Some("GBK")),
            ("<meta charset=gbk", None),
            ("<meta charset='gbk", None),
            ("<\0?\0x\0m\0", Some("UTF-16LE")),
            ("no markup at all", None),
        ] {
            let found = declaration(body.as_bytes()).and_then(|found| found.encoding);
            assert_eq!(found.map(Encoding::name), want, "{body}");
        }
    }

    #[test]
    fn a_declaration_after_1024_octets_is_too_late() {
        let late = format!("{}<meta charset=gbk>", " ".repeat(REACH));
        assert_eq!(declaration(late.as_bytes()), None);
    }
}
