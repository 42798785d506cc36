//! What an example serves, as captures.
//!
//! In: an example. Out: [`Exchange`]: every address it answers, and what the rest answers. Invariant: nothing is answered that
//! the example does not say, except "404 not found". Tested by the examples themselves.

use bytes::Bytes;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

use super::fixture;
use crate::document;
use crate::document::press::Draft;
use crate::facts::{
    Endpoint, Found, HostFacts, HostStanding, Looked, Need, Page, PageDigest, Reply, SiteFacts, Standing, twin,
};
use crate::rules::{Example, Serve};
use crate::web::dns::Dns;
use crate::web::preload::Preloaded;
use crate::web::tls::Tls;
use crate::web::{Capture, Headers, Hop, MediaType, ProblemKind, Source, address};

/// The name that stands for "any other path" in `[[example.serve]]`.
const ANY_OTHER: &str = "*";

/// The media type of a text of Office Open XML.
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The redirects that are followed, as in a crawl.
const MOST_HOPS: usize = 10;

/// What a whole example answers.
pub(super) struct Exchange {
    /// The home page's address.
    pub(super) root: Url,
    /// True when it stands for a folder.
    pub(super) folder: bool,
    answers: BTreeMap<Url, Answer>,
    otherwise: Option<Box<Capture>>,
    browser: Option<Answer>,
    tls: Looked<Tls>,
    dns: Looked<Dns>,
}

pub(super) enum Answer {
    Captured(Box<Capture>),
    Problem(ProblemKind),
}

impl Exchange {
    /// Everything an example serves.
    ///
    /// # Errors
    /// Words about an example that cannot be played: an address that is none, a site that does not exist.
    pub(super) fn of(example: &Example) -> Result<Self, String> {
        if let Some(name) = &example.site {
            return fixture::exchange(name, example.folder);
        }
        let address = match &example.url {
            Some(url) => super::example_root().join(url).map_err(|error| format!("`{url}` is no address: {error}"))?,
            None => super::example_root(),
        };
        let root = address.join("/").map_err(|error| error.to_string())?;
        let mut exchange = Self::from_captures(root, example.folder, Vec::new(), None);
        exchange.tls = looked(example.tls.as_ref(), "tls")?;
        exchange.dns = looked(example.dns.as_ref(), "dns")?;
        for serve in &example.serve {
            exchange.add(serve)?;
        }
        if example.serve.is_empty() {
            let html = document(example.html.as_deref().unwrap_or_default());
            let headers = typed(&example.headers, "text/html; charset=utf-8");
            exchange.insert(answer(address, example.status.unwrap_or(200), headers, html, example.folder));
        }
        exchange.arrive();
        Ok(exchange)
    }

    /// Gives every page that a served redirect leads to the longest way that leads there, as a crawl would have come.
    fn arrive(&mut self) {
        let ways: Vec<Capture> = self
            .answers
            .keys()
            .filter_map(|url| match self.get(url) {
                Reply::Captured(capture) if !capture.hops.is_empty() => Some(*capture),
                Reply::Captured(_) | Reply::Missing | Reply::Unknown | Reply::Problem(..) | Reply::NotLinked => None,
            })
            .collect();
        for way in ways {
            if let Some(Answer::Captured(page)) = self.answers.get_mut(&way.url)
                && way.hops.len() > page.hops.len()
            {
                page.hops = way.hops;
            }
        }
    }

    /// An exchange from captures that are already there.
    pub(super) fn from_captures(root: Url, folder: bool, captures: Vec<Capture>, otherwise: Option<Capture>) -> Self {
        let nobody = "the example says nothing of it";
        let mut exchange = Self {
            root,
            folder,
            answers: BTreeMap::new(),
            otherwise: otherwise.map(Box::new),
            browser: None,
            tls: Looked::Not(nobody.to_string()),
            dns: Looked::Not(nobody.to_string()),
        };
        captures.into_iter().for_each(|capture| exchange.insert(capture));
        exchange
    }

