//! `idea-audit explain`: what a rule asks, why, by which law, and how to mend it.
//!
//! In: a rule's id. Out: text on standard output. Tested in `tests/it/cli.rs`.

use clap::Args as ClapArgs;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use super::exit::{Exit, Failure};
use super::rules::load;
use crate::config::ConfigError;
use crate::rules::{OnFail, Rule, RuleSet, Standards};

/// Say what a rule asks, why, by which law, and how to mend it.
#[derive(ClapArgs)]
pub(super) struct Args {
    /// The rule's id, such as security/hsts-max-age
    #[arg(value_name = "RULE")]
    rule: String,
    /// A folder with rule packs of your own
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let set = one(args)?;
    let Some(rule) = set.find(&args.rule) else {
        if let Some(off) = set.disabled.iter().find(|off| off.rule.as_str() == args.rule) {
            let what = format!("`{}` is disabled by {}: {}", off.rule, off.origin, off.reason);
            return Err(ConfigError::of(what, "leave the folder out to read about the rule").into());
        }
        let near: Vec<&str> = set
            .rules
            .iter()
            .map(|rule| rule.id.as_str())
            .filter(|id| id.contains(&args.rule) || strsim::jaro_winkler(id, &args.rule) > 0.85)
            .take(5)
            .collect();
        let todo = if near.is_empty() {
            "`idea-audit rules list` shows all rules".to_string()
        } else {
            format!("perhaps {}", near.join(", "))
        };
        return Err(ConfigError::of(format!("there is no rule `{}`", args.rule), todo).into());
    };
    io::stdout()
        .write_all(words(rule, &set).as_bytes())
        .map_err(Failure::io("standard output", "is somebody still reading?"))?;
    Ok(Exit::Fine)
}

/// The rule alone, which is quick, where it can be no other than the bundled one; else all rules, to look among.
fn one(args: &Args) -> Result<RuleSet, Failure> {
    match RuleSet::bundled_one(&args.rule) {
        Ok(set) if args.rules.is_empty() && !set.rules.is_empty() => Ok(set),
        Ok(_) | Err(_) => load(&args.rules),
    }
}

fn words(rule: &Rule, set: &RuleSet) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line(format!("{}\n{}\n", rule.id, rule.title));
    line(format!("impact       {}", rule.impact.as_str()));
    line(format!("obligation   {}", rule.says().as_str()));
    if rule.on_fail == OnFail::CantTell {
        line("conclusion   a machine cannot know: findings need review".to_string());
    }
    for cite in &rule.cites {
        if let Some(source) = set.sources.find(&cite.source) {
            let confirm = if source.to_be_confirmed { " (wording to be confirmed)" } else { "" };
            line(format!(
                "cites        {}, {}: {}{confirm}\n             {}",
                source.title,
                cite.part,
                cite.says.as_str(),
                source.url
            ));
        }
    }
    for key in &rule.serves {
        if let Some(row) = set.requirements.find(key) {
            line(format!("serves       {key}: {}", row.title));
        }
    }
    for (name, ids) in names(&rule.standards) {
        line(format!("{name:<13}{}", ids.join(", ")));
    }
    line(format!("check        {} (looks at each {})", rule.check_name, rule.check.scope().as_str()));
    rule.parameters.lines().for_each(|parameter| line(format!("             {parameter}")));
    if let Some(change) = &rule.overridden {
        line(format!("changed      by {}: {}", change.origin, change.reason));
    }
    for (name, text) in
        [("What", &rule.text.what), ("Why", &rule.text.why), ("Fix", &rule.text.fix), ("Limits", &rule.text.limits)]
    {
        line(format!("\n{name}\n  {}", text.trim().replace('\n', "\n  ")));
    }
    line("\nExamples".to_string());
    for example in rule.examples() {
        line(format!("  {:<14} {}", example.expect.words(), example.name));
    }
    out
}

fn names(standards: &Standards) -> impl Iterator<Item = (&'static str, &Vec<String>)> {
    [
        ("catalogue", &standards.catalogue),
        ("wcag", &standards.wcag),
        ("act", &standards.act),
        ("axe", &standards.axe),
        ("trusted-tester", &standards.trusted_tester),
        ("gsa", &standards.gsa),
        ("scangov", &standards.scangov),
    ]
    .into_iter()
    .filter(|(_, ids)| !ids.is_empty())
}
