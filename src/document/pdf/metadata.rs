//! The metadata packet of a document (XMP, ISO 16684-1): title, language, and the claim of PDF/UA (ISO 14289-1, 5).
//!
//! In: XML. Out: [`Packet`]. Invariant: broken XML gives what stood before the break. Tested below.

use crate::document::xml::{Met, attribute, walk};

/// The name of the PDF/UA schema; PDF/A and PDF/X have parts, too.
const UA: &str = "pdfuaid";

/// What a packet says.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Packet {
    pub(super) title: Option<String>,
    pub(super) language: Option<String>,
    pub(super) claims: Option<String>,
}

/// Reads a packet.
pub(super) fn read(xml: &[u8]) -> Packet {
    let mut packet = Packet::default();
    let mut is_claim = false;
    walk(xml, |open, met| {
        let last = open.last().map(String::as_str);
        match met {
            Met::Open(start) => {
                let name = start.name();
                is_claim = last == Some("part") && name.as_ref().starts_with(UA);
                let has = start.attributes_raw().contains("pdfuaid:part");
                if let Some(part) = attribute(start, "part").filter(|_| has) {
                    packet.claims.get_or_insert(part.trim().to_string());
                }
            }
            Met::Close => is_claim = false,
            Met::Text(text) if !text.trim().is_empty() => {
                let text = text.trim().to_string();
                let within = |name: &str| open.iter().any(|element| element == name);
                if is_claim {
                    packet.claims.get_or_insert(text);
                } else if last == Some("li") && within("title") {
                    // An "&" in a title arrives in pieces.
                    packet.title = Some(packet.title.take().map_or(text.clone(), |title| format!("{title} {text}")));
                } else if last == Some("li") && within("language") {
                    packet.language.get_or_insert(text);
                }
            }
            Met::Text(_) => {}
        }
        true
    });
    packet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_language_and_claim_are_read_whether_they_are_elements_or_attributes() {
        let packet = read(b"<x:xmpmeta><rdf:RDF><rdf:Description pdfaid:part='2'><pdfuaid:part>1</pdfuaid:part><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Fees &amp; dates</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>en-US</rdf:li></rdf:Bag></dc:language></rdf:Description>");
        assert_eq!(packet.title.as_deref(), Some("Fees & dates"));
        assert_eq!((packet.language.as_deref(), packet.claims.as_deref()), (Some("en-US"), Some("1")));
        let short = read(b"<rdf:Description pdfuaid:part=\"2\"/>");
        assert_eq!(short.claims.as_deref(), Some("2"));
        assert_eq!(read(b"<rdf:Description pdfaid:part=\"2\"><pdfaid:part>2</pdfaid:part>").claims, None);
    }
}
