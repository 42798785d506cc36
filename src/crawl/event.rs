//! What the crawl tells its conductor, and what the conductor may ask.
//!
//! Every [`Ask`] gets exactly one [`Event::Reply`]; every site one [`Event::Site`] before anything else of it and one
//! [`Event::SiteDone`]. Plain data. Tested in `tests/it/crawl.rs`.

use std::collections::BTreeMap;

use url::Url;

use crate::web::{Capture, MediaType, Problem};

/// A site of this run, numbered in the order the seeds landed.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SiteId(pub u32);

/// Something the crawl learned.
#[derive(Debug)]
pub enum Event {
    /// A seed landed on a site that is new to the run.
    Site {
        /// Its number.
        site: SiteId,
        /// The host, with the port when it is not the scheme's default.
        name: String,
        /// Scheme, host and port with the path "/"; for a folder, where it is published.
        root: Url,
        /// What was typed.
        seed: Url,
    },
    /// A page answered, once per final canonical address; [`Crawl::discovered`](super::Crawl::discovered) is owed for it.
    /// A status of 404 is an answer too.
    Page {
        /// The site it belongs to.
        site: SiteId,
        /// Clicks from the seed; 0 is the seed itself.
        depth: u32,
        /// What was said.
        capture: Box<Capture>,
        /// Other addresses that redirected here, the one asked for first.
        aliases: Vec<Url>,
        /// Whether its body is there.
        content: Content,
    },
    /// Another address arrived at a page that was already delivered.
    Alias {
        /// The site of the page.
        site: SiteId,
        /// The address that redirected.
        from: Url,
        /// The page's own address.
        to: Url,
    },
    /// A link of a folder leads below the place of publication, to a file that is not there.
    Missing {
        /// The site.
        site: SiteId,
        /// The address that has no file.
        url: Url,
    },
    /// An address that was asked for as a page is none: a file. Its body was not read.
    File {
        /// The site that links to it.
        site: SiteId,
        /// The address that was asked for.
        url: Url,
        /// Where redirects led.
        at: Url,
        /// What the server says it is; empty where a name on the way said enough.
        media: MediaType,
        /// The name the server gives it.
        name: Option<String>,
    },
    /// The answer to an [`Ask`].
    Reply {
        /// The site that asked.
        site: SiteId,
        /// The asker's own word for the question.
        key: String,
        /// The answer.
        reply: Reply,
    },
    /// Something could not be looked at.
    Problem {
        /// The site that is poorer for it.
        site: SiteId,
        /// What stood in the way.
        problem: Problem,
        /// The address that was wanted.
        url: Url,
        /// What was hoped for there.
        looked: Looked,
    },
    /// Nothing is left to do for a site.
    SiteDone {
        /// The site.
        site: SiteId,
        /// Distinct addresses in scope that may be pages, whether fetched or not.
        discovered: u64,
        /// Pages delivered.
        fetched: u64,
        /// Addresses not fetched, by [`Skip`](super::Skip) reason.
        skipped: BTreeMap<&'static str, u64>,
    },
}

/// Whether the body of a page is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Content {
    /// It came.
    Fetched,
    /// It did not, because it is the one that an earlier run kept ([`Diary::before`](super::Diary::before)).
    Unchanged,
}

/// What was hoped for at an address that gave a problem.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Looked {
    /// A page.
    ForPage,
    /// A sitemap file.
    ForSitemap,
    /// All further pages of a host that was given up; the problem stands for the many.
    ForHost,
}

/// The answer to an [`Ask`].
#[derive(Clone, Debug)]
pub enum Reply {
    /// Something answered, whatever its status.
    Captured(Box<Capture>),
    /// A folder holds no such file below the path it is published at.
    Missing,
    /// Not looked: elsewhere than the folder, or the crawl was stopped.
    Unknown,
    /// It could not be looked at.
    Problem(Problem),
}

/// A question about one address, in scope or not.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The site on whose behalf it is asked.
    pub site: SiteId,
    /// The asker's own word for the question; comes back in the reply.
    pub key: String,
    /// The address.
    pub url: Url,
    /// Whether redirects are walked.
    pub follow: Redirects,
}

/// Under which name a request is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Voice {
    /// The program's own.
    Own,
    /// A browser's, where [`Settings::browser_name`](super::Settings::browser_name) allows it.
    Browser,
}

/// What to do when an asked address redirects.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Redirects {
    /// Walk on to the final answer; hops are recorded.
    Follow,
    /// Return the redirect itself as the capture.
    Record,
}
