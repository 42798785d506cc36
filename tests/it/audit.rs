//! The conductor against a real server: what is judged, what is fetched for the rules, what is only a problem.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use idea_audit::audit::{Observer, Plan, Silent, Target, audit};
use idea_audit::crawl::Settings;
use idea_audit::report::{PageRow, Report};
use idea_audit::rules::RuleSet;
use idea_audit::verdict::Outcome;
use url::Url;

use crate::server::{Request, Response, Server};

pub fn plan(seeds: &[Url]) -> Plan {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let crawl =
        Settings { robots_backoff: Duration::from_millis(10), timeout: Duration::from_secs(2), ..Settings::default() };
    let targets = seeds.iter().cloned().map(Target::Web).collect();
    let documents = crate::documents::settings();
    Plan { crawl, documents, ..Plan::of(targets, set, jiff::civil::date(2026, 11, 22)) }
}

async fn report(server: &Server) -> Report {
    audit(plan(&[server.url("/")]), &mut Silent).await.expect("the audit begins")
}

fn row<'r>(report: &'r Report, path: &str) -> &'r PageRow {
    let found = report.pages.iter().find(|row| Url::parse(&row.url).is_ok_and(|url| url.path() == path));
    found.unwrap_or_else(|| {
        panic!("{path} is in the report: {:?}", report.pages.iter().map(|row| &row.url).collect::<Vec<_>>())
    })
}

fn page(body: &str) -> Response {
    Response::html(format!(
        "<!doctype html><html lang=en><head><title>A page of the agency</title></head><body>{body}</body></html>"
    ))
}

/// A small site: every page has an image without a text alternative.
fn small(request: &Request) -> Response {
    match request.path() {
        "/" => page(
            "<main><h1>Home</h1><img src=x.png><a href=/a>A page</a> <a href=/privacy>Privacy policy</a> <a href=/feed.xml>Feed</a></main>",
        ),
        "/a" => page("<main><h1>A</h1><img src=y.png></main>"),
        "/privacy" => page("<main><h1>Privacy policy</h1><p>We collect nothing.</p></main>"),
        "/feed.xml" => Response::of(200, "application/xml", "<?xml version='1.0'?><feed/>"),
        _ => Response::missing(),
    }
}

#[tokio::test]
async fn what_the_server_withholds_is_a_problem_and_never_a_finding() {
    let server = Server::start(|request| match request.path() {
        "/" => page("<a href=/forbidden>F</a><a href=/down>D</a><a href=/challenge>C</a><a href=/slow>S</a><a href=/gone>G</a><a href=/fine>ok</a>"),
        "/forbidden" => Response::status(403),
        "/down" => Response::status(500),
        "/challenge" => Response::of(403, "text/html", "<html><head><title>Just a moment...</title></head><body><div id=cf-chl></div></body></html>"),
        "/slow" => page("late").after(Duration::from_secs(20)),
        "/fine" => page("<img src=x.png>"),
        _ => Response::missing(),
    })
    .await;
    let report = report(&server).await;
    for (path, kind) in
        [("/forbidden", "blocked"), ("/down", "server-error"), ("/challenge", "bot-challenge"), ("/slow", "timeout")]
    {
        let row = row(&report, path);
        assert_eq!((row.judged, row.problem.as_deref(), row.outcomes.len()), (false, Some(kind), 0), "{path}");
        assert!(report.problems.iter().any(|problem| problem.kind == kind && problem.url.ends_with(path)), "{path}");
        assert!(!report.findings.iter().any(|finding| finding.url.ends_with(path)), "{path} is accused of nothing");
    }
    let gone = row(&report, "/gone");
    assert_eq!(
        (gone.status, gone.judged, gone.problem.as_deref()),
        (Some(404), false, None),
        "a page that is gone is an answer"
    );
    assert!(row(&report, "/fine").judged);
    let untested = report.rules.iter().find(|rule| rule.tally.failed > 0 && rule.tally.untested >= 4);
    assert!(untested.is_some(), "a page rule counts the four pages that it could not see");
}

