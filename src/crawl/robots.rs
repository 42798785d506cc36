//! What each origin's robots.txt asks of us (RFC 9309).
//!
//! In: answers to /robots.txt. Out: whether an address may be asked. Invariant: while a file cannot be read its origin
//! is not asked for anything else; an answer is good for 24 hours. Tested below and in `tests/it/crawl.rs`.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::errand::{Errand, Failure};
use crate::web::ProblemKind;
use crate::web::robots::Robots;

/// RFC 9309, 2.4.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// RFC 9309, 2.3.1.2.
pub(super) const REDIRECTS: usize = 5;
/// RFC 9309, 2.5.
pub(super) const OCTETS: u64 = 500 << 10;

/// The robots.txt files of a run, by origin.
#[derive(Debug, Default)]
pub(super) struct RobotsFiles {
    origins: HashMap<String, File>,
}

#[derive(Debug)]
enum File {
    Awaited(Vec<Errand>),
    Read(Box<Robots>, Instant),
    Unreadable(Failure),
}

/// What robots.txt says about an errand.
#[derive(Debug)]
pub(super) enum Leave {
    /// It may go.
    Given(Errand),
    /// The file must be fetched first; ask for it with [`RobotsFiles::wait`].
    Unasked(Errand),
    /// As [`Leave::Unasked`], and an older copy must be forgotten first.
    Stale(Errand),
    /// The file is on its way; the errand waits for it here.
    Waiting,
    /// It may not go.
    Refused(Errand, Failure),
}

/// The origin of an address as text.
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

impl RobotsFiles {
    /// Whether an errand may go where it wants.
    pub(super) fn leave(&mut self, errand: Errand, agent: &str, obey: Obedience, now: Instant) -> Leave {
        match self.origins.get_mut(&origin(&errand.at)) {
            None => Leave::Unasked(errand),
            Some(File::Awaited(waiting)) => {
                waiting.push(errand);
                Leave::Waiting
            }
            Some(File::Unreadable(failure)) => match obey {
                Obedience::Full => Leave::Refused(errand, failure.clone()),
                Obedience::None => Leave::Given(errand),
            },
            Some(File::Read(_, since)) if now.saturating_duration_since(*since) > FRESH => Leave::Stale(errand),
            Some(File::Read(robots, _)) => match obey {
                Obedience::Full => judge(robots, errand, agent),
                Obedience::None => Leave::Given(errand),
            },
        }
    }

    /// The file of an errand's origin is being fetched; the errand waits for it.
    pub(super) fn wait(&mut self, errand: Errand) {
        self.origins.insert(origin(&errand.at), File::Awaited(vec![errand]));
    }

    /// The file was read. Returns the errands that waited for it.
    pub(super) fn read(&mut self, origin: &str, robots: Robots, now: Instant) -> Vec<Errand> {
        released(self.origins.insert(origin.to_string(), File::Read(Box::new(robots), now)))
    }

    /// The file could not be read. Returns the errands that waited for it.
    pub(super) fn unreadable(&mut self, origin: &str, failure: Failure) -> Vec<Errand> {
        released(self.origins.insert(origin.to_string(), File::Unreadable(failure)))
    }

    /// Forgets a file that could not be read, so that it is asked for once more.
    pub(super) fn forget(&mut self, origin: &str) {
        if let Some(File::Unreadable(_)) = self.origins.get(origin) {
            self.origins.remove(origin);
        }
    }

    /// Takes waiting errands away, and names the origins whose file nobody waits for then.
    pub(super) fn withdraw(&mut self, leaving: &dyn Fn(&Errand) -> bool) -> (Vec<Errand>, Vec<String>) {
        let (mut out, mut forlorn) = (Vec::new(), Vec::new());
        for (origin, file) in &mut self.origins {
            let File::Awaited(waiting) = file else { continue };
            let before = out.len();
            out.extend(waiting.extract_if(.., |errand| leaving(errand)));
            if out.len() > before && waiting.is_empty() {
                forlorn.push(origin.clone());
            }
        }
        out.sort_by_key(|errand| errand.order);
        (out, forlorn)
    }

    /// The sitemaps that an origin's file names.
    pub(super) fn sitemaps(&self, origin: &str) -> Vec<String> {
        match self.origins.get(origin) {
            Some(File::Read(robots, _)) => robots.sitemaps().to_vec(),
            Some(File::Awaited(_) | File::Unreadable(_)) | None => Vec::new(),
        }
    }
}

/// Whether robots.txt is an order or a fact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Obedience {
    /// An order.
    Full,
    /// A fact: the owner of the host runs this.
    None,
}

fn judge(robots: &Robots, errand: Errand, agent: &str) -> Leave {
    let ruling = robots.verdict(agent, &errand.at);
    if ruling.allowed {
        return Leave::Given(errand);
    }
    let rule = ruling.rule.unwrap_or_default();
    let line = ruling.line.map(|line| format!(" (line {line})")).unwrap_or_default();
    let failure = Failure::of(ProblemKind::RobotsDisallowed, format!("robots.txt says \"{rule}\"{line}"));
    Leave::Refused(errand, failure)
}

fn released(before: Option<File>) -> Vec<Errand> {
    match before {
        Some(File::Awaited(waiting)) => waiting,
        Some(File::Read(..) | File::Unreadable(_)) | None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::errand::Purpose;

    fn errand(url: &str) -> Errand {
        Errand::to(Url::parse(url).expect(url), Purpose::Seed, 0)
    }

    #[test]
    fn errands_wait_for_the_file_and_then_obey_it_for_a_day() {
        let now = Instant::now();
        let mut files = RobotsFiles::default();
        let leave = |files: &mut RobotsFiles, url, hours: u64| {
            files.leave(errand(url), "idea-audit", Obedience::Full, now + Duration::from_secs(hours * 3600))
        };
        let Leave::Unasked(first) = leave(&mut files, "http://a.example/x", 0) else { panic!("asked already") };
        files.wait(first);
        assert!(matches!(leave(&mut files, "http://a.example/no", 0), Leave::Waiting));
        let robots = Robots::parse(b"User-agent: *\nDisallow: /no\n");
        assert_eq!(files.read("http://a.example", robots, now).len(), 2);
        assert!(matches!(leave(&mut files, "http://a.example/x", 1), Leave::Given(_)));
        assert!(matches!(leave(&mut files, "http://a.example/no", 1), Leave::Refused(..)));
        assert!(matches!(leave(&mut files, "https://a.example/x", 1), Leave::Unasked(_)));
        assert!(matches!(leave(&mut files, "http://a.example/x", 25), Leave::Stale(_)));
    }

    #[test]
    fn an_unreadable_file_stops_strangers_and_not_the_owner() {
        let mut files = RobotsFiles::default();
        files.unreadable("http://a.example", Failure::of(ProblemKind::RobotsUnreachable, "500"));
        let mut leave = |obey| files.leave(errand("http://a.example/x"), "idea-audit", obey, Instant::now());
        assert!(matches!(leave(Obedience::Full), Leave::Refused(..)));
        assert!(matches!(leave(Obedience::None), Leave::Given(_)));
    }
}
