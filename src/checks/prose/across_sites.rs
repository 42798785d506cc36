//! `across-sites`: what a site says is not said on another site of the run too.
//!
//! In: what sites of one run have in common, known when all were seen. Out: a verdict for each page that has a copy elsewhere, else one for
//! the site; with one site in the run there is nothing to compare. The page that looks like the one to keep passes. Tested by the rules
//! that use it.

use serde::Deserialize;
use std::sync::Arc;
use url::Url;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::SiteView;
use crate::facts::survey::Abroad;
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "across-sites",
    asks: "Is what a site says not said on another site of the run too?",
    scope: Scope::Site,
    parameters: &[("asks", "texts: the main text; names: title and main heading together")],
    build: site::<AcrossSites>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AcrossSites {
    asks: Asks,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    Texts,
    Names,
}

impl SiteCheck for AcrossSites {
    fn waits_for_others(&self) -> bool {
        true
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let Some(abroad) = &site.facts.abroad else { return Vec::new() };
        let (found, compared) = match self.asks {
            Asks::Texts => (texts(abroad), abroad.compared),
            Asks::Names => (names(abroad), abroad.named),
        };
        if compared == 0 {
            return Vec::new();
        }
        if found.is_empty() {
            return vec![
                Locator::whole().pass(format_args!("nothing of it was found on {} other sites", abroad.sites)),
            ];
        }
        found
    }
}

fn texts(abroad: &Abroad) -> Vec<Verdict> {
    let verdict = |copy: &crate::facts::survey::CopyAbroad| {
        let at = Locator::page(copy.page.clone());
        let alike = format!("about {:.0} %", copy.likeness * 100.0);
        if copy.keeps {
            return at.pass(format_args!(
                "{alike} of {} is its text, and it looks like the one to keep: {}",
                copy.other, copy.because
            ));
        }
        at.fail(
            format!(
                "{alike} of its text stands at {} too, which looks like the one to keep: {}",
                copy.other, copy.because
            ),
            "one page for this text, to which other sites link",
        )
    };
    abroad.copies.iter().map(verdict).collect()
}

fn names(abroad: &Abroad) -> Vec<Verdict> {
    let verdict = |(page, other): &(Arc<Url>, Arc<Url>)| {
        let observed = format!("{other} has the same title and main heading");
        Locator::page(page.clone()).fail(observed, "a title that tells this page from that of the other site")
    };
    abroad.names.iter().map(verdict).collect()
}
