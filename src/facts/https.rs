//! What the four endpoints of a name say of its HTTPS, in the words of pshtt, the scanner that made them.
//!
//! In: the hosts with and without `www.` as they were seen. Out: [`Https`]: the 37 columns of that scanner. Invariant: an
//! endpoint that nobody could ask leaves out what depends on it; one that does not answer is down. Tested below and in
//! `tests/it/probe.rs`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::https_doors::{Door, Doors};
use super::{HostFacts, HostStanding};
use crate::web::hsts::Hsts;
use crate::web::preload::{Preloaded, State};
use crate::web::registered;
use crate::web::tls::{Tls, Trust};

/// The length of a promise that the scanner calls strong, in seconds.
const STRONG: u64 = 31_536_000;
/// The length that the list of browsers once asked for, in seconds.
const LISTABLE: u64 = 10_886_400;

/// The columns; `None` where nobody knows.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each is a column of a published format, explained in docs/formats.md")]
pub struct Https {
    pub domain: String,
    pub base_domain: Option<String>,
    pub canonical_url: Option<String>,
    pub live: Option<bool>,
    pub https_live: Option<bool>,
    pub https_full_connection: Option<bool>,
    pub https_client_auth_required: Option<bool>,
    pub redirect: Option<bool>,
    pub redirect_to: Option<String>,
    pub valid_https: Option<bool>,
    pub https_publicly_trusted: Option<bool>,
    pub https_custom_truststore_trusted: Option<bool>,
    pub defaults_to_https: Option<bool>,
    pub downgrades_https: Option<bool>,
    pub strictly_forces_https: Option<bool>,
    pub https_bad_chain: Option<bool>,
    pub https_bad_hostname: Option<bool>,
    pub https_expired_cert: Option<bool>,
    pub https_self_signed_cert: Option<bool>,
    pub hsts: Option<bool>,
    pub hsts_header: Option<String>,
    pub hsts_max_age: Option<u64>,
    pub hsts_entire_domain: Option<bool>,
    pub hsts_preload_ready: Option<bool>,
    pub hsts_preload_pending: Option<bool>,
    pub hsts_preloaded: Option<bool>,
    pub base_domain_hsts_preloaded: Option<bool>,
    pub domain_supports_https: Option<bool>,
    pub domain_enforces_https: Option<bool>,
    pub domain_uses_strong_hsts: Option<bool>,
    pub ip: Option<String>,
    pub server_header: Option<String>,
    pub server_version: Option<String>,
    pub https_cert_chain_length: Option<u64>,
    pub https_probably_missing_intermediate_cert: Option<bool>,
    pub notes: Option<String>,
    pub unknown_error: Option<bool>,
}

impl Https {
    /// What the hosts of a site say: of its own name, and of the one that was typed and leads there.
    pub fn all(hosts: &BTreeMap<String, HostFacts>, preloaded: &Preloaded) -> Vec<Self> {
        let of = |first: HostStanding| {
            let names = hosts.values().filter(|host| host.standing == first || host.standing == first.twin());
            Self::of(&names.collect::<Vec<_>>(), first, preloaded)
        };
        [HostStanding::Own, HostStanding::Typed].into_iter().filter_map(of).collect()
    }

    /// What one name says, with `www.` and without.
    fn of(hosts: &[&HostFacts], first: HostStanding, preloaded: &Preloaded) -> Option<Self> {
        let own = hosts.iter().find(|host| host.standing == first)?;
        let bare = own.host.strip_prefix("www.").unwrap_or(&own.host);
        let www = hosts.iter().find(|host| host.host.starts_with("www.")).copied();
        let root = hosts.iter().find(|host| host.host == bare).copied();
        let doors = Doors::of(root, www);
        let name = bare.split(':').next().unwrap_or_default();
        let mut all = Self {
            domain: bare.to_string(),
            base_domain: registered(name).map(str::to_string),
            live: doors.any(&doors.all(), Door::is_live),
            https_live: doors.any(&doors.secure(), Door::is_live),
            notes: doors.notes(),
            unknown_error: Some(false),
            ..Self::default()
        };
        all.preloaded(preloaded.state(name), registered(name).map_or(State::Unknown, |base| preloaded.state(base)));
        if all.live == Some(true) {
            all.ways(&doors);
            all.certificate(&doors);
            all.promise(&doors);
            all.together(&doors);
        }
        Some(all)
    }

    fn preloaded(&mut self, own: State, base: State) {
        let told = |state| match state {
            State::Listed => Some(true),
            State::NotListed => Some(false),
            State::Unknown => None,
        };
        self.hsts_preloaded = told(own);
        self.base_domain_hsts_preloaded = told(base);
    }

