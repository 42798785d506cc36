//! Where functions begin and end, and whether somebody said why one is long.
//!
//! In: Rust source. Out: [`Function`]s. Invariant: strings and comments that look like functions are not. Tested below.

use super::tree::{Text, closing};

/// One function with a body.
pub(super) struct Function {
    pub(super) name: String,
    /// Offset of `fn`.
    pub(super) start: usize,
    /// Lines from `fn` to the closing brace.
    pub(super) lines: usize,
    /// A line `// long: reason` stands above it.
    pub(super) reason: bool,
}

/// The functions of a file.
pub(super) fn functions(text: &Text) -> Vec<Function> {
    let code = text.code.as_str();
    let mut found = Vec::new();
    for (start, word) in code.match_indices("fn ") {
        if code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[start + word.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            continue;
        }
        let Some(open) = body(code, start) else { continue };
        let lines = code[start..closing(code, open)].matches('\n').count() + 1;
        found.push(Function { name: rest[..end].to_string(), start, lines, reason: has_reason(text, start) });
    }
    found
}

/// The opening brace of a body; `None` for a declaration and for a function type.
fn body(code: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' if depth == 0 => return None,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(at),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Looks at the comments and attributes right above.
fn has_reason(text: &Text, start: usize) -> bool {
    let before: Vec<&str> = text.whole[..start].lines().collect();
    let above = before.iter().rev().skip(1).map(|line| line.trim());
    let mut above = above.take_while(|line| line.starts_with("//") || line.starts_with("#["));
    above.any(|line| line.strip_prefix("// long:").is_some_and(|reason| !reason.trim().is_empty()))
}

#[test]
fn a_function_is_measured_from_its_first_word_to_its_closing_brace() {
    let source = "// long: a table\n#[inline]\nfn one(a: [u8; 2]) -> bool {\n    \"fn no() {\";\n    { true }\n}\ntrait T { fn two(); }\ntype F = fn (u8);";
    let text = Text::of("src/a.rs", source);
    let found = functions(&text);
    let got: Vec<(&str, usize, bool)> = found.iter().map(|f| (f.name.as_str(), f.lines, f.reason)).collect();
    assert_eq!(got, [("one", 4, true)]);
}
