//! The home page of each site, and what stood in its way.
//!
//! In: the rows of a report. Out: for a site the page at its root, by whatever address, or the problem there. Invariant: looking one up
//! does not go through all pages, so that a run of many sites stays cheap. Tested below and in `tests/it/formats.rs`.

use std::collections::BTreeMap;

use super::{PageRow, ProblemRow, Report, SiteRow};

/// Home pages by address and by host.
pub(super) struct Homes<'a> {
    named: BTreeMap<&'a str, &'a PageRow>,
    roots: BTreeMap<&'a str, &'a PageRow>,
    problems: BTreeMap<&'a str, &'a ProblemRow>,
}

impl<'a> Homes<'a> {
    /// The home pages of a report.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut homes = Self { named: BTreeMap::new(), roots: BTreeMap::new(), problems: BTreeMap::new() };
        for page in &report.pages {
            let names = std::iter::once(&*page.url)
                .chain(page.aliases.iter().map(String::as_str))
                .filter(|url| root_host(url).is_some());
            names.for_each(|url| {
                homes.named.entry(url).or_insert(page);
            });
            if let Some(host) = root_host(&page.url) {
                homes.roots.entry(bare(host)).or_insert(page);
            }
        }
        for row in &report.problems {
            homes.problems.entry(&row.url).or_insert(row);
        }
        homes
    }

    /// The page at the root of a site.
    pub(super) fn page(&self, site: &SiteRow) -> Option<&'a PageRow> {
        self.named.get(root(site).as_str()).or_else(|| self.roots.get(bare(&site.site))).copied()
    }

    /// What kept us from the root of a site.
    pub(super) fn problem(&self, site: &SiteRow) -> Option<&'a ProblemRow> {
        self.problems.get(root(site).as_str()).copied()
    }
}

/// The address of a site's home page.
fn root(site: &SiteRow) -> String {
    site.facts["root"].as_str().map_or_else(|| format!("https://{}/", site.site), str::to_string)
}

/// The host, with its port, of an address without path and query; of a folder nobody published its index page stands at the root.
fn root_host(url: &str) -> Option<&str> {
    if url == "file:" || url == "file:index.html" {
        return Some("");
    }
    let (_, rest) = url.split_once("://")?;
    let host = rest.strip_suffix('/').unwrap_or(rest);
    (!host.is_empty() && !host.contains(['/', '?', '#'])).then(|| host.rsplit('@').next().unwrap_or(host))
}

/// A host without port and `www.`.
pub(super) fn bare(host: &str) -> &str {
    let host = host.split(':').next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_has_neither_path_nor_query() {
        for (url, host) in [
            ("https://www.agency.example/", Some("www.agency.example")),
            ("http://me@agency.example:8080/", Some("agency.example:8080")),
            ("https://agency.example", Some("agency.example")),
            ("https://agency.example/about", None),
            ("https://agency.example/?page=1", None),
            ("file:index.html", Some("")),
            ("file:about.html", None),
            ("", None),
        ] {
            assert_eq!(root_host(url), host, "{url}");
        }
        assert_eq!(bare("www.agency.example:8080"), "agency.example");
    }
}
