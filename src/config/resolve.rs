//! From what was typed to a plan.
//!
//! In: [`Raw`] values and the day. Out: a [`Plan`]. Invariant: everything that can be wrong is found here, before anything is
//! fetched. Tested in `tests/it/cli.rs`.

use jiff::civil::Date;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

use super::answers::{self, day};
use super::hosts;
use super::list::{self, Listed};
use super::target::{self, Named};
use super::{ConfigError, Raw, Written, keeping};
use crate::audit::{DocumentSettings, Pages, Plan, Rendering, Target};
use crate::crawl::{Certificates, Follow, Settings, Span, Subdomains};
use crate::engine::Days;
use crate::finding::Exceptions;
use crate::report::ListProblem;
use crate::rules::{DomainList, Profile, RuleSet, Selection, bundled_domains};
use crate::web::glob::Glob;

/// What `--compare-agent` says it is: a browser that many people use.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// The plan for what was typed.
///
/// # Errors
/// A [`ConfigError`] for the first thing that cannot be carried out.
pub fn plan(raw: &Raw, today: Date) -> Result<Plan, ConfigError> {
    understood(raw, today).map_err(|error| ConfigError::of(shown(&error.what), error.todo))
}

fn understood(raw: &Raw, today: Date) -> Result<Plan, ConfigError> {
    let Some(_) = raw.targets.first() else {
        return Err(ConfigError::of(
            "no target",
            "name a URL, a folder of a built site, a page file, @list.txt or a CSV file",
        ));
    };
    let Targets { targets, owners, list_problems } = targets(raw)?;
    let publish_at = publish_at(raw, &targets)?;
    let set = RuleSet::with_folders(&raw.rules).map_err(|diagnostics| {
        ConfigError::of(diagnostics.to_string(), "mend the rule files; `idea-audit rules test DIR` shows this again")
    })?;
    let selection = Selection { select: raw.select.clone(), skip: raw.skip.clone() };
    let selected = selection
        .of(&set)
        .map_err(|error| ConfigError::of(error.to_string(), "`idea-audit rules list` shows all rules"))?;
    let today = day("today", raw.today.as_deref())?.unwrap_or(today);
    let days = Days { today, policy_as_of: day("policy-as-of", raw.policy_as_of.as_deref())?.unwrap_or(today) };
    let crawl = settings(raw, &targets)?;
    let exceptions = exceptions(raw, &set)?;
    let interval = crawl.interval;
    let documents = documents(raw, &targets)?;
    Ok(Plan {
        targets,
        list_problems,
        typed: raw.targets.iter().map(|word| shown(word)).collect(),
        publish_at,
        crawl,
        probe: hosts::probe(raw, seconds("probe-timeout", raw.probe_timeout)?, interval)?,
        rendering: rendering(raw)?,
        documents,
        preloaded: hosts::preloaded(raw)?,
        set,
        selected,
        profile: answers::profile(&raw.profile)?,
        owners,
        domains: domains(raw)?,
        days,
        exceptions,
        baseline: None,
        alone: Default::default(),
        ledger: None,
    })
}

/// Which pages are measured; by which program, knows who runs it.
fn rendering(raw: &Raw) -> Result<Rendering, ConfigError> {
    let pages = match raw.render.as_deref() {
        // Of many sites the front pages are looked at: their style is asked for, too, and each asks other people's servers.
        None if keeping::names_a_list(raw) => Pages::Home,
        Some("all") | None => Pages::All,
        Some("sample") => Pages::Sample,
        Some("home") => Pages::Home,
        Some("off") => Pages::None,
        Some(word) => {
            return Err(ConfigError::of(
                format!("--render {word} is none of all, sample, home, off"),
                "write --render home to measure home pages only, or --render off to measure nothing",
            ));
        }
    };
    Ok(Rendering { pages, worker: None })
}

/// The exceptions of the configuration file and of the files it or the command line names.
fn exceptions(raw: &Raw, set: &RuleSet) -> Result<Exceptions, ConfigError> {
    let named = raw.waivers.iter().map(|path| Written::load(path)).collect::<Result<Vec<_>, _>>()?;
    Written::exceptions(&[&raw.written[..], &named].concat(), set)
}

/// What there is to look at, and what lists say of it.
#[derive(Default)]
struct Targets {
    targets: Vec<Target>,
    owners: BTreeMap<String, Profile>,
    list_problems: Vec<ListProblem>,
}

