//! A page that arrived: who reads it, or where what was read of it already lies.
//!
//! In: a page. Out: its reading, made on another thread, or taken from what an earlier attempt at the run, or an earlier run, wrote down.
//! Invariant: what was written down is taken only where it is of this very page. Tested in `tests/it/resume.rs` and `tests/it/changed.rs`.

use std::sync::Arc;
use tokio::task::JoinSet;
use url::Url;

use super::Work;
use crate::audit::carrying::Carrying;
use crate::audit::judging::{self, Done, Job, Judged, Keep};
use crate::audit::ledger::reading_key;
use crate::audit::reading;
use crate::crawl::{Content, SiteId};
use crate::facts::Standing;
use crate::web::Capture;

impl Work<'_> {
    /// What earlier runs kept, where that is wanted.
    fn carrying(&self) -> Option<&Carrying> {
        self.recorder.as_ref()?.carrying()
    }

    /// Takes up what earlier runs kept of the site that was opened last.
    pub(super) async fn remember(&mut self) {
        let Some(carrying) = self.carrying() else { return };
        let Some((site, work)) = self.sites.last_key_value() else { return };
        // What cannot be read was not kept: pages are judged anew then, and a store that is broken is told by whoever writes to it.
        let _ = carrying.remember(*site, &work.name, &self.engine, &work.profile).await;
    }

    pub(super) fn page(
        &mut self,
        site: SiteId,
        depth: u32,
        capture: Box<Capture>,
        (aliases, standing): (Vec<Url>, Standing),
        content: Content,
        judging: &mut JoinSet<Done>,
    ) {
        let number = self.numbered(site);
        let work = self.site(site);
        let wanted = if standing == Standing::Home { work.needs.iter().cloned().collect() } else { Vec::new() };
        let (profile, shared) = (work.profile.clone(), work.facts.referred.clone());
        let keep = if self.recorder.is_some() { Keep::Octets } else { Keep::Nothing };
        // What a later run carries over has to hold without the pages that this one has.
        let carrying = self.carrying();
        let referred = if carrying.is_some() { Arc::default() } else { shared };
        let job = Job { site, depth, capture, aliases, standing, profile, referred, wanted, rounds: 0, keep };
        if let Some((before, kept)) =
            carrying.and_then(|carrying| carrying.kept(number, &job.capture, standing, content))
        {
            let (engine, eyes) = (self.engine.clone(), self.eyes.clone());
            judging.spawn(async move {
                match (kept.await.as_deref().and_then(reading::reading), content) {
                    // As below.
                    (None, Content::Fetched) => judging::judge(&engine, &eyes, job),
                    (reading, _) => Done::Judged(Box::new(judging::carried(job, before, reading))),
                }
            });
            return;
        }
        let Some(earlier) = self.recorder.as_ref().and_then(|recorder| recorder.earlier(&job.capture)) else {
            return self.begin(job, judging);
        };
        let (engine, eyes) = (self.engine.clone(), self.eyes.clone());
        judging.spawn(async move {
            match earlier.await.as_deref().and_then(reading::reading) {
                Some(reading) => {
                    eyes.recall(&reading);
                    Done::Judged(Box::new(judging::judged(job, reading, None)))
                }
                // Judged here and not on another thread: notes that cannot be read are few.
                None => judging::judge(&engine, &eyes, job),
            }
        });
    }

    /// Keeps what was read of a page for a later run, or what an earlier one kept.
    pub(super) fn keep(&mut self, number: SiteId, judged: &Judged) {
        let Some(carrying) = self.carrying() else { return };
        match &judged.before {
            // What could not be read is kept no longer: the next run asks for the page whole.
            Some(_) if judged.reading.problem.is_some() => {}
            Some(_) => {
                carrying.carry(number, &judged.capture);
                if let Some(work) = self.sites.get_mut(&number) {
                    work.unchanged += 1;
                }
            }
            None => {
                let key = reading_key(&judged.capture);
                carrying.keep(number, &judged.capture, judged.standing, &judged.reading, key);
            }
        }
    }
}
