//! Values as they were typed, each possibly not.
//!
//! In: the command line, or `idea-audit.toml`. Out: [`Raw`]. The names of keys are the names of flags. Tested in
//! `tests/it/cli.rs`.

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::ConfigError;
use super::exceptions::{self, Written};
use crate::rules::Diagnostic;

/// Where every key stands.
const LISTED: &str =
    "keys are the long names of `idea-audit scan --help`; `idea-audit init` writes a file with all of them";

/// The configuration file that is read from the working directory when it exists.
pub const FILE_NAME: &str = "idea-audit.toml";

/// Everything that can be said about a scan.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Raw {
    /// URLs, folders, files, `@list.txt`, CSV files.
    pub targets: Vec<String>,
    /// The address a folder is published at.
    #[serde(rename = "as")]
    pub publish_at: Option<String>,
    /// Hosts whose owner runs this.
    pub my_site: Vec<String>,
    /// Who to write to, in the User-Agent.
    pub contact: Option<String>,
    /// Private networks that may be reached.
    pub allow_private: Vec<String>,
    /// Path globs of pages to look at.
    pub include: Vec<String>,
    /// Path globs of pages to leave out.
    pub exclude: Vec<String>,
    /// Whether subdomains belong to a site.
    pub include_subdomains: Option<bool>,
    /// Whether links are left alone.
    pub no_follow: Option<bool>,
    /// Which pages are looked at: full, home or sample=N.
    pub plan: Option<String>,
    /// Pages a site.
    pub max_pages: Option<u64>,
    /// Clicks from the seed.
    pub max_depth: Option<u32>,
    /// Seconds a site.
    pub max_time: Option<f64>,
    /// Octets a site.
    pub max_bytes: Option<u64>,
    /// Seconds the whole run.
    pub max_run_time: Option<f64>,
    /// Octets of a decoded body.
    pub max_body: Option<u64>,
    /// Documents a site.
    pub max_documents: Option<u64>,
    /// Octets of documents a site.
    pub max_document_bytes: Option<u64>,
    /// Requests in flight.
    pub concurrency: Option<usize>,
    /// Requests a second a host.
    pub rate: Option<f64>,
    /// Requests a second an IP address.
    pub ip_rate: Option<f64>,
    /// Seconds a request.
    pub timeout: Option<f64>,
    /// The whole User-Agent.
    pub user_agent: Option<String>,
    /// Whether home pages are asked for once more under a browser's name.
    pub compare_agent: Option<bool>,
    /// Which pages are measured.
    pub render: Option<String>,
    /// `Name: value` fields for the targets' own origins.
    pub header: Vec<String>,
    /// `name=value` cookies for the targets' own origins.
    pub cookie: Vec<String>,
    /// `user:password` for the targets' own origins.
    pub auth: Option<String>,
    /// A proxy's address.
    pub proxy: Option<String>,
    /// `host:ip` pins.
    pub resolve: Vec<String>,
    /// Whether certificates go unverified.
    pub insecure: Option<bool>,
    /// Files with roots to trust besides those that ship.
    pub ca_file: Vec<PathBuf>,
    /// Whether handshakes are left to the crawl.
    pub no_tls_probe: Option<bool>,
    /// Seconds a handshake or a question to a resolver.
    pub probe_timeout: Option<f64>,
    /// `ip:port` of the resolver to ask.
    pub dns_server: Option<String>,
    /// Chromium's list of names that are asked by HTTPS only.
    pub hsts_preload: Option<PathBuf>,
    /// Folders of rule packs.
    pub rules: Vec<PathBuf>,
    /// A list of domains and their owners.
    pub dotgov: Option<PathBuf>,
    /// Rules, packs, requirements or criteria to run.
    pub select: Vec<String>,
    /// The same to leave out.
    pub skip: Vec<String>,
    /// What "today" is.
    pub today: Option<String>,
    /// The day whose law applies.
    pub policy_as_of: Option<String>,
    /// Conditions that fail the run: one, or several alternatives.
    #[serde(deserialize_with = "one_or_many")]
    pub fail_on: Vec<String>,
    /// The number of new failures that is accepted.
    pub max_new: Option<u64>,
    /// Where runs are written down.
    pub store: Option<String>,
    /// Whether the run that did not end goes on.
    pub resume: Option<bool>,
    /// Whether pages that did not change are left out of judging.
    pub changed_only: Option<bool>,
    /// An earlier report.
    pub baseline: Option<PathBuf>,
    /// Files with waivers and reviews.
    pub waivers: Vec<PathBuf>,
    /// The least coverage.
    pub min_coverage: Option<f64>,
    /// Where a summary is sent when the run has ended.
    pub webhook: Option<String>,
    /// What signs that summary.
    pub webhook_secret: Option<String>,
    /// What is known of the owner.
    pub profile: RawProfile,
    /// Other conditions for some addresses.
    pub level: Vec<RawLevel>,
    /// Waivers and reviews of the configuration file itself.
    #[serde(skip)]
    pub written: Vec<Written>,
}

/// Conditions for some addresses.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawLevel {
    /// A glob over paths, perhaps after `https://host`.
    pub path: String,
    /// Conditions that fail the run there.
    #[serde(deserialize_with = "one_or_many")]
    pub fail_on: Vec<String>,
}

