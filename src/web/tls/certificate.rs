//! One X.509 certificate (RFC 5280), read for what can be told about it without trusting it.
//!
//! In: DER. Out: [`Certificate`]. Invariant: any octets give a certificate or `None`, never a panic. Never: verifies a
//! signature, knows what day it is. Tested below and in `tests/it/probe.rs`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, SubjectAltName};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// `id-ad-caIssuers` (RFC 5280, 4.2.2.1): where the certificate of the issuer can be fetched.
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");

/// What a certificate says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Certificate {
    /// Whom it is about, as a distinguished name (RFC 4514).
    #[serde(default)]
    pub subject: String,
    /// Who says so.
    #[serde(default)]
    pub issuer: String,
    /// The host names and addresses it is for (RFC 5280, 4.2.1.6).
    #[serde(default)]
    pub names: Vec<String>,
    /// From when.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// The key it vouches for.
    pub key: Key,
    /// What the issuer's signature digests with.
    pub hash: Hash,
    /// Whether it names a place where its issuer's certificate is kept.
    #[serde(default)]
    pub names_issuer_address: bool,
}

/// A public key.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Key {
    /// "RSA", "EC", "Ed25519", "Ed448", "DSA", or the object identifier of another.
    pub algorithm: String,
    /// Its size in bits, where its algorithm has sizes that are known here.
    pub bits: Option<u32>,
}

/// The digest of a signature.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hash {
    /// MD2.
    Md2,
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// Any of SHA-2.
    Sha2,
    /// The one that belongs to the algorithm (Ed25519, Ed448).
    Own,
    /// Another, by the object identifier of the signature.
    Other(String),
}

impl Hash {
    /// As people write it.
    pub fn name(&self) -> &str {
        match self {
            Self::Md2 => "MD2",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha2 => "SHA-2",
            Self::Own => "its own digest",
            Self::Other(oid) => oid,
        }
    }
}

impl Certificate {
    /// Reads one certificate; `None` for octets that are none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let read = x509_cert::Certificate::from_der(der).ok()?;
        let body = &read.tbs_certificate;
        let names = body.get::<SubjectAltName>().ok().flatten().map(|(_, names)| names.0).unwrap_or_default();
        let access = body.get::<AuthorityInfoAccessSyntax>().ok().flatten().map(|(_, access)| access.0);
        Some(Self {
            subject: body.subject.to_string(),
            issuer: body.issuer.to_string(),
            names: names.iter().filter_map(named).collect(),
            not_before: moment(&body.validity.not_before)?,
            not_after: moment(&body.validity.not_after)?,
            key: key(&body.subject_public_key_info),
            hash: hash(&read.signature_algorithm.oid.to_string()),
            names_issuer_address: access.into_iter().flatten().any(|entry| entry.access_method == CA_ISSUERS),
        })
    }

    /// Whole days from a day (UTC) to the last it is valid on; negative when it has expired before.
    pub fn days_left(&self, day: Date) -> i64 {
        days(day, self.not_after)
    }

    /// Whole days from a day (UTC) to the first it is valid on; negative or zero when it has begun.
    pub fn days_until(&self, day: Date) -> i64 {
        days(day, self.not_before)
    }

    /// Days from the first to the last.
    pub fn lifetime(&self) -> i64 {
        (self.not_after.as_second() - self.not_before.as_second()) / 86_400
    }

    /// True when subject and issuer are the same.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }
}

fn days(from: Date, to: Timestamp) -> i64 {
    i64::from((to.to_zoned(TimeZone::UTC).date() - from).get_days())
}

fn moment(time: &x509_cert::time::Time) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs()).ok()?).ok()
}

fn named(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(octets) => match octets.as_bytes() {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            long => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(long).ok()?).to_string()),
        },
        GeneralName::OtherName(_)
        | GeneralName::Rfc822Name(_)
        | GeneralName::DirectoryName(_)
        | GeneralName::EdiPartyName(_)
        | GeneralName::UniformResourceIdentifier(_)
        | GeneralName::RegisteredId(_) => None,
    }
}

