//! Which finding of an earlier report is which of this one.
//!
//! In: findings of two reports, and the hosts each of them knows. Out: for each new finding its old one. Matched exactly first (by
//! fingerprint), then by rule, path and snippet, then by rule, path, anchor and element. Invariant: one-to-one; lines, the order of
//! attributes, nonces and another host name change nothing; a host that both know stands only for itself. Tested below.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;
use url::Url;

use super::Finding;
use super::fingerprint::path;
use super::words::{element, words};
use crate::verdict::Outcome;
use crate::web::address;

/// What is needed of a report to tell its findings again.
pub struct Known<'a> {
    /// Its findings.
    pub findings: &'a [&'a Finding],
    /// The hosts it saw, each as [`host`] spells it.
    pub hosts: &'a BTreeSet<String>,
}

/// The host of an address without `www.`, with its port where that is not the default; empty where there is none.
pub fn host(url: &str) -> String {
    let site = Url::parse(url).ok().filter(Url::has_host).map(|url| address::site_of(&url));
    site.map(|site| address::without_www(&site).to_string()).unwrap_or_default()
}

/// For each new finding, in their order, the place of its old one in `old.findings`.
pub fn pair(old: &Known<'_>, new: &Known<'_>) -> Vec<Option<usize>> {
    let mut pairs = Pairs { old: vec![false; old.findings.len()], new: vec![None; new.findings.len()] };
    let (before, now) = (traits(old, new.hosts), traits(new, old.hosts));
    // A finding that was as sure as it is now is the better match; what was in doubt and failed since is the same place.
    pairs.join(&before, &now, |one| Some((one.exact(), one.outcome)));
    pairs.join(&before, &now, |one| Some(one.exact()));
    pairs.join(&before, &now, |one| Some((one.by_snippet(), one.outcome)));
    pairs.join(&before, &now, |one| Some(one.by_snippet()));
    pairs.join(&before, &now, |one| Some((one.by_anchor()?, one.outcome)));
    pairs.join(&before, &now, |one| one.by_anchor());
    pairs.new
}

/// What a finding is told by.
struct Traits<'a> {
    /// Its host where the other report knows it too; empty where it may have another name there.
    host: String,
    rule: &'a str,
    outcome: Outcome,
    fingerprint: &'a str,
    path: String,
    words: String,
    anchor: Option<&'a str>,
    element: String,
}

type Exact<'t> = (&'t str, &'t str, &'t str);
type ByWords<'t> = (&'t str, &'t str, &'t str, &'t str);
type ByAnchor<'t> = (&'t str, &'t str, &'t str, &'t str, &'t str);

impl Traits<'_> {
    fn exact(&self) -> Exact<'_> {
        (&self.host, self.rule, self.fingerprint)
    }

    fn by_snippet(&self) -> ByWords<'_> {
        (&self.host, self.rule, &self.path, &self.words)
    }

    /// An element without an anchor is told by its words only; what concerns a page as a whole is told by the page.
    fn by_anchor(&self) -> Option<ByAnchor<'_>> {
        let anchor = self.anchor.or(self.element.is_empty().then_some(""))?;
        Some((&self.host, self.rule, &self.path, anchor, &self.element))
    }
}

fn traits<'a>(known: &Known<'a>, elsewhere: &BTreeSet<String>) -> Vec<Traits<'a>> {
    let of = |finding: &&'a Finding| {
        let place = &finding.place;
        let snippet = place.snippet.as_deref();
        Traits {
            host: Some(host(&finding.url)).filter(|host| elsewhere.contains(host)).unwrap_or_default(),
            rule: finding.rule.as_str(),
            outcome: finding.outcome,
            fingerprint: &finding.fingerprint,
            path: path(&finding.url),
            words: words(snippet.unwrap_or(&finding.expected), &finding.url),
            anchor: place.anchor.as_deref(),
            element: snippet.map(element).unwrap_or_default(),
        }
    };
    known.findings.iter().map(of).collect()
}

struct Pairs {
    old: Vec<bool>,
    new: Vec<Option<usize>>,
}

