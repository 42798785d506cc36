//! What a check wants fetched beyond the pages of the crawl.
//!
//! In: a check's parameters. Out: [`Need`], fetched once for all checks that name it. Invariant: the key is stable, because
//! stored runs refer to it. Tested in `tests/it/crawl.rs`.

use super::LinkMatch;

/// Something to fetch once a site.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Need {
    /// A fixed path of the site's root, "/robots.txt" for one.
    Path(String),
    /// A path that cannot exist: what the server says to nonsense is the control for every other path.
    Control,
    /// The page behind the first link of the home page that matches.
    Linked(LinkMatch),
}

impl Need {
    /// The name under which the reply is kept.
    pub fn key(&self) -> String {
        match self {
            Self::Path(path) => format!("path:{path}"),
            Self::Control => "control".to_string(),
            Self::Linked(wanted) => format!("linked:{}", wanted.key()),
        }
    }
}
