//! One answer of a server, or one file of a folder that stands for it.
//!
//! In: what `crawl` or a rule's example saw. Out: [`Capture`], the only thing the rest of the program knows of the network.
//! Invariant: a capture is complete in itself; nothing is fetched through it later. Tested in `tests/it/crawl.rs`.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use url::Url;

use super::Headers;

/// What was answered to one request, after following its redirects by hand.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Capture {
    /// The canonical address that was asked for first.
    pub requested: Url,
    /// The canonical address that answered; equal to `requested` when nothing redirected.
    pub url: Url,
    /// The redirects on the way, in order; empty when there were none.
    pub hops: Vec<Hop>,
    /// The HTTP status of the last answer; 200 for a file of a folder.
    pub status: u16,
    /// The header fields of the last answer; `None` where headers do not exist (folder scans), which is not the same as
    /// a server that sent none.
    pub headers: Option<Headers>,
    /// The media type by `Content-Type`, else by file name, else by the first bytes.
    pub media: MediaType,
    /// The body after content decoding, cut at the decoded size cap.
    pub body: Bytes,
    /// Octets of the body as they came over the wire, before content decoding.
    pub wire_bytes: u64,
    /// True when `body` was cut at a cap, so that nothing may be concluded from what is absent.
    pub truncated: bool,
    /// The address that was connected to.
    pub peer: Option<IpAddr>,
    /// Where it came from.
    pub source: Source,
}

/// One redirect that was followed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Hop {
    /// The address that answered with a redirect.
    pub url: Url,
    /// Its HTTP status (301, 302, 303, 307 or 308).
    pub status: u16,
    /// Its header fields (a redirect may carry `Strict-Transport-Security`, for one).
    pub headers: Headers,
}

/// Where a capture came from.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A server answered.
    Network,
    /// A file of a built site, by its path relative to the folder.
    File(String),
}

/// The essence of a media type ("text/html"), lower case, without parameters.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct MediaType(String);

impl MediaType {
    /// The essence of a `Content-Type` value: lower case, parameters dropped, white space trimmed.
    pub fn of(value: &str) -> Self {
        Self(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The essence as text, "text/html" for one.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// HTML or XHTML: what the HTML rules read.
    pub fn is_html(&self) -> bool {
        matches!(self.0.as_str(), "text/html" | "application/xhtml+xml")
    }

    /// A page in the report's sense: HTML, XHTML, SVG or any other XML.
    pub fn is_page(&self) -> bool {
        self.is_html() || self.is_xml()
    }

    /// SVG or any XML type by the `+xml` suffix (RFC 7303).
    pub fn is_xml(&self) -> bool {
        self.0 == "text/xml" || self.0 == "application/xml" || self.0.ends_with("+xml")
    }
}

impl Capture {
    /// A whole page as a server would send it: status 200, this media type (with its parameters, as `Content-Type` says it), no redirect.
    pub fn page(url: Url, media: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            requested: url.clone(),
            url,
            hops: Vec::new(),
            status: 200,
            headers: Some(Headers::of([("content-type", media)])),
            media: MediaType::of(media),
            wire_bytes: body.len() as u64,
            body,
            truncated: false,
            peer: None,
            source: Source::Network,
        }
    }

    /// True for a 2xx answer.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The value of a header of the last answer; `None` when it is absent or when headers do not exist here.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.as_ref()?.first(name)
    }
}
