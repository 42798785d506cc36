//! `robots-delay`: robots.txt does not slow crawlers down so far that they cannot read the site.
//!
//! In: `/robots.txt`. Out: one verdict for each group of crawlers that is asked to wait; none is inapplicable.
//! Tested by the rules that use it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

use super::robots_access::{Reading, read, robots_txt};
use crate::checks::parameters::site;
use crate::checks::{Entry, Scope, SiteCheck};
use crate::facts::{Need, SiteView};
use crate::verdict::{Locator, Verdict};
use crate::web::robots::Robots;

pub(in crate::checks) const ENTRY: Entry = Entry {
    name: "robots-delay",
    asks: "Does robots.txt ask crawlers to wait no longer than is reasonable?",
    scope: Scope::Site,
    parameters: &[("max-seconds", "the longest wait between two requests")],
    build: site::<RobotsDelay>,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RobotsDelay {
    max_seconds: u64,
}

impl SiteCheck for RobotsDelay {
    fn needs(&self) -> Vec<Need> {
        vec![robots_txt()]
    }

    fn judge(&self, site: &SiteView<'_>) -> Vec<Verdict> {
        match read(site) {
            Reading::Nothing => Vec::new(),
            Reading::Unseen(reason) => vec![Locator::whole().untested(reason)],
            Reading::Robots(robots) => self.verdict(&robots).into_iter().collect(),
        }
    }
}

impl RobotsDelay {
    fn verdict(&self, robots: &Robots) -> Option<Verdict> {
        let asked: BTreeMap<&str, Duration> =
            robots.agents().filter_map(|agent| Some((agent, robots.crawl_delay(agent)?))).collect();
        let longest = asked.values().max()?;
        if *longest <= Duration::from_secs(self.max_seconds) {
            let observed = format!("crawlers are asked to wait at most {} seconds", longest.as_secs_f64());
            return Some(Locator::whole().pass(observed));
        }
        let slow = asked.iter().filter(|(_, delay)| **delay > Duration::from_secs(self.max_seconds));
        let slow: Vec<String> = slow.map(|(agent, delay)| format!("{agent} {} seconds", delay.as_secs_f64())).collect();
        Some(Locator::whole().fail(
            format!("robots.txt asks crawlers to wait between requests: {}", slow.join(", ")),
            format!("a wait of at most {} seconds", self.max_seconds),
        ))
    }
}
