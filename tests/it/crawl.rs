//! The crawl against a server on loopback: what it asks for, what it makes of the answers, and how it waits.

use std::collections::BTreeMap;
use std::time::Duration;

use idea_audit::crawl::{Ask, Crawl, Event, Redirects, Reply, Settings, SiteId};
use idea_audit::web::{Capture, Problem, ProblemKind};
use url::Url;

use crate::server::{Response, Server};

mod courtesy;
mod obstacles;
mod pages;
mod replies;
mod weather;

/// Everything a crawl told.
#[derive(Default)]
struct Story {
    sites: Vec<(SiteId, String, Url)>,
    pages: Vec<(u32, Capture, Vec<Url>)>,
    aliases: Vec<(Url, Url)>,
    replies: BTreeMap<String, Vec<Reply>>,
    problems: Vec<Problem>,
    done: Vec<(SiteId, u64, u64, BTreeMap<&'static str, u64>)>,
}

impl Story {
    fn paths(&self) -> Vec<String> {
        self.pages.iter().map(|(_, capture, _)| path(&capture.url)).collect()
    }

    fn sorted_paths(&self) -> Vec<String> {
        let mut paths = self.paths();
        paths.sort();
        paths
    }

    fn skipped(&self, reason: &str) -> u64 {
        self.done.iter().filter_map(|(_, _, _, skipped)| skipped.get(reason)).sum()
    }

    fn kinds(&self) -> Vec<ProblemKind> {
        self.problems.iter().map(|problem| problem.kind).collect()
    }

    fn status(&self, key: &str) -> u16 {
        match &self.replies[key][..] {
            [Reply::Captured(capture)] => capture.status,
            other => panic!("{key}: {other:?}"),
        }
    }
}

fn path(url: &Url) -> String {
    url.path().to_string() + &url.query().map(|query| format!("?{query}")).unwrap_or_default()
}

/// A page with links.
fn page(links: &[&str]) -> Response {
    let links: String = links.iter().map(|link| format!("<a href=\"{link}\">x</a>")).collect();
    Response::html(format!("<!doctype html><title>Page</title>{links}"))
}

/// Stands for the parser of the rest of the program.
fn links(capture: &Capture) -> Vec<Url> {
    let text = String::from_utf8_lossy(&capture.body).into_owned();
    let hrefs = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.filter_map(|href| capture.url.join(href).ok()).collect()
}

fn settings() -> Settings {
    Settings {
        robots_backoff: Duration::from_millis(40),
        timeout: Duration::from_secs(10),
        max_pages: None,
        ..Settings::default()
    }
}

async fn run(settings: Settings, seeds: Vec<Url>) -> Story {
    run_asking(settings, seeds, |_| Vec::new()).await
}

/// Runs a crawl to its end; `asks` says what to ask when a site lands or a page arrives.
async fn run_asking(settings: Settings, seeds: Vec<Url>, asks: impl Fn(&Event) -> Vec<Ask>) -> Story {
    let mut crawl = Crawl::new(settings, seeds).expect("the settings are good");
    let mut story = Story::default();
    loop {
        let Ok(event) = tokio::time::timeout(Duration::from_secs(40), crawl.next()).await else {
            panic!("the crawl hangs: {:?}", crawl.snapshot());
        };
        let Some(event) = event else { return story };
        for ask in asks(&event) {
            crawl.ask(ask);
        }
        match event {
            Event::Site { site, name, root, .. } => story.sites.push((site, name, root)),
            Event::Page { site, depth, capture, aliases, .. } => {
                crawl.discovered(site, depth, &capture.url, links(&capture));
                story.pages.push((depth, *capture, aliases));
            }
            Event::Alias { from, to, .. } => story.aliases.push((from, to)),
            Event::Missing { .. } | Event::File { .. } => {}
            Event::Reply { key, reply, .. } => story.replies.entry(key).or_default().push(reply),
            Event::Problem { problem, .. } => story.problems.push(problem),
            Event::SiteDone { site, discovered, fetched, skipped } => {
                story.done.push((site, discovered, fetched, skipped));
            }
        }
    }
}

fn ask(site: SiteId, key: &str, url: Url) -> Ask {
    Ask { site, key: key.to_string(), url, follow: Redirects::Follow }
}

/// No target was asked twice.
fn assert_no_doubles(server: &Server) {
    let mut targets = server.targets();
    targets.sort();
    let all = targets.len();
    targets.dedup();
    assert_eq!(targets.len(), all, "asked twice: {:?}", server.targets());
}
