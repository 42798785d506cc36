//! The registered name of a host, by the Public Suffix List that is compiled in.
//!
//! In: a host name. Out: the part somebody registered: `agency.gov` of `www.data.agency.gov`. Invariant: an address without
//! names, and a name that is a public suffix itself, has none. Never: looks anything up. Tested below.

use psl::{Info, Psl};

/// The list, asked by way of one kind of labels that are not known when it is compiled: it is code for each of its ten thousand
/// names, and what parts a host into labels would stand in each of them.
struct Suffixes;

impl Psl for Suffixes {
    fn find<'a, T: Iterator<Item = &'a [u8]>>(&self, mut labels: T) -> Info {
        let labels: &mut dyn Iterator<Item = &'a [u8]> = &mut labels;
        psl::List.find(labels)
    }
}

/// The registered name a host lies under; `None` for addresses, single labels and public suffixes.
///
/// A top-level name that the list does not know counts as a suffix of one label, as the list says.
pub fn registered(host: &str) -> Option<&str> {
    let host = host.trim_end_matches('.');
    let top = host.rsplit('.').next().unwrap_or_default();
    if top.is_empty() || top.bytes().all(|octet| octet.is_ascii_digit()) || host.contains(':') {
        return None;
    }
    std::str::from_utf8(Suffixes.domain(host.as_bytes())?.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_lies_under_what_somebody_registered() {
        for (host, name) in [
            ("agency.gov", Some("agency.gov")),
            ("www.data.agency.gov", Some("agency.gov")),
            ("gov", None),
            ("www.ci.springfield.or.us", Some("springfield.or.us")),
            ("www.agency.gov.uk", Some("agency.gov.uk")),
            ("www.agency.example", Some("agency.example")),
            ("agency.gov.", Some("agency.gov")),
            ("www.shop.city.kawasaki.jp", Some("city.kawasaki.jp")),
            ("www.shop.other.kawasaki.jp", Some("shop.other.kawasaki.jp")),
            ("a.www.ck", Some("www.ck")),
            ("a.b.c.ck", Some("b.c.ck")),
            ("127.0.0.1", None),
            ("[::1]", None),
            ("localhost", None),
            ("", None),
        ] {
            assert_eq!(registered(host), name, "{host}");
        }
    }
}
