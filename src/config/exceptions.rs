//! Waivers and reviews as people write them.
//!
//! In: `[[waiver]]` and `[[review]]` of `idea-audit.toml` or of a file of their own. Out: [`Written`], then [`Exceptions`] once the rules
//! are known. Invariant: one without a reason, an owner or an end is refused, with the place and what to write; so is a rule that
//! does not exist. Never: decides what they fit. Tested below and in `tests/it/gate.rs`.

use jiff::civil::Date;
use serde::Deserialize;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::DeTable;

use super::ConfigError;
use crate::finding::{Answer, Exceptions, Review, Spot, UrlGlob, Waiver};
use crate::rules::{Diagnostic, Diagnostics, RuleId, RuleSet, did_you_mean_or};

/// What to do about any of these complaints.
const WHAT_TO_DO: &str = "mend the entry; docs/configuration.md shows what a waiver and a review hold";
/// Keys of waivers and reviews, where somebody looks for the one meant.
const LISTED: &str = "docs/configuration.md lists the keys of waivers and reviews";

/// The exceptions of one file, with the places of their rules.
#[derive(Clone, Debug)]
pub struct Written {
    file: Arc<str>,
    source: Arc<str>,
    waivers: Vec<(Waiver, Range<usize>)>,
    reviews: Vec<(Review, Range<usize>)>,
}

