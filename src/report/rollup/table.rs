//! `--format agencies-csv`, `requirements-csv`, `adoption-csv`: roll-ups for spreadsheets.
//!
//! In: a roll-up. Out: a row for each agency, each bureau with a name, and the total; for each requirement or question where the
//! table is about these. Invariant: a share stands beside the number of sites it leaves out. Tested in `tests/it/rollup.rs`.

use std::io::{self, Write};

use super::{Group, Level, MEASURES, Rollup, Share, Stand, ranks};
use crate::report::table::{row, table};
use crate::verdict::Outcome;

/// The question that has versions for an answer, too.
const DESIGN_SYSTEM: &str = "design-system";

/// A group and what kind of row it is.
struct Line {
    level: &'static str,
    group: Group,
}

impl Line {
    /// What its row begins with.
    fn names(&self) -> [String; 3] {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        [self.level.to_string(), name(&self.group.agency), name(&self.group.bureau)]
    }
}

/// Agencies, each followed by its bureaus with a name, then the total.
fn lines(rollup: &Rollup) -> Vec<Line> {
    let bureaus = rollup.groups(Level::Bureau);
    let mut lines = vec![];
    for agency in rollup.groups(Level::Agency) {
        let of_it = bureaus.iter().filter(|group| group.agency == agency.agency && group.bureau.is_some());
        let of_it: Vec<Line> = of_it.map(|group| Line { level: "bureau", group: group.clone() }).collect();
        lines.push(Line { level: "agency", group: agency });
        lines.extend(of_it);
    }
    lines.push(Line { level: "total", group: rollup.total() });
    lines
}

/// The place of each row among those of its level.
fn places(lines: &[Line], share: impl Fn(&Group) -> Share) -> Vec<String> {
    let mut places = vec![String::new(); lines.len()];
    for level in ["agency", "bureau"] {
        let of_level: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].level == level).collect();
        let shares: Vec<Share> = of_level.iter().map(|at| share(&lines[*at].group)).collect();
        for (at, rank) in of_level.iter().zip(ranks(&shares)) {
            places[*at] = rank.map(|rank| rank.to_string()).unwrap_or_default();
        }
    }
    places
}

