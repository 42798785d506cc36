//! Where an audit writes down what it sees, and how it goes on where an earlier one was killed.
//!
//! In: a store, perhaps a run in it that did not end. Out: [`Recorder`], to which the conductor tells what it hears and reads. Writing
//! happens beside the audit, in small batches, each whole. Invariant: what a batch holds is not fetched and not judged again; a store
//! that fails ends the recording and loses no result. Tested in `tests/it/resume.rs`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use url::Url;

use super::carrying::Carrying;
use super::comparing::{self, Outline, Seen};
use super::plan::Plan;
use crate::crawl::{Before, Crawl, Diary, NoteKey, Recalled, Said, SiteId};
use crate::finding::Finding;
use crate::report::Report;
use crate::store::{
    Claim, Ended, Entry, Listed, Mark, NewRun, Readings, RunId, RunLine, RunState, Store, StoreError, patiently,
};
use crate::web::{Capture, address};

/// Batches that wait for the store; then the audit waits, too.
const WAITING: usize = 64;

/// How long a database may be away before the recording ends.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// Where a run is written down.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The store.
    pub store: Store,
    /// The run to go on with; a new one where there is none.
    pub resume: Option<RunLine>,
    /// Whether the report holds its rows.
    pub rows: Rows,
    /// Which pages are judged.
    pub judge: Judge,
}

/// Which pages are judged.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Judge {
    /// Every page.
    #[default]
    All,
    /// Those that changed since an earlier run of this kind; what was found of the others then is carried over.
    Changed,
}

/// Whether the report of a run that is written down holds its sites, pages, findings and problems.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Rows {
    /// It does.
    #[default]
    Held,
    /// They stay in the store, and the report has the numbers alone: tens of thousands of sites do not fit into memory.
    Left,
}

/// What the recorder is told.
enum Told {
    Opened { site: SiteId, target: String },
    Heard(Vec<Said>),
    Read(Entry),
    Done { site: SiteId, closing: Box<Closing> },
}

/// What is written when a site ends.
pub(super) struct Closing {
    pub(super) report: Report,
    pub(super) marks: BTreeMap<String, Mark>,
    pub(super) ended: Ended,
    /// What is compared with other sites, where there may be some.
    pub(super) outline: Option<Outline>,
    /// What is kept of its pages for a later run.
    pub(super) readings: Option<Readings>,
}

/// Writes a run down.
pub(super) struct Recorder {
    store: Store,
    run: RunId,
    diary: Arc<Notes>,
    /// Targets that are done.
    finished: BTreeSet<String>,
    /// Sites that are done.
    ended: BTreeSet<String>,
    sender: Option<Sender<Told>>,
    waiting: Vec<Told>,
    writer: JoinHandle<Result<(), StoreError>>,
}

impl Recorder {
    /// Begins to write, in a run of its own or in the one to go on with. `frame` is a report without sites.
    pub(super) async fn begin(ledger: &Ledger, frame: &Report, plan: &Plan) -> Result<Self, StoreError> {
        let store = ledger.store.clone();
        let (run, known) = match &ledger.resume {
            Some(line) => {
                store.reopen(line.id).await?;
                (line.id, store.noted(line.id).await?)
            }
            None => {
                let new = NewRun { frame, plan: &plan.span(), settings: &plan.digest(), targets: &[] };
                (store.begin(&new).await?, Vec::new())
            }
        };
        let mut finished = BTreeSet::new();
        let mut ended = BTreeSet::new();
        for target in store.targets(run).await? {
            if matches!(target.state.as_str(), "done" | "same") {
                finished.insert(target.target);
                ended.extend(target.site);
            }
        }
        let known = known.iter().filter_map(|key| NoteKey::try_from(&key[..]).ok()).collect();
        let carrying = (ledger.judge == Judge::Changed).then(|| Arc::new(Carrying::of(plan, store.clone())));
        let diary = Arc::new(Notes { known, carrying, ..Notes::of(store.clone(), run) });
        let (sender, receiver) = channel(WAITING);
        let writer = tokio::spawn(write(store.clone(), run, diary.clone(), receiver));
        let sender = Some(sender);
        Ok(Self { store, run, diary, finished, ended, sender, waiting: Vec::new(), writer })
    }

    /// Has a crawl write down what it hears, and leave out what is done. Enlists its targets.
    pub(super) async fn accompany(&self, crawl: &mut Crawl, owner: impl Fn(&Url) -> Listed) -> Result<(), StoreError> {
        let targets: Vec<Listed> = crawl.targets().map(owner).collect();
        self.store.enlist(self.run, &targets).await?;
        crawl.leave_out(&|target| self.finished.contains(target.as_str()));
        crawl.keep(self.diary.clone(), self.ended.iter().cloned());
        Ok(())
    }

