//! What is said when the program itself stumbles.
//!
//! In: a panic. Out: one line on standard error with the place in the source. Never: what a page wrote, as it was written:
//! the message of a panic may quote it, and a terminal obeys what it reads. Tested below.

use std::io::{self, Write};
use std::panic::PanicHookInfo;

use crate::report::one_line;

/// From now on panics are told so.
pub(super) fn tell_safely() {
    std::panic::set_hook(Box::new(|info| {
        let _ = writeln!(io::stderr(), "{}", told(info));
    }));
}

fn told(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message = info.payload_as_str().unwrap_or("for an unknown reason");
    format!("idea-audit: stumbled at {place}: {}", one_line(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_makes_us_stumble_does_not_reach_the_terminal() {
        let before = std::panic::take_hook();
        let (sender, heard) = std::sync::mpsc::channel();
        std::panic::set_hook(Box::new(move |info| drop(sender.send(told(info)))));
        let stumbled = std::panic::catch_unwind(|| panic!("no tag in {}", "\u{1b}]0;owned\u{7}\u{1b}[31mred\u{202e}"));
        std::panic::set_hook(before);
        assert!(stumbled.is_err());
        // Other tests may stumble at the same time.
        let line = heard.try_iter().find(|line| line.contains("no tag in")).expect("it was told");
        assert!(line.starts_with("idea-audit: stumbled at src/cli/stumble.rs:"), "{line}");
        assert!(line.ends_with("no tag in red"), "{line}");
    }
}
