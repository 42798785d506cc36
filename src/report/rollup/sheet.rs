//! The tables of a roll-up: one list for whoever writes them to files and whoever gives them to download.
//!
//! In: a roll-up. Out: CSV. Invariant: the same table has the same octets wherever it is asked for. Tested in `tests/it/rollup.rs` and
//! `tests/it/serve.rs`.

use std::io::{self, Write};

use super::{
    Rollup, adoption_csv, agencies_csv, idea_bureaus_csv, idea_csv, requirements_csv, standards_bureaus_csv,
    standards_csv,
};

/// A table of a roll-up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sheet {
    /// Agencies and bureaus: what was seen, what failed, what has been taken up.
    Agencies,
    /// Requirements by agency and bureau, ranked.
    Requirements,
    /// Measures of adoption by agency and bureau, ranked.
    Adoption,
    /// GSA's IDEA report, by agency.
    Idea,
    /// GSA's IDEA report, by bureau.
    IdeaBureaus,
    /// GSA's Standards report, by agency.
    Standards,
    /// GSA's Standards report, by bureau.
    StandardsBureaus,
}

impl Sheet {
    /// Writes the table.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn write(self, rollup: &Rollup, out: impl Write) -> io::Result<()> {
        match self {
            Self::Agencies => agencies_csv(rollup, out),
            Self::Requirements => requirements_csv(rollup, out),
            Self::Adoption => adoption_csv(rollup, out),
            Self::Idea => idea_csv(rollup, out),
            Self::IdeaBureaus => idea_bureaus_csv(rollup, out),
            Self::Standards => standards_csv(rollup, out),
            Self::StandardsBureaus => standards_bureaus_csv(rollup, out),
        }
    }
}
