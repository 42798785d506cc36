//! Pages that a site lists itself (sitemaps.org protocol).
//!
//! In: robots.txt's `Sitemap` lines and /sitemap.xml. Out: pages in the frontier, one click deep, behind those that are
//! linked. Invariant: at most two indexes deep, 50 files and 50,000 addresses a site, own hosts only.
//! Tested in `tests/it/crawl.rs`.

use url::Url;

use super::coordinator::Crawl;
use super::errand::{Errand, Named, Purpose};
use super::event::SiteId;
use super::fetch::Answer;
use super::key::Key;
use super::robots;
use super::settings::Follow;
use super::skip::Skip;
use crate::web::address;
use crate::web::sitemap::{self, Limits};

/// Indexes above a file.
const LEVELS: u8 = 2;
/// Files of a site.
const FILES: usize = 50;
/// Addresses of a site.
const ADDRESSES: u64 = 50_000;
/// Octets of a file after decoding.
pub(super) const OCTETS: u64 = 50 << 20;

impl Crawl {
    /// Asks for the sitemaps of a site that has just landed.
    pub(super) fn seed_sitemaps(&mut self, site: SiteId) {
        if self.settings.follow == Follow::Named {
            return;
        }
        let root = self.sites[site.0 as usize].root.clone();
        let mut listed: Vec<Url> =
            self.robots.sitemaps(&robots::origin(&root)).iter().filter_map(|line| root.join(line).ok()).collect();
        listed.extend(root.join("/sitemap.xml").ok());
        for url in listed {
            self.ask_sitemap(site, &url, 0);
        }
    }

    /// A sitemap answered: its pages go to the frontier, the files it indexes are asked for.
    pub(super) fn land_sitemap(&mut self, errand: Errand, site: SiteId, level: u8, answer: &Answer) {
        let success = (200..300).contains(&answer.status);
        if let (true, Ok(read)) = (success, sitemap::parse(&answer.body, Limits::default())) {
            let base = Url::clone(&errand.at);
            let found = read.entries.iter().filter_map(|entry| base.join(entry.loc.trim()).ok());
            match read.kind {
                sitemap::Kind::Index => {
                    for url in found.take(ADDRESSES as usize) {
                        self.ask_sitemap(site, &url, level + 1);
                    }
                }
                sitemap::Kind::Urls | sitemap::Kind::Text | sitemap::Kind::Feed => {
                    for url in found {
                        self.list_page(site, &url);
                    }
                }
            }
        }
        self.retire(&errand);
    }

    fn ask_sitemap(&mut self, site: SiteId, url: &Url, level: u8) {
        let url = address::canonical(url);
        let held = &mut self.sites[site.0 as usize];
        if held.sitemaps.contains(&Key::of(&url)) {
            return;
        }
        if !held.frontier.scope().owns(&url) {
            held.frontier.skip(Skip::SitemapElsewhere);
            return;
        }
        if level > LEVELS || held.sitemaps.len() >= FILES || held.listed >= ADDRESSES || held.closed.is_some() {
            held.frontier.skip(Skip::SitemapCap);
            return;
        }
        held.sitemaps.insert(Key::of(&url));
        let errand = self.errand(url, Purpose::Sitemap { site, level });
        self.launch(errand);
    }

    fn list_page(&mut self, site: SiteId, url: &Url) {
        let held = &mut self.sites[site.0 as usize];
        held.listed += 1;
        if held.listed > ADDRESSES {
            held.frontier.skip(Skip::SitemapCap);
            return;
        }
        if !held.frontier.scope().owns(url) {
            held.frontier.skip(Skip::SitemapElsewhere);
            return;
        }
        self.queue_page(site, url, 1, Named::BySitemap);
    }
}
