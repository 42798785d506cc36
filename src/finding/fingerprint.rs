//! A name for a finding that is the same in the next run.
//!
//! In: rule, address, anchor, snippet. Out: 16 hexadecimal digits. Invariant: line numbers, host names, attribute order,
//! nonces, hashes and tokens change nothing. Equal findings are numbered. Tested below.

use smol_str::{SmolStr, format_smolstr};
use std::collections::HashMap;
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
    let mut seen: HashMap<SmolStr, u32> = HashMap::with_capacity(findings.len());
    for finding in findings {
        let count = seen.entry(finding.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.fingerprint = format_smolstr!("{}-{count}", finding.fingerprint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn another_image_is_another_finding() {
        assert_ne!(
            of("https://a.example/", r#"<img src="/x.png">"#),
            of("https://a.example/", r#"<img src="/y.png">"#)
        );
    }
}
