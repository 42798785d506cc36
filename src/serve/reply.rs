//! What is sent back, and the headers around it.
//!
//! In: a status, a kind, octets. Out: a response. Invariant: every answer tells browsers to run nothing, to frame nothing, to guess no type and
//! to say nobody where they came from; the same octets have the same ETag (RFC 9110, section 8.8.3). Tested in `tests/it/serve.rs`.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// For pages of the dashboard: its own sheet and icon, forms that lead back to it, nothing else, and nothing inline.
const PAGE: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// For a whole HTML report, which brings its own, stricter policy with a nonce.
const REPORT: &str = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-same-origin allow-popups \
    allow-top-navigation-by-user-activation";

/// Octets that are not worth packing.
const SMALL: usize = 512;

/// An answer.
pub(super) struct Reply {
    status: StatusCode,
    media: &'static str,
    policy: &'static str,
    body: Vec<u8>,
    /// The name it is saved under.
    file: Option<String>,
}

impl Reply {
    /// A page.
    pub(super) fn page(status: StatusCode, body: String) -> Self {
        Self { status, media: "text/html; charset=utf-8", policy: PAGE, body: body.into_bytes(), file: None }
    }

    /// A whole report as HTML.
    pub(super) fn report(body: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, media: "text/html; charset=utf-8", policy: REPORT, body, file: None }
    }

    /// Octets of a kind.
    pub(super) fn of(media: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: StatusCode::OK, media, policy: PAGE, body: body.into(), file: None }
    }

    /// JSON.
    pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        let mut body = value.to_string();
        body.push('\n');
        Self { status, ..Self::of("application/json", body) }
    }

    /// A table to be saved under a name.
    pub(super) fn csv(name: &str, body: Vec<u8>) -> Self {
        let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
        let file = name.chars().map(safe).collect();
        Self { file: Some(file), ..Self::of("text/csv; charset=utf-8; header=present", body) }
    }

    /// The response; without its body where the visitor has it already.
    pub(super) fn respond(self, asked: &HeaderMap) -> Response<Body> {
        let tag = &blake3::hash(&self.body).to_hex()[..32];
        let packed = takes_gzip(asked).then(|| pack(&self.body)).flatten();
        // Octets that travel packed are others, so they have another tag.
        let etag = format!("\"{tag}{}\"", if packed.is_some() { "-gz" } else { "" });
        let is_known = self.status == StatusCode::OK && has(asked, &etag);
        let status = if is_known { StatusCode::NOT_MODIFIED } else { self.status };
        let mut response =
            Response::new(if is_known { Body::empty() } else { Body::from(packed.clone().unwrap_or(self.body)) });
        *response.status_mut() = status;
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, self.media),
            (header::CONTENT_SECURITY_POLICY, self.policy),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CACHE_CONTROL, "no-cache"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if packed.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let (StatusCode::OK, Ok(etag)) = (self.status, HeaderValue::from_str(&etag)) {
            headers.insert(header::ETAG, etag);
        }
        let disposition = self.file.map(|file| format!("attachment; filename=\"{file}\""));
        if let Some(Ok(value)) = disposition.map(|text| HeaderValue::from_str(&text)) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}

/// True where the visitor takes gzip (RFC 9110, section 12.5.3).
fn takes_gzip(asked: &HeaderMap) -> bool {
    let named = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|one| {
        let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.trim().parse() == Ok(0.0));
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// The octets packed, where that is worth the work.
fn pack(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < SMALL {
        return None;
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(body).and_then(|()| packed.finish()).ok()
}

/// True where the visitor names this tag, weak or strong, among those it has (RFC 9110, section 13.1.2).
fn has(asked: &HeaderMap, etag: &str) -> bool {
    let named = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    named
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == etag)
}
