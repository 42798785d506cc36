//! A crowd of sites of which every fifth is hostile: the others must hardly notice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use idea_audit::audit::{Observer, audit};
use idea_audit::crawl::Settings;
use idea_audit::finding::Finding;
use idea_audit::report::PageRow;
use idea_audit::rules::Selection;
use url::Url;

use super::server::{Act, Manners, Server, answer, ip, page};
use super::stage::plan;

/// Pages of a good site.
const PAGES: usize = 4;

/// When each page was judged.
struct Clock {
    begun: Instant,
    judged: BTreeMap<String, Duration>,
}

impl Observer for Clock {
    fn page(&mut self, row: &PageRow, _: &[Finding]) {
        if row.judged {
            self.judged.insert(row.url.to_string(), self.begun.elapsed());
        }
    }
}

fn good() -> Manners {
    Arc::new(|path, _| {
        let links: String = (1..PAGES).map(|n| format!("<a href=/p{n}>Page {n}</a> ")).collect();
        match path {
            "/" => Some(Act::Answers(page("Home of the agency", &links))),
            _ if path.starts_with("/p") => Some(Act::Answers(page(&format!("Page {path}"), "<p>Words."))),
            _ => Some(Act::Answers(answer("404 Not Found", "", b""))),
        }
    })
}

/// Seven ways to hold a client up, in turns.
fn hostile(number: usize) -> Manners {
    let act = [
        Act::Hangs(Vec::new()),
        Act::Drips(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-a: b\r\n".to_vec()),
        Act::Hangs(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 99\r\n\r\n<".to_vec()),
        Act::Drips(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 9999999\r\n\r\n".to_vec(),
            b"x".to_vec(),
        ),
        Act::Resets(Vec::new()),
        Act::Floods(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-flood: 1\r\n".to_vec()),
        Act::Drips(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
    ][number % 7]
        .clone();
    // Every second one lets the crawl in before it turns.
    let late = number.is_multiple_of(2);
    Arc::new(move |path, _| match path {
        "/robots.txt" if late => Some(Act::Answers(answer("404 Not Found", "", b""))),
        "/" if late => Some(Act::Answers(page("Trap", "<a href=/t1>1</a><a href=/t2>2</a><a href=/t3>3</a>"))),
        _ => Some(act.clone()),
    })
}

/// How long it takes until every page of the good ones is judged.
async fn until_judged(hosts: usize, hostile_too: bool) -> Duration {
    let is_bad = |host: usize| host.is_multiple_of(5);
    let manners = (0..hosts).map(|host| if is_bad(host) { hostile(host / 5) } else { good() }).collect();
    let server = Server::start(manners).await;
    let seeds: Vec<Url> =
        (0..hosts).filter(|host| hostile_too || !is_bad(*host)).map(|host| server.url(host)).collect();
    // Paced as strangers are, only faster; deadlines in the same proportion to the pace as they are shipped.
    let crawl = Settings {
        interval: Some(Duration::from_millis(150)),
        timeout: Duration::from_millis(4_500),
        idle_timeout: Duration::from_millis(2_250),
        connect_timeout: Duration::from_millis(1_500),
        robots_backoff: Duration::from_millis(750),
        // Where strangers are asked for one thing at a time, loopback is asked for four: permits in the proportion of 64 for
        // a hundred requests that hang.
        concurrency: hosts * 4 / 5 * 64 / 100,
        ..Settings::default()
    };
    let mut plan = plan(seeds, crawl);
    // One rule is enough: what is measured is whose turn it is.
    let select = vec!["accessibility/page-language".to_string()];
    plan.selected = Selection { select, skip: Vec::new() }.of(&plan.set).expect("the rule is there");
    let mut clock = Clock { begun: Instant::now(), judged: BTreeMap::new() };
    let report = audit(plan, &mut clock).await.expect("the audit begins");
    let good: Vec<String> = (0..hosts).filter(|host| !is_bad(*host)).map(|host| ip(host).to_string()).collect();
    let host_of =
        |url: &str| Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_string)).unwrap_or_default();
    let mut last = Duration::ZERO;
    for host in &good {
        let pages: Vec<&Duration> =
            clock.judged.iter().filter(|(url, _)| host_of(url) == *host).map(|(_, at)| at).collect();
        assert_eq!(pages.len(), PAGES, "{host} is judged completely");
        last = pages.into_iter().copied().fold(last, Duration::max);
    }
    assert!(!report.problems.iter().any(|row| good.contains(&host_of(&row.url))), "{:?}", report.problems);
    last
}

/// `IDEA_AUDIT_CROWD=500` makes it as large as a list of an agency's domains; meant for an optimised build.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fifth_of_hostile_hosts_costs_the_others_less_than_half_their_time_again() {
    let hosts = std::env::var("IDEA_AUDIT_CROWD").ok().and_then(|word| word.parse().ok()).unwrap_or(100);
    let alone = until_judged(hosts, false).await;
    let among = until_judged(hosts, true).await;
    let ratio = among.as_secs_f64() / alone.as_secs_f64();
    println!("{hosts} hosts: the good ones alone {alone:.1?}, among hostile ones {among:.1?}, {ratio:.2} times");
    assert!(ratio <= 1.5, "{among:?} is {ratio:.2} times {alone:?}");
}