/// What is known of the owner of the sites.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawProfile {
    /// executive, legislative, judicial, state-local or none.
    pub branch: Option<String>,
    /// principal, sub-agency, secondary, application or inspector-general.
    pub role: Option<String>,
    /// The top-level domain the public will see.
    pub tld: Option<String>,
    /// The agency's name.
    pub agency: Option<String>,
    /// The agency's short name.
    pub acronym: Option<String>,
    /// The bureau.
    pub bureau: Option<String>,
    /// Whether the sites serve a designated high-impact service.
    pub high_impact: Option<bool>,
    /// The day the sites became public.
    pub launched: Option<String>,
    /// Whether the sites may do without a search.
    pub search_exempt: Option<bool>,
    /// Whether they are of a small place.
    pub small_place: Option<bool>,
}

impl RawProfile {
    /// These answers where they were given, else the other's.
    fn or(self, other: Self) -> Self {
        Self {
            branch: self.branch.or(other.branch),
            role: self.role.or(other.role),
            tld: self.tld.or(other.tld),
            agency: self.agency.or(other.agency),
            acronym: self.acronym.or(other.acronym),
            bureau: self.bureau.or(other.bureau),
            high_impact: self.high_impact.or(other.high_impact),
            launched: self.launched.or(other.launched),
            search_exempt: self.search_exempt.or(other.search_exempt),
            small_place: self.small_place.or(other.small_place),
        }
    }
}

impl Raw {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or has a key that means nothing.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigError::of(
                format!("{}: {error}", path.display()),
                "name a configuration file that can be read with --config, or leave it out",
            )
        })?;
        let file = path.display().to_string();
        let refused = |error: toml::de::Error| {
            ConfigError::of(Diagnostic::of_toml(&file, &text, &error, LISTED).to_string(), LISTED)
        };
        let mut table = DeTable::parse(&text).map_err(refused)?;
        let written = exceptions::taken(&file, &text, table.get_mut())?;
        let raw = Self::deserialize(toml::de::Deserializer::from(table)).map_err(refused)?;
        Ok(Self { written: if written.is_empty() { Vec::new() } else { vec![written] }, ..raw })
    }

    /// These values where they were given, else the other's.
    // long: one line for each key, and nothing to decide.
    pub fn or(self, other: Self) -> Self {
        fn list<T>(mine: Vec<T>, theirs: Vec<T>) -> Vec<T> {
            if mine.is_empty() { theirs } else { mine }
        }
        Self {
            targets: list(self.targets, other.targets),
            publish_at: self.publish_at.or(other.publish_at),
            my_site: list(self.my_site, other.my_site),
            contact: self.contact.or(other.contact),
            allow_private: list(self.allow_private, other.allow_private),
            include: list(self.include, other.include),
            exclude: list(self.exclude, other.exclude),
            include_subdomains: self.include_subdomains.or(other.include_subdomains),
            no_follow: self.no_follow.or(other.no_follow),
            plan: self.plan.or(other.plan),
            max_pages: self.max_pages.or(other.max_pages),
            max_depth: self.max_depth.or(other.max_depth),
            max_time: self.max_time.or(other.max_time),
            max_bytes: self.max_bytes.or(other.max_bytes),
            max_run_time: self.max_run_time.or(other.max_run_time),
            max_body: self.max_body.or(other.max_body),
            max_documents: self.max_documents.or(other.max_documents),
            max_document_bytes: self.max_document_bytes.or(other.max_document_bytes),
            concurrency: self.concurrency.or(other.concurrency),
            rate: self.rate.or(other.rate),
            ip_rate: self.ip_rate.or(other.ip_rate),
            timeout: self.timeout.or(other.timeout),
            user_agent: self.user_agent.or(other.user_agent),
            compare_agent: self.compare_agent.or(other.compare_agent),
            render: self.render.or(other.render),
            header: list(self.header, other.header),
            cookie: list(self.cookie, other.cookie),
            auth: self.auth.or(other.auth),
            proxy: self.proxy.or(other.proxy),
            resolve: list(self.resolve, other.resolve),
            insecure: self.insecure.or(other.insecure),
            ca_file: list(self.ca_file, other.ca_file),
            no_tls_probe: self.no_tls_probe.or(other.no_tls_probe),
            probe_timeout: self.probe_timeout.or(other.probe_timeout),
            dns_server: self.dns_server.or(other.dns_server),
            hsts_preload: self.hsts_preload.or(other.hsts_preload),
            rules: list(self.rules, other.rules),
            dotgov: self.dotgov.or(other.dotgov),
            select: list(self.select, other.select),
            skip: list(self.skip, other.skip),
            today: self.today.or(other.today),
            policy_as_of: self.policy_as_of.or(other.policy_as_of),
            fail_on: list(self.fail_on, other.fail_on),
            max_new: self.max_new.or(other.max_new),
            store: self.store.or(other.store),
            resume: self.resume.or(other.resume),
            changed_only: self.changed_only.or(other.changed_only),
            baseline: self.baseline.or(other.baseline),
            waivers: list(self.waivers, other.waivers),
            min_coverage: self.min_coverage.or(other.min_coverage),
            webhook: self.webhook.or(other.webhook),
            webhook_secret: self.webhook_secret.or(other.webhook_secret),
            profile: self.profile.or(other.profile),
            level: list(self.level, other.level),
            written: list(self.written, other.written),
        }
    }
}

/// A word, or a list of words.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    struct Words;
    impl<'de> Visitor<'de> for Words {
        type Value = Vec<String>;

        fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            to.write_str("a word or a list of words")
        }

        fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Self::Value, E> {
            Ok(vec![word.to_string()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut words = Vec::new();
            while let Some(word) = list.next_element()? {
                words.push(word);
            }
            Ok(words)
        }
    }
    from.deserialize_any(Words)
}
