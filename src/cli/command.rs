//! The command as it was typed, for the report: whoever reads it can run it again.
//!
//! In: the arguments of this process. Out: its words. Invariant: what opens doors (passwords, cookies, header values, the user
//! of an address) is never among them, because reports are sent on. Tested below and in `tests/it/cli.rs`.

use crate::report::Report;

/// What stands for a secret.
const HIDDEN: &str = "***";
/// Options whose value is a secret or may hold one.
const SECRETS: [&str; 4] = ["--auth", "--cookie", "--header", "--webhook"];

/// The report with the command of this process.
pub(super) fn recorded(mut report: Report) -> Report {
    let typed = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    report.run.command = std::iter::once("idea-audit".to_string()).chain(harmless(typed)).collect();
    report
}

fn harmless(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = vec![];
    for word in words {
        let is_value = kept.last().is_some_and(|option| SECRETS.contains(&option.as_str()));
        let named = word.split_once('=').filter(|(option, _)| SECRETS.contains(option));
        kept.push(match (is_value, named) {
            (true, _) => HIDDEN.to_string(),
            (false, Some((option, _))) => format!("{option}={HIDDEN}"),
            (false, None) => without_user(&word),
        });
    }
    kept
}

/// An address without the name and password in it (RFC 3986, section 3.2.1).
fn without_user(word: &str) -> String {
    let Some(start) = word.find("://").map(|at| at + 3) else { return word.to_string() };
    let end = word[start..].find(['/', '?', '#']).map_or(word.len(), |at| start + at);
    match word[start..end].rfind('@') {
        Some(at) => format!("{}{HIDDEN}{}", &word[..start], &word[start + at..]),
        None => word.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_opens_a_door_is_written_down() {
        for (typed, told) in [
            ("scan https://a.example --max-pages 5", "scan https://a.example --max-pages 5"),
            ("scan x --auth me:secret --quiet", "scan x --auth *** --quiet"),
            ("scan x --auth=me:secret --header=X-Key:1 --cookie sid=2", "scan x --auth=*** --header=*** --cookie ***"),
            ("scan x --webhook https://hooks.example/token", "scan x --webhook ***"),
            ("scan https://me:secret@a.example/x@y", "scan https://***@a.example/x@y"),
            ("scan x --proxy http://me:p@ss@proxy.example:80", "scan x --proxy http://***@proxy.example:80"),
            ("scan https://a.example/@me --select 1.1.1", "scan https://a.example/@me --select 1.1.1"),
        ] {
            let words = harmless(typed.split(' ').map(str::to_string));
            assert_eq!(words.join(" "), told);
        }
    }
}
