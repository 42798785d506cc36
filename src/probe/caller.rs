//! Connections to one host: counted, spaced, each with a deadline.
//!
//! In: an address. Out: streams, and the first octets of answers. Invariant: no more than [`CONNECTIONS`], never two at
//! once, never without the wait between them. Tested in `tests/it/probe.rs`.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{CONNECTIONS, Settings, Silence};
use crate::web::ProblemKind;
use crate::web::tls::record::{Flow, MOST};

/// Between two connections to a stranger's host.
const SPACING: Duration = Duration::from_secs(1);

/// Calls one host.
pub(super) struct Caller {
    at: SocketAddr,
    timeout: Duration,
    spacing: Duration,
    made: u32,
    last: Option<Instant>,
}

impl Caller {
    /// Nobody has called yet.
    pub(super) fn of(at: SocketAddr, settings: &Settings) -> Self {
        let least = if at.ip().is_loopback() { Duration::ZERO } else { SPACING };
        let spacing = settings.spacing.unwrap_or(least).max(least);
        Self { at, timeout: settings.timeout, spacing, made: 0, last: None }
    }

    /// Connections so far.
    pub(super) fn made(&self) -> u32 {
        self.made
    }

    /// True when no more may be made.
    pub(super) fn is_spent(&self) -> bool {
        self.made >= CONNECTIONS
    }

    /// Connects when the wait is over, and says until when the answer is awaited.
    ///
    /// # Errors
    /// A closed port, a deadline, or too many connections.
    pub(super) async fn connect(&mut self) -> Result<(TcpStream, Instant), Silence> {
        if self.is_spent() {
            return Err(Silence::of(ProblemKind::Refused, format!("{CONNECTIONS} connections were made already")));
        }
        if let Some(last) = self.last {
            sleep_until(last + self.spacing).await;
        }
        self.made += 1;
        let now = Instant::now();
        self.last = Some(now);
        let until = now + self.timeout;
        match timeout_at(until, TcpStream::connect(self.at)).await {
            Err(_) => Err(self.late()),
            Ok(Err(cause)) => Err(Silence::of(ProblemKind::Connection, format!("{}: {cause}", self.at))),
            Ok(Ok(stream)) => Ok((stream, until)),
        }
    }

    /// Sends octets and reads until `read` has made sense of what came.
    ///
    /// # Errors
    /// As [`Caller::connect`]; an answer that broke off is given to `read` as it is, with the word that it ended.
    pub(super) async fn ask<T>(
        &mut self,
        octets: &[u8],
        read: impl Fn(&[u8], Flow) -> Option<T>,
    ) -> Result<T, Silence> {
        let (mut stream, until) = self.connect().await?;
        let talk = async {
            let mut heard = Vec::new();
            if stream.write_all(octets).await.is_err() {
                return Ok(read(&heard, Flow::Ended));
            }
            loop {
                let mut piece = [0; 4096];
                let flow = match stream.read(&mut piece).await {
                    Ok(0) | Err(_) => Flow::Ended,
                    Ok(size) => {
                        heard.extend_from_slice(&piece[..size]);
                        if heard.len() >= MOST { Flow::Ended } else { Flow::Open }
                    }
                };
                if let Some(said) = read(&heard, flow) {
                    return Ok::<_, io::Error>(Some(said));
                }
                if flow == Flow::Ended {
                    return Ok(None);
                }
            }
        };
        match timeout_at(until, talk).await {
            Err(_) => Err(self.late()),
            Ok(said) => said
                .ok()
                .flatten()
                .ok_or_else(|| Silence::of(ProblemKind::Tls, "the answer broke off before it made sense")),
        }
    }

    /// The words for a deadline that passed.
    pub(super) fn late(&self) -> Silence {
        let detail = format!("{} gave no answer within {} seconds", self.at, self.timeout.as_secs_f32());
        Silence::of(ProblemKind::Timeout, detail)
    }
}
