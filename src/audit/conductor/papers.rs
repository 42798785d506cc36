//! Documents of a site: after its pages, one after the other.
//!
//! In: the documents that the pages link to. Out: what a child process read of them, with the facts of the site. Invariant: a document is asked for
//! once, within the budget of its site. Tested in `tests/it/documents.rs`.

use super::Work;
use crate::audit::documents::{self, ReadDocument, Stage};
use crate::audit::source::Source;
use crate::crawl::{Ask, Redirects, Reply as Heard, SiteId};
use crate::document::Kind;
use crate::facts::Found;
use crate::web::{MediaType, Problem, ProblemKind, address};
use url::Url;

/// Documents behind names that do not say so that are remembered of a site.
const UNNAMED: usize = 5_000;

impl Work<'_> {
    /// What was asked for as a page is a file: perhaps a document, by what the server says of it.
    pub(super) fn file(&mut self, site: SiteId, url: Url, at: Url, media: &MediaType, name: Option<String>) {
        let name = name.unwrap_or_else(|| address::decoded_path(&at));
        let Some(kind) = Kind::of_media(media.as_str()).or_else(|| Kind::of_name(&name)) else { return };
        let unnamed = &mut self.site(site).unnamed;
        unnamed.insert(url, (at, kind));
        if unnamed.len() > UNNAMED {
            unnamed.pop_last();
        }
    }

    /// The pages of a site are done: chooses its documents, and waits for a turn to ask for them.
    pub(super) fn begin_documents(&mut self, site: SiteId, source: &mut Source) {
        let engine = self.engine.clone();
        let settings = &self.plan.documents;
        let number = self.numbered(site);
        let Some(work) = self.sites.get_mut(&number) else { return };
        for (url, (at, kind)) in std::mem::take(&mut work.unnamed) {
            work.facts.take_unnamed(&url, &at, kind);
        }
        if !engine.wants_documents(&work.profile, &work.name) {
            work.errands.state = Stage::Done;
            return self.finish_when_seen(number);
        }
        work.errands.choose(&mut work.facts.documents, settings);
        work.errands.state = Stage::Under;
        self.desk.waiting.push_back((number, site));
        self.give_turns(source);
    }

    pub(super) fn give_turns(&mut self, source: &mut Source) {
        while let Some((number, site)) = self.desk.turn() {
            self.ask_document(number, site, source);
        }
    }

    /// Asks for the next document of a site, or ends its turn.
    pub(super) fn ask_document(&mut self, number: SiteId, site: SiteId, source: &mut Source) {
        let Some(work) = self.sites.get_mut(&number) else { return };
        match work.errands.next(&mut work.facts.documents) {
            Some(url) => {
                source.ask(Ask { site, key: documents::KEY.to_string(), url, follow: Redirects::Follow });
            }
            None => {
                work.errands.state = Stage::Done;
                self.desk.open -= 1;
                self.finish_when_seen(number);
                self.give_turns(source);
            }
        }
    }

    /// What stands at the address of a document.
    pub(super) fn document(&mut self, site: SiteId, heard: Heard, source: &mut Source) {
        let number = self.numbered(site);
        let Some(work) = self.sites.get_mut(&number) else { return };
        let Some(url) = work.errands.answered() else { return };
        let found = match heard {
            Heard::Captured(capture) if capture.is_success() && !capture.truncated => {
                work.errands.spend(capture.wire_bytes);
                return self.desk.read(number, site, url, capture);
            }
            Heard::Captured(capture) if capture.is_success() => {
                work.errands.spend(capture.wire_bytes);
                let detail = "the document is larger than --max-body; a part of it says nothing".to_string();
                Found::Problem(ProblemKind::TooLarge, detail)
            }
            Heard::Captured(capture) => Found::Answered(capture.status),
            Heard::Missing => Found::Missing,
            Heard::Unknown if self.stopped => Found::NotLooked("the run was stopped before".to_string()),
            Heard::Unknown => Found::NotLooked("it lies outside the folder".to_string()),
            Heard::Problem(problem) => Found::Problem(problem.kind, problem.detail),
        };
        self.document_read(ReadDocument { site: number, source: site, url, found }, source);
    }

    pub(super) fn document_read(&mut self, read: ReadDocument, source: &mut Source) {
        let ReadDocument { site: number, source: site, url, found } = read;
        if let Found::Problem(kind, detail) = &found {
            self.note(number, &Problem { url: url.to_string(), kind: *kind, detail: detail.clone() });
        }
        if let Some(document) = self.sites.get_mut(&number).and_then(|work| work.facts.documents.get_mut(&url)) {
            document.found = found;
        }
        self.ask_document(number, site, source);
    }
}
