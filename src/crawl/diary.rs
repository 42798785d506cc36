//! What a crawl writes down of every request that ended, so that a later crawl can go on where this one was killed.
//!
//! In: ended requests. Out: octets under keys, for whoever keeps them ([`Diary`]); in a later crawl, the outcome of those octets in
//! place of a request. Invariants: what was noted is not requested again; robots.txt, scope and budgets are asked all the same;
//! octets of another version are no answer, and the address is asked anew. Tested in `tests/it/resume.rs` and below.

use std::future::Future;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use url::Url;

use super::arrival::Done;
use super::before::Before;
use super::coordinator::Crawl;
use super::errand::{Errand, Failure, Purpose};
use super::event::SiteId;
use super::fetch::{Answer, Extent};
use super::memo::Outcome;
use super::robots;
use super::schedule::HostId;
use crate::web::{Headers, MediaType, ProblemKind};

/// The first octet of a note.
const VERSION: u8 = 1;
/// Notes that are read at once.
const AT_ONCE: usize = 16;

/// What stands for an address and the name under which it is asked.
pub type NoteKey = [u8; 16];

/// A note that is being read.
pub type Recalled = Pin<Box<dyn Future<Output = Option<Vec<u8>>> + Send>>;

/// Whoever keeps the notes of a crawl.
pub trait Diary: Send + Sync {
    /// A request ended for good.
    fn note(&self, said: Said);
    /// A target led to a site.
    fn landed(&self, site: SiteId, target: &Url);
    /// A site is done; these were its hosts.
    fn done(&self, site: SiteId, hosts: Vec<String>);
    /// Whether an earlier crawl noted this.
    fn knows(&self, key: &NoteKey) -> bool;
    /// What it noted.
    fn recall(&self, key: NoteKey) -> Recalled;
    /// What an earlier run kept of an address, so that its host is asked only whether it changed.
    fn before(&self, key: &NoteKey) -> Option<Arc<Before>>;
}

/// How a request ended.
#[derive(Clone, Debug)]
pub struct Said {
    /// What was asked.
    pub key: NoteKey,
    /// Whom.
    pub host: String,
    outcome: Outcome,
}

/// All of a note but the body.
#[derive(Deserialize, Serialize)]
enum Head {
    Answered { status: u16, headers: Headers, media: MediaType, extent: u8, wire_bytes: u64, peer: Option<IpAddr> },
    Failed { kind: ProblemKind, detail: String },
}

impl Said {
    /// The octets to keep.
    pub fn octets(&self) -> Vec<u8> {
        let (head, body) = match &self.outcome {
            Ok(answer) => {
                let extent = match answer.extent {
                    Extent::Whole => 0,
                    Extent::Cut => 1,
                    Extent::Unread => 2,
                    Extent::Unchanged => 3,
                };
                let (headers, media) = (answer.headers.clone(), answer.media.clone());
                let Answer { status, wire_bytes, peer, .. } = *answer;
                (Head::Answered { status, headers, media, extent, wire_bytes, peer }, &answer.body[..])
            }
            Err(Failure { kind, detail }) => (Head::Failed { kind: *kind, detail: detail.clone() }, &[][..]),
        };
        let head = serde_json::to_vec(&head).expect("plain data is JSON");
        let length = u32::try_from(head.len()).expect("header fields have a bound");
        let mut encoder = DeflateEncoder::new(vec![VERSION], Compression::fast());
        let written = encoder
            .write_all(&length.to_le_bytes())
            .and_then(|()| encoder.write_all(&head))
            .and_then(|()| encoder.write_all(body))
            .and_then(|()| encoder.finish());
        written.expect("memory takes what is written to it")
    }
}

fn outcome(octets: &[u8]) -> Option<Outcome> {
    let (&VERSION, deflated) = octets.split_first()? else { return None };
    let mut plain = Vec::new();
    DeflateDecoder::new(deflated).read_to_end(&mut plain).ok()?;
    let (length, rest) = plain.split_first_chunk::<4>()?;
    let (head, body) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    Some(match serde_json::from_slice(head).ok()? {
        Head::Answered { status, headers, media, extent, wire_bytes, peer } => {
            let extent = match extent {
                0 => Extent::Whole,
                1 => Extent::Cut,
                2 => Extent::Unread,
                3 => Extent::Unchanged,
                _later => return None,
            };
            Ok(Answer { status, headers, media, body: Bytes::copy_from_slice(body), extent, wire_bytes, peer })
        }
        Head::Failed { kind, detail } => Err(Failure { kind, detail }),
    })
}

impl Crawl {
    /// Notes every request in a diary, and takes what it knows already in place of a request. `ended` are names of sites that an
    /// earlier crawl finished: links to them stay theirs.
    pub fn keep(&mut self, diary: Arc<dyn Diary>, ended: impl IntoIterator<Item = String>) {
        self.diary = Some(diary);
        self.ended.extend(ended.into_iter().map(|name| crate::web::address::without_www(&name).to_string()));
    }

    /// The targets, canonical, as [`Diary::landed`] names them.
    pub fn targets(&self) -> impl Iterator<Item = &Url> {
        self.seeds.iter()
    }

    /// Leaves out targets that an earlier crawl finished.
    pub fn leave_out(&mut self, finished: &dyn Fn(&Url) -> bool) {
        self.seeds.retain(|seed| !finished(seed));
    }

