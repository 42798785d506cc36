//! The HTTP client, and the moment a request leaves.
//!
//! In: settings. Out: a client that follows nothing, retries nothing, decodes nothing and knows no proxy of the
//! environment. Invariant: it connects only to addresses that [`Names`] checked. Tested in `tests/it/crawl.rs`.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Proxy, redirect, retry};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use super::names::Names;
use super::schedule::HostId;
use super::settings::{Certificates, Settings, SetupError};

/// Markup first, so that a server with several forms of a page sends the one that people see.
const WANTED: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/svg+xml;q=0.8,*/*;q=0.5";
/// What [`super::decode`] can read.
const CODINGS: &str = "gzip, br, zstd, deflate";

/// How long a connection is kept for the next request. A list leaves thousands of hosts behind, and each connection takes some 30 KB.
const IDLE: Duration = Duration::from_secs(5);

/// The client of a run.
///
/// # Errors
/// A user agent or proxy that cannot be used.
pub(super) fn client(settings: &Settings, names: Arc<Names>) -> Result<Client, SetupError> {
    let mut fields = HeaderMap::new();
    fields.insert(ACCEPT, HeaderValue::from_static(WANTED));
    fields.insert(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
    let builder = Client::builder()
        .user_agent(&settings.user_agent)
        .default_headers(fields)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(IDLE.max(settings.interval.unwrap_or_default() * 2))
        .pool_max_idle_per_host(settings.concurrency)
        .dns_resolver(names);
    let builder = match settings.certificates {
        Certificates::Verified => builder.tls_certs_only(roots(&settings.more_roots)),
        Certificates::Unverified => builder.tls_danger_accept_invalid_certs(true),
    };
    let builder = match &settings.proxy {
        None => builder.no_proxy(),
        Some(proxy) => builder.proxy(Proxy::all(proxy.clone()).map_err(|_| SetupError::Proxy(proxy.to_string()))?),
    };
    builder.build().map_err(|cause| SetupError::Client(cause.to_string()))
}

/// The roots that Mozilla trusts, compiled in: the same verdict in a container without any. And those that were typed.
fn roots(more: &[Vec<u8>]) -> impl Iterator<Item = Certificate> {
    let shipped = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(AsRef::as_ref);
    shipped.chain(more.iter().map(Vec::as_slice)).filter_map(|der| Certificate::from_der(der).ok())
}

/// The moment a request was handed to its connection.
///
/// Spacing is felt at the server, and the first request of a connection arrives a handshake later than it was begun; the
/// client drops the (empty) body when it writes the head, which is after the handshake and just before the octets leave.
#[derive(Clone, Debug)]
pub(super) struct Departure {
    at: Arc<OnceLock<Instant>>,
    host: HostId,
    bell: UnboundedSender<(HostId, Instant)>,
}

impl Departure {
    /// A departure to a host, which rings when it happens (also when the request is given up before).
    pub(super) fn to(host: HostId, bell: UnboundedSender<(HostId, Instant)>) -> Self {
        Self { at: Arc::default(), host, bell }
    }

    /// When it left; `None` when it never did.
    pub(super) fn at(&self) -> Option<Instant> {
        self.at.get().copied()
    }

    /// An empty body that notes the moment.
    pub(super) fn body(&self) -> reqwest::Body {
        reqwest::Body::wrap(Noting(self.clone()))
    }
}

struct Noting(Departure);

impl Drop for Noting {
    fn drop(&mut self) {
        let Departure { at, host, bell } = &self.0;
        // A crawl that was dropped hears no bell.
        let _ = bell.send((*host, *at.get_or_init(Instant::now)));
    }
}

impl Body for Noting {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}
