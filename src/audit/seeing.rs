//! How pages look, by way of child processes: which pages are measured, the style sheets they share, what came of it.
//!
//! In: a page. Out: what was seen of it, or the sheets that have to be fetched first. Invariants: a page that a child dies over loses
//! its looks and nothing else; a page that was late is tried once more alone; an address is asked for once a run, through the same
//! manners as everything else. Tested in `tests/it/style.rs`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use url::Url;

use super::cores;
use super::judging::Reading;
use super::plan::{Pages, Rendering};
use crate::crawl::Reply;
use crate::facts::{Page, Standing};
use crate::html::Document;
use crate::report::{Coverage, MeasuredPages, Style};
use crate::style::{self, Gathered, Measured, Seen, Shelved, Source, UnreadSheet, Viewport};
use crate::web::Capture;
use crate::worker::{Lost, Pool};

/// How long a child may take over a page, after which it is killed: a backstop, since what it stops depends on the machine.
const CLOCK: Duration = Duration::from_secs(20);
/// Octets of style that are kept for the pages to come.
const KEPT: usize = 64 << 20;
/// How often the sheets of a page are fetched: each may import further ones.
const MOST_ROUNDS: u8 = 8;
/// Of how many pages one is looked at, where a sample is.
const ONE_OF: u8 = 10;
/// What the key of a question for a sheet begins with.
const KEY: &str = "style:";

/// What is known of sheets, and who looks at pages.
pub(super) struct Eyes {
    pages: Pages,
    pool: Option<Pool>,
    shelf: Mutex<Shelf>,
    /// Taken by all while they measure, and alone by who tries again.
    alone: RwLock<()>,
    measured: AtomicU64,
    unmeasured: AtomicU64,
}

#[derive(Default)]
struct Shelf {
    known: HashMap<Url, Shelved>,
    octets: usize,
}

/// What came of a look at a page.
pub(super) enum Look {
    /// This; with what a child was lost over, if one was.
    Seen(Box<Seen>, Option<String>),
    /// These have to be fetched first.
    Wants(Vec<Url>),
}

impl Eyes {
    pub(super) fn of(rendering: &Rendering) -> Self {
        let pool = rendering.worker.clone().map(|program| Pool::of(program, cores::number(), CLOCK));
        Self {
            pages: rendering.pages,
            pool,
            shelf: Mutex::default(),
            alone: RwLock::default(),
            measured: AtomicU64::new(0),
            unmeasured: AtomicU64::new(0),
        }
    }

    /// Writes down how much was measured.
    pub(super) fn tell(&self, coverage: &mut Coverage) {
        let [measured, unmeasured] = [&self.measured, &self.unmeasured].map(|count| count.load(Ordering::Relaxed));
        coverage.style = match (measured, unmeasured) {
            (0, 0) => Style::Off,
            (0, _) => Style::Unavailable,
            (_, _) => Style::Measured,
        };
        coverage.measured =
            (coverage.style != Style::Off).then_some(MeasuredPages { pages: measured, lost: unmeasured });
    }

    /// Counts a page that was read before, by an earlier attempt at the run.
    pub(super) fn recall(&self, reading: &Reading) {
        self.measured.fetch_add(u64::from(reading.measured), Ordering::Relaxed);
        self.unmeasured.fetch_add(u64::from(reading.unmeasured.is_some()), Ordering::Relaxed);
    }

    /// Looks at a page; `rounds` says how often its sheets were fetched before.
    pub(super) fn look(&self, page: &Page<'_>, base: &Url, standing: Standing, rounds: u8) -> Look {
        let not = |why: &str| Look::Seen(Box::new(Seen::Not(why.to_string())), None);
        let Some(document) = &page.document else { return not("it is no document") };
        match self.pages {
            Pages::None => return not("measuring style is switched off (--render)"),
            Pages::Home if standing != Standing::Home => return not("only home pages are measured (--render home)"),
            Pages::Sample if standing != Standing::Home && !is_drawn(&page.capture.url) => {
                return not("it is not in the sample that is measured (--render sample)");
            }
            Pages::All | Pages::Home | Pages::Sample => {}
        }
        let Some(pool) = &self.pool else {
            self.unmeasured.fetch_add(1, Ordering::Relaxed);
            return not("the program that measures style cannot be found");
        };
        let shelved = |url: &Url| match self.shelf().known.get(url) {
            Some(known) => known.clone(),
            // Sheets that push each other from the shelf would be fetched for ever.
            None if rounds >= MOST_ROUNDS => Shelved::Failed("the page has more style than is kept".to_string()),
            None => Shelved::Unknown,
        };
        match style::gather(document, base, &shelved) {
            Gathered::Wants(urls) => Look::Wants(urls),
            Gathered::Whole(sources, unread) => self.measure(pool, document, sources, unread),
        }
    }

