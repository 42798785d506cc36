//! What of an answer's header fields stays the same from one answer to the next, while nothing about the page has changed.
//!
//! In: header fields. Out: a number for each that says something of the page. Invariant: a field that a check may look at is among them,
//! unless it names the moment or the request and not the page; the value of a cookie, of a nonce and the moment of the answer show in no
//! number. What is new to this list costs a page one more judging, and never a stale one. Tested below.

use super::Headers;

/// Fields that name the moment, the request or the way, and not the page.
const PASSING: [&str; 44] = [
    "age",
    "akamai-grn",
    "alt-svc",
    "cf-cache-status",
    "cf-ray",
    "connection",
    "content-length",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "nel",
    "report-to",
    "reporting-endpoints",
    "server-timing",
    "transfer-encoding",
    "via",
    "x-age",
    "x-akamai-request-id",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-azure-ref",
    "x-cache",
    "x-cache-hits",
    "x-cache-status",
    "x-correlation-id",
    "x-drupal-cache",
    "x-drupal-dynamic-cache",
    "x-edge-request-id",
    "x-ms-request-id",
    "x-pantheon-styx-hostname",
    "x-proxy-cache",
    "x-request-id",
    "x-runtime",
    "x-served-by",
    "x-styx-req-id",
    "x-timer",
    "x-trace-id",
    "x-varnish",
];

/// A number for each field that says something of the page.
pub fn steady(headers: &Headers) -> Vec<u64> {
    let fields = headers.iter().filter(|(name, _)| !PASSING.contains(name));
    let mut numbers: Vec<u64> = fields.map(|(name, value)| number(name, &without_chance(name, value))).collect();
    if let Some(modified) = headers.first("last-modified") {
        // A page that says it changed at the moment of the answer says nothing, and the day of it is what is asked for.
        let date = headers.first("date");
        let day = |value: &str| value.get(..16).map(str::to_string);
        let moment = (date == Some(modified), date.and_then(day) == day(modified));
        numbers.push(number("last-modified", &format!("{modified} {moment:?}")));
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// A number for a name and what belongs to it.
pub fn number(name: &str, value: &str) -> u64 {
    let hash = blake3::hash(format!("{name}\0{value}").as_bytes());
    let (first, _) = hash.as_bytes().split_first_chunk::<8>().expect("a hash has 32 octets");
    u64::from_le_bytes(*first)
}

fn without_chance(name: &str, value: &str) -> String {
    match name {
        "set-cookie" => {
            let mut parts = value.split(';');
            let cookie = parts.next().unwrap_or_default().split('=').next().unwrap_or_default();
            let rest = parts.filter(|part| !part.trim().to_ascii_lowercase().starts_with("expires="));
            std::iter::once(cookie).chain(rest).collect::<Vec<_>>().join(";")
        }
        "content-security-policy" | "content-security-policy-report-only" | "link" => {
            let words = value.split(' ').map(|word| {
                let nonce = word.trim_start_matches('\'').starts_with("nonce-") || word.starts_with("nonce=");
                if nonce { "nonce" } else { word }
            });
            words.collect::<Vec<_>>().join(" ")
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: [(&str, &str); 4] = [
        ("Date", "Sun, 22 Nov 2026 08:00:00 GMT"),
        ("Last-Modified", "Tue, 03 Nov 2026 10:00:00 GMT"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("Set-Cookie", "id=1; Expires=Mon, 23 Nov 2026 08:00:00 GMT; Secure"),
    ];

    fn with(name: &str, value: &str) -> Vec<u64> {
        let others = ANSWER.iter().filter(|(held, _)| *held != name).copied();
        steady(&Headers::of(others.chain([(name, value)])))
    }

    #[test]
    fn what_names_the_moment_does_not_show_and_what_names_the_page_does() {
        let before = steady(&Headers::of(ANSWER));
        for (name, value) in [
            ("Date", "Mon, 30 Nov 2026 09:30:00 GMT"),
            ("ETag", "\"x\""),
            ("X-Request-Id", "77"),
            ("Set-Cookie", "id=2; Expires=Tue, 24 Nov 2026 08:00:00 GMT; Secure"),
        ] {
            assert_eq!(with(name, value), before, "{name}");
        }
        for (name, value) in [
            ("Date", "Tue, 03 Nov 2026 11:00:00 GMT"),
            ("Last-Modified", "Wed, 04 Nov 2026 10:00:00 GMT"),
            ("Strict-Transport-Security", "max-age=0"),
            ("Set-Cookie", "id=2; Expires=Tue, 24 Nov 2026 08:00:00 GMT"),
            ("X-Robots-Tag", "noindex"),
        ] {
            assert_ne!(with(name, value), before, "{name}");
        }
        let policy = |nonce: &str| {
            let value = format!("script-src 'nonce-{nonce}' 'self'");
            steady(&Headers::of([("Content-Security-Policy", value.as_str())]))
        };
        assert_eq!(policy("abc"), policy("def"));
    }
}
