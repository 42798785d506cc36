//! When there is no time: a site's time is up, or its host asks for longer waits than anybody has.
//!
//! In: deadlines and `Crawl-delay`. Out: errands that end without a request. Invariants: nobody waits beyond a site's
//! deadline for anything but the answers under way; a wait that a host asks for is never shortened: it is left alone
//! after its home page. Tested in `tests/it/crawl.rs`.

use tokio::time::Instant;
use url::Url;

use super::coordinator::Crawl;
use super::errand::{Errand, Failure, Purpose};
use super::event::{Looked, Reply, SiteId};
use super::schedule::HostId;
use super::skip::Skip;
use crate::web::{Problem, ProblemKind};

impl Crawl {
    /// Closes what is out of time: sites with all that waits for them, and seeds that have not landed.
    pub(super) fn close_late(&mut self, now: Instant) {
        if self.settings.max_time.is_none() {
            return;
        }
        let is_late = |site: &SiteId| {
            let site = &self.sites[site.0 as usize];
            !site.late && site.deadline.is_some_and(|end| end <= now)
        };
        let closing: Vec<SiteId> = self.open.iter().copied().filter(is_late).collect();
        for site in &closing {
            self.close(*site, Skip::TimeBudget);
            self.sites[site.0 as usize].late = true;
        }
        let seeds: Vec<Url> = self.unlanded.iter().map(|(seed, _)| seed.clone()).collect();
        let late: Vec<Url> =
            seeds.into_iter().filter(|seed| self.seed_deadline(seed).is_some_and(|end| end <= now)).collect();
        if !closing.is_empty() || !late.is_empty() {
            self.recede(&late);
        }
    }

    /// When a seed's time is up; `None` before the first request to its host.
    pub(super) fn seed_deadline(&self, seed: &Url) -> Option<Instant> {
        let most = self.settings.max_time?;
        let (_, opened) = self.unlanded.iter().find(|(url, _)| url == seed)?;
        let host = self.by_name.get(&super::lane::name(seed))?;
        let begun = self.lanes[host.0 as usize].begun?;
        Some(begun.max(*opened) + most)
    }

    /// True for an errand of a site whose time is up.
    pub(super) fn is_late(&self, errand: &Errand) -> bool {
        errand.site().is_some_and(|site| self.sites[site.0 as usize].late)
    }

    /// Ends an errand whose time is up.
    pub(super) fn leave_late(&mut self, errand: Errand) {
        let late = || Failure::of(ProblemKind::Timeout, "the time for the site was up before it could be asked");
        match errand.purpose {
            Purpose::Page { .. } => self.skip(errand, Skip::TimeBudget),
            Purpose::Ask { .. } => self.reply(errand, Reply::Unknown),
            Purpose::Sitemap { .. } => self.retire(&errand),
            Purpose::Seed | Purpose::Robots { .. } => self.fail(errand, late()),
        }
    }

    /// Ends everything that waits and is late, then each robots.txt that nobody waits for any more.
    fn recede(&mut self, seeds: &[Url]) {
        let sites: Vec<bool> = self.sites.iter().map(|site| site.late).collect();
        let late = |errand: &Errand| match errand.purpose {
            Purpose::Seed => seeds.contains(&errand.requested),
            Purpose::Robots { .. } => false,
            Purpose::Page { .. } | Purpose::Ask { .. } | Purpose::Sitemap { .. } => {
                errand.site().is_some_and(|site| sites[site.0 as usize])
            }
        };
        let (mut leaving, forlorn) = self.robots.withdraw(&late);
        leaving.extend(self.withdraw(&late));
        for errand in leaving {
            self.leave_late(errand);
        }
        let unwanted =
            |errand: &Errand| matches!(&errand.purpose, Purpose::Robots { origin } if forlorn.contains(origin));
        for errand in self.withdraw(&unwanted) {
            self.leave_late(errand);
        }
    }

    /// Takes errands out of the queues of all hosts, and from among those that wait for a second try.
    pub(super) fn withdraw(&mut self, leaving: &dyn Fn(&Errand) -> bool) -> Vec<Errand> {
        let mut out = Vec::new();
        for index in 0..self.lanes.len() {
            let queue = &mut self.lanes[index].queue;
            let before = out.len();
            out.extend(queue.extract_if(.., |_, errand| leaving(errand)).map(|(_, errand)| *errand));
            if out.len() > before {
                self.relist(HostId(index as u32));
            }
        }
        out.extend(self.later.extract_if(.., |_, errand| leaving(errand)).map(|(_, errand)| errand));
        out
    }

    /// As [`Crawl::withdraw`], of errands that can only wait for one host: the others may be tens of thousands.
    pub(super) fn withdraw_from(&mut self, host: HostId, leaving: &dyn Fn(&Errand) -> bool) -> Vec<Errand> {
        let queue = &mut self.lanes[host.0 as usize].queue;
        let mut out: Vec<Errand> =
            queue.extract_if(.., |_, errand| leaving(errand)).map(|(_, errand)| *errand).collect();
        self.relist(host);
        out.extend(self.later.extract_if(.., |_, errand| leaving(errand)).map(|(_, errand)| errand));
        out
    }

    /// A host asks for longer waits than anybody has: it is asked for its home page only.
    pub(super) fn spare(&mut self, host: HostId, failure: Failure) {
        let lane = &mut self.lanes[host.0 as usize];
        if lane.spared.is_some() {
            return;
        }
        lane.spared = Some(failure);
        let waiting = std::mem::take(&mut lane.queue);
        for errand in waiting.into_values() {
            self.route(*errand);
        }
    }

    /// A seed has landed: if its host is to be spared, that was all, and one problem says so.
    pub(super) fn tell_spared(&mut self, site: SiteId, at: &Url) -> bool {
        let host = self.lane(at);
        let lane = &self.lanes[host.0 as usize];
        let Some(failure) = lane.spared.clone() else { return false };
        let detail = format!("{}; no page of {} but the first was asked for", failure.detail, lane.name);
        let failure = Failure::of(failure.kind, detail);
        if lane.given_up.is_none() {
            let problem = Problem { url: at.to_string(), kind: failure.kind, detail: failure.detail.clone() };
            self.tell_problem(site, problem, at, Looked::ForHost);
        }
        self.give_up(host, failure);
        true
    }
}