fn targets(raw: &Raw) -> Result<Targets, ConfigError> {
    let mut all = Targets::default();
    for word in &raw.targets {
        let listed = match target::named(word)? {
            Named::Web(url) => Listed { urls: vec![url], ..Listed::default() },
            Named::Folder(path) => {
                all.targets.push(Target::Folder(path));
                continue;
            }
            Named::Lines(path) => with_contact(raw, list::lines(&path)?)?,
            Named::Csv(path) => with_contact(raw, list::csv(&path)?)?,
        };
        all.targets.extend(listed.urls.into_iter().map(Target::Web));
        all.owners.extend(listed.owners);
        all.list_problems.extend(listed.problems);
    }
    Ok(all)
}

/// Somebody who asks many hosts says who they are.
fn with_contact(raw: &Raw, listed: Listed) -> Result<Listed, ConfigError> {
    if raw.contact.is_none() {
        return Err(ConfigError::of(
            "a list of targets needs --contact",
            "add --contact URL or --contact mail@agency.example, so that site owners can reach you; it goes into the User-Agent",
        ));
    }
    Ok(listed)
}

fn publish_at(raw: &Raw, targets: &[Target]) -> Result<Option<Url>, ConfigError> {
    let Some(word) = &raw.publish_at else { return Ok(None) };
    let folders = targets.iter().filter(|target| matches!(target, Target::Folder(_))).count();
    if folders != 1 {
        return Err(ConfigError::of(
            format!("--as names the address of one folder, and there are {folders}"),
            "scan one folder or page file at a time with --as",
        ));
    }
    let mut url = target::web(word)?;
    // A web address can lose its user and password.
    let _ = (url.set_username(""), url.set_password(None));
    if url.query().is_some() || url.fragment().is_some() {
        return Err(ConfigError::of(
            format!("--as {word} has a query or a fragment"),
            "write --as https://host or --as https://host/path",
        ));
    }
    Ok(Some(url))
}

fn settings(raw: &Raw, targets: &[Target]) -> Result<Settings, ConfigError> {
    let defaults = Settings::default();
    let max_pages = positive("max-pages", raw.max_pages)?;
    let span = keeping::span(raw)?;
    let sampled = match span {
        Span::Sample(pages) => Some(pages),
        Span::Full | Span::Home => None,
    };
    let only_folders = targets.iter().all(|target| matches!(target, Target::Folder(_)));
    let mut headers = raw.header.iter().map(|line| header(line)).collect::<Result<Vec<_>, _>>()?;
    if !raw.cookie.is_empty() {
        headers.push(("cookie".to_string(), raw.cookie.join("; ")));
    }
    Ok(Settings {
        user_agent: user_agent(raw)?,
        browser_name: (raw.compare_agent == Some(true)).then(|| BROWSER.to_string()),
        concurrency: positive("concurrency", raw.concurrency)?.unwrap_or(defaults.concurrency),
        interval: rate("rate", raw.rate)?.map(|rate| Duration::from_secs_f64(1.0 / rate)),
        per_ip_rate: rate("ip-rate", raw.ip_rate)?,
        my_sites: raw.my_site.clone(),
        allow_private: parsed("allow-private", &raw.allow_private, "a network such as 10.0.0.0/8")?,
        timeout: seconds("timeout", raw.timeout)?.unwrap_or(defaults.timeout),
        max_time: seconds("max-time", raw.max_time)?,
        max_bytes: positive("max-bytes", raw.max_bytes)?,
        max_run_time: seconds("max-run-time", raw.max_run_time)?,
        max_body: positive("max-body", raw.max_body)?.unwrap_or(defaults.max_body),
        max_pages: if only_folders {
            max_pages
        } else {
            max_pages.into_iter().chain(sampled).min().or(defaults.max_pages)
        },
        span,
        max_depth: raw.max_depth,
        include: globs("include", &raw.include)?,
        exclude: globs("exclude", &raw.exclude)?,
        include_subdomains: if raw.include_subdomains == Some(true) {
            Subdomains::Included
        } else {
            Subdomains::Separate
        },
        follow: if raw.no_follow == Some(true) || span == Span::Home { Follow::Named } else { Follow::Links },
        headers,
        auth: raw.auth.as_deref().map(credentials).transpose()?,
        proxy: raw.proxy.as_deref().map(proxy).transpose()?,
        resolve: raw.resolve.iter().map(|pin| pinned(pin)).collect::<Result<_, _>>()?,
        certificates: if raw.insecure == Some(true) { Certificates::Unverified } else { Certificates::Verified },
        more_roots: hosts::roots(raw)?,
        ..defaults
    })
}