    /// True for a site that an earlier attempt at this run finished.
    pub(super) fn has_ended(&self, site: &str) -> bool {
        self.ended.contains(site)
    }

    /// Sites of the next source are numbered from here.
    pub(super) fn number_from(&self, base: u32) {
        self.diary.base.store(base, Ordering::Relaxed);
    }

    /// What an earlier attempt at this run read of a page; none where it did not.
    pub(super) fn earlier(&self, page: &Capture) -> Option<Recalled> {
        let key = reading_key(page);
        self.diary.knows(&key).then(|| self.diary.recall(key))
    }

    /// What earlier runs kept, where that is wanted.
    pub(super) fn carrying(&self) -> Option<&Carrying> {
        self.diary.carrying.as_deref()
    }

    /// A site was opened for a target.
    pub(super) fn open(&mut self, site: SiteId, target: &Url) {
        self.waiting.push(Told::Opened { site, target: target.to_string() });
    }

    /// A page was read.
    pub(super) fn read(&mut self, page: &Capture, octets: Vec<u8>) {
        let host = address::site_of(&page.url);
        self.waiting.push(Told::Read(Entry { key: reading_key(page).to_vec(), host, octets }));
    }

    /// A site has ended.
    pub(super) fn close(&mut self, site: SiteId, closing: Closing) {
        self.waiting.push(Told::Done { site, closing: Box::new(closing) });
    }

    /// Hands what was told since to the writer; waits where that is behind. An error is given once, and ends the recording.
    pub(super) async fn flush(&mut self) -> Result<(), StoreError> {
        let Some(sender) = &self.sender else { return Ok(()) };
        let heard = std::mem::take(&mut *self.diary.heard.lock().expect("no holder of this lock panics"));
        // What was heard of a site goes before its end.
        let first = (!heard.is_empty()).then_some(Told::Heard(heard));
        for told in first.into_iter().chain(std::mem::take(&mut self.waiting)) {
            if sender.send(told).await.is_err() {
                self.sender = None;
                return self.writer_ended().await;
            }
        }
        Ok(())
    }

    async fn writer_ended(&mut self) -> Result<(), StoreError> {
        match (&mut self.writer).await {
            Ok(done) => done,
            Err(error) => Err(StoreError::Broken { what: "a writer", reason: error.to_string() }),
        }
    }

    /// Waits until everything is written.
    pub(super) async fn finish(&mut self) -> Result<(), StoreError> {
        self.flush().await?;
        if self.sender.take().is_none() {
            return Ok(());
        }
        self.writer_ended().await
    }

    /// Whether anything is written any more.
    pub(super) fn writes(&self) -> bool {
        self.sender.is_some()
    }

    /// Judges what can be judged only when all sites were seen.
    pub(super) async fn compare(
        &self,
        plan: &Plan,
        seen: Seen,
        mut tell: impl FnMut(&[Finding]),
    ) -> Result<(), StoreError> {
        comparing::compare(&self.store, self.run, plan, seen, &mut tell).await
    }

    /// The report over all sites that are written down.
    pub(super) async fn report(&self) -> Result<Report, StoreError> {
        patiently(PATIENCE, || self.store.report(self.run)).await
    }

    /// The numbers over all sites that are written down.
    pub(super) async fn summary(&self) -> Result<Report, StoreError> {
        patiently(PATIENCE, || self.store.summary(self.run)).await
    }

    /// Ends the run in the store.
    pub(super) async fn end(&self, report: &Report) -> Result<(), StoreError> {
        let state = if report.run.stopped { RunState::Stopped } else { RunState::Finished };
        patiently(PATIENCE, || self.store.finish(self.run, state, &report.run.finished, Some(report))).await
    }
}

/// The key of what was read of a page.
pub(super) fn reading_key(page: &Capture) -> NoteKey {
    let mut hash = blake3::Hasher::new();
    hash.update(format!("reading {}\0", page.url).as_bytes());
    hash.update(&page.body);
    *hash.finalize().as_bytes().first_chunk().expect("a hash has 32 octets")
}

