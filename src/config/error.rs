//! Why what was typed cannot be carried out.
//!
//! Every message has two parts: what is wrong, and what to do. Tested in `tests/it/cli.rs`.

/// What was typed cannot be carried out.
#[derive(Debug, thiserror::Error)]
#[error("{what}\n  {todo}")]
pub struct ConfigError {
    /// What is wrong, with the value.
    pub what: String,
    /// What to do about it.
    pub todo: String,
}

impl ConfigError {
    /// An error from its two sentences.
    pub fn of(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what: what.into(), todo: todo.into() }
    }
}
