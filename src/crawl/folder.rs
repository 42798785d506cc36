//! A folder of a built site, told as if it had been crawled.
//!
//! In: a folder or a single file, and where it will be published. Out: the same [`Event`]s as a crawl, in the order of
//! addresses, and answers to asks. Invariants: every page file is told once, whatever links to it; robots.txt is a fact;
//! there are no headers; what is not below the place of publication is unknown, never missing. Tested below.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use url::Url;

use super::event::{Ask, Content, Event, Looked, Reply, SiteId};
use super::publish::Publication;
use super::scope::Globs;
use super::settings::{Follow, SetupError};
use super::shelf::{self, Entry, Kind, Shelf};
use super::skip::Skip;
use crate::web::glob::Glob;
use crate::web::{Capture, MediaType, Problem, ProblemKind, Source, address};

/// The only site of a folder.
const SITE: SiteId = SiteId(0);

/// A folder of a built site.
#[derive(Debug)]
pub struct Folder {
    place: Publication,
    shelf: Shelf,
    pages: VecDeque<(Url, Vec<u8>, Entry)>,
    outbox: VecDeque<Event>,
    told: BTreeSet<Url>,
    outstanding: u64,
    discovered: u64,
    fetched: u64,
    skipped: BTreeMap<&'static str, u64>,
    done: bool,
}

impl Folder {
    /// Reads the names of a folder's files, or opens a single page file. `publish_at` may have a path; without it
    /// addresses are `file:///` and the path relative to the folder. With either [`Follow`] the pages are all page files
    /// that the globs want: in a folder nothing is found by links that is not found without them.
    ///
    /// # Errors
    /// A path that cannot be read, an address that is not of the web, a folder without pages.
    pub fn open(
        path: &Path,
        publish_at: Option<&Url>,
        include: &[Glob],
        exclude: &[Glob],
        _follow: Follow,
    ) -> Result<Self, SetupError> {
        let place = Publication::at(publish_at)?;
        let shelf = Shelf::open(path)?;
        let globs = Globs::of(include, exclude);
        let pages = shelf.files().filter(|(_, entry)| !matches!(entry.kind, Kind::Other(_)));
        let all: Vec<_> = pages.map(|(name, entry)| (place.url_of(name), name.to_vec(), entry.clone())).collect();
        let found = all.len();
        let mut wanted: Vec<_> = all.into_iter().filter(|(url, ..)| globs.want(url)).collect();
        if wanted.is_empty() {
            let reason = match found {
                0 if shelf.is_single() => "not a page; name an .html file, or a folder that has some",
                0 => "no page in it; name the folder that your site generator writes .html files to, after a build",
                _ => "no page in it passes the include and exclude patterns",
            };
            return Err(SetupError::Folder { path: path.display().to_string(), reason: reason.to_string() });
        }
        wanted.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        let root = place.base().clone();
        let name = if publish_at.is_some() { address::site_of(&root) } else { shelf.name() };
        let mut skipped = BTreeMap::new();
        if found > wanted.len() {
            skipped.insert(Skip::OutOfScope.as_str(), (found - wanted.len()) as u64);
        }
        if shelf.leaving > 0 {
            skipped.insert(Skip::LeavesFolder.as_str(), shelf.leaving);
        }
        if shelf.hidden > 0 {
            skipped.insert(Skip::HiddenFile.as_str(), shelf.hidden);
        }
        Ok(Self {
            outbox: VecDeque::from([Event::Site { site: SITE, name, root: root.clone(), seed: root }]),
            told: BTreeSet::new(),
            outstanding: 0,
            discovered: wanted.len() as u64,
            fetched: 0,
            skipped,
            done: false,
            pages: wanted.into(),
            place,
            shelf,
        })
    }

    /// Pages and other page files that are still to come.
    pub fn left(&self) -> usize {
        self.pages.len()
    }

