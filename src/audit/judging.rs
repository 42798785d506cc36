//! One page from capture to judgement, away from the async threads.
//!
//! In: a capture. Out: [`Judged`]. Invariant: no page can take the run down: a page that makes the program stumble becomes a
//! problem with its address. Tested in `tests/it/audit.rs`.

use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Url;

use super::reading;
use super::seeing::{Eyes, Look};
use crate::crawl::{Before, SiteId};
use crate::engine::{Engine, Judgement};
use crate::facts::{Holds, Need, Page, PageFacts, Referred, SiteFacts, Standing};
use crate::html::{Cut, Document};
use crate::rules::Profile;
use crate::style::Seen;
use crate::web::{Capture, Problem, ProblemKind};

/// How long the rules may look at one page, after which the page is a problem: a backstop that no page should meet, since
/// what it stops depends on the machine.
const CLOCK: Duration = Duration::from_secs(60);

/// What has to be known to judge a page.
pub(super) struct Job {
    pub(super) site: SiteId,
    pub(super) depth: u32,
    pub(super) capture: Box<Capture>,
    pub(super) aliases: Vec<Url>,
    pub(super) standing: Standing,
    pub(super) profile: Arc<Profile>,
    /// Which addresses of the site need no more referrers.
    pub(super) referred: Arc<Referred>,
    /// Needs that the home page's links answer.
    pub(super) wanted: Vec<Need>,
    /// How often its style sheets were fetched.
    pub(super) rounds: u8,
    /// Whether the reading is written down.
    pub(super) keep: Keep,
}

/// Whether a reading is written down.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Keep {
    Octets,
    Nothing,
}

/// A page after judging.
pub(super) struct Judged {
    pub(super) site: SiteId,
    pub(super) depth: u32,
    pub(super) capture: Box<Capture>,
    pub(super) aliases: Vec<Url>,
    pub(super) standing: Standing,
    profile: Arc<Profile>,
    referred: Arc<Referred>,
    wanted: Vec<Need>,
    pub(super) reading: Reading,
    /// The reading as octets, where somebody writes it down; none where it comes from there.
    pub(super) packed: Option<Vec<u8>>,
    /// What an earlier run kept of it, where the reading comes from there.
    pub(super) before: Option<Arc<Before>>,
}

/// What was read of a page.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct Reading {
    /// `None` where the rules did not look.
    pub(super) judgement: Option<Judgement>,
    pub(super) problem: Option<Problem>,
    /// What kept it from being measured, where that is a problem.
    pub(super) unmeasured: Option<Problem>,
    /// Whether it was measured.
    pub(super) measured: bool,
    pub(super) links: Vec<Url>,
    /// Needs of links, by their keys, with where they lead.
    pub(super) linked: Vec<(String, Option<Url>)>,
    /// What this page adds to the facts of its site.
    pub(super) facts: SiteFacts,
    /// When this holds while the page stays what it is.
    pub(super) holds: Holds,
}

/// What came of a page.
pub(super) enum Done {
    /// It was judged, or is a problem.
    Judged(Box<Judged>),
    /// Its style sheets have to be fetched first.
    Waits(Box<Job>, Vec<Url>),
}

/// Judges one page, or says what has to be fetched before.
pub(super) fn judge(engine: &Engine, eyes: &Eyes, job: Job) -> Done {
    let mut wants = Vec::new();
    let (rounds, keep) = (job.rounds, job.keep);
    let read = |job: &Job| {
        read(engine, eyes, job, CLOCK).unwrap_or_else(|urls| {
            wants = urls;
            Reading::default()
        })
    };
    let judged = guarded(job, read);
    if wants.is_empty() {
        return Done::Judged(Box::new(judged));
    }
    let Judged { site, depth, capture, aliases, standing, profile, referred, wanted, .. } = judged;
    let job = Job { site, depth, capture, aliases, standing, profile, referred, wanted, rounds: rounds + 1, keep };
    Done::Waits(Box::new(job), wants)
}

/// A page that makes the program stumble is a problem with its address.
fn guarded(job: Job, read: impl FnOnce(&Job) -> Reading) -> Judged {
    let reading = catch_unwind(AssertUnwindSafe(|| read(&job))).unwrap_or_else(|_| Reading {
        problem: Some(problem(
            &job.capture,
            ProblemKind::Internal,
            "the program stumbled over this page; please report it",
        )),
        ..Reading::default()
    });
    let packed = (job.keep == Keep::Octets).then(|| reading::octets(&reading));
    judged(job, reading, packed)
}

/// A page with what was read of it.
pub(super) fn judged(job: Job, reading: Reading, packed: Option<Vec<u8>>) -> Judged {
    Judged {
        site: job.site,
        depth: job.depth,
        capture: job.capture,
        aliases: job.aliases,
        standing: job.standing,
        profile: job.profile,
        referred: job.referred,
        wanted: job.wanted,
        reading,
        packed,
        before: None,
    }
}

