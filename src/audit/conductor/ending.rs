//! The end of a site and of the run: what is judged then, what is written down, and the report.
//!
//! In: a site whose pages, hosts and documents were looked at. Out: its judgement; in a run with a store it is written down and let go. Invariant: a
//! store that fails costs no report of what is still held. Tested in `tests/it/resume.rs` and `tests/it/words.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use url::Url;

use super::{AuditError, Work};
use crate::audit::assemble::{self, Stamp};
use crate::audit::comparing::{Outline, Seen};
use crate::audit::ledger::{Closing, Ledger, Recorder, Rows};
use crate::audit::plan::{Alone, Plan};
use crate::audit::source::Source;
use crate::crawl::SiteId;
use crate::engine::Engine;
use crate::facts::survey::{Print, across};
use crate::facts::{Need, Reply};
use crate::report::Report;
use crate::rules::Profile;
use crate::store::{Ended, Listed, StoreError};
use crate::web::{Problem, ProblemKind, address};

/// Begins to write down, and has the crawl leave out what an earlier attempt at the run finished.
pub(super) async fn recorder(
    ledger: &Ledger,
    plan: &Plan,
    engine: &Engine,
    stamp: Stamp,
    sources: &mut [Source],
) -> Result<Recorder, StoreError> {
    let frame = assemble::report(plan, engine, Vec::new(), false, stamp);
    let recorder = Recorder::begin(ledger, &frame, plan).await?;
    for source in sources {
        let Source::Network(crawl) = source else { continue };
        let owner = |target: &Url| {
            let owner = plan.owners.get(address::without_www(&address::site_of(target)));
            let branch = owner.and_then(|owner| owner.branch).map(|branch| branch.as_str().to_string());
            let said = |of: fn(&Profile) -> &Option<String>| owner.and_then(|owner| of(owner).clone());
            let (agency, bureau) = (said(|owner| &owner.agency), said(|owner| &owner.bureau));
            Listed { target: target.to_string(), agency, bureau, branch }
        };
        recorder.accompany(crawl, owner).await?;
    }
    Ok(recorder)
}