    /// True when [`Event::SiteDone`] was told.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Reads no further page. What waits is counted as skipped.
    pub fn stop(&mut self) {
        let left = std::mem::take(&mut self.pages).len() as u64;
        if left > 0 {
            *self.skipped.entry(Skip::Stopped.as_str()).or_default() += left;
        }
    }

    /// The links of a page that was delivered; owed once for every [`Event::Page`]. Addresses that mean a page under
    /// another spelling become aliases.
    pub fn discovered(&mut self, site: SiteId, _depth: u32, _page: &Url, links: Vec<Url>) {
        self.outstanding = self.outstanding.saturating_sub(1);
        for link in links {
            let from = address::canonical(&link);
            if self.told.contains(&from) {
                continue;
            }
            let meant = self.meant(&link);
            if meant.is_none() && self.place.files(&link).is_some() && !self.shelf.is_single() {
                self.told.insert(from.clone());
                self.outbox.push_back(Event::Missing { site, url: from });
                continue;
            }
            let Some((to, Kind::Page(_))) = meant.map(|(name, entry)| (name, entry.kind)) else { continue };
            let to = self.place.url_of(&to);
            if to != from && self.told.insert(from.clone()) {
                self.outbox.push_back(Event::Alias { site, from, to });
            }
        }
    }

    /// Asks for one address; the answer is an [`Event::Reply`].
    pub fn ask(&mut self, ask: Ask) {
        let reply = self.answer(&ask.url);
        self.outbox.push_back(Event::Reply { site: ask.site, key: ask.key, reply });
    }

    /// A folder shows every name the same, so nobody looks twice.
    pub fn ask_as_browser(&mut self, ask: Ask) {
        self.outbox.push_back(Event::Reply { site: ask.site, key: ask.key, reply: Reply::Unknown });
    }

    fn answer(&self, url: &Url) -> Reply {
        if self.place.files(url).is_none() {
            return Reply::Unknown;
        }
        let meant = self.meant(url);
        let url = address::canonical(url);
        let Some((name, entry)) = meant else {
            return if self.shelf.is_single() { Reply::Unknown } else { Reply::Missing };
        };
        let media = match &entry.kind {
            Kind::Page(media) | Kind::Other(media) => media.clone(),
            Kind::Unreadable(cause) => return Reply::Problem(unreadable(&url, ProblemKind::Unreadable, cause)),
        };
        let at = self.place.url_of(&name);
        match capture(url.clone(), at, &name, &entry, media) {
            Ok(capture) => Reply::Captured(Box::new(capture)),
            Err(problem) => Reply::Problem(problem),
        }
    }

    fn meant(&self, url: &Url) -> Option<(Vec<u8>, Entry)> {
        // As written first: a mirror may hold a file for the very parameters that a canonical address drops.
        [url, &address::canonical(url)].into_iter().find_map(|url| {
            let files = self.place.files(url)?;
            files.into_iter().find_map(|name| self.shelf.find(&name).map(|entry| (name, entry)))
        })
    }

    fn page(&mut self, url: Url, name: &[u8], entry: &Entry) -> Event {
        let read = match &entry.kind {
            Kind::Page(media) | Kind::Other(media) => capture(url.clone(), url.clone(), name, entry, media.clone()),
            Kind::Unreadable(cause) => Err(unreadable(&url, ProblemKind::Unreadable, cause)),
        };
        match read {
            Ok(capture) => {
                self.fetched += 1;
                self.outstanding += 1;
                let depth = depth(self.place.base(), &url);
                Event::Page {
                    site: SITE,
                    depth,
                    capture: Box::new(capture),
                    aliases: Vec::new(),
                    content: Content::Fetched,
                }
            }
            Err(problem) => Event::Problem { site: SITE, problem, url, looked: Looked::ForPage },
        }
    }
}

impl Iterator for Folder {
    type Item = Event;

