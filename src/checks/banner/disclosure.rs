//! `banner-disclosure`: the banner has a button that opens its explanation and says whether it is open.
//!
//! In: a page. Out: one verdict at the banner; no banner in the markup is inapplicable. Tested by the rules of the identity pack.

use serde::Deserialize;
use std::sync::LazyLock;

use super::sighting::{Marks, Sighting};
use crate::checks::parameters::page;
use crate::checks::{Entry, PageCheck, Phrases, Scope};
use crate::facts::{PageFacts, Place, names};
use crate::html::{Element, Selector};
use crate::verdict::Verdict;

static CONTROLS: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("button, summary, [role=button], a[href]").expect("a constant selector"));

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "banner-disclosure",
    asks: "Does a button of the banner open its explanation?",
    scope: Scope::Page,
    parameters: &[
        ("banner", "how it is recognised: { says, nearly, component, within, except }"),
        ("labels", "phrases that the button says"),
    ],
    build: page::<BannerDisclosure>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BannerDisclosure {
    banner: Marks,
    labels: Phrases,
}

impl PageCheck for BannerDisclosure {
    fn judge(&self, page: &PageFacts<'_>) -> Vec<Verdict> {
        match self.banner.sight(page) {
            Sighting::Served(banner) => vec![self.verdict(banner)],
            Sighting::Component(banner) => vec![banner.at().pass("a component draws the banner and its button")],
            Sighting::Nearly(..) | Sighting::Misplaced(_) | Sighting::Nowhere => Vec::new(),
        }
    }
}

impl BannerDisclosure {
    fn verdict(&self, banner: Element<'_>) -> Verdict {
        let expected = "a button with aria-expanded and aria-controls that opens the explanation";
        let labelled = |element: &Element<'_>| self.labels.first_in(names::folded(element)).is_some();
        let Some(control) = banner.select(&CONTROLS).find(labelled) else {
            return banner.at().fail("no button of the banner opens an explanation", expected);
        };
        if control.name() == "summary" {
            return control.at().pass("a summary opens the explanation");
        }
        if control.name() == "a" && !control.has_attr("aria-controls") {
            return control.at().cannot_tell("a link, not a button, opens the explanation", expected);
        }
        if !control.has_attr("aria-expanded") {
            return control.at().fail("the button does not say whether the explanation is open", expected);
        }
        let panel = control.attr("aria-controls").and_then(|id| banner.document().by_id(id.trim()));
        match panel {
            Some(_) => control.at().pass("a button opens the explanation"),
            None => control.at().fail("the button does not name the explanation it opens", expected),
        }
    }
}
