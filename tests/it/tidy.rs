//! The rules of the house, kept by reading the source as text: who may import whom, how long things may be, what may not be
//! written anywhere.
//!
//! In: the files of this package. Out: a list of `file:line what is wrong`. Invariant: every rule that CONTRIBUTING.md states
//! as kept by a test is one `#[test]` here.

mod functions;
mod imports;
mod tree;

use regex::Regex;
use std::collections::BTreeSet;

use functions::functions;
use imports::ROOMS;
use tree::{Text, files, paths, rust};

/// Longest opening comment of a file, in lines.
const OPENING: usize = 12;
/// Longest file without its tests, in lines.
const FILE: usize = 500;
/// Longest function without a reason, in lines.
const FUNCTION: usize = 60;

/// What stands at the top level.
const TOP: [&str; 21] = [
    ".cargo",
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "benches",
    "build.rs",
    "deny.toml",
    "docs",
    "fixtures",
    "fuzz",
    "rules",
    "rustfmt.toml",
    "src",
    "tests",
];

/// Fails with the whole list, so that one run shows everything.
fn none(what: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

/// The places where a pattern is found in a view of the files.
fn places(files: &[Text], view: impl Fn(&Text) -> &str, pattern: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("the patterns of this file are constants");
    let mut found = Vec::new();
    for text in files {
        found.extend(
            pattern.find_iter(view(text)).map(|hit| format!("{}: {}", text.at(hit.start()), hit.as_str().trim())),
        );
    }
    found
}

/// The Rust that is shipped, with blanks where its tests stood.
fn shipped() -> Vec<Text> {
    let sources = files(&["src", "benches", "build.rs"], &[".rs"]);
    let tests: BTreeSet<String> = sources.iter().flat_map(Text::test_files).collect();
    let shipped = sources.iter().filter(|text| !tests.contains(&text.path));
    shipped.map(|text| Text::of(text.path.clone(), text.outside_tests())).collect()
}

/// Everything people or programs read, as far as it is text.
fn everything() -> Vec<Text> {
    files(&["."], &[".rs", ".toml", ".md", ".html", ".htm", ".json", ".xml", ".txt", ".css", "run"])
}

#[test]
fn the_top_level_holds_what_belongs_there_and_nothing_else() {
    let git = std::process::Command::new("git").args(["ls-files"]).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let Some(listed) = git.ok().filter(|output| output.status.success()) else {
        return crate::machine::lacks("git that lists the files of the project");
    };
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let top: BTreeSet<&str> = listed.lines().filter_map(|path| path.split('/').next()).collect();
    let strange = top.into_iter().filter(|name| !TOP.contains(name)).map(str::to_string).collect();
    none("files and folders at the top level that do not belong there", strange);
}

#[test]
fn every_room_imports_only_the_rooms_the_table_allows() {
    none(
        "imports against the table of ARCHITECTURE.md",
        files(&["src"], &[".rs"]).iter().flat_map(imports::forbidden).collect(),
    );
}

#[test]
fn the_map_shows_the_rooms_and_the_imports_that_are_kept() {
    let map =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/ARCHITECTURE.md")).expect("the map is there");
    let table =
        map.split("## Rooms").nth(1).expect("the map has a section Rooms").split("\n## ").next().unwrap_or_default();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let shown: Vec<(String, String)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            (cells[1].trim_matches('`').to_string(), cells.get(3).unwrap_or(&"").replace('`', ""))
        })
        .collect();
    let kept: Vec<(String, String)> = ROOMS.iter().map(|(room, may)| (room.to_string(), may.words())).collect();
    assert_eq!(shown, kept);
}

#[test]
fn the_rooms_of_the_crate_are_the_rooms_of_the_table() {
    let lib = files(&["src/lib.rs"], &[".rs"]).pop().expect("there is a library");
    let module = Regex::new(r"(?m)^pub mod (\w+);").expect("a constant pattern");
    let built: BTreeSet<&str> =
        module.captures_iter(&lib.code).filter_map(|hit| hit.get(1)).map(|name| name.as_str()).collect();
    assert_eq!(built, ROOMS.iter().map(|(room, _)| *room).collect());
}

#[test]
fn every_file_opens_with_what_it_does_in_at_most_twelve_lines() {
    let mut found = Vec::new();
    for text in rust() {
        match text.whole.lines().take_while(|line| line.starts_with("//!")).count() {
            0 => found.push(format!("{}:1: no opening `//!`", text.path)),
            lines if lines > OPENING => found.push(format!("{}:1: {lines} lines of `//!`", text.path)),
            _ => {}
        }
    }
    none("opening comments", found);
}

