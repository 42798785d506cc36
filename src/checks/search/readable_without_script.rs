//! `readable-without-script`: the page has words before any script has run.
//!
//! In: a page. Out: one verdict for a page that runs scripts. A page of few words is only doubted where it also carries the
//! signs of being built by a script. Tested by the rules that use it.

use serde::Deserialize;

use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Phrases, Query, Scope};
use crate::facts::{PageFacts, ResourceKind, words};
use crate::verdict::Verdict;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "readable-without-script",
    asks: "Does the page say something before scripts have run?",
    scope: Scope::Page,
    parameters: &[
        ("min-words", "with this many words a page says something"),
        ("roots", "CSS selector of the elements that scripts fill: an empty one is a sign"),
        ("notices", "phrases in `noscript` that ask for scripts: one is a sign"),
    ],
    build: page::<ReadableWithoutScript>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ReadableWithoutScript {
    min_words: usize,
    roots: Query,
    notices: Phrases,
}

impl PageCheck for ReadableWithoutScript {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        if page.document.is_none() || !page.resources().iter().any(|resource| resource.kind == ResourceKind::Script) {
            return Vec::new();
        }
        let count = page.text().split(' ').filter(|word| !word.is_empty()).count();
        if count >= self.min_words {
            return vec![page.whole().pass(format_args!("the page has {count} words without any script"))];
        }
        vec![match self.sign(page) {
            Some(sign) => page.whole().fail(
                format!("the page has {count} words without scripts, and {sign}"),
                format!("at least {} words that are in the page before scripts run", self.min_words),
            ),
            None => {
                page.whole().pass(format_args!("the page has {count} words and no sign of being built by a script"))
            }
        }]
    }
}

impl ReadableWithoutScript {
    fn sign(&self, page: &PageFacts<'_>) -> Option<String> {
        let document = page.document?;
        let empty = document.select(&self.roots.0).find(|root| words::fold(&root.text()).is_empty());
        if let Some(root) = empty {
            return Some(format!("{} is empty", root.snippet()));
        }
        let mut notices = document.with_name("noscript");
        notices.find_map(|notice| {
            let phrase = self.notices.first_in(&words::fold(&notice.text()))?;
            Some(format!("says \"{phrase}\""))
        })
    }
}
