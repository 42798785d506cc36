//! Four endpoints on the real ports of loopback addresses, audited as a person would: what pshtt means by its words.
//!
//! Each name of the bench has an address for itself and one for its `www.`; a port that is not in the table is closed. Where the
//! system does not let a test have port 80, it says so and passes.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use idea_audit::audit::{Plan, Silent, Target, audit};
use idea_audit::crawl::{Follow, Settings};
use idea_audit::facts::Https;
use idea_audit::probe;
use idea_audit::report::{Report, pshtt_csv};
use idea_audit::rules::{RuleSet, Selection};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::authority::{Authority, Credentials, FROM, TO};
use super::front::config;
use crate::machine::lacks;

/// What stands at a port.
#[derive(Clone, Copy, Debug)]
enum Door {
    Closed,
    /// A status, with more fields.
    Says(u16, &'static str),
    /// A redirect.
    To(&'static str),
    /// A redirect, with more fields.
    Sends(&'static str, &'static str),
}
use Door::{Closed, Says, Sends, To};

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Certificate {
    Good,
    Expired,
    OtherName,
    SelfSigned,
    Incomplete,
}
use Certificate::{Expired, Good, Incomplete, OtherName, SelfSigned};

/// One name: http, http www, https, https www, the certificate, and what is to be said.
struct Bench(&'static str, [Door; 4], Certificate, Want);

/// Yes, no, or nobody knows, by column.
type Want = &'static [(&'static str, &'static str)];

const HSTS: &str = "strict-transport-security: max-age=31536000; includeSubDomains; preload\r\n";
const SHORT: &str = "strict-transport-security: max-age=3600\r\n";

const BENCH: [Bench; 18] = [
    Bench(
        "good.example",
        [To("https://good.example/"), To("https://www.good.example/"), Says(200, HSTS), To("https://good.example/")],
        Good,
        &[
            ("canonical-url", "https://good.example"),
            ("live", "true"),
            ("https-live", "true"),
            ("valid-https", "true"),
            ("defaults-to-https", "true"),
            ("downgrades-https", "false"),
            ("strictly-forces-https", "true"),
            ("redirect", "false"),
            ("hsts", "true"),
            ("hsts-max-age", "31536000"),
            ("hsts-entire-domain", "true"),
            ("hsts-preload-ready", "true"),
            ("domain-supports-https", "true"),
            ("domain-enforces-https", "true"),
            ("domain-uses-strong-hsts", "true"),
            ("https-bad-chain", "false"),
            ("https-bad-hostname", "false"),
            ("https-expired-cert", "false"),
            ("https-self-signed-cert", "false"),
            ("https-cert-chain-length", "2"),
            ("base-domain", "good.example"),
            ("server-header", "bench/1.0"),
            ("server-version", "1.0"),
        ],
    ),
    Bench(
        "to-www.example",
        [
            To("https://www.to-www.example/"),
            To("https://www.to-www.example/"),
            To("https://www.to-www.example/"),
            Says(200, HSTS),
        ],
        Good,
        &[
            ("canonical-url", "https://www.to-www.example"),
            ("defaults-to-https", "true"),
            ("strictly-forces-https", "true"),
            ("hsts", "true"),
            ("hsts-entire-domain", "false"),
            ("domain-enforces-https", "true"),
        ],
    ),
    Bench(
        "plain-only.example",
        [Says(200, ""), To("http://plain-only.example/"), Closed, Closed],
        Good,
        &[
            ("canonical-url", "http://plain-only.example"),
            ("https-live", "false"),
            ("valid-https", "false"),
            ("defaults-to-https", "false"),
            ("strictly-forces-https", "false"),
            ("domain-supports-https", "false"),
            ("domain-enforces-https", "false"),
        ],
    ),
    Bench(
        "both.example",
        [Says(200, ""), Closed, Says(200, ""), Closed],
        Good,
        &[
            ("canonical-url", "http://both.example"),
            ("https-live", "true"),
            ("valid-https", "true"),
            ("defaults-to-https", "false"),
            ("strictly-forces-https", "false"),
            ("domain-supports-https", "true"),
            ("domain-enforces-https", "false"),
            ("hsts", "false"),
        ],
    ),
    Bench(
        "closed-80.example",
        [Closed, Closed, Says(200, SHORT), Closed],
        Good,
        &[
            ("canonical-url", "https://closed-80.example"),
            ("defaults-to-https", "true"),
            ("strictly-forces-https", "true"),
            ("domain-enforces-https", "true"),
            ("hsts", "true"),
            ("domain-uses-strong-hsts", "false"),
        ],
    ),
    Bench(
        "down-grade.example",
        [Says(200, ""), Closed, To("http://down-grade.example/"), Closed],
        Good,
        &[
            ("canonical-url", "http://down-grade.example"),
            ("downgrades-https", "true"),
            ("valid-https", "true"),
            ("domain-supports-https", "false"),
            ("domain-enforces-https", "false"),
        ],
    ),
    Bench(
        "error-80.example",
        [Says(403, ""), Closed, Says(200, ""), Closed],
        Good,
        &[("strictly-forces-https", "false"), ("domain-supports-https", "true"), ("domain-enforces-https", "false")],
    ),
    Bench(
        "expired.example",
        [To("https://expired.example/"), Closed, Says(200, ""), Closed],
        Expired,
        &[
            ("https-live", "true"),
            ("valid-https", "false"),
            ("https-expired-cert", "true"),
            ("https-bad-chain", "false"),
            ("https-bad-hostname", "false"),
        ],
    ),
    Bench(
        "other-name.example",
        [Says(200, ""), Closed, Says(200, ""), Closed],
        OtherName,
        &[
            ("canonical-url", "http://other-name.example"),
            ("https-live", "true"),
            ("valid-https", "false"),
            ("https-bad-hostname", "true"),
            ("defaults-to-https", "false"),
        ],
    ),
    Bench(
        "self-signed.example",
        [Says(200, ""), Closed, Says(200, ""), Closed],
        SelfSigned,
        &[("https-self-signed-cert", "true"), ("https-bad-chain", "true"), ("valid-https", "false")],
    ),
    Bench(
        "incomplete.example",
        [Says(200, ""), Closed, Says(200, ""), Closed],
        Incomplete,
        &[
            ("https-bad-chain", "true"),
            ("https-probably-missing-intermediate-cert", "true"),
            ("https-cert-chain-length", "1"),
            ("https-publicly-trusted", "false"),
        ],
    ),
    Bench(
        "moved.example",
        [
            To("https://good.example/"),
            To("https://good.example/"),
            To("https://good.example/"),
            To("https://good.example/"),
        ],
        Good,
        &[
            ("redirect", "true"),
            ("redirect-to", "https://good.example/"),
            ("strictly-forces-https", "true"),
            ("domain-supports-https", "true"),
            ("domain-enforces-https", "true"),
        ],
    ),
    Bench(
        "moved-plain.example",
        [To("https://good.example/"), To("https://good.example/"), Closed, Closed],
        Good,
        &[
            ("redirect", "true"),
            ("https-live", "false"),
            ("strictly-forces-https", "false"),
            ("domain-enforces-https", "false"),
        ],
    ),
    Bench(
        "two-steps.example",
        [
            To("http://www.two-steps.example/"),
            To("https://www.two-steps.example/"),
            To("https://www.two-steps.example/"),
            Says(200, HSTS),
        ],
        Good,
        &[
            ("canonical-url", "https://www.two-steps.example"),
            ("strictly-forces-https", "false"),
            ("defaults-to-https", "true"),
            ("domain-enforces-https", "false"),
        ],
    ),
    Bench(
        "www-alone.example",
        [Closed, To("https://www.www-alone.example/"), Closed, Says(200, HSTS)],
        Good,
        &[
            ("canonical-url", "https://www.www-alone.example"),
            ("defaults-to-https", "true"),
            ("domain-enforces-https", "true"),
        ],
    ),
    Bench(
        "sent-on-redirect.example",
        [To("https://sent-on-redirect.example/"), Closed, Sends("https://sent-on-redirect.example/home", HSTS), Closed],
        Good,
        &[("hsts", "true"), ("domain-uses-strong-hsts", "true"), ("domain-enforces-https", "true")],
    ),
    Bench(
        "taken-back.example",
        [To("https://taken-back.example/"), Closed, Says(200, "strict-transport-security: max-age=0\r\n"), Closed],
        Good,
        &[("hsts", "false"), ("hsts-max-age", "0"), ("domain-uses-strong-hsts", "false")],
    ),
    Bench(
        "broken-promise.example",
        [
            To("https://broken-promise.example/"),
            Closed,
            Says(200, "strict-transport-security: max-age=31536000 includeSubDomains\r\n"),
            Closed,
        ],
        Good,
        &[("hsts", "false"), ("hsts-max-age", "null"), ("hsts-header", "max-age=31536000 includeSubDomains")],
    ),
];

/// The address of a name of the bench; `www` is 2, the name itself 1.
fn ip(index: usize, last: u8) -> IpAddr {
    IpAddr::from([127, 77, u8::try_from(index).expect("a short table"), last])
}

fn credentials(authority: &Authority, name: &str, certificate: Certificate) -> Credentials {
    let www = format!("www.{name}");
    let names = [name, www.as_str()];
    match certificate {
        Good => authority.credentials(&names, FROM, TO),
        Expired => authority.credentials(&names, (2026, 7, 1), (2026, 11, 1)),
        OtherName => authority.credentials(&["elsewhere.example"], FROM, TO),
        SelfSigned => authority.self_signed(&names),
        Incomplete => {
            let Credentials { mut chain, key } = authority.credentials(&names, FROM, TO);
            chain.truncate(1);
            Credentials { chain, key }
        }
    }
}

/// Opens every door of the bench; `None` when the system keeps its ports.
async fn open(authority: &Authority) -> Option<JoinSet<()>> {
    let mut servers = JoinSet::new();
    for (index, Bench(name, doors, certificate, _)) in BENCH.iter().enumerate() {
        let places = [(80, 1), (80, 2), (443, 1), (443, 2)];
        for (door, (port, last)) in doors.iter().zip(places) {
            if matches!(door, Closed) {
                continue;
            }
            let listener = TcpListener::bind(SocketAddr::new(ip(index, last), port)).await.ok()?;
            let config = config(credentials(authority, name, *certificate), &["http/1.1"]);
            let acceptor = (port == 443).then(|| TlsAcceptor::from(Arc::new(config)));
            servers.spawn(serve(listener, acceptor, *door));
        }
    }
    Some(servers)
}

async fn serve(listener: TcpListener, acceptor: Option<TlsAcceptor>, door: Door) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        connections.spawn(async move {
            match acceptor {
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        answer(stream, door).await;
                    }
                }
                None => answer(stream, door).await,
            }
        });
    }
}

