//! Addresses: when two are the same, which site they belong to, and what a link means.
//!
//! In: URLs that the WHATWG parser accepted, and `href` values as written. Out: canonical addresses, sites, [`Link`]s.
//! Invariant: canonicalising twice is canonicalising once, and what it drops cannot choose another page: no parameter is
//! reordered, no slash folded. Never: fetching, or knowing what a page holds. Tested below.

use std::borrow::Cow;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// Query parameters that count visits, by whole name in lower case; beside them every `utm_…`.
const TRACKING: &[&str] = &[
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "dclid",
    "fbclid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "twclid",
    "wbraid",
    "yclid",
];

/// Query parameters that name a visitor's session, by whole name in lower case; beside them every `aspsessionid…`.
const SESSION: &[&str] = &["asp.net_sessionid", "cftoken", "jsessionid", "phpsessid"];

/// Parameters that name a session only where their value looks like one: a long hexadecimal number.
const PERHAPS_SESSION: &[&str] = &["sessid", "session_id", "sessionid", "sid"];

/// What a link points to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Link {
    /// An address that can be fetched (http, https; file from a file), with its fragment.
    Web(Url),
    /// A place in the same document: what follows the "#", as written.
    Fragment(String),
    /// Another scheme: mailto, tel, javascript, data …
    Other {
        /// The scheme, lower case, without colon.
        scheme: String,
    },
    /// No address at all, or what a template left behind unfilled.
    Malformed,
}

/// The one spelling of an address under which it is queued, counted and reported.
///
/// Over the WHATWG parser's work: no fragment, no empty query, no dot at the end of the host, no tracking or session
/// parameters (also `;jsessionid=` in the path), percent-encoding by RFC 3986, 6.2.2: upper case, unreserved characters plain.
pub fn canonical(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    if url.cannot_be_a_base() {
        return url;
    }
    // One dot ends a name; what ends in more, or is nothing else, is no name and keeps them.
    let named = |host: &&str| !host.is_empty() && !host.ends_with('.');
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).filter(named).map(str::to_string) {
        let _ = url.set_host(Some(&host));
    }
    if url.path().contains(['%', ';']) {
        let path = without_session(&plain(url.path()));
        if path != url.path() {
            url.set_path(&path);
        }
    }
    let query = url.query().map(|query| kept_parameters(&plain(query)));
    if query.as_deref() != url.query() || query.as_deref() == Some("") {
        url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    }
    url
}

/// True when two addresses belong to one site: equal hosts and ports, "www." aside. The scheme does not matter.
pub fn same_site(one: &Url, other: &Url) -> bool {
    fn site(url: &Url) -> (Option<&str>, Option<u16>) {
        (url.host_str().map(|host| without_www(undotted(host))), url.port())
    }
    site(one) == site(other)
}

/// The site of an address: its host as it is, and its port where it is not the scheme's own. Empty for a file.
pub fn site_of(url: &Url) -> String {
    let host = undotted(url.host_str().unwrap_or_default());
    url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"))
}

/// A host without its leading "www.".
pub fn without_www(host: &str) -> &str {
    match host.strip_prefix("www.") {
        Some(rest) if rest.contains('.') => rest,
        Some(_) | None => host,
    }
}

/// True for `localhost`, names under it (RFC 6761, 6.3) and loopback addresses.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_subdomain_of(name, "localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        None => false,
    }
}

/// True when `host` is `parent` or lies under it; case and dots at the ends do not matter.
pub fn is_subdomain_of(host: &str, parent: &str) -> bool {
    let (host, parent) = (undotted(host).as_bytes(), undotted(parent).trim_start_matches('.').as_bytes());
    let Some((rest, end)) = host.len().checked_sub(parent.len()).map(|at| host.split_at(at)) else { return false };
    !parent.is_empty() && end.eq_ignore_ascii_case(parent) && (rest.is_empty() || rest.ends_with(b"."))
}

/// What `href`, found in a document whose base address is `base`, points to.
pub fn resolve(base: &Url, href: &str) -> Link {
    // The WHATWG parser does the same; done here too, because the questions below are asked of the text.
    let href: String = href.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let href = href.trim_matches(|c: char| c <= ' ');
    if let Some(fragment) = href.strip_prefix('#') {
        return if is_left_by_a_template(fragment) { Link::Malformed } else { Link::Fragment(fragment.to_string()) };
    }
    let Ok(url) = base.join(href) else { return Link::Malformed };
    match url.scheme() {
        "http" | "https" if is_left_by_a_template(href) => Link::Malformed,
        "http" | "https" => Link::Web(url),
        "file" if base.scheme() == "file" && is_left_by_a_template(href) => Link::Malformed,
        "file" if base.scheme() == "file" => Link::Web(url),
        scheme => Link::Other { scheme: scheme.to_string() },
    }
}

