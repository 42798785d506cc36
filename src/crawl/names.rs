//! Host names and the addresses they were checked at.
//!
//! In: a host name. Out: addresses that the guard accepted; the HTTP client connects to these and no others, so that a
//! name cannot point elsewhere between check and connection. Tested in `tests/it/crawl.rs`.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::errand::Failure;
use super::guard::Guard;
use super::settings::Settings;
use crate::web::ProblemKind;

/// A name that has no address is not looked up again for this time: the probes and the doors of a dead host ask for it, too.
const NAMELESS: Duration = Duration::from_secs(300);

/// What is said of a name that the name system does not have.
pub(super) const NO_SUCH_NAME: &str = "there is no such name";

/// The names of a run.
pub(super) struct Names {
    guard: Arc<Guard>,
    pins: HashMap<String, IpAddr>,
    known: RwLock<HashMap<String, Vec<IpAddr>>>,
    /// Names without an address, and since when.
    nameless: RwLock<HashMap<String, (Failure, Instant)>>,
    patience: Duration,
    proxy: Option<String>,
}

impl Names {
    /// Names that are checked by `guard`; pinned ones are not looked up, and the proxy's is not checked.
    pub(super) fn of(guard: Arc<Guard>, settings: &Settings) -> Self {
        let pins = settings.resolve.iter().map(|(host, ip)| (host.to_ascii_lowercase(), *ip)).collect();
        let proxy = settings.proxy.as_ref().and_then(Url::host_str).map(str::to_string);
        Self {
            guard,
            pins,
            known: RwLock::default(),
            nameless: RwLock::default(),
            patience: settings.connect_timeout,
            proxy,
        }
    }

    /// Looks a host up, checks every address, and keeps the acceptable ones for the client. Returns the first of them.
    pub(super) async fn look_up(&self, host: &str, port: u16) -> Result<IpAddr, Failure> {
        let found = match Host::parse(host) {
            Ok(Host::Ipv4(ip)) => vec![ip.into()],
            Ok(Host::Ipv6(ip)) => vec![ip.into()],
            Ok(Host::Domain(_)) | Err(_) => self.addresses(host).await?,
        };
        let mut refusal = String::new();
        let mut accepted = Vec::new();
        for ip in found {
            match self.guard.reaches(host, port, ip) {
                Ok(()) => accepted.push(ip),
                Err(reason) => refusal = reason,
            }
        }
        let Some(first) = accepted.first().copied() else {
            return Err(Failure::of(ProblemKind::Refused, refusal));
        };
        self.known.write().expect("no holder of this lock panics").insert(host.to_string(), accepted);
        Ok(first)
    }

    /// Forgets that a name had no address.
    pub(super) fn forgive(&self, host: &str) {
        self.nameless.write().expect("no holder of this lock panics").remove(host);
    }

    async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Failure> {
        if let Some(ip) = self.pins.get(host) {
            return Ok(vec![*ip]);
        }
        if let Some((failure, since)) = self.nameless.read().expect("no holder of this lock panics").get(host)
            && since.elapsed() < NAMELESS
        {
            return Err(failure.clone());
        }
        let found = self.asked(host).await;
        if let Err(failure) = &found {
            let mut nameless = self.nameless.write().expect("no holder of this lock panics");
            nameless.insert(host.to_string(), (failure.clone(), Instant::now()));
        }
        found
    }

    /// What the system's name service says.
    async fn asked(&self, host: &str) -> Result<Vec<IpAddr>, Failure> {
        let nowhere = |why: String| Failure::of(ProblemKind::Dns, format!("{host} has no address: {why}"));
        match tokio::time::timeout(self.patience, tokio::net::lookup_host((host, 0))).await {
            Err(_) => Err(nowhere("the look-up took too long".to_string())),
            Ok(Err(cause)) => Err(nowhere(spoken(&cause.to_string()))),
            Ok(Ok(found)) => {
                let found: Vec<IpAddr> = found.map(|address| address.ip()).collect();
                if found.is_empty() { Err(nowhere("the answer was empty".to_string())) } else { Ok(found) }
            }
        }
    }
}

