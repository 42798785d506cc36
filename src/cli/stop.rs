//! The wish to stop: what a person's Ctrl-C and a scheduler's SIGTERM ask of a crawl.
//!
//! In: signals. Out: a flag that the crawl looks at; the second signal ends the program. Never: an end without a report after
//! one signal. Tested in `tests/it/cli.rs`.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a program that a second interrupt ends (128 + SIGINT).
const INTERRUPTED: i32 = 130;
/// The same for a second request to terminate (128 + SIGTERM).
#[cfg(unix)]
const TERMINATED: i32 = 143;

/// Signals that are listened to.
pub(super) struct Wishes {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Wishes {
    /// Listens from now on; within a runtime.
    #[cfg(unix)]
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Listens from now on; within a runtime.
    #[cfg(not(unix))]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// The exit code that the next signal asks for; none when no more can come.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Option<i32> {
        tokio::select! {
            told = self.interrupt.recv() => told.map(|()| INTERRUPTED),
            told = self.terminate.recv() => told.map(|()| TERMINATED),
        }
    }

    /// The exit code that the next signal asks for; none when no more can come.
    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Option<i32> {
        tokio::signal::ctrl_c().await.ok().map(|()| INTERRUPTED)
    }

    /// Ends with the first signal; the second ends the program.
    pub(super) async fn first(mut self) {
        if self.next().await.is_none() {
            std::future::pending::<()>().await;
        }
        tokio::spawn(async move {
            if let Some(code) = self.next().await {
                std::process::exit(code);
            }
        });
    }

    /// The first signal ends the crawl and keeps what was seen; the second ends the program.
    pub(super) async fn heed(mut self, stop: Arc<AtomicBool>) {
        while let Some(code) = self.next().await {
            if stop.swap(true, Ordering::Relaxed) {
                std::process::exit(code);
            }
            let _ = writeln!(io::stderr(), "idea-audit: finishing what is under way; interrupt again to stop at once");
        }
    }
}
