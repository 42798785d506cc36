//! The configuration: one list of settings behind flags, variables, the file, its template and its schema.

use idea_audit::config::{EXCEPTIONS, FILE_NAME, SETTINGS, TEMPLATE};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use crate::sinks::check_valid;

const SCHEMA: &str = include_str!("../../docs/config.schema.json");

static VALID: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is a schema")
});

/// The file that `init` writes with every setting taken out of its comment.
fn whole_file() -> String {
    let setting = |line: &str| line.contains(" = ") || line.starts_with("[[");
    TEMPLATE
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| setting(rest)).unwrap_or(line))
        .fold(String::new(), |all, line| all + line + "\n")
}

/// A configuration file as an editor hands it to a schema: days are words.
fn as_json(text: &str) -> Value {
    fn plain(value: toml::Value) -> Value {
        match value {
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, plain(value))).collect(),
            toml::Value::Array(list) => list.into_iter().map(plain).collect(),
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(flag) => flag.into(),
            toml::Value::Datetime(day) => day.to_string().into(),
        }
    }
    plain(toml::Value::Table(text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"))))
}

fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
    program.args(arguments).current_dir(folder).envs(variables.iter().copied());
    program.output().expect("the program starts")
}

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn empty() -> PathBuf {
    tempfile::tempdir().expect("a temporary folder").keep()
}

#[test]
fn the_schema_holds_the_keys_that_are_read_and_no_others() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut described = BTreeSet::new();
    for (key, property) in schema["properties"].as_object().unwrap() {
        match property.get("properties").and_then(Value::as_object) {
            Some(inner) => described.extend(inner.keys().map(|inner| format!("{key}.{inner}"))),
            None => drop(described.insert(key.clone())),
        }
    }
    let read: BTreeSet<String> =
        SETTINGS.iter().map(|setting| setting.key.to_string()).chain(EXCEPTIONS.map(str::to_string)).collect();
    assert_eq!(described, read);
    // What the loader itself takes: it names every key it knows when it meets one it does not.
    let folder = empty();
    std::fs::write(folder.join(FILE_NAME), whole_file()).unwrap();
    let shown = said(&run(&folder, &["config", "show"], &[]));
    let from_file = shown.lines().filter(|line| line.ends_with(FILE_NAME)).count();
    assert_eq!(from_file, SETTINGS.len(), "init writes every key, and each is read:\n{shown}");
}

#[test]
fn what_init_writes_is_what_the_schema_says() {
    for text in [TEMPLATE, &whole_file()] {
        check_valid(&VALID, &as_json(text));
    }
    assert!(as_json(&whole_file())["waiver"][0]["where"]["url"].is_string());
    for (from, to) in [
        ("max-pages", "max-pagse"),
        ("reason = ", "# "),
        ("expires = 2027-01-31", "expires = \"soon\""),
        ("branch = \"executive\"", "branch = \"federal\""),
        ("outcome = \"passed\"", "outcome = \"fine\""),
    ] {
        let broken = whole_file().replacen(from, to, 1);
        assert!(!VALID.is_valid(&as_json(&broken)), "{to}");
        let folder = empty();
        std::fs::write(folder.join(FILE_NAME), &broken).unwrap();
        let refused = run(&folder, &["scan", "ftp://a.example/"], &[]);
        let words = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2));
        let later = to.starts_with("branch");
        assert!(later || words.contains("idea-audit.toml:"), "{to} is shown at its place:\n{words}");
    }
}

#[test]
fn an_unknown_key_is_shown_at_its_place_with_the_nearest_one() {
    let folder = empty();
    for (text, says) in [
        ("max-pagse = 3\n", ["idea-audit.toml:1:1", "did you mean `max-pages`"]),
        ("[profile]\nbrnch = \"executive\"\n", ["idea-audit.toml:2:1", "did you mean `branch`"]),
        ("[[level]]\npath = \"/x\"\nfailon = \"high\"\n", ["idea-audit.toml:3:1", "did you mean `fail-on`"]),
        ("[[waivers]]\nrule = \"a/b\"\n", ["idea-audit.toml:1:1", "help"]),
    ] {
        std::fs::write(folder.join(FILE_NAME), text).unwrap();
        let refused = run(&folder, &["scan", "agency.example"], &[]);
        let words = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{words}");
        assert!(says.iter().all(|part| words.contains(part)) && words.contains('^'), "{says:?} in\n{words}");
    }
}

