//! Every setting there is, by the one name it has as flag, key and variable.
//!
//! In: nothing. Out: [`SETTINGS`]. Invariant: the table, [`Raw`](super::Raw), the file that `init` writes and
//! `docs/config.schema.json` hold the same keys. Tested in `tests/it/config.rs`.

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key; a dot stands between a table and its key.
    pub key: &'static str,
    /// How it is written in a variable.
    pub kind: Kind,
    /// Its value, as TOML, where nobody gives one; empty where there is none.
    pub default: &'static str,
}

/// How a setting is written in a variable.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// As it is.
    Text,
    /// As it is, and never shown.
    Secret,
    /// A whole number.
    Whole,
    /// A number that may have a fraction.
    Decimal,
    /// `true` or `false`.
    Switch,
    /// Words between commas.
    List,
    /// A line each, and never shown.
    SecretLines,
    /// Conditions between semicolons.
    Conditions,
    /// Tables; only a file can hold them.
    Tables,
}

const fn of(key: &'static str, kind: Kind, default: &'static str) -> Setting {
    Setting { key, kind, default }
}

/// Every setting, in the order of the file that `init` writes.
pub const SETTINGS: &[Setting] = &[
    of("targets", Kind::List, "[]"),
    of("as", Kind::Text, ""),
    of("my-site", Kind::List, "[]"),
    of("contact", Kind::Text, ""),
    of("allow-private", Kind::List, "[]"),
    of("include", Kind::List, "[]"),
    of("exclude", Kind::List, "[]"),
    of("include-subdomains", Kind::Switch, "false"),
    of("no-follow", Kind::Switch, "false"),
    of("plan", Kind::Text, "\"full\""),
    of("max-pages", Kind::Whole, "500"),
    of("max-depth", Kind::Whole, ""),
    of("max-time", Kind::Decimal, ""),
    of("max-bytes", Kind::Whole, ""),
    of("max-body", Kind::Whole, "10485760"),
    of("max-run-time", Kind::Decimal, ""),
    of("max-documents", Kind::Whole, "50"),
    of("max-document-bytes", Kind::Whole, "104857600"),
    of("concurrency", Kind::Whole, "64"),
    of("rate", Kind::Decimal, "1"),
    of("ip-rate", Kind::Decimal, "10"),
    of("timeout", Kind::Decimal, "30"),
    of("user-agent", Kind::Text, ""),
    of("compare-agent", Kind::Switch, "false"),
    of("render", Kind::Text, "\"all\""),
    of("header", Kind::SecretLines, "[]"),
    of("cookie", Kind::SecretLines, "[]"),
    of("auth", Kind::Secret, ""),
    of("proxy", Kind::Secret, ""),
    of("resolve", Kind::List, "[]"),
    of("insecure", Kind::Switch, "false"),
    of("ca-file", Kind::List, "[]"),
    of("no-tls-probe", Kind::Switch, "false"),
    of("probe-timeout", Kind::Decimal, "5"),
    of("dns-server", Kind::Text, ""),
    of("hsts-preload", Kind::Text, ""),
    of("rules", Kind::List, "[]"),
    of("dotgov", Kind::Text, ""),
    of("select", Kind::List, "[]"),
    of("skip", Kind::List, "[]"),
    of("today", Kind::Text, ""),
    of("policy-as-of", Kind::Text, ""),
    of("fail-on", Kind::Conditions, "[\"high\"]"),
    of("store", Kind::Secret, ""),
    of("resume", Kind::Switch, "false"),
    of("changed-only", Kind::Switch, "false"),
    of("baseline", Kind::Text, ""),
    of("max-new", Kind::Whole, ""),
    of("waivers", Kind::List, "[]"),
    of("min-coverage", Kind::Decimal, "0"),
    of("webhook", Kind::Secret, ""),
    of("webhook-secret", Kind::Secret, ""),
    of("level", Kind::Tables, "[]"),
    of("profile.branch", Kind::Text, ""),
    of("profile.role", Kind::Text, ""),
    of("profile.tld", Kind::Text, ""),
    of("profile.agency", Kind::Text, ""),
    of("profile.acronym", Kind::Text, ""),
    of("profile.bureau", Kind::Text, ""),
    of("profile.high-impact", Kind::Switch, ""),
    of("profile.launched", Kind::Text, ""),
    of("profile.search-exempt", Kind::Switch, ""),
    of("profile.small-place", Kind::Switch, ""),
];

/// Keys of the file that are no settings: what people decided about findings.
pub const EXCEPTIONS: [&str; 2] = ["waiver", "review"];

impl Setting {
    /// The variable that gives it: `IDEA_AUDIT_MAX_PAGES`.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.replace(['-', '.'], "_").to_ascii_uppercase())
    }

    /// True when its value is nobody else's business.
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::SecretLines)
    }
}

/// What the name of every variable begins with.
pub const PREFIX: &str = "IDEA_AUDIT_";