/// What the system says of a look-up, in the same words on every system where it says that there is no such name.
fn spoken(cause: &str) -> String {
    let signs = ["not known", "nodename nor servname", "No address associated", "No such host"];
    if signs.iter().any(|sign| cause.contains(sign)) { format!("{NO_SUCH_NAME} ({cause})") } else { cause.to_string() }
}

/// Says where a host may be reached, for whoever looks at it beside the crawl.
#[derive(Clone)]
pub struct Doorkeeper(Arc<Names>);

impl Doorkeeper {
    /// The doorkeeper of a run.
    pub(super) fn of(names: Arc<Names>) -> Self {
        Self(names)
    }

    /// The address of a host that the guard agrees to.
    ///
    /// # Errors
    /// What stands in the way: no such name, an address that nobody allowed, or a proxy that everything has to go through.
    pub async fn address(&self, host: &str, port: u16) -> Result<IpAddr, (ProblemKind, String)> {
        if self.0.proxy.is_some() {
            return Err((ProblemKind::Refused, "everything goes through a proxy".to_string()));
        }
        self.0.look_up(host, port).await.map_err(|failure| (failure.kind, failure.detail))
    }

    /// Whether somebody typed where this host lives, so that the name system is not asked about it.
    pub fn was_told(&self, host: &str) -> bool {
        self.0.pins.contains_key(host)
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let known = self.known.read().expect("no holder of this lock panics").get(name.as_str()).cloned();
        let proxy = self.proxy.clone().filter(|proxy| proxy == name.as_str());
        Box::pin(async move {
            if let (None, Some(proxy)) = (&known, proxy) {
                // Whoever typed the proxy may have it wherever it lives.
                let found: Vec<SocketAddr> = tokio::net::lookup_host((proxy, 0)).await?.collect();
                return Ok(Box::new(found.into_iter()) as Addrs);
            }
            let known = known.ok_or("the name was not checked")?;
            Ok(Box::new(known.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn names(allowed: &str) -> Names {
        let allow_private = vec![allowed.parse().expect("a network")];
        let resolve = vec![("pinned.example".to_string(), IpAddr::from([127, 0, 0, 9]))];
        let settings = Settings { allow_private, resolve, ..Settings::default() };
        Names::of(Arc::new(Guard::of(&settings, &[])), &settings)
    }

    async fn connected_to(names: &Names, host: &str) -> Option<Vec<IpAddr>> {
        let found = names.resolve(Name::from_str(host).expect("a name")).await.ok()?;
        Some(found.map(|address| address.ip()).collect())
    }

    /// A name that answers differently the next time (DNS rebinding) gains nothing: nobody asks it a second time.
    #[tokio::test]
    async fn what_was_checked_is_what_is_connected_to() {
        let names = names("127.0.0.0/8");
        assert_eq!(connected_to(&names, "localhost").await, None, "not checked yet");
        let checked = names.look_up("localhost", 80).await.expect("is allowed");
        assert!(checked.is_loopback());
        let connected = connected_to(&names, "localhost").await.expect("was checked");
        assert!(connected.contains(&checked) && connected.iter().all(IpAddr::is_ipv4), "{connected:?}");
        assert_eq!(connected_to(&names, "www.localhost").await, None, "a neighbour was not checked");
    }

    #[tokio::test]
    async fn a_name_without_an_address_is_looked_up_once() {
        let names = names("127.0.0.0/8");
        let long = format!("{}.example", "n".repeat(64));
        for _ in 0..2 {
            assert_eq!(names.look_up(&long, 80).await.expect_err("has none").kind, ProblemKind::Dns);
        }
        let told = Failure::of(ProblemKind::Dns, "told before");
        names.nameless.write().expect("is free").insert("localhost".to_string(), (told, Instant::now()));
        assert_eq!(names.look_up("localhost", 80).await.expect_err("is remembered").detail, "told before");
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_and_never_connected_to() {
        let names = names("10.0.0.0/8");
        for host in ["localhost", "127.0.0.1", "::1", "0.0.0.0"] {
            let refused = names.look_up(host, 80).await.expect_err("leads inside");
            assert_eq!(refused.kind, ProblemKind::Refused, "{host}");
            assert_eq!(connected_to(&names, host).await, None, "{host}");
        }
        assert_eq!(names.look_up("pinned.example", 80).await.ok(), Some(IpAddr::from([127, 0, 0, 9])));
    }
}
