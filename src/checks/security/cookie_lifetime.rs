//! `cookie-lifetime`: cookies do not stay longer than is needed.
//!
//! In: the cookies that pages set, one note each. Out: one verdict for each cookie that outlives the visit; none is
//! inapplicable. Header fields of a folder do not exist, so there it is untested. Tested by the rules that use it.

use jiff::civil::Date;
use jiff::fmt::rfc2822;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Note, PageFacts, SiteView};
use crate::verdict::{Locator, Outcome, Verdict};
use crate::web::cookie::SetCookie;

/// Seconds of a day.
const DAY: i64 = 86_400;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "cookie-lifetime",
    asks: "Do cookies go away in time?",
    scope: Scope::Site,
    parameters: &[("max-days", "the most days a cookie may stay")],
    build: site::<CookieLifetime>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CookieLifetime {
    max_days: i64,
}

impl SiteCheck for CookieLifetime {
    fn note(&self, page: &PageFacts<'_>) -> Vec<Note> {
        let values = page.capture.headers.iter().flat_map(|headers| headers.all("set-cookie"));
        values
            .filter_map(SetCookie::parse)
            .filter(|cookie| !cookie.is_removal)
            .filter_map(|cookie| {
                let days = days(&cookie, page.today())?;
                let outcome = if days > self.max_days { Outcome::Failed } else { Outcome::Passed };
                Some(Note::of(outcome, format!("{} stays {days} days", cookie.name)))
            })
            .collect()
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        if site.facts.folder {
            return vec![Locator::whole().untested("a folder sets no cookies")];
        }
        let mut cookies: BTreeMap<&str, (Outcome, Locator)> = BTreeMap::new();
        for (url, note) in site.notes() {
            cookies.entry(note.text).or_insert_with(|| (note.outcome, Locator::page(url.clone())));
        }
        cookies
            .into_iter()
            .map(|(text, (outcome, at))| match outcome {
                Outcome::Failed => {
                    at.fail(format!("the cookie {text}"), format!("cookies that stay at most {} days", self.max_days))
                }
                Outcome::Passed | Outcome::CantTell | Outcome::Untested | Outcome::Inapplicable => {
                    at.pass(format_args!("the cookie {text}"))
                }
            })
            .collect()
    }
}

/// Days a cookie stays; `None` when it goes with the visit. `Max-Age` wins over `Expires` (RFC 6265, 5.3).
fn days(cookie: &SetCookie, today: Date) -> Option<i64> {
    if let Some(seconds) = cookie.max_age {
        return (seconds > 0).then_some(seconds / DAY);
    }
    // Old servers write hyphens into the date; names of days are often wrong and say nothing.
    let written = cookie.expires.as_deref()?.replace('-', " ");
    let written = written.split_once(',').map_or(written.as_str(), |(_, date)| date).trim();
    let until = rfc2822::parse(&written.replace("GMT", "+0000").replace("UTC", "+0000")).ok()?.date();
    let days = i64::from(today.until(until).ok()?.get_days());
    (days >= 0).then_some(days)
}
