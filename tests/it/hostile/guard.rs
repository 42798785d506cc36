//! Nobody leads the crawl inside: private addresses in every spelling, behind every kind of step, and secrets that stay.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use idea_audit::audit::{Silent, audit};
use idea_audit::crawl::Settings;
use idea_audit::report::{self, Report};
use tokio::net::TcpListener;
use url::Url;

use super::server::{Act, answer, page};
use super::stage::{Comes, Trick, at_x, everywhere, plan, play, settings};
use crate::server::{Response, Server};
use crate::sinks::written;

/// A door on 127.0.0.1 that counts who comes in. Nobody may.
async fn door() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("there is a free port");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    let visits = Arc::new(AtomicUsize::new(0));
    let count = visits.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, visits)
}

/// 127.0.0.1 and its neighbours as people, and the parsers of libraries, spell them.
const SPELLINGS: [&str; 22] = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.1",
    "0.0.0.0",
    "0",
    "localhost",
    "LOCALHOST.",
    "127.0.0.1.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "\u{ff11}\u{ff12}\u{ff17}.\u{ff10}.\u{ff10}.\u{ff11}",
];

/// Networks that are not the public one, and services that live in them.
const PLACES: [&str; 17] = [
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/machine",
    "http://192.0.0.192/opc/v2/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://198.18.0.1/",
    "http://[fd00:ec2::254]/latest/",
    "http://[fe80::1]/",
    "http://[ff02::1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2001:db8::1]/",
    "http://8.8.8.8:22/",
];