/// Documents a site: all of a folder, which costs nobody a request, unless somebody says otherwise.
fn documents(raw: &Raw, targets: &[Target]) -> Result<DocumentSettings, ConfigError> {
    let defaults = DocumentSettings::default();
    let only_folders = targets.iter().all(|target| matches!(target, Target::Folder(_)));
    let octets = positive("max-document-bytes", raw.max_document_bytes)?;
    Ok(DocumentSettings {
        most: if only_folders { raw.max_documents } else { raw.max_documents.or(defaults.most) },
        most_octets: if only_folders { octets } else { octets.or(defaults.most_octets) },
        program: None,
    })
}

/// Text that may be printed: the addresses in it have lost user and password.
fn shown(text: &str) -> String {
    let edge = |c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\'' | '<' | '>');
    text.split_inclusive(edge).map(without_user).collect()
}

/// A word without what stands before the "@" of its host. A word that is no address, and could be one with a password
/// that broke it, loses everything before its last "@".
fn without_user(word: &str) -> String {
    let start = word.find("://").map_or(0, |at| at + 3);
    let (before, rest) = word.split_at(start);
    let whole = start > 0 && Url::parse(word.trim_end_matches(|c: char| !c.is_alphanumeric())).is_ok();
    let end = if whole { rest.find(['/', '?', '#']).unwrap_or(rest.len()) } else { rest.len() };
    match rest[..end].rfind('@') {
        Some(at) if start > 0 || rest[..at].contains(':') => format!("{before}{}", &rest[at + 1..]),
        Some(_) | None => word.to_string(),
    }
}

/// Honest and stable: the program, its version and whom to write to.
fn user_agent(raw: &Raw) -> Result<String, ConfigError> {
    if raw.user_agent.as_ref().is_some_and(|agent| agent.chars().any(char::is_control)) {
        return Err(ConfigError::of(
            "--user-agent has a control character, such as a line break",
            "write it on one line, as --user-agent 'agency-audit/1.0'",
        ));
    }
    if let Some(contact) = raw.contact.as_deref().filter(|contact| !reaches_somebody(contact)) {
        return Err(ConfigError::of(
            format!("--contact {contact:?} is neither a web address nor a mail address"),
            "write --contact https://www.agency.example/contact or --contact web@agency.example",
        ));
    }
    let name = concat!("idea-audit/", env!("CARGO_PKG_VERSION"));
    Ok(match (&raw.user_agent, &raw.contact) {
        (Some(agent), Some(contact)) if !agent.contains(contact.as_str()) => format!("{agent} (+{contact})"),
        (Some(agent), _) => agent.clone(),
        (None, Some(contact)) => format!("{name} (+{contact})"),
        (None, None) => format!("{name} (website audit; no contact given)"),
    })
}

/// True for an http or https URL and for a mail address, with nothing that ends the comment of a User-Agent.
fn reaches_somebody(contact: &str) -> bool {
    if !contact.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '<' | '>' | '"' | '\\')) {
        return false;
    }
    if contact.contains("://") {
        return Url::parse(contact).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    }
    let mail = contact.strip_prefix("mailto:").unwrap_or(contact);
    mail.split_once('@').is_some_and(|(name, host)| {
        let labels_fit =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        !name.is_empty() && host.split('.').all(labels_fit)
    })
}

fn header(line: &str) -> Result<(String, String), ConfigError> {
    let (name, value) = line.split_once(':').ok_or_else(|| {
        ConfigError::of(format!("--header {line}: there is no colon"), "write it as --header 'Name: value'")
    })?;
    Ok((name.trim().to_string(), value.trim().to_string()))
}

fn credentials(word: &str) -> Result<(String, String), ConfigError> {
    // The value is a secret, so it is not repeated.
    let (user, password) = word
        .split_once(':')
        .ok_or_else(|| ConfigError::of("--auth has no colon", "write it as --auth user:password"))?;
    Ok((user.to_string(), password.to_string()))
}