impl Work<'_> {
    /// The report over everything, in memory and written down.
    pub(super) async fn report(mut self) -> Result<Report, AuditError> {
        let (plan, engine, eyes) = (self.plan, self.engine.clone(), self.eyes.clone());
        let held = |mut work: Self| {
            work.compare_sites();
            let Work { sites, stopped, stamp, .. } = work;
            let mut report = assemble::report(plan, &engine, sites.into_values().collect(), stopped, stamp);
            eyes.tell(&mut report.coverage);
            report
        };
        let Some(mut recorder) = self.recorder.take() else { return Ok(held(self)) };
        let rows = plan.ledger.as_ref().map_or(Rows::Held, |ledger| ledger.rows);
        let written = match self.all_written(&mut recorder).await {
            Ok(()) if rows == Rows::Left => recorder.summary().await,
            Ok(()) => recorder.report().await,
            Err(error) => Err(error),
        };
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                self.observer.store_failed(error);
                return Ok(held(self));
            }
        };
        let mut report = match rows {
            Rows::Held => assemble::of_sites(plan, &self.engine, written, self.stopped, self.stamp),
            Rows::Left => assemble::of_numbers(plan, &self.engine, written, self.stopped, self.stamp),
        };
        self.eyes.tell(&mut report.coverage);
        if let Some(carrying) = recorder.carrying() {
            self.observer.carried(carrying.told());
        }
        if let Err(error) = recorder.end(&report).await {
            self.observer.store_failed(error);
        }
        Ok(report)
    }

    /// Waits until every site is written down, and judges them beside each other.
    async fn all_written(&mut self, recorder: &mut Recorder) -> Result<(), StoreError> {
        recorder.finish().await?;
        if self.alone() == Alone::Yes {
            return Ok(());
        }
        let seen = if self.stopped { Seen::Some } else { Seen::All };
        let observer = &mut *self.observer;
        recorder.compare(self.plan, seen, |findings| observer.site(findings)).await
    }

    fn alone(&self) -> Alone {
        if self.plan.targets.len() > 1 { Alone::No } else { self.plan.alone }
    }

    /// What can be said only when all sites were seen: what they have in common.
    pub(super) fn compare_sites(&mut self) {
        if self.sites.len() < 2 {
            return;
        }
        let prints: Vec<&[Print]> = self.sites.values().map(|work| work.prints.as_slice()).collect();
        let mut found = catch_unwind(AssertUnwindSafe(|| across(&prints))).unwrap_or_default().into_iter();
        let numbers: Vec<SiteId> = self.sites.keys().copied().collect();
        let engine = self.engine.clone();
        for number in numbers {
            let work = self.sites.get_mut(&number).expect("the numbers are those of the sites");
            work.facts.abroad = found.next();
            work.prints = Vec::new();
            let judge = || engine.judge_among(&work.facts, &work.root, &work.profile);
            let judged = work.facts.abroad.is_some().then(|| catch_unwind(AssertUnwindSafe(judge)).ok()).flatten();
            let stumble = judged.is_none().then(|| stumbled(&work.root, "beside the other sites"));
            let judgement = judged.unwrap_or_else(|| engine.unjudged_among(&work.name, &work.profile));
            let addresses = work.addresses();
            self.observer.site(work.join_late(judgement, &addresses));
            work.put_in_order();
            stumble.iter().for_each(|problem| self.note(number, problem));
        }
    }

    /// The second stage: everything is there, so hosts and the site can be judged.
    pub(super) fn finish(&mut self, number: SiteId) {
        let engine = self.engine.clone();
        let (stopped, alone) = (self.stopped, self.alone());
        let work = self.sites.get_mut(&number).expect("only a site that was opened ends");
        if stopped {
            work.facts.unseen.insert("the run was stopped".to_string());
        }
        work.facts.unseen.extend(work.skipped.keys().cloned());
        for need in &work.needs {
            if let (Need::Linked(_), None) = (need, &work.facts.home) {
                let reply = Reply::Unknown;
                work.facts.replies.entry(need.key()).or_insert(reply);
            }
        }
        // Where not even a page could be seen, what else could not be asked there is the same obstacle again.
        let unanswered = std::mem::take(&mut work.unanswered);
        let told = work.judged > 0 || work.pages.values().all(|page| page.problem.is_none());
        work.settle_hosts(self.plan.days.today, &self.plan.preloaded);
        let (facts, addresses) = (std::mem::take(&mut work.facts), work.addresses());
        let (root, profile, observer) = (work.root.clone(), work.profile.clone(), &mut *self.observer);
        let mut tell = |part| observer.site(work.join_late(part, &addresses));
        let judged = catch_unwind(AssertUnwindSafe(|| engine.tell_of_site(&facts, &root, &profile, &mut tell)));
        if judged.is_err() {
            tell(engine.unjudged());
        }
        let stumble = judged.is_err().then(|| stumbled(&root, "as a whole"));
        work.facts = facts;
        work.facts.forget_notes();
        work.put_in_order();
        // What cannot be put together is left out of the report; judging has told of it already.
        let _ = catch_unwind(AssertUnwindSafe(|| work.sum_up(self.plan.days.today, alone)));
        work.facts.let_go();
        let freed = std::mem::take(&mut work.held);
        self.held -= freed;
        if told {
            unanswered.iter().for_each(|problem| self.note(number, problem));
        }
        stumble.iter().for_each(|problem| self.note(number, problem));
        self.write_down(number);
    }

    /// Hands a site that has ended to the store, and lets it go.
    pub(super) fn write_down(&mut self, number: SiteId) {
        let alone = self.alone();
        let Some(recorder) = self.recorder.as_mut().filter(|recorder| recorder.writes()) else {
            return self.hand_over(number, alone);
        };
        let Some(mut work) = self.sites.remove(&number) else { return };
        if work.ended {
            return;
        }
        let marks = work.marks.take().unwrap_or_default();
        let ended = if self.stopped { Ended::Partly } else { Ended::Whole };
        let readings = recorder.carrying().and_then(|carrying| carrying.close(number));
        let prints = std::mem::take(&mut work.prints);
        let outline = (alone == Alone::No).then(|| Outline::of(work.name.clone(), prints));
        let run = (self.stopped, self.stamp.clone());
        let rules = self.rules.get_or_insert_with(|| assemble::rule_rows(self.plan, &self.engine)).clone();
        let report = assemble::site_report(self.plan, &self.engine, rules, work, run);
        recorder.close(number, Closing { report, marks, ended, outline, readings });
    }

    /// Tells whoever watches what is to be written down with a site: how old its pages are, and what is compared with sites of the run
    /// that others look at.
    fn hand_over(&mut self, number: SiteId, alone: Alone) {
        let Some(work) = self.sites.get_mut(&number) else { return };
        if let Some(marks) = work.marks.take() {
            self.observer.marks(marks);
        }
        if let (Alone::No, 1) = (alone, self.plan.targets.len()) {
            let outline = Outline::of(work.name.clone(), std::mem::take(&mut work.prints));
            self.observer.outline(&outline);
        }
    }
}

/// What is told of a site whose second stage met a fault of ours.
fn stumbled(root: &Url, how: &str) -> Problem {
    let detail = format!("the program stumbled over this site {how}; please report it");
    Problem { url: root.to_string(), kind: ProblemKind::Internal, detail }
}
