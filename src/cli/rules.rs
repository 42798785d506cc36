//! `idea-audit rules`: list, rehearse and begin rules, and list checks.
//!
//! In: a subcommand. Out: text on standard output; 1 when an example does not come out as its rule says. Tested in
//! `tests/it/cli.rs`.

use clap::{Args as ClapArgs, Subcommand};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::output;
use crate::checks;
use crate::config::ConfigError;
use crate::rehearse::rehearse;
use crate::rules::{RuleSet, WaitsFor};

/// List, rehearse or begin rules.
#[derive(ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List all rules
    List {
        /// A folder with rule packs of your own
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
        /// List what no rule decides instead, with the reasons
        #[arg(long)]
        not_by_machine: bool,
    },
    /// Play the examples of rules
    Test {
        /// A folder with rule packs of your own; the bundled rules without it
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Write the beginning of a rule
    New {
        /// The rule's id: pack/name
        #[arg(value_name = "PACK/RULE")]
        id: String,
        /// The folder of packs to write it into
        #[arg(long, value_name = "DIR", default_value = "rules")]
        dir: PathBuf,
    },
    /// List all checks with their parameters
    Checks,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        Command::List { rules, not_by_machine: false } => list(&load(rules)?),
        Command::List { rules, not_by_machine: true } => list_not_by_machine(&load(rules)?),
        Command::Test { folder } => test(folder.as_deref()),
        Command::New { id, dir } => new(id, dir),
        Command::Checks => list_checks(),
    }
}

/// The bundled rules with those of folders.
pub(super) fn load(folders: &[PathBuf]) -> Result<RuleSet, Failure> {
    let set = RuleSet::with_folders(folders).map_err(|diagnostics| {
        ConfigError::of(diagnostics.to_string(), "mend the rule files; `idea-audit rules test DIR` shows this again")
    })?;
    tell_replaced(&set);
    Ok(set)
}

/// A rule that takes the place of a bundled one is never taken for it in silence.
pub(super) fn tell_replaced(set: &RuleSet) {
    for replaced in &set.replaced {
        let _ = writeln!(io::stderr(), "idea-audit: {replaced}");
    }
    for off in &set.disabled {
        let _ = writeln!(io::stderr(), "idea-audit: {} is disabled by {}: {}", off.rule, off.origin, off.reason);
    }
    for (rule, change) in set.rules.iter().filter_map(|rule| Some((&rule.id, rule.overridden.as_ref()?))) {
        let parameters = change.parameters.lines().collect::<Vec<_>>().join("; ");
        let _ = writeln!(io::stderr(), "idea-audit: {rule} has {parameters} by {}: {}", change.origin, change.reason);
    }
}

fn list(set: &RuleSet) -> Result<Exit, Failure> {
    let width = set.rules.iter().map(|rule| rule.id.as_str().len()).max().unwrap_or(0);
    let lines = set.rules.iter().map(|rule| {
        format!(
            "{:<width$}  {:<8}  {:<6}  {}",
            rule.id.as_str(),
            rule.impact.as_str(),
            rule.says().as_str(),
            rule.title
        )
    });
    let disabled = set.disabled.iter().map(|off| {
        format!(
            "{:<width$}  {:<8}  {:<6}  {} ({}: {})",
            off.rule.as_str(),
            "disabled",
            "",
            off.title,
            off.origin,
            off.reason
        )
    });
    say(lines.chain(disabled))
}

fn list_not_by_machine(set: &RuleSet) -> Result<Exit, Failure> {
    let lines = set.not_by_machine.iter().flat_map(|entry| {
        let waits = match entry.waits_for {
            WaitsFor::Nothing => String::new(),
            other => format!("; waits for: {}", other.as_str()),
        };
        [entry.id.clone(), format!("    {}", entry.reason), format!("    shown: {}{waits}", entry.shown_as)]
    });
    say(lines)
}

