//! One address that was typed, to which something is sent: reached like a host of the crawl, and no further.
//!
//! In: an address and the settings of the crawl (pins, private networks, roots, proxy, patience). Out: what the server answered to a
//! POST. Invariants: it connects only to addresses that the guard agreed to; a redirect is an answer and never followed; nothing
//! but the status and the wish to be left alone is read. Tested in `tests/it/notify.rs`.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Client;
use reqwest::header::RETRY_AFTER;
use url::Url;

use super::guard::Guard;
use super::names::Names;
use super::settings::{Settings, SetupError};
use super::wire;
use crate::web::retry_after;

/// A way to send something to one address.
pub struct Outlet {
    client: Client,
    guard: Arc<Guard>,
    names: Arc<Names>,
    url: Url,
    patience: Duration,
}

/// What a server answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Taken {
    /// The HTTP status.
    pub status: u16,
    /// How long it asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl Outlet {
    /// A way to an address that was typed, which may therefore be private.
    ///
    /// # Errors
    /// A user agent or proxy that cannot be used.
    pub fn to(url: Url, settings: &Settings) -> Result<Self, SetupError> {
        let guard = Arc::new(Guard::of(settings, std::slice::from_ref(&url)));
        let names = Arc::new(Names::of(guard.clone(), settings));
        Ok(Self { client: wire::client(settings, names.clone())?, guard, names, url, patience: settings.timeout })
    }

    /// Sends one POST; an answer of any status is an answer.
    ///
    /// # Errors
    /// What stood in the way of an answer, in one sentence that does not hold the address: it may be a secret.
    pub async fn post(&self, fields: &[(&'static str, String)], body: Bytes) -> Result<Taken, String> {
        self.guard.admits(&self.url)?;
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        self.names.look_up(host, port).await.map_err(|failure| failure.detail)?;
        let mut request = self.client.post(self.url.clone()).body(body).timeout(self.patience);
        for (name, value) in fields {
            request = request.header(*name, value);
        }
        let response = request.send().await.map_err(|error| reason(&error))?;
        let wish = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = wish.and_then(|wish| retry_after::parse(wish, Timestamp::now()));
        Ok(Taken { status: response.status().as_u16(), retry_after })
    }
}

/// The innermost reason, which names no address.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_string();
    }
    let mut inner = error.source();
    while let Some(cause) = inner.and_then(Error::source) {
        inner = Some(cause);
    }
    inner.map_or_else(|| "the request could not be sent".to_string(), ToString::to_string)
}
