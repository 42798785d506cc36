//! XML parts of documents as a walk: what opens, what closes, what is said in between.
//!
//! In: octets. Out: calls with the names of the open elements, without prefixes. Invariants: nothing outside the text is ever read
//! (no entities of its own, no external parts); nesting and events are counted; a break ends the walk with what came before it.
//! Tested below.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The deepest nesting that is walked.
const DEEPEST: usize = 256;
/// Events that are walked.
const EVENTS: usize = 2_000_000;

/// What a walk meets.
pub(super) enum Met<'a> {
    /// An element begins; it is the last of the open names.
    Open(&'a BytesStart<'a>),
    /// An element ends; it is still the last of the open names.
    Close,
    /// Words.
    Text(&'a str),
}

/// Walks as long as whoever sees it says `true`.
pub(super) fn walk(xml: &[u8], mut see: impl FnMut(&[String], Met<'_>) -> bool) {
    let text = decoded(xml);
    let mut reader = Reader::from_str(&text);
    let settings = reader.config_mut();
    settings.allow_dangling_amp = true;
    settings.allow_unmatched_ends = true;
    settings.check_end_names = false;
    let mut open: Vec<String> = Vec::new();
    for _ in 0..EVENTS {
        let Ok(event) = reader.read_event() else { return };
        let go = match event {
            Event::Start(start) if open.len() < DEEPEST => {
                open.push(start.local_name().as_ref().to_string());
                see(&open, Met::Open(&start))
            }
            Event::Empty(start) if open.len() < DEEPEST => {
                open.push(start.local_name().as_ref().to_string());
                let go = see(&open, Met::Open(&start)) && see(&open, Met::Close);
                open.pop();
                go
            }
            Event::End(_) => {
                let go = open.is_empty() || see(&open, Met::Close);
                open.pop();
                go
            }
            Event::Text(text) => see(&open, Met::Text(&text.into_inner())),
            Event::CData(text) => see(&open, Met::Text(&text.into_inner())),
            Event::GeneralRef(reference) => {
                let named = match &*reference {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                named.is_none_or(|c| see(&open, Met::Text(c.encode_utf8(&mut [0; 4]))))
            }
            Event::Eof | Event::Start(_) | Event::Empty(_) => false,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => true,
        };
        if !go {
            return;
        }
    }
}

/// The value of an attribute, by its name without prefix.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let of = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        (attribute.key.local_name().as_ref() == name).then(|| attribute.value.to_string())
    };
    start.attributes().filter_map(Result::ok).find_map(of)
}

fn decoded(xml: &[u8]) -> String {
    match xml {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        plain => String::from_utf8_lossy(plain).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_heard_with_the_elements_it_stands_in_until_the_text_breaks() {
        let mut heard = Vec::new();
        walk(b"\xef\xbb\xbf<?xml version='1.0'?><a:b><c d:e='f'/>1 &amp; 2<g>3</g></a:b><<", |open, met| {
            match met {
                Met::Open(start) => heard.push(format!("{} {:?}", open.join("/"), attribute(start, "e"))),
                Met::Close => {}
                Met::Text(text) => heard.push(format!("{}: {text}", open.join("/"))),
            }
            true
        });
        assert_eq!(heard, ["b None", "b/c Some(\"f\")", "b: 1 ", "b: &", "b:  2", "b/g None", "b/g: 3"]);
        let deep = "<a>".repeat(100_000);
        let mut depth = 0;
        walk(deep.as_bytes(), |open, _| {
            depth = depth.max(open.len());
            true
        });
        assert_eq!(depth, DEEPEST);
    }
}
