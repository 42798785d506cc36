//! Exit codes, and the one error type of the command line.
//!
//! 0 nothing at or above `--fail-on`; 1 findings; 2 usage or configuration; 3 could not see enough. Tested in
//! `tests/it/cli.rs`.

use std::io;
use std::process::ExitCode;

use crate::audit::AuditError;
use crate::config::ConfigError;
use crate::fleet::FleetError;

/// What the shell is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Fine,
    /// Findings.
    Findings,
    /// Usage or configuration.
    Usage,
    /// Could not see enough.
    Unseen,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Unseen => 3,
        })
    }
}

/// Why a command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// What was typed cannot be carried out.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The audit could not begin.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// A fleet could not do it.
    #[error(transparent)]
    Fleet(#[from] FleetError),
    /// Writing failed.
    #[error("{what}: {error}\n  {todo}")]
    Io {
        /// What was being written or read.
        what: String,
        /// What the system said.
        error: io::Error,
        /// What to do about it.
        todo: &'static str,
    },
}

impl Failure {
    /// An input or output that failed.
    pub(super) fn io(what: impl Into<String>, todo: &'static str) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |error| Self::Io { what, error, todo }
    }

    /// Whoever read our output has gone.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Io { error, .. } if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The exit code.
    pub(super) fn exit(&self) -> Exit {
        if self.is_closed_pipe() { Exit::Fine } else { Exit::Usage }
    }
}
