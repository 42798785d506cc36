//! What a crawl may do, filled by whoever starts it.
//!
//! Plain values with safe defaults; nothing here is read from the environment. Tested in `tests/it/crawl.rs`.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::turns::Turns;
use crate::web::glob::Glob;

/// What a crawl may do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The whole `User-Agent` field.
    pub user_agent: String,
    /// The product token that robots.txt groups are matched against.
    pub agent: String,
    /// The name of a browser, for asks that compare what it is shown; `None` makes no such request.
    pub browser_name: Option<String>,
    /// Requests in flight at once, in all; one that hangs stops counting after a while, up to a bound.
    pub concurrency: usize,
    /// The wait between two requests to a host that somebody typed; slower than the default is honoured everywhere, faster
    /// only on [`Settings::my_sites`] and loopback.
    pub interval: Option<Duration>,
    /// Hosts whose owner runs this: robots.txt is a fact there, and the default wait is lifted. `host` or `host:port`.
    pub my_sites: Vec<String>,
    /// Private networks that may be reached.
    pub allow_private: Vec<IpNet>,
    /// Requests a second to one IP address; `None` is ten, and no limit on loopback.
    pub per_ip_rate: Option<f64>,
    /// From the request to the last octet of the body.
    pub timeout: Duration,
    /// Name look-up aside, until the connection (and TLS) stands.
    pub connect_timeout: Duration,
    /// Between two arrivals of data.
    pub idle_timeout: Duration,
    /// Octets of a body after content decoding.
    pub max_body: u64,
    /// Octets of a body on the wire.
    pub max_wire: u64,
    /// Which pages of a site are looked at.
    pub span: Span,
    /// Pages per site, answered or not.
    pub max_pages: Option<u64>,
    /// Clicks from the seed.
    pub max_depth: Option<u32>,
    /// Wall time per site.
    pub max_time: Option<Duration>,
    /// Octets per site, as they came over the wire.
    pub max_bytes: Option<u64>,
    /// Wall time of the whole run; whoever conducts the crawl stops it then.
    pub max_run_time: Option<Duration>,
    /// Only pages whose path matches one of these; empty is all.
    pub include: Vec<Glob>,
    /// No pages whose path matches one of these.
    pub exclude: Vec<Glob>,
    /// Whether the site's subdomains belong to it.
    pub include_subdomains: Subdomains,
    /// Whether links are followed.
    pub follow: Follow,
    /// Sent to the seeds' own hosts only, with their "www." twins, and never from https down to http.
    pub headers: Vec<(String, String)>,
    /// Basic authentication, sent as [`Settings::headers`] are: user, password. A seed may bring its own.
    pub auth: Option<(String, String)>,
    /// All requests go through here; the guard can then check names and literals, but not what the proxy resolves.
    pub proxy: Option<Url>,
    /// Host names that are not looked up but live at this address.
    pub resolve: Vec<(String, IpAddr)>,
    /// Whether certificates are verified.
    pub certificates: Certificates,
    /// Roots that are trusted besides those that ship with the program, DER.
    pub more_roots: Vec<Vec<u8>>,
    /// The first of two waits before robots.txt is tried again after a 5xx, 429 or broken connection; the second is triple.
    pub robots_backoff: Duration,
    /// A longer `Retry-After` than this gives the host up.
    pub longest_wait: Duration,
    /// A target whose host stood in the way of everything for a reason that may pass is asked for once more after this time, when
    /// all others have been; `None` asks for none again.
    pub second_chance: Option<Duration>,
    /// Sites open at once; further seeds wait.
    pub open_sites: usize,
    /// Octets of bodies kept to answer asks without a second request.
    pub memo_bytes: u64,
    /// Whoever knows which hosts other processes ask; `None` where nobody else is at work.
    pub turns: Option<Arc<dyn Turns>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("idea-audit/", env!("CARGO_PKG_VERSION")).to_string(),
            agent: "idea-audit".to_string(),
            browser_name: None,
            concurrency: 64,
            interval: None,
            my_sites: Vec::new(),
            allow_private: Vec::new(),
            per_ip_rate: None,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(15),
            max_body: 10 << 20,
            max_wire: 10 << 20,
            span: Span::Full,
            max_pages: Some(500),
            max_depth: None,
            max_time: None,
            max_bytes: None,
            max_run_time: None,
            include: Vec::new(),
            exclude: Vec::new(),
            include_subdomains: Subdomains::Separate,
            follow: Follow::Links,
            headers: Vec::new(),
            auth: None,
            proxy: None,
            resolve: Vec::new(),
            certificates: Certificates::Verified,
            more_roots: Vec::new(),
            robots_backoff: Duration::from_secs(5),
            longest_wait: Duration::from_secs(120),
            second_chance: Some(Duration::from_secs(60)),
            open_sites: 600,
            memo_bytes: 16 << 20,
            turns: None,
        }
    }
}

/// Whether a site's subdomains belong to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Subdomains {
    /// `a.example` is one site, `b.a.example` another.
    Separate,
    /// `b.a.example` is crawled as part of `a.example`.
    Included,
}

/// Which pages of a site are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Span {
    /// All that budgets allow.
    Full,
    /// The front page, and what is asked for beside pages; not the pages behind its links.
    Home,
    /// So many, of as many shapes of paths as there are.
    Sample(u64),
}

/// Which pages are wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Follow {
    /// The seeds and whatever they and the sitemaps lead to.
    Links,
    /// Only what was named: the seeds, or all page files of a folder.
    Named,
}

/// Whether TLS certificates are verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Certificates {
    /// Against the roots that ship with the program, so that every machine gives the same answer.
    Verified,
    /// Anything goes; the report must say so.
    Unverified,
}

/// Why a crawl could not begin.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A target that cannot be crawled.
    #[error("{target}: {reason}")]
    Target {
        /// What was typed.
        target: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// Nothing to crawl.
    #[error("no targets: name at least one URL, folder or file")]
    NoTargets,
    /// A header that HTTP does not allow.
    #[error("header {0}: not a valid HTTP header field")]
    Header(String),
    /// A proxy address that cannot be used.
    #[error("proxy {0}: not a usable proxy address")]
    Proxy(String),
    /// The HTTP client could not be built.
    #[error("the HTTP client could not start: {0}")]
    Client(String),
    /// The folder could not be read.
    #[error("{path}: {reason}")]
    Folder {
        /// What was typed.
        path: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
}
