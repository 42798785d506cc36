//! Where results go: standard output, or a file that is replaced as a whole.
//!
//! In: a report, a format, a place. Out: bytes there. Invariant: a file is either the old one or the complete new one.
//! Tested in `tests/it/cli.rs`.

use clap::ValueEnum;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::exit::Failure;
use crate::report::{self, Paint, Report};

/// Columns of the summary where no terminal says otherwise.
const WIDTH: usize = 80;

/// How results are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// The whole report as one object
    Json,
    /// One object a line, pages as they are judged
    Jsonl,
    /// A summary for people
    Text,
}

/// Where results go.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

impl Sink {
    /// The format as typed, else by the file's name, else text for a terminal and JSON for a program.
    pub(super) fn of(format: Option<Format>, file: Option<PathBuf>) -> Self {
        let by_name = file.as_deref().map(|file| match file.extension().and_then(|ending| ending.to_str()) {
            Some("jsonl" | "ndjson") => Format::Jsonl,
            Some("txt") => Format::Text,
            Some(_) | None => Format::Json,
        });
        let by_reader = if io::stdout().is_terminal() { Format::Text } else { Format::Json };
        Self { format: format.or(by_name).unwrap_or(by_reader), file }
    }

    /// True when a person reads standard output and the results do not go there.
    pub(super) fn leaves_person_waiting(&self) -> bool {
        self.file.is_some()
    }

    /// Refuses a file whose folder is not there before anything is fetched.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Some(file) = &self.file else { return Ok(()) };
        let folder = parent(file);
        if !folder.is_dir() {
            let gone = io::Error::new(io::ErrorKind::NotFound, "its folder does not exist");
            return Err(Failure::io(
                format!("cannot write {}", file.display()),
                "make the folder first, or name another with --out",
            )(gone));
        }
        if file.is_dir() {
            let wrong = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
            return Err(Failure::io(format!("cannot write {}", file.display()), "name a file with --out")(wrong));
        }
        Ok(())
    }

    /// Writes a report.
    pub(super) fn write(&self, report: &Report) -> Result<(), Failure> {
        match &self.file {
            None => {
                let stdout = io::stdout();
                let paint = paint(stdout.is_terminal());
                let mut out = BufWriter::new(stdout.lock());
                render(report, self.format, paint, &mut out)
                    .and_then(|()| out.flush())
                    .map_err(Failure::io("standard output", "is the disk full?"))
            }
            Some(file) => replace(file, |out| render(report, self.format, Paint::Plain, out)),
        }
    }
}

/// Writes the summary for people to standard error.
pub(super) fn summary(report: &Report) -> io::Result<()> {
    let stderr = io::stderr();
    let paint = paint(stderr.is_terminal());
    let mut out = BufWriter::new(stderr.lock());
    report::text(report, paint, width(), &mut out)?;
    out.flush()
}

fn render(report: &Report, format: Format, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => report::json(report, out),
        Format::Jsonl => report::jsonl(report, out),
        Format::Text => report::text(report, paint, width(), out),
    }
}

/// Writes a file beside its place and moves it there, so that nobody ever reads half of it.
pub(super) fn replace(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let into = || -> io::Result<()> {
        let mut draft = tempfile::Builder::new().prefix(".idea-audit-").tempfile_in(parent(file))?;
        let mut out = BufWriter::new(draft.as_file_mut());
        write(&mut out)?;
        out.flush()?;
        drop(out);
        draft.as_file().sync_all()?;
        draft.persist(file).map(drop).map_err(|error| error.error)
    };
    into().map_err(Failure::io(format!("cannot write {}", file.display()), "name a file in a folder you may write to"))
}

fn parent(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Colour on terminals only, and not where somebody asked for none (no-color.org).
fn paint(terminal: bool) -> Paint {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if terminal && !refused { Paint::Colour } else { Paint::Plain }
}

fn width() -> usize {
    console::Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns).clamp(40, 120))
}