fn write(header: &[String], rows: impl Iterator<Item = Vec<String>>, out: impl Write) -> io::Result<()> {
    let mut table = table(out, &header.iter().map(String::as_str).collect::<Vec<_>>())?;
    for cells in rows {
        row(&mut table, &cells.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    table.flush()
}

/// Writes a row for each agency and bureau: how much was seen, what failed, and what has been taken up.
///
/// # Errors
/// Only those of the writer.
pub fn agencies_csv(rollup: &Rollup, out: impl Write) -> io::Result<()> {
    let fixed = "level agency bureau sites sites_seen sites_not_seen not_seen_because pages pages_judged problems failures to_review \
        sites_failing_a_must";
    let mut header: Vec<String> = fixed.split_whitespace().map(str::to_string).collect();
    for measure in &MEASURES {
        let key = measure.key.replace('-', "_");
        header.extend(["yes", "no", "undetermined", "percent"].map(|part| format!("{key}_{part}")));
    }
    header.push("design_system_versions".to_string());
    let cells = |line: Line| {
        let group = &line.group;
        let because: Vec<String> = group.hindered.iter().map(|(kind, number)| format!("{kind}:{number}")).collect();
        let mut cells = line.names().to_vec();
        cells.extend([group.sites, group.seen, group.unseen()].map(|number| number.to_string()));
        cells.push(because.join(" "));
        let counts = &group.counts;
        let numbers = [counts.pages, counts.judged, counts.problems, counts.failed, counts.review, group.failing];
        cells.extend(numbers.map(|number| number.to_string()));
        for share in &group.shares {
            cells.extend([share.yes, share.no, share.undetermined].map(|number| number.to_string()));
            cells.push(share.percent());
        }
        cells.push(group.design_version_words());
        cells
    };
    write(&header, lines(rollup).into_iter().map(cells), out)
}

/// Writes a row for each requirement and agency or bureau: at how many sites nothing was found, something failed, nobody knows.
///
/// # Errors
/// Only those of the writer.
pub fn requirements_csv(rollup: &Rollup, out: impl Write) -> io::Result<()> {
    let header = "requirement title source part rank level agency bureau sites passed failed needs_review not_tested not_applicable \
        percent_passed";
    let header: Vec<String> = header.split_whitespace().map(str::to_string).collect();
    let lines = lines(rollup);
    let rows = rollup.requirements.iter().enumerate().flat_map(|(at, head)| {
        let places = places(&lines, |group| Share::of(&group.requirements[at]));
        lines.iter().zip(places).map(move |(line, place)| {
            let tally = &line.group.requirements[at];
            let mut cells = [&head.requirement, &head.title, &head.source, &head.part].map(Clone::clone).to_vec();
            cells.push(place);
            cells.extend(line.names());
            let numbers =
                [line.group.sites, tally.passed, tally.failed, tally.cant_tell, tally.untested, tally.inapplicable];
            cells.extend(numbers.map(|number| number.to_string()));
            cells.push(Share::of(tally).percent());
            cells
        })
    });
    write(&header, rows, out)
}

/// Writes a row for each question and agency or bureau, ranked by the share of sites that have taken it up.
///
/// # Errors
/// Only those of the writer.
pub fn adoption_csv(rollup: &Rollup, out: impl Write) -> io::Result<()> {
    let header = "measure title rank level agency bureau sites yes no undetermined not_asked percent versions";
    let header: Vec<String> = header.split_whitespace().map(str::to_string).collect();
    let lines = lines(rollup);
    let rows = MEASURES.iter().enumerate().flat_map(|(at, measure)| {
        let places = places(&lines, |group| group.shares[at]);
        lines.iter().zip(places).map(move |(line, place)| {
            let share = &line.group.shares[at];
            let mut cells = vec![measure.key.to_string(), measure.title.to_string(), place];
            cells.extend(line.names());
            let numbers = [line.group.sites, share.yes, share.no, share.undetermined, share.not_asked];
            cells.extend(numbers.map(|number| number.to_string()));
            cells.push(share.percent());
            let versions = measure.key == DESIGN_SYSTEM;
            cells.push(if versions { line.group.design_version_words() } else { String::new() });
            cells
        })
    });
    write(&header, rows, out)
}

/// Writes a row for each of these sites: how much was seen, what failed, and what the home page has.
///
/// # Errors
/// Only those of the writer.
pub fn stands_csv(rollup: &Rollup, stands: &[&Stand], out: impl Write) -> io::Result<()> {
    let fixed = "site agency bureau branch seen not_seen_because pages pages_judged problems failures to_review fails_a_must \
        rules_failed rules_to_review rules_passed";
    let mut header: Vec<String> = fixed.split_whitespace().map(str::to_string).collect();
    header.extend(MEASURES.iter().map(|measure| measure.key.replace('-', "_")));
    header.push("design_system_version".to_string());
    let rows = stands.iter().map(|stand| {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        let branch = stand.branch.map_or("", |branch| branch.as_str()).to_string();
        let mut cells = vec![stand.site.clone(), name(&stand.agency), name(&stand.bureau), branch];
        cells.extend([stand.seen.to_string(), name(&stand.hindrance)]);
        let counts = &stand.counts;
        let numbers = [counts.pages, counts.judged, counts.problems, counts.failed, counts.review];
        cells.extend(numbers.map(|number| number.to_string()));
        cells.push(rollup.fails(stand).to_string());
        let rules = |outcome| stand.rules.iter().filter(|one| **one == outcome).count().to_string();
        cells.extend([Outcome::Failed, Outcome::CantTell, Outcome::Passed].map(rules));
        cells.extend(stand.answers.iter().map(|answer| answer.as_str().to_string()));
        cells.push(name(&stand.design_version));
        cells
    });
    write(&header, rows, out)
}
