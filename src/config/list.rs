//! Lists of targets: a line each, or a CSV whose columns are found by name.
//!
//! In: a file. Out: targets and what the list says of their owners. Invariant: a list that cannot be read as one is refused as a
//! whole, with the line; nothing but blank rows is skipped. Column names are those that published federal lists use.
//! Tested below and in `tests/it/cli.rs`.

use std::collections::BTreeMap;
use std::path::Path;
use url::Url;

use super::{ConfigError, answers, target};
use crate::rules::{Branch, Profile};
use crate::web::address;

/// Names of the column that holds the host, folded; earlier ones win.
const HOST: [&str; 12] = [
    "initial url",
    "target url",
    "url",
    "website",
    "initial domain",
    "hostname",
    "host",
    "domain name",
    "domain",
    "site",
    "web address",
    "target",
];
const AGENCY: [&str; 3] = ["agency", "organization name", "department"];
const BUREAU: [&str; 4] = ["bureau", "suborganization name", "sub agency", "office"];
const BRANCH: [&str; 2] = ["branch", "domain type"];
const ROLE: [&str; 1] = ["role"];
const ACRONYM: [&str; 2] = ["acronym", "agency acronym"];
const LAUNCHED: [&str; 2] = ["launched", "launch date"];
const HIGH_IMPACT: [&str; 3] = ["high impact", "hisp", "high impact service"];
const SEARCH_EXEMPT: [&str; 1] = ["search exempt"];
const SMALL_PLACE: [&str; 1] = ["small place"];

/// Targets of a list with what it says of their owners.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) urls: Vec<Url>,
    pub(super) owners: BTreeMap<String, Profile>,
}

/// Reads a list of a target a line; empty lines and lines that begin with `#` do not count.
pub(super) fn lines(path: &Path) -> Result<Listed, ConfigError> {
    let text = read(path)?;
    let mut listed = Listed::default();
    for (at, line) in text.lines().enumerate() {
        let word = line.trim();
        if word.is_empty() || word.starts_with('#') {
            continue;
        }
        let url = target::web(word).map_err(|error| {
            ConfigError::of(format!("{}, line {}: {}", path.display(), at + 1, error.what), error.todo)
        })?;
        listed.urls.push(url);
    }
    some(listed, path)
}

/// Reads a CSV with a header row.
pub(super) fn csv(path: &Path) -> Result<Listed, ConfigError> {
    let text = read(path)?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let broken = |error: csv::Error| {
        ConfigError::of(format!("{}: {error}", path.display()), "mend the row, or save the sheet as CSV (UTF-8) again")
    };
    let semicolons = text.lines().next().is_some_and(|line| line.contains(';'));
    let headers: Vec<String> = reader.headers().map_err(broken)?.iter().map(fold).collect();
    let column = |names: &[&str]| names.iter().find_map(|name| headers.iter().position(|header| header == name));
    let Some(host) = column(&HOST) else {
        return Err(ConfigError::of(
            format!("{}, line 1: no column holds web addresses (columns: {})", path.display(), headers.join(", ")),
            if semicolons {
                "the header has semicolons: save the sheet as CSV with commas between the columns"
            } else {
                "name one of the columns domain, url, website, hostname, initial_url or target_url"
            },
        ));
    };
    let columns = Columns::of(column);
    let mut listed = Listed::default();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() != headers.len() {
            let (cells, columns) = (record.len(), headers.len());
            return Err(ConfigError::of(
                format!("{}: line {line} has {cells} cells where the header has {columns}", path.display()),
                "mend the row, or save the sheet as CSV (UTF-8) again",
            ));
        }
        let cell = |at: Option<usize>| {
            at.and_then(|at| record.get(at)).map(str::trim).filter(|cell| !cell.is_empty() && *cell != "(blank)")
        };
        let Some(word) = cell(Some(host)) else {
            return Err(ConfigError::of(
                format!("{}, line {line}: the column `{}` is empty", path.display(), headers[host]),
                "give each row a host name or URL",
            ));
        };
        let url = target::web(word)
            .map_err(|error| ConfigError::of(format!("{}, line {line}: {}", path.display(), error.what), error.todo))?;
        let owner = columns
            .owner(cell)
            .map_err(|error| ConfigError::of(format!("{}, line {line}: {}", path.display(), error.what), error.todo))?;
        if owner != Profile::default() {
            listed.owners.insert(address::without_www(&address::site_of(&url)).to_string(), owner);
        }
        listed.urls.push(url);
    }
    some(listed, path)
}

