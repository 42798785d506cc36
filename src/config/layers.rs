//! Who said what: defaults, then the file, then the environment, then flags; the last that says something wins.
//!
//! In: flags, variables, a file. Out: one [`Raw`], and for each setting its value with where it came from. Invariant: a list is taken
//! whole from one layer; a variable that is nearly the name of a setting is refused; secrets are not shown. Tested below and in
//! `tests/it/config.rs`.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::de::{DeTable, Deserializer};
use toml::{Table, Value};

use super::settings::{Kind, PREFIX, SETTINGS, Setting};
use super::{ConfigError, FILE_NAME, Raw};

/// The variable that names the file.
const FILE_VARIABLE: &str = "IDEA_AUDIT_CONFIG";
/// How like a setting's name a variable has to be to be taken for a slip.
const SLIP: f64 = 0.9;

/// Where a value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// Nobody gave one.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => to.write_str("default"),
            Self::File(path) => write!(to, "{}", path.display()),
            Self::Variable(name) => to.write_str(name),
            Self::Flag => to.write_str("command line"),
        }
    }
}

/// A setting as it counts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// Its key; a dot stands between a table and its key.
    pub key: &'static str,
    /// Its value as TOML; `None` where there is none.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// The layers, strongest first.
#[derive(Debug)]
pub struct Layers {
    flags: Raw,
    environment: Raw,
    file: Raw,
    path: Option<PathBuf>,
}

impl Layers {
    /// Reads the environment, and the file that a flag or a variable names, else `idea-audit.toml` where there is one.
    ///
    /// # Errors
    /// For a file that cannot be read, a key or variable that means nothing, and a value of the wrong kind.
    pub fn read(
        flags: Raw,
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let ours = variables.into_iter().filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty());
        let mut ours: Vec<(String, String)> = ours.collect();
        ours.sort();
        let named = ours.iter().position(|(name, _)| name == FILE_VARIABLE).map(|at| ours.remove(at).1);
        let path = file.map(Path::to_path_buf).or_else(|| named.map(PathBuf::from));
        let path = path.or_else(|| Some(PathBuf::from(FILE_NAME)).filter(|path| path.is_file()));
        Ok(Self {
            flags,
            environment: environment(&ours)?,
            file: path.as_deref().map(Raw::load).transpose()?.unwrap_or_default(),
            path,
        })
    }

    /// What counts.
    pub fn raw(self) -> Raw {
        self.flags.or(self.environment.or(self.file))
    }

    /// Every setting with its value and where it came from, in the order of the file that `init` writes.
    pub fn shown(&self) -> Vec<Shown> {
        let layers = [&self.flags, &self.environment, &self.file].map(|raw| Table::try_from(raw).unwrap_or_default());
        let shown = |setting: &Setting| {
            let given = layers.iter().enumerate().find_map(|(at, layer)| Some((at, value(layer, setting.key)?)));
            let (origin, text) = match given {
                None => (Origin::Default, setting.default.to_string()),
                Some((at, value)) => {
                    let origin = match (at, &self.path) {
                        (0, _) => Origin::Flag,
                        (2, Some(path)) => Origin::File(path.clone()),
                        (_, _) => Origin::Variable(setting.variable()),
                    };
                    (origin, if setting.is_secret() { "\"(hidden)\"".to_string() } else { told(value) })
                }
            };
            Shown { key: setting.key, value: Some(text).filter(|text| !text.is_empty()), origin }
        };
        SETTINGS.iter().map(shown).collect()
    }
}

/// A value as people write it: 2, not 2.0.
fn told(value: &Value) -> String {
    match value {
        Value::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// What a layer says of a setting; an empty list says nothing.
fn value<'t>(layer: &'t Table, key: &str) -> Option<&'t Value> {
    let found = match key.split_once('.') {
        Some((table, key)) => layer.get(table)?.get(key),
        None => layer.get(key),
    };
    found.filter(|value| !value.as_array().is_some_and(Vec::is_empty))
}

fn environment(variables: &[(String, String)]) -> Result<Raw, ConfigError> {
    let mut table = Table::new();
    for (name, text) in variables {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == *name) else {
            refuse_slip(name)?;
            continue;
        };
        let value = written(setting, name, text)?;
        match setting.key.split_once('.') {
            Some((outer, key)) => {
                let inner = table.entry(outer).or_insert_with(|| Value::Table(Table::new()));
                inner.as_table_mut().expect("only tables have keys with a dot").insert(key.to_string(), value);
            }
            None => drop(table.insert(setting.key.to_string(), value)),
        }
    }
    // By way of its text, as a file: another kind of reader would make the code of every key once more.
    let text = table.to_string();
    DeTable::parse(&text).and_then(|table| Raw::deserialize(Deserializer::from(table))).map_err(|error| {
        ConfigError::of(format!("the environment: {}", error.message()), "mend or unset the IDEA_AUDIT_ variable")
    })
}

/// Other programs may have variables with our prefix; one that is nearly a setting is a slip that would do nothing.
fn refuse_slip(name: &str) -> Result<(), ConfigError> {
    let bare = name.trim_start_matches(PREFIX);
    let likeness = |setting: &Setting| strsim::jaro_winkler(bare, setting.variable().trim_start_matches(PREFIX));
    let nearest = SETTINGS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|setting| likeness(setting) > SLIP) {
        Some(setting) => Err(ConfigError::of(
            format!("the variable {name} gives no setting"),
            format!("did you mean {}? `idea-audit config show` names every setting", setting.variable()),
        )),
        None => Ok(()),
    }
}

