//! What the program is made of: licences, sources, pins, one TLS stack, and the list of parts.
//!
//! In: `Cargo.lock`, `deny.toml`, `cargo metadata` of what is on this machine. Nothing is asked of the network, so known
//! vulnerabilities are not looked at here; `cargo deny check advisories` does that, where its database can be had.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

/// The tree of dependencies for the platform the tests run on.
static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let told = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let told = String::from_utf8(told.stdout).expect("is text");
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("metadata is JSON")
});

fn read(name: &str) -> toml::Table {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("the file is there");
    text.parse().expect("the file is TOML")
}

fn word(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_string()
}

/// Names and versions of the lock file.
fn locked() -> Vec<(String, String, Option<String>)> {
    let lock = read("Cargo.lock");
    let packages = lock["package"].as_array().expect("a list");
    let text = |table: &toml::Value, key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_string);
    packages
        .iter()
        .map(|package| {
            let name = text(package, "name").expect("a package has a name");
            (name, text(package, "version").expect("and a version"), text(package, "source"))
        })
        .collect()
}

/// Who asks for a package.
fn users(name: &str) -> Vec<String> {
    let asks = |package: &&Value| {
        package["dependencies"].as_array().is_some_and(|list| list.iter().any(|one| one["name"] == name))
    };
    METADATA["packages"].as_array().expect("a list").iter().filter(asks).map(|package| word(package, "name")).collect()
}

/// Packages that are linked into the program or run while it is built, not those of the tests: name and version. Metadata
/// would name more: it adds up the features that tests ask for.
static SHIPPED: LazyLock<BTreeSet<(String, String)>> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--edges", "normal,build", "--locked", "--offline", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("is text");
    let pair = |line: &str| {
        let mut words = line.split(' ');
        Some((words.next()?.to_string(), words.next()?.strip_prefix('v')?.to_string()))
    };
    text.lines().filter_map(pair).filter(|(name, _)| name != "idea-audit").collect()
});

fn is_shipped(package: &Value) -> bool {
    SHIPPED.contains(&(word(package, "name"), word(package, "version")))
}

fn packages() -> impl Iterator<Item = &'static Value> {
    METADATA["packages"].as_array().expect("a list").iter().filter(|package| package["source"].is_string())
}

/// Whether an expression (SPDX 3, annex B; and the "/" of old manifests) can be met with what is allowed.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = either(&words, &mut at, allowed);
    met && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= both(words, at, allowed);
    }
    met
}

fn both(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = either(words, at, allowed);
        let closed = words.get(*at) == Some(&")");
        *at += usize::from(closed);
        return met && closed;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
        // An exception only permits more.
    }
    allowed.contains(*word)
}

