//! How the report was made, so that somebody else can make it again.
//!
//! In: the run. Out: a section with its days and the command that made it, or one that repeats the settings of a report without
//! it. Invariant: the command quotes what a shell
//! would read otherwise. Tested below and in `tests/it/formats.rs`.

use super::phrase;
use crate::report::markup::Markup;
use crate::report::{Report, one_line};
use crate::rules::Question;

/// Targets named in the command.
const MOST_TARGETS: usize = 20;

/// The section.
pub(super) fn how(report: &Report, page: &mut Markup) {
    let run = &report.run;
    phrase::section("run", "How it was made", page);
    page.open("dl", &[]);
    phrase::term("Program", &format!("{} {}", report.tool.name, report.tool.version), page);
    phrase::term("Run", &run.id, page);
    phrase::term("From", &run.started, page);
    phrase::term("To", &run.finished, page);
    phrase::term("Judged as of", &run.judged_on.to_string(), page);
    phrase::term("Policy as of", &run.policy_as_of.to_string(), page);
    page.close("dl");
    let intro = match run.command.as_slice() {
        [] => "The settings this report records, as a command:",
        [..] => "The command that made it:",
    };
    page.leaf("p", &[], intro);
    page.open("pre", &[("tabindex", "0"), ("role", "region"), ("aria-label", "Command")]);
    page.leaf("code", &[], &command(report));
    page.close("pre");
    if let Some(days) = days(report) {
        page.open("p", &[]);
        page.words("To judge by the law and the calendar of that day again, add ");
        page.leaf("code", &[], &days);
        page.words(".");
        page.close("p");
    }
    let own: Vec<&str> = report.rules.iter().filter_map(|row| row.origin.as_deref()).collect();
    if !own.is_empty() {
        page.leaf("p", &[], &format!("{} of the rules came from folders of the agency's own.", own.len()));
    }
    phrase::end_section(page);
}

/// The days, where the command leaves them to the calendar.
fn days(report: &Report) -> Option<String> {
    let run = &report.run;
    let said = |option: &str| run.command.iter().any(|word| word.split('=').next() == Some(option));
    let missing = [("--today", run.judged_on), ("--policy-as-of", run.policy_as_of)].map(|(option, day)| {
        let same = option == "--policy-as-of" && run.policy_as_of == run.judged_on;
        (!said(option) && !same).then(|| format!("{option} {day}"))
    });
    let missing: Vec<String> = missing.into_iter().flatten().collect();
    (!run.command.is_empty() && !missing.is_empty()).then(|| missing.join(" "))
}

fn command(report: &Report) -> String {
    let run = &report.run;
    if !run.command.is_empty() {
        return run.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    }
    let mut words = vec!["idea-audit".to_string(), "scan".to_string()];
    words.extend(run.targets.iter().take(MOST_TARGETS).map(|target| quoted(target)));
    if run.targets.len() > MOST_TARGETS {
        words.push("…".to_string());
    }
    let mut option = |name: &str, value: &str| words.extend([name.to_string(), quoted(value)]);
    if let Some(url) = &run.published_as {
        option("--as", url);
    }
    for (question, answer, _) in run.profile.answers() {
        let branch = question == Question::Branch;
        option("--profile", &if branch { answer } else { format!("{}={answer}", question.as_str()) });
    }
    run.my_sites.iter().for_each(|site| option("--my-site", site));
    option("--today", &run.judged_on.to_string());
    option("--policy-as-of", &run.policy_as_of.to_string());
    if run.insecure {
        words.push("--insecure".to_string());
    }
    words.join(" ")
}

/// As a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let word = one_line(word);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@,+=%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_each_word_back() {
        assert_eq!(quoted("https://a.example/x"), "https://a.example/x");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's $(x)"), r"'it'\''s $(x)'");
        assert_eq!(quoted(""), "''");
    }
}
