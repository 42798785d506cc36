//! The loop that runs an audit.
//!
//! In: a plan and somebody who watches. Out: a report. Pages are judged on threads of their own, at most two for each core are
//! taken up at a time, so that memory holds few documents; the crawl waits meanwhile. Invariant: the order in which answers arrive does not
//! show in the report. Tested in `tests/it/audit.rs`.

mod arriving;
mod ending;
mod papers;
mod sheets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use url::Url;

use super::assemble::Stamp;
use super::burden::Burden;
use super::cores::{self, Cores};
use super::documents::{self, Desk, Stage};
use super::doors;
use super::judging::{Done, Job, Judged};
use super::ledger::Recorder;
use super::needs;
use super::observer::Observer;
use super::plan::{Plan, Target};
use super::probing::{Probed, Probes, Wanted};
use super::seeing::{self, Eyes};
use super::site::{SiteWork, spelled};
use super::source::{Next, Source};
use crate::checks::LooksAt;
use crate::crawl::{Ask, Crawl, Event, Folder, Follow, Looked, Redirects, Reply as Heard, SetupError, SiteId, Span};
use crate::engine::Engine;
use crate::facts::Reply;
use crate::report::{ProblemRow, Report, RuleRow};
use crate::rules::{Origin, Profile};
use crate::store::StoreError;
use crate::web::{Problem, ProblemKind, address};

/// How often whoever watches is told how things stand.
const TICK: Duration = Duration::from_millis(200);
/// Captures waiting for a core, for each core: enough to keep it busy, few enough for memory.
const WAITING_PER_CORE: usize = 2;

/// Probes under way, for each site that may be open, before the crawl waits for them.
const PROBES_PER_SITE: usize = 4;

/// Octets of what rules asked for that are kept until the sites are judged, of all open sites together.
const REPLIES: u64 = 256 << 20;
/// A reply this small is always kept.
const SMALL: u64 = 64 << 10;

/// Why an audit could not begin.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A target or a setting cannot be used.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Carries out a plan.
///
/// # Errors
/// When a target, a setting or the store cannot be used; nothing that a site does is an error.
pub async fn audit(plan: Plan, observer: &mut dyn Observer) -> Result<Report, AuditError> {
    let mut sources = sources(&plan)?;
    let engine = Arc::new(Engine::of(plan.selected.clone(), plan.set.sources.clone(), plan.days));
    let probes = Probes::of(&plan.probe);
    let resumed = plan.ledger.as_ref().and_then(|ledger| ledger.resume.clone());
    let stamp = resumed.map_or_else(Stamp::now, |line| Stamp::of(line.uuid, line.started));
    let recorder = match &plan.ledger {
        Some(ledger) => Some(ending::recorder(ledger, &plan, &engine, stamp.clone(), &mut sources).await?),
        None => None,
    };
    let mut work = Work {
        plan: &plan,
        engine,
        rules: None,
        sites: BTreeMap::new(),
        opened: 0,
        recorder,
        stamp,
        stopped: false,
        begun: Instant::now(),
        held: 0,
        observer,
        base: 0,
        probes,
        eyes: Arc::new(Eyes::of(&plan.rendering)),
        cores: if plan.rendering.measures() { None } else { Cores::begin() },
        burden: Burden::default(),
        parked: Vec::new(),
        asked: BTreeSet::new(),
        desk: Desk::of(&plan.documents),
    };
    for mut source in sources {
        if work.stopped {
            source.stop();
        }
        work.run(source).await;
        work.base = work.opened;
        if let Some(recorder) = &work.recorder {
            recorder.number_from(work.base);
        }
    }
    work.report().await
}

