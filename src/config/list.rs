//! Lists of targets: a line each, or a table whose columns are found by name.
//!
//! In: a file. Out: targets, what the list says of their owners, and the rows that could not be used, with their lines.
//! Invariant: a bad row costs itself and is told; a list without a target, or without a column of hosts, is refused as a whole.
//! Tested below, in `tests/it/lists.rs` and `tests/it/cli.rs`.

use csv::StringRecord;
use std::collections::BTreeMap;
use std::path::Path;
use url::Url;

use super::columns::{Columns, fold, said};
use super::sheet::{self, Row, Sheet};
use super::{ConfigError, target};
use crate::report::ListProblem;
use crate::rules::Profile;
use crate::web::address;

/// How an Excel workbook (and every other archive) begins.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Targets of a list with what it says of their owners.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) urls: Vec<Url>,
    pub(super) owners: BTreeMap<String, Profile>,
    pub(super) problems: Vec<ListProblem>,
}

/// Reads a list of a target a line; empty lines and lines that begin with `#` do not count.
pub(super) fn lines(path: &Path) -> Result<Listed, ConfigError> {
    let text = read(path)?;
    let mut list = List::of(path, text.guessed);
    for (line, word) in (1..).zip(text.text.lines()) {
        let word = word.trim();
        if !word.is_empty() && !word.starts_with('#') {
            list.target(line, word);
        }
    }
    list.end()
}

/// Reads a table with a header, or a single column of hosts without one.
pub(super) fn csv(path: &Path) -> Result<Listed, ConfigError> {
    let text = read(path)?;
    let mut sheet = Sheet::of(&text.text, |header| Columns::of(header).is_some());
    let mut list = List::of(path, text.guessed);
    let Some(header) = sheet.next() else { return list.end() };
    let Some(columns) = Columns::of(&header.cells) else {
        if !is_bare_host(&header.cells) {
            return Err(list.without_hosts(&header));
        }
        list.target(header.line, &header.cells[0]);
        for row in sheet {
            list.target(row.line, &row.cells[0]);
        }
        return list.end();
    };
    while let Some(row) = sheet.next() {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if let Err(detail) = shape(&row, header.cells.len()) {
            list.problem(row.line, detail);
            sheet.give_back(&row);
            continue;
        }
        match said(&row.cells, columns.host) {
            Some(word) => list.row(&row, word, &columns),
            None => list.problem(row.line, format!("the column `{}` is empty", header.cells[columns.host].trim())),
        }
    }
    list.end()
}

/// Whether a row has the cells of the header; separators at its end are no cells.
fn shape(row: &Row, columns: usize) -> Result<(), String> {
    if row.runs_on {
        return Err("a quotation mark is never closed; the row is left out".to_string());
    }
    let more_is_blank = row.cells.iter().skip(columns).all(|cell| cell.trim().is_empty());
    if row.cells.len() < columns || !more_is_blank {
        return Err(format!("{} cells where the header has {columns}; the row is left out", row.cells.len()));
    }
    Ok(())
}

fn is_bare_host(header: &StringRecord) -> bool {
    header.len() == 1 && target::web(&header[0]).is_ok()
}

/// A list while it is read.
struct List<'p> {
    path: &'p Path,
    listed: Listed,
}

impl<'p> List<'p> {
    fn of(path: &'p Path, guessed: Option<&'static str>) -> Self {
        let mut list = Self { path, listed: Listed::default() };
        if let Some(encoding) = guessed {
            list.problem(1, format!("the file is not UTF-8; it was read as {encoding}"));
        }
        list
    }

    fn problem(&mut self, line: u64, detail: impl Into<String>) {
        let list = self.path.display().to_string();
        self.listed.problems.push(ListProblem { list, line, detail: detail.into() });
    }

    fn target(&mut self, line: u64, word: &str) -> Option<Url> {
        match target::web(word) {
            Ok(url) => {
                self.listed.urls.push(url.clone());
                Some(url)
            }
            Err(_) => {
                self.problem(line, format!("`{}` is no host name and no web address", short(word)));
                None
            }
        }
    }

    fn row(&mut self, row: &Row, word: &str, columns: &Columns) {
        let Some(url) = self.target(row.line, word) else { return };
        let (owner, odd) = columns.owner(&row.cells);
        for error in odd {
            self.problem(row.line, format!("{}; the question stays open", error.what));
        }
        let site = address::without_www(&address::site_of(&url)).to_string();
        match self.listed.owners.get(&site) {
            Some(earlier) if *earlier != owner => {
                self.problem(row.line, format!("{site} is listed above with another owner, which counts"));
            }
            Some(_) => {}
            None => drop(self.listed.owners.insert(site, owner)),
        }
    }

    fn without_hosts(&self, header: &Row) -> ConfigError {
        let names: Vec<String> = header.cells.iter().map(|cell| short(&fold(cell))).collect();
        ConfigError::of(
            format!(
                "{}, line {}: no column holds web addresses (columns: {})",
                self.path.display(),
                header.line,
                names.join(", ")
            ),
            "name one of the columns domain, url, website, hostname, initial_url or target_url",
        )
    }

    fn end(mut self) -> Result<Listed, ConfigError> {
        if let Some(ListProblem { line, detail, .. }) =
            self.listed.problems.first().filter(|_| self.listed.urls.is_empty())
        {
            let told = format!("{} names no target that can be used; line {line}: {detail}", self.path.display());
            return Err(ConfigError::of(told, "mend the rows, or save the sheet as CSV (UTF-8) again"));
        }
        if self.listed.urls.is_empty() {
            let told = format!("{} names no target", self.path.display());
            return Err(ConfigError::of(told, "write a host name or URL on each line"));
        }
        self.listed.owners.retain(|_, owner| *owner != Profile::default());
        Ok(self.listed)
    }
}

