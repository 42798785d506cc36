//! Which addresses belong to a site.
//!
//! In: where the seed landed, globs, subdomains or not. Out: in, or why not. Tested below.

use url::Url;

use super::settings::{Settings, Subdomains};
use super::skip::Skip;
use super::sniff;
use crate::web::address;
use crate::web::glob::Glob;

/// The bounds of one site.
#[derive(Debug)]
pub(super) struct Scope {
    root: Url,
    subdomains: Subdomains,
    globs: Globs,
}

/// Which paths are wanted.
#[derive(Clone, Debug)]
pub(super) struct Globs {
    include: Vec<Glob>,
    exclude: Vec<Glob>,
}

impl Globs {
    /// Paths that match an `include` (or anything, when there is none) and no `exclude`.
    pub(super) fn of(include: &[Glob], exclude: &[Glob]) -> Self {
        Self { include: include.to_vec(), exclude: exclude.to_vec() }
    }

    /// Whether the address's decoded path is wanted.
    pub(super) fn want(&self, url: &Url) -> bool {
        let path = address::decoded_path(url);
        let included = self.include.is_empty() || self.include.iter().any(|glob| glob.matches(&path));
        included && !self.exclude.iter().any(|glob| glob.matches(&path))
    }
}

impl Scope {
    /// The bounds of the site at `root`.
    pub(super) fn of(root: Url, settings: &Settings) -> Self {
        let globs = Globs::of(&settings.include, &settings.exclude);
        Self { root, subdomains: settings.include_subdomains, globs }
    }

    /// Whether an address's host is one of the site's: host and www.host are one, and http and https are.
    pub(super) fn owns(&self, url: &Url) -> bool {
        if address::same_site(&self.root, url) {
            return true;
        }
        let (Some(host), Some(home)) = (url.host_str(), self.root.host_str()) else { return false };
        match self.subdomains {
            Subdomains::Separate => false,
            Subdomains::Included => {
                url.port() == self.root.port() && address::is_subdomain_of(host, address::without_www(home))
            }
        }
    }

    /// Whether an address may be a page of the site.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn admit(&self, url: &Url) -> Result<(), Skip> {
        if !self.owns(url) {
            return Err(Skip::OutOfScope);
        }
        if sniff::is_other(url.path()) {
            return Err(Skip::NotAPage);
        }
        if !self.globs.want(url) {
            return Err(Skip::OutOfScope);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    #[test]
    fn a_site_is_its_host_its_www_twin_and_perhaps_its_subdomains() {
        let separate = Scope::of(url("https://www.a.example/"), &Settings::default());
        let settings = Settings { include_subdomains: Subdomains::Included, ..Settings::default() };
        let included = Scope::of(url("https://www.a.example/"), &settings);
        let table = [
            ("https://www.a.example/x", true, true),
            ("http://a.example/x", true, true),
            ("https://b.a.example/", false, true),
            ("https://xa.example/", false, false),
            ("https://example/", false, false),
            ("https://a.example:8443/", false, false),
            ("https://b.a.example:8443/", false, false),
        ];
        for (address, alone, with) in table {
            assert_eq!((separate.owns(&url(address)), included.owns(&url(address))), (alone, with), "{address}");
        }
    }

    #[test]
    fn globs_and_names_narrow_the_scope() {
        let glob = |text| Glob::parse(text).expect(text);
        let settings =
            Settings { include: vec![glob("/docs/**")], exclude: vec![glob("/docs/old/**")], ..Settings::default() };
        let scope = Scope::of(url("https://a.example/"), &settings);
        let table = [
            ("https://a.example/docs/x", Ok(())),
            ("https://a.example/docs/x.pdf", Err(Skip::NotAPage)),
            ("https://a.example/docs/old/x", Err(Skip::OutOfScope)),
            ("https://a.example/", Err(Skip::OutOfScope)),
            ("https://b.example/docs/x", Err(Skip::OutOfScope)),
        ];
        for (address, expect) in table {
            assert_eq!(scope.admit(&url(address)), expect, "{address}");
        }
    }
}
