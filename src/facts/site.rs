//! What is kept of a site: digests, counts and notes, not documents.
//!
//! In: pages as they are judged, replies to needs. Out: [`SiteFacts`], serialisable and merging in any order, and
//! [`SiteView`], the same with its few kept captures parsed on demand. Invariant: memory per page is bounded by what the
//! selected checks note. Tested in `tests/it/crawl.rs` and below.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use url::Url;

use super::aside::Aside;
use super::documents::{self, Documents};
use super::imprint::{self, Bones, Imprint};
use super::notes::Listed;
use super::referred::{self, Referred, Referrer, Referrers};
use super::survey::{Abroad, Survey};
use super::web_form::{self, WebForm, web_forms};
use super::{HostFacts, Need, Noted, Notes, Page, PageFacts, Standing, shared_services, soft_404};
use crate::document::Kind;
use crate::html::Selector;
use crate::web::{Capture, ProblemKind, address};

/// Distinct names kept in an inventory.
const KINDS_KEPT: usize = 1000;

static GENERATOR: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("meta[name=generator i][content]").expect("a constant selector"));

/// What is kept of a site.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct SiteFacts {
    /// The site's name: host, with the port where it is not the default.
    pub name: String,
    /// The home page.
    pub home: Option<Capture>,
    /// What came back for each need, by its key.
    pub replies: BTreeMap<String, Reply>,
    /// What site checks noted of pages, by rule and page.
    pub notes: Notes,
    /// Every address that answered as a page of this site.
    pub pages: BTreeMap<Arc<Url>, PageDigest>,
    /// Who links to an address of this site, as far as that is no page that was read.
    pub referrers: Referrers,
    /// Which of these need no more.
    #[serde(skip)]
    pub referred: Arc<Referred>,
    /// The hosts of the site.
    pub hosts: BTreeMap<String, HostFacts>,
    /// True when headers and servers do not exist (a folder).
    pub folder: bool,
    /// Addresses of a folder's links that have no file there.
    pub missing: BTreeSet<Url>,
    /// Why pages were left out on purpose; empty when the whole site was seen.
    pub unseen: BTreeSet<String>,
    /// Pages by the language their root element names; "" where it names none.
    pub languages: BTreeMap<String, u64>,
    /// Hosts that pages load something from, other than the site's own, with the number of pages.
    pub third_parties: BTreeMap<String, u64>,
    /// What pages name as their generator, with the number of pages.
    pub generators: BTreeMap<String, u64>,
    /// What is kept of the text and bones of each page.
    pub imprints: BTreeMap<Arc<Url>, Imprint>,
    /// Where most of these lies.
    #[serde(skip)]
    pub aside: Aside,
    /// The templates that pages are built by.
    pub templates: BTreeMap<u64, Bones>,
    /// Services that government sites share, with the number of pages that use them.
    pub services: BTreeMap<String, ServiceUse>,
    /// The documents its pages link to.
    pub documents: Documents,
    /// The forms of its pages that ask people for data; of very many the first by address.
    pub forms: BTreeSet<WebForm>,
    /// How many pages link to an address of this site, by a hash of it.
    pub inlinks: BTreeMap<u64, u32>,
    /// What other sites of the run have too; `None` until all were seen, and where there are no others.
    pub abroad: Option<Abroad>,
}

/// How a site uses a shared service.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct ServiceUse {
    /// Pages that use it.
    pub pages: u64,
    /// Pages by the version they tell.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, u64>,
}

/// What came back for a need.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// An answer, with whatever status.
    Captured(Box<Capture>),
    /// The folder has no such file.
    Missing,
    /// It lies outside the folder and was not fetched.
    Unknown,
    /// It could not be looked at.
    Problem(ProblemKind, String),
    /// No link led there.
    NotLinked,
}

/// What is kept of every page.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PageDigest {
    /// The HTTP status.
    pub status: u16,
    /// Whether it was judged.
    pub judged: bool,
}

impl SiteFacts {
    /// Remembers every link of a page to an address of the same site.
    pub fn refer_links(&mut self, page: &PageFacts<'_>) {
        self.refer_links_beside(page, &Referred::default());
    }

    /// The same, but for the place of a link where it is known already that others come before it.
    pub fn refer_links_beside(&mut self, page: &PageFacts<'_>, referred: &Referred) {
        let links = page.links().iter().filter_map(|link| Some((link, link.own_target(page.url())?)));
        let links: Vec<_> = links.map(|(link, target)| (link, target, referred::number(target.as_str()))).collect();
        let numbers: Vec<u64> = links.iter().map(|(_, _, number)| *number).collect();
        let here = Arc::new(page.url().clone());
        for ((link, target, _), may_keep) in links.iter().zip(referred.may_keep(&numbers, page.url())) {
            if !may_keep {
                continue;
            }
            let position = link.element.position();
            let (snippet, selector) = (link.element.snippet(), link.element.selector());
            let from = Referrer::of(here.clone(), position.line, position.column, &snippet, &selector);
            self.referrers.join(&self.referred, target.as_str(), [from]);
        }
        for number in numbers.into_iter().collect::<BTreeSet<u64>>() {
            *self.inlinks.entry(number).or_default() += 1;
        }
    }

