//! `favicon`: the site has an icon that browsers show beside its name.
//!
//! In: the home page and the answer at the usual path. Out: one verdict for the site; without a home page that was read there
//! is nothing to judge. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Query, Scope, SiteCheck};
use crate::facts::{Need, Place, Reply, SiteView};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "favicon",
    asks: "Has the site an icon?",
    scope: Scope::Site,
    parameters: &[
        ("link", "CSS selector of the elements that name an icon"),
        ("path", "where browsers look when no element names one"),
        ("type", "regular expression over the media type of an icon"),
    ],
    build: site::<Favicon>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Favicon {
    link: Query,
    path: String,
    #[serde(rename = "type")]
    media: Pattern,
}

impl SiteCheck for Favicon {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Path(self.path.clone())]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let Some(document) = site.home().and_then(|home| home.document) else { return Vec::new() };
        if let Some(link) = document.select(&self.link.0).next() {
            return vec![link.at().pass("the home page names an icon")];
        }
        let at = Locator::whole();
        let without = |seen: String| format!("the home page names no icon, and {} {seen}", self.path);
        let expected = "an icon that the pages name, or one at the usual path";
        vec![match site.reply(&Need::Path(self.path.clone())) {
            Some(Reply::Captured(capture)) if !capture.is_success() => {
                at.fail(without(format!("answers {}", capture.status)), expected)
            }
            Some(Reply::Captured(capture)) if self.media.is_in(capture.media.as_str()) => {
                at.pass(format_args!("{} is an icon", self.path))
            }
            Some(Reply::Captured(capture)) => at.fail(without(format!("is {}", capture.media.as_str())), expected),
            Some(Reply::Missing) => at.fail(without("is not in the folder".to_string()), expected),
            Some(Reply::Problem(kind, detail)) => at.untested(format!("{}: {} ({detail})", self.path, kind.as_str())),
            Some(Reply::Unknown | Reply::NotLinked) | None => at.untested(format!("{} was not fetched", self.path)),
        }]
    }
}
