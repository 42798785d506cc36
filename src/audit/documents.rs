//! The documents of the sites: which are fetched, and how they are read.
//!
//! In: sites whose pages are done. Out: asks to the crawl, one at a time for each site, and documents read in child processes. Invariants:
//! a document costs at most one request, and goes through the same robots.txt, pace and guard as a page; at most [`OPEN`] sites hold
//! a document in memory; what kills its reader is a problem, and the next one is read. Tested in `tests/it/documents.rs`.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use url::Url;

use super::cores;
use crate::crawl::SiteId;
use crate::document::{self, Document};
use crate::facts::{Documents, Found};
use crate::web::{Capture, ProblemKind};
use crate::worker::{Bounds, Lost, Pool, Program, serve};

/// The word that replies about documents carry.
pub(super) const KEY: &str = "document";
/// Sites whose documents are fetched and read at once.
const OPEN: usize = 8;
/// How long a document may be read: a backstop, since what it stops depends on the machine.
const CLOCK: Duration = Duration::from_secs(30);
/// What a child may use: a document of the largest size a few times over, and the stack of a deep one.
const BOUNDS: Bounds = Bounds { memory: 512 << 20, stack: 64 << 20 };

/// The subcommand that reads documents.
pub const WORKER: &str = "document-worker";

/// How documents are looked at.
#[derive(Clone, Debug)]
pub struct DocumentSettings {
    /// Documents a site; `None` is all of them.
    pub most: Option<u64>,
    /// Octets of documents a site, as they come over the wire; `None` is without end. None is begun beyond.
    pub most_octets: Option<u64>,
    /// What reads them; `None` is this executable.
    pub program: Option<Program>,
}

impl Default for DocumentSettings {
    fn default() -> Self {
        Self { most: Some(50), most_octets: Some(100 << 20), program: None }
    }
}

/// Reads documents from standard input until it ends: the child's side.
///
/// # Errors
/// When the limits cannot be set, or the parent is gone.
pub fn document_worker() -> io::Result<()> {
    serve(BOUNDS, |body| serde_json::to_vec(&document::read(body)).unwrap_or_default())
}

/// What is left to do for the documents of one site.
#[derive(Debug, Default)]
pub(super) struct Errands {
    waiting: VecDeque<Url>,
    asked: Option<Url>,
    octets_left: Option<u64>,
    beyond: &'static str,
    pub(super) state: Stage,
}

/// How far a site is with its documents.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Stage {
    /// Its pages are not done.
    #[default]
    Before,
    /// It waits for its turn, or is fetching and reading.
    Under,
    /// Nothing is left.
    Done,
}

impl Errands {
    /// Chooses what to look at; what is left says why it was left.
    pub(super) fn choose(&mut self, documents: &mut Documents, settings: &DocumentSettings) {
        let mut all: Vec<&Url> = documents.keys().collect();
        all.sort_by_cached_key(|url| documents[*url].rank(url));
        let most = settings.most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        self.waiting = all.into_iter().take(most).cloned().collect();
        self.octets_left = settings.most_octets;
        self.beyond = "the run was stopped before";
        let reason = if most == 0 { "reading documents is off" } else { "more documents than --max-documents" };
        documents.values_mut().for_each(|document| document.found = Found::NotLooked(reason.to_string()));
        for url in &self.waiting {
            if let Some(document) = documents.get_mut(url) {
                document.found = Found::NotLooked(self.beyond.to_string());
            }
        }
    }

    /// The next document to ask for; none when nothing is left, or the octets are spent.
    pub(super) fn next(&mut self, documents: &mut Documents) -> Option<Url> {
        if self.octets_left == Some(0) {
            for url in self.waiting.drain(..) {
                if let Some(document) = documents.get_mut(&url) {
                    document.found = Found::NotLooked("more octets than --max-document-bytes".to_string());
                }
            }
        }
        self.asked = self.waiting.pop_front();
        self.asked.clone()
    }

    /// The document that was asked for, once.
    pub(super) fn answered(&mut self) -> Option<Url> {
        self.asked.take()
    }

    /// Takes the octets of an answer off the budget.
    pub(super) fn spend(&mut self, octets: u64) {
        self.octets_left = self.octets_left.map(|left| left.saturating_sub(octets));
    }
}

/// A document after reading.
pub(super) struct ReadDocument {
    /// The number of its site in the run, and in its source.
    pub(super) site: SiteId,
    pub(super) source: SiteId,
    pub(super) url: Url,
    pub(super) found: Found,
}

/// Where documents are read.
pub(super) struct Desk {
    pool: Arc<Pool>,
    reading: JoinSet<ReadDocument>,
    /// Sites that wait for their turn.
    pub(super) waiting: VecDeque<(SiteId, SiteId)>,
    pub(super) open: usize,
}

impl Desk {
    /// A desk with as many readers as there are cores; none is started before there is a document.
    pub(super) fn of(settings: &DocumentSettings) -> Self {
        let this =
            || Program::this(WORKER).unwrap_or(Program { path: "idea-audit".into(), arguments: vec![WORKER.into()] });
        let program = settings.program.clone().unwrap_or_else(this);
        Self {
            pool: Arc::new(Pool::of(program, cores::number().min(OPEN), CLOCK)),
            reading: JoinSet::new(),
            waiting: VecDeque::new(),
            open: 0,
        }
    }

    /// The next site whose turn it is.
    pub(super) fn turn(&mut self) -> Option<(SiteId, SiteId)> {
        let next = if self.open < OPEN { self.waiting.pop_front() } else { None };
        self.open += usize::from(next.is_some());
        next
    }

    /// Begins to read.
    pub(super) fn read(&mut self, site: SiteId, source: SiteId, url: Url, capture: Box<Capture>) {
        let pool = self.pool.clone();
        self.reading.spawn_blocking(move || {
            let found = found(&pool, &capture);
            ReadDocument { site, source, url, found }
        });
    }

    /// The next document that was read; `None` when nothing is being read.
    pub(super) async fn next(&mut self) -> Option<ReadDocument> {
        loop {
            match self.reading.join_next().await? {
                Ok(read) => return Some(read),
                // A reader that panics on this side would be a fault of the pool, which catches what its children do.
                Err(_) => self.open -= 1,
            }
        }
    }

    /// True when nothing is being read.
    pub(super) fn is_idle(&self) -> bool {
        self.reading.is_empty()
    }
}

fn found(pool: &Pool, capture: &Capture) -> Found {
    let lost = |lost: &Lost| match lost {
        Lost::Late | Lost::Died => ProblemKind::TooComplex,
        Lost::Stumbled | Lost::Unstarted(_) => ProblemKind::Internal,
    };
    match pool.ask(&capture.body) {
        Err(why) => Found::Problem(lost(&why), format!("reading the document: {why}")),
        Ok(answer) => match serde_json::from_slice::<Result<Document, String>>(&answer) {
            Ok(Ok(document)) => Found::Read(Box::new(document)),
            Ok(Err(why)) => Found::Problem(ProblemKind::Malformed, format!("the document: {why}")),
            Err(error) => Found::Problem(ProblemKind::Internal, format!("what its reader said: {error}")),
        },
    }
}