/// A file with exceptions only.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    #[serde(default)]
    waiver: Vec<Spanned<WaiverEntry>>,
    #[serde(default)]
    review: Vec<Spanned<ReviewEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaiverEntry {
    rule: Option<Spanned<String>>,
    #[serde(default, rename = "where")]
    spot: Option<SpotEntry>,
    reason: Option<Spanned<String>>,
    owner: Option<Spanned<String>>,
    issue: Option<String>,
    expires: Option<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReviewEntry {
    rule: Option<Spanned<String>>,
    #[serde(default, rename = "where")]
    spot: Option<SpotEntry>,
    outcome: Option<Spanned<String>>,
    reviewer: Option<Spanned<String>>,
    date: Option<Spanned<toml::Value>>,
    expires: Option<Spanned<toml::Value>>,
    evidence: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpotEntry {
    url: Option<Spanned<String>>,
    selector: Option<String>,
    fingerprint: Option<String>,
}

/// Takes the exceptions out of a configuration file, so that what is left is settings.
pub(super) fn taken(file: &str, source: &str, table: &mut DeTable<'_>) -> Result<Written, ConfigError> {
    let mut own = DeTable::new();
    for key in ["waiver", "review"] {
        if let Some((key, value)) = table.remove_entry(key) {
            own.insert(key, value);
        }
    }
    read(file, source, Spanned::new(0..source.len(), own))
}

fn read(file: &str, source: &str, table: Spanned<DeTable<'_>>) -> Result<Written, ConfigError> {
    // The deserializer wants the table as it stands in the file; a table of our own has no place there.
    let entries = Entries::deserialize(toml::de::Deserializer::from(table))
        .map_err(|error| refused(vec![syntax(file, source, &error)]))?;
    let desk = Desk { file: Arc::from(file), source: Arc::from(source) };
    let (mut waivers, mut reviews, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries.waiver {
        let span = entry.span();
        match desk.waiver(entry.into_inner(), span) {
            Ok(waiver) => waivers.push(waiver),
            Err(diagnostic) => wrong.push(*diagnostic),
        }
    }
    for entry in entries.review {
        let span = entry.span();
        match desk.review(entry.into_inner(), span) {
            Ok(review) => reviews.push(review),
            Err(diagnostic) => wrong.push(*diagnostic),
        }
    }
    if wrong.is_empty() {
        Ok(Written { file: desk.file, source: desk.source, waivers, reviews })
    } else {
        Err(refused(wrong))
    }
}

fn syntax(file: &str, source: &str, error: &toml::de::Error) -> Diagnostic {
    Diagnostic::of_toml(file, source, error, LISTED)
}

fn refused(wrong: Vec<Diagnostic>) -> ConfigError {
    ConfigError::of(Diagnostics(wrong).to_string(), WHAT_TO_DO)
}

impl Written {
    /// Reads a file that holds nothing but exceptions.
    pub(super) fn load(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let source = std::fs::read_to_string(path).map_err(|error| {
            ConfigError::of(format!("{file}: {error}"), "name a file with [[waiver]] and [[review]] that can be read")
        })?;
        let table = DeTable::parse(&source).map_err(|error| refused(vec![syntax(&file, &source, &error)]))?;
        read(&file, &source, table)
    }

    /// True where the file holds none.
    pub(super) fn is_empty(&self) -> bool {
        self.waivers.is_empty() && self.reviews.is_empty()
    }

    /// The exceptions of several files, once each is known to be of a rule there is or was.
    pub(super) fn exceptions(files: &[Self], set: &RuleSet) -> Result<Exceptions, ConfigError> {
        let mut exceptions = Exceptions::default();
        let mut wrong = Vec::new();
        for file in files {
            let rules = file.waivers.iter().map(|(waiver, span)| (&waiver.rule, span));
            let rules = rules.chain(file.reviews.iter().map(|(review, span)| (&review.rule, span)));
            for (rule, span) in rules {
                let name = rule.as_str();
                if set.find(name).is_none() && !set.removed.iter().any(|removed| removed == name) {
                    let known = set.rules.iter().map(|rule| rule.id.as_str());
                    let hint = did_you_mean_or(name, known, "`idea-audit rules list` shows all rules");
                    wrong.push(file.complain(span.clone(), format!("there is no rule `{name}`"), hint));
                }
            }
            exceptions.waivers.extend(file.waivers.iter().map(|(waiver, _)| waiver.clone()));
            exceptions.reviews.extend(file.reviews.iter().map(|(review, _)| review.clone()));
        }
        if wrong.is_empty() { Ok(exceptions) } else { Err(refused(wrong)) }
    }

    fn complain(&self, span: Range<usize>, message: String, hint: String) -> Diagnostic {
        Desk { file: self.file.clone(), source: self.source.clone() }.complain(span, message, hint)
    }
}

/// Where an entry is read: the file its complaints point into.
struct Desk {
    file: Arc<str>,
    source: Arc<str>,
}

type Read<T> = Result<T, Box<Diagnostic>>;

impl Desk {
    fn complain(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: self.file.clone(),
            source: self.source.clone(),
            span: Some(span),
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    fn waiver(&self, entry: WaiverEntry, span: Range<usize>) -> Read<(Waiver, Range<usize>)> {
        let need = |text, key, hint| self.text("waiver", &span, text, key, hint);
        let (rule, at) = need(entry.rule, "rule", "rule = \"accessibility/image-alternative\"")?;
        let (reason, _) = need(entry.reason, "reason", "reason = \"why it is accepted for now\"")?;
        let (owner, _) = need(entry.owner, "owner", "owner = \"who answers for it\"")?;
        let expires =
            self.day("waiver", &span, entry.expires, "expires", "expires = 2027-01-31, the last day it holds")?;
        let spot = self.spot(entry.spot)?;
        let issue = entry.issue.filter(|issue| !issue.trim().is_empty());
        Ok((Waiver { rule: RuleId::of(rule), spot, reason, owner, issue, expires }, at))
    }

    fn review(&self, entry: ReviewEntry, span: Range<usize>) -> Read<(Review, Range<usize>)> {
        let need = |text, key, hint| self.text("review", &span, text, key, hint);
        let (rule, at) = need(entry.rule, "rule", "rule = \"content/link-text\"")?;
        let (outcome, answered) = need(entry.outcome, "outcome", "outcome = \"passed\", or \"failed\"")?;
        let outcome = match outcome.as_str() {
            "passed" => Answer::Passed,
            "failed" => Answer::Failed,
            other => {
                let message = format!("`{other}` is no answer");
                return Err(Box::new(self.complain(answered, message, "write \"passed\" or \"failed\"")));
            }
        };
        let (reviewer, _) = need(entry.reviewer, "reviewer", "reviewer = \"who looked\"")?;
        let (evidence, _) = need(entry.evidence, "evidence", "evidence = \"what was looked at, and how\"")?;
        let date = self.day("review", &span, entry.date, "date", "date = 2026-11-22, the day somebody looked")?;
        let until = entry.expires.as_ref().map(Spanned::span);
        let expires =
            self.day("review", &span, entry.expires, "expires", "expires = 2027-11-22, the last day it holds")?;
        if expires < date {
            let message = format!("the review ends on {expires}, before it was given on {date}");
            return Err(Box::new(self.complain(until.unwrap_or(span), message, "mend one of the days")));
        }
        let spot = self.spot(entry.spot)?;
        Ok((Review { rule: RuleId::of(rule), spot, outcome, reviewer, date, expires, evidence }, at))
    }

    fn text(
        &self,
        what: &str,
        entry: &Range<usize>,
        text: Option<Spanned<String>>,
        key: &str,
        hint: &str,
    ) -> Read<(String, Range<usize>)> {
        match text {
            Some(text) if !text.get_ref().trim().is_empty() => Ok((text.get_ref().trim().to_string(), text.span())),
            Some(text) => {
                Err(Box::new(self.complain(text.span(), format!("`{key}` says nothing"), format!("write {hint}"))))
            }
            None => Err(Box::new(self.missing(what, entry, key, hint))),
        }
    }

    fn day(
        &self,
        what: &str,
        entry: &Range<usize>,
        day: Option<Spanned<toml::Value>>,
        key: &str,
        hint: &str,
    ) -> Read<Date> {
        let Some(day) = day else { return Err(Box::new(self.missing(what, entry, key, hint))) };
        let written = match day.get_ref() {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        written
            .parse()
            .map_err(|_| Box::new(self.complain(day.span(), format!("`{written}` is no day"), format!("write {hint}"))))
    }

    fn missing(&self, what: &str, entry: &Range<usize>, key: &str, hint: &str) -> Diagnostic {
        // The caret stands at the entry's first line; the whole entry would be a wall of carets.
        let first = self.source[entry.clone()].find('\n').map_or(entry.end, |end| entry.start + end);
        self.complain(entry.start..first, format!("a {what} has `{key}`"), format!("add {hint}"))
    }

    fn spot(&self, entry: Option<SpotEntry>) -> Read<Spot> {
        let entry = entry.unwrap_or_default();
        let url = entry.url.map(|url| {
            UrlGlob::parse(url.get_ref()).map_err(|error| {
                let hint = "write url = \"/archive/**\", or with https://host before it";
                Box::new(self.complain(url.span(), error.to_string(), hint))
            })
        });
        Ok(Spot { url: url.transpose()?, selector: entry.selector, fingerprint: entry.fingerprint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const WAIVER: &str =
        "[[waiver]]\nrule = \"security/hsts-max-age\"\nreason = \"later\"\nowner = \"web\"\nexpires = 2027-01-31\n";
    const REVIEW: &str = "[[review]]\nrule = \"content/link-text\"\noutcome = \"passed\"\nreviewer = \"A. Person\"\n\
        date = 2026-11-22\nexpires = \"2027-11-22\"\nevidence = \"read them\"\n";

    fn of(text: &str) -> Result<Exceptions, String> {
        let mut table = DeTable::parse(text).unwrap();
        let written = taken("w.toml", text, table.get_mut()).map_err(|error| error.to_string())?;
        Written::exceptions(&[written], &RuleSet::bundled().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_whole_entry_is_what_it_says() {
        let text = format!(
            "{WAIVER}issue = \"https://x.example/1\"\nwhere = {{ url = \"/old/**\", selector = \"#map\" }}\n\n{REVIEW}"
        );
        let exceptions = of(&text).unwrap();
        let waiver = &exceptions.waivers[0];
        assert_eq!((waiver.rule.as_str(), waiver.expires), ("security/hsts-max-age", date(2027, 1, 31)));
        assert_eq!(waiver.spot.url.as_ref().map(ToString::to_string).as_deref(), Some("/old/**"));
        assert_eq!(exceptions.reviews[0].expires, date(2027, 11, 22), "a day may stand in quotes");
    }

    #[test]
    fn what_is_missing_or_wrong_is_shown_at_its_place() {
        for (text, places) in [
            (WAIVER.replace("reason = \"later\"\n", ""), ["w.toml:1:1", "a waiver has `reason`", "add reason = "]),
            (WAIVER.replace("\"later\"", "\"  \""), ["w.toml:3:10", "`reason` says nothing", "write reason = "]),
            (WAIVER.replace("expires = 2027-01-31\n", ""), ["w.toml:1:1", "a waiver has `expires`", "add expires = "]),
            (WAIVER.replace("owner = \"web\"\n", ""), ["w.toml:1:1", "a waiver has `owner`", "add owner = "]),
            (WAIVER.replace("2027-01-31", "\"soon\""), ["w.toml:5:11", "`soon` is no day", "write expires = "]),
            (
                WAIVER.replace("hsts-max-age", "hsts-maxage"),
                ["w.toml:2:8", "there is no rule", "did you mean `security/hsts-max-age`"],
            ),
            (WAIVER.replace("owner", "ownr"), ["w.toml:4:1", "unknown field `ownr`", "did you mean `owner`"]),
            (format!("{WAIVER}where = {{ url = \"old\" }}\n"), ["w.toml:6:17", "begins with `/`", "write url = "]),
            (
                format!("{WAIVER}where = {{ path = \"/old\" }}\n"),
                ["w.toml:6:11", "unknown field `path`", "known here: "],
            ),
            (REVIEW.replace("\"passed\"", "\"fine\""), ["w.toml:3:11", "`fine` is no answer", "write \"passed\""]),
            (
                REVIEW.replace("evidence = \"read them\"\n", ""),
                ["w.toml:1:1", "a review has `evidence`", "add evidence = "],
            ),
            (
                REVIEW.replace("2027-11-22", "2026-11-21"),
                ["w.toml:6:11", "before it was given", "mend one of the days"],
            ),
        ] {
            let error = of(&text).map(|_| ()).expect_err(&text);
            for part in places.into_iter().chain(["^"]) {
                assert!(error.contains(part), "{part:?} in\n{error}");
            }
        }
    }

    #[test]
    fn every_wrong_entry_is_named_at_once() {
        let two = format!("{}\n{}", WAIVER.replace("reason", "#"), REVIEW.replace("evidence", "#"));
        let error = of(&two).map(|_| ()).expect_err("both are wrong");
        assert!(error.contains("a waiver has `reason`") && error.contains("a review has `evidence`"), "{error}");
    }
}
