//! What a fleet is asked to do, as it lies in the database for workers anywhere.
//!
//! In: values as typed. Out: [`Campaign`], and a [`Plan`] on the machine of a worker. Invariants: targets and what lists say of their owners
//! travel with it, so that no worker needs the list; what opens doors (passwords, cookies, header fields, the proxy) does not, each
//! worker has its own. Tested below and in `tests/it/fleet.rs`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

use crate::audit::{Alone, Plan, Target};
use crate::config::{self, ConfigError, Raw};
use crate::report::ListProblem;
use crate::rules::Profile;
use crate::web::address;

/// What a fleet is asked to do.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Campaign {
    /// The settings, without targets and without secrets.
    raw: Raw,
    /// The targets as typed.
    pub(super) typed: Vec<String>,
    /// The addresses of the sites.
    pub(super) targets: Vec<String>,
    /// What lists say of their owners, by host without `www.`.
    owners: BTreeMap<String, Profile>,
    /// Rows of lists that could not be used.
    pub(super) list_problems: Vec<ListProblem>,
    /// How often a site is tried that gives no answer, 1 at least.
    pub(super) tries: i16,
}

impl Campaign {
    /// The campaign of what was typed on a day.
    ///
    /// # Errors
    /// What `scan` refuses, too; folders; settings that could not travel.
    pub fn of(raw: Raw, today: Date, tries: i16) -> Result<Self, ConfigError> {
        if raw.contact.is_none() {
            return Err(ConfigError::of(
                "a fleet needs --contact",
                "add --contact URL or --contact mail@agency.example, so that site owners can reach you",
            ));
        }
        if !raw.written.is_empty() {
            return Err(ConfigError::of(
                "waivers and reviews within the configuration file do not travel to workers",
                "put them into a file that each worker has, and name it: waivers = [\"waivers.toml\"]",
            ));
        }
        if raw.changed_only == Some(true) {
            return Err(ConfigError::of(
                "a fleet judges every page",
                "leave changed-only out, or use `scan --store` for it",
            ));
        }
        let plan = config::plan(&raw, today)?;
        let mut targets = Vec::new();
        for target in plan.targets {
            match target {
                Target::Web(url) => targets.push(without_user(url).to_string()),
                Target::Folder(path) => {
                    let told = format!("{} is a folder, and a fleet looks at hosts", path.display());
                    return Err(ConfigError::of(told, "use `idea-audit scan` for folders"));
                }
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        targets.retain(|target| seen.insert(target.clone()));
        let day = raw.today.clone().unwrap_or_else(|| today.to_string());
        // Each worker looks at one site of many: what a list measures, it measures.
        let render = raw.render.clone().or_else(|| Some("home".to_string()));
        let raw = Raw { today: Some(day), render, ..travelling(raw) };
        Ok(Self {
            raw,
            typed: plan.typed,
            targets,
            owners: plan.owners,
            list_problems: plan.list_problems,
            tries: tries.max(1),
        })
    }

    /// How many sites it has.
    pub fn sites(&self) -> usize {
        self.targets.len()
    }

    /// Rows of lists that could not be used.
    pub fn list_problems(&self) -> &[ListProblem] {
        &self.list_problems
    }

    /// The same on another day.
    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.raw.today = Some(today.to_string());
        self
    }

    /// What a list says of the owner of a target.
    pub(super) fn owner(&self, target: &str) -> Option<&Profile> {
        let site = address::site_of(&Url::parse(target).ok()?);
        self.owners.get(address::without_www(&site))
    }

    /// A digest of everything that the verdicts depend on.
    pub(super) fn digest(&self) -> String {
        let octets = serde_json::to_vec(&self.raw).expect("settings have words and numbers only");
        blake3::hash(&octets).to_hex().to_string()
    }

    /// The plan on this machine, for the first target; `own` brings what did not travel.
    pub(super) fn plan(&self, own: Option<&Raw>) -> Result<Plan, ConfigError> {
        let own = own.map(secrets).unwrap_or_default();
        let first: Vec<String> = self.targets.first().cloned().into_iter().collect();
        let raw = Raw { targets: first, ..self.raw.clone().or(own) };
        // The day is among the settings.
        let plan = config::plan(&raw, Date::ZERO)?;
        let alone = if self.targets.len() > 1 { Alone::No } else { Alone::Yes };
        let rendering = plan.rendering.by_this_program();
        Ok(Plan { owners: self.owners.clone(), alone, rendering, ..plan })
    }
}

/// The plan of one site, from that of its campaign.
pub(super) fn of_site(plan: &Plan, target: &str) -> Result<Plan, String> {
    let url = Url::parse(target).map_err(|error| format!("{target}: {error}"))?;
    let host = address::site_of(&url);
    let host = address::without_www(&host);
    let owners = plan.owners.get(host).map(|owner| (host.to_string(), owner.clone())).into_iter().collect();
    Ok(Plan { targets: vec![Target::Web(url)], typed: vec![target.to_string()], owners, ..plan.clone() })
}

fn without_user(mut url: Url) -> Url {
    // A web address can lose its user and password.
    let _ = (url.set_username(""), url.set_password(None));
    url
}

/// What a worker brings of its own.
fn secrets(own: &Raw) -> Raw {
    Raw {
        auth: own.auth.clone(),
        cookie: own.cookie.clone(),
        header: own.header.clone(),
        proxy: own.proxy.clone(),
        ..Raw::default()
    }
}

/// Settings that travel: no targets, no secrets, nothing that is about the end of a run on one machine.
fn travelling(raw: Raw) -> Raw {
    Raw {
        targets: Vec::new(),
        auth: None,
        cookie: Vec::new(),
        header: Vec::new(),
        proxy: None,
        webhook: None,
        webhook_secret: None,
        fail_on: Vec::new(),
        level: Vec::new(),
        baseline: None,
        max_new: None,
        min_coverage: None,
        max_run_time: None,
        ..raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Pages;

    fn raw() -> Raw {
        Raw {
            targets: vec!["https://me:secret@a.example/".to_string(), "https://a.example/".to_string()],
            contact: Some("web@agency.example".to_string()),
            auth: Some("user:secret".to_string()),
            header: vec!["X-Key: secret".to_string()],
            proxy: Some("http://me:secret@proxy.example:80".to_string()),
            max_pages: Some(7),
            ..Raw::default()
        }
    }

    #[test]
    fn settings_travel_and_secrets_do_not() {
        let day = Date::constant(2026, 11, 22);
        let campaign = Campaign::of(raw(), day, 2).expect("is understood");
        let written = serde_json::to_string(&campaign).expect("is written");
        assert!(!written.contains(":secret"), "{written}");
        assert_eq!(campaign.targets, ["https://a.example/"]);
        let read: Campaign = serde_json::from_str(&written).expect("is read back");
        let plan = read.plan(Some(&raw())).expect("is understood");
        assert_eq!((plan.crawl.max_pages, plan.days.today), (Some(7), day));
        assert_eq!(plan.crawl.auth, Some(("user".to_string(), "secret".to_string())));
        assert_eq!((plan.rendering.pages, plan.rendering.worker.is_some()), (Pages::Home, true));
        assert_eq!(read.digest(), campaign.digest());
    }

    #[test]
    fn what_a_fleet_cannot_do_is_refused() {
        for (raw, says) in [
            (Raw { contact: None, ..raw() }, "--contact"),
            (Raw { targets: vec!["src".to_string()], ..raw() }, "is a folder"),
            (Raw { targets: vec![], ..raw() }, "no target"),
        ] {
            let error = Campaign::of(raw, Date::constant(2026, 11, 22), 2).expect_err("is refused").to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
