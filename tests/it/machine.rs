//! What a test needs of the machine beyond this crate.
//!
//! In: a name. Out: a command, or a skip that is printed. Invariant: with `IDEA_AUDIT_REQUIRE_ALL=1` nothing is skipped for want of a
//! tool: what is missing fails the test.

/// Says that a test is skipped for want of something; fails it where everything is required.
pub fn lacks(what: &str) {
    let required = std::env::var_os("IDEA_AUDIT_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "IDEA_AUDIT_REQUIRE_ALL=1, and there is no {what}");
    println!("skipped: this machine has no {what}");
}

/// The command of a Chromium without a window, Debian's name first.
pub fn chromium() -> Option<&'static str> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&folders).collect();
    let is_there = |name: &&str| folders.iter().any(|folder| folder.join(name).is_file());
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(is_there);
    if found.is_none() {
        lacks("Chromium");
    }
    found
}