#[tokio::test]
async fn needs_are_fetched_once_and_no_address_twice() {
    let server = Server::start(small).await;
    let report = report(&server).await;
    let mut targets = server.targets();
    targets.sort();
    let mut once = targets.clone();
    once.dedup();
    assert_eq!(targets, once, "no address is asked for twice");
    for wanted in ["/robots.txt", "/sitemap.xml", "/.well-known/security.txt", "/privacy"] {
        assert!(targets.contains(&wanted.to_string()), "{wanted} in {targets:?}");
    }
    assert!(
        targets.iter().any(|target| target.starts_with("/idea-audit-control-")),
        "the control is asked for: {targets:?}"
    );
    assert_eq!(report.coverage.pages.judged, 4);
}

#[tokio::test]
async fn xml_is_a_page_on_which_html_rules_are_inapplicable() {
    let server = Server::start(small).await;
    let report = report(&server).await;
    let feed = row(&report, "/feed.xml");
    assert_eq!((feed.judged, feed.media.as_deref()), (true, Some("application/xml")));
    assert!(!feed.outcomes.keys().any(|rule| rule.as_str().starts_with("accessibility/")), "{:?}", feed.outcomes);
}

#[tokio::test]
async fn the_order_in_which_answers_arrive_does_not_show_in_the_report() {
    let count = AtomicU64::new(0);
    let server = Server::start(move |request| {
        let wait = count.fetch_add(7, Ordering::Relaxed) * 13 % 40;
        small(request).after(Duration::from_millis(wait))
    })
    .await;
    let bare = |mut report: Report| {
        report.run.id.clear();
        report.run.started.clear();
        report.run.finished.clear();
        serde_json::to_string(&report).expect("a report is JSON")
    };
    let first = bare(report(&server).await);
    for _ in 0..3 {
        assert_eq!(bare(report(&server).await), first);
    }
}

#[tokio::test]
async fn a_page_beyond_the_cap_is_a_problem_and_not_judged_by_its_beginning() {
    let server = Server::start(|request| match request.path() {
        "/" => page(&format!("<a href=/big>B</a>{}", "")),
        "/big" => page(&"<p>more and more</p>".repeat(100_000)),
        _ => Response::missing(),
    })
    .await;
    let mut plan = plan(&[server.url("/")]);
    plan.crawl.max_body = 100_000;
    let report = audit(plan, &mut Silent).await.expect("the audit begins");
    let big = row(&report, "/big");
    assert_eq!((big.judged, big.problem.as_deref()), (false, Some("too-large")));
}

#[tokio::test]
async fn two_targets_that_land_on_one_site_are_one_site() {
    let server = Server::start(|request| match request.path() {
        "/old" => Response::redirect(301, "/"),
        _ => small(request),
    })
    .await;
    let report = audit(plan(&[server.url("/"), server.url("/old")]), &mut Silent).await.expect("the audit begins");
    assert_eq!(report.sites.len(), 1);
    let home = row(&report, "/");
    assert!(home.aliases.iter().any(|alias| alias.ends_with("/old")), "{:?}", home.aliases);
}

#[tokio::test]
async fn an_unanswered_question_softens_and_is_named_with_its_flag() {
    let server = Server::start(small).await;
    let unknown = report(&server).await;
    let softened: Vec<_> = unknown.findings.iter().filter(|finding| finding.question.is_some()).collect();
    assert!(!softened.is_empty(), "a site whose branch nobody said has open questions");
    assert!(softened.iter().all(|finding| finding.outcome == Outcome::CantTell));
    assert!(
        unknown.sites[0].questions.iter().any(|question| question.contains("--profile")),
        "{:?}",
        unknown.sites[0].questions
    );
    let mut stranger = plan(&[server.url("/")]);
    stranger.profile.branch = Some(idea_audit::rules::Branch::None);
    let stranger = audit(stranger, &mut Silent).await.expect("the audit begins");
    let image = |report: &Report| {
        report.findings.iter().filter(|finding| finding.rule.as_str() == "accessibility/image-alternative").count()
    };
    assert_eq!(image(&unknown), 2);
    assert_eq!(image(&stranger), 2, "accessibility is asked of every site");
}

