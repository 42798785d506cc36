//! Pages that stand where the page should be: bot challenges and the refusals of web application firewalls.
//!
//! In: status, header fields and body of an answer. Out: the name of the product that answered instead of the site.
//! Invariant: only what is unmistakable counts. An ordinary page that loads a CAPTCHA, carries a firewall's script or talks
//! about denied access is no challenge, so under a successful status only short pages with nothing else on them are looked
//! at. Tested below.

use super::Headers;

/// Octets of a body that are read; every known challenge names itself earlier.
const REACH: usize = 64 * 1024;

/// A page longer than this that came under a successful status is the site's own.
const INTERSTITIAL: usize = 30 * 1024;

/// How a product shows itself in a body.
struct Mark {
    product: &'static str,
    kind: Kind,
    /// All of these, in lower case, are in the title (for [`Kind::Title`]) or in the body.
    all: &'static [&'static str],
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    /// The title is exactly this; enough under any status.
    Title,
    /// Enough under any status, if the page is short.
    Body,
    /// The page also has to be next to empty: the marks are found on ordinary pages too.
    EmptyBody,
    /// Enough only under a status that refuses.
    Refusal,
}

const MARKS: &[Mark] = &[
    Mark { product: "Cloudflare", kind: Kind::Title, all: &["just a moment..."] },
    Mark { product: "Cloudflare", kind: Kind::Title, all: &["attention required! | cloudflare"] },
    Mark { product: "Cloudflare", kind: Kind::Refusal, all: &["cf-chl"] },
    Mark { product: "Cloudflare", kind: Kind::Refusal, all: &["_cf_chl_opt"] },
    Mark { product: "Cloudflare", kind: Kind::Refusal, all: &["/cdn-cgi/challenge-platform/"] },
    Mark { product: "Cloudflare", kind: Kind::Refusal, all: &["enable javascript and cookies to continue"] },
    Mark { product: "Akamai", kind: Kind::Refusal, all: &["access denied", "reference", "#"] },
    Mark { product: "Imperva", kind: Kind::Body, all: &["request unsuccessful. incapsula incident id"] },
    Mark { product: "Imperva", kind: Kind::EmptyBody, all: &["_incapsula_resource"] },
    Mark { product: "Imperva", kind: Kind::Refusal, all: &["_incapsula_resource"] },
    Mark { product: "Imperva", kind: Kind::Title, all: &["pardon our interruption"] },
    Mark { product: "Imperva", kind: Kind::Title, all: &["pardon our interruption..."] },
    Mark { product: "PerimeterX", kind: Kind::EmptyBody, all: &["px-captcha"] },
    Mark { product: "PerimeterX", kind: Kind::Refusal, all: &["px-captcha"] },
    Mark { product: "DataDome", kind: Kind::EmptyBody, all: &["geo.captcha-delivery.com"] },
    Mark { product: "DataDome", kind: Kind::Refusal, all: &["captcha-delivery.com"] },
    Mark {
        product: "F5",
        kind: Kind::Body,
        all: &["the requested url was rejected. please consult with your administrator."],
    },
];

/// Words of visible text that a page may have and still be next to empty.
const FEW_WORDS: usize = 60;

/// The product whose challenge or refusal an answer is; `None` for a page of the site, also for its own error pages.
pub fn recognise(status: u16, headers: &Headers, body: &[u8]) -> Option<&'static str> {
    if let Some(product) = by_header(headers) {
        return Some(product);
    }
    let succeeded = (200..300).contains(&status);
    if succeeded && body.len() > INTERSTITIAL {
        return None;
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(REACH)]).to_ascii_lowercase();
    let title = title(&text);
    let holds = |mark: &&Mark| match mark.kind {
        Kind::Title => mark.all == [title],
        Kind::Body => holds_all(&text, mark.all),
        Kind::EmptyBody => holds_all(&text, mark.all) && words(&text) <= FEW_WORDS,
        Kind::Refusal => refuses(status) && holds_all(&text, mark.all),
    };
    MARKS.iter().find(holds).map(|mark| mark.product)
}

/// Header fields that only a challenge carries.
fn by_header(headers: &Headers) -> Option<&'static str> {
    let is = |name: &str, values: &[&str]| {
        headers.all(name).any(|value| values.iter().any(|known| value.eq_ignore_ascii_case(known)))
    };
    if is("x-amzn-waf-action", &["challenge", "captcha"]) {
        return Some("AWS WAF");
    }
    if is("cf-mitigated", &["challenge"]) {
        return Some("Cloudflare");
    }
    None
}