    /// The next event. `None` says that nothing is left, or that [`Folder::discovered`] is owed first; which of both,
    /// [`Folder::is_done`] tells.
    fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.outbox.pop_front() {
            return Some(event);
        }
        if let Some((url, name, entry)) = self.pages.pop_front() {
            return Some(self.page(url, &name, &entry));
        }
        if self.outstanding > 0 || std::mem::replace(&mut self.done, true) {
            return None;
        }
        let skipped = std::mem::take(&mut self.skipped);
        Some(Event::SiteDone { site: SITE, discovered: self.discovered, fetched: self.fetched, skipped })
    }
}

/// Folders between the root and the page; the nearest thing to clicks that a folder has.
fn depth(base: &Url, url: &Url) -> u32 {
    let below = url.path().strip_prefix(base.path()).unwrap_or_default();
    let segments = below.split('/').filter(|segment| !segment.is_empty()).count();
    u32::try_from(segments).unwrap_or(u32::MAX)
}

fn capture(requested: Url, url: Url, name: &[u8], entry: &Entry, media: MediaType) -> Result<Capture, Problem> {
    let body = shelf::read(&entry.path)
        .map_err(|cause| unreadable(&requested, ProblemKind::Unreadable, &cause.to_string()))?;
    if body.len() as u64 > shelf::LARGEST {
        let detail = format!("more than {} octets", shelf::LARGEST);
        return Err(unreadable(&requested, ProblemKind::TooLarge, &detail));
    }
    Ok(Capture {
        requested,
        url,
        hops: Vec::new(),
        status: 200,
        headers: None,
        media,
        wire_bytes: body.len() as u64,
        body: body.into(),
        truncated: false,
        peer: None,
        source: Source::File(String::from_utf8_lossy(name).into_owned()),
    })
}