/// Wants to stop after the first page.
struct Impatient(bool);

impl Observer for Impatient {
    fn page(&mut self, _row: &PageRow, _findings: &[idea_audit::finding::Finding]) {
        self.0 = true;
    }

    fn wants_stop(&mut self) -> bool {
        self.0
    }
}

#[tokio::test]
async fn a_stopped_run_keeps_what_it_saw_and_says_that_it_was_stopped() {
    let server = Server::start(|request| match request.path() {
        "/robots.txt" => Response::missing(),
        path => {
            let next = path.trim_start_matches('/').parse::<u32>().unwrap_or(0) + 1;
            page(&format!("<a href=/{next}>Next page</a>")).after(Duration::from_millis(20))
        }
    })
    .await;
    let report = audit(plan(&[server.url("/")]), &mut Impatient(false)).await.expect("the audit begins");
    assert!(report.run.stopped);
    assert!(report.coverage.pages.judged >= 1 && report.coverage.pages.judged < 500);
    assert!(report.coverage.pages.skipped_by.contains_key("stopped"), "{:?}", report.coverage.pages.skipped_by);
}

/// Wants to stop from the beginning.
struct Gone;

impl Observer for Gone {
    fn wants_stop(&mut self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_wish_to_stop_is_heard_while_the_crawl_always_has_something_to_tell() {
    const HOSTS: usize = 2_000;
    // A label that no name system takes: such hosts fail at once, one after the other.
    let label = "n".repeat(64);
    let targets: Vec<Url> = (0..HOSTS)
        .map(|host| Url::parse(&format!("http://h{host}.{label}.example/")).expect("names make addresses"))
        .collect();
    let report = audit(plan(&targets), &mut Gone).await.expect("the audit begins");
    assert!(report.run.stopped);
    let skipped = report.coverage.pages.skipped_by.get("stopped").copied().unwrap_or(0);
    assert!(skipped > HOSTS as u64 / 2, "{skipped} of {HOSTS} hosts were left alone: {:?}", report.coverage.pages);
}

/// Shows browsers a page and programs a challenge, and counts nothing else.
fn only_for_browsers(request: &Request) -> Response {
    let browser = request.header("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/"));
    match request.path() {
        "/" if browser => page("<main><h1>Tide tables of the harbor</h1><p>High water at nine.</p></main>"),
        "/" => Response::status(406),
        "/robots.txt" => Response::missing(),
        _ => page("<main><h1>Another page</h1></main>"),
    }
}

#[tokio::test]
async fn the_home_page_is_asked_for_under_a_browsers_name_only_where_that_is_allowed_and_once() {
    let rule = "search/same-for-browsers";
    for (allowed, outcome, browsers) in [(false, Outcome::Untested, 0), (true, Outcome::CantTell, 1)] {
        let server = Server::start(only_for_browsers).await;
        let mut plan = plan(&[server.url("/")]);
        plan.crawl.browser_name = allowed.then(|| "Mozilla/5.0 (test)".to_string());
        plan.profile.branch = Some(idea_audit::rules::Branch::Executive);
        let report = audit(plan, &mut Silent).await.expect("the audit begins");
        let found = report.sites[0].outcomes.iter().find(|(id, _)| id.as_str() == rule).map(|(_, outcome)| outcome);
        assert_eq!(found, Some(outcome), "allowed: {allowed}");
        let as_browser = server
            .log()
            .iter()
            .filter(|request| request.header("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/")))
            .count();
        assert_eq!(as_browser, browsers, "requests under a browser's name");
        let finding = report.findings.iter().find(|finding| finding.rule.as_str() == rule);
        assert_eq!(finding.is_some(), allowed);
        if let Some(finding) = finding {
            assert!(finding.observed.contains("406"), "{}", finding.observed);
        }
    }
}
