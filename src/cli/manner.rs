//! How the program speaks: with colour and moving progress to people who see them, in plain lines to everybody else.
//!
//! In: `--plain`, the environment, whether a terminal reads. Out: a decision. Invariant: nothing is said in colour or movement
//! that the plain lines do not say. Tested below and in `tests/it/results.rs`.

use std::ffi::OsString;

use crate::report::Paint;

/// What was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Manner {
    /// `--plain`: for screen readers, logs, and whoever prefers it.
    Plain,
    /// As whoever reads can take it.
    ByReader,
}

impl Manner {
    pub(super) fn of(plain: bool) -> Self {
        if plain { Self::Plain } else { Self::ByReader }
    }

    /// Colour on terminals only, and not where somebody asked for none.
    pub(super) fn paint(self, terminal: bool) -> Paint {
        if self == Self::ByReader && colours(terminal, std::env::var_os) { Paint::Colour } else { Paint::Plain }
    }

    /// True where a line may be drawn over again while somebody watches.
    pub(super) fn may_move(self) -> bool {
        self == Self::ByReader && !is_dumb(std::env::var_os)
    }
}

/// The conventions of no-color.org and bixense.com/clicolors: the first that says something decides.
fn colours(terminal: bool, variable: impl Fn(&'static str) -> Option<OsString>) -> bool {
    let said = |name| variable(name).filter(|value| !value.is_empty());
    if said("NO_COLOR").is_some() {
        return false;
    }
    if said("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    terminal && said("CLICOLOR").is_none_or(|value| value != "0") && !is_dumb(variable)
}

/// A terminal that can neither colour nor move its cursor.
fn is_dumb(variable: impl Fn(&'static str) -> Option<OsString>) -> bool {
    variable("TERM").is_some_and(|value| value == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_unless_somebody_says_otherwise() {
        for (terminal, says, colour) in [
            (true, &[][..], true),
            (false, &[], false),
            (true, &[("NO_COLOR", "1")], false),
            (true, &[("NO_COLOR", "")], true),
            (true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
            (false, &[("CLICOLOR_FORCE", "1")], true),
            (false, &[("CLICOLOR_FORCE", "0")], false),
            (true, &[("CLICOLOR", "0")], false),
            (true, &[("CLICOLOR", "1")], true),
            (true, &[("TERM", "dumb")], false),
            (true, &[("TERM", "xterm-256color")], true),
        ] {
            let variable = |name: &str| says.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            assert_eq!(colours(terminal, variable), colour, "{terminal} {says:?}");
        }
    }
}