/// Answers the root as the table says, robots.txt and everything else with 404; `/home` is a page.
async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin, door: Door) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|size| size > 0) {
        let root = line.starts_with("GET / ");
        let home = line.starts_with("GET /home ");
        while line.trim_end() != "" {
            line.clear();
            if !stream.read_line(&mut line).await.is_ok_and(|size| size > 0) {
                return;
            }
        }
        line.clear();
        let page = "<!doctype html><html lang=en><title>A page of the bench</title><h1>Tide tables</h1></html>";
        let (status, fields) = match door {
            Says(status, fields) if root => (status, fields.to_string()),
            To(to) if root => (301, format!("location: {to}\r\n")),
            Sends(to, fields) if root => (301, format!("location: {to}\r\n{fields}")),
            Says(..) | To(_) | Sends(..) | Closed if home => (200, String::new()),
            Says(..) | To(_) | Sends(..) | Closed => (404, String::new()),
        };
        let head = format!(
            "HTTP/1.1 {status} Because\r\nserver: bench/1.0\r\ncontent-type: text/html\r\ncontent-length: {}\r\n{fields}\r\n{page}",
            page.len()
        );
        if stream.get_mut().write_all(head.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn plan(authority: &Authority, names: &[&str]) -> Plan {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let seeds: Vec<Url> = names
        .iter()
        .map(|name| {
            let doors = BENCH.iter().find(|bench| bench.0 == *name).expect("a name of the bench").1;
            let www = if matches!((doors[0], doors[2]), (Closed, Closed)) { "www." } else { "" };
            let scheme = if matches!(doors[0], Closed) { "https" } else { "http" };
            Url::parse(&format!("{scheme}://{www}{name}/")).expect("a constant address")
        })
        .collect();
    let pins = BENCH
        .iter()
        .enumerate()
        .flat_map(|(index, bench)| [(bench.0.to_string(), ip(index, 1)), (format!("www.{}", bench.0), ip(index, 2))]);
    Plan {
        crawl: Settings {
            robots_backoff: Duration::from_millis(10),
            timeout: Duration::from_secs(5),
            follow: Follow::Named,
            resolve: pins.collect(),
            more_roots: vec![authority.root()],
            ..Settings::default()
        },
        probe: probe::Settings { public_roots: vec![authority.root()], ..probe::Settings::default() },
        documents: crate::documents::settings(),
        selected: Selection { select: vec!["security".to_string()], skip: Vec::new() }
            .of(&set)
            .expect("the pack exists"),
        ..Plan::of(seeds.into_iter().map(Target::Web).collect(), set, jiff::civil::date(2026, 11, 22))
    }
}

/// What the report says of a name, also of one that leads to another site.
fn said(report: &Report, name: &str) -> Option<serde_json::Value> {
    let all = report.sites.iter().flat_map(|site| site.facts["https"].as_array().into_iter().flatten());
    all.into_iter().find(|https| https["domain"] == name).cloned()
}

#[tokio::test]
async fn the_words_of_pshtt_mean_what_they_mean_there() {
    let authority = Authority::new();
    let Some(_servers) = open(&authority).await else {
        lacks("ports 80 and 443 for this user");
        return;
    };
    let mut wrong = Vec::new();
    // Names that lead to another site are audited alone: a site knows the first name that led to it.
    let (moved, own): (Vec<&Bench>, Vec<&Bench>) = BENCH.iter().partition(|bench| bench.0.starts_with("moved"));
    let runs: Vec<Vec<&Bench>> = std::iter::once(own).chain(moved.into_iter().map(|bench| vec![bench])).collect();
    let mut rows = 0;
    for run in runs {
        let names: Vec<&str> = run.iter().map(|bench| bench.0).collect();
        let report = audit(plan(&authority, &names), &mut Silent).await.expect("the audit begins");
        for Bench(name, _, _, want) in run {
            let Some(found) = said(&report, name) else {
                wrong.push(format!("{name}: nothing is said of it"));
                continue;
            };
            serde_json::from_value::<Https>(found.clone()).expect("the facts are read back");
            for (column, want) in *want {
                let got = match &found[*column] {
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                if got != *want {
                    wrong.push(format!("{name}: {column} is {got}, and {want} is meant ({:?})", found["notes"]));
                }
            }
        }
        rows += table(&report);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(rows, BENCH.len() + 2, "one row for each name, and one each for where the moved ones lead");
}

/// The rows of the table, which has 37 named columns.
fn table(report: &Report) -> usize {
    let mut octets = Vec::new();
    pshtt_csv(report, &mut octets).expect("writing to memory succeeds");
    let mut reader = csv::Reader::from_reader(octets.as_slice());
    let header = reader.headers().expect("a header").clone();
    assert_eq!(header.len(), 37);
    assert_eq!((&header[0], &header[9], &header[36]), ("Domain", "Valid HTTPS", "Unknown Error"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    for row in &rows {
        let known = |cell: &str| ["", "True", "False"].contains(&cell);
        assert!(known(&row[3]) && known(&row[9]) && known(&row[14]), "{row:?}");
        assert!(!row[0].is_empty() && !row[1].is_empty(), "{row:?}");
    }
    rows.len()
}