/// Folders one by one, then all web targets together.
fn sources(plan: &Plan) -> Result<Vec<Source>, SetupError> {
    let mut sources = Vec::new();
    let mut seeds = Vec::new();
    for target in &plan.targets {
        match target {
            Target::Web(url) => seeds.push(url.clone()),
            Target::Folder(path) => {
                let settings = &plan.crawl;
                let folder = Folder::open(
                    path,
                    plan.publish_at.as_ref(),
                    &settings.include,
                    &settings.exclude,
                    settings.follow,
                )?;
                sources.push(Source::Folder(Box::new(folder)));
            }
        }
    }
    if !seeds.is_empty() {
        sources.push(Source::Network(Box::new(Crawl::new(plan.crawl.clone(), seeds)?)));
    }
    if sources.is_empty() { Err(SetupError::NoTargets) } else { Ok(sources) }
}

struct Work<'p> {
    plan: &'p Plan,
    engine: Arc<Engine>,
    /// The rules as each report of the run has them, once a site was written down.
    rules: Option<Vec<RuleRow>>,
    /// The sites that are held in memory: all, but those that were written down.
    sites: BTreeMap<SiteId, SiteWork>,
    /// Sites so far.
    opened: u32,
    recorder: Option<Recorder>,
    stamp: Stamp,
    stopped: bool,
    begun: Instant,
    /// Octets of replies that are kept.
    held: u64,
    observer: &'p mut dyn Observer,
    /// Sites of earlier sources, so that numbers stay apart.
    base: u32,
    probes: Probes,
    eyes: Arc<Eyes>,
    /// Who judges pages, where none of them is measured: that waits for children.
    cores: Option<Cores>,
    /// What the pages that are being judged weigh.
    burden: Burden,
    /// Pages that wait for style sheets, and for which.
    parked: Vec<(Box<Job>, BTreeSet<Url>)>,
    /// Style sheets that are on their way.
    asked: BTreeSet<Url>,
    desk: Desk,
}