    /// Keeps what an address answered, and gives back the address as it is shared by all that is kept of the page.
    pub fn see(&mut self, page: &Url, digest: PageDigest) -> Arc<Url> {
        let shared = self.shared(page).unwrap_or_else(|| Arc::new(page.clone()));
        if digest.judged {
            self.referrers.forget(&self.referred, page);
        }
        self.pages.insert(shared.clone(), digest);
        shared
    }

    /// The address of a page that something is kept of: there is one of it, whatever is kept.
    fn shared(&self, page: &Url) -> Option<Arc<Url>> {
        let seen = self.pages.get_key_value(page).map(|(url, _)| url);
        seen.or_else(|| self.imprints.get_key_value(page).map(|(url, _)| url)).cloned()
    }

    /// How many pages of the site link to an address.
    pub fn links_in(&self, url: &Url) -> u32 {
        self.inlinks.get(&referred::number(url.as_str())).copied().unwrap_or(0)
    }

    /// Keeps what questions about the whole site need of a page: marks of its text and bones, its services.
    fn imprint(&mut self, page: &PageFacts<'_>) {
        let url = Arc::new(page.url().clone());
        let bones = imprint::bones(page);
        let template = bones.number();
        self.imprints.insert(url.clone(), Imprint::of(page, template));
        keep_least(&mut self.templates, template, bones, KINDS_KEPT);
        for (service, version) in shared_services::used(page) {
            let held = self.services.entry(service.to_string()).or_default();
            held.pages += 1;
            if let Some(version) = version {
                *held.versions.entry(version).or_default() += 1;
            }
        }
    }

    /// Counts what is simply true of a page: language, generator, hosts it loads from.
    pub fn take_stock(&mut self, page: &PageFacts<'_>) {
        let Some(document) = page.document else { return };
        if !page.is_redirect_stub() {
            self.imprint(page);
        }
        let language = document.root().attr("lang").unwrap_or_default().trim().to_ascii_lowercase();
        *self.languages.entry(language).or_default() += 1;
        let generator = document.select(&GENERATOR).next().and_then(|meta| meta.attr("content")).map(str::trim);
        if let Some(generator) = generator.filter(|generator| !generator.is_empty()) {
            *self.generators.entry(generator.chars().take(80).collect()).or_default() += 1;
        }
        let hosts: BTreeSet<&str> = page
            .resources()
            .iter()
            .filter(|resource| !address::same_site(&resource.url, page.url()))
            .filter_map(|resource| resource.url.host_str())
            .collect();
        for host in hosts {
            if self.third_parties.len() < KINDS_KEPT || self.third_parties.contains_key(host) {
                *self.third_parties.entry(host.to_string()).or_default() += 1;
            }
        }
    }

    /// Remembers the documents that a page links to, and the forms it holds.
    pub fn take_papers(&mut self, page: &PageFacts<'_>) {
        documents::merge(&mut self.documents, documents::linked(page));
        self.keep_forms(web_forms(page));
    }

    /// Keeps the least: whatever the order in which they come, the same are left.
    fn keep_forms(&mut self, forms: impl IntoIterator<Item = WebForm>) {
        self.forms.extend(forms);
        while self.forms.len() > web_form::KEPT {
            self.forms.pop_last();
        }
    }

    /// Remembers a document behind an address that does not say so: which pages link to it is known when all were read.
    pub fn take_unnamed(&mut self, url: &Url, at: &Url, kind: Kind) {
        let url = address::canonical(url);
        if documents::is_ours(at, &url) && !self.documents.contains_key(&url) {
            let links = u64::from(self.links_in(&url));
            let document = documents::unnamed(kind, links, self.referrers.of(&url));
            documents::merge(&mut self.documents, Documents::from([(url, document)]));
        }
    }

    /// Forgets what only rules need: what they noted, and who links where. Of a large site that is most of what is kept.
    pub fn forget_notes(&mut self) {
        self.notes = Notes::default();
        self.referrers = Referrers::default();
    }

    /// Forgets what only judging needs: kept captures, notes, referrers.
    pub fn let_go(&mut self) {
        self.forget_notes();
        self.home = None;
        self.replies = BTreeMap::new();
        self.missing = BTreeSet::new();
        self.imprints = BTreeMap::new();
        self.aside = Aside::default();
        self.templates = BTreeMap::new();
        self.inlinks = BTreeMap::new();
        documents::let_go(&mut self.documents);
    }