    fn add(&mut self, serve: &Serve) -> Result<(), String> {
        let wild = serve.url == ANY_OTHER;
        let url = if wild {
            self.root.clone()
        } else {
            self.root.join(&serve.url).map_err(|error| format!("`{}`: {error}", serve.url))?
        };
        if let Some(word) = &serve.problem {
            let kind: ProblemKind = serde_json::from_value(serde_json::Value::String(word.clone()))
                .map_err(|_| format!("`{word}` is no kind of problem"))?;
            self.keep(serve.to_browser, address::canonical(&url), Answer::Problem(kind));
            return Ok(());
        }
        if let Some(table) = &serve.document {
            let draft: Draft =
                table.clone().try_into().map_err(|error| format!("[example.serve.document]: {error}"))?;
            let kind = if draft.word { WORD } else { "application/pdf" };
            let headers = typed(&serve.headers, kind);
            self.insert(answer(url, serve.status.unwrap_or(200), headers, draft.file(), self.folder));
            return Ok(());
        }
        let (body, kind) = match (&serve.html, &serve.body) {
            (Some(html), _) => (document(html), "text/html; charset=utf-8"),
            (None, Some(body)) => (body.clone(), "text/plain; charset=utf-8"),
            (None, None) => (String::new(), "text/html; charset=utf-8"),
        };
        let capture = answer(url, serve.status.unwrap_or(200), typed(&serve.headers, kind), body, self.folder);
        if wild {
            self.otherwise = Some(Box::new(capture));
        } else {
            self.keep(serve.to_browser, capture.url.clone(), Answer::Captured(Box::new(capture)));
        }
        Ok(())
    }

    fn keep(&mut self, to_browser: bool, url: Url, answer: Answer) {
        if to_browser {
            self.browser = Some(answer);
        } else {
            self.answers.insert(url, answer);
        }
    }

    /// What the root shows a browser; nobody looks where the example does not say.
    fn as_browser(&self) -> Reply {
        match &self.browser {
            Some(Answer::Captured(capture)) => Reply::Captured(capture.clone()),
            Some(Answer::Problem(kind)) => Reply::Problem(*kind, "as the example says".to_string()),
            None => Reply::Unknown,
        }
    }

    fn insert(&mut self, capture: Capture) {
        self.answers.insert(capture.url.clone(), Answer::Captured(Box::new(capture)));
    }

    /// The host, with the port where it is not the default.
    pub(super) fn host(&self) -> String {
        address::site_of(&self.root)
    }

    /// The pages that a crawl would judge: good answers of this site that are HTML or XML.
    pub(super) fn pages(&self) -> impl Iterator<Item = &Capture> {
        self.answers
            .values()
            .filter_map(|answer| match answer {
                Answer::Captured(capture) => Some(&**capture),
                Answer::Problem(_) => None,
            })
            .filter(|capture| {
                capture.is_success()
                    && capture.media.is_page()
                    && address::same_site(&capture.url, &self.root)
                    && capture.url.scheme() == self.root.scheme()
            })
    }

    /// The pages of other sites.
    pub(super) fn foreign(&self) -> impl Iterator<Item = &Capture> {
        let captures = self.answers.values().filter_map(|answer| match answer {
            Answer::Captured(capture) => Some(&**capture),
            Answer::Problem(_) => None,
        });
        captures.filter(|capture| {
            capture.is_success() && capture.media.is_html() && !address::same_site(&capture.url, &self.root)
        })
    }

    /// Whether something is served at an address.
    pub(super) fn answers(&self, url: &Url) -> bool {
        self.answers.contains_key(url)
    }

    /// What the site stage needs: home page, replies, hosts, page digests.
    pub(super) fn fill(&self, needs: BTreeSet<Need>, site: &mut SiteFacts, today: Date) {
        site.home = match self.get(&self.root) {
            Reply::Captured(capture) if capture.is_success() => Some(*capture),
            _ => None,
        };
        for (url, answer) in &self.answers {
            if let Answer::Captured(capture) = answer
                && address::same_site(url, &self.root)
            {
                site.see(url, PageDigest { status: capture.status, judged: capture.is_success() });
            }
        }
        let home = site.home.clone();
        for need in needs {
            let reply = match &need {
                Need::Path(path) => self.root.join(path).map_or(Reply::Unknown, |url| self.get(&url)),
                Need::Control if self.folder => Reply::Unknown,
                Need::Control => self.get(&self.root.join("/a-path-that-cannot-exist").expect("a constant path")),
                Need::Twin => twin(&self.root).map_or(Reply::NotLinked, |url| self.get(&url)),
                Need::AsBrowser => self.as_browser(),
                Need::Linked(wanted) => match &home {
                    Some(home) => {
                        let page = Page::read(home);
                        page.facts(Standing::Home, today).linked(wanted).map_or(Reply::NotLinked, |url| self.get(&url))
                    }
                    None => Reply::NotLinked,
                },
            };
            site.replies.insert(need.key(), reply);
        }
        if !self.folder {
            let http = self.endpoint("http");
            let https = self.endpoint("https");
            let facts = HostFacts {
                host: self.host(),
                standing: HostStanding::Own,
                http,
                https,
                tls: self.tls.clone(),
                dns: self.dns.clone(),
                preload: Preloaded::default().state(self.root.host_str().unwrap_or_default()),
                day: today,
            };
            site.hosts.insert(self.host(), facts);
        }
    }

