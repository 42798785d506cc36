//! The questions about one host and its registered name.
//!
//! In: a resolver. Out: [`Dns`]. Invariant: a question without an answer leaves its fact out and its reason in; "there is no such
//! record" is an answer. Tested in `tests/it/probe.rs`.

use std::sync::Arc;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::{RData, RecordType};

use super::resolver::{Checking, Resolver, Said};
use crate::web::dns::{Dns, Dnssec, is_spf};

/// Asks everything there is to ask.
pub(super) async fn ask(resolver: &Resolver, host: &str, domain: &str) -> Dns {
    let mut dns = Dns { domain: domain.to_string(), ..Dns::default() };
    addresses(resolver, host, &mut dns).await;
    let text = |said: &Said| said.of(RecordType::TXT).filter_map(text).collect::<Vec<_>>();
    let spf = found(resolver, domain, RecordType::TXT, "spf", &mut dns).await;
    dns.spf = spf.map(|said| text(&said).into_iter().filter(|text| is_spf(text)).collect());
    let at = format!("_dmarc.{domain}");
    let dmarc = found(resolver, &at, RecordType::TXT, "dmarc", &mut dns).await;
    let is_dmarc = |text: &String| text.trim_start().starts_with("v=DMARC1");
    dns.dmarc = dmarc.map(|said| text(&said).into_iter().filter(is_dmarc).collect());
    let mx = found(resolver, domain, RecordType::MX, "mx", &mut dns).await;
    dns.mx = mx.map(|said| {
        let hosts = said.of(RecordType::MX).filter_map(|data| match data {
            RData::MX(mx) => Some(mx.exchange.to_ascii()),
            _ => None,
        });
        hosts.collect()
    });
    dns.caa = caa(resolver, host, domain, &mut dns).await;
    dns.dnssec = dnssec(resolver, domain, &mut dns).await;
    dns
}

/// An answer that says what there is, or that there is nothing; else `None`, with the reason kept.
async fn found(resolver: &Resolver, name: &str, kind: RecordType, what: &str, dns: &mut Dns) -> Option<Arc<Said>> {
    let reason = match resolver.ask(name, kind, Checking::Usual).await {
        Ok(said) if matches!(said.code, ResponseCode::NoError | ResponseCode::NXDomain) => return Some(said),
        Ok(said) => format!("the resolver answers {}", said.code),
        Err(reason) => reason,
    };
    dns.silence.insert(what.to_string(), reason);
    None
}

async fn addresses(resolver: &Resolver, host: &str, dns: &mut Dns) {
    let four = found(resolver, host, RecordType::A, "ipv4", dns).await;
    let six = found(resolver, host, RecordType::AAAA, "ipv6", dns).await;
    if let Some(said) = four.as_ref().or(six.as_ref()) {
        dns.aliases = aliases(said, host);
        // A name that leads to one which does not exist: whoever registers that one answers for this one.
        dns.dangling = dns.aliases.last().filter(|_| said.code == ResponseCode::NXDomain).cloned();
    }
    dns.ipv4 = four.map(|said| {
        let ips = said.of(RecordType::A).filter_map(|data| match data {
            RData::A(ip) => Some(ip.0),
            _ => None,
        });
        ips.collect()
    });
    dns.ipv6 = six.map(|said| {
        let ips = said.of(RecordType::AAAA).filter_map(|data| match data {
            RData::AAAA(ip) => Some(ip.0),
            _ => None,
        });
        ips.collect()
    });
}

/// The chain of names from a host on, in order; a circle ends where it began.
fn aliases(said: &Said, host: &str) -> Vec<String> {
    let mut at = host.to_ascii_lowercase();
    let mut chain: Vec<String> = Vec::new();
    while let Some(next) = said.records.iter().find_map(|(whose, _, data)| match data {
        RData::CNAME(name) if *whose == at => Some(name.0.to_ascii().trim_end_matches('.').to_ascii_lowercase()),
        _ => None,
    }) {
        if chain.contains(&next) || next == host {
            break;
        }
        chain.push(next.clone());
        at = next;
    }
    chain
}

/// From the host up to its registered name, the first that says who may issue (RFC 8659, 3).
async fn caa(resolver: &Resolver, host: &str, domain: &str, dns: &mut Dns) -> Option<Vec<String>> {
    let mut at = host;
    loop {
        let said = found(resolver, at, RecordType::CAA, "caa", dns).await?;
        let records: Vec<String> = said
            .of(RecordType::CAA)
            .filter_map(|data| match data {
                RData::CAA(caa) => Some(format!("{} {}", caa.tag, String::from_utf8_lossy(&caa.value))),
                _ => None,
            })
            .collect();
        if !records.is_empty() || at == domain {
            return Some(records);
        }
        at = at.split_once('.').map_or(domain, |(_, above)| above);
    }
}

async fn dnssec(resolver: &Resolver, domain: &str, dns: &mut Dns) -> Dnssec {
    let keys = resolver.ask(domain, RecordType::DNSKEY, Checking::Usual).await;
    if let Ok(said) = &keys
        && said.code == ResponseCode::ServFail
    {
        // A resolver that verifies keeps back what does not verify, unless it is told not to look.
        let unchecked = resolver.ask(domain, RecordType::DNSKEY, Checking::Disabled).await;
        if unchecked.is_ok_and(|said| said.code == ResponseCode::NoError) {
            return Dnssec::Bogus;
        }
    }
    let keys = match keys {
        Ok(said) if said.code == ResponseCode::NoError => said,
        Ok(said) => {
            dns.silence.insert("dnssec".to_string(), format!("the resolver answers {}", said.code));
            return Dnssec::Unknown;
        }
        Err(reason) => {
            dns.silence.insert("dnssec".to_string(), reason);
            return Dnssec::Unknown;
        }
    };
    let Some(parent) = found(resolver, domain, RecordType::DS, "dnssec", dns).await else { return Dnssec::Unknown };
    let signed = parent.of(RecordType::DS).next().is_some();
    let keyed = keys.of(RecordType::DNSKEY).next().is_some();
    match (signed, keyed) {
        (true, true) if keys.authentic => Dnssec::Secure,
        (true, true) => Dnssec::Signed,
        (true, false) => Dnssec::Bogus,
        (false, _) => Dnssec::Insecure,
    }
}

/// The strings of a TXT record as one (RFC 7208, 3.3).
fn text(data: &RData) -> Option<String> {
    match data {
        RData::TXT(txt) => Some(txt.txt_data.iter().map(|part| String::from_utf8_lossy(part)).collect()),
        _ => None,
    }
}