/// A page of which an earlier run kept what it read: nothing where that is not to be had any more, and the page neither.
pub(super) fn carried(job: Job, before: Arc<Before>, reading: Option<Reading>) -> Judged {
    let lost = || {
        let detail = "what an earlier run kept of the page cannot be read; leave --changed-only out to look at it anew";
        Reading { problem: Some(problem(&job.capture, ProblemKind::Internal, detail)), ..Reading::default() }
    };
    let reading = reading.unwrap_or_else(lost);
    Judged { before: Some(before), ..judged(job, reading, None) }
}

/// Reads and judges a page; the sheets it wants first, if it does.
fn read(engine: &Engine, eyes: &Eyes, job: &Job, clock: Duration) -> Result<Reading, Vec<Url>> {
    let started = Instant::now();
    let capture = &*job.capture;
    let mut reading = Reading::default();
    if !capture.media.is_page() {
        return Ok(reading);
    }
    let page = Page::read(capture);
    let is_read = !capture.truncated && page.document.as_ref().is_some_and(|document| document.cut().is_none());
    if capture.is_success() && is_read && engine.looks_at_pages() {
        let base = page.facts(job.standing, engine.days().today).base().clone();
        match eyes.look(&page, &base, job.standing, job.rounds) {
            Look::Wants(urls) => return Err(urls),
            Look::Seen(seen, lost) => {
                reading.measured = matches!(*seen, Seen::Measured(_));
                page.see(*seen);
                reading.unmeasured = lost.map(|detail| problem(capture, ProblemKind::TooComplex, &detail));
            }
        }
    }
    let facts = page.facts(job.standing, engine.days().today);
    reading.links = facts.links().iter().filter_map(|link| link.url().cloned()).collect();
    reading.linked = linked(&facts, &job.wanted);
    reading.facts.refer_links_beside(&facts, &job.referred);
    if !capture.is_success() {
        return Ok(reading);
    }
    reading.facts.take_stock(&facts);
    reading.facts.take_papers(&facts);
    if capture.truncated {
        reading.problem =
            Some(problem(capture, ProblemKind::TooLarge, "the page is larger than the cap; its rest was not read"));
    } else if let Some(cut) = page.document.as_ref().and_then(Document::cut) {
        reading.problem = Some(problem(capture, ProblemKind::TooComplex, &too_complex(cut)));
    } else {
        reading.judgement = engine.judge_page_while(&facts, &job.profile, &|| started.elapsed() <= clock);
        if reading.judgement.is_none() {
            let detail = format!("judging it took longer than {} seconds", clock.as_secs());
            reading.problem = Some(problem(capture, ProblemKind::TooComplex, &detail));
        }
    }
    reading.holds = facts.holds();
    Ok(reading)
}

fn linked(facts: &PageFacts<'_>, wanted: &[Need]) -> Vec<(String, Option<Url>)> {
    let of = |need: &Need| match need {
        Need::Linked(shape) => Some((need.key(), facts.linked(shape))),
        Need::Path(_) | Need::Control | Need::Twin | Need::AsBrowser => None,
    };
    wanted.iter().filter_map(of).collect()
}

fn too_complex(cut: Cut) -> String {
    format!("reading stopped at a limit ({cut:?}); what follows was not seen").to_lowercase()
}

fn problem(capture: &Capture, kind: ProblemKind, detail: &str) -> Problem {
    Problem { url: capture.url.to_string(), kind, detail: detail.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Rendering;
    use crate::engine::Days;
    use crate::rules::RuleSet;

    fn job() -> Job {
        let url = Url::parse("https://www.agency.example/x").expect("a URL");
        Job {
            site: SiteId(0),
            depth: 0,
            capture: Box::new(Capture::page(
                url,
                "text/html; charset=utf-8",
                "<!doctype html><title>Page</title><a href=/y>y</a>",
            )),
            aliases: Vec::new(),
            standing: Standing::Inner,
            profile: Arc::default(),
            referred: Arc::default(),
            wanted: Vec::new(),
            rounds: 0,
            keep: Keep::Nothing,
        }
    }

    #[test]
    fn a_page_that_keeps_the_rules_too_long_is_a_problem_and_its_links_are_followed() {
        let set = RuleSet::bundled().expect("the bundled rules load");
        let day = jiff::civil::date(2026, 11, 22);
        let engine = Engine::of(set.rules.clone(), set.sources.clone(), Days { today: day, policy_as_of: day });
        let eyes = Eyes::of(&Rendering::default());
        let late = read(&engine, &eyes, &job(), Duration::ZERO).expect("nothing is measured");
        assert_eq!(late.problem.map(|problem| problem.kind), Some(ProblemKind::TooComplex));
        assert!(late.judgement.is_none());
        assert_eq!(late.links.len(), 1);
        let Done::Judged(judged) = judge(&engine, &eyes, job()) else { panic!("nothing is measured") };
        assert!(judged.reading.judgement.is_some());
    }

    #[test]
    fn a_page_that_makes_the_program_stumble_is_a_problem_with_its_address() {
        let judged = guarded(job(), |job| panic!("over {}", job.capture.url));
        let problem = judged.reading.problem.expect("it is told");
        assert_eq!((problem.kind, problem.url.as_str()), (ProblemKind::Internal, "https://www.agency.example/x"));
        assert!(judged.reading.judgement.is_none());
        assert_eq!(judged.capture.url.as_str(), problem.url);
    }
}
