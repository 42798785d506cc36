//! A name for a finding that is the same in the next run.
//!
//! In: rule, address, anchor, snippet. Out: 16 hexadecimal digits. Invariant: line numbers, host names, attribute order,
//! nonces, hashes and tokens change nothing. Equal findings are numbered. Tested below.

use smol_str::{SmolStr, format_smolstr};
use std::collections::{HashMap, HashSet};
use url::Url;

use super::Finding;
use super::words::words;
use crate::rules::RuleId;

/// Fingerprint = rule + path (no host) + anchor + the words of the snippet, sorted, without
/// what changes from build to build.
pub fn fingerprint(rule: &RuleId, url: &str, anchor: Option<&str>, snippet: Option<&str>) -> String {
    let mut hash = blake3::Hasher::new();
    for part in [rule.as_str(), &path(url), anchor.unwrap_or_default(), &words(snippet.unwrap_or_default(), url)] {
        hash.update(part.as_bytes());
        hash.update(&[0]);
    }
    hash.finalize().to_hex()[..16].to_string()
}

/// The path of an address, without host and query; what is no address is its own path.
pub(super) fn path(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_string(), |url| url.path().to_string())
}

/// Numbers findings that share a fingerprint, in the order given: the second gets `-2`.
pub fn number(findings: &mut [Finding]) {
    // Of the many findings of a large site few share one: only these are counted one by one.
    let mut all: Vec<u64> = findings.iter().map(|finding| told(&finding.fingerprint)).collect();
    all.sort_unstable();
    let shared: HashSet<u64> = all.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0]).collect();
    let mut seen: HashMap<SmolStr, u32> = HashMap::new();
    for finding in findings.iter_mut().filter(|finding| shared.contains(&told(&finding.fingerprint))) {
        let count = seen.entry(finding.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.fingerprint = format_smolstr!("{}-{count}", finding.fingerprint);
        }
    }
}

/// A number for a fingerprint: its own where it is one of ours, else of its beginning. Equal ones have equal numbers.
fn told(fingerprint: &str) -> u64 {
    let end = fingerprint.char_indices().nth(16).map_or(fingerprint.len(), |(at, _)| at);
    u64::from_str_radix(&fingerprint[..end], 16).unwrap_or_default()
}

/// Brings findings into the order of reports; equal ones stay in theirs. Of very many, places are sorted instead of findings: these need no
/// room beside them.
pub fn sort(findings: &mut [Finding]) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| findings[*a].sort_key().cmp(&findings[*b].sort_key()));
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at);
            if from == start {
                break;
            }
            findings.swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Said, Where};
    use crate::rules::{Impact, Says};
    use crate::verdict::Outcome;
    use proptest::prelude::*;

    fn of(url: &str, snippet: &str) -> String {
        fingerprint(&RuleId::of("accessibility/image-name"), url, Some("main"), Some(snippet))
    }

    #[test]
    fn host_attribute_order_and_nonces_change_nothing() {
        let one =
            of("https://www.agency.example/a", r#"<img src="/x.a81f03bc92.png" class="wide" nonce="r4nd0mN0nce">"#);
        let two =
            of("https://preview.agency.example/a", r#"<img nonce="0therN0nce1" class="wide" src="/x.77ab03bc92.png">"#);
        assert_eq!(one, two);
    }

    fn named(fingerprint: &str, url: &str, observed: &str) -> Finding {
        let said = Said {
            rule: RuleId::of("pack/rule"),
            outcome: Outcome::Failed,
            impact: Impact::High,
            obligation: Says::Must,
            place: Where::default(),
            observed: observed.into(),
            expected: "".into(),
            question: None,
        };
        Finding::of(fingerprint, url, said)
    }

    #[test]
    fn the_second_of_equal_fingerprints_gets_a_number() {
        let names = ["0123456789abcdef", "no number", "0123456789abcdef", "fedcba9876543210", "no other", "no number"];
        let mut findings = names.map(|name| named(name, "https://a.example/", ""));
        number(&mut findings);
        let numbered: Vec<&str> = findings.iter().map(|one| &*one.fingerprint).collect();
        let wanted = [names[0], names[1], "0123456789abcdef-2", names[3], names[4], "no number-2"];
        assert_eq!(numbered, wanted);
    }

    proptest! {
        #[test]
        fn findings_are_sorted_and_equal_ones_stay_in_their_order(keys in prop::collection::vec((0..4_u8, 0..3_u8), 0..40)) {
            let mut findings: Vec<Finding> =
                keys.iter().map(|(page, seen)| named("f", &format!("https://a.example/{page}"), &seen.to_string())).collect();
            // What the order does not look at tells equal ones apart.
            findings.iter_mut().enumerate().for_each(|(at, one)| one.expected = at.to_string().into());
            let mut wanted = findings.clone();
            wanted.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
            sort(&mut findings);
            prop_assert_eq!(findings, wanted);
        }
    }

    #[test]
    fn another_image_is_another_finding() {
        assert_ne!(
            of("https://a.example/", r#"<img src="/x.png">"#),
            of("https://a.example/", r#"<img src="/y.png">"#)
        );
    }
}
