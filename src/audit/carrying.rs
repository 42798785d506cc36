//! Pages that did not change since an earlier run under the same settings: what was read of them is carried over (`--changed-only`).
//!
//! In: what that run kept of a site. Out: the reading of a page, if it still holds; what is kept for the next run. Invariants: a reading is
//! carried over only where the page's octets, what its fields say, the way to it, the rules, their standing for the owner, and the day, where
//! the day matters, are those it was made of; what was measured, and what could not be judged, is looked at anew. Tested in
//! `tests/it/changed.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::judging::Reading;
use super::plan::{Plan, verdicts_of};
use super::reading;
use crate::crawl::{Before, BodyKeys, Content, NoteKey, Recalled, SiteId, note_key};
use crate::engine::Engine;
use crate::facts::{Holds, Standing};
use crate::rules::Profile;
use crate::store::{self, Mark, Readings, Store, StoreError};
use crate::web::steady::{number, steady};
use crate::web::{Capture, MediaType};

/// How much an earlier run spared this one.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Carried {
    /// Pages that had not changed.
    pub pages: u64,
    /// Sites of which something was kept under the same settings.
    pub sites: u64,
    /// Sites of which something was kept, under other rules, another profile or by another version.
    pub outgrown: u64,
    /// Pages of which nothing is kept, because they were measured: how they look depends on more than themselves.
    pub measured: u64,
}

/// What earlier runs kept of the sites that are open.
pub(super) struct Carrying {
    store: Store,
    base: [u8; 32],
    today: String,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    pages: HashMap<NoteKey, Arc<Before>>,
    sites: BTreeMap<SiteId, OfSite>,
    told: Carried,
}

struct OfSite {
    name: String,
    readings: Readings,
    keys: Vec<NoteKey>,
}

