//! `--format idea-csv`, `standards-csv` and their `-bureaus-` variants: the layouts of GSA's own reports by agency.
//!
//! In: a roll-up. Out: the incumbent's columns by their names and in their order, and behind them how many sites each leaves out. Invariant:
//! a percentage is of the sites that could be told; where none could, the cell is blank and not nought. Tested in `tests/it/rollup.rs`.

use std::io::{self, Write};

use super::{Group, Level, Rollup, Share, measure};
use crate::report::table::{row, table};

/// A column of a layout.
struct Column {
    /// Its name: the incumbent's where there is one.
    name: &'static str,
    cell: Cell,
}

/// What stands in it.
enum Cell {
    /// Sites whose home page was judged.
    Seen,
    /// Sites whose home page was not.
    Unseen,
    /// Sites that have something.
    Yes(&'static str),
    /// Their share of those that could be told.
    Percent(&'static str),
    /// Sites seen where nobody could tell, or the question is not asked.
    Open(&'static str),
    /// Sites that tell the version of the design system.
    Versions,
    /// Their share of those that could be told.
    VersionsPercent,
    /// Sites seen that have the design system and tell no version.
    VersionsOpen,
}

const fn column(name: &'static str, cell: Cell) -> Column {
    Column { name, cell }
}

/// The IDEA report. The version of the design system is what pages tell of it; one that stands in a style sheet alone is not read, and
/// such a site is undetermined.
const IDEA: [Column; 10] = [
    column("Number of Websites", Cell::Seen),
    column("Number of Websites with DAP", Cell::Yes("dap")),
    column("Percent with DAP", Cell::Percent("dap")),
    column("Number of Websites with USWDS Semantic Version", Cell::Versions),
    column("Percent of Websites with USWDS Semantic Version", Cell::VersionsPercent),
    column("Websites Not Seen", Cell::Unseen),
    column("Websites Undetermined for DAP", Cell::Open("dap")),
    column("Number of Websites with USWDS Markup", Cell::Yes("design-system")),
    column("Percent of Websites with USWDS Markup", Cell::Percent("design-system")),
    column("Websites Undetermined for USWDS Semantic Version", Cell::VersionsOpen),
];

/// The Standards report.
const STANDARDS: [Column; 11] = [
    column("Number of Websites", Cell::Seen),
    column("Number of Websites With Page Title", Cell::Yes("title")),
    column("Number of Websites With Page Description", Cell::Yes("description")),
    column("Number of Websites with Government Banner", Cell::Yes("banner")),
    column("Percent of Websites With Page Title", Cell::Percent("title")),
    column("Percent of Websites With Page Description", Cell::Percent("description")),
    column("Percent of Websites with Government Banner", Cell::Percent("banner")),
    column("Websites Not Seen", Cell::Unseen),
    column("Websites Undetermined for Page Title", Cell::Open("title")),
    column("Websites Undetermined for Page Description", Cell::Open("description")),
    column("Websites Undetermined for Government Banner", Cell::Open("banner")),
];

/// Writes the IDEA report by agency.
///
/// # Errors
/// Only those of the writer.
pub fn idea_csv(rollup: &Rollup, out: impl Write) -> io::Result<()> {
    write(rollup, Level::Agency, &IDEA, out)
}

/// Writes the IDEA report by bureau.
///
/// # Errors
/// Only those of the writer.
pub fn idea_bureaus_csv(rollup: &Rollup, out: impl Write) -> io::Result<()> {
    write(rollup, Level::Bureau, &IDEA, out)
}

/// Writes the Standards report by agency.
///
/// # Errors
/// Only those of the writer.
pub fn standards_csv(rollup: &Rollup, out: impl Write) -> io::Result<()> {
    write(rollup, Level::Agency, &STANDARDS, out)
}

/// Writes the Standards report by bureau.
///
/// # Errors
/// Only those of the writer.
pub fn standards_bureaus_csv(rollup: &Rollup, out: impl Write) -> io::Result<()> {
    write(rollup, Level::Bureau, &STANDARDS, out)
}

fn write(rollup: &Rollup, level: Level, columns: &[Column], out: impl Write) -> io::Result<()> {
    let names: &[&str] = match level {
        Level::Agency => &["Agency"],
        Level::Bureau => &["Agency", "Bureau"],
    };
    let header: Vec<&str> = names.iter().copied().chain(columns.iter().map(|column| column.name)).collect();
    let mut table = table(out, &header)?;
    for group in rollup.groups(level) {
        let mut cells = vec![group.agency_words().to_string()];
        if level == Level::Bureau {
            cells.push(group.bureau_words().to_string());
        }
        cells.extend(columns.iter().map(|column| column.cell.of(&group)));
        row(&mut table, &cells.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    let mut cells = vec![String::new(); names.len()];
    cells[0] = "Total".to_string();
    let total = rollup.total();
    cells.extend(columns.iter().map(|column| column.cell.of(&total)));
    row(&mut table, &cells.iter().map(String::as_str).collect::<Vec<_>>())?;
    table.flush()
}

impl Cell {
    fn of(&self, group: &Group) -> String {
        let share = |key: &str| -> &Share { &group.shares[measure::at(key)] };
        match self {
            Self::Seen => group.seen.to_string(),
            Self::Unseen => group.unseen().to_string(),
            Self::Yes(key) => share(key).yes.to_string(),
            Self::Percent(key) => share(key).percent(),
            Self::Open(key) => (group.seen - share(key).determined()).to_string(),
            Self::Versions => group.versions.yes.to_string(),
            Self::VersionsPercent => group.versions.percent(),
            Self::VersionsOpen => group.seen.saturating_sub(group.versions.determined()).to_string(),
        }
    }
}
