//! Where results go: standard output, or files that are replaced as a whole.
//!
//! In: a report, formats, places. Out: bytes there. Invariant: a file is either the old one or the complete new one; at most
//! one format goes to standard output. Tested below and in `tests/it/cli.rs`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::exit::Failure;
use super::format::Format;
use super::manner::Manner;
use crate::config::ConfigError;
use crate::report::rollup::Rollup;
use crate::report::{self, Paint, Report, Run, Tool};

/// Columns of the summary where no terminal says otherwise.
const WIDTH: usize = 80;

/// What is written where.
#[derive(Clone, Debug)]
pub(super) struct Sinks(Vec<Sink>, Manner);

/// One format and its place.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Sink {
    format: Format,
    file: Option<PathBuf>,
}

impl Sinks {
    /// Each as typed, `FORMAT` or `FORMAT=FILE` (`-` is standard output); nothing typed is told by the name of `--out`, else
    /// text for a terminal and JSON for a program.
    pub(super) fn of(typed: &[String], out: Option<PathBuf>, manner: Manner) -> Result<Self, ConfigError> {
        if typed == ["none"] && out.is_none() {
            return Ok(Self(Vec::new(), manner));
        }
        if typed.is_empty() {
            let by_reader = if io::stdout().is_terminal() { Format::Text } else { Format::Json };
            let format = out.as_deref().map_or(by_reader, Format::of_file);
            return Ok(Self(vec![Sink { format, file: out }], manner));
        }
        let mut sinks = typed.iter().map(|typed| Sink::of(typed)).collect::<Result<Vec<_>, _>>()?;
        if let Some(out) = out {
            let mut free = sinks.iter_mut().zip(typed).filter(|(_, typed)| !typed.contains('='));
            let (Some((sink, _)), None) = (free.next(), free.next()) else {
                return Err(ConfigError::of(
                    format!("--out {} is for one format without a file of its own", out.display()),
                    "write --format html=report.html,sarif=out.sarif, or --format html --out report.html",
                ));
            };
            sink.file = Some(out);
        }
        Self(sinks, manner).without_clashes()
    }

    fn without_clashes(self) -> Result<Self, ConfigError> {
        if self.0.iter().filter(|sink| sink.file.is_none()).count() > 1 {
            return Err(ConfigError::of(
                "only one format can go to standard output",
                "name a file for each of the others: --format html=report.html,json=-",
            ));
        }
        for (at, sink) in self.0.iter().enumerate() {
            if let Some(file) = sink.file.as_ref().filter(|_| self.0[..at].iter().any(|other| other.file == sink.file))
            {
                return Err(ConfigError::of(
                    format!("two formats cannot be written to {}", file.display()),
                    "name a file for each",
                ));
            }
        }
        Ok(self)
    }

    /// True when nothing is written: the run is in its store.
    pub(super) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// True when a person reads standard output and the results do not go there.
    pub(super) fn leaves_person_waiting(&self) -> bool {
        self.0.iter().all(|sink| sink.file.is_some())
    }

    /// True when lines go to standard output while pages are judged.
    pub(super) fn streams(&self) -> bool {
        self.0.iter().any(Sink::is_stream)
    }

    /// Refuses files whose folders are not there before anything is fetched.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.0.iter().try_for_each(Sink::check)
    }

    /// Writes a report everywhere. A place that cannot be written to keeps the report from no other: a crawl may have taken hours.
    pub(super) fn write(&self, report: &Report) -> Result<(), Failure> {
        self.write_those(report, |_sink| true)
    }

    /// True when nothing but roll-ups is written: they take a run one site at a time, however large it is.
    pub(super) fn are_rollups(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|sink| matches!(sink.format, Format::Rollup(_)))
    }

    /// Writes roll-ups everywhere.
    pub(super) fn write_rollup(&self, tool: &Tool, run: &Run, rollup: &Rollup) -> Result<(), Failure> {
        self.0.iter().try_for_each(|sink| match (&sink.format, &sink.file) {
            (Format::Rollup(rolled), None) => {
                let mut out = BufWriter::new(io::stdout().lock());
                let written = rolled.write(tool, run, rollup, &mut out).and_then(|()| out.flush());
                unless_closed(written).map_err(cannot("standard output"))
            }
            (Format::Rollup(rolled), Some(file)) => replace(file, |out| rolled.write(tool, run, rollup, out)),
            (_other, _) => Ok(()),
        })
    }

    /// Writes a report everywhere but where its lines went already.
    pub(super) fn write_unstreamed(&self, report: &Report) -> Result<(), Failure> {
        self.write_those(report, |sink| !sink.is_stream())
    }

    fn write_those(&self, report: &Report, wanted: impl Fn(&Sink) -> bool) -> Result<(), Failure> {
        let mut failed = self.0.iter().filter(|sink| wanted(sink)).filter_map(|sink| sink.write(report, self.1).err());
        let Some(first) = failed.next() else { return Ok(()) };
        failed.for_each(|more| drop(writeln!(io::stderr(), "idea-audit: {more}")));
        Err(first)
    }
}