    /// Joins what another worker kept of the same site. The order does not matter.
    pub fn merge(&mut self, other: Self) {
        self.home = self.home.take().or(other.home);
        self.replies.extend(other.replies);
        for (url, digest) in other.pages {
            self.see(&url, digest);
        }
        for (url, mut imprint) in other.imprints {
            let url = self.shared(&url).unwrap_or(url);
            imprint.put_aside(&self.aside);
            self.imprints.insert(url, imprint);
        }
        self.notes.merge(other.notes);
        for (target, mut referrers) in other.referrers.into_all() {
            for from in &mut referrers {
                from.page = self.shared(&from.page).unwrap_or_else(|| from.page.clone());
            }
            self.referrers.join(&self.referred, &target, referrers);
        }
        self.hosts.extend(other.hosts);
        for (template, bones) in other.templates {
            keep_least(&mut self.templates, template, bones, KINDS_KEPT);
        }
        for (hash, count) in other.inlinks {
            *self.inlinks.entry(hash).or_default() += count;
        }
        for (service, theirs) in other.services {
            let mine = self.services.entry(service).or_default();
            mine.pages += theirs.pages;
            for (version, count) in theirs.versions {
                *mine.versions.entry(version).or_default() += count;
            }
        }
        self.missing.extend(other.missing);
        for (mine, theirs) in [
            (&mut self.languages, other.languages),
            (&mut self.third_parties, other.third_parties),
            (&mut self.generators, other.generators),
        ] {
            for (name, count) in theirs {
                *mine.entry(name).or_default() += count;
            }
        }
        documents::merge(&mut self.documents, other.documents);
        self.keep_forms(other.forms);
        self.unseen.extend(other.unseen);
        self.folder |= other.folder;
    }
}

/// Keeps the least keys: whatever the order in which they come, the same are left.
fn keep_least<K: Ord, V>(kept: &mut BTreeMap<K, V>, key: K, value: V, most: usize) {
    kept.insert(key, value);
    if kept.len() > most {
        kept.pop_last();
    }
}

/// A site as its checks see it.
pub struct SiteView<'s> {
    /// What is kept.
    pub facts: &'s SiteFacts,
    /// The day it is judged on.
    pub today: Date,
    rule: &'s str,
    notes: OnceCell<Listed<'s>>,
    parsed: &'s Parsed<'s>,
}

/// The kept captures of a site, each parsed at most once.
pub struct Parsed<'s> {
    home: OnceCell<Option<Page<'s>>>,
    replies: BTreeMap<&'s str, OnceCell<Page<'s>>>,
    survey: OnceCell<Survey<'s>>,
}

impl<'s> Parsed<'s> {
    /// Nothing parsed yet.
    pub fn of(facts: &'s SiteFacts) -> Self {
        Self {
            home: OnceCell::new(),
            replies: facts.replies.keys().map(|key| (key.as_str(), OnceCell::new())).collect(),
            survey: OnceCell::new(),
        }
    }
}

impl<'s> SiteView<'s> {
    /// The view of one rule's check.
    pub fn of(facts: &'s SiteFacts, parsed: &'s Parsed<'s>, rule: &'s str, today: Date) -> Self {
        Self { facts, today, rule, notes: OnceCell::new(), parsed }
    }

    /// The home page; `None` when it could not be looked at.
    pub fn home(&self) -> Option<PageFacts<'s>> {
        let page = self.parsed.home.get_or_init(|| self.facts.home.as_ref().map(Page::read));
        page.as_ref().map(|page| page.facts(Standing::Home, self.today))
    }

    /// The pages of the site, put together.
    pub fn survey(&self) -> &'s Survey<'s> {
        self.parsed.survey.get_or_init(|| Survey::of(self.facts))
    }

    /// What came back for a need; `None` when nobody asked.
    pub fn reply(&self, need: &Need) -> Option<&'s Reply> {
        self.facts.replies.get(&need.key())
    }

    /// The page that came back for a need, parsed.
    pub fn page(&self, need: &Need) -> Option<PageFacts<'s>> {
        let (key, Reply::Captured(capture)) = self.facts.replies.get_key_value(&need.key())? else { return None };
        let page = self.parsed.replies.get(key.as_str())?.get_or_init(|| Page::read(capture));
        Some(page.facts(Standing::Inner, self.today))
    }

    /// True when the server answers a path that cannot exist in the same way: its answer then proves nothing.
    ///
    /// The same way is: the control succeeded too, and both have the same title and first heading, or the same body.
    pub fn is_soft_404(&self, capture: &Capture) -> bool {
        let Some(Reply::Captured(control)) = self.reply(&Need::Control) else { return false };
        control.is_success()
            && (control.body == capture.body
                || control.url == capture.url
                || soft_404::signature(control) == soft_404::signature(capture))
    }

    /// What this rule noted, page by page, sorted by address.
    pub fn notes(&self) -> impl Iterator<Item = (&'s Arc<Url>, Noted<'_>)> {
        self.notes.get_or_init(|| self.facts.notes.of(self.rule)).iter()
    }

    /// The same one by one: of notes that differ from page to page, those of a large site are never in memory together.
    pub fn each_note(&self, mut tell: impl FnMut(&'s Arc<Url>, Noted<'_>)) {
        self.facts.notes.each(self.rule, &mut tell);
    }

    /// How many pages this rule noted, those among them for which a note of another page stands.
    pub fn noted_pages(&self) -> u64 {
        self.facts.notes.pages_of(self.rule)
    }
}
