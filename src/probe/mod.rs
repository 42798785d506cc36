//! Looks at a host beside the crawl: TLS handshakes and questions to the domain name system.
//!
//! In: [`Settings`], and hosts at addresses that the crawl's guard has agreed to. Out: [`Tls`](crate::web::tls::Tls) and
//! [`Dns`](crate::web::dns::Dns), or a [`Silence`]: why nothing was learned. Invariants: at most [`CONNECTIONS`] connections to
//! a host, one after the other and spaced; every wait has an end; no resolver is asked that the system or a person did not
//! name. Never: judges, sends a request, tries to break anything. Tested in `tests/it/probe.rs`.

mod caller;
mod handshake;
mod names;
mod resolver;
mod settings;
mod trust;
mod versions;

pub use settings::{Probing, Settings};

use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

use crate::web::dns::Dns;
use crate::web::tls::Tls;
use crate::web::{ProblemKind, registered};
use caller::Caller;
use resolver::Resolver;
use trust::Judge;

/// The most connections that are made to one host.
pub const CONNECTIONS: u32 = 12;

/// Why nothing was learned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Silence {
    /// What stood in the way.
    pub kind: ProblemKind,
    /// One sentence for a person.
    pub detail: String,
}

impl Silence {
    fn of(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

/// Looks at hosts; shared by all probes of a run.
#[derive(Clone)]
pub struct Prober(Arc<Shared>);

struct Shared {
    settings: Settings,
    judge: Judge,
    resolver: Option<Resolver>,
    turns: Semaphore,
}

impl Prober {
    /// A prober that has not begun.
    pub fn of(settings: Settings) -> Self {
        let judge = Judge::of(&settings.public_roots, &settings.own_roots);
        let resolver = Resolver::of(&settings);
        let turns = Semaphore::new(settings.at_once.max(1));
        Self(Arc::new(Shared { settings, judge, resolver, turns }))
    }

    /// What a host says in its handshakes.
    ///
    /// # Errors
    /// A [`Silence`] when it cannot be reached there, or speaks no TLS.
    pub async fn tls(&self, host: &str, at: SocketAddr) -> Result<Tls, Silence> {
        let _turn = self.0.turns.acquire().await.expect("the semaphore is never closed");
        let mut caller = Caller::of(at, &self.0.settings);
        let mut tls = handshake::first(&mut caller, &self.0.judge, host).await?;
        versions::ask(&mut caller, host, &mut tls).await;
        tls.address = Some(at.ip());
        tls.connections = caller.made();
        Ok(tls)
    }

    /// What the domain name system says of a host.
    ///
    /// # Errors
    /// A [`Silence`] when nobody is there to be asked, or the host has no name.
    pub async fn dns(&self, host: &str) -> Result<Dns, Silence> {
        let Some(domain) = registered(host) else {
            return Err(Silence::of(ProblemKind::Dns, format!("{host} lies under no registered name")));
        };
        let Some(resolver) = &self.0.resolver else {
            return Err(Silence::of(ProblemKind::Dns, "the system names no resolver; name one with --dns-server"));
        };
        let _turn = self.0.turns.acquire().await.expect("the semaphore is never closed");
        Ok(names::ask(resolver, host, domain).await)
    }

    /// Whether somebody named the resolver to ask.
    pub fn has_own_resolver(&self) -> bool {
        self.0.settings.dns_server.is_some()
    }
}
