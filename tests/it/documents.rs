//! Documents: what is read of hundreds of them, hostile ones, detectors against labelled cases, and how they are fetched.
//!
//! Everything is read as a scan reads it: in a child process of the program.

mod fetched;
mod hostile;
mod labelled;
mod specimens;

use idea_audit::audit::{DocumentSettings, WORKER};
use idea_audit::document::Document;
use idea_audit::worker::{Lost, Pool, Program};
use std::time::Duration;

/// The program under test as a reader of documents.
pub fn program() -> Program {
    Program { path: env!("CARGO_BIN_EXE_idea-audit").into(), arguments: vec![WORKER.to_string()] }
}

/// Settings of an audit whose documents are read by the program under test.
pub fn settings() -> DocumentSettings {
    DocumentSettings { program: Some(program()), ..DocumentSettings::default() }
}

/// Readers with a clock that no document meets on a busy machine.
fn pool() -> Pool {
    Pool::of(program(), 2, Duration::from_secs(120))
}

/// What a reader says of a file.
fn read(pool: &Pool, file: &[u8]) -> Result<Result<Document, String>, Lost> {
    pool.ask(file).map(|answer| serde_json::from_slice(&answer).expect("a reader speaks JSON"))
}

/// What a reader says of a file that it can read.
fn known(pool: &Pool, file: &[u8]) -> Document {
    read(pool, file).expect("the reader lives").expect("the document can be judged")
}
