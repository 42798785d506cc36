//! What a check wants fetched beyond the pages of the crawl.
//!
//! In: a check's parameters. Out: [`Need`], fetched once for all checks that name it. Invariant: the key is stable, because
//! stored runs refer to it. Tested in `tests/it/crawl.rs`.

use url::Url;

use super::LinkMatch;
use crate::web::{address, registered};

/// Something to fetch once a site.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Need {
    /// A fixed path of the site's root, "/robots.txt" for one.
    Path(String),
    /// A path that cannot exist: what the server says to nonsense is the control for every other path.
    Control,
    /// The root of the same name with `www.`, or without it; nothing for other subdomains.
    Twin,
    /// The root of the site under the name of a browser; asked for only where the person who runs this allows it.
    AsBrowser,
    /// The page behind the first link of the home page that matches.
    Linked(LinkMatch),
}

impl Need {
    /// The name under which the reply is kept.
    pub fn key(&self) -> String {
        match self {
            Self::Path(path) => format!("path:{path}"),
            Self::Control => "control".to_string(),
            Self::Twin => "twin".to_string(),
            Self::AsBrowser => "as-browser".to_string(),
            Self::Linked(wanted) => format!("linked:{}", wanted.key()),
        }
    }
}

/// The root under the twin name of a site: `agency.gov` and `www.agency.gov` are twins. `None` for other subdomains, for other
/// ports than the usual ones and for addresses without a name.
pub fn twin(root: &Url) -> Option<Url> {
    let host = root.domain()?;
    let name = address::without_www(host);
    if registered(name) != Some(name) || root.port().is_some() {
        return None;
    }
    let other = if name == host { format!("www.{name}") } else { name.to_string() };
    let mut url = root.join("/").ok()?;
    url.set_host(Some(&other)).ok()?;
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_the_same_with_www_are_twins() {
        for (root, other) in [
            ("https://agency.gov/", Some("https://www.agency.gov/")),
            ("https://www.agency.gov/a", Some("https://agency.gov/")),
            ("https://data.agency.gov/", None),
            ("https://springfield.or.us/", Some("https://www.springfield.or.us/")),
            ("https://or.us/", None),
            ("https://www.data.agency.gov/", None),
            ("http://127.0.0.1/", None),
            ("http://agency.gov:8080/", None),
            ("file:///index.html", None),
        ] {
            let found = twin(&Url::parse(root).expect("a constant address"));
            assert_eq!(found.as_ref().map(Url::as_str), other, "{root}");
        }
    }
}