/// The path of an address, percent-decoded; octets that are no UTF-8 become U+FFFD.
pub fn decoded_path(url: &Url) -> String {
    percent_decode_str(url.path()).decode_utf8_lossy().into_owned()
}

fn undotted(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// True for a placeholder nobody filled: `<nil>`, `<%= url %>`, `${url}`, `{{ url }}`, `{% url %}`.
fn is_left_by_a_template(href: &str) -> bool {
    if !href.bytes().any(|byte| matches!(byte, b'<' | b'$' | b'#' | b'{')) {
        return false;
    }
    const BRACKETS: &[(&str, &str)] =
        &[("<%", "%>"), ("<?", "?>"), ("${", "}"), ("#{", "}"), ("{{", "}}"), ("{%", "%}")];
    let holds =
        |(open, close): &(&str, &str)| href.find(open).is_some_and(|at| href[at + open.len()..].contains(close));
    href.starts_with('<') && href.ends_with('>') || BRACKETS.iter().any(holds)
}

/// Percent-encoding in upper case, unreserved characters decoded (RFC 3986, 6.2.2.1 and 6.2.2.2).
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('%');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        // `get` is None where the two digits are missing or the cut would fall inside a character.
        let octet = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match octet.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(octet)
                if (octet.is_ascii_alphanumeric() || b"-._~".contains(&octet))
                    && !(octet.is_ascii_hexdigit() && wants_digit(&out)) =>
            {
                out.push(octet.into());
                out.push_str(&part[2..]);
            }
            Some(octet) => {
                out.push_str(&format!("%{octet:02X}"));
                out.push_str(&part[2..]);
            }
            None => {
                out.push('%');
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}

/// True after a percent sign that lacks digits: one that comes out of another escape must not complete it.
fn wants_digit(text: &str) -> bool {
    let mut last = text.bytes().rev();
    match last.next() {
        Some(b'%') => true,
        Some(digit) => digit.is_ascii_hexdigit() && last.next() == Some(b'%'),
        None => false,
    }
}

/// A path without its `;jsessionid=…` parameters.
fn without_session(path: &str) -> String {
    const MARK: &str = ";jsessionid=";
    let lower = path.to_ascii_lowercase();
    let mut kept = String::with_capacity(path.len());
    let mut from = 0;
    while let Some(start) = lower[from..].find(MARK).map(|at| from + at) {
        kept.push_str(&path[from..start]);
        from = path[start + 1..].find([';', '/']).map_or(path.len(), |length| start + 1 + length);
    }
    kept.push_str(&path[from..]);
    kept
}

/// A query without what counts visits or names sessions; order and empty pairs stay.
fn kept_parameters(query: &str) -> String {
    query.split('&').filter(|pair| !is_noise(pair)).collect::<Vec<_>>().join("&")
}

fn is_noise(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    let is_token = value.len() >= 32 && value.bytes().all(|digit| digit.is_ascii_hexdigit());
    name.starts_with("utm_")
        || name.starts_with("aspsessionid")
        || TRACKING.contains(&name.as_str())
        || SESSION.contains(&name.as_str())
        || is_token && PERHAPS_SESSION.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn equal_addresses_have_one_spelling() {
        for (written, want) in [
            ("HTTPS://Agency.Example:443/a#top", "https://agency.example/a"),
            ("https://agency.example./a", "https://agency.example/a"),
            ("https://agency.example", "https://agency.example/"),
            ("https://agency.example/?", "https://agency.example/"),
            ("https://agency.example/a?utm_source=x&id=1&gclid=2", "https://agency.example/a?id=1"),
            ("https://agency.example/a?utm%5Fsource=x&FBCLID=1", "https://agency.example/a"),
            ("https://agency.example/a;jsessionid=12?x=1", "https://agency.example/a?x=1"),
            ("https://agency.example/a;v=1;JSESSIONID=12;w=2/b", "https://agency.example/a;v=1;w=2/b"),
            ("https://agency.example/a?PHPSESSID=ab&ASPSESSIONIDQQ=cd", "https://agency.example/a"),
            ("https://agency.example/a?sid=12", "https://agency.example/a?sid=12"),
            ("https://agency.example/a?sid=0123456789abcdef0123456789ABCDEF&n=1", "https://agency.example/a?n=1"),
            ("https://agency.example/%7euser/%3ca%3e", "https://agency.example/~user/%3Ca%3E"),
            ("https://agency.example/?q=%c3%a9&r=%zz%", "https://agency.example/?q=%C3%A9&r=%zz%"),
            ("https://agency.example/%a%30%%41%42", "https://agency.example/%a%30%%41B"),
            ("https://agency.example//a//b/?b=2&a=1&&", "https://agency.example//a//b/?b=2&a=1&&"),
            ("mailto:web@agency.example#x", "mailto:web@agency.example"),
            ("file:///a/b.html#c", "file:///a/b.html"),
        ] {
            assert_eq!(canonical(&url(written)).as_str(), want, "{written}");
        }
    }

    #[test]
    fn a_site_is_a_host_and_its_www() {
        for (one, other, want) in [
            ("http://agency.example/", "https://www.agency.example/x", true),
            ("https://agency.example./", "https://agency.example/", true),
            ("https://agency.example/", "https://beta.agency.example/", false),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8081/", false),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/a", true),
            ("https://www.example/", "https://example/", false),
        ] {
            assert_eq!(same_site(&url(one), &url(other)), want, "{one} and {other}");
        }
        assert_eq!(site_of(&url("http://www.agency.example:8080/x")), "www.agency.example:8080");
        assert_eq!(site_of(&url("https://agency.example:443/x")), "agency.example");
        assert_eq!(site_of(&url("file:///x")), "");
    }

    #[test]
    fn loopback_and_subdomains_are_recognised() {
        for (address, want) in [
            ("http://localhost:80/", true),
            ("http://a.localhost/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://notlocalhost/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&url(address)), want, "{address}");
        }
        for (host, parent, want) in [
            ("a.gov", "gov", true),
            ("A.GOV.", ".gov", true),
            ("gov", "gov", true),
            ("agov", "gov", false),
            ("a.gov", "", false),
        ] {
            assert_eq!(is_subdomain_of(host, parent), want, "{host} under {parent}");
        }
    }

    #[test]
    fn a_link_is_an_address_a_place_another_scheme_or_nothing() {
        let base = url("https://agency.example/a/b");
        let web = |text: &str| Link::Web(url(text));
        let other = |scheme: &str| Link::Other { scheme: scheme.into() };
        for (href, want) in [
            (" ../c \n", web("https://agency.example/c")),
            ("c\n\td#e", web("https://agency.example/a/cd#e")),
            ("", web("https://agency.example/a/b")),
            ("//other.example/x", web("https://other.example/x")),
            ("#main", Link::Fragment("main".into())),
            ("#", Link::Fragment(String::new())),
            ("mailto:a@b.example", other("mailto")),
            ("JavaScript:void(${x})", other("javascript")),
            ("file:///etc/passwd", other("file")),
            ("https://", Link::Malformed),
            ("https://a b.example/", Link::Malformed),
            ("<nil>", Link::Malformed),
            ("<%= url %>", Link::Malformed),
            ("/x/${id}", Link::Malformed),
            ("{{ item.url }}", Link::Malformed),
            ("#{{ id }}", Link::Malformed),
            ("/price?in=$", web("https://agency.example/price?in=$")),
        ] {
            assert_eq!(resolve(&base, href), want, "{href:?}");
        }
        let file = url("file:///site/a.html");
        assert_eq!(resolve(&file, "b.html"), web("file:///site/b.html"));
    }

    #[test]
    fn paths_are_decoded_for_reading() {
        assert_eq!(decoded_path(&url("https://agency.example/a%20b/%C3%A9%FF")), "/a b/é\u{fffd}");
    }

    proptest! {
        #[test]
        fn canonicalising_twice_is_canonicalising_once(
            host in "[a-z]{1,3}\\.example\\.?",
            path in "(/|%2[eEfF5]|%7[eE]|%4a|%30|\\.|;jsessionid=|;JSESSIONID=|%3b|a|é|%|\\\\){0,10}",
            query in "([&=?%]|utm_|gclid|sid|%5F|a|'|é|#){0,10}",
        ) {
            let once = canonical(&url(&format!("https://{host}/{path}?{query}")));
            prop_assert_eq!(&canonical(&once), &once);
            prop_assert_eq!(&Url::parse(once.as_str()).unwrap(), &once);
        }

        #[test]
        fn any_href_resolves_to_something(href: String) {
            if let Link::Web(target) = resolve(&url("https://agency.example/a"), &href) {
                canonical(&target);
            }
        }
    }
}
