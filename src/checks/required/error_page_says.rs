//! `error-page-says`: the page that people get for a wrong address helps them on.
//!
//! In: the reply to a path that cannot exist. Out: one verdict for each item; nothing where the server does not say that there is
//! no such page, which is another question. Tested by the rule that uses it.

use serde::Deserialize;

use super::item::Item;
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, Reply, SiteView};
use crate::verdict::{Locator, Verdict};

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "error-page-says",
    asks: "Does the page for addresses that do not exist help people on?",
    scope: Scope::Site,
    parameters: &[
        ("status", "the statuses that say there is no such page"),
        (
            "items",
            "what belongs there: [{ name, says = [], pattern, selector, links = { text, href } }, …]; one sign of each is enough",
        ),
    ],
    build: site::<ErrorPageSays>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ErrorPageSays {
    status: Vec<u16>,
    items: Vec<Item>,
}

impl SiteCheck for ErrorPageSays {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Control]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        let at = Locator::whole();
        match site.reply(&Need::Control) {
            Some(Reply::Captured(capture)) if self.status.contains(&capture.status) => {}
            Some(Reply::Problem(kind, detail)) => return vec![at.untested(format!("{} ({detail})", kind.as_str()))],
            Some(Reply::Captured(_)) => return Vec::new(),
            Some(Reply::Missing | Reply::Unknown | Reply::NotLinked) | None => {
                return vec![at.untested("no server was asked for a path that cannot exist")];
            }
        }
        let Some(page) = site.page(&Need::Control) else { return Vec::new() };
        if let Some(reason) = page.blind_spot() {
            return vec![at.untested(reason)];
        }
        let verdict = |item: &Item| match item.is_on(&page) {
            true => at.clone().pass(format_args!("the page for wrong addresses has {}", item.name)),
            false => at.clone().fail(
                format!("the page for wrong addresses has no sign of {}", item.name),
                format!("{} on the page for wrong addresses", item.name),
            ),
        };
        self.items.iter().map(verdict).collect()
    }
}