#[test]
fn expressions_of_licences_are_read_as_spdx_means_them() {
    let allowed: BTreeSet<String> = ["MIT", "Apache-2.0", "Zlib"].map(str::to_string).into();
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("GPL-3.0-only/MIT", true),
        ("(MIT OR GPL-2.0) AND Zlib", true),
        ("(MIT AND GPL-2.0) OR BSL-1.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("", false),
        ("MIT Zlib", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

#[test]
fn every_part_has_a_licence_that_is_allowed() {
    let deny = read("deny.toml");
    let names = |list: &toml::Value| -> BTreeSet<String> {
        list.as_array().expect("a list").iter().filter_map(|name| name.as_str().map(str::to_string)).collect()
    };
    let allowed = names(&deny["licenses"]["allow"]);
    let exceptions: BTreeMap<String, BTreeSet<String>> = deny["licenses"]["exceptions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["name"].as_str().expect("a name").to_string(), names(&one["allow"])))
        .collect();
    let mut wrong = Vec::new();
    for package in packages() {
        let (name, licence) = (word(package, "name"), word(package, "license"));
        let mut mine = allowed.clone();
        mine.extend(exceptions.get(&name).cloned().unwrap_or_default());
        if !is_met(&licence, &mine) {
            wrong.push(format!("{name} {}: {licence:?}", word(package, "version")));
        }
    }
    assert!(wrong.is_empty(), "licences that deny.toml does not allow:\n{}", wrong.join("\n"));
}

#[test]
fn every_part_comes_from_the_registry_and_heavy_ones_come_once() {
    let deny = read("deny.toml");
    let lock = locked();
    let strange: Vec<_> = lock
        .iter()
        .filter(|(name, _, source)| {
            name != "idea-audit"
                && !source
                    .as_deref()
                    .is_some_and(|source| source.starts_with("registry+https://github.com/rust-lang/crates.io-index"))
        })
        .collect();
    assert!(strange.is_empty(), "not from the registry: {strange:?}");
    for ban in deny["bans"]["deny"].as_array().expect("a list") {
        let name = ban["name"].as_str().expect("a name");
        let once = ban.get("deny-multiple-versions").and_then(toml::Value::as_bool) == Some(true);
        let there: BTreeSet<String> = packages()
            .filter(|package| package["name"] == name && is_shipped(package))
            .map(|package| word(package, "version"))
            .collect();
        assert!(there.len() <= usize::from(once), "{name}: {there:?}");
    }
    let tls: Vec<String> = packages()
        .filter(|package| is_shipped(package))
        .map(|package| word(package, "name"))
        .filter(|name| {
            ["rustls", "openssl", "native-tls", "boring", "schannel", "security-framework", "s2n-tls"]
                .contains(&name.as_str())
        })
        .collect();
    assert_eq!(tls, ["rustls"], "one TLS stack");
}

#[test]
fn what_is_not_finished_is_pinned_and_nothing_is_a_wildcard() {
    let manifest = read("Cargo.toml");
    let mut direct = BTreeMap::new();
    for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, asked) in manifest.get(table).and_then(toml::Value::as_table).into_iter().flatten() {
            let version = asked.as_str().or_else(|| asked.get("version").and_then(toml::Value::as_str));
            direct.insert(name.clone(), version.unwrap_or_default().to_string());
        }
    }
    for (name, version) in &direct {
        assert!(!version.is_empty() && !version.contains('*') && !version.contains('>'), "{name} = {version:?}");
    }
    for (name, version, _) in
        locked().iter().filter(|(_, version, _)| version.split('+').next().unwrap_or_default().contains('-'))
    {
        let pinned = |name: &str| direct.get(name).is_some_and(|asked| *asked == format!("={version}"));
        // A part of an engine that is released in one go comes with the part that is pinned.
        let is_part = || !users(name).is_empty() && users(name).iter().all(|user| pinned(user));
        assert!(pinned(name) || is_part(), "{name} {version} is not finished, and nobody pins it");
    }
}

#[test]
fn no_unsafe_code_is_forbidden_for_the_whole_crate() {
    let manifest = read("Cargo.toml");
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
}

/// `.ci/sbom` writes CycloneDX 1.5: every shipped part with its version, licence, checksum and package URL.
#[test]
fn the_list_of_parts_names_what_is_shipped() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3")
        .arg(root.join(".ci/sbom"))
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list: Value = serde_json::from_slice(&output.stdout).expect("the list is JSON");
    assert_eq!((&list["bomFormat"], &list["specVersion"]), (&Value::from("CycloneDX"), &Value::from("1.5")));
    let parts = list["components"].as_array().expect("a list");
    let named: BTreeSet<(String, String)> =
        parts.iter().map(|part| (word(part, "name"), word(part, "version"))).collect();
    let wanted: BTreeSet<(String, String)> = SHIPPED.clone();
    assert!(wanted.len() > 100);
    assert_eq!(wanted.symmetric_difference(&named).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    for part in parts {
        let purl = format!("pkg:cargo/{}@{}", word(part, "name"), word(part, "version"));
        assert_eq!(word(part, "purl"), purl);
        assert!(part["licenses"][0]["expression"].as_str().is_some_and(|licence| !licence.is_empty()), "{purl}");
        assert_eq!(part["hashes"][0]["content"].as_str().map(str::len), Some(64), "{purl}");
    }
    let tests: BTreeSet<String> = ["proptest", "expect-test", "jsonschema", "rcgen"].map(str::to_string).into();
    assert!(!named.iter().any(|(name, _)| tests.contains(name)), "what only tests need is not shipped");
}