impl Work<'_> {
    async fn run(&mut self, mut source: Source) {
        let mut judging: JoinSet<Done> = JoinSet::new();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let end = self.plan.crawl.max_run_time.map(|most| self.begun + most);
        // Sites wait for their probes: where these are slower than the crawl, it waits for them.
        let probes = self.plan.crawl.open_sites.saturating_mul(PROBES_PER_SITE);
        let mut awaits_links = false;
        let mut crawled = false;
        while !crawled || !self.probes.is_empty() || !self.desk.is_idle() {
            let idle = judging.len() < cores::number() * WAITING_PER_CORE && self.burden.has_room();
            let may_take = idle && !awaits_links && !crawled && self.probes.len() < probes;
            let busy = judging.len();
            let owed = busy + self.parked.len();
            tokio::select! {
                biased;
                _ = tick.tick() => {
                    self.observer.standing(&source.snapshot());
                    let is_late = end.is_some_and(|end| end <= Instant::now());
                    if !self.stopped && (self.observer.wants_stop() || is_late) {
                        self.stop(&mut source);
                    }
                }
                Some(joined) = judging.join_next(), if busy > 0 => {
                    awaits_links = false;
                    match joined {
                        Ok(Done::Judged(judged)) => self.judged(*judged, &mut source),
                        Ok(Done::Waits(job, sheets)) => self.park(job, sheets, &mut source),
                        Err(_) => {}
                    }
                }
                // What ends sites goes before what opens more of them, and a wish to stop before all: a crawl may always have something to tell.
                Some(read) = self.desk.next(), if !self.desk.is_idle() => {
                    self.document_read(read, &mut source);
                    // A site may ask for its next document after the crawl had nothing left.
                    crawled = false;
                }
                Some(probed) = self.probes.next(), if !self.probes.is_empty() => self.probed(probed),
                next = source.next(owed), if may_take => match next {
                    Next::Event(event) => {
                        let opened = matches!(*event, Event::Site { .. });
                        self.event(*event, &mut source, &mut judging);
                        if opened {
                            self.remember().await;
                        }
                    }
                    Next::AwaitsLinks => awaits_links = true,
                    Next::Done => crawled = true,
                },
            }
            if let Some(recorder) = &mut self.recorder
                && let Err(error) = recorder.flush().await
            {
                self.observer.store_failed(error);
                self.stop(&mut source);
            }
        }
    }

    /// Begins nothing more.
    fn stop(&mut self, source: &mut Source) {
        self.stopped = true;
        source.stop();
        self.probes.stop();
    }

    fn event(&mut self, event: Event, source: &mut Source, judging: &mut JoinSet<Done>) {
        match event {
            Event::Site { site, name, root, seed } => self.open(site, name, root, &seed, source),
            Event::Page { site, depth, capture, aliases, content } => {
                let standing = self.site(site).standing(&capture.url, &aliases);
                self.page(site, depth, capture, (aliases, standing), content, judging);
            }
            Event::Alias { site, from, to } => {
                // A site that has ended may be written down and gone.
                let number = self.numbered(site);
                if let Some(work) = self.sites.get_mut(&number) {
                    work.alias(&from, &to);
                }
            }
            Event::File { site, url, at, media, name } => self.file(site, url, at, &media, name),
            Event::Missing { site, url } => drop(self.site(site).facts.missing.insert(url)),
            Event::Reply { site, key, reply } => match seeing::asked(&key) {
                Some(sheet) => self.sheet(site, sheet, reply, judging),
                None if key == documents::KEY => self.document(site, reply, source),
                None => self.reply(site, &key, reply),
            },
            Event::Problem { site, problem, url, looked } => self.problem(site, &problem, &url, looked),
            Event::SiteDone { site, discovered, fetched, skipped } => {
                let work = self.site(site);
                work.discovered = discovered;
                work.fetched = fetched;
                work.skipped = skipped.into_iter().map(|(reason, count)| (reason.to_string(), count)).collect();
                work.crawled = true;
                self.begin_documents(site, source);
            }
        }
    }

    fn probed(&mut self, probed: Probed) {
        let site = probed.site;
        if let Some(work) = self.sites.get_mut(&site) {
            work.probing -= 1;
            work.probed.push(probed);
        }
        self.finish_when_seen(site);
    }

    fn finish_when_seen(&mut self, site: SiteId) {
        let seen = |work: &SiteWork| work.crawled && work.probing == 0 && work.errands.state == Stage::Done;
        if self.sites.get(&site).is_some_and(seen) {
            self.finish(site);
        }
    }

    fn site(&mut self, site: SiteId) -> &mut SiteWork {
        self.sites.get_mut(&self.numbered(site)).expect("the crawl names a site before anything else of it")
    }

    fn numbered(&self, site: SiteId) -> SiteId {
        SiteId(self.base + site.0)
    }

    fn open(&mut self, site: SiteId, name: String, root: Url, seed: &Url, source: &mut Source) {
        let profile = self.profile(&name, seed);
        let mut work = SiteWork::of(name, root, profile, self.engine.roll(), source.is_folder());
        self.opened += 1;
        let number = self.numbered(site);
        if let Some(recorder) = self.recorder.as_mut().filter(|recorder| recorder.writes()) {
            work.ended = recorder.has_ended(&work.name);
            work.marks = Some(BTreeMap::new());
            if !work.ended {
                recorder.open(number, seed);
            }
        }
        if self.recorder.is_none() && self.observer.wants_marks() {
            work.marks = Some(BTreeMap::new());
        }
        work.needs = self.engine.needs(&work.profile, &work.name);
        let mut asks = needs::first_asks(site, &work.root, &work.needs);
        if self.engine.wants_hosts() && !source.is_folder() {
            work.names = doors::names(&work.root, seed);
            asks.extend(work.names.iter().flat_map(|(standing, url)| doors::asks(site, *standing, url)));
        }
        self.probe(&mut work, self.numbered(site), source);
        if self.plan.crawl.follow == Follow::Named {
            work.facts.unseen.insert("links were not followed".to_string());
        }
        let browser = needs::browser_ask(site, &work.root, &work.needs);
        self.sites.insert(self.numbered(site), work);
        browser.into_iter().for_each(|ask| source.ask_as_browser(ask));
        asks.into_iter().for_each(|ask| source.ask(ask));
    }

    /// Begins to look at the hosts of a site.
    fn probe(&mut self, work: &mut SiteWork, number: SiteId, source: &Source) {
        let wanted =
            Wanted { handshakes: self.engine.wants(LooksAt::Handshakes), names: self.engine.wants(LooksAt::Names) };
        let Some(keeper) = source.doorkeeper().filter(|_| wanted.handshakes || wanted.names) else { return };
        for (standing, url) in &work.names {
            // What the name system says of a registered name is asked for once, not with its twin again.
            let wanted = Wanted { names: wanted.names && standing.is_first(), ..wanted };
            self.probes.begin(number, *standing, url, keeper.clone(), wanted);
            work.probing += 1;
        }
    }

    /// What was given, then what the target list says, then what lists of domains know of the host.
    fn profile(&self, name: &str, seed: &Url) -> Profile {
        let seed_name = address::site_of(seed);
        let hosts = [name, seed_name.as_str()];
        let row = hosts.into_iter().find_map(|host| self.plan.owners.get(address::without_www(host)));
        let nothing = Profile::default();
        self.plan.profile.clone().or(row.unwrap_or(&nothing), &Origin::Listed).inferred(name, &self.plan.domains)
    }

    fn judged(&mut self, mut judged: Judged, source: &mut Source) {
        let (site, depth, url) = (judged.site, judged.depth, judged.capture.url.clone());
        let links = std::mem::take(&mut judged.reading.links);
        let linked = std::mem::take(&mut judged.reading.linked);
        let problems = [judged.reading.problem.clone(), judged.reading.unmeasured.clone()];
        for (need, target) in linked {
            match target {
                Some(_) if self.plan.crawl.span == Span::Home => {
                    self.site(site).facts.replies.insert(need, Reply::Unknown);
                }
                Some(target) => source.ask(Ask { site, key: need, url: target, follow: Redirects::Follow }),
                None => {
                    self.site(site).facts.replies.insert(need, Reply::NotLinked);
                }
            }
        }
        let site_number = self.numbered(site);
        self.keep(site_number, &judged);
        let stumbled = problems.iter().flatten().any(|problem| problem.kind == ProblemKind::Internal);
        if let (Some(octets), Some(recorder)) = (judged.packed.take(), self.recorder.as_mut().filter(|_| !stumbled)) {
            recorder.read(&judged.capture, octets);
        }
        if let Some(work) = self.sites.get_mut(&site_number) {
            let (row, findings) = work.take(judged);
            self.observer.page(row, findings);
        }
        problems.iter().flatten().for_each(|problem| self.note(site_number, problem));
        source.discovered(site, depth, &url, links);
    }

    fn reply(&mut self, site: SiteId, key: &str, mut heard: Heard) {
        let weight = needs::octets(&heard);
        let held = self.held + weight;
        if held > REPLIES && weight > SMALL {
            heard = needs::without_room(&heard);
        } else {
            self.held = held;
            self.site(site).held += weight;
        }
        let work = self.site(site);
        if let Heard::Problem(problem) = &heard
            && !doors::may_be_silent(key)
        {
            work.unanswered.push(problem.clone());
        }
        if let Err(heard) = work.doors.take(key, heard) {
            work.facts.replies.insert(key.to_string(), needs::fact(heard));
        }
    }

    fn problem(&mut self, site: SiteId, problem: &Problem, url: &Url, looked: Looked) {
        let number = self.numbered(site);
        if looked == Looked::ForPage
            && let Some(work) = self.sites.get_mut(&number)
        {
            self.observer.page(work.miss(url, problem), &[]);
        }
        self.note(number, problem);
    }

    fn note(&mut self, site: SiteId, problem: &Problem) {
        let row = ProblemRow {
            url: spelled(&problem.url),
            kind: problem.kind.as_str().to_string(),
            detail: problem.detail.clone(),
        };
        self.observer.problem(&row);
        if let Some(work) = self.sites.get_mut(&site) {
            work.problems.push(row);
        }
    }
}