#[test]
fn defaults_give_way_to_the_file_it_to_the_environment_and_that_to_flags() {
    let folder = empty();
    let show = |flags: &[&str], variables: &[(&str, &str)]| {
        let shown = said(&run(&folder, &[&["config", "show"], flags].concat(), variables));
        let line =
            shown.lines().find(|line| line.starts_with("max-pages = ")).expect("every setting is shown").to_string();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let variable = [("IDEA_AUDIT_MAX_PAGES", "20")];
    assert_eq!(show(&[], &[]), "max-pages = 500 # default");
    std::fs::write(folder.join(FILE_NAME), "max-pages = 10\n").unwrap();
    assert_eq!(show(&[], &[]), "max-pages = 10 # idea-audit.toml");
    assert_eq!(show(&[], &variable), "max-pages = 20 # IDEA_AUDIT_MAX_PAGES");
    assert_eq!(show(&["--max-pages", "30"], &variable), "max-pages = 30 # command line");
    std::fs::write(folder.join("other.toml"), "max-pages = 40\n").unwrap();
    assert_eq!(show(&[], &[("IDEA_AUDIT_CONFIG", "other.toml")]), "max-pages = 40 # other.toml");
    assert_eq!(
        show(&["--config", FILE_NAME], &[("IDEA_AUDIT_CONFIG", "other.toml")]),
        "max-pages = 10 # idea-audit.toml"
    );
    let refused = run(&folder, &["config", "show"], &[("IDEA_AUDIT_MAX_PAGSE", "1")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean IDEA_AUDIT_MAX_PAGES"));
}

#[test]
fn what_config_show_prints_is_a_file_that_says_the_same() {
    let folder = empty();
    let flags = [
        "config",
        "show",
        "--select",
        "search,security",
        "--profile",
        "executive",
        "--auth",
        "me:secret",
        "--fail-on",
        "new,high",
    ];
    let first = said(&run(&folder, &flags, &[]));
    assert!(!first.contains("me:secret"), "{first}");
    std::fs::write(folder.join("saved.toml"), &first).unwrap();
    let second = said(&run(&folder, &["config", "show", "--config", "saved.toml"], &[]));
    let values = |text: &str| {
        text.lines().map(|line| line.split(" # ").next().unwrap_or_default().trim().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(values(&first), values(&second));
}

#[test]
fn the_schema_is_in_the_program() {
    assert_eq!(said(&run(&empty(), &["config", "schema"], &[])), SCHEMA);
}

#[test]
fn the_levels_of_the_file_decide_at_their_addresses() {
    let folder = empty();
    let page = |head: &str| format!("<!doctype html><html lang=en><title>Page</title>{head}<main><h1>Page</h1></main>");
    std::fs::create_dir_all(folder.join("site/archive")).unwrap();
    std::fs::write(folder.join("site/index.html"), page("")).unwrap();
    std::fs::write(folder.join("site/archive/index.html"), page("<img src=x.png>")).unwrap();
    let scan = [
        "scan",
        "site",
        "--as",
        "https://www.agency.example",
        "--select",
        "accessibility/image-alternative",
        "-q",
        "--out",
        "r.json",
    ];
    for (file, code) in [
        ("", 1),
        ("[[level]]\npath = \"/archive/**\"\nfail-on = \"never\"\n", 0),
        ("[[level]]\npath = \"/other/**\"\nfail-on = \"never\"\n", 1),
        ("fail-on = \"never\"\n[[level]]\npath = \"/archive/**\"\nfail-on = [\"medium\", \"must\"]\n", 1),
    ] {
        std::fs::write(folder.join(FILE_NAME), file).unwrap();
        assert_eq!(run(&folder, &scan, &[]).status.code(), Some(code), "{file}");
    }
}
