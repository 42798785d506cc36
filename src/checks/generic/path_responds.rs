//! `path-responds`: one of the site's fixed paths answers with what belongs there.
//!
//! In: the replies to fixed paths and to a path that cannot exist. Out: one verdict for the site. A server that answers
//! everything proves nothing by answering: its reply to nonsense is the control. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::site;
use crate::checks::{Entry, Pattern, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::Capture;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "path-responds",
    asks: "Does one of the paths answer with what belongs there?",
    scope: Scope::Site,
    parameters: &[
        ("paths", "paths of the site's root, tried in order"),
        ("type", "regular expression over the media type (optional)"),
        ("contains", "regular expression over the body as text (optional)"),
        ("looks-for", "what belongs there, for people"),
    ],
    build: site::<PathResponds>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PathResponds {
    paths: Vec<String>,
    #[serde(rename = "type")]
    media: Option<Pattern>,
    contains: Option<Pattern>,
    looks_for: String,
}

impl SiteCheck for PathResponds {
    fn needs(&self) -> Vec<Need> {
        self.paths.iter().cloned().map(Need::Path).chain([Need::Control]).collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let mut seen = Vec::new();
        let mut unseen = None;
        let mut doubtful = None;
        for path in &self.paths {
            match site.reply(&Need::Path(path.clone())) {
                Some(Reply::Captured(capture)) => match self.objection(capture, site) {
                    None if self.is_any_answer(site) => doubtful = Some(path),
                    None => return vec![Locator::whole().pass(format_args!("{path} answers {}", capture.status))],
                    Some(objection) => seen.push(format!("{path} {objection}")),
                },
                Some(Reply::Missing) => seen.push(format!("{path} is not in the folder")),
                Some(Reply::Problem(kind, detail)) => unseen = Some(format!("{path}: {} ({detail})", kind.as_str())),
                Some(Reply::Unknown | Reply::NotLinked) | None => unseen = Some(format!("{path} was not fetched")),
            }
        }
        if let Some(path) = doubtful {
            let observed = format!("{path} answers, and so does a path that cannot exist");
            return vec![Locator::whole().cannot_tell(observed, self.looks_for.clone())];
        }
        vec![match unseen {
            Some(reason) => Locator::whole().untested(reason),
            None => {
                Locator::whole().fail(seen.join("; "), format!("{} at {}", self.looks_for, self.paths.join(" or ")))
            }
        }]
    }
}

impl PathResponds {
    /// True when the server says yes to nonsense with the same kind of answer: then an answer proves nothing.
    fn is_any_answer(&self, site: &SiteView<'_>) -> bool {
        let Some(Reply::Captured(control)) = site.reply(&Need::Control) else { return false };
        control.is_success() && self.media.as_ref().is_none_or(|media| media.is_in(control.media.as_str()))
    }

    /// Why an answer is not what belongs there.
    fn objection(&self, capture: &Capture, site: &SiteView<'_>) -> Option<String> {
        if !capture.is_success() {
            return Some(format!("answers {}", capture.status));
        }
        if capture.url.path() == "/" && capture.requested.path() != "/" {
            return Some("leads to the home page".to_string());
        }
        if let Some(media) = &self.media
            && !media.is_in(capture.media.as_str())
        {
            return Some(format!("is {}", capture.media.as_str()));
        }
        if let Some(contains) = &self.contains {
            let found = contains.is_in(&String::from_utf8_lossy(&capture.body));
            return (!found).then(|| format!("is not {}", self.looks_for));
        }
        site.is_soft_404(capture).then(|| "answers the same as a path that cannot exist".to_string())
    }
}
