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

/// How a product shows itself.
struct Mark {
    product: &'static str,
    place: Place,
    /// All of these, in lower case, stand there.
    all: &'static [&'static str],
}

/// Where a mark is enough, and under which status.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Place {
    /// It is the whole title, under any status.
    Title,
    /// It stands in a page next to empty, under any status: some pages of sites hold it too.
    EmptyPage,
    /// It stands inside an `iframe` tag of a page next to empty. The same address in a `script` is on ordinary pages.
    Frame,
    /// It stands anywhere, under a status that refuses.
    Refusal,
}

const MARKS: &[Mark] = &[
    Mark { product: "Cloudflare", place: Place::Title, all: &["just a moment..."] },
    Mark { product: "Cloudflare", place: Place::Title, all: &["attention required! | cloudflare"] },
    Mark { product: "Cloudflare", place: Place::Refusal, all: &["cf-chl"] },
    Mark { product: "Cloudflare", place: Place::Refusal, all: &["_cf_chl_opt"] },
    // ".../challenge-platform/.../scripts/jsd/" is put into ordinary pages; the challenge itself is "orchestrated".
    Mark { product: "Cloudflare", place: Place::Refusal, all: &["/cdn-cgi/challenge-platform/", "orchestrate"] },
    Mark { product: "Cloudflare", place: Place::Refusal, all: &["enable javascript and cookies to continue"] },
    Mark { product: "Akamai", place: Place::Refusal, all: &["<title>access denied", "reference #"] },
    Mark { product: "Imperva", place: Place::EmptyPage, all: &["request unsuccessful. incapsula incident id"] },
    Mark { product: "Imperva", place: Place::Refusal, all: &["incapsula incident id"] },
    Mark { product: "Imperva", place: Place::Frame, all: &["_incapsula_resource"] },
    Mark { product: "Imperva", place: Place::Refusal, all: &["_incapsula_resource"] },
    Mark { product: "Imperva", place: Place::Title, all: &["pardon our interruption"] },
    Mark { product: "Imperva", place: Place::Title, all: &["pardon our interruption..."] },
    Mark { product: "PerimeterX", place: Place::EmptyPage, all: &["px-captcha"] },
    Mark { product: "PerimeterX", place: Place::Refusal, all: &["px-captcha"] },
    Mark { product: "DataDome", place: Place::EmptyPage, all: &["var dd=", "captcha-delivery.com"] },
    Mark { product: "DataDome", place: Place::Refusal, all: &["captcha-delivery.com"] },
    Mark { product: "F5", place: Place::EmptyPage, all: &["the requested url was rejected. please consult with your"] },
    Mark { product: "F5", place: Place::Refusal, all: &["the requested url was rejected. please consult with your"] },
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
    if succeeded && let Some(title) = full_page(body) {
        return MARKS
            .iter()
            .find(|mark| mark.place == Place::Title && mark.all == [title.as_str()])
            .map(|mark| mark.product);
    }
    let text = folded(&body[..body.len().min(REACH)]);
    let (title, is_empty) = (title(&text), words(&text, FEW_WORDS) <= FEW_WORDS);
    let holds = |mark: &&Mark| match mark.place {
        Place::Title => mark.all == [title],
        Place::EmptyPage => is_empty && holds_all(&text, mark.all),
        Place::Frame => is_empty && frames(&text).any(|frame| holds_all(frame, mark.all)),
        Place::Refusal => refuses(status) && holds_all(&text, mark.all),
    };
    MARKS.iter().find(holds).map(|mark| mark.product)
}

/// The title of a page whose beginning already has more than a few words: most pages need not be read on.
fn full_page(body: &[u8]) -> Option<String> {
    /// Octets of a beginning.
    const BEGINNING: usize = 6 * 1024;
    let text = folded(&body[..body.len().min(BEGINNING)]);
    let is_full = text.contains("</title") && words(&text, FEW_WORDS) > FEW_WORDS;
    is_full.then(|| title(&text).to_string())
}

/// In lower case; Akamai spells the space and the "#" as references.
fn folded(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    if text.contains("&#3") { text.replace("&#32;", " ").replace("&#35;", "#") } else { text }
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

/// The insides of `iframe` tags.
fn frames(text: &str) -> impl Iterator<Item = &str> {
    text.split("<iframe").skip(1).map(|rest| rest.split('>').next().unwrap_or_default())
}

/// What stands between the first `<title>` and its end, trimmed.
fn title(text: &str) -> &str {
    let inside = text.split_once("<title").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, rest)| rest);
    inside.split("</title").next().unwrap_or_default().trim()
}

/// About how many words a reader would see, counted until there are more than asked for: what is outside tags, scripts, styles
/// and the title. A count, not a parser.
fn words(text: &str, enough: usize) -> usize {
    let mut count = 0;
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        count += before.split_whitespace().count();
        if count > enough {
            return count;
        }
        let unseen = ["script", "style", "title"].into_iter().find(|name| tag.starts_with(name));
        let end = unseen.and_then(|name| tag.find(&format!("</{name}"))).unwrap_or(0);
        rest = match unseen {
            // Nothing after an unseen element that never ends is seen.
            Some(_) if end == 0 => "",
            Some(_) | None => tag[end..].split_once('>').map_or("", |(_, after)| after),
        };
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
            (403, "<html><head><script src='/_Incapsula_Resource?x=1'></script></head><body></body></html>", "Imperva"),
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
            (
                200,
                "<title>App</title><script src=/_Incapsula_Resource?a></script><noscript><iframe src=/tags></iframe></noscript>\
                 <div id=root></div>"
                    .to_string(),
            ),
            (403, "<title>No access</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>".to_string()),
            (403, "<title>Members only</title><p>Access denied, see reference #2 of the handbook".to_string()),
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
            assert_eq!(words(text, usize::MAX), want, "{text}");
        }
    }
}