fn redirect(to: &str) -> Act {
    Act::Answers(answer("302 Found", &format!("location: {to}\r\n"), b""))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_spelling_of_a_private_address_is_followed_from_any_kind_of_answer() {
    let (port, visits) = door().await;
    let mut places: Vec<String> = SPELLINGS.iter().map(|host| format!("http://{host}:{port}/inside")).collect();
    places.extend(PLACES.map(str::to_string));
    let mut tricks: Vec<Trick> = Vec::new();
    for place in &places {
        let to = place.clone();
        tricks.push(everywhere(
            &format!("home to {to}"),
            move |path, _| (path == "/").then(|| redirect(&to)),
            Comes::Host("refused"),
        ));
        tricks.push(at_x(format!("page to {place}"), redirect(place), Comes::Skipped));
    }
    let all = places.clone();
    let list = all.iter().map(|place| format!("<url><loc>{place}</loc></url>")).collect::<String>();
    let lines = all.iter().map(|place| format!("Sitemap: {place}\n")).collect::<String>();
    let links: String = all
        .iter()
        .map(|place| format!("<a href='{place}'>Privacy policy</a><img src='{place}'><link rel=stylesheet href='{place}'><iframe src='{place}'></iframe><form action='{place}'></form>"))
        .collect();
    let text = |body: String| {
        Act::Answers(
            format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n{body}", body.len())
                .into_bytes(),
        )
    };
    let (list, lines) = (text(format!("<urlset>{list}</urlset>")), text(lines));
    tricks.push(everywhere(
        "a sitemap of the inside",
        move |path, _| (path == "/sitemap.xml").then(|| list.clone()),
        Comes::Judged,
    ));
    tricks.push(everywhere(
        "sitemaps inside",
        move |path, _| (path == "/robots.txt").then(|| lines.clone()),
        Comes::Judged,
    ));
    let home = format!("{links}<a href=/a>First</a><a href=/x>Second</a><a href=/b>Third</a>");
    tricks.push(everywhere(
        "links, frames and images inside",
        move |path, _| (path == "/").then(|| Act::Answers(page("Home", &home))),
        Comes::Judged,
    ));
    // Fixed paths that rules ask for, and robots.txt itself, lead inside too.
    let first = places[0].clone();
    tricks.push(everywhere(
        "every other path leads inside",
        move |path, _| (!["/", "/a", "/b", "/x", "/robots.txt"].contains(&path)).then(|| redirect(&first)),
        Comes::Judged,
    ));
    let first = places[0].clone();
    tricks.push(everywhere(
        "robots.txt leads inside",
        move |path, _| (path == "/robots.txt").then(|| redirect(&first)),
        Comes::Host("robots-unreachable"),
    ));
    play(tricks, settings(), Duration::from_secs(100)).await;
    assert_eq!(visits.load(Ordering::SeqCst), 0, "somebody came in");
}

#[tokio::test]
async fn a_private_network_is_reached_where_it_was_allowed_on_ports_of_the_web() {
    let staging = Server::start_on("127.0.0.7".parse().expect("an address"), 0, |_| {
        Response::html("<!doctype html><title>Staging</title>")
    })
    .await;
    let there = staging.url("/").to_string();
    let server = Server::start(move |request| match request.path() {
        "/" => Response::redirect(302, &there),
        _ => Response::missing(),
    })
    .await;
    let run = |allowed: Vec<&str>, seeds: Vec<Url>| {
        let allow_private = allowed.into_iter().map(|net| net.parse().expect("a network")).collect();
        let plan = plan(seeds, Settings { allow_private, ..settings() });
        async { audit(plan, &mut Silent).await.expect("the audit begins") }
    };
    let refused = |report: &Report| report.problems.iter().any(|row| row.kind == "refused");
    assert!(refused(&run(vec![], vec![server.url("/")]).await), "nobody allowed it");
    assert!(refused(&run(vec!["127.0.0.7/32"], vec![server.url("/")]).await), "the port is nobody's web");
    assert_eq!(staging.log().len(), 0);
    let typed = run(vec![], vec![staging.url("/")]).await;
    assert!(!refused(&typed) && typed.coverage.pages.judged == 1, "what was typed is reached");
}

const SECRETS: [&str; 5] = ["k3y-of-the-run", "c00kie-of-the-run", "passw0rd-of-all", "us3r-of-all", "passw0rd-of-one"];

#[tokio::test]
async fn secrets_go_to_their_origin_and_into_no_report() {
    let other = Server::start_on("127.0.0.8".parse().expect("an address"), 0, |_| {
        Response::html("<!doctype html><title>Other</title>")
    })
    .await;
    let to = other.url("/landed").to_string();
    let server = Server::start(move |request| match request.path() {
        "/" => Response::html(
            "<!doctype html><title>Home</title><a href=/away>a</a><a href=/gone>b</a><a href=/torn>c</a>",
        ),
        "/away" => Response::redirect(307, &to),
        "/gone" => Response::status(500),
        "/torn" => Response::text("x").torn(0),
        _ => Response::missing(),
    })
    .await;
    let mut seed = server.url("/");
    seed.set_username("one").expect("can have one");
    seed.set_password(Some(SECRETS[4])).expect("can have one");
    for auth in [None, Some((SECRETS[3].to_string(), SECRETS[2].to_string()))] {
        let crawl = Settings {
            headers: vec![
                ("x-key".to_string(), SECRETS[0].to_string()),
                ("cookie".to_string(), SECRETS[1].to_string()),
            ],
            auth,
            allow_private: vec!["127.0.0.0/8".parse().expect("a network")],
            ..settings()
        };
        let mut plan = plan(vec![seed.clone(), other.url("/")], crawl);
        plan.typed = vec!["two targets".to_string()];
        let report = audit(plan, &mut Silent).await.expect("the audit begins");
        assert!(report.coverage.pages.judged >= 1);
        let mut texts = vec![
            written(|out| report::json(&report, out)),
            written(|out| report::jsonl(&report, out)),
            written(|out| report::html(&report, out)),
            written(|out| report::sarif(&report, out)),
            written(|out| report::junit(&report, out)),
            written(|out| report::findings_csv(&report, out)),
            written(|out| report::pages_csv(&report, out)),
        ];
        texts.push(format!("{:?}", report.problems));
        for secret in SECRETS {
            assert!(!texts.iter().any(|text| text.contains(secret)), "{secret} is told");
        }
    }
    let heard = |server: &Server| server.log().iter().any(|request| request.header("x-key").is_some());
    assert!(heard(&server), "its own origin hears the secrets");
    // Typed too, so it may hear what is for all targets; but never the password that was typed for the other one.
    let basic = "Basic b25lOnBhc3N3MHJkLW9mLW9uZQ==";
    assert!(server.log().iter().any(|request| request.header("authorization") == Some(basic)));
    assert!(!other.log().iter().any(|request| request.header("authorization") == Some(basic)));
    assert!(!other.targets().contains(&"/landed".to_string()), "a page of one site is no page of the other");
}
