//! Language tags: whether one begins with a language that exists.
//!
//! In: the value of a `lang` attribute. Out: the primary language subtag, if the IANA registry has it (RFC 5646, 2.2.1). Source:
//! `language_subtags.txt`, the registry's language subtags of 2024-05-16 (public domain). Invariant: regions and scripts are not
//! looked at: screen readers choose a voice by the language. Tested below.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static SUBTAGS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("language_subtags.txt").split_whitespace().collect());

/// The language a tag begins with, lower case; `None` when the registry has no such language. Private use (`qaa` to `qtz`) counts.
pub fn primary(tag: &str) -> Option<String> {
    let first = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
    let private = first.len() == 3 && ("qaa"..="qtz").contains(&first.as_str());
    (private || SUBTAGS.contains(first.as_str())).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_language_by_its_first_part() {
        for (tag, language) in [
            ("en", Some("en")),
            ("EN-us", Some("en")),
            ("zh-Hans", Some("zh")),
            ("en-US-GB", Some("en")),
            ("nv", Some("nv")),
            ("hmn", Some("hmn")),
            (" es ", Some("es")),
            ("en_US", None),
            ("english", None),
            ("eng", None),
            ("em-US", None),
            ("i-lux", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(primary(tag).as_deref(), language, "{tag}");
        }
    }
}