    /// True when what an errand asks was asked by an earlier crawl.
    pub(super) fn is_noted(&self, errand: &Errand) -> bool {
        let Some(diary) = &self.diary else { return false };
        let key = errand.key();
        errand.attempts == 0 && !self.outgrown.contains(&key) && diary.knows(&key.octets())
    }

    /// Takes the note for an errand in place of a request, if robots.txt, scope and budgets still want the address.
    pub(super) fn take_note(&mut self, errand: Errand) {
        let now = tokio::time::Instant::now();
        let Some(errand) = self.still_wanted(errand) else { return };
        let errand = match errand.purpose {
            Purpose::Robots { .. } => Some(errand),
            Purpose::Seed | Purpose::Page { .. } | Purpose::Ask { .. } | Purpose::Sitemap { .. } => {
                self.permitted(errand, now)
            }
        };
        let Some(errand) = errand.and_then(|errand| self.reserve(errand)) else { return };
        let host = self.lane(&errand.at);
        if let (true, Some(site)) = (errand.is_page(), errand.site()) {
            self.sites[site.0 as usize].hosts.insert(host);
        }
        self.memo.begin(errand.key());
        self.noted.push_back((host, errand));
    }

    /// Begins to read notes, a few at once.
    pub(super) fn read_notes(&mut self) {
        let Some(diary) = &self.diary else { return };
        while self.reading < AT_ONCE {
            let Some((host, errand)) = self.noted.pop_front() else { return };
            let note = diary.recall(errand.key().octets());
            let task =
                self.tasks.spawn(async move { Done::Recalled(Box::new(note.await.as_deref().and_then(outcome))) });
            self.flights.insert(task.id(), (host, Some(errand)));
            self.reading += 1;
        }
    }

    /// A note was read.
    pub(super) fn recalled(&mut self, host: HostId, errand: Errand, outcome: Option<Outcome>) {
        self.reading -= 1;
        let empty = |answer: &Answer| matches!(answer.extent, Extent::Unread | Extent::Unchanged);
        let unread = |answer: &Answer| empty(answer) && answer.target(&errand.at).is_none();
        let is_gone = |answer: &Answer| answer.extent == Extent::Unchanged && self.kept_before(&errand).is_none();
        let hungry = matches!(errand.purpose, Purpose::Ask { .. } | Purpose::Sitemap { .. } | Purpose::Robots { .. });
        let usable = |answer: &Answer| !(hungry && unread(answer) || is_gone(answer));
        let Some(outcome) = outcome.filter(|outcome| outcome.as_ref().map_or(true, usable)) else {
            // It cannot be read, or holds less than is wanted now: the address is asked after all.
            self.outgrown.insert(errand.key());
            let waiting = self.memo.release(errand.key());
            self.unreserve(&errand);
            let errand = Errand { reserved: false, ..errand };
            return std::iter::once(errand).chain(waiting).for_each(|errand| self.route(errand));
        };
        let origin = robots::origin(&errand.at);
        let lane = &mut self.lanes[host.0 as usize];
        match &outcome {
            Ok(answer) => {
                lane.misses.remove(&origin);
                lane.answered += 1;
                lane.heard.insert(origin);
                let octets = answer.wire_bytes;
                self.weigh(&errand, octets);
            }
            Err(_) => *lane.misses.entry(origin).or_default() += 1,
        }
        self.settle(host, errand, outcome);
    }

    /// Ends what waits for a note when the crawl is stopped.
    pub(super) fn abandon_notes(&mut self) {
        for (_, errand) in std::mem::take(&mut self.noted) {
            let waiting = self.memo.release(errand.key());
            std::iter::once(errand).chain(waiting).for_each(|errand| self.abandon(errand));
        }
    }

    /// Notes how a request ended. What failed because the crawl was stopped says nothing of the host.
    pub(super) fn note(&self, host: HostId, errand: &Errand, outcome: &Outcome) {
        let Some(diary) = &self.diary else { return };
        let ours = outcome.as_ref().is_err_and(|failure| failure.kind == ProblemKind::Internal || self.stopped);
        if !ours {
            let host = self.lanes[host.0 as usize].name.clone();
            diary.note(Said { key: errand.key().octets(), host, outcome: outcome.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_comes_back_and_another_version_is_none() {
        let answer = Answer {
            status: 200,
            headers: Headers::of([("ETag", "\"x\"")]),
            media: MediaType::of("text/html"),
            body: Bytes::from_static(b"<p>\xff\0</p>"),
            extent: Extent::Cut,
            wire_bytes: 7,
            peer: Some(IpAddr::from([127, 0, 0, 1])),
        };
        let said = |outcome| Said { key: [0; 16], host: "a.example".to_string(), outcome };
        let octets = said(Ok(answer.clone())).octets();
        let back = outcome(&octets).expect("comes back").expect("is an answer");
        assert_eq!((back.status, back.body, back.extent), (200, answer.body, Extent::Cut));
        assert_eq!((back.headers.first("etag"), back.peer), (Some("\"x\""), answer.peer));
        let failed = said(Err(Failure::of(ProblemKind::Timeout, "late"))).octets();
        let failure = outcome(&failed).expect("comes back").expect_err("is none");
        assert_eq!((failure.kind, failure.detail.as_str()), (ProblemKind::Timeout, "late"));
        for wrong in [&octets[..5], &[][..], &[&[9][..], &octets[1..]].concat()] {
            assert!(outcome(wrong).is_none());
        }
    }
}