fn proxy(word: &str) -> Result<Url, ConfigError> {
    let wrong = || {
        ConfigError::of(
            format!("--proxy {word} is not a proxy address"),
            "write http://host:port, https://host:port or socks5://host:port",
        )
    };
    let url = Url::parse(word).map_err(|_| wrong())?;
    if matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") && url.host().is_some() {
        Ok(url)
    } else {
        Err(wrong())
    }
}

fn pinned(word: &str) -> Result<(String, IpAddr), ConfigError> {
    let wrong =
        || ConfigError::of(format!("--resolve {word} is not host:ip"), "write --resolve www.agency.example:127.0.0.1");
    let (host, ip) = word.split_once(':').ok_or_else(wrong)?;
    let ip = ip.trim_start_matches('[').trim_end_matches(']').parse().map_err(|_| wrong())?;
    if host.is_empty() { Err(wrong()) } else { Ok((host.to_ascii_lowercase(), ip)) }
}

fn globs(flag: &str, words: &[String]) -> Result<Vec<Glob>, ConfigError> {
    let glob = |word: &String| {
        Glob::parse(word)
            .map_err(|error| ConfigError::of(format!("--{flag} {word}: {error}"), "write it as /news/** or /about"))
    };
    words.iter().map(glob).collect()
}

fn parsed<T: std::str::FromStr>(flag: &str, words: &[String], shape: &str) -> Result<Vec<T>, ConfigError> {
    let one = |word: &String| {
        word.parse().map_err(|_| ConfigError::of(format!("--{flag} {word} is not {shape}"), format!("write {shape}")))
    };
    words.iter().map(one).collect()
}

fn positive<T: PartialEq + From<u8>>(flag: &str, value: Option<T>) -> Result<Option<T>, ConfigError> {
    if value == Some(T::from(0)) {
        return Err(ConfigError::of(format!("--{flag} 0 does nothing"), "write a number from 1"));
    }
    Ok(value)
}

fn rate(flag: &str, value: Option<f64>) -> Result<Option<f64>, ConfigError> {
    match value {
        Some(rate) if !(rate > 0.0 && rate.is_finite()) => Err(ConfigError::of(
            format!("--{flag} {rate} is not a rate"),
            "write requests a second: 2, or 0.1 for one in ten seconds",
        )),
        other => Ok(other),
    }
}

fn seconds(flag: &str, value: Option<f64>) -> Result<Option<Duration>, ConfigError> {
    value
        .map(Duration::try_from_secs_f64)
        .transpose()
        .ok()
        .filter(|time| time.is_none_or(|time| !time.is_zero()))
        .ok_or_else(|| ConfigError::of(format!("--{flag} is not a time"), "write seconds above 0: 30, or 2.5"))
}

/// The list somebody named first, then the one that comes with the program.
fn domains(raw: &Raw) -> Result<Vec<DomainList>, ConfigError> {
    let mut lists = Vec::new();
    let mend = "name a CSV with the columns of the published .gov list";
    if let Some(path) = &raw.dotgov {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::of(format!("--dotgov {}: {error}", path.display()), mend))?;
        let list = DomainList::parse(&path.display().to_string(), &text);
        lists.push(list.map_err(|diagnostic| ConfigError::of(diagnostic.to_string(), mend))?);
    }
    lists.push(bundled_domains().map_err(|diagnostic| ConfigError::of(diagnostic.to_string(), "please report it"))?);
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_has_no_password() {
        for (text, expect) in [
            ("https://user:secret@a.example/x@y", "https://a.example/x@y"),
            ("https://a.example/user:x@y", "https://a.example/user:x@y"),
            ("https://user@a.example", "https://a.example"),
            ("https://user:se/cret@a.example", "https://a.example"),
            ("user:secret@a.example", "a.example"),
            ("`https://user:sec@ret@a.example` is not a web address: x", "`https://a.example` is not a web address: x"),
            ("@list.txt", "@list.txt"),
            ("site@2", "site@2"),
            ("mail@agency.example", "mail@agency.example"),
        ] {
            assert_eq!(shown(text), expect);
        }
        let plan = plan(
            &Raw { targets: vec!["https://user:secret@a.example/".to_string()], ..Raw::default() },
            Date::constant(2026, 1, 1),
        );
        assert_eq!(plan.expect("is understood").typed, ["https://a.example/"]);
        let broken = Raw { targets: vec!["https://user:secret@:x".to_string()], ..Raw::default() };
        let error = super::plan(&broken, Date::constant(2026, 1, 1)).err().expect("is refused");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
