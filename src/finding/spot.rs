//! Where an exception holds: addresses, elements, one finding.
//!
//! In: what somebody wrote into a waiver or review. Out: [`Spot`], which knows whether a finding stands there. Invariant: every
//! part that is given has to fit; none given fits everywhere. Tested below.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use url::Url;

use super::{Finding, pairing};
use crate::web::address;
use crate::web::glob::{Glob, GlobError};

/// A pattern over addresses: a glob over the whole decoded path, perhaps after `https://host`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct UrlGlob {
    written: String,
    host: Option<String>,
    path: Glob,
}

/// Where an exception holds.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spot {
    /// Addresses of pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<UrlGlob>,
    /// An element as reports name it, or steps of its selector: what stands inside that element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// One finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

impl UrlGlob {
    /// Reads a pattern: `/archive/**`, or `https://www.agency.example/archive/**`.
    ///
    /// # Errors
    /// When the path is empty or begins with neither `/` nor `*`.
    pub fn parse(written: &str) -> Result<Self, GlobError> {
        let rest = written.strip_prefix("https://").or_else(|| written.strip_prefix("http://"));
        let (host, path) = match rest {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None => ("", written),
        };
        let host = Some(address::without_www(&host.to_ascii_lowercase()).to_string()).filter(|host| !host.is_empty());
        let path = if host.is_some() && path.is_empty() { "/**" } else { path };
        Ok(Self { written: written.to_string(), host, path: Glob::parse(path)? })
    }

    /// Whether an address fits.
    pub fn matches(&self, url: &str) -> bool {
        let path = Url::parse(url).map_or_else(|_| url.to_string(), |url| address::decoded_path(&url));
        self.host.as_ref().is_none_or(|host| *host == pairing::host(url)) && self.path.matches(&path)
    }
}

impl Spot {
    /// Whether a finding stands here.
    pub fn holds(&self, finding: &Finding) -> bool {
        self.url.as_ref().is_none_or(|glob| glob.matches(&finding.url))
            && self.fingerprint.as_ref().is_none_or(|name| **name == *finding.fingerprint)
            && self.selector.as_ref().is_none_or(|asked| {
                finding.place.selector.as_ref().is_some_and(|selector| leads_through(selector, asked))
            })
    }
}

/// Whether the steps asked for are some of the selector's, one after the other.
fn leads_through(selector: &str, asked: &str) -> bool {
    let steps = |text: &str| text.split('>').map(|step| step.trim().to_string()).collect::<Vec<_>>();
    let (path, asked) = (steps(selector), steps(asked));
    path.windows(asked.len()).any(|window| window == asked)
}

impl fmt::Display for UrlGlob {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.written)
    }
}

impl FromStr for UrlGlob {
    type Err = GlobError;

    fn from_str(written: &str) -> Result<Self, GlobError> {
        Self::parse(written)
    }
}

impl From<UrlGlob> for String {
    fn from(glob: UrlGlob) -> Self {
        glob.written
    }
}

impl TryFrom<String> for UrlGlob {
    type Error = GlobError;

    fn try_from(written: String) -> Result<Self, GlobError> {
        Self::parse(&written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_by_path_and_where_it_is_written_by_host() {
        for (glob, url, fits) in [
            ("/archive/**", "https://www.agency.example/archive/1/", true),
            ("/archive/**", "https://preview.test/archive/", true),
            ("/archive/**", "https://preview.test/", false),
            ("https://www.agency.example/archive/**", "https://agency.example/archive/1", true),
            ("https://www.agency.example/archive/**", "https://preview.test/archive/1", false),
            ("https://agency.example", "https://www.agency.example/x/y", true),
            ("/a b", "https://agency.example/a%20b?q=1", true),
        ] {
            assert_eq!(UrlGlob::parse(glob).unwrap().matches(url), fits, "{glob} on {url}");
        }
        assert!(UrlGlob::parse("archive").is_err());
    }

    #[test]
    fn an_element_is_told_by_its_selector_or_by_what_it_stands_in() {
        for (selector, asked, fits) in [
            ("#map > img", "#map > img", true),
            ("#map > img", "#map", true),
            ("html > body > footer > p:nth-of-type(2)", "body > footer", true),
            ("html > body > footer > p:nth-of-type(2)", "body>footer", true),
            ("html > body > footer > p:nth-of-type(2)", "body > p:nth-of-type(2)", false),
            ("html > body > footer", "foot", false),
        ] {
            assert_eq!(leads_through(selector, asked), fits, "{asked} in {selector}");
        }
    }
}