impl Pairs {
    /// Joins what is still single and has the same key, first come, first joined.
    fn join<'t, K: Eq + Hash>(
        &mut self,
        old: &'t [Traits<'t>],
        new: &'t [Traits<'t>],
        key: impl Fn(&'t Traits<'t>) -> Option<K>,
    ) {
        let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (at, one) in old.iter().enumerate().filter(|(at, _)| !self.old[*at]) {
            if let Some(key) = key(one) {
                waiting.entry(key).or_default().push_back(at);
            }
        }
        for (at, one) in new.iter().enumerate() {
            if self.new[at].is_some() {
                continue;
            }
            let mate = key(one).and_then(|key| waiting.get_mut(&key)?.pop_front());
            if let Some(mate) = mate {
                self.old[mate] = true;
                self.new[at] = Some(mate);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Said, Where, fingerprint, number};
    use crate::rules::{Impact, RuleId, Says};

    /// A finding from `address | anchor | snippet`; a second word before the address is its outcome.
    fn finding(told: &str) -> Finding {
        let [url, anchor, snippet] = told.splitn(3, '|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{told} is address | anchor | snippet")
        };
        let some = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Into::into);
        let rule = RuleId::of("accessibility/image-name");
        let place = Where { anchor: some(anchor), snippet: some(snippet), ..Where::default() };
        let told_by = place.snippet.as_deref().or(Some("a title"));
        let name = fingerprint(&rule, url, place.anchor.as_deref(), told_by);
        Finding::of(
            name,
            url,
            Said {
                rule,
                outcome: Outcome::Failed,
                impact: Impact::High,
                obligation: Says::Must,
                place,
                observed: "".into(),
                expected: "a title".into(),
                question: None,
            },
        )
    }

    fn findings(told: &[&str]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = told.iter().map(|told| finding(told)).collect();
        number(&mut findings);
        findings
    }

    fn paired(old: &[Finding], new: &[Finding]) -> Vec<Option<usize>> {
        let hosts = |findings: &[Finding]| findings.iter().map(|one| host(&one.url)).collect::<BTreeSet<_>>();
        let (before, now) = (hosts(old), hosts(new));
        let (old, new): (Vec<&Finding>, Vec<&Finding>) = (old.iter().collect(), new.iter().collect());
        pair(&Known { findings: &old, hosts: &before }, &Known { findings: &new, hosts: &now })
    }

    #[test]
    fn what_did_not_change_is_found_again_wherever_it_moved() {
        for (why, old, new) in [
            ("the same", "https://a.example/p | main | <img src=x>", "https://a.example/p | main | <img src=x>"),
            (
                "another host, attributes the other way round, another nonce",
                r#"https://www.a.example/p | main | <script src="/a.js" nonce="aaaa">"#,
                r#"https://preview.host.test:8443/p | main | <script nonce="bbbb"  src="/a.js">"#,
            ),
            (
                "an absolute address of its own host",
                r#"https://www.a.example/p | main | <a href="https://www.a.example/q">"#,
                r#"https://preview.test/p | main | <a href="https://preview.test/q">"#,
            ),
            (
                "moved to another landmark",
                "https://a.example/p | main | <img src=x>",
                "https://a.example/p | footer | <img src=x>",
            ),
            (
                "edited in its place",
                "https://a.example/p | #logo | <img src=x>",
                "https://a.example/p | #logo | <img src=y>",
            ),
            ("a page as a whole", "https://a.example/p | | ", "https://a.example/p | | "),
        ] {
            assert_eq!(paired(&findings(&[old]), &findings(&[new])), [Some(0)], "{why}");
        }
    }

    #[test]
    fn what_is_another_thing_is_new() {
        for (why, old, new) in [
            ("another page", "https://a.example/p | main | <img src=x>", "https://a.example/q | main | <img src=x>"),
            (
                "another element in the same landmark",
                "https://a.example/p | main | <img src=x>",
                "https://a.example/p | main | <input type=image>",
            ),
            ("other words and no anchor", "https://a.example/p | | <img src=x>", "https://a.example/p | | <img src=y>"),
        ] {
            assert_eq!(paired(&findings(&[old]), &findings(&[new])), [None], "{why}");
        }
    }

    #[test]
    fn each_old_finding_stands_for_one_new_finding() {
        let same = "https://a.example/p | main | <img src=x>";
        assert_eq!(paired(&findings(&[same]), &findings(&[same, same])), [Some(0), None]);
        assert_eq!(paired(&findings(&[same, same, same]), &findings(&[same, same])), [Some(0), Some(1)]);
    }

    #[test]
    fn a_host_that_both_reports_know_stands_only_for_itself() {
        let old = findings(&["https://a.example/p | main | <img src=x>", "https://b.example/ | main | <p>"]);
        let new = findings(&["https://b.example/p | main | <img src=x>", "https://a.example/ | main | <p>"]);
        assert_eq!(paired(&old, &new), [None, None]);
    }

    #[test]
    fn a_finding_as_sure_as_before_is_the_better_match() {
        let same = "https://a.example/p | main | <img src=x>";
        let mut old = findings(&[same, same]);
        old[0].outcome = Outcome::CantTell;
        let mut new = findings(&[same]);
        new[0].fingerprint = "other".into();
        assert_eq!(paired(&old, &new), [Some(1)]);
    }
}
