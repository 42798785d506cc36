//! Which cell of a target list says what, found by the names of the columns.
//!
//! In: a header. Out: [`Columns`]. Names are those that published federal lists use: the list of targets of the site scanning
//! program (and its snapshots), the .gov registry's, the .mil list, agencies' own inventories, and what people write by hand.
//! Invariant: a column is found by its name and never by its place; a word that means nothing is told, never taken for another.
//! Tested in `src/config/list.rs`.

use csv::StringRecord;

use super::{ConfigError, answers};
use crate::rules::{Branch, Profile};

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
const AGENCY: [&str; 4] = ["agency", "target url agency owner", "organization name", "department"];
/// Where a list has an agency and an organization, the organization is a part of it.
const BUREAU: [&str; 7] = [
    "bureau",
    "target url bureau owner",
    "suborganization name",
    "sub agency",
    "organization name",
    "organization",
    "office",
];
const BRANCH: [&str; 3] = ["branch", "target url branch", "domain type"];
const ROLE: [&str; 1] = ["role"];
const ACRONYM: [&str; 2] = ["acronym", "agency acronym"];
const LAUNCHED: [&str; 2] = ["launched", "launch date"];
const HIGH_IMPACT: [&str; 3] = ["high impact", "hisp", "high impact service"];
const SEARCH_EXEMPT: [&str; 1] = ["search exempt"];
const SMALL_PLACE: [&str; 1] = ["small place"];

/// Which cells of a row say what.
pub(super) struct Columns {
    /// The host.
    pub(super) host: usize,
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
    /// The columns of a header, when one of them holds hosts.
    pub(super) fn of(header: &StringRecord) -> Option<Self> {
        let header: Vec<String> = header.iter().map(fold).collect();
        let but = |names: &[&str], not: Option<usize>| {
            let place = |name: &&str| header.iter().position(|header| header == name);
            names.iter().filter_map(place).find(|at| Some(*at) != not)
        };
        let column = |names: &[&str]| but(names, None);
        let agency = column(&AGENCY);
        Some(Self {
            host: column(&HOST)?,
            agency,
            acronym: column(&ACRONYM),
            bureau: but(&BUREAU, agency),
            branch: column(&BRANCH),
            role: column(&ROLE),
            launched: column(&LAUNCHED),
            high_impact: column(&HIGH_IMPACT),
            search_exempt: column(&SEARCH_EXEMPT),
            small_place: column(&SMALL_PLACE),
        })
    }

    /// What a row says of the owner, and what of it means nothing.
    pub(super) fn owner(&self, row: &StringRecord) -> (Profile, Vec<ConfigError>) {
        let cell = |at: Option<usize>| at.and_then(|at| said(row, at));
        let own = |at| cell(at).map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut odd = Vec::new();
        let agency = own(self.agency);
        let owner = Profile {
            acronym: own(self.acronym),
            bureau: own(self.bureau).filter(|bureau| Some(bureau) != agency.as_ref()),
            agency,
            // Lists hold words for branches that mean nothing here; an unknown one leaves the question open.
            branch: cell(self.branch).and_then(Branch::listed),
            role: kept(answers::role(cell(self.role)), &mut odd),
            launched: kept(answers::day("launched", cell(self.launched)), &mut odd),
            high_impact: kept(answers::yes_or_no("high-impact", cell(self.high_impact)), &mut odd),
            search_exempt: kept(answers::yes_or_no("search-exempt", cell(self.search_exempt)), &mut odd),
            small_place: kept(answers::yes_or_no("small-place", cell(self.small_place)), &mut odd),
            ..Profile::default()
        };
        (owner, odd)
    }
}

fn kept<T>(answer: Result<Option<T>, ConfigError>, odd: &mut Vec<ConfigError>) -> Option<T> {
    answer.unwrap_or_else(|error| {
        odd.push(error);
        None
    })
}

/// What a cell says; lists write `(blank)` and `--` for nothing.
pub(super) fn said(row: &StringRecord, at: usize) -> Option<&str> {
    row.get(at).map(str::trim).filter(|cell| !matches!(*cell, "" | "(blank)" | "--"))
}

/// Column names differ in case, spaces, hyphens and underscores only.
pub(super) fn fold(header: &str) -> String {
    let words = header.to_lowercase().replace(['_', '-'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