fn key(info: &SubjectPublicKeyInfoOwned) -> Key {
    let curve = || info.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    let (algorithm, bits) = match info.algorithm.oid {
        RSA | RSA_PSS => ("RSA".to_string(), modulus_bits(info.subject_public_key.raw_bytes())),
        EC => ("EC".to_string(), curve().and_then(|curve| curve_bits(&curve.to_string()))),
        DSA => ("DSA".to_string(), None),
        ED25519 => ("Ed25519".to_string(), Some(256)),
        ED448 => ("Ed448".to_string(), Some(456)),
        other => (other.to_string(), None),
    };
    Key { algorithm, bits }
}

/// Bits of the modulus of an `RSAPublicKey` (RFC 8017, A.1.1).
fn modulus_bits(der: &[u8]) -> Option<u32> {
    use x509_cert::der::asn1::UintRef;
    use x509_cert::der::{Reader, SliceReader};
    let mut outer = SliceReader::new(der).ok()?;
    let modulus = outer.sequence(|inner| {
        let modulus = UintRef::decode(inner)?;
        UintRef::decode(inner)?;
        Ok(modulus)
    });
    let octets = modulus.ok()?.as_bytes();
    let first = octets.first()?;
    Some(u32::try_from(octets.len()).ok()? * 8 - first.leading_zeros())
}

fn curve_bits(oid: &str) -> Option<u32> {
    match oid {
        "1.2.840.10045.3.1.1" => Some(192),
        "1.3.132.0.33" => Some(224),
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" => Some(256),
        "1.3.132.0.34" => Some(384),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

/// What a signature digests with, by its object identifier.
fn hash(oid: &str) -> Hash {
    match oid {
        "1.2.840.113549.1.1.2" => Hash::Md2,
        "1.2.840.113549.1.1.4" => Hash::Md5,
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" => Hash::Sha1,
        // PSS names its digest in the parameters; SHA-1 there is the default that no public issuer uses.
        "1.2.840.113549.1.1.10" => Hash::Sha2,
        "1.3.101.112" | "1.3.101.113" => Hash::Own,
        sha2 if sha2.starts_with("1.2.840.113549.1.1.1") || sha2.starts_with("1.2.840.10045.4.3.") => Hash::Sha2,
        other => Hash::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_roots_that_browsers_ship_are_read() {
        for der in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
            let read = Certificate::read(der).expect("a root is a certificate");
            assert!(read.is_self_issued(), "{}", read.subject);
            assert!(read.not_before < read.not_after, "{}", read.subject);
            let bits = read.key.bits.expect("the keys of roots have sizes");
            let known = [256, 384, 521, 2048, 4096];
            assert!(known.contains(&bits), "{}: {bits}", read.subject);
        }
    }

    #[test]
    fn a_signature_is_known_by_its_identifier() {
        for (oid, want) in [
            ("1.2.840.113549.1.1.5", Hash::Sha1),
            ("1.2.840.113549.1.1.11", Hash::Sha2),
            ("1.2.840.113549.1.1.13", Hash::Sha2),
            ("1.2.840.10045.4.3.2", Hash::Sha2),
            ("1.2.840.10045.4.1", Hash::Sha1),
            ("1.3.101.112", Hash::Own),
            ("1.2.3", Hash::Other("1.2.3".to_string())),
        ] {
            assert_eq!(hash(oid), want, "{oid}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read(octets in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..900, to in any::<u8>()) {
            let _ = Certificate::read(&octets);
            let mut bent = webpki_root_certs::TLS_SERVER_ROOT_CERTS[0].to_vec();
            let at = at % bent.len();
            bent[at] = to;
            let _ = Certificate::read(&bent);
        }
    }
}
