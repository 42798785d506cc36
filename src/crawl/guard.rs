//! Keeps the crawl out of private networks (server-side request forgery).
//!
//! In: what was typed and what may be private. Out: whether an address, or what its name resolves to, may be reached.
//! Invariant: what nobody typed and nobody allowed is reached only on the public internet, on web ports. Tested below.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::reserved::is_public;
use super::settings::Settings;
use crate::web::address;

/// Ports where the web lives.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// Octets of an address; what is longer no client would send.
const LONGEST: usize = 16_000;

/// What may be reached.
#[derive(Debug)]
pub(super) struct Guard {
    allowed: Vec<IpNet>,
    typed: HashMap<String, BTreeSet<u16>>,
    pinned: BTreeSet<String>,
}

impl Guard {
    /// The guard of a run: `seeds` were typed, so they may be private.
    pub(super) fn of(settings: &Settings, seeds: &[Url]) -> Self {
        let mut typed: HashMap<String, BTreeSet<u16>> = HashMap::new();
        for seed in seeds {
            if let (Some(host), Some(port)) = (seed.host_str(), seed.port_or_known_default()) {
                typed.entry(bare(host)).or_default().insert(port);
            }
        }
        let pinned = settings.resolve.iter().map(|(host, _)| bare(host)).collect();
        Self { allowed: settings.allow_private.clone(), typed, pinned }
    }

    /// Whether the address itself is acceptable; what its name resolves to is checked by [`Guard::reaches`].
    ///
    /// # Errors
    /// One sentence for a person.
    pub(super) fn admits(&self, url: &Url) -> Result<(), String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("{}: addresses are not fetched", url.scheme()));
        }
        if url.as_str().len() > LONGEST {
            return Err(format!("the address is {} octets long", url.as_str().len()));
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err("the address has no host".to_string());
        };
        if !PORTS.contains(&port) && !self.typed.values().any(|ports| ports.contains(&port)) {
            return Err(format!("port {port} is not one where public web sites live"));
        }
        let ip: IpAddr = match host {
            Host::Ipv4(ip) => ip.into(),
            Host::Ipv6(ip) => ip.into(),
            Host::Domain(_) => return Ok(()),
        };
        self.reaches(url.host_str().unwrap_or_default(), port, ip)
    }

    /// Whether a host may be reached at the address its name resolved to.
    ///
    /// # Errors
    /// One sentence for a person.
    pub(super) fn reaches(&self, host: &str, port: u16, ip: IpAddr) -> Result<(), String> {
        let plain = ip.to_canonical();
        let allowed = is_public(ip)
            || self.allowed.iter().any(|net| net.contains(&plain))
            || self.pinned.contains(&bare(host))
            || self.typed.get(&bare(host)).is_some_and(|ports| opens(ports, port));
        if allowed {
            return Ok(());
        }
        Err(format!("{ip} is not a public address; allow its network to look there"))
    }
}

/// A typed port opens itself; a typed default port opens its twin, so that http can be asked about https.
fn opens(ports: &BTreeSet<u16>, port: u16) -> bool {
    ports.contains(&port) || (matches!(port, 80 | 443) && (ports.contains(&80) || ports.contains(&443)))
}

fn bare(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    address::without_www(&host).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        let settings = Settings {
            allow_private: vec!["10.1.0.0/16".parse().expect("a network")],
            resolve: vec![("pinned.example".to_string(), IpAddr::from([127, 0, 0, 9]))],
            ..Settings::default()
        };
        let seeds = ["http://127.0.0.1:8099/", "https://staging.example/"].map(|seed| Url::parse(seed).expect(seed));
        Guard::of(&settings, &seeds)
    }

    #[test]
    fn an_address_is_admitted_when_public_typed_or_allowed() {
        let table = [
            ("https://www.example.com/", true),
            ("http://example.com:8080/", true),
            ("http://example.com:22/", false),
            ("ftp://example.com/", false),
            ("http://127.0.0.1:8099/x", true),
            ("http://127.0.0.1/", false),
            ("http://127.0.0.2:8099/", false),
            ("http://2130706433:8099/", true),
            ("http://0x7f.1/", false),
            ("http://[::1]:8099/", false),
            ("http://[::ffff:10.2.0.1]/", false),
            ("http://[::ffff:10.1.0.1]/", true),
            ("http://10.1.2.3/", true),
            ("http://10.2.2.3/", false),
            ("http://169.254.169.254/latest/meta-data/", false),
        ];
        let guard = guard();
        for (url, admitted) in table {
            assert_eq!(guard.admits(&Url::parse(url).expect(url)).is_ok(), admitted, "{url}");
        }
    }

    #[test]
    fn a_name_is_judged_by_what_it_resolves_to() {
        let table = [
            ("evil.example", 80, "127.0.0.1", false),
            ("evil.example", 80, "93.184.216.34", true),
            ("staging.example", 443, "192.168.1.5", true),
            ("www.staging.example", 80, "192.168.1.5", true),
            ("staging.example", 8080, "192.168.1.5", false),
            ("pinned.example", 80, "127.0.0.9", true),
        ];
        let guard = guard();
        for (host, port, ip, reached) in table {
            assert_eq!(guard.reaches(host, port, ip.parse().expect(ip)).is_ok(), reached, "{host} {port} {ip}");
        }
    }
}
