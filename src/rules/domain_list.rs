//! Who registered a domain: rows of a published list, as data.
//!
//! In: a CSV with the columns of the published .gov list (`rules/dotgov.csv`, or a file somebody names), with `#` lines on top that
//! may say `# dated DAY`. Out: [`DomainList`]: the answers a row gives. Invariant: a row counts for the domain and every name
//! below it, the longest row wins, and a name without a row has no answer. Tested below and in `src/rules/profile.rs`.

use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Branch, Diagnostic, Profile};

/// Names of columns, folded; earlier ones win.
const DOMAIN: [&str; 3] = ["domain name", "domain", "base domain"];
const BRANCH: [&str; 2] = ["domain type", "branch"];
const AGENCY: [&str; 2] = ["organization name", "agency"];
const BUREAU: [&str; 3] = ["suborganization name", "bureau", "organization"];
const ACRONYM: [&str; 1] = ["acronym"];

/// What a list knows of domains.
#[derive(Clone, Debug)]
pub struct DomainList {
    name: String,
    rows: BTreeMap<String, Profile>,
}

impl DomainList {
    /// Reads a list.
    ///
    /// # Errors
    /// When it is no CSV, lacks the column of domains or that of branches, or has no row.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let wrong = |span: Option<Range<usize>>, message: String, hint: &str| Diagnostic {
            file: Arc::from(name),
            source: Arc::from(text),
            span,
            message,
            hint: Some(hint.to_string()),
        };
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let head =
            text[start..].lines().take_while(|line| line.starts_with('#')).map(|line| line.len() + 1).sum::<usize>();
        let header = start + head;
        let broken = |error: csv::Error| {
            let at = error.position().map(|place| header + place.byte() as usize);
            let span = at.map(|at| at..text[at..].find('\n').map_or(text.len(), |end| at + end));
            wrong(span, format!("this is no row of a CSV: {error}"), "mend the row, or download the list again")
        };
        let mut reader = csv::ReaderBuilder::new().from_reader(text[header.min(text.len())..].as_bytes());
        let headers: Vec<String> = reader.headers().map_err(broken)?.iter().map(fold).collect();
        let column = |names: &[&str]| names.iter().find_map(|name| headers.iter().position(|found| found == name));
        let line = header..text[header.min(text.len())..].find('\n').map_or(text.len(), |end| header + end);
        let (Some(domain), Some(branch)) = (column(&DOMAIN), column(&BRANCH)) else {
            let hint = "write the columns as the registry publishes them: Domain name, Domain type, Organization name, Suborganization name";
            return Err(wrong(Some(line), "this list does not say which domain is of which type".to_string(), hint));
        };
        let (agency, bureau, acronym) = (column(&AGENCY), column(&BUREAU), column(&ACRONYM));
        let mut rows = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let cell = |at: Option<usize>| {
                at.and_then(|at| record.get(at)).map(str::trim).filter(|cell| !cell.is_empty() && *cell != "(blank)")
            };
            let Some(name) = cell(Some(domain)) else { continue };
            let own = |at: Option<usize>| cell(at).map(str::to_string);
            let row = Profile {
                branch: cell(Some(branch)).and_then(Branch::listed),
                agency: own(agency),
                bureau: own(bureau).filter(|bureau| Some(bureau) != own(agency).as_ref()),
                acronym: own(acronym),
                ..Profile::default()
            };
            rows.insert(name.trim_matches('.').to_ascii_lowercase(), row);
        }
        if rows.is_empty() {
            return Err(wrong(None, "this list names no domain".to_string(), "name a list with at least one row"));
        }
        let day = text[start..header.min(text.len())]
            .lines()
            .find_map(|line| line.strip_prefix("# dated ")?.trim().parse::<Date>().ok());
        Ok(Self { name: day.map_or_else(|| name.to_string(), |day| format!("{name} of {day}")), rows })
    }

    /// What reports call it: its name, with its day where it says one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The longest row that a host is in or below, with its domain.
    pub fn find(&self, host: &str) -> Option<(&str, &Profile)> {
        let mut rest = host;
        loop {
            if let Some((domain, row)) = self.rows.get_key_value(rest) {
                return Some((domain, row));
            }
            (_, rest) = rest.split_once('.')?;
        }
    }
}

/// Column names differ in case, spaces and underscores only.
fn fold(header: &str) -> String {
    header.trim().to_lowercase().replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_as_the_registry_publishes_it_is_read() {
        let published = "Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email\n\
            Agency.GOV,Federal - Legislative,Department of Examples,Department of Examples,Washington,DC,(blank)\n";
        let list = DomainList::parse("current-full.csv", published).expect("is a list");
        let (domain, row) = list.find("www.agency.gov").expect("is there");
        assert_eq!((list.name(), domain), ("current-full.csv", "agency.gov"));
        assert_eq!((row.branch, row.bureau.as_deref()), (Some(Branch::Legislative), None));
    }

    #[test]
    fn what_is_no_list_is_refused_at_its_place() {
        for (text, line, word) in [
            ("# dated 2026-01-01\nname,type\na.gov,City\n", Some(2), "which domain"),
            ("Domain name,Domain type\na.gov,City\nb.gov\n", Some(3), "no row of a CSV"),
            ("Domain name,Domain type\n", None, "no domain"),
            ("", Some(1), "which domain"),
        ] {
            let refused = DomainList::parse("x.csv", text).expect_err("is no list");
            assert_eq!(refused.place().map(|(line, _)| line), line, "{refused}");
            assert!(refused.to_string().contains(word), "{refused}");
        }
    }
}
