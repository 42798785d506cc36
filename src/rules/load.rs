//! Every rule: the bundled packs, and packs of an agency's own folder.
//!
//! In: the embedded `rules/` folder, or a folder on disk. Out: [`RuleSet`]. Invariant: rules come sorted by id, and a set that
//! loads has no dangling source, requirement or check. Tested in `tests/it/catalog.rs` and `tests/it/rules.rs`.

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::changes::{self, Changes};
use super::parse::{Parsed, Reading};
use super::{
    Diagnostic, Diagnostics, Disabled, DomainList, NotByMachine, Requirement, Requirements, Rule, RuleId, Source,
    Sources, Status, lint, parse,
};

static BUNDLED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");
static SITES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/sites");

/// Rules with everything they refer to.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// The rules, sorted by id; removed ones are not among them.
    pub rules: Vec<Arc<Rule>>,
    /// What they cite.
    pub sources: Sources,
    /// What they serve.
    pub requirements: Requirements,
    /// Titles and descriptions of packs by name.
    pub packs: BTreeMap<String, Pack>,
    /// Ids of the requirement catalogue that no rule answers, in the order of the file.
    pub not_by_machine: Vec<NotByMachine>,
    /// Ids that were removed and stay taken.
    pub removed: Vec<String>,
    /// What an agency's own packs put in the place of bundled rules.
    pub replaced: Vec<Replaced>,
    /// What an agency's own packs switched off, with the reasons.
    pub disabled: Vec<Disabled>,
}

/// A rule that a rule of the same id, of an agency's own pack, took the place of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Replaced {
    /// The id of both.
    pub id: RuleId,
    /// The folder of the pack.
    pub folder: String,
    /// The folder of the rule that was there before; `None` for a bundled one.
    pub whose: Option<String>,
}

impl Replaced {
    fn of_whom(&self) -> String {
        self.whose.as_ref().map_or("that comes with the program".to_string(), |folder| format!("of {folder}"))
    }
}

impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} replaces the rule of this id {}", self.id, self.folder, self.of_whom())
    }
}

