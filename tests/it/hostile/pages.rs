//! Tricks in what is said: pages, addresses and files that are made to lead astray, to drown, or to never end.

use std::time::Duration;

use super::server::{Act, answer, markup, page};
use super::stage::{Comes, Seen, Trick, at_x, everywhere, play, play_before, settings};

/// A page of one's own at "/x".
fn shown(name: &str, body: &str, comes: Comes) -> Trick {
    at_x(name, Act::Answers(page("Page between", body)), comes)
}

/// "/x" as these octets, with this media type.
fn octets(name: &str, media: &str, body: &[u8], comes: Comes) -> Trick {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media}\r\ncontent-length: {}\r\n\r\n", body.len());
    at_x(name, Act::Answers([head.as_bytes(), body].concat()), comes)
}

fn redirect(to: &str) -> Act {
    Act::Answers(answer("302 Found", &format!("location: {to}\r\n"), b""))
}

/// A plain text.
fn written(text: &str) -> Act {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n", text.len());
    Act::Answers(format!("{head}{text}").into_bytes())
}

fn check(holds: bool, else_said: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(else_said()) }
}

/// The good pages were judged, and no more than so many requests were sent.
fn bounded(seen: &Seen<'_>, most: usize) -> Result<(), String> {
    let good = ["/", "/a", "/b"].iter().all(|path| seen.is_judged(path));
    check(good && seen.asked.len() <= most, || format!("good: {good}, {} requests", seen.asked.len()))
}

fn redirects() -> Vec<Trick> {
    let mut tricks = vec![
        everywhere(
            "a thousand redirects",
            |path, _| {
                let at: usize = if path == "/x" { 0 } else { path.strip_prefix("/hop")?.parse().ok()? };
                Some(redirect(&format!("/hop{}", at + 1)))
            },
            Comes::Problem("redirects"),
        ),
        at_x("a redirect to itself", redirect("/x"), Comes::Problem("redirects")),
        everywhere(
            "a circle of redirects",
            |path, _| ["/x", "/y", "/z"].iter().position(|p| *p == path).map(|at| redirect(["/y", "/z", "/x"][at])),
            Comes::Problem("redirects"),
        ),
        at_x("a redirect to nowhere", Act::Answers(answer("302 Found", "", b"")), Comes::Problem("redirects")),
        at_x("a redirect to nonsense", redirect("http://["), Comes::Problem("redirects")),
        at_x(
            "a redirect to an address without end",
            redirect(&format!("/{}", "l".repeat(300_000))),
            Comes::Problem("refused"),
        ),
        at_x(
            "two places at once",
            Act::Answers(answer("302 Found", "location: /a\r\nlocation: /b\r\n", b"")),
            Comes::Seen(|seen| bounded(seen, 60)),
        ),
    ];
    for to in [
        "javascript:alert(1)",
        "data:text/html,<h1>x",
        "file:///etc/passwd",
        "ftp://192.0.2.1/",
        "mailto:a@b.example",
        "view-source:http://a.example",
    ] {
        tricks.push(at_x(format!("a page that leads to {to}"), redirect(to), Comes::Skipped));
        let to = to.to_string();
        tricks.push(everywhere(
            &format!("a home page that leads to {to}"),
            move |path, _| (path == "/").then(|| redirect(&to)),
            Comes::Host("refused"),
        ));
    }
    tricks
}