#[test]
fn no_file_is_longer_than_a_person_reads_in_one_sitting() {
    let mut found = Vec::new();
    for text in files(&["src", "benches"], &[".rs"]) {
        let tests: usize = text.test_modules().iter().map(|(start, end)| text.line(*end) - text.line(*start) + 1).sum();
        let lines = text.whole.lines().count().saturating_sub(tests);
        if lines > FILE {
            found.push(format!("{}:1: {lines} lines without tests", text.path));
        }
    }
    none(&format!("files over {FILE} lines"), found);
}

#[test]
fn no_function_is_longer_than_a_screen_without_saying_why() {
    let mut found = Vec::new();
    for text in shipped() {
        for f in functions(&text).into_iter().filter(|f| f.lines > FUNCTION && !f.reason) {
            found.push(format!(
                "{}: `{}` has {} lines; split it or write `// long: why` above",
                text.at(f.start),
                f.name,
                f.lines
            ));
        }
    }
    none(&format!("functions over {FUNCTION} lines"), found);
}

#[test]
fn no_file_or_module_is_named_for_nothing() {
    let empty = Regex::new(r"^(utils?|helpers?|common|managers?|misc)(_|$)|_(utils?|helpers?|manager)$")
        .expect("a constant pattern");
    let module = Regex::new(r"\bmod (\w+)").expect("a constant pattern");
    let mut found = Vec::new();
    for text in rust() {
        if text.path.trim_end_matches(".rs").split('/').any(|part| empty.is_match(part)) {
            found.push(format!("{}:1", text.path));
        }
        let named =
            module.captures_iter(&text.code).filter_map(|hit| hit.get(1)).filter(|name| empty.is_match(name.as_str()));
        found.extend(named.map(|name| format!("{}: mod {}", text.at(name.start()), name.as_str())));
    }
    none("names that say nothing of what is inside", found);
}

#[test]
fn functions_are_named_for_what_they_give_and_imports_name_what_they_take() {
    let shipped = shipped();
    let mut found = places(&shipped, |text| &text.code, r"(?m)(\bpub\b[^\n]*|^)\bfn get_\w+");
    found.extend(places(&shipped, |text| &text.code, r"\buse [\w:]+::\*;"));
    none("`get_` says nothing, and a glob hides where a name comes from", found);
}

#[test]
fn no_test_is_switched_off() {
    none("ignored tests", places(&rust(), |text| &text.code, r"#!?\[\s*(cfg_attr\([^\]]*)?ignore\b"));
}

#[test]
fn no_test_waits_by_sleeping() {
    let sleep = Regex::new(r"\bsleep(_until)?\s*\(").expect("a constant pattern");
    let mut found = Vec::new();
    for text in rust().iter().filter(|text| text.is_test()) {
        let lines: Vec<&str> = text.whole.lines().collect();
        for hit in sleep.find_iter(&text.code) {
            let line = text.line(hit.start());
            let near = lines[line.saturating_sub(2)..line].iter();
            if !near.into_iter().any(|line| line.contains("// paces:")) {
                found.push(format!(
                    "{}: wait for what you wait for; a server that plays slow says `// paces: why`",
                    text.at(hit.start())
                ));
            }
        }
    }
    none("sleeping tests", found);
}