/// A cell on one line, and not endless.
fn short(cell: &str) -> String {
    let one_line = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = one_line.chars().filter(|c| !c.is_control()).take(60).collect();
    if cut.len() < one_line.len() { format!("{cut}…") } else { cut }
}

/// What a file holds.
struct Text {
    text: String,
    guessed: Option<&'static str>,
}

fn read(path: &Path) -> Result<Text, ConfigError> {
    let bytes = std::fs::read(path).map_err(|error| {
        ConfigError::of(
            format!("{}: {error}", path.display()),
            "name a list that can be read: @list.txt, or a CSV file",
        )
    })?;
    if bytes.starts_with(ARCHIVE) {
        let told = format!("{} is a workbook or an archive, and no text", path.display());
        return Err(ConfigError::of(told, "save the sheet as CSV (UTF-8), and name that file"));
    }
    let (text, guessed) = sheet::text(&bytes);
    Ok(Text { text, guessed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Branch;

    fn of(text: impl AsRef<[u8]>) -> Result<Listed, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("targets.csv");
        std::fs::write(&path, text).unwrap();
        csv(&path)
    }

    fn lines_of(listed: &Listed) -> Vec<u64> {
        listed.problems.iter().map(|problem| problem.line).collect()
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
    fn every_published_layout_names_agency_bureau_and_branch() {
        for (layout, text) in [
            (
                "the registry's",
                "Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email\n\
                 a.example,Federal - Executive,Department of Examples,Bureau of Samples,Washington,DC,(blank)\n",
            ),
            (
                "the registry's, before",
                "Domain Name,Domain Type,Agency,Organization,City,State\n\
                 A.EXAMPLE,Federal Agency - Executive,Department of Examples,Bureau of Samples,Washington,DC\n",
            ),
            (
                "that of .mil",
                "Domain name,Domain type,Agency,Organization name\n\
                 a.example,Federal - Executive,Department of Examples,Bureau of Samples\n",
            ),
            (
                "the targets of 2022",
                "target_url,base_domain,branch,agency,agency_code,bureau,bureau_code,source_list_pulse\n\
                 a.example,a.example,Executive,Department of Examples,900,Bureau of Samples,1,true\n",
            ),
            (
                "a snapshot of 2025",
                "target_url,final_url,target_url_agency_owner,target_url_bureau_owner,target_url_branch\n\
                 a.example,https://www.a.example/,Department of Examples,Bureau of Samples,Executive\n",
            ),
        ] {
            let listed = of(text).unwrap_or_else(|error| panic!("{layout}: {error}"));
            let owner = &listed.owners["a.example"];
            let said = (owner.agency.as_deref(), owner.bureau.as_deref(), owner.branch);
            let all = (Some("Department of Examples"), Some("Bureau of Samples"), Some(Branch::Executive));
            assert_eq!(said, all, "{layout}");
            assert!(listed.problems.is_empty(), "{layout}: {:?}", listed.problems);
        }
    }

    #[test]
    fn rows_that_are_blank_from_end_to_end_do_not_count() {
        let listed = of("domain,agency\na.example,A\n,\n  , \n,,,\n \nb.example,B\n").unwrap();
        assert_eq!((listed.urls.len(), listed.problems.len()), (2, 0));
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_the_others_go_on() {
        for (text, hosts, lines) in [
            ("domain,agency\na.example\nb.example,B\n", 1, vec![2]),
            ("domain,agency\na.example,A,more\nb.example,B,,,\n", 1, vec![2]),
            ("domain\na.example\nnot a host\nb.example\n", 2, vec![3]),
            ("domain,agency\n,A\nb.example,B\n", 1, vec![2]),
            ("domain,launched\na.example,soon\nb.example,2020-01-01\n", 2, vec![2]),
            ("domain,agency\na.example,\"A\nb.example,B\nc.example,C\n", 2, vec![2]),
            ("domain,agency\na.example,\"A\nb.example,B\nc.example,\"C\nd.example,D\n", 2, vec![2, 4]),
            ("domain,agency\na.example,A\nwww.a.example,Other\n", 2, vec![3]),
            ("Domain;Agency\na.example;A\n", 1, vec![]),
            ("sep=;\nDomain;Agency\na.example;\"A; and\nB\"\nb.example\n", 1, vec![5]),
            ("a.example\nhttps://b.example/c\nd e\n", 2, vec![3]),
        ] {
            let listed = of(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((listed.urls.len(), lines_of(&listed)), (hosts, lines), "{text}: {:?}", listed.problems);
        }
        let listed = of(b"domain,agency\na.example,Caf\xe9\n").unwrap();
        assert_eq!(listed.owners["a.example"].agency.as_deref(), Some("Café"));
        assert!(listed.problems[0].detail.contains("windows-1252"));
    }

    #[test]
    fn a_list_without_a_target_is_refused_with_what_to_do() {
        for (text, says) in [
            ("a,b\n1,2\n", "line 1"),
            ("colour;shape\nred;round\n", "domain, url"),
            ("domain\n", "no target"),
            ("", "no target"),
            ("domain,agency\na.example\n", "line 2"),
            ("PK\u{3}\u{4}sheet", "save the sheet as CSV"),
        ] {
            let error = of(text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