fn texts() -> Vec<Trick> {
    let words = markup("Caf\u{e9} \u{65e5}\u{672c}", "<p>\u{e9}");
    let wide = |mark: &[u8], big: bool| {
        let pairs = words.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        [mark.to_vec(), pairs.collect()].concat()
    };
    let html = "text/html; charset=utf-8";
    vec![
        octets("UTF-16 with a mark", "text/html", &wide(&[0xff, 0xfe], false), Comes::Judged),
        octets("UTF-16 said by a field", "text/html; charset=utf-16be", &wide(&[], true), Comes::Judged),
        octets("UTF-16 that nobody names", "text/html", &wide(&[], false), Comes::Seen(|seen| bounded(seen, 60))),
        octets("Latin letters called UTF-8", html, b"<!doctype html><title>caf\xe9</title>", Comes::Judged),
        octets("a character set nobody knows", "text/html; charset=x-evil", words.as_bytes(), Comes::Judged),
        octets("UTF-7", "text/html; charset=utf-7", b"+ADw-script+AD4-", Comes::Judged),
        octets("NUL bytes", html, markup("Nothing\0", &"\0".repeat(100_000)).as_bytes(), Comes::Judged),
        octets("every octet there is", html, &(0..=255).cycle().take(200_000).collect::<Vec<u8>>(), Comes::Judged),
        octets(
            "a media type of a megabyte",
            &format!("text/html; a={}", "b".repeat(100_000)),
            words.as_bytes(),
            Comes::Judged,
        ),
        octets("an empty page", html, b"", Comes::Judged),
        octets("an executable called a page", html, b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff", Comes::Judged),
    ]
}

fn astray() -> Vec<Trick> {
    vec![
        shown(
            "a base in a private network",
            "<base href=http://169.254.169.254/><a href=latest/meta-data>x</a>",
            Comes::Judged,
        ),
        shown(
            "a base that is a script",
            "<base href='javascript:alert(1)//'><a href=y>x</a><img src=z>",
            Comes::Judged,
        ),
        shown(
            "a base on another host",
            "<base href=//127.77.3.200/><a href=y>x</a><link rel=stylesheet href=s.css>",
            Comes::Judged,
        ),
        shown(
            "a refresh to itself",
            "<meta http-equiv=refresh content='5;url=/x'>",
            Comes::Finding("accessibility/page-refresh"),
        ),
        shown("a refresh to a script", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", Comes::Judged),
        shown(
            "a refresh into a private network",
            "<meta http-equiv=refresh content='0; url=http://127.77.3.200/'>",
            Comes::Judged,
        ),
        shown(
            "links of every scheme",
            "<a href=file:///etc/passwd>a</a><a href=gopher://10.0.0.1/>b</a><a href='http://u:p@127.77.3.200/'>c</a><a href=\"http://127.0.0.1:1/\">d</a><a href=http://0x7f000001/>e</a><a href='http://[::ffff:127.0.0.1]/'>f</a>",
            Comes::Judged,
        ),
        everywhere(
            "a page that is another each time",
            |path, nth| (path == "/x").then(|| Act::Answers(page(&format!("Number {nth}"), ""))),
            Comes::Seen(|seen| {
                let times = seen.asked.iter().filter(|path| *path == "/x").count();
                check(seen.is_judged("/x") && times == 1, || format!("asked {times} times"))
            }),
        ),
        everywhere(
            "a server that says yes to everything",
            |path, _| {
                (!["/", "/a", "/b", "/robots.txt"].contains(&path))
                    .then(|| Act::Answers(page("Nothing here", "<p>We could not find it.")))
            },
            Comes::Seen(|seen| {
                let site = seen.report.sites.iter().find(|site| site.site.starts_with(&format!("{}:", seen.host)));
                let said = site.and_then(|site| {
                    site.outcomes
                        .iter()
                        .find(|(rule, _)| rule.as_str() == "search/unknown-path")
                        .map(|(_, outcome)| outcome)
                });
                check(said == Some(idea_audit::verdict::Outcome::Failed), || format!("missing pages: {said:?}"))
            }),
        ),
    ]
}

fn traps() -> Vec<Trick> {
    vec![
        everywhere(
            "a calendar without end",
            |path, _| {
                let month: u32 =
                    if path == "/x" { 0 } else { path.strip_prefix("/cal/")?.replace('/', "").parse().ok()? };
                let (year, of_year) = (2000 + month / 100 % 100, month % 12 + 1);
                let next = format!(
                    "<a href=/cal/{year}/{of_year:02}>{month}</a><a href=/cal/{}/{:02}>next</a>",
                    year + 1,
                    of_year
                );
                Some(Act::Answers(page(&format!("Month {month}"), &next)))
            },
            Comes::Seen(|seen| bounded(seen, 180)),
        ),
        everywhere(
            "a session in every path",
            |path, nth| {
                if path != "/x" && !path.starts_with("/s/") {
                    return None;
                }
                let links: String = (0..30)
                    .map(|n| {
                        format!(
                            "<a href='/s/{:032x}/page{n}'>{n}</a>",
                            path.len() * 977 + nth * 31 + n + path.bytes().map(usize::from).sum::<usize>() * 7919
                        )
                    })
                    .collect();
                Some(Act::Answers(page("Page of a session", &links)))
            },
            Comes::Seen(|seen| bounded(seen, 180)),
        ),
        everywhere(
            "folders in folders",
            |path, _| {
                (path == "/x" || path.contains("/deep/"))
                    .then(|| Act::Answers(page("Deep", &format!("<a href='{}/deep/e{}'>on</a>", path, path.len()))))
            },
            Comes::Seen(|seen| bounded(seen, 180)),
        ),
        everywhere(
            "a query that grows",
            |path, _| {
                path.starts_with("/x")
                    .then(|| Act::Answers(page("Search", &format!("<a href='/x?q={}z'>more</a>", path.len()))))
            },
            Comes::Seen(|seen| bounded(seen, 180)),
        ),
        shown(
            "a hundred thousand links",
            &(0..100_000).map(|n| format!("<a href=/many/p{}-{n:x}>l</a>", n % 7)).collect::<String>(),
            Comes::Seen(|seen| {
                check(seen.is_judged("/x"), || "not judged".to_string()).and_then(|()| bounded(seen, 180))
            }),
        ),
    ]
}

fn files() -> Vec<Trick> {
    let plain = |fields: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n{fields}\r\n").into_bytes();
    let xml = |body: &str| {
        Act::Answers(
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/xml\r\ncontent-length: {}\r\n\r\n{body}", body.len())
                .into_bytes(),
        )
    };
    let laughs = format!(
        "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>{}]><urlset><url><loc>&j;</loc></url></urlset>",
        "abcdefghij"
            .as_bytes()
            .windows(2)
            .map(|pair| format!(
                "<!ENTITY {} '{}'>",
                char::from(pair[1]),
                format!("&{};", char::from(pair[0])).repeat(10)
            ))
            .collect::<String>()
    );
    let outside = "<?xml version='1.0'?><!DOCTYPE u [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>/&x;</loc></url></urlset>";
    let at = |path: &'static str, act: Act| move |asked: &str, _: usize| (asked == path).then(|| act.clone());
    let whole = Comes::Judged;
    let (laughing, reading) = (laughs.clone(), outside.to_string());
    vec![
        everywhere(
            "robots.txt never ends",
            at("/robots.txt", Act::Floods(plain(""), b"Allow: /\n".repeat(1_000))),
            whole,
        ),
        everywhere(
            "robots.txt comes drop by drop",
            at("/robots.txt", Act::Drips(plain(""), b"Allow: /\n".to_vec())),
            Comes::Host("timeout"),
        ),
        everywhere(
            "robots.txt is a bomb of stars",
            at("/robots.txt", written(&format!("User-agent: *\nDisallow: /{}\n", "*a".repeat(30_000)))),
            whole,
        ),
        everywhere(
            "robots.txt leads in a circle",
            at("/robots.txt", redirect("/robots.txt")),
            Comes::Host("robots-unreachable"),
        ),
        everywhere(
            "a sitemap of sitemaps without end",
            |path, _| {
                if !path.starts_with("/sitemap") {
                    return None;
                }
                let more: String = (0..20)
                    .map(|n| format!("<sitemap><loc>{}-{n}.xml</loc></sitemap>", path.trim_end_matches(".xml")))
                    .collect();
                let body = format!("<sitemapindex>{more}</sitemapindex>");
                Some(Act::Answers(
                    format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/xml\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    )
                    .into_bytes(),
                ))
            },
            Comes::Seen(|seen| bounded(seen, 120)),
        ),
        everywhere(
            "a sitemap that never ends",
            at("/sitemap.xml", Act::Floods(plain(""), b"<url><loc>/never</loc></url>".repeat(500))),
            Comes::Seen(|seen| bounded(seen, 120)),
        ),
        everywhere(
            "a billion laughs in the sitemap",
            move |path, _| (path == "/sitemap.xml").then(|| xml(&laughing)),
            whole,
        ),
        everywhere(
            "a sitemap that reads files",
            move |path, _| (path == "/sitemap.xml").then(|| xml(&reading)),
            Comes::Seen(|seen| {
                check(!seen.asked.iter().any(|path| path.contains("root")), || "it read one".to_string())
                    .and_then(|()| bounded(seen, 60))
            }),
        ),
        octets("a billion laughs as a page", "application/xhtml+xml", laughs.as_bytes(), whole),
        octets(
            "a billion laughs as a feed",
            "application/rss+xml",
            laughs.as_bytes(),
            Comes::Seen(|seen| bounded(seen, 60)),
        ),
        everywhere(
            "a sitemap in a private network",
            at("/robots.txt", written("Sitemap: http://127.77.3.200:80/sitemap.xml\n")),
            whole,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_is_said_the_trick_is_told_and_the_rest_is_judged() {
    let mut tricks = redirects();
    tricks.extend(texts());
    tricks.extend(astray());
    tricks.extend(files());
    let report = play(tricks, settings(), Duration::from_secs(100)).await;
    assert!(!report.findings.iter().any(|finding| finding.url.starts_with("file:")));
    assert!(report.problems.iter().all(|row| row.kind != "internal"), "{:?}", report.problems);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_site_without_end_costs_its_page_budget_and_no_more() {
    // A few rules are enough: what is measured is what is asked for.
    play_before(traps(), settings(), Duration::from_secs(60), &["accessibility/page-language"]).await;
}