    /// Reads the documents that pages link to; what the example does not serve is not there.
    pub(super) fn fetch_documents(&self, site: &mut SiteFacts) {
        for (url, linked) in &mut site.documents {
            linked.found = match self.get(url) {
                Reply::Captured(capture) if capture.is_success() => match document::read(&capture.body) {
                    Ok(document) => Found::Read(Box::new(document)),
                    Err(why) => Found::Problem(ProblemKind::Malformed, why),
                },
                Reply::Captured(capture) => Found::Answered(capture.status),
                Reply::Missing => Found::Missing,
                Reply::Problem(kind, why) => Found::Problem(kind, why),
                Reply::Unknown | Reply::NotLinked => Found::NotLooked("it lies outside the folder".to_string()),
            };
        }
    }

    /// What an address answers, following the redirects that are served.
    /// What the example answers at an address.
    pub(super) fn get(&self, url: &Url) -> Reply {
        let requested = address::canonical(url);
        let mut at = requested.clone();
        let mut hops = Vec::new();
        while hops.len() <= MOST_HOPS {
            let found = match self.answers.get(&at) {
                Some(Answer::Problem(kind)) => return Reply::Problem(*kind, "as the example says".to_string()),
                Some(Answer::Captured(capture)) => capture.clone(),
                None if !address::same_site(&at, &self.root) && self.folder => return Reply::Unknown,
                None if self.folder => return Reply::Missing,
                None => self.unknown_path(&at),
            };
            match found.header("location").and_then(|location| at.join(location).ok()) {
                Some(next) if (300..400).contains(&found.status) => {
                    hops.push(Hop { url: at, status: found.status, headers: found.headers.unwrap_or_default() });
                    at = address::canonical(&next);
                }
                _ => return Reply::Captured(Box::new(Capture { requested, hops, ..*found })),
            }
        }
        Reply::Problem(ProblemKind::Redirects, "the example redirects in a circle".to_string())
    }

    fn unknown_path(&self, url: &Url) -> Box<Capture> {
        let capture = self.otherwise.clone().unwrap_or_else(|| {
            let headers = typed(&BTreeMap::new(), "text/html; charset=utf-8");
            Box::new(answer(url.clone(), 404, headers, document("<h1>Page not found</h1>"), false))
        });
        Box::new(Capture { requested: url.clone(), url: url.clone(), ..*capture })
    }

    fn endpoint(&self, scheme: &str) -> Endpoint {
        let mut url = self.root.clone();
        if url.set_scheme(scheme).is_err() {
            return Endpoint::NotAsked("no such scheme".to_string());
        }
        match self.answers.get(&url) {
            Some(Answer::Captured(capture)) => Endpoint::Answered {
                status: capture.status,
                headers: capture.headers.clone().unwrap_or_default(),
                location: capture.header("location").and_then(|location| url.join(location).ok()),
                lands: None,
                peer: None,
            },
            Some(Answer::Problem(kind)) => Endpoint::Problem { kind: *kind, detail: "as the example says".to_string() },
            None => Endpoint::NotAsked("the example serves nothing there".to_string()),
        }
    }
}

/// What an example says of a host beside its pages.
fn looked<T: DeserializeOwned>(table: Option<&toml::Table>, key: &str) -> Result<Looked<T>, String> {
    let Some(table) = table else { return Ok(Looked::Not("the example says nothing of it".to_string())) };
    let seen = table.clone().try_into().map_err(|error| format!("[example.{key}]: {error}"))?;
    Ok(Looked::Seen(Box::new(seen)))
}

/// A whole document: what is one already, or a plain page around what stands in a body.
fn document(html: &str) -> String {
    let start = html.trim_start().get(..9).unwrap_or(html.trim_start()).to_ascii_lowercase();
    if start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<?xml") {
        return html.to_string();
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>An example page of the agency</title></head>\n<body>{html}</body></html>"
    )
}

fn typed(headers: &BTreeMap<String, String>, kind: &str) -> Headers {
    let given = headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
    let default = (!given).then(|| ("content-type".to_string(), kind.to_string()));
    Headers::of(default.into_iter().chain(headers.iter().map(|(name, value)| (name.clone(), value.clone()))))
}

/// One answer as a capture.
pub(super) fn answer(url: Url, status: u16, headers: Headers, body: impl Into<Bytes>, folder: bool) -> Capture {
    let body = body.into();
    let url = address::canonical(&url);
    Capture {
        requested: url.clone(),
        url,
        hops: Vec::new(),
        status,
        media: MediaType::of(headers.first("content-type").unwrap_or("text/html")),
        headers: (!folder).then_some(headers),
        wire_bytes: body.len() as u64,
        body,
        truncated: false,
        peer: None,
        source: if folder { Source::File("index.html".to_string()) } else { Source::Network },
    }
}