    fn ways(&mut self, doors: &Doors<'_>) {
        let canonical = doors.canonical();
        self.canonical_url = canonical.map(|door| door.address());
        self.defaults_to_https = canonical.map(|door| door.is_secure);
        self.redirect = doors.is_redirect_domain(&doors.all());
        let leads = canonical.filter(|_| self.redirect == Some(true)).and_then(Door::lands);
        self.redirect_to = leads.map(ToString::to_string);
        self.strictly_forces_https = doors.strictly_forces();
        self.downgrades_https = doors.canonical_secure().and_then(|door| match door.is_live()? {
            true => door.downgrades(),
            false => Some(false),
        });
        let server = canonical.and_then(|door| door.header("server"));
        self.server_header = server.map(str::to_string);
        self.server_version = server.and_then(|server| server.split_once('/')).map(|(_, version)| version.to_string());
        self.ip = canonical.and_then(Door::ip);
    }

    fn certificate(&mut self, doors: &Doors<'_>) {
        let Some(door) = doors.canonical_secure() else { return };
        self.https_full_connection = door.is_live().map(|live| live && door.spoke());
        self.https_client_auth_required = door.spoke().then_some(false);
        let Some(tls) = door.tls() else {
            self.valid_https = (door.is_live() == Some(false)).then_some(false);
            return;
        };
        let dated = in_date(tls, door);
        let trusted = match &tls.trust {
            Trust::Public => Some(true),
            Trust::Own | Trust::SelfSigned | Trust::Incomplete | Trust::Unknowable | Trust::Weak | Trust::Broken(_) => {
                Some(false)
            }
            Trust::Unknown => None,
        };
        self.https_publicly_trusted = trusted.zip(dated).map(|(trusted, dated)| trusted && dated);
        let own = tls.trust == Trust::Own;
        self.https_custom_truststore_trusted = trusted.zip(dated).map(|(trusted, dated)| (trusted || own) && dated);
        self.https_bad_chain = trusted.map(|trusted| !trusted && !own);
        self.https_bad_hostname = tls.named.map(|named| !named);
        self.https_expired_cert = tls.chain.first().map(|leaf| leaf.days_left(door.day()) < 0);
        self.https_self_signed_cert = trusted.map(|_| tls.trust == Trust::SelfSigned);
        self.https_cert_chain_length = (!tls.chain.is_empty()).then_some(tls.chain.len() as u64);
        self.https_probably_missing_intermediate_cert = trusted.map(|_| tls.trust == Trust::Incomplete);
        self.valid_https = match (trusted, tls.named, dated) {
            (Some(trusted), Some(named), Some(dated)) => Some((trusted || own) && named && dated),
            (None, _, _) | (_, None, _) | (_, _, None) => None,
        };
    }

    fn promise(&mut self, doors: &Doors<'_>) {
        if let Some(door) = doors.canonical_secure() {
            self.hsts_header = door.header("strict-transport-security").map(str::to_string);
            self.hsts_max_age = promise(door).max_age;
            self.hsts = door.knows_headers().then(|| self.hsts_max_age.is_some_and(|seconds| seconds > 0));
            self.domain_uses_strong_hsts =
                self.hsts.map(|hsts| hsts && self.hsts_max_age.is_some_and(|seconds| seconds >= STRONG));
        }
        if let Some(root) = doors.root_secure() {
            let said = promise(root);
            let whole = said.include_subdomains;
            let long = said.max_age.is_some_and(|seconds| seconds >= LISTABLE);
            self.hsts_entire_domain = root.knows_headers().then_some(whole);
            self.hsts_preload_ready = root.knows_headers().then_some(whole && long && said.preload);
        }
    }

    fn together(&mut self, doors: &Doors<'_>) {
        self.domain_supports_https = match (self.downgrades_https, self.valid_https) {
            (Some(true), _) => Some(false),
            (Some(false), Some(true)) => Some(true),
            (Some(false), Some(false)) => {
                let chain_only = self.https_bad_chain == Some(true) && self.https_bad_hostname == Some(false);
                Some(chain_only)
            }
            (None, _) | (_, None) => None,
        };
        let plain = doors.is_redirect_domain(&doors.plain());
        let leads = match (self.defaults_to_https, plain) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            (None, _) | (_, None) => None,
        };
        self.domain_enforces_https = match (self.domain_supports_https, self.strictly_forces_https, leads) {
            (Some(false), _, _) | (_, Some(false), _) | (_, _, Some(false)) => Some(false),
            (Some(true), Some(true), Some(true)) => Some(true),
            (None, _, _) | (_, None, _) | (_, _, None) => None,
        };
    }
}

fn promise(door: &Door<'_>) -> Hsts {
    Hsts::parse(door.header("strict-transport-security"))
}

fn in_date(tls: &Tls, door: &Door<'_>) -> Option<bool> {
    let leaf = tls.chain.first()?;
    Some(leaf.days_left(door.day()) >= 0 && leaf.days_until(door.day()) <= 0)
}
