//! What a page wrote, made harmless for a terminal.
//!
//! In: any text from the web. Out: one line of it that moves no cursor, colours nothing and hides no neighbour.
//! Invariant: no control character, escape sequence, bidirectional override or invisible filler comes through; letters
//! of every script do. Machine formats do not use it: they escape, so that evidence stays as it was seen. Tested below
//! and in `tests/it/sinks.rs`.

use unicode_width::UnicodeWidthChar;

/// Marks stacked on one letter beyond this are noise that spills over other lines.
const MOST_MARKS: usize = 4;

/// One line, safe to print: escape sequences and invisible characters are gone, white space is one space.
pub fn one_line(text: &str) -> String {
    let visible = without_sequences(text);
    let mut line = String::with_capacity(visible.len());
    let mut marks = 0;
    for c in visible.chars() {
        if c.is_whitespace() && c != '\u{a0}' {
            marks = 0;
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
            continue;
        }
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        if marks <= MOST_MARKS && !is_hidden(c) {
            line.push(c);
        }
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// The text without ECMA-48 control sequences. One that never ends loses its introducer only, so that nobody can hide
/// the rest of a line behind it.
fn without_sequences(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\u{1b}', '\u{9b}', '\u{9d}']) {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = sequence(rest).unwrap_or_else(|| rest.chars().next().map_or(0, char::len_utf8));
        rest = &rest[length..];
    }
    kept.push_str(rest);
    kept
}

/// The length of the sequence that opens the text.
fn sequence(text: &str) -> Option<usize> {
    let opened = |spellings: [&'static str; 2]| spellings.into_iter().find(|one| text.starts_with(one)).map(str::len);
    if let Some(start) = opened(["\u{1b}[", "\u{9b}"]) {
        let end = text[start..].find(|c| !matches!(c, '\u{20}'..='\u{3f}'))? + start;
        return text[end..].starts_with(|c| matches!(c, '\u{40}'..='\u{7e}')).then_some(end + 1);
    }
    if let Some(start) = opened(["\u{1b}]", "\u{9d}"]) {
        let ends = ["\u{7}", "\u{1b}\\", "\u{9c}"];
        return ends.into_iter().filter_map(|end| text[start..].find(end).map(|at| start + at + end.len())).min();
    }
    None
}

/// Characters that draw nothing and change how others are drawn. Joiners stay: Persian, Hindi and emoji need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_the_cursor_colours_or_hides_is_gone_and_words_stay() {
        for (wrote, reads) in [
            ("plain  words\n\ton two lines ", "plain words on two lines"),
            ("\u{1b}[31;1mred\u{1b}[0m", "red"),
            ("\u{9b}2Jcleared", "cleared"),
            ("\u{1b}]0;new title\u{7}text", "text"),
            ("\u{1b}]8;;https://evil.example/\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}]0;never ends, so it is shown", "]0;never ends, so it is shown"),
            ("\u{1b}[3\u{1b}[1mnested", "[3nested"),
            ("\u{202e}gpj.exe\u{202c} \u{2067}x\u{2069}", "gpj.exe x"),
            ("a\u{0}b\u{8}c\u{7f}d\u{85}e\u{2028}f", "abcd e f"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("عربي עברית नमस्ते 日本語 👩\u{200d}🚀", "عربي עברית नमस्ते 日本語 👩\u{200d}🚀"),
            ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}"),
            ("", ""),
            (" \u{1b} ", ""),
        ] {
            assert_eq!(one_line(wrote), reads, "{wrote:?}");
            assert_eq!(one_line(reads), reads, "twice is once: {wrote:?}");
        }
    }
}
