//! What the domain name system says of a host and its registered name, as plain data.
//!
//! In: records that somebody else asked for. Out: [`Dns`], and readings of the policies that stand in TXT records: SPF (RFC
//! 7208) and DMARC (RFC 7489). Invariant: "no record" is an answer, and `None` is the lack of one. Never: the network.
//! Tested below and in `tests/it/probe.rs`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What was learned of a host and of the registered name it lies under.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dns {
    /// The registered name; empty where there is none.
    pub domain: String,
    /// Addresses of the host (A).
    pub ipv4: Option<Vec<Ipv4Addr>>,
    /// Addresses of the host (AAAA).
    pub ipv6: Option<Vec<Ipv6Addr>>,
    /// The names that the host is another name for (CNAME), in order.
    pub aliases: Vec<String>,
    /// The last of them when it does not exist.
    pub dangling: Option<String>,
    /// Who may issue certificates, from the closest name that says so (RFC 8659, 3): `tag value`.
    pub caa: Option<Vec<String>>,
    /// Where mail to the registered name goes.
    pub mx: Option<Vec<String>>,
    /// The SPF records of the registered name.
    pub spf: Option<Vec<String>>,
    /// The DMARC records of the registered name.
    pub dmarc: Option<Vec<String>>,
    /// Whether answers of the registered name are signed.
    pub dnssec: Dnssec,
    /// Questions without an answer, with the reason.
    pub silence: BTreeMap<String, String>,
}

/// How well the answers of a name are protected (RFC 4035, 4.3).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dnssec {
    /// Nobody knows.
    #[default]
    Unknown,
    /// The parent vouches for the keys, and the resolver that was asked has verified them.
    Secure,
    /// The parent vouches for the keys; the resolver that was asked verifies nothing.
    Signed,
    /// The parent vouches for no key.
    Insecure,
    /// There are signatures, and they do not verify.
    Bogus,
}

impl Dnssec {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Secure => "secure",
            Self::Signed => "signed",
            Self::Insecure => "insecure",
            Self::Bogus => "bogus",
        }
    }
}

/// What a DMARC record asks for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Dmarc {
    /// What is to be done with mail that fails: `none`, `quarantine`, `reject`; empty when the record does not say.
    pub policy: String,
    /// The same for the names below; as `policy` when the record does not say.
    pub subdomains: String,
    /// Share of the mail that the policy is for, in percent.
    pub percent: u8,
    /// Where reports on the whole go.
    pub reports: Vec<String>,
}

/// True for a TXT record that is an SPF record (RFC 7208, 4.5).
pub fn is_spf(text: &str) -> bool {
    text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("v=spf1"))
        && matches!(text.as_bytes().get(6), None | Some(b' '))
}

/// What an SPF record says of senders it does not name: the qualifier of `all`, or `redirect`; `None` when it says nothing.
pub fn spf_rest(text: &str) -> Option<&'static str> {
    let mut redirect = None;
    for term in text.split_ascii_whitespace().skip(1) {
        match term.to_ascii_lowercase().as_str() {
            "-all" => return Some("-all"),
            "~all" => return Some("~all"),
            "?all" => return Some("?all"),
            "+all" | "all" => return Some("+all"),
            term if term.starts_with("redirect=") => redirect = Some("redirect"),
            _ => {}
        }
    }
    redirect
}

/// What is wrong with the grammar of an SPF record (RFC 7208, 12); `None` when nothing is.
pub fn spf_fault(text: &str) -> Option<String> {
    const KNOWN: [&str; 10] = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists", "redirect", "exp"];
    let mut asking = 0;
    for term in text.split_ascii_whitespace().skip(1) {
        let bare = term.trim_start_matches(['+', '-', '~', '?']);
        let name = bare.split([':', '=', '/']).next().unwrap_or_default().to_ascii_lowercase();
        let modifier = bare.split(':').next().unwrap_or_default().contains('=');
        if !modifier && !KNOWN[..8].contains(&name.as_str()) {
            return Some(format!("`{term}` is no term of SPF"));
        }
        let address = bare.split_once(':').map(|(_, address)| address).unwrap_or_default();
        let host = address.split('/').next().unwrap_or_default();
        if name == "ip4" && host.parse::<Ipv4Addr>().is_err() || name == "ip6" && host.parse::<Ipv6Addr>().is_err() {
            return Some(format!("`{term}` names no address"));
        }
        asking += usize::from(matches!(name.as_str(), "include" | "a" | "mx" | "ptr" | "exists" | "redirect"));
    }
    (asking > 10).then(|| format!("{asking} terms need a look-up, and 10 are allowed"))
}

/// Reads a DMARC record (RFC 7489, 6.3); `None` for text that is none.
pub fn dmarc(text: &str) -> Option<Dmarc> {
    let mut tags = text.split(';').map(str::trim).filter(|tag| !tag.is_empty());
    let (name, version) = tags.next()?.split_once('=')?;
    if name.trim() != "v" || version.trim() != "DMARC1" {
        return None;
    }
    let mut read = Dmarc { percent: 100, ..Dmarc::default() };
    for tag in tags {
        let Some((name, value)) = tag.split_once('=') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "p" => read.policy = value.to_ascii_lowercase(),
            "sp" => read.subdomains = value.to_ascii_lowercase(),
            "pct" => read.percent = value.parse().unwrap_or(100).min(100),
            "rua" => read.reports = value.split(',').map(|uri| uri.trim().to_string()).collect(),
            _ => {}
        }
    }
    if read.subdomains.is_empty() {
        read.subdomains.clone_from(&read.policy);
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dmarc_record_says_what_becomes_of_mail() {
        let read = |text| dmarc(text).map(|read| (read.policy, read.subdomains, read.percent, read.reports.len()));
        let want = |policy: &str, below: &str, percent, reports| {
            Some((policy.to_string(), below.to_string(), percent, reports))
        };
        assert_eq!(
            read("v=DMARC1; p=reject; rua=mailto:a@b.example, mailto:c@d.example"),
            want("reject", "reject", 100, 2)
        );
        assert_eq!(read("v=DMARC1;p=Reject;sp=none;pct=50"), want("reject", "none", 50, 0));
        assert_eq!(read("v=DMARC1"), want("", "", 100, 0));
        for text in ["", "p=reject; v=DMARC1", "v=dmarc1; p=reject", "v=spf1 -all"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn an_spf_record_is_known_by_its_first_word() {
        for (text, is) in [("v=spf1 -all", true), ("V=SPF1", true), ("v=spf10 -all", false), ("v=spf2.0/pra", false)] {
            assert_eq!(is_spf(text), is, "{text}");
        }
    }

    #[test]
    fn an_spf_record_says_what_becomes_of_the_rest_and_what_is_wrong_with_it() {
        for (text, rest, fault) in [
            ("v=spf1 -all", Some("-all"), false),
            ("v=spf1 include:_spf.mail.example ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all", Some("~all"), false),
            ("v=spf1 mx a/24 a:host.example/24 redirect=_spf.mail.example", Some("redirect"), false),
            ("v=spf1 all", Some("+all"), false),
            ("v=spf1 mx", None, false),
            ("v=spf1 ipv4:192.0.2.1 -all", Some("-all"), true),
            ("v=spf1 ip4:192.0.2 -all", Some("-all"), true),
            ("v=spf1 a a a a a a a a a a a -all", Some("-all"), true),
            ("v=spf1 unknown=modifier -all", Some("-all"), false),
        ] {
            assert_eq!(spf_rest(text), rest, "{text}");
            assert_eq!(spf_fault(text).is_some(), fault, "{text}: {:?}", spf_fault(text));
        }
    }
}