impl Carrying {
    pub(super) fn of(plan: &Plan, store: Store) -> Self {
        let mut hash = blake3::Hasher::new();
        let crawl = &plan.crawl;
        let asked = (&crawl.user_agent, &crawl.headers, &crawl.auth, crawl.max_body);
        for part in [
            format!("{} {}", reading::VERSION, env!("CARGO_PKG_VERSION")),
            format!("{asked:?} {:?} {:?}", plan.publish_at, plan.rendering.pages),
        ]
        .into_iter()
        .chain(plan.selected.iter().map(verdicts_of))
        {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        let base = *hash.finalize().as_bytes();
        Self { store, base, today: plan.days.today.to_string(), held: Mutex::default() }
    }

    /// What readings of a site depend on besides its pages: how strongly each rule binds this owner may change from day to day.
    fn settings(&self, engine: &Engine, profile: &Profile) -> String {
        let mut hash = blake3::Hasher::new();
        hash.update(&self.base);
        hash.update(format!("{profile:?}").as_bytes());
        for rule in engine.rules() {
            hash.update(
                format!("{:?} {:?}", engine.obligation(rule, profile), engine.impact(rule, profile)).as_bytes(),
            );
        }
        hash.finalize().to_hex()[..32].to_string()
    }

    /// Takes up what was kept of a site that was opened.
    pub(super) async fn remember(
        &self,
        site: SiteId,
        name: &str,
        engine: &Engine,
        profile: &Profile,
    ) -> Result<(), StoreError> {
        let settings = self.settings(engine, profile);
        let (kept, others) = self.store.readings(name, &settings).await?;
        let mut held = self.held();
        held.told.sites += u64::from(!kept.is_empty());
        held.told.outgrown += u64::from(kept.is_empty() && others > 0);
        let mut keys = Vec::new();
        for one in kept {
            let Some((key, before)) = self.before_of(one) else { continue };
            keys.push(key);
            held.pages.insert(key, Arc::new(before));
        }
        let readings = Readings { settings, ..Readings::default() };
        held.sites.insert(site, OfSite { name: name.to_string(), readings, keys });
        Ok(())
    }

    /// None where the day, or the year, matters and is another.
    fn before_of(&self, one: store::Reading) -> Option<(NoteKey, Before)> {
        if one.day.is_some_and(|day| !self.today.starts_with(&day)) {
            return None;
        }
        let (whole, worded) = one.body.split_first_chunk::<16>()?;
        let body = BodyKeys { whole: *whole, worded: worded.try_into().ok()? };
        let media = MediaType::of(&one.media);
        let before = Before { etag: one.etag, modified: one.modified, media, body, steady: one.steady };
        Some((NoteKey::try_from(&one.key[..]).ok()?, before))
    }

    /// What was kept of an address.
    pub(super) fn before(&self, key: &NoteKey) -> Option<Arc<Before>> {
        self.held().pages.get(key).cloned()
    }

    /// What was read of a page before, where that still holds.
    pub(super) fn kept(
        &self,
        site: SiteId,
        page: &Capture,
        standing: Standing,
        content: Content,
    ) -> Option<(Arc<Before>, Recalled)> {
        let key = note_key(&page.url);
        let held = self.held();
        let before = held.pages.get(&key)?.clone();
        let name = held.sites.get(&site)?.name.clone();
        let same = match content {
            Content::Unchanged => true,
            Content::Fetched => {
                !page.truncated
                    && before.steady == traits(page, standing)
                    && before.media == page.media
                    && before.body == BodyKeys::of(&page.body)
            }
        };
        let store = self.store.clone();
        let recalled: Recalled = Box::pin(async move { store.reading(&name, &key).await.ok().flatten() });
        same.then_some((before, recalled))
    }

    /// A page had not changed: what was kept of it stays.
    pub(super) fn carry(&self, site: SiteId, page: &Capture) {
        let mut held = self.held();
        held.told.pages += 1;
        if let Some(of_site) = held.sites.get_mut(&site) {
            of_site.readings.carried.insert(note_key(&page.url).to_vec());
        }
    }

    /// A page was read anew; `journal` is the key of the reading in the journal of the run.
    pub(super) fn keep(&self, site: SiteId, page: &Capture, standing: Standing, reading: &Reading, journal: NoteKey) {
        let whole = reading.judgement.is_some() && reading.problem.is_none() && reading.unmeasured.is_none();
        if reading.measured {
            self.held().told.measured += 1;
        }
        if !whole || reading.measured || page.truncated {
            return;
        }
        // Where a 304 would do, and nothing but the page itself was looked at.
        let plain = page.status == 200 && page.hops.is_empty() && standing == Standing::Inner;
        let said = |name: &str| page.header(name).filter(|_| plain).map(str::to_string);
        let BodyKeys { whole, worded } = BodyKeys::of(&page.body);
        let one = store::Reading {
            key: note_key(&page.url).to_vec(),
            day: match reading.holds {
                Holds::Always => None,
                Holds::ThatYear => Some(self.today[..4].to_string()),
                Holds::ThatDay => Some(self.today.clone()),
            },
            etag: said("etag"),
            modified: said("last-modified"),
            media: page.media.as_str().to_string(),
            body: [whole, worded].concat(),
            steady: traits(page, standing),
        };
        if let Some(of_site) = self.held().sites.get_mut(&site) {
            of_site.readings.read.push((one, journal.to_vec()));
        }
    }

    /// What is kept of a site that has ended.
    pub(super) fn close(&self, site: SiteId) -> Option<Readings> {
        let mut held = self.held();
        let of_site = held.sites.remove(&site)?;
        for key in &of_site.keys {
            held.pages.remove(key);
        }
        Some(of_site.readings)
    }

    /// How much was spared so far.
    pub(super) fn told(&self) -> Carried {
        self.held().told
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an answer whose body was not sent says of its age.
pub(super) fn mark(before: &Before) -> Mark {
    Mark { digest: before.body.whole.to_vec(), etag: before.etag.clone(), modified: before.modified.clone() }
}

/// Everything that a reading may depend on besides the body: what the fields say of the page, the way to it, and its place.
fn traits(page: &Capture, standing: Standing) -> Vec<u64> {
    let mut numbers: BTreeSet<u64> = page.headers.iter().flat_map(steady).collect();
    numbers.insert(number("answer", &format!("{} {standing:?}", page.status)));
    for hop in &page.hops {
        let fields = steady(&hop.headers);
        numbers.insert(number("hop", &format!("{} {} {} {fields:?}", page.requested, hop.url, hop.status)));
    }
    numbers.into_iter().collect()
}
