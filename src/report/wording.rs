//! Numbers, days and the short names of machine output, in words people read.
//!
//! In: keys and counts of the report. Out: words. Invariant: a key nobody gave words to is still shown, with its
//! hyphens as spaces. Tested below.

use jiff::civil::Date;

use super::Run;

/// "1 page", "1,204 pages".
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "a", "a and b", "a, b and c".
pub fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// How many rows of target lists were no use, with the first of them; `None` where all were.
pub(super) fn unused_rows(run: &Run) -> Option<String> {
    let first = run.list_problems.first()?;
    let rows = count(run.list_problems.len() as u64, "row", "rows");
    Some(ended(&format!("{rows} of target lists could not be used as written, the first being {first}")))
}

/// "November 22, 2026".
pub fn day(date: Date) -> String {
    date.strftime("%B %-d, %Y").to_string()
}

/// The first sentence. A full stop after a single capital is an initial: "the U.S. Web Design System".
pub fn sentence(text: &str) -> &str {
    let is_end = |at: usize| {
        let word = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let initial = word.chars().count() == 1 && word.starts_with(char::is_uppercase);
        !initial && text[at + 2..].trim_start().starts_with(char::is_uppercase)
    };
    let end = text.match_indices(". ").map(|(at, _)| at).find(|at| is_end(*at));
    end.map_or(text, |at| &text[..=at]).trim()
}

/// The text as a sentence that ends: with a full stop, where it has no end of its own.
pub fn ended(text: &str) -> String {
    let said = text.trim_end();
    let bare = said.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
    let has_end = bare.ends_with(['.', '!', '?', '…', '。', '؟']) && !said.ends_with(['"', '\'']);
    if said.is_empty() || has_end { text.to_string() } else { format!("{said}.") }
}

/// What stood in the way.
pub fn problem(kind: &str) -> String {
    let words = match kind {
        "robots-disallowed" => "robots.txt asks us to stay away",
        "robots-unreachable" => "robots.txt could not be read, so its host was left alone",
        "blocked" => "the server refused us",
        "bot-challenge" => "a test for robots stood in front of the page",
        "rate-limited" => "the server asked us to slow down more than we could wait",
        "server-error" => "the server had an error",
        "timeout" => "no answer in time",
        "dns" => "the host name could not be found",
        "tls" => "no secure connection could be made",
        "connection" => "the connection was refused or broke",
        "malformed" => "the answer could not be read",
        "redirects" => "too many redirects, or a circle of them",
        "too-large" => "the answer was larger than the limit",
        "refused" => "our own guard does not go there",
        "too-complex" => "the page was too large or too deep to read whole",
        "unreadable" => "the file could not be read",
        "internal" => "idea-audit itself stumbled; please report it",
        other => return spaced(other),
    };
    words.to_string()
}

/// Why an address was left out; reads on from a number.
pub fn skipped(reason: &str) -> String {
    let words = match reason {
        "out-of-scope" => "outside what was asked for",
        "redirect-out-of-scope" => "led elsewhere",
        "not-a-page" => "not pages",
        "http-duplicate" => "http twins of https addresses",
        "depth-budget" => "deeper than --max-depth",
        "page-budget" => "beyond --max-pages",
        "time-budget" => "left when the site's time was up",
        "host-given-up" => "on hosts that stopped answering",
        "robots-disallowed" => "more that robots.txt keeps us from",
        "stopped" => "left when the run was stopped",
        "too-long" => "too long to be real",
        "too-deep" => "with too many segments to be real",
        "repeated-segments" => "repeating their own path",
        "query-variants" => "more variants of one query",
        "calendar" => "in an endless calendar",
        "same-body" => "giving the same page again and again",
        "sitemap-cap" => "beyond the limit for sitemaps",
        "sitemap-elsewhere" => "in a sitemap, but on another host",
        "leaves-folder" => "links out of the folder",
        other => return spaced(other),
    };
    words.to_string()
}

fn spaced(key: &str) -> String {
    key.replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_one_is_singular() {
        assert_eq!(count(1, "page", "pages"), "1 page");
        assert_eq!(count(0, "page", "pages"), "0 pages");
        assert_eq!(count(1_204_000, "page", "pages"), "1,204,000 pages");
        assert_eq!(count(999, "page", "pages"), "999 pages");
    }

    #[test]
    fn a_sentence_ends_at_a_full_stop_before_a_capital() {
        for (text, first) in [
            ("Write alt text. Leave it empty for ornaments.", "Write alt text."),
            ("Use HTTPS, e.g. with a redirect. Then send HSTS.", "Use HTTPS, e.g. with a redirect."),
            ("Put the U.S. Web Design System in. Then test.", "Put the U.S. Web Design System in."),
            ("Only one", "Only one"),
            ("", ""),
        ] {
            assert_eq!(sentence(text), first);
        }
    }

    #[test]
    fn a_sentence_ends_once() {
        for (text, whole) in [
            ("the image has no text", "the image has no text."),
            ("It ends. ", "It ends. "),
            ("does it end?", "does it end?"),
            ("the title is \"Home.\"", "the title is \"Home.\"."),
            ("(it ends.)", "(it ends.)"),
            ("an e.g. ", "an e.g. "),
            ("  ", "  "),
        ] {
            assert_eq!(ended(text), whole);
        }
    }

    #[test]
    fn a_key_without_words_is_shown_anyway() {
        assert_eq!(problem("solar-flare"), "solar flare");
        assert_eq!(skipped("page-budget"), "beyond --max-pages");
    }
}