fn written(setting: &Setting, name: &str, text: &str) -> Result<Value, ConfigError> {
    let wrong =
        |shape: &str| ConfigError::of(format!("{name} is not {shape}"), format!("set it to {shape}, or unset it"));
    let list = |separator: char| {
        let words = text.split(separator).map(str::trim).filter(|word| !word.is_empty());
        Value::Array(words.map(|word| Value::String(word.to_string())).collect())
    };
    match setting.kind {
        Kind::Text | Kind::Secret => Ok(Value::String(text.to_string())),
        Kind::Whole => {
            let number = text.trim().parse().ok().filter(|number: &i64| *number >= 0);
            number.map(Value::Integer).ok_or_else(|| wrong("a whole number"))
        }
        Kind::Decimal => text.trim().parse().map(Value::Float).map_err(|_| wrong("a number")),
        Kind::Switch => match text.trim() {
            "true" | "1" => Ok(Value::Boolean(true)),
            "false" | "0" => Ok(Value::Boolean(false)),
            _ => Err(wrong("true or false")),
        },
        Kind::List => Ok(list(',')),
        Kind::SecretLines => Ok(list('\n')),
        Kind::Conditions => Ok(list(';')),
        Kind::Tables => Err(ConfigError::of(
            format!("{name} cannot be a variable"),
            format!("write [[{}]] into {FILE_NAME}", setting.key),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(flags: Raw, variables: &[(&str, &str)]) -> Result<Layers, String> {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        Layers::read(flags, None, variables).map_err(|error| error.to_string())
    }

    fn shown(layers: &Layers, key: &str) -> (Option<String>, Origin) {
        let shown = layers.shown().into_iter().find(|one| one.key == key).expect("the key is a setting");
        (shown.value, shown.origin)
    }

    #[test]
    fn each_kind_of_variable_is_read() {
        let variables = [
            ("IDEA_AUDIT_MAX_PAGES", "7"),
            ("IDEA_AUDIT_RATE", "0.5"),
            ("IDEA_AUDIT_NO_FOLLOW", "true"),
            ("IDEA_AUDIT_SELECT", "accessibility, 1.1.1"),
            ("IDEA_AUDIT_FAIL_ON", "critical;new,medium"),
            ("IDEA_AUDIT_HEADER", "A: b, c\nD: e"),
            ("IDEA_AUDIT_PROFILE_BRANCH", "executive"),
            ("IDEA_AUDIT_MAX_DEPTH", ""),
            ("IDEA_AUDIT_SHARED", "a folder of the tests"),
            ("HOME", "/home"),
        ];
        let raw = of(Raw::default(), &variables).unwrap().raw();
        assert_eq!((raw.max_pages, raw.rate, raw.no_follow, raw.max_depth), (Some(7), Some(0.5), Some(true), None));
        assert_eq!(raw.select, ["accessibility", "1.1.1"]);
        assert_eq!(raw.fail_on, ["critical", "new,medium"]);
        assert_eq!(raw.header, ["A: b, c", "D: e"]);
        assert_eq!(raw.profile.branch.as_deref(), Some("executive"));
    }

    #[test]
    fn a_variable_that_cannot_be_meant_is_refused() {
        for (name, value, says) in [
            ("IDEA_AUDIT_MAX_PAGSE", "7", "did you mean IDEA_AUDIT_MAX_PAGES"),
            ("IDEA_AUDIT_MAX_PAGES", "many", "a whole number"),
            ("IDEA_AUDIT_MAX_PAGES", "-1", "a whole number"),
            ("IDEA_AUDIT_RATE", "fast", "a number"),
            ("IDEA_AUDIT_INSECURE", "perhaps", "true or false"),
            ("IDEA_AUDIT_LEVEL", "x", "[[level]]"),
        ] {
            let error = of(Raw::default(), &[(name, value)]).map(|_| ()).expect_err(name);
            assert!(error.contains(says), "{name}={value}: {error}");
        }
    }

    #[test]
    fn flags_win_over_variables_and_secrets_are_not_shown() {
        let flags = Raw { max_pages: Some(3), auth: Some("user:secret".to_string()), ..Raw::default() };
        let layers = of(flags, &[("IDEA_AUDIT_MAX_PAGES", "7"), ("IDEA_AUDIT_SKIP", "search")]).unwrap();
        let some = |text: &str| Some(text.to_string());
        assert_eq!(shown(&layers, "max-pages"), (some("3"), Origin::Flag));
        assert_eq!(shown(&layers, "skip"), (some("[\"search\"]"), Origin::Variable("IDEA_AUDIT_SKIP".to_string())));
        assert_eq!(shown(&layers, "timeout"), (some("30"), Origin::Default));
        assert_eq!(shown(&layers, "max-depth"), (None, Origin::Default));
        assert_eq!(shown(&layers, "auth"), (some("\"(hidden)\""), Origin::Flag));
        assert_eq!(layers.raw().max_pages, Some(3));
    }
}
