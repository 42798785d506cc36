//! Probes of hosts while the crawl goes on.
//!
//! In: hosts of sites. Out: [`Probed`], one for each host, whatever happens. Invariant: a host is probed only at an address that
//! the crawl's guard agrees to, and the name system is asked about hosts that live on this machine, or whose address was typed,
//! only by a resolver that was typed. Tested in `tests/it/probe.rs`.

use std::collections::HashMap;
use std::net::SocketAddr;
use tokio::task::{Id, JoinSet};
use url::Url;

use crate::crawl::{Doorkeeper, SiteId};
use crate::facts::{HostStanding, Looked};
use crate::probe::{Prober, Probing, Settings, Silence};
use crate::web::dns::Dns;
use crate::web::tls::Tls;

/// What was learned of a host.
#[derive(Debug)]
pub(super) struct Probed {
    pub(super) site: SiteId,
    pub(super) standing: HostStanding,
    pub(super) tls: Looked<Tls>,
    pub(super) dns: Looked<Dns>,
}

/// What is wanted of a host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) handshakes: bool,
    pub(super) names: bool,
}

/// The probes of a run.
pub(super) struct Probes {
    prober: Prober,
    probing: Probing,
    running: JoinSet<(Looked<Tls>, Looked<Dns>)>,
    whose: HashMap<Id, (SiteId, HostStanding)>,
}

impl Probes {
    pub(super) fn of(settings: &Settings) -> Self {
        let prober = Prober::of(settings.clone());
        Self { prober, probing: settings.probing, running: JoinSet::new(), whose: HashMap::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.whose.is_empty()
    }

    /// How many are under way.
    pub(super) fn len(&self) -> usize {
        self.whose.len()
    }

    /// Begins to look at the host of an address.
    pub(super) fn begin(
        &mut self,
        site: SiteId,
        standing: HostStanding,
        root: &Url,
        keeper: Doorkeeper,
        wanted: Wanted,
    ) {
        let (prober, probing, root) = (self.prober.clone(), self.probing, root.clone());
        let task = self.running.spawn(async move { look(&prober, probing, &root, &keeper, wanted).await });
        self.whose.insert(task.id(), (site, standing));
    }

    /// Ends all that are under way; each is told of all the same.
    pub(super) fn stop(&mut self) {
        self.running.abort_all();
    }

    /// The next host that was looked at; `None` when none is under way.
    pub(super) async fn next(&mut self) -> Option<Probed> {
        let (id, (tls, dns)) = match self.running.join_next_with_id().await? {
            Ok((id, looked)) => (id, looked),
            Err(cause) => {
                let reason = if cause.is_cancelled() { "the run was stopped" } else { "the program stumbled over it" };
                (cause.id(), (Looked::Not(reason.to_string()), Looked::Not(reason.to_string())))
            }
        };
        let (site, standing) = self.whose.remove(&id)?;
        Some(Probed { site, standing, tls, dns })
    }
}

async fn look(
    prober: &Prober,
    probing: Probing,
    root: &Url,
    keeper: &Doorkeeper,
    wanted: Wanted,
) -> (Looked<Tls>, Looked<Dns>) {
    let host = root.host_str().unwrap_or_default().to_string();
    let port = match (root.scheme(), root.port()) {
        (_, None) => Some(443),
        ("https", Some(port)) => Some(port),
        (_, Some(_)) => None,
    };
    let at = keeper.address(&host, port.unwrap_or(443)).await;
    let tls = async {
        match (&at, port, probing) {
            _ if !wanted.handshakes => Looked::Not("no selected rule asks for handshakes".to_string()),
            (_, _, Probing::Off) => Looked::Not("--no-tls-probe".to_string()),
            (_, None, Probing::On) => {
                Looked::Not("the host answers on another port, whose twin is not known".to_string())
            }
            (Err((kind, detail)), _, Probing::On) => Looked::Problem { kind: *kind, detail: detail.clone() },
            (Ok(ip), Some(port), Probing::On) => told(prober.tls(&host, SocketAddr::new(*ip, port)).await),
        }
    };
    let here = at.as_ref().is_ok_and(std::net::IpAddr::is_loopback) || keeper.was_told(&host);
    let dns = async {
        if !wanted.names {
            Looked::Not("no selected rule asks the name system".to_string())
        } else if root.domain().is_none() {
            Looked::Not(format!("{host} is an address and has no name"))
        } else if here && !prober.has_own_resolver() {
            Looked::Not(
                "the host lives on this machine or at an address that was typed; --dns-server asks all the same"
                    .to_string(),
            )
        } else {
            told(prober.dns(&host).await)
        }
    };
    tokio::join!(tls, dns)
}

fn told<T>(learned: Result<T, Silence>) -> Looked<T> {
    match learned {
        Ok(seen) => Looked::Seen(Box::new(seen)),
        Err(Silence { kind, detail }) => Looked::Problem { kind, detail },
    }
}
