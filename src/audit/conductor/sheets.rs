//! Style sheets of pages: a page that is to be measured waits until its sheets are there.
//!
//! In: a page, and what was said at the addresses of its sheets. Out: the page, given to a thread that judges it. Invariant: a sheet is asked for
//! once a run, by the manners of every request. Tested in `tests/it/style.rs`.

use tokio::task::JoinSet;
use url::Url;

use super::Work;
use crate::audit::judging::{self, Done, Job};
use crate::audit::seeing;
use crate::audit::source::Source;
use crate::crawl::{Ask, Redirects, Reply as Heard, SiteId};

impl Work<'_> {
    pub(super) fn begin(&self, job: Job, judging: &mut JoinSet<Done>) {
        let (engine, eyes) = (self.engine.clone(), self.eyes.clone());
        let (burden, cores) = (self.burden.clone(), self.cores.clone());
        judging.spawn(async move {
            let load = burden.take(job.capture.body.len()).await;
            let judge = move || judging::judge(&engine, &eyes, job);
            let done = match cores {
                Some(cores) => cores.run(judge).await,
                None => tokio::task::spawn_blocking(judge).await.map_err(tokio::task::JoinError::into_panic),
            };
            drop(load);
            // Whoever takes it up tells a page that was lost by the same error.
            done.unwrap_or_else(|stumbled| std::panic::resume_unwind(stumbled))
        });
    }

    /// A page waits until its style sheets are there; each is asked for once.
    pub(super) fn park(&mut self, job: Box<Job>, sheets: Vec<Url>, source: &mut Source) {
        for url in &sheets {
            if self.asked.insert(url.clone()) {
                let key = seeing::key(url);
                source.ask(Ask { site: job.site, key, url: url.clone(), follow: Redirects::Follow });
            }
        }
        self.parked.push((job, sheets.into_iter().collect()));
    }

    /// A style sheet came, or did not: pages that wait for no other go on.
    pub(super) fn sheet(&mut self, site: SiteId, url: Url, reply: Heard, judging: &mut JoinSet<Done>) {
        if let Heard::Problem(problem) = &reply {
            self.site(site).unanswered.push(problem.clone());
        }
        self.asked.remove(&url);
        let mut waiting = Vec::new();
        for (job, mut sheets) in std::mem::take(&mut self.parked) {
            sheets.remove(&url);
            match sheets.is_empty() {
                true => waiting.push(job),
                false => self.parked.push((job, sheets)),
            }
        }
        self.eyes.learn(url, reply);
        waiting.into_iter().for_each(|job| self.begin(*job, judging));
    }
}
