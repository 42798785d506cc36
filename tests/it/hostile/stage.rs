//! Where tricks are played: one audit of many hosts, each with its trick and with what has to come of it.
//!
//! In: [`Trick`]s. Out: panics with the list of what came out otherwise.

use std::sync::Arc;
use std::time::{Duration, Instant};

use idea_audit::audit::{Plan, Silent, Target, audit};
use idea_audit::crawl::Settings;
use idea_audit::report::{PageRow, Report};
use idea_audit::rules::{RuleSet, Selection};
use url::Url;

use super::server::{Act, Manners, Server, ip};

/// One way to misbehave.
pub struct Trick {
    pub name: String,
    pub manners: Manners,
    pub comes: Comes,
}

/// What has to come of a trick.
#[derive(Clone, Copy)]
pub enum Comes {
    /// "/x" is a problem of this kind; the other three pages are judged.
    Problem(&'static str),
    /// "/x" is judged like the other three.
    Judged,
    /// "/x" is judged, and this rule finds something on it.
    Finding(&'static str),
    /// "/x" is left alone; the other three pages are judged.
    Skipped,
    /// The host as a whole is this problem, and nothing of it is judged.
    Host(&'static str),
    /// Whatever a closure asks of the pages of the host.
    Seen(fn(&Seen<'_>) -> Result<(), String>),
}

/// What a report and a log say about one host.
pub struct Seen<'r> {
    pub report: &'r Report,
    pub host: String,
    pub asked: Vec<String>,
}

impl<'r> Seen<'r> {
    /// The pages of the host.
    pub fn pages(&self) -> impl Iterator<Item = &'r PageRow> {
        self.report.pages.iter().filter(|row| host_of(&row.url) == self.host)
    }

    /// The page at a path.
    pub fn page(&self, path: &str) -> Option<&'r PageRow> {
        self.pages().find(|row| Url::parse(&row.url).is_ok_and(|url| url.path() == path))
    }

    /// Whether the page at a path was judged.
    pub fn is_judged(&self, path: &str) -> bool {
        self.page(path).is_some_and(|row| row.judged)
    }

    /// The kinds of problems of the host.
    pub fn kinds(&self) -> Vec<&'r str> {
        self.report.problems.iter().filter(|row| host_of(&row.url) == self.host).map(|row| row.kind.as_str()).collect()
    }

    /// Whether a rule found something on "/x".
    fn has_finding(&self, rule: &str) -> bool {
        self.report.findings.iter().any(|finding| {
            let at = Url::parse(&finding.url).ok();
            finding.rule.as_str() == rule
                && host_of(&finding.url) == self.host
                && at.is_some_and(|url| url.path() == "/x")
        })
    }
}

fn host_of(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_string)).unwrap_or_default()
}

/// A trick that is played at "/x".
pub fn at_x(name: impl Into<String>, act: Act, comes: Comes) -> Trick {
    Trick { name: name.into(), manners: Arc::new(move |path, _| (path == "/x").then(|| act.clone())), comes }
}

/// A trick that is played at any path.
pub fn everywhere(
    name: &str,
    manners: impl Fn(&str, usize) -> Option<Act> + Send + Sync + 'static,
    comes: Comes,
) -> Trick {
    Trick { name: name.to_string(), manners: Arc::new(manners), comes }
}

/// Short deadlines and small caps, so that a test is over soon; everything else as it is shipped.
pub fn settings() -> Settings {
    Settings {
        timeout: Duration::from_millis(2_500),
        idle_timeout: Duration::from_millis(1_200),
        connect_timeout: Duration::from_secs(2),
        robots_backoff: Duration::from_millis(20),
        max_body: 4 << 20,
        max_wire: 4 << 20,
        max_pages: Some(60),
        ..Settings::default()
    }
}

/// A plan with all rules.
pub fn plan(seeds: Vec<Url>, crawl: Settings) -> Plan {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let targets = seeds.into_iter().map(Target::Web).collect();
    let documents = crate::documents::settings();
    Plan { crawl, documents, ..Plan::of(targets, set, jiff::civil::date(2026, 11, 22)) }
}

/// Plays all tricks in one run with all rules, which has to be over in time.
pub async fn play(tricks: Vec<Trick>, crawl: Settings, within: Duration) -> Report {
    play_before(tricks, crawl, within, &[]).await
}

/// As [`play`], with a few rules only.
pub async fn play_before(tricks: Vec<Trick>, crawl: Settings, within: Duration, rules: &[&str]) -> Report {
    let server = Server::start(tricks.iter().map(|trick| trick.manners.clone()).collect()).await;
    let seeds = (0..tricks.len()).map(|host| server.url(host)).collect();
    let begun = Instant::now();
    let mut plan = plan(seeds, crawl);
    let select = rules.iter().map(ToString::to_string).collect();
    plan.selected = Selection { select, skip: Vec::new() }.of(&plan.set).expect("the rules are there");
    let audited = tokio::time::timeout(within, audit(plan, &mut Silent)).await;
    let report = audited.unwrap_or_else(|_| panic!("the run goes on after {within:?}")).expect("the audit begins");
    let mut wrong = Vec::new();
    for (host, trick) in tricks.iter().enumerate() {
        let seen = Seen { report: &report, host: ip(host).to_string(), asked: server.asked(host) };
        if let Err(why) = holds(trick.comes, &seen) {
            let problems: Vec<_> = report.problems.iter().filter(|row| host_of(&row.url) == seen.host).collect();
            wrong.push(format!("{}: {why}; {problems:?}", trick.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tricks.len(), wrong.join("\n"));
    assert_eq!(server.strays(tricks.len()), [], "nobody else was asked");
    println!("{} tricks in {:.1} s", tricks.len(), begun.elapsed().as_secs_f32());
    report
}

fn holds(comes: Comes, seen: &Seen<'_>) -> Result<(), String> {
    let good = |paths: &[&str]| match paths.iter().find(|path| !seen.is_judged(path)) {
        Some(path) => Err(format!("{path} was not judged: {:?}", seen.page(path).map(|row| &row.problem))),
        None => Ok(()),
    };
    let x = seen.page("/x");
    match comes {
        Comes::Problem(kind) => {
            good(&["/", "/a", "/b"])?;
            let held = x.and_then(|row| row.problem.as_deref());
            (held == Some(kind)).then_some(()).ok_or_else(|| format!("/x is {x:?} and not {kind}"))
        }
        Comes::Judged => good(&["/", "/a", "/x", "/b"]),
        Comes::Finding(rule) => {
            good(&["/", "/a", "/x", "/b"])?;
            seen.has_finding(rule).then_some(()).ok_or_else(|| format!("{rule} finds nothing on /x"))
        }
        Comes::Skipped => {
            good(&["/", "/a", "/b"])?;
            x.is_none().then_some(()).ok_or_else(|| format!("/x is {x:?}"))
        }
        Comes::Host(kind) => {
            let judged = seen.pages().filter(|row| row.judged).count();
            let fits = judged == 0 && seen.kinds().contains(&kind);
            fits.then_some(()).ok_or_else(|| format!("{judged} judged, problems {:?}, not {kind}", seen.kinds()))
        }
        Comes::Seen(asks) => asks(seen),
    }
}
