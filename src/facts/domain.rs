//! What a host name says of who may stand behind it.
//!
//! In: an address. Out: whether the name is a public one, and whether it lies under a suffix. Invariant: names that stand for
//! tests and documentation say nothing. Tested below.

use url::{Host, Url};

use crate::web::address;

/// Top-level names that are nobody's (RFC 2606, 2; RFC 6761, 6; RFC 8375) or never leave a network.
const RESERVED: [&str; 8] = ["example", "test", "invalid", "localhost", "local", "internal", "arpa", "onion"];

/// The host name of an address when it is one that the public could use; `None` for files, numeric addresses, loopback and
/// names reserved for tests.
pub fn public_host(url: &Url) -> Option<&str> {
    let Some(Host::Domain(name)) = url.host() else { return None };
    let name = name.trim_end_matches('.');
    let top = name.rsplit('.').next().unwrap_or_default();
    (name.contains('.') && !RESERVED.contains(&top)).then_some(name)
}

/// True when a host lies under one of the suffixes (`gov`, `fed.us`) or is it.
pub fn is_under(host: &str, suffixes: &[String]) -> bool {
    suffixes.iter().any(|suffix| address::is_subdomain_of(host, suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_tests_and_addresses_without_names_are_nobodys() {
        for (url, host) in [
            ("https://www.agency.gov/", Some("www.agency.gov")),
            ("https://www.agency.example/", None),
            ("http://localhost:8000/", None),
            ("http://127.0.0.1/", None),
            ("http://intranet/", None),
            ("file:///index.html", None),
        ] {
            assert_eq!(public_host(&Url::parse(url).expect("a constant address")), host);
        }
    }

    #[test]
    fn a_suffix_is_compared_by_labels() {
        let gov = ["gov".to_string()];
        assert!(is_under("www.agency.gov", &gov));
        assert!(!is_under("agencygov", &gov));
        assert!(!is_under("agency.gov.uk", &gov));
    }
}