fn test(folder: Option<&Path>) -> Result<Exit, Failure> {
    let folders: Vec<PathBuf> = folder.into_iter().map(Path::to_path_buf).collect();
    let set = load(&folders)?;
    let rules: Vec<_> = set
        .rules
        .iter()
        .filter(|rule| folder.is_none() || rule.origin.is_some() || rule.overridden.is_some())
        .collect();
    let mut examples = 0;
    let mut mismatches = Vec::new();
    for rule in &rules {
        examples += rule.examples().len();
        mismatches.extend(rehearse(rule, &set.sources));
    }
    let wrong = mismatches.len();
    let last = match wrong {
        0 => format!("{} rules, {examples} examples: all as they say", rules.len()),
        _ => format!("{} rules, {examples} examples: {wrong} not as they say", rules.len()),
    };
    say(mismatches.iter().map(ToString::to_string).chain([last]))?;
    Ok(if wrong == 0 { Exit::Fine } else { Exit::Findings })
}

fn new(id: &str, folder: &Path) -> Result<Exit, Failure> {
    let kebab =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let Some((pack, name)) = id.split_once('/').filter(|(pack, name)| kebab(pack) && kebab(name)) else {
        return Err(ConfigError::of(
            format!("`{id}` is no rule id"),
            "write pack/name in lower case with hyphens: our-rules/print-button",
        )
        .into());
    };
    let file = folder.join(pack).join(format!("{name}.toml"));
    if file.exists() {
        return Err(ConfigError::of(format!("{} is there already", file.display()), "choose another name").into());
    }
    let made = std::fs::create_dir_all(folder.join(pack));
    made.map_err(Failure::io(
        format!("cannot make {}", folder.join(pack).display()),
        "name a folder you may write to with --dir",
    ))?;
    output::replace(&file, |out| out.write_all(BEGINNING.replace("PACK/RULE", id).as_bytes()))?;
    say([format!("{}: edit it, then run `idea-audit rules test {}`", file.display(), folder.display())])
}

fn list_checks() -> Result<Exit, Failure> {
    let mut lines = Vec::new();
    for entry in checks::ALL {
        lines.push(format!("{} (looks at each {})\n  {}", entry.name, entry.scope.as_str(), entry.asks));
        lines.extend(entry.parameters.iter().map(|(name, meaning)| format!("    {name:<14} {meaning}")));
        lines.push(String::new());
    }
    say(lines)
}

fn say(lines: impl IntoIterator<Item = String>) -> Result<Exit, Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = lines.into_iter().try_for_each(|line| writeln!(out, "{line}")).and_then(|()| out.flush());
    written.map_err(Failure::io("standard output", "is somebody still reading?"))?;
    Ok(Exit::Fine)
}

/// A rule that loads and whose examples come out, to be changed into the one that is meant.
const BEGINNING: &str = r#"id      = "PACK/RULE"
title   = "Pages have a print button"       # true when the site passes; at most 60 characters
impact  = "low"                             # critical, high, medium, low, info
on-fail = "failed"                          # failed, or cantTell where a machine cannot know
status  = { preview = "0.1.0" }             # preview, stable, deprecated, removed
cites   = [ { source = "web-practice", part = "printing", says = "advice" } ]   # keys of sources.toml
serves  = []                                # keys of requirements.toml

[applies-to]                                # only for duties that some sites do not have

[check]                                     # `idea-audit rules checks` lists them
name      = "element-present"
selector  = "button.print"
looks-for = "a print button"

[text]
what   = "A button that prints the page."
why    = "Some people take the page to a place without a screen."
fix    = "Add a button with the class `print` to the page template."
limits = "Only the class is looked at, not whether the button works."

[[example]]
name   = "a page with the button"
expect = "passed"
html   = "<main><button class='print'>Print</button></main>"

[[example]]
name   = "a page without it"
expect = "failed"
html   = "<main><p>Nothing to press.</p></main>"

[[example]]
name    = "a document that is no HTML"
expect  = "inapplicable"
headers = { content-type = "application/xml" }
html    = "<?xml version='1.0'?><list/>"
"#;