impl Sink {
    fn of(typed: &str) -> Result<Self, ConfigError> {
        let (word, place) = typed.split_once('=').unwrap_or((typed, "-"));
        let format = Format::parse(word.trim())?;
        match place.trim() {
            "" => Err(ConfigError::of(
                format!("--format {typed} names no file"),
                format!("write {word}=FILE, or {word}=- for standard output"),
            )),
            "-" => Ok(Self { format, file: None }),
            file => Ok(Self { format, file: Some(PathBuf::from(file)) }),
        }
    }

    fn is_stream(&self) -> bool {
        self.format == Format::Jsonl && self.file.is_none()
    }

    /// Refuses a file whose folder is not there before anything is fetched.
    fn check(&self) -> Result<(), Failure> {
        let Some(file) = &self.file else { return Ok(()) };
        let real = resolved(file);
        let folder = parent(&real);
        if !folder.is_dir() {
            let gone = io::Error::new(io::ErrorKind::NotFound, "its folder does not exist");
            return Err(Failure::io(
                format!("cannot write {}", file.display()),
                "make the folder first, or name another file with --out or --format",
            )(gone));
        }
        if file.is_dir() {
            let wrong = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
            return Err(Failure::io(format!("cannot write {}", file.display()), "name a file")(wrong));
        }
        Ok(())
    }

    /// Writes a report.
    fn write(&self, report: &Report, manner: Manner) -> Result<(), Failure> {
        match &self.file {
            None => {
                let look = Look::of_stdout(manner);
                let mut out = BufWriter::new(io::stdout().lock());
                let written = self.format.write(report, look.paint, look.width, &mut out).and_then(|()| out.flush());
                unless_closed(written).map_err(cannot("standard output"))
            }
            Some(file) => {
                let look = Look::of_file();
                replace(file, |out| self.format.write(report, look.paint, look.width, out))
            }
        }
    }
}

/// A reader who went away, as `| head` does, has seen enough: the audit's answer is still its exit code.
pub(super) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes to standard error what a run came to: the summary for a person, one line for a log.
pub(super) fn summary(report: &Report, sinks: &Sinks) -> io::Result<()> {
    let stderr = io::stderr();
    let watched = stderr.is_terminal();
    let mut out = BufWriter::new(stderr.lock());
    let written = if watched {
        report::text(report, sinks.1.paint(watched), width(&console::Term::stderr()), &mut out)
    } else {
        writeln!(out, "idea-audit: {}", in_a_line(report, sinks))
    };
    unless_closed(written.and_then(|()| out.flush()))
}

/// The counts, and where to read more.
fn in_a_line(report: &Report, sinks: &Sinks) -> String {
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let failed = report.findings.iter().filter(|finding| finding.is_open_failure()).count();
    let files: Vec<String> =
        sinks.0.iter().filter_map(|sink| sink.file.as_ref()).map(|file| file.display().to_string()).collect();
    let doubts = report.findings.iter().filter(|finding| finding.is_open_doubt()).count();
    format!(
        "{}{}, {} judged, {failed} failed, {doubts} {} review; full report in {}",
        if report.run.stopped { "stopped before its end; " } else { "" },
        count(report.sites.len(), "site", "sites"),
        count(usize::try_from(report.coverage.pages.judged).unwrap_or(usize::MAX), "page", "pages"),
        if doubts == 1 { "needs" } else { "need" },
        files.join(", ")
    )
}