    fn measure(&self, pool: &Pool, document: &Document, sources: Vec<Source>, unread: Vec<UnreadSheet>) -> Look {
        let errand = style::errand(document, &sources, &Viewport::ALL);
        let first = {
            let _beside = self.alone.read().unwrap_or_else(PoisonError::into_inner);
            pool.ask(&errand)
        };
        let asked = match first {
            Err(Lost::Late) => {
                let _alone = self.alone.write().unwrap_or_else(PoisonError::into_inner);
                pool.ask(&errand)
            }
            other => other,
        };
        let lost = asked.as_ref().err().map(|lost| format!("its style could not be measured: {lost}"));
        let views = asked.map_err(|lost| lost.to_string()).and_then(|answer| style::answered(&answer));
        match views {
            Ok(views) => {
                self.measured.fetch_add(1, Ordering::Relaxed);
                Look::Seen(Box::new(Seen::Measured(Measured { views, unread, sheets: sources })), None)
            }
            Err(why) => {
                self.unmeasured.fetch_add(1, Ordering::Relaxed);
                Look::Seen(Box::new(Seen::Not(format!("its style could not be measured: {why}"))), lost)
            }
        }
    }

    /// Takes in what was said at the address of a sheet.
    pub(super) fn learn(&self, url: Url, reply: Reply) {
        let known = match reply {
            Reply::Captured(capture) => sheet(&capture),
            // What a browser gets nothing for, it does without.
            Reply::Missing => Shelved::Text("".into(), url.clone()),
            Reply::Unknown => Shelved::Failed("it was not fetched".to_string()),
            Reply::Problem(problem) => Shelved::Failed(format!("{}: {}", problem.kind.as_str(), problem.detail)),
        };
        let octets = if let Shelved::Text(text, _) = &known { text.len() } else { 0 };
        let mut shelf = self.shelf();
        if shelf.octets + octets > KEPT {
            *shelf = Shelf::default();
        }
        shelf.octets += octets;
        shelf.known.insert(url, known);
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// True for the same tenth of all addresses in every run.
fn is_drawn(url: &Url) -> bool {
    blake3::hash(url.as_str().as_bytes()).as_bytes()[0].is_multiple_of(ONE_OF)
}

/// The key of the question for a sheet.
pub(super) fn key(url: &Url) -> String {
    format!("{KEY}{url}")
}

/// The address of the sheet that a question was for.
pub(super) fn asked(key: &str) -> Option<Url> {
    Url::parse(key.strip_prefix(KEY)?).ok()
}

/// What a browser makes of an answer where it wants a sheet (HTML, 4.6.8; CSS Syntax 3, 3.2).
fn sheet(capture: &Capture) -> Shelved {
    if capture.truncated {
        return Shelved::Failed("it is larger than the cap".to_string());
    }
    match capture.status {
        200..=299 => {}
        404 | 410 => return Shelved::Text("".into(), capture.url.clone()),
        status => return Shelved::Failed(format!("it answered {status}")),
    }
    // Browsers do not take a page for a sheet.
    if capture.media.is_html() {
        return Shelved::Text("".into(), capture.url.clone());
    }
    Shelved::Text(Arc::from(decoded(capture)), capture.url.clone())
}

/// The text of a sheet: by its byte order mark, the header, its `@charset`, else UTF-8.
fn decoded(capture: &Capture) -> String {
    let body = &capture.body[..];
    let header = capture.header("content-type").and_then(|value| {
        let value = value.to_ascii_lowercase();
        let label = value.split(';').find_map(|part| part.trim().strip_prefix("charset=").map(str::to_string))?;
        encoding_rs::Encoding::for_label(label.trim_matches('"').as_bytes())
    });
    let own = || {
        let rest = body.strip_prefix(b"@charset \"")?;
        let end = rest.iter().take(60).position(|byte| *byte == b'"')?;
        encoding_rs::Encoding::for_label(&rest[..end])
    };
    let encoding = header.or_else(own).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(body).0.into_owned()
}
