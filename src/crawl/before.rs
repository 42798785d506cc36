//! What an earlier run kept of an address, so that its host is asked only whether it changed.
//!
//! In: what an answer said of its age. Out: the fields of a conditional request (RFC 9110, 13.1), and the answer that a 304 stands for.
//! Invariant: a 304 whose fields say something else than the answer it stands for is none, and the address is asked for whole. Tested in
//! `tests/it/changed.rs` and below.

use bytes::Bytes;
use url::Url;

use super::NoteKey;
use super::coordinator::Crawl;
use super::errand::Errand;
use super::fetch::{Answer, Extent};
use super::key::Key;
use crate::web::steady::steady;
use crate::web::{Headers, MediaType};

/// What an earlier run kept of an address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Before {
    /// The field `ETag`.
    pub etag: Option<String>,
    /// The field `Last-Modified`.
    pub modified: Option<String>,
    /// The media type.
    pub media: MediaType,
    /// What stands for the body.
    pub body: BodyKeys,
    /// Numbers of what the fields said of the page, sorted.
    pub steady: Vec<u64>,
}

/// What stands for a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BodyKeys {
    /// Of its octets.
    pub whole: [u8; 16],
    /// Of its octets without digits.
    pub worded: [u8; 16],
}

impl BodyKeys {
    /// Those of a body.
    pub fn of(body: &[u8]) -> Self {
        let mut worded: Vec<u8> = Vec::with_capacity(body.len());
        body.split(u8::is_ascii_digit).for_each(|part| worded.extend_from_slice(part));
        Self { whole: Key::of_bytes(body).octets(), worded: Key::of_bytes(&worded).octets() }
    }
}

/// What stands for an address in notes and in what is kept of it.
pub fn note_key(url: &Url) -> NoteKey {
    Key::of(url).octets()
}

impl Before {
    /// The fields of a request that asks whether this changed.
    pub(super) fn conditions(&self) -> impl Iterator<Item = (&'static str, &str)> {
        fn pair<'b>(name: &'static str, value: &'b Option<String>) -> Option<(&'static str, &'b str)> {
            value.as_deref().map(|value| (name, value))
        }
        pair("if-none-match", &self.etag).into_iter().chain(pair("if-modified-since", &self.modified))
    }

    /// The answer that a 304 with these fields stands for; none where they say something else of the page.
    pub(super) fn unchanged(&self, fields: &Headers) -> Option<Answer> {
        let kept = [("etag", &self.etag), ("last-modified", &self.modified)];
        let missing = kept.into_iter().filter(|(name, _)| fields.first(name).is_none());
        let missing = missing.filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let headers = Headers::of(fields.iter().chain(missing));
        let same = steady(&headers).iter().all(|number| self.steady.binary_search(number).is_ok());
        same.then(|| Answer {
            status: 200,
            headers,
            media: self.media.clone(),
            body: Bytes::new(),
            extent: Extent::Unchanged,
            wire_bytes: 0,
            peer: None,
        })
    }
}

impl Crawl {
    /// What was kept of the address that an errand is to ask for, where a 304 would do. The page that a site shows first is always
    /// wanted whole, and so is what a redirect led to: both are judged by more than themselves.
    pub(super) fn kept_before(&self, errand: &Errand) -> Option<std::sync::Arc<Before>> {
        let diary = self.diary.as_ref()?;
        let first = matches!(errand.at.path(), "/" | "/index.html" | "/index.htm");
        if !errand.is_page() || first || !errand.hops.is_empty() || self.outgrown.contains(&errand.key()) {
            return None;
        }
        diary.before(&errand.key().octets()).filter(|before| before.etag.is_some() || before.modified.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_304_stands_for_what_was_kept_unless_it_says_something_else() {
        let fields = [("ETag", "\"a\""), ("X-Robots-Tag", "noindex"), ("Server", "x")];
        let before = Before {
            etag: Some("\"a\"".to_string()),
            modified: None,
            media: MediaType::of("text/html"),
            body: BodyKeys::of(b"<p>1"),
            steady: steady(&Headers::of(fields)),
        };
        assert_eq!(before.conditions().collect::<Vec<_>>(), [("if-none-match", "\"a\"")]);
        let answer = before.unchanged(&Headers::of([("Date", "today"), ("Server", "x")])).expect("it stands for it");
        assert_eq!((answer.status, answer.extent), (200, Extent::Unchanged));
        assert_eq!(answer.headers.first("etag"), Some("\"a\""));
        assert!(before.unchanged(&Headers::of([("X-Robots-Tag", "none")])).is_none());
        assert_eq!(BodyKeys::of(b"<p>1").worded, BodyKeys::of(b"<p>2").worded);
    }
}