fn unreadable(url: &Url, kind: ProblemKind, detail: &str) -> Problem {
    Problem { url: url.to_string(), kind, detail: detail.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::Redirects;
    use std::fs;
    use std::path::PathBuf;

    struct Built(tempfile::TempDir);

    impl Built {
        fn of(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            for (name, text) in files {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().expect("has a folder")).expect("can be made");
                fs::write(path, text).expect("can be written");
            }
            Self(folder)
        }

        fn path(&self) -> PathBuf {
            self.0.path().to_path_buf()
        }

        fn open(&self, place: Option<&str>) -> Folder {
            let place = place.map(|place| Url::parse(place).expect(place));
            Folder::open(&self.path(), place.as_ref(), &[], &[], Follow::Links).expect("has pages")
        }
    }

    /// All events, with no links found.
    fn events(folder: &mut Folder) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = folder.next() {
            if let Event::Page { site, depth, capture, .. } = &event {
                folder.discovered(*site, *depth, &capture.url, Vec::new());
            }
            events.push(event);
        }
        assert!(folder.is_done());
        events
    }

    fn pages(folder: &mut Folder) -> Vec<String> {
        let page = |event| match event {
            Event::Page { capture, .. } => Some(format!("{} {}", capture.url, capture.media.as_str())),
            Event::Site { .. }
            | Event::Alias { .. }
            | Event::Missing { .. }
            | Event::Reply { .. }
            | Event::Problem { .. }
            | Event::File { .. }
            | Event::SiteDone { .. } => None,
        };
        events(folder).into_iter().filter_map(page).collect()
    }

    fn reply(folder: &mut Folder, url: &str) -> Reply {
        let url = Url::parse(url).expect(url);
        folder.ask(Ask { site: SITE, key: "key".to_string(), url, follow: Redirects::Follow });
        match folder.outbox.pop_back() {
            Some(Event::Reply { reply, .. }) => reply,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_page_file_is_told_once_in_the_order_of_addresses() {
        let built = Built::of(&[
            ("index.html", ""),
            ("b/index.html", ""),
            ("a.htm", ""),
            ("x?y=1", " <!-- saved --> <!DOCTYPE HTML><p>"),
            ("old.aspx", "<html>"),
            ("logo.svg", "<svg/>"),
            ("feed.xml", "<?xml version='1.0'?><x/>"),
            ("style.css", "a{}"),
            ("notes", "words"),
            (".git/config.html", ""),
            (".draft.html", ""),
            ("news.rss", "<rss/>"),
            ("news.atom", "<feed/>"),
            ("news.rdf", ""),
            ("feed", "<?xml version='1.0'?>\n<rss version='2.0'>"),
            ("all", "<urlset xmlns='x'>"),
            ("notes.md", "<h1>x</h1>"),
            ("old.html.bak", "<!doctype html>"),
            ("a.json", "<html>"),
            ("a.txt", "<html>"),
            (".well-known/about.html", ""),
        ]);
        let expect = [
            "https://a.example/.well-known/about.html text/html",
            "https://a.example/ text/html",
            "https://a.example/a.htm text/html",
            "https://a.example/b/ text/html",
            "https://a.example/feed.xml application/xml",
            "https://a.example/logo.svg image/svg+xml",
            "https://a.example/all application/xml",
            "https://a.example/feed application/rss+xml",
            "https://a.example/news.atom application/atom+xml",
            "https://a.example/news.rdf application/rdf+xml",
            "https://a.example/news.rss application/rss+xml",
            "https://a.example/old.aspx text/html",
            "https://a.example/x%3Fy=1 text/html",
        ];
        let mut expect = expect.map(str::to_string);
        expect.sort();
        assert_eq!(pages(&mut built.open(Some("https://a.example"))), expect);
        let done = events(&mut built.open(None)).pop();
        let Some(Event::SiteDone { skipped, .. }) = done else { panic!("{done:?}") };
        assert_eq!(skipped, BTreeMap::from([("hidden-file", 1)]));
    }

    #[test]
    fn without_a_place_addresses_are_paths() {
        let built = Built::of(&[("index.html", ""), ("b/c.html", "")]);
        let mut folder = built.open(None);
        assert_eq!(pages(&mut folder), ["file:///b/c.html text/html", "file:///index.html text/html"]);
        assert!(matches!(reply(&mut folder, "file:///"), Reply::Captured(_)));
        assert!(matches!(reply(&mut folder, "file:///c.html"), Reply::Missing));
        assert!(matches!(reply(&mut folder, "https://a.example/"), Reply::Unknown));
    }

    #[test]
    fn asks_are_answered_from_below_the_place_only() {
        let tracked = ("t?utm_source=x.html", "tracked");
        let built = Built::of(&[("index.html", "home"), ("about.html", "about"), ("s.css", "a{}"), tracked]);
        let mut folder = built.open(Some("https://www.a.example/sub"));
        let Reply::Captured(found) = reply(&mut folder, "http://a.example/sub/about#x") else { panic!("is there") };
        assert_eq!(found.url.as_str(), "https://www.a.example/sub/about.html");
        assert_eq!((&found.body[..], found.status, found.headers), (&b"about"[..], 200, None));
        assert_eq!(found.source, Source::File("about.html".to_string()));
        let Reply::Captured(found) = reply(&mut folder, "https://a.example/sub/s.css?v=3") else { panic!("is there") };
        assert_eq!(found.media.as_str(), "text/css");
        assert!(matches!(reply(&mut folder, "https://a.example/sub/t?utm_source=x"), Reply::Captured(_)));
        assert!(matches!(reply(&mut folder, "https://a.example/sub/robots.txt"), Reply::Missing));
        assert!(matches!(reply(&mut folder, "https://a.example/robots.txt"), Reply::Unknown));
        assert!(matches!(reply(&mut folder, "https://a.example/sub/%2e%2e%2fsecret"), Reply::Missing | Reply::Unknown));
    }

    #[test]
    fn links_under_another_spelling_are_aliases_once() {
        let built = Built::of(&[("index.html", ""), ("x/index.html", ""), ("x.pdf", "")]);
        let mut folder = built.open(Some("https://a.example"));
        let links = ["/x", "/x/", "/x", "/x/index.html", "/x.pdf", "/none", "http://www.a.example/x/"];
        let base = Url::parse("https://a.example/").expect("a URL");
        folder.discovered(SITE, 0, &base, links.iter().map(|link| base.join(link).expect(link)).collect());
        let aliases: Vec<String> = folder
            .outbox
            .iter()
            .filter_map(|event| match event {
                Event::Alias { from, to, .. } => Some(format!("{from} {to}")),
                Event::Site { .. }
                | Event::Page { .. }
                | Event::Missing { .. }
                | Event::Reply { .. }
                | Event::Problem { .. }
                | Event::File { .. }
                | Event::SiteDone { .. } => None,
            })
            .collect();
        let expect = [
            "https://a.example/x https://a.example/x/",
            "https://a.example/x/index.html https://a.example/x/",
            "http://www.a.example/x/ https://a.example/x/",
        ];
        assert_eq!(aliases, expect);
    }

    #[cfg(unix)]
    #[test]
    fn links_of_the_disk_do_not_lead_out_or_round() {
        let secret = Built::of(&[("secret.html", "")]);
        let built = Built::of(&[("index.html", ""), ("real/page.html", "")]);
        let link = |to: PathBuf, name| std::os::unix::fs::symlink(to, built.path().join(name)).expect("can be made");
        link(secret.path().join("secret.html"), "out.html");
        link(secret.path(), "outside");
        link(built.path(), "real/round");
        link(built.path().join("real"), "twin");
        link(built.path().join("nowhere"), "broken.html");
        let mut folder = built.open(Some("https://a.example"));
        let events = events(&mut folder);
        let told: Vec<String> = events
            .iter()
            .filter_map(|event| match event {
                Event::Page { capture, .. } => Some(capture.url.path().to_string()),
                Event::Problem { problem, .. } => Some(problem.kind.as_str().to_string()),
                Event::Site { .. }
                | Event::Alias { .. }
                | Event::Missing { .. }
                | Event::Reply { .. }
                | Event::File { .. }
                | Event::SiteDone { .. } => None,
            })
            .collect();
        assert_eq!(told, ["/", "unreadable", "/real/page.html", "/twin/page.html"]);
        let Some(Event::SiteDone { discovered, fetched, skipped, .. }) = events.last() else { panic!("is done") };
        assert_eq!((*discovered, *fetched, skipped["leaves-folder"]), (4, 3, 2));
    }

    #[test]
    fn a_single_file_is_a_site_of_one_page_that_knows_its_neighbours() {
        let built = Built::of(&[("page.html", "<p>"), ("style.css", "a{}"), ("other.html", "")]);
        let path = built.path().join("page.html");
        let mut folder = Folder::open(&path, None, &[], &[], Follow::Links).expect("is a page");
        assert_eq!(pages(&mut folder), ["file:///page.html text/html"]);
        assert!(matches!(reply(&mut folder, "file:///style.css"), Reply::Captured(_)));
        assert!(matches!(reply(&mut folder, "file:///none.css"), Reply::Unknown));
    }

    #[test]
    fn a_folder_without_pages_says_what_to_do() {
        let empty = Built::of(&[("readme.md", "words")]);
        let full = Built::of(&[("index.html", "")]);
        let none = [Glob::parse("/docs/**").expect("a pattern")];
        let table = [
            (empty.path(), &[][..], "site generator"),
            (empty.path().join("gone"), &[][..], "cannot be opened"),
            (full.path(), &none[..], "include"),
        ];
        for (path, include, words) in table {
            let refused = Folder::open(&path, None, include, &[], Follow::Named).expect_err("is refused").to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