#[test]
fn no_test_opens_a_connection_beyond_loopback() {
    let opened = Regex::new(r#"\b(connect|bind)\(\s*\(?\s*"([^"]*)""#).expect("a constant pattern");
    let near = |host: &str| ["127.", "localhost", "[::1]", "::1"].iter().any(|loopback| host.starts_with(loopback));
    let mut found = Vec::new();
    for text in rust() {
        for hit in opened.captures_iter(&text.whole) {
            let start = hit.get(0).map_or(0, |all| all.start());
            if !near(&hit[2]) && text.code.as_bytes()[start] != b' ' {
                found.push(format!("{}: {}", text.at(start), &hit[2]));
            }
        }
    }
    found.extend(places(&rust(), |text| &text.whole, r#"Command::new\("(curl|wget|ping|dig|nslookup)"\)"#));
    none("connections beyond loopback", found);
}

#[test]
fn every_test_file_is_part_of_the_one_test_binary() {
    let main = files(&["tests/it/main.rs"], &[".rs"]).pop().expect("the test binary has a main file");
    let module = Regex::new(r"(?m)^mod (\w+);").expect("a constant pattern");
    let built: BTreeSet<String> = module.captures_iter(&main.code).map(|hit| hit[1].to_string()).collect();
    let there = paths("tests").into_iter().filter_map(|path| {
        let name = path.strip_prefix("tests/it/")?.strip_suffix(".rs")?.to_string();
        (!name.contains('/') && name != "main").then_some(name)
    });
    assert_eq!(built, there.collect::<BTreeSet<_>>());
    let astray: Vec<String> =
        paths("tests").into_iter().filter(|path| path.ends_with(".rs") && !path.starts_with("tests/it/")).collect();
    none("a second test binary links everything again", astray);
}

#[test]
fn every_source_file_is_compiled() {
    let sources = files(&["src"], &[".rs"]);
    let mut found = Vec::new();
    for text in sources.iter().filter(|text| !matches!(&text.path[..], "src/lib.rs" | "src/main.rs")) {
        let module = text.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let (folder, name) = module.rsplit_once('/').unwrap_or_default();
        let parents = [format!("{folder}/mod.rs"), format!("{folder}.rs"), format!("{folder}/lib.rs")];
        let declared = Regex::new(&format!(r"\bmod {name};")).expect("module names are plain words");
        if !sources.iter().any(|parent| parents.contains(&parent.path) && declared.is_match(&parent.code)) {
            found.push(format!("{}: no `mod {name};` in {}", text.path, parents[0]));
        }
    }
    none("files that nothing compiles", found);
}

#[test]
fn every_fixture_is_used_and_described() {
    let about = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/README.md"))
        .expect("fixtures are described");
    let readers: Vec<Text> = files(&["rules", "tests", "src", "benches"], &[".toml", ".rs"]);
    let named = |word: &str| about.contains(word) || readers.iter().any(|text| text.whole.contains(word));
    let mut found = Vec::new();
    for path in paths("fixtures").into_iter().filter(|path| path != "fixtures/README.md") {
        let parts: Vec<&str> = path.split('/').collect();
        let used = match parts[..] {
            [_, "hostile", target, _] => named(&format!("fuzz(\"{target}\"")),
            [_, "sites", site, _, ..] => named(&format!("sites/{site}")) || named(&format!("site = \"{site}\"")),
            _ => named(parts.last().unwrap_or(&"")),
        };
        if !used {
            found.push(format!("{path}: nothing names it"));
        }
    }
    none("unused fixtures", found);
}

#[test]
fn no_law_lives_in_rust() {
    const LAW: &str = concat!(
        r"\bM-\d\d-\d\d\b|\bOMB M-|\bA-11\b|\bBOD[ -]\d\d|\bE\.O\.|\bEO[ -]\d{4,}|Executive Order",
        r"|\bU\.?S\.?C\.? ?(§|\d)|Public Law|\bPub\. ?L\.|\bCFR\b|\bNIST SP\b|Section 508|\bFOIA\b|No FEAR",
        r"|Privacy Act|Plain Writing Act|E-Government Act|Paperwork Reduction",
    );
    // The pages that unit tests are played on may speak of anything.
    let shipped = shipped();
    none("laws and memos belong into rules/", places(&shipped, |text| &text.whole, LAW));
}

#[test]
fn nothing_is_left_unfinished_in_the_code() {
    let mut found = places(&rust(), |text| &text.code, r"\b(todo|unimplemented|dbg)!\s*[(\[{]");
    // In two pieces, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("HA", "CK:")].join("|");
    found.extend(places(&everything(), |text| &text.whole, &format!(r"\b({marks})")));
    none("unfinished code, and promises without a date", found);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let mut found = places(&everything(), |text| &text.whole, r"(?m)(^|[^\w.~:%*-])/(work|root)/");
    let untested = everything().into_iter().filter(|text| !text.is_test());
    let untested: Vec<Text> = untested.map(|text| Text::of(text.path.clone(), text.outside_tests())).collect();
    found.extend(places(&untested, |text| &text.whole, r"(?m)(^|[^\w.~:%*-])/tmp/"));
    none("absolute paths of a machine", found);
}

#[test]
fn the_views_of_a_source_keep_comments_code_and_literals_apart() {
    let source = "let a = 'x'; // it's \"one\"\nlet b: &'static str = r#\"two // \"no\"\"#; /* { /* } */ */ let c = '\\'';\nlet d = \"ü\\\"//\";";
    let text = Text::of("src/a.rs", source);
    assert_eq!(
        text.code.split_whitespace().collect::<Vec<_>>().join(" "),
        "let a = ; let b: &'static str = ; let c = ; let d = ;"
    );
    assert_eq!(
        text.strings.split_whitespace().collect::<Vec<_>>().join(" "),
        "'x' r#\"two // \"no\"\"# '\\'' \"ü\\\"//\""
    );
    assert_eq!(text.code.len(), source.len());
}