/// The title and the paragraph of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// A few words.
    pub title: String,
    /// A paragraph: what belongs here.
    pub about: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementsFile {
    requirement: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotByMachineFile {
    #[serde(default)]
    id: Vec<NotByMachine>,
}

/// One file of a pack folder: its name and text.
type File = (String, Cow<'static, str>);

impl RuleSet {
    /// The bundled rules, whose examples are read when somebody asks for them.
    ///
    /// # Errors
    /// Diagnostics when a bundled file is broken, which the tests keep from being released.
    pub fn bundled() -> Result<Self, Diagnostics> {
        Self::of(bundled_files(), Reading::Head)
    }

    /// The bundled rules, everything read and held to what an agency's own rules are held to.
    ///
    /// # Errors
    /// As [`RuleSet::bundled`].
    pub fn bundled_whole() -> Result<Self, Diagnostics> {
        Self::of(bundled_files(), Reading::Whole)
    }

    /// One bundled rule with all that it may refer to; no rule when there is none of this id.
    ///
    /// # Errors
    /// As [`RuleSet::bundled`].
    pub fn bundled_one(id: &str) -> Result<Self, Diagnostics> {
        let name = format!("rules/{id}.toml");
        let files = bundled_files().into_iter().filter(|(file, _)| !is_rule(file) || *file == name).collect();
        Self::of(files, Reading::Head)
    }

    /// The bundled rules with an agency's own packs: same ids replace, new ids join, its `sources.toml` adds.
    ///
    /// # Errors
    /// Diagnostics for every file that is no rule, or when the folder cannot be read.
    pub fn with_folders(folders: &[impl AsRef<Path>]) -> Result<Self, Diagnostics> {
        let mut set = Self::bundled()?;
        for folder in folders {
            set = set.joined(folder.as_ref())?;
        }
        Ok(set)
    }

    /// A rule by its id.
    pub fn find(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id.as_str() == id)
    }

    fn of(files: Vec<File>, reading: Reading) -> Result<Self, Diagnostics> {
        let empty = Self {
            rules: Vec::new(),
            sources: Sources::default(),
            requirements: Requirements::default(),
            packs: BTreeMap::new(),
            not_by_machine: Vec::new(),
            removed: Vec::new(),
            replaced: Vec::new(),
            disabled: Vec::new(),
        };
        empty.extended(files, reading, None)
    }

    fn joined(self, folder: &Path) -> Result<Self, Diagnostics> {
        let mut files = Vec::new();
        read_folder(folder, &mut files)?;
        if !files.iter().any(|(name, _)| is_rule(name) || last(name) == changes::FILE) {
            let hint =
                "a pack is a folder of rule files inside it: DIR/<pack>/<rule>.toml; `idea-audit rules new` writes one";
            return Err(whole(&folder.display().to_string(), "", "there is no rule in this folder".to_string(), hint));
        }
        self.extended(files, Reading::Whole, Some(folder.display().to_string()))
    }

    fn extended(mut self, files: Vec<File>, reading: Reading, origin: Option<String>) -> Result<Self, Diagnostics> {
        let mut found = Vec::new();
        let mut parsed = Vec::new();
        let mut changed = Vec::new();
        let (rules, others): (Vec<File>, Vec<File>) = files.into_iter().partition(|(name, _)| is_rule(name));
        for (name, text) in others {
            let taken = match last(&name) {
                changes::FILE if origin.is_some() => Changes::read(&name, &text).map(|changes| changed.push(changes)),
                _ => self.take(&name, &text),
            };
            found.extend(taken.err());
        }
        for read in read_rules(&rules, reading) {
            match read {
                Ok(rule) => parsed.push(rule),
                Err(diagnostic) => found.push(diagnostic),
            }
        }
        for one in &parsed {
            found.extend(lint::rule(one, &self.sources, &self.requirements));
        }
        found.extend(lint::twins(&parsed));
        found.extend(lint::same_ids(&parsed));
        if !found.is_empty() {
            return Err(Diagnostics(found));
        }
        for Parsed { mut rule, .. } in parsed {
            rule.origin.clone_from(&origin);
            if let (Some(held), Some(folder)) = (self.find(rule.id.as_str()), &origin) {
                let whose = held.origin.as_deref().map(|of| of.split(" (").next().unwrap_or(of).to_string());
                let replaced = Replaced { id: rule.id.clone(), folder: folder.clone(), whose };
                rule.origin = Some(format!("{folder} (replaces the rule of this id {})", replaced.of_whom()));
                self.replaced.push(replaced);
            }
            if origin.is_some() {
                self.rules.retain(|held| held.id != rule.id);
            }
            if matches!(rule.status, Status::Removed(_)) {
                self.removed.push(rule.id.to_string());
            } else {
                self.rules.push(Arc::new(rule));
            }
        }
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
        let folder = origin.unwrap_or_default();
        let found: Vec<Diagnostic> = changed.into_iter().flat_map(|one| one.apply(&mut self, &folder)).collect();
        if found.is_empty() { Ok(self) } else { Err(Diagnostics(found)) }
    }

    /// Puts a rule in the place of the one of the same id.
    pub(super) fn replace(&mut self, rule: Rule) {
        if let Some(held) = self.rules.iter_mut().find(|held| held.id == rule.id) {
            *held = Arc::new(rule);
        }
    }

    /// Takes in a file that is no rule.
    fn take(&mut self, name: &str, text: &str) -> Result<(), Diagnostic> {
        match last(name) {
            "sources.toml" => {
                let more: BTreeMap<String, Source> = read(name, text)?;
                self.sources.0.extend(more);
            }
            "requirements.toml" => {
                for row in read::<RequirementsFile>(name, text)?.requirement {
                    match self.requirements.0.iter_mut().find(|held| held.key == row.key) {
                        Some(held) => *held = row,
                        None => self.requirements.0.push(row),
                    }
                }
            }
            "not-by-machine.toml" => {
                for entry in read::<NotByMachineFile>(name, text)?.id {
                    match self.not_by_machine.iter_mut().find(|held| held.id == entry.id) {
                        Some(held) => *held = entry,
                        None => self.not_by_machine.push(entry),
                    }
                }
            }
            "pack.toml" => {
                let pack = name.rsplit(['/', '\\']).nth(1).unwrap_or_default();
                self.packs.insert(pack.to_string(), read(name, text)?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads rule files, several at once where there are many; what comes back is in their order.
fn read_rules(files: &[File], reading: Reading) -> Vec<Result<Parsed, Diagnostic>> {
    /// Files that are not worth a thread.
    const FEW: usize = 50;
    let read =
        |files: &[File]| -> Vec<_> { files.iter().map(|(name, text)| parse::rule(name, text, reading)).collect() };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = files.len().div_ceil(cores).max(FEW);
    let Some((first, rest)) = files.split_at_checked(share).filter(|(_, rest)| !rest.is_empty()) else {
        return read(files);
    };
    thread::scope(|scope| {
        let others: Vec<_> = rest.chunks(share).map(|files| scope.spawn(move || read(files))).collect();
        let mut parsed = read(first);
        for other in others {
            parsed.extend(other.join().unwrap_or_else(|stumble| resume_unwind(stumble)));
        }
        parsed
    })
}

/// What is known of the owners of federal domains, as the program brings it.
///
/// # Errors
/// A diagnostic when the bundled list is broken, which the tests keep from being released.
pub fn bundled_domains() -> Result<DomainList, Diagnostic> {
    let text = BUNDLED.get_file("dotgov.csv").and_then(include_dir::File::contents_utf8).unwrap_or_default();
    DomainList::parse("the dotgov list", text)
}

/// The files of a site of `fixtures/sites`: path within the site and bytes. `None` when there is no such site.
pub fn bundled_site(name: &str) -> Option<Vec<(String, &'static [u8])>> {
    let folder = SITES.get_dir(name)?;
    let mut files = Vec::new();
    collect(folder, name, &mut files);
    files.sort();
    Some(files)
}

fn collect(folder: &Dir<'static>, root: &str, files: &mut Vec<(String, &'static [u8])>) {
    for entry in folder.entries() {
        if let Some(inner) = entry.as_dir() {
            collect(inner, root, files);
        } else if let Some(file) = entry.as_file()
            && let Ok(path) = file.path().strip_prefix(root)
        {
            let contents: &'static [u8] = static_contents(file);
            files.push((path.to_string_lossy().replace('\\', "/"), contents));
        }
    }
}

/// `File::contents` borrows from the file; embedded files are static, which the look-up in the static folder restores.
fn static_contents(file: &include_dir::File<'static>) -> &'static [u8] {
    SITES.get_file(file.path()).map(include_dir::File::contents).unwrap_or_default()
}

fn is_rule(name: &str) -> bool {
    let last = last(name);
    last.ends_with(".toml")
        && !matches!(last, "sources.toml" | "requirements.toml" | "not-by-machine.toml" | "pack.toml" | changes::FILE)
}

/// The last part of a file's name.
fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn bundled_files() -> Vec<File> {
    let mut files = Vec::new();
    embedded(&BUNDLED, "rules", &mut files);
    files
}

fn embedded(folder: &'static Dir<'static>, root: &str, files: &mut Vec<File>) {
    for entry in folder.entries() {
        if let Some(inner) = entry.as_dir() {
            embedded(inner, root, files);
        } else if let Some(file) = entry.as_file()
            && let Some(text) = file.contents_utf8()
        {
            files.push((format!("{root}/{}", file.path().display()), Cow::Borrowed(text)));
        }
    }
    files.sort();
}

fn read_folder(folder: &Path, files: &mut Vec<File>) -> Result<(), Diagnostics> {
    let unreadable = |error: std::io::Error| {
        let message = format!("cannot read the folder: {error}");
        whole(&folder.display().to_string(), "", message, "name a folder of rule packs with --rules")
    };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            read_folder(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            files.push((path.display().to_string(), Cow::Owned(read_text(&path)?)));
        }
    }
    Ok(())
}

fn read_text(path: &Path) -> Result<String, Diagnostics> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        whole(&name, "", format!("cannot read the file: {error}"), "make it readable, or take it out of the folder")
    })?;
    String::from_utf8(bytes)
        .map_err(|_| whole(&name, "", "the file is not UTF-8 text".to_string(), "save the file as UTF-8"))
}

fn read<T: for<'de> Deserialize<'de>>(name: &str, text: &str) -> Result<T, Diagnostic> {
    toml::from_str(text).map_err(|error| Diagnostic {
        file: Arc::from(name),
        source: Arc::from(text),
        span: error.span(),
        message: error.message().to_string(),
        hint: super::diagnostic::hint_from(error.message()),
    })
}

fn whole(file: &str, source: &str, message: String, hint: &str) -> Diagnostics {
    Diagnostics(vec![Diagnostic {
        file: Arc::from(file),
        source: Arc::from(source),
        span: None,
        message,
        hint: Some(hint.to_string()),
    }])
}
