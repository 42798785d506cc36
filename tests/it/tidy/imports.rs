//! Who imports whom: the rooms of `src/`, and every path of the crate that a file names.
//!
//! In: Rust source. Out: the rooms it names, with the place. Reads `use` lines and paths in the middle of code alike: `crate::a`,
//! `crate::{a, b::c}`, `super::super::a` as far as it climbs to the crate. Tested below on samples.

use super::tree::{Text, closing};

/// Whom a room may import.
pub(super) enum May {
    /// These rooms.
    Only(&'static [&'static str]),
    /// All but these.
    AllBut(&'static [&'static str]),
}

/// The rooms in the order of the map, from the ground up.
pub(super) const ROOMS: &[(&str, May)] = &[
    ("web", May::Only(&[])),
    ("html", May::Only(&[])),
    ("style", May::Only(&["html"])),
    ("verdict", May::Only(&[])),
    ("crawl", May::Only(&["web"])),
    ("probe", May::Only(&["web"])),
    ("worker", May::Only(&[])),
    ("document", May::Only(&[])),
    ("facts", May::Only(&["web", "html", "style", "document", "verdict"])),
    ("checks", May::Only(&["web", "html", "document", "facts", "verdict"])),
    ("rules", May::Only(&["checks", "verdict"])),
    ("finding", May::Only(&["rules", "verdict", "web"])),
    ("engine", May::Only(&["facts", "checks", "rules", "verdict", "finding"])),
    ("rehearse", May::Only(&["web", "html", "style", "document", "facts", "engine", "rules", "verdict", "finding"])),
    ("report", May::Only(&["web", "finding", "rules", "verdict"])),
    ("store", May::Only(&["finding", "report", "rules", "verdict"])),
    ("notify", May::Only(&["web", "crawl", "finding", "rules", "verdict", "report"])),
    ("audit", May::AllBut(&["notify", "config", "fleet", "serve", "cli"])),
    (
        "config",
        May::Only(&["web", "crawl", "probe", "rules", "finding", "engine", "report", "notify", "store", "audit"]),
    ),
    ("fleet", May::Only(&["web", "rules", "report", "crawl", "store", "audit", "config"])),
    ("serve", May::Only(&["report", "rules", "store", "verdict"])),
    ("cli", May::AllBut(&[])),
];

/// What the map says in its column "may import".
impl May {
    pub(super) fn words(&self) -> String {
        let list = |rooms: &[&str]| rooms.join(", ");
        match self {
            Self::Only([]) => "nothing".to_string(),
            Self::Only(rooms) => list(rooms),
            Self::AllBut([]) => "everything".to_string(),
            Self::AllBut(rooms) => format!("everything but {}", list(rooms)),
        }
    }

    fn import(&self, room: &str) -> bool {
        match self {
            Self::Only(rooms) => rooms.contains(&room),
            Self::AllBut(rooms) => !rooms.contains(&room),
        }
    }
}

/// The imports of a file that its room may not have, as `path:line room may not import room`.
pub(super) fn forbidden(text: &Text) -> Vec<String> {
    let home = module(&text.path);
    let Some(room) = home.first() else { return Vec::new() };
    let Some((_, may)) = ROOMS.iter().find(|(name, _)| name == room) else {
        return vec![format!("{}: `{room}` is no room of the map", text.path)];
    };
    let named = rooms_named(text);
    let wrong = named.into_iter().filter(|(_, other)| other != room && !may.import(other));
    wrong.map(|(at, other)| format!("{}: {room} may not import {other}", text.at(at))).collect()
}

/// Every room that a file names, with the offset.
pub(super) fn rooms_named(text: &Text) -> Vec<(usize, String)> {
    let code = text.code.as_str();
    let home = module(&text.path);
    let inner = inner_modules(code);
    let mut found = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        if !continues_word(code, at) {
            found.extend(heads(&code[at + word.len()..]).into_iter().map(|room| (at, room)));
        }
    }
    for (at, _) in code.match_indices("super::") {
        if continues_word(code, at) || code[..at].ends_with("super::") {
            continue;
        }
        let mut rest = &code[at..];
        let mut climbed = 0;
        while let Some(shorter) = rest.strip_prefix("super::") {
            (rest, climbed) = (shorter, climbed + 1);
        }
        let depth = home.len() + inner.iter().filter(|(start, end)| (*start..*end).contains(&at)).count();
        if climbed == depth {
            found.extend(heads(rest).into_iter().map(|room| (at, room)));
        }
    }
    found
}

/// The module path of a file of `src/`; empty for the crate itself.
fn module(path: &str) -> Vec<&str> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| !matches!(*part, "lib" | "main")).collect()
}

/// Bodies of modules written inside the file: from the opening to the closing brace.
fn inner_modules(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("mod ") {
        let rest = &code[at + word.len()..];
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if !continues_word(code, at) && rest[name..].trim_start().starts_with('{') {
            let open = at + word.len() + rest.find('{').expect("the line above found it");
            found.push((open, closing(code, open)));
        }
    }
    found
}

/// The first names of a path or of a group of paths: `a::b` is a; `{a, b::{c, d}}` is a and b.
fn heads(rest: &str) -> Vec<String> {
    let Some(group) = rest.trim_start().strip_prefix('{') else { return head(rest).into_iter().collect() };
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let mut start = 0;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.extend(head(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(head(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn head(path: &str) -> Option<String> {
    let path = path.trim_start();
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    let name = if path.starts_with('*') { "*" } else { &path[..end] };
    (!name.is_empty()).then(|| name.to_string())
}

fn continues_word(code: &str, at: usize) -> bool {
    code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[test]
fn imports_are_found_however_they_are_spelled() {
    let samples: &[(&str, &str, &[&str])] = &[
        ("src/facts/page.rs", "use crate::web::Capture;", &["web"]),
        ("src/facts/page.rs", "use crate::{html, web::{Capture, Hop}};", &["html", "web"]),
        ("src/facts/page.rs", "fn f() -> crate::engine::X { todo() }", &["engine"]),
        ("src/facts/page.rs", "use super::super::engine;", &["engine"]),
        ("src/facts/page.rs", "use super::super::{engine, cli};", &["engine", "cli"]),
        ("src/facts/page.rs", "use super::Place;", &[]),
        ("src/facts/mod.rs", "use super::cli;", &["cli"]),
        ("src/facts/page.rs", "mod tests { use super::super::Place; }", &[]),
        ("src/facts/page.rs", "mod tests { use super::super::super::cli; }", &["cli"]),
        ("src/facts/page.rs", "// crate::cli\nlet words = \"crate::cli\";", &[]),
        ("src/facts/page.rs", "use crate::*;", &["*"]),
        ("src/facts/page.rs", "pub(crate) fn f() {}", &[]),
    ];
    for (path, source, want) in samples {
        let got: Vec<String> = rooms_named(&Text::of(*path, *source)).into_iter().map(|(_, room)| room).collect();
        assert_eq!(got, *want, "{path}: {source}");
    }
}

#[test]
fn an_import_against_the_table_is_named_with_its_line() {
    let text = Text::of("src/web/capture.rs", "//! A capture.\n\nuse crate::rules::Rule;\n");
    assert_eq!(forbidden(&text), ["src/web/capture.rs:3: web may not import rules"]);
}
