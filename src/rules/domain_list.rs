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
/// Where a list has an agency and an organization, as that of .mil has, the organization is a part of it.
const AGENCY: [&str; 2] = ["agency", "organization name"];
const BUREAU: [&str; 4] = ["suborganization name", "bureau", "organization name", "organization"];
const ACRONYM: [&str; 1] = ["acronym"];

/// What a list knows of domains.
#[derive(Clone, Debug)]
pub struct DomainList {
    name: String,
    rows: BTreeMap<String, Profile>,
}

/// Which cell of a row says what.
struct Columns {
    domain: usize,
    branch: usize,
    agency: Option<usize>,
    bureau: Option<usize>,
    acronym: Option<usize>,
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
        let (day, header) = preamble(text);
        let line = |at: usize| at..text[at..].find('\n').map_or(text.len(), |end| at + end);
        let broken = |error: csv::Error| {
            let at = error.position().and_then(|place| usize::try_from(place.byte()).ok()).map(|at| header + at);
            let message = format!("this is no row of a CSV: {error}");
            wrong(at.map(line), message, "mend the row, or download the list again")
        };
        let mut reader = csv::ReaderBuilder::new().from_reader(&text.as_bytes()[header..]);
        let headers: Vec<String> = reader.headers().map_err(broken)?.iter().map(fold).collect();
        let Some(columns) = Columns::of(&headers) else {
            let hint = "write the columns as the registry publishes them: Domain name, Domain type, Organization name, Suborganization name";
            let message = "this list does not say which domain is of which type".to_string();
            return Err(wrong(Some(line(header)), message, hint));
        };
        let mut rows = BTreeMap::new();
        for record in reader.records() {
            rows.extend(columns.row(&record.map_err(broken)?));
        }
        if rows.is_empty() {
            return Err(wrong(None, "this list names no domain".to_string(), "name a list with at least one row"));
        }
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

/// The day that the lines before the header may name, and where the header begins.
fn preamble(text: &str) -> (Option<Date>, usize) {
    let mut day = None;
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    while text[at..].starts_with('#') {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        day = day.or_else(|| text[at..end].strip_prefix("# dated ")?.trim().parse().ok());
        at = end;
    }
    (day, at)
}

impl Columns {
    fn of(headers: &[String]) -> Option<Self> {
        let but = |names: &[&str], not: Option<usize>| {
            let place = |name: &&str| headers.iter().position(|found| found == name);
            names.iter().filter_map(place).find(|at| Some(*at) != not)
        };
        let column = |names: &[&str]| but(names, None);
        let agency = column(&AGENCY);
        Some(Self {
            domain: column(&DOMAIN)?,
            branch: column(&BRANCH)?,
            agency,
            bureau: but(&BUREAU, agency),
            acronym: column(&ACRONYM),
        })
    }

    /// The domain of a row and its answers.
    fn row(&self, record: &csv::StringRecord) -> Option<(String, Profile)> {
        let cell = |at: usize| record.get(at).map(str::trim).filter(|cell| !cell.is_empty() && *cell != "(blank)");
        let own = |at: Option<usize>| at.and_then(cell).map(str::to_string);
        let agency = own(self.agency);
        let row = Profile {
            branch: cell(self.branch).and_then(Branch::listed),
            bureau: own(self.bureau).filter(|bureau| Some(bureau) != agency.as_ref()),
            agency,
            acronym: own(self.acronym),
            ..Profile::default()
        };
        Some((cell(self.domain)?.trim_matches('.').to_ascii_lowercase(), row))
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
    fn an_organization_beside_an_agency_is_a_part_of_it() {
        let published =
            "Domain name,Domain type,Agency,Organization name\naf.example,Federal - Executive,Defense,Air Force\n";
        let list = DomainList::parse("mil.csv", published).expect("is a list");
        let (_, row) = list.find("af.example").expect("is there");
        assert_eq!((row.agency.as_deref(), row.bureau.as_deref()), (Some("Defense"), Some("Air Force")));
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