/// The diary of the crawl.
pub(super) struct Notes {
    store: Store,
    run: RunId,
    known: HashSet<NoteKey>,
    carrying: Option<Arc<Carrying>>,
    base: AtomicU32,
    heard: Mutex<Vec<Said>>,
    /// Targets by the site they led to.
    targets: Mutex<BTreeMap<SiteId, Vec<String>>>,
    hosts: Mutex<BTreeMap<SiteId, Vec<String>>>,
}

impl Notes {
    fn of(store: Store, run: RunId) -> Self {
        Self {
            store,
            run,
            known: HashSet::new(),
            carrying: None,
            base: AtomicU32::new(0),
            heard: Mutex::default(),
            targets: Mutex::default(),
            hosts: Mutex::default(),
        }
    }

    fn numbered(&self, site: SiteId) -> SiteId {
        SiteId(self.base.load(Ordering::Relaxed) + site.0)
    }

    fn taken(map: &Mutex<BTreeMap<SiteId, Vec<String>>>, site: SiteId) -> Vec<String> {
        map.lock().expect("no holder of this lock panics").remove(&site).unwrap_or_default()
    }
}

impl Diary for Notes {
    fn note(&self, said: Said) {
        self.heard.lock().expect("no holder of this lock panics").push(said);
    }

    fn landed(&self, site: SiteId, target: &Url) {
        let site = self.numbered(site);
        self.targets.lock().expect("no holder of this lock panics").entry(site).or_default().push(target.to_string());
    }

    fn done(&self, site: SiteId, hosts: Vec<String>) {
        self.hosts.lock().expect("no holder of this lock panics").insert(self.numbered(site), hosts);
    }

    fn knows(&self, key: &NoteKey) -> bool {
        self.known.contains(key)
    }

    fn before(&self, key: &NoteKey) -> Option<Arc<Before>> {
        self.carrying.as_ref()?.before(key)
    }

    fn recall(&self, key: NoteKey) -> Recalled {
        let (store, run) = (self.store.clone(), self.run);
        // A note that cannot be read is one that is not there: the address is asked anew.
        Box::pin(async move { store.entry(run, &key).await.ok().flatten() })
    }
}

async fn write(store: Store, run: RunId, diary: Arc<Notes>, mut receiver: Receiver<Told>) -> Result<(), StoreError> {
    let mut claims: BTreeMap<SiteId, Claim> = BTreeMap::new();
    let mut batch = Vec::new();
    while receiver.recv_many(&mut batch, WAITING).await > 0 {
        let mut entries = Vec::new();
        for told in batch.drain(..) {
            match told {
                Told::Heard(said) => {
                    let packed = tokio::task::spawn_blocking(move || {
                        said.iter()
                            .map(|said| Entry {
                                key: said.key.to_vec(),
                                host: said.host.clone(),
                                octets: said.octets(),
                            })
                            .collect::<Vec<_>>()
                    });
                    entries.extend(packed.await.unwrap_or_default());
                }
                Told::Read(entry) => entries.push(entry),
                Told::Opened { site, target } => {
                    let started = Timestamp::now().to_string();
                    let claim = patiently(PATIENCE, || store.claim(run, &target, &started)).await?;
                    claims.insert(site, claim);
                }
                Told::Done { site, closing } => {
                    note(&store, run, std::mem::take(&mut entries)).await?;
                    if let Some(claim) = claims.remove(&site) {
                        close(&store, &claim, &diary, site, *closing).await?;
                    }
                }
            }
        }
        note(&store, run, entries).await?;
    }
    Ok(())
}

async fn note(store: &Store, run: RunId, entries: Vec<Entry>) -> Result<(), StoreError> {
    patiently(PATIENCE, || store.note(run, &entries)).await
}

async fn close(store: &Store, claim: &Claim, diary: &Notes, site: SiteId, closing: Closing) -> Result<(), StoreError> {
    let Closing { report, marks, ended, outline, readings } = closing;
    // First, so that no site is done of which nothing is kept to compare with.
    note(store, claim.run, outline.iter().map(Outline::entry).collect()).await?;
    patiently(PATIENCE, || store.commit(claim, &report, &marks, ended)).await?;
    let hosts = Notes::taken(&diary.hosts, site);
    if ended == Ended::Whole {
        if let Some(row) = report.sites.first() {
            let targets = Notes::taken(&diary.targets, site);
            patiently(PATIENCE, || store.same(claim.run, &targets, &row.site)).await?;
            if let Some(readings) = readings {
                patiently(PATIENCE, || store.keep_readings(claim.run, &row.site, readings.clone())).await?;
            }
        }
        patiently(PATIENCE, || store.forget(claim.run, &hosts)).await?;
    }
    Ok(())
}