/// The statuses under which firewalls refuse.
fn refuses(status: u16) -> bool {
    matches!(status, 401 | 403 | 405 | 406 | 429 | 503)
}

fn holds_all(text: &str, marks: &[&str]) -> bool {
    marks.iter().all(|mark| text.contains(mark))
}

/// What stands between the first `<title>` and its end, trimmed.
fn title(text: &str) -> &str {
    let inside = text.split_once("<title").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
    inside.split("</title").next().unwrap_or_default().trim()
}

/// About how many words a reader would see: what is outside tags, scripts and styles. A count, not a parser.
fn words(text: &str) -> usize {
    let mut count = 0;
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        count += before.split_whitespace().count();
        let end = ["script", "style"].into_iter().find(|name| tag.starts_with(name)).map_or(">", |name| match name {
            "script" => "</script",
            _ => "</style",
        });
        rest = tag.split_once(end).map_or("", |(_, after)| after);
        if end != ">" {
            rest = rest.split_once('>').map_or("", |(_, after)| after);
        }
    }
    count + rest.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, want: Option<&str>) {
        assert_eq!(recognise(status, &Headers::default(), body.as_bytes()), want, "{status} {body:.200}");
    }

    #[test]
    fn challenges_are_recognised() {
        for (status, body, product) in [
            (403, "<html><head><title>Just a moment...</title></head><body>…", "Cloudflare"),
            (200, "<title>Just a moment...</title>", "Cloudflare"),
            (503, "<title>Checking</title><script>window._cf_chl_opt={}</script>", "Cloudflare"),
            (403, "<title>Attention Required! | Cloudflare</title>", "Cloudflare"),
            (403, "<TITLE>Access Denied</TITLE>You don't have permission<P>Reference&#32;&#35;18.2d", "Akamai"),
            (
                200,
                "<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful. Incapsula incident ID: 1</iframe>",
                "Imperva",
            ),
            (200, "<html><head><script src='/_Incapsula_Resource?x=1'></script></head><body></body></html>", "Imperva"),
            (200, "<title>Pardon Our Interruption</title><p>As you were browsing", "Imperva"),
            (403, "<div id='px-captcha'></div>", "PerimeterX"),
            (200, "<div id=\"px-captcha\"></div><p>Press and hold", "PerimeterX"),
            (403, "<script src='https://ct.captcha-delivery.com/c.js'></script>", "DataDome"),
            (
                200,
                "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br>",
                "F5",
            ),
        ] {
            check(status, body, Some(product));
        }
        let headers = Headers::of([("X-Amzn-Waf-Action", "Challenge")]);
        assert_eq!(recognise(202, &headers, b""), Some("AWS WAF"));
    }

    #[test]
    fn ordinary_pages_are_not() {
        let prose = "We explain how agencies keep bots out. ".repeat(20);
        for (status, body) in [
            (
                200,
                "<title>Home</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
                    .to_string(),
            ),
            (200, "<title>Access Denied: a history</title><p>Access Denied, Reference #1".to_string()),
            (200, format!("<title>Home</title><div id=px-captcha></div>{prose}")),
            (200, format!("<title>Home</title><script src=/_Incapsula_Resource></script>{prose}")),
            (200, format!("<title>What \"Just a moment...\" means</title>{prose}")),
            (200, format!("<title>Just a moment...</title>{}", "x".repeat(INTERSTITIAL))),
            (404, "<title>Page not found</title><script src='/cdn-cgi/challenge-platform/x.js'></script>".to_string()),
            (403, "<title>403 Forbidden</title><h1>Forbidden</h1>".to_string()),
            (200, String::new()),
        ] {
            check(status, &body, None);
        }
        assert_eq!(recognise(200, &Headers::of([("x-amzn-waf-action", "count")]), b"<title>x</title>"), None);
    }

    #[test]
    fn words_are_counted_outside_of_tags_scripts_and_styles() {
        for (text, want) in [
            ("a <b>c d</b>", 3),
            ("<script>x y z</script >a", 1),
            ("<style>p{}</style>", 0),
            ("<script>x", 0),
            ("a < b", 1),
        ] {
            assert_eq!(words(text), want, "{text}");
        }
    }
}
