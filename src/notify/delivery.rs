//! One message to one address, tried again while there is hope.
//!
//! In: a [`Hook`] and the octets of a summary. Out: that it was taken, or why not. Tried again: no answer, 408, 425, 429, 5xx; a
//! server that asks to be left alone for a while is. Invariants: each try carries the same body and the same delivery id under
//! a fresh signature; the address is never told, because it may be a secret. Tested in `tests/it/notify.rs`.

use bytes::Bytes;
use jiff::Timestamp;
use std::time::Duration;

use super::signature::signature;
use crate::crawl::{Outlet, Settings, SetupError, Taken};
use url::Url;

/// How long a server may ask to be left alone before the next try.
const LONGEST_WISH: Duration = Duration::from_secs(60);

/// Whom to tell.
#[derive(Clone)]
pub struct Hook {
    /// Where.
    pub url: Url,
    /// What signs the message; without one it goes out unsigned.
    pub secret: Option<String>,
    /// How long to wait before each further try.
    pub pauses: Pauses,
}

/// The waits between tries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pauses(pub Vec<Duration>);

impl Default for Pauses {
    /// Five tries within half a minute: a restart of the server is survived, and a pipeline does not hang.
    fn default() -> Self {
        Self([1, 3, 9, 15].map(Duration::from_secs).to_vec())
    }
}

/// A message that was taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// How often it was sent.
    pub tries: usize,
}

/// A message that was not taken.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{host} did not take the summary after {tries} {}: {why}", if *.tries == 1 { "try" } else { "tries" })]
pub struct Undelivered {
    /// The host; the rest of the address may be a secret.
    pub host: String,
    /// How often it was sent.
    pub tries: usize,
    /// What stood in the way at last.
    pub why: String,
}

impl Hook {
    /// Sends a summary; `id` is the same for each try, so that a receiver can tell a repeat.
    ///
    /// # Errors
    /// A receiver that did not take it.
    pub async fn deliver(&self, id: &str, body: Bytes, settings: &Settings) -> Result<Delivery, Undelivered> {
        let failed = |tries: usize, why: String| {
            let host = self.url.host_str().unwrap_or("the receiver").to_string();
            Undelivered { host, tries, why }
        };
        let settings = Settings { headers: Vec::new(), auth: None, ..settings.clone() };
        let outlet =
            Outlet::to(self.url.clone(), &settings).map_err(|error: SetupError| failed(0, error.to_string()))?;
        let mut pauses = self.pauses.0.iter();
        for tries in 1.. {
            let outcome = outlet.post(&self.fields(id, &body, Timestamp::now().as_second()), body.clone()).await;
            let (why, wish) = match outcome {
                Ok(Taken { status: 200..=299, .. }) => return Ok(Delivery { tries }),
                Ok(Taken { status: 300..=399, .. }) => {
                    return Err(failed(
                        tries,
                        "it answered with a redirect, which is not followed; name the final address".to_string(),
                    ));
                }
                Ok(Taken { status: status @ (408 | 425 | 429 | 500..), retry_after }) => {
                    (format!("it answered {status}"), retry_after)
                }
                Ok(Taken { status, .. }) => return Err(failed(tries, format!("it answered {status}"))),
                Err(why) => (why, None),
            };
            let Some(pause) = pauses.next() else { return Err(failed(tries, why)) };
            tokio::time::sleep((*pause).max(wish.unwrap_or_default().min(LONGEST_WISH))).await;
        }
        unreachable!("the loop ends by its own returns")
    }

    fn fields(&self, id: &str, body: &[u8], second: i64) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("content-type", "application/json".to_string()),
            ("x-idea-audit-delivery", id.to_string()),
            ("x-idea-audit-timestamp", second.to_string()),
        ];
        if let Some(secret) = &self.secret {
            fields.push(("x-idea-audit-signature", signature(secret, second, body)));
        }
        fields
    }
}
