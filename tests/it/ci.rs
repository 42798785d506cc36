//! `docs/ci.md` as a script: the commands are taken from the page and run as they stand there, over an old site that changes.

use regex::Regex;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PAGE: &str = include_str!("../../docs/ci.md");

/// The commands of the blocks of one language, in the order of the page.
fn commands(language: &str) -> Vec<String> {
    let block = Regex::new(&format!("(?s)```{language}\n(.*?)```")).expect("a constant pattern");
    let lines = block.captures_iter(PAGE).flat_map(|block| block[1].lines().map(str::to_string).collect::<Vec<_>>());
    lines.filter(|line| line.contains("idea-audit ")).collect()
}

/// A folder with the old site as its build.
fn project() -> PathBuf {
    let folder = tempfile::tempdir().expect("a temporary folder").keep();
    let legacy = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites/legacy");
    assert!(
        Command::new("cp").arg("-R").args([&legacy, &folder.join("public")]).status().expect("cp is there").success()
    );
    folder
}

/// Runs a command as a shell would, with the program of this build on the path.
fn shell(folder: &Path, command: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_idea-audit"));
    let beside = program.parent().expect("the program is in a folder").to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(beside).chain(std::env::split_paths(&path)))
        .expect("folders have no colon");
    let mut shell = Command::new("sh");
    // The day is fixed, so that the same pages stay the same.
    shell.args(["-c", command]).current_dir(folder).env("PATH", path).env("IDEA_AUDIT_TODAY", "2026-11-22");
    shell.output().expect("there is a shell")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_commands_of_the_page_make_a_baseline_and_then_name_only_what_a_change_adds() {
    let folder = project();
    let commands = commands("sh");
    let [baseline, gate, diff, machine] = &commands[..] else { panic!("the page has four commands: {commands:?}") };

    let first = shell(&folder, baseline);
    assert_eq!(first.status.code(), Some(0), "the first run fails nothing: {}", told(&first));
    let same = shell(&folder, gate);
    assert_eq!(same.status.code(), Some(0), "an unchanged site passes: {}", told(&same));

    let page = folder.join("public/index.html");
    let text = String::from_utf8_lossy(&std::fs::read(&page).unwrap()).into_owned();
    let at = text.to_ascii_lowercase().rfind("</body>").expect("the old page ends its body");
    let picture = "<img src=\"/new-lock.jpg\" width=\"90\" height=\"60\">";
    std::fs::write(&page, format!("{}{picture}{}", &text[..at], &text[at..])).unwrap();
    let changed = shell(&folder, gate);
    assert_eq!(changed.status.code(), Some(1), "{}", told(&changed));
    let errors = String::from_utf8_lossy(&changed.stderr).into_owned();
    let named: Vec<&str> = errors.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(named.len(), 1, "only the new failure is named:\n{errors}");
    assert!(named[0].contains("accessibility/image-alternative at https://www.agency.example/"), "{errors}");
    for file in
        ["report.json", "report.html", "report.sarif", "report.xml", "summary.md", "gl-code-quality-report.json"]
    {
        assert!(folder.join(file).metadata().is_ok_and(|there| there.len() > 0), "{file} is written");
    }

    let people = shell(&folder, diff);
    assert_eq!(people.status.code(), Some(1), "{}", told(&people));
    assert_eq!(told(&people).matches("\n  - ").count(), 1, "{}", told(&people));
    let program = shell(&folder, machine);
    assert_eq!(program.status.code(), Some(0), "{}", told(&program));
    assert!(folder.join("changes.json").is_file());

    let annotate = shell(&folder, "idea-audit report report.json --format github");
    assert_eq!(told(&annotate).matches("::error ").count(), 1, "{}", told(&annotate));
}

#[test]
fn every_pipeline_on_the_page_runs_commands_that_the_script_has_run() {
    let run = commands("sh");
    let gate = &run[1];
    for command in commands("yaml") {
        let command = command.trim().trim_start_matches("- ");
        assert!(
            command == gate
                || PAGE.contains(&format!("`{command}`"))
                || command == "idea-audit report report.json --format github",
            "{command}"
        );
    }
    let pages = commands("json");
    let scripts: serde_json::Value = serde_json::from_str(
        PAGE.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has a package.json"),
    )
    .expect("it is JSON");
    assert_eq!(pages.len(), 1);
    let folder = project();
    std::fs::rename(folder.join("public"), folder.join("_site")).unwrap();
    let audit = scripts["scripts"]["audit"].as_str().expect("it is a command");
    let first = shell(&folder, &run[0].replace("./public", "./_site"));
    assert_eq!(first.status.code(), Some(0), "{}", told(&first));
    let second = shell(&folder, audit);
    assert_eq!(second.status.code(), Some(0), "{}", told(&second));
}