/// Writes a file beside its place and moves it there, so that nobody ever reads half of it. A link leads to the file that is
/// replaced, a file that was there keeps its mode, and what is no file (a device, a pipe) is written to as it is.
pub(super) fn replace(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let into = || -> io::Result<()> {
        let there = std::fs::metadata(file).ok();
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            let mut out = BufWriter::new(std::fs::OpenOptions::new().write(true).open(file)?);
            return write(&mut out).and_then(|()| out.flush());
        }
        let real = resolved(file);
        let mut draft = draft().tempfile_in(parent(&real))?;
        let mut out = BufWriter::new(draft.as_file_mut());
        write(&mut out)?;
        out.flush()?;
        drop(out);
        if let Some(there) = there {
            draft.as_file().set_permissions(there.permissions())?;
        }
        draft.as_file().sync_all()?;
        draft.persist(&real).map(drop).map_err(|error| error.error)
    };
    into().map_err(cannot(&format!("cannot write {}", file.display())))
}

/// A place that takes no results, with what helps against the reason.
pub(super) fn cannot(what: &str) -> impl FnOnce(io::Error) -> Failure {
    let what = what.to_string();
    move |error| {
        let todo = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room there, or name a place on another disk"
            }
            io::ErrorKind::FileTooLarge => "name a place that takes large files",
            _ => "name a file in a folder you may write to",
        };
        Failure::io(what, todo)(error)
    }
}

/// Temporary files are private; a report is for whoever the user's mask lets read it.
fn draft() -> tempfile::Builder<'static, 'static> {
    let mut draft = tempfile::Builder::new();
    draft.prefix(".idea-audit-");
    #[cfg(unix)]
    draft.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    draft
}

/// The file that a link leads to, also where it is not there yet; any other name as it is.
fn resolved(file: &Path) -> PathBuf {
    if let Ok(real) = std::fs::canonicalize(file) {
        return real;
    }
    match std::fs::read_link(file) {
        Ok(target) => parent(file).join(target),
        Err(_) => file.to_path_buf(),
    }
}

fn parent(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// How text looks where it goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) paint: Paint,
    /// Columns.
    pub(super) width: usize,
}

impl Look {
    /// Text for a file.
    pub(super) fn of_file() -> Self {
        Self { paint: Paint::Plain, width: WIDTH }
    }

    /// Text for standard output.
    pub(super) fn of_stdout(manner: Manner) -> Self {
        Self { paint: manner.paint(io::stdout().is_terminal()), width: width(&console::Term::stdout()) }
    }
}

fn width(terminal: &console::Term) -> usize {
    terminal.size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns).clamp(40, 120))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sinks(typed: &[&str], out: Option<&str>) -> Result<Vec<(Format, Option<String>)>, String> {
        let typed: Vec<String> = typed.iter().map(ToString::to_string).collect();
        let shown = |sink: Sink| (sink.format, sink.file.map(|file| file.display().to_string()));
        Sinks::of(&typed, out.map(PathBuf::from), Manner::Plain)
            .map(|sinks| sinks.0.into_iter().map(shown).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn formats_go_where_they_were_sent() {
        let file = |name: &str| Some(name.to_string());
        assert_eq!(
            sinks(&["html=a.html", "sarif=b=c.sarif", "json=-"], None),
            Ok(vec![(Format::Html, file("a.html")), (Format::Sarif, file("b=c.sarif")), (Format::Json, None)])
        );
        assert_eq!(
            sinks(&["junit", "json=j.json"], Some("x.xml")),
            Ok(vec![(Format::Junit, file("x.xml")), (Format::Json, file("j.json"))])
        );
        assert_eq!(sinks(&["csv"], None), Ok(vec![(Format::Csv, None)]));
        assert_eq!(sinks(&[], Some("x.sarif")), Ok(vec![(Format::Sarif, file("x.sarif"))]));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_hint() {
        for (typed, out, says) in [
            (&["sarfi"][..], None, "did you mean `sarif`"),
            (&["html", "json"][..], None, "only one format can go to standard output"),
            (&["html=", "json"][..], None, "names no file"),
            (&["html=a", "json=a"][..], None, "two formats cannot be written to a"),
            (&["html=a", "json=b"][..], Some("c"), "--out c"),
            (&["html", "json"][..], Some("c"), "--out c"),
            (&["pdf"][..], None, "write one of json"),
        ] {
            let told = sinks(typed, out).expect_err("makes no sense");
            assert!(told.contains(says), "{typed:?}: {told}");
        }
    }
}
