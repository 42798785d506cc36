//! What the links of a page have at all: a quick no to most of what rules look for among them.
//!
//! In: the texts and addresses of links; what a wanted link has at least ([`Sought`]). Out: no, or perhaps. Invariant: a link that is
//! wanted is never denied, so whoever hears "perhaps" compares link by link and finds the same as without asking. Tested below.

use super::sieve::{Sieve, hash};
use super::words::{self, Vocabulary};
use crate::web::address;

/// Letters of a path that are looked up together.
const GRAM: usize = 3;

/// What the links of a page have.
pub(super) struct Hints {
    texts: Sieve,
    words: Vocabulary,
    grams: Sieve,
    hosts: Sieve,
}

/// What a page has at least where one of its links is wanted.
#[derive(Debug)]
pub(super) enum Sought {
    /// A link with this text.
    Text(u64),
    /// These words, somewhere in texts of links.
    Words(Vec<u64>),
    /// This host or one below it, where that is said, and these parts of paths.
    Address(Option<u64>, Vec<u64>),
}

impl Hints {
    /// Of links by their bare text, and host and folded path where they lead to the web.
    pub(super) fn of<'a>(links: impl Iterator<Item = (&'a str, Option<(&'a str, &'a str)>)> + Clone) -> Self {
        let letters: usize = links.clone().filter_map(|(_, address)| address).map(|(_, path)| path.len()).sum();
        let (mut texts, mut hosts) = (Sieve::of(256), Sieve::of(256));
        let mut grams = Sieve::of(letters);
        let mut all = String::new();
        for (text, address) in links {
            texts.add(hash(text.as_bytes()));
            all.push_str(text);
            all.push('\n');
            if let Some((host, path)) = address {
                hosts.add(hash(address::without_www(host).as_bytes()));
                endings(host).for_each(|ending| hosts.add(hash(ending.as_bytes())));
                path.as_bytes().windows(GRAM).for_each(|gram| grams.add(hash(gram)));
            }
        }
        Self { texts, words: Vocabulary::of(&all), grams, hosts }
    }

    /// False when no link has it.
    pub(super) fn may_hold(&self, sought: &Sought) -> bool {
        match sought {
            Sought::Text(text) => self.texts.may_have(*text),
            Sought::Words(words) => self.words.may_say(words),
            Sought::Address(host, grams) => {
                host.is_none_or(|host| self.hosts.may_have(host)) && grams.iter().all(|gram| self.grams.may_have(*gram))
            }
        }
    }
}

impl Sought {
    /// A link whose text is this one.
    pub(super) fn whole(text: &str) -> Self {
        Self::Text(hash(text.as_bytes()))
    }

    /// A link whose text begins so; the last word may go on.
    pub(super) fn beginning(start: &str) -> Self {
        Self::Words(words::words(without_last(start)).collect())
    }

    /// A link whose text has something between these two, which may join the words beside it.
    pub(super) fn around(before: &str, after: &str) -> Self {
        Self::Words(words::words(without_last(before)).chain(words::words(without_first(after))).collect())
    }

    /// A link to an address: the pattern of its host, and that of its path.
    pub(super) fn address(host: Option<&str>, path: &str) -> Self {
        let ending = host.map(|host| host.strip_prefix("*.").unwrap_or(address::without_www(host)));
        let host = ending.filter(|ending| !ending.contains('*')).map(|ending| hash(ending.as_bytes()));
        let runs = path.split('*');
        Self::Address(host, runs.flat_map(|run| run.as_bytes().windows(GRAM)).map(hash).collect())
    }
}

/// A host and every domain it lies under.
fn endings(host: &str) -> impl Iterator<Item = &str> {
    let host = host.trim_end_matches('.');
    std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, parent)| parent))
}

fn without_last(text: &str) -> &str {
    text.trim_end_matches(char::is_alphanumeric)
}

fn without_first(text: &str) -> &str {
    text.trim_start_matches(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wanted_link_is_never_denied_and_others_are() {
        let links = [
            ("about nces", Some(("www.nces.ed.gov", "/about/us.html"))),
            ("privacy policy of ours", Some(("nces.ed.gov", "/privacy"))),
            ("mail", None),
        ];
        let hints = Hints::of(links.into_iter());
        for (sought, expected) in [
            (Sought::whole("mail"), true),
            (Sought::whole("male"), false),
            (Sought::beginning("privacy pol"), true),
            (Sought::beginning("secrecy pol"), false),
            (Sought::around("about ", ""), true),
            (Sought::around("within ", ""), false),
            (Sought::address(Some("nces.ed.gov"), "/about/**"), true),
            (Sought::address(Some("*.ed.gov"), "/**us.html"), true),
            (Sought::address(Some("www.usa.gov"), "/**"), false),
            (Sought::address(Some("*.usa.gov"), "/**"), false),
            (Sought::address(Some("nces.*"), "/**"), true),
            (Sought::address(None, "/**impact*"), false),
            (Sought::address(None, "/**"), true),
        ] {
            assert_eq!(hints.may_hold(&sought), expected, "{sought:?}");
        }
    }
}