/// Which cells of a row say what of the owner.
struct Columns {
    agency: Option<usize>,
    acronym: Option<usize>,
    bureau: Option<usize>,
    branch: Option<usize>,
    role: Option<usize>,
    launched: Option<usize>,
    high_impact: Option<usize>,
    search_exempt: Option<usize>,
    small_place: Option<usize>,
}

impl Columns {
    fn of(column: impl Fn(&[&str]) -> Option<usize>) -> Self {
        Self {
            agency: column(&AGENCY),
            acronym: column(&ACRONYM),
            bureau: column(&BUREAU),
            branch: column(&BRANCH),
            role: column(&ROLE),
            launched: column(&LAUNCHED),
            high_impact: column(&HIGH_IMPACT),
            search_exempt: column(&SEARCH_EXEMPT),
            small_place: column(&SMALL_PLACE),
        }
    }

    fn owner<'r>(&self, cell: impl Fn(Option<usize>) -> Option<&'r str>) -> Result<Profile, ConfigError> {
        let own = |at| cell(at).map(str::to_string);
        Ok(Profile {
            agency: own(self.agency),
            acronym: own(self.acronym),
            bureau: own(self.bureau),
            // Lists hold words for branches that mean nothing here; an unknown one leaves the question open.
            branch: cell(self.branch).and_then(Branch::listed),
            role: answers::role(cell(self.role))?,
            launched: answers::day("launched", cell(self.launched))?,
            high_impact: answers::yes_or_no("high-impact", cell(self.high_impact))?,
            search_exempt: answers::yes_or_no("search-exempt", cell(self.search_exempt))?,
            small_place: answers::yes_or_no("small-place", cell(self.small_place))?,
            ..Profile::default()
        })
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let bytes = std::fs::read(path).map_err(|error| {
        ConfigError::of(
            format!("{}: {error}", path.display()),
            "name a list that can be read: @list.txt, or a CSV file",
        )
    })?;
    String::from_utf8(bytes)
        .map_err(|_| ConfigError::of(format!("{} is not UTF-8 text", path.display()), "save the list as UTF-8"))
}

fn some(listed: Listed, path: &Path) -> Result<Listed, ConfigError> {
    if listed.urls.is_empty() {
        return Err(ConfigError::of(
            format!("{} names no target", path.display()),
            "write a host name or URL on each line",
        ));
    }
    Ok(listed)
}

/// Column names differ in case, spaces and underscores only.
fn fold(header: &str) -> String {
    header.trim().to_lowercase().replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Listed, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("targets.csv");
        std::fs::write(&path, text).unwrap();
        csv(&path)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let listed =
            of("Agency,Domain type,Domain name\nDept. of Examples,Federal - Executive,agency.example\n").unwrap();
        assert_eq!(listed.urls[0].as_str(), "https://agency.example/");
        let owner = &listed.owners["agency.example"];
        assert_eq!((owner.agency.as_deref(), owner.branch), (Some("Dept. of Examples"), Some(Branch::Executive)));
    }

    #[test]
    fn rows_that_are_blank_from_end_to_end_do_not_count() {
        let listed = of("domain,agency\na.example,A\n,\n  , \n,,,\n \nb.example,B\n").unwrap();
        assert_eq!(listed.urls.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, line) in [
            ("a,b\n1,2\n", "line 1"),
            ("domain,agency\na.example\n", "line 2"),
            ("domain\na.example\nnot a host\n", "line 3"),
            ("domain\n", "no target"),
            ("Domain;Agency\na.example;A\n", "with commas"),
        ] {
            let error = of(text).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }
}
