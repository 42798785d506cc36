//! The formats by the names people type, and which one a file's name asks for.
//!
//! In: a word or a file name. Out: a [`Format`], or a message that names the nearest one. Tested below and in
//! `tests/it/cli.rs`.

use std::io::{self, Write};
use std::path::Path;

use crate::config::ConfigError;
use crate::report::rollup::{Rollup, Sheet, rollup_json};
use crate::report::{self, Paint, Report, Run, Tool};

/// How results are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Format {
    Json,
    Jsonl,
    Text,
    Html,
    Markdown,
    Sarif,
    Junit,
    Github,
    Gitlab,
    Csv,
    PagesCsv,
    SitesCsv,
    Earl,
    Openacr,
    GsaCsv,
    GsaJson,
    PshttCsv,
    FormsCsv,
    Rollup(Rolled),
}

/// Which roll-up of many sites; it needs no more of a report than its sites one after the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Rolled {
    Json,
    Csv(Sheet),
}

/// Every format with its name, in the order of `docs/formats.md`.
const FORMATS: [(&str, Format); 26] = [
    ("json", Format::Json),
    ("jsonl", Format::Jsonl),
    ("text", Format::Text),
    ("html", Format::Html),
    ("markdown", Format::Markdown),
    ("sarif", Format::Sarif),
    ("junit", Format::Junit),
    ("github", Format::Github),
    ("gitlab", Format::Gitlab),
    ("csv", Format::Csv),
    ("pages-csv", Format::PagesCsv),
    ("sites-csv", Format::SitesCsv),
    ("earl", Format::Earl),
    ("openacr", Format::Openacr),
    ("gsa-csv", Format::GsaCsv),
    ("gsa-json", Format::GsaJson),
    ("pshtt-csv", Format::PshttCsv),
    ("forms-csv", Format::FormsCsv),
    ("rollup-json", Format::Rollup(Rolled::Json)),
    ("agencies-csv", Format::Rollup(Rolled::Csv(Sheet::Agencies))),
    ("requirements-csv", Format::Rollup(Rolled::Csv(Sheet::Requirements))),
    ("adoption-csv", Format::Rollup(Rolled::Csv(Sheet::Adoption))),
    ("idea-csv", Format::Rollup(Rolled::Csv(Sheet::Idea))),
    ("idea-bureaus-csv", Format::Rollup(Rolled::Csv(Sheet::IdeaBureaus))),
    ("standards-csv", Format::Rollup(Rolled::Csv(Sheet::Standards))),
    ("standards-bureaus-csv", Format::Rollup(Rolled::Csv(Sheet::StandardsBureaus))),
];

impl Format {
    /// A format by its name.
    pub(super) fn parse(word: &str) -> Result<Self, ConfigError> {
        if let Some((_, format)) = FORMATS.iter().find(|(name, _)| *name == word) {
            return Ok(*format);
        }
        let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
        let likeness = |name: &str| strsim::jaro_winkler(&word.to_ascii_lowercase(), name);
        let nearest = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let hint = match nearest.filter(|name| likeness(name) > 0.7) {
            Some(name) => format!("did you mean `{name}`? "),
            None => String::new(),
        };
        let what = format!("--format {} is no format", if word.is_empty() { "without a name" } else { word });
        Err(ConfigError::of(what, format!("{hint}write one of {}", names.join(", "))))
    }

    /// The format a file's name asks for.
    pub(super) fn of_file(file: &Path) -> Self {
        let name = file.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        match name.rsplit('.').next().unwrap_or_default() {
            "jsonl" | "ndjson" => Self::Jsonl,
            "txt" => Self::Text,
            "html" | "htm" => Self::Html,
            "md" => Self::Markdown,
            "sarif" => Self::Sarif,
            "xml" => Self::Junit,
            "csv" => Self::Csv,
            "jsonld" => Self::Earl,
            "yaml" | "yml" => Self::Openacr,
            "json" if name.ends_with(".sarif.json") => Self::Sarif,
            _ => Self::Json,
        }
    }

    /// Writes a report in this format; paint and width matter to text only.
    pub(super) fn write(self, report: &Report, paint: Paint, width: usize, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Json => report::json(report, out),
            Self::Jsonl => report::jsonl(report, out),
            Self::Text => report::text(report, paint, width, out),
            Self::Html => report::html(report, out),
            Self::Markdown => report::markdown(report, out),
            Self::Sarif => report::sarif(report, out),
            Self::Junit => report::junit(report, out),
            Self::Github => report::github(report, out),
            Self::Gitlab => report::gitlab(report, out),
            Self::Csv => report::findings_csv(report, out),
            Self::PagesCsv => report::pages_csv(report, out),
            Self::SitesCsv => report::sites_csv(report, out),
            Self::Earl => report::earl(report, out),
            Self::Openacr => report::openacr(report, out),
            Self::GsaCsv => report::gsa_csv(report, out),
            Self::GsaJson => report::gsa_json(report, out),
            Self::PshttCsv => report::pshtt_csv(report, out),
            Self::FormsCsv => report::forms_csv(report, out),
            Self::Rollup(rolled) => rolled.write(&report.tool, &report.run, &Rollup::of(report), out),
        }
    }
}

impl Rolled {
    /// Writes a roll-up.
    pub(super) fn write(self, tool: &Tool, run: &Run, rollup: &Rollup, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Json => rollup_json(tool, run, rollup, out),
            Self::Csv(sheet) => sheet.write(rollup, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_its_format_and_what_says_nothing_is_json() {
        for (file, format) in [
            ("report.html", Format::Html),
            ("a/B.SARIF", Format::Sarif),
            ("out.sarif.json", Format::Sarif),
            ("report.json", Format::Json),
            ("junit.xml", Format::Junit),
            ("report", Format::Json),
        ] {
            assert_eq!(Format::of_file(Path::new(file)), format, "{file}");
        }
    }
}
