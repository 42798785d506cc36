//! A certification authority that lives as long as a test: a root, an intermediate, and whatever they are asked to sign.
//!
//! In: what a certificate is to say. Out: DER and keys for servers. Nothing of it is kept in files.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_RSA_SHA256, PublicKeyData, RsaKeySize, SignatureAlgorithm, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The name that certificates are for.
pub const HOST: &str = "www.agency.example";

/// A root with an intermediate.
pub struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    middle: CertifiedIssuer<'static, KeyPair>,
}

/// Certificates as a server sends them, with the key of the first.
pub struct Credentials {
    /// The server's own certificate first.
    pub chain: Vec<CertificateDer<'static>>,
    /// The key of the first.
    pub key: PrivateKeyDer<'static>,
}

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        Self::named("A Root")
    }

    /// One whose root has a name of its own. The root signs with RSA, so that digests of its signatures can be told apart by one octet.
    pub fn named(name: &str) -> Self {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key is made");
        let root = CertifiedIssuer::self_signed(issuing(name), key).expect("a root signs itself");
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key is made");
        let middle = CertifiedIssuer::signed_by(issuing("An Issuer"), key, &root).expect("the root signs");
        Self { root, middle }
    }

    /// The root, DER.
    pub fn root(&self) -> Vec<u8> {
        self.root.der().to_vec()
    }

    /// A good certificate with all that belongs to it, valid from and to a day.
    pub fn credentials(&self, names: &[&str], from: (i32, u8, u8), to: (i32, u8, u8)) -> Credentials {
        let key = KeyPair::generate().expect("a key is made");
        let leaf = subject(names, from, to).signed_by(&key, &self.middle).expect("the issuer signs");
        Credentials { chain: vec![leaf.into(), self.middle.der().clone()], key: private(&key) }
    }

    /// One that is right in everything.
    pub fn good(&self) -> Credentials {
        self.credentials(&[HOST, "agency.example"], FROM, TO)
    }

    /// One that nobody but itself vouches for.
    pub fn self_signed(&self, names: &[&str]) -> Credentials {
        let key = KeyPair::generate().expect("a key is made");
        let leaf = subject(names, FROM, TO).self_signed(&key).expect("it signs itself");
        Credentials { chain: vec![leaf.into()], key: private(&key) }
    }

    /// A good one whose issuer is not sent along.
    pub fn incomplete(&self) -> Credentials {
        let Credentials { mut chain, key } = self.good();
        chain.truncate(1);
        Credentials { chain, key }
    }

    /// One whose signature says SHA-1 (and is none: nobody gets as far as to verify it).
    pub fn sha1(&self) -> Credentials {
        let key = KeyPair::generate().expect("a key is made");
        let leaf = subject(&[HOST], FROM, TO).signed_by(&key, &self.root).expect("the root signs");
        let mut der = leaf.der().to_vec();
        // sha256WithRSAEncryption and sha1WithRSAEncryption differ in their last octet.
        let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
        let found: Vec<usize> = (0..der.len() - oid.len()).filter(|at| der[*at..].starts_with(&oid)).collect();
        assert_eq!(found.len(), 2, "a certificate names its signature twice");
        found.into_iter().for_each(|at| der[at + oid.len() - 1] = 0x05);
        Credentials { chain: vec![CertificateDer::from(der)], key: private(&key) }
    }

    /// A chain whose first certificate is for an RSA key of 1024 bits, which no library here can use.
    pub fn short_key(&self) -> Vec<CertificateDer<'static>> {
        let leaf = subject(&[HOST], FROM, TO).signed_by(&ShortKey::new(), &self.middle).expect("the issuer signs");
        vec![leaf.into(), self.middle.der().clone()]
    }
}

/// The days between which certificates of tests are valid; tests judge on a day of their own.
pub const FROM: (i32, u8, u8) = (2026, 10, 25);
/// See [`FROM`].
pub const TO: (i32, u8, u8) = (2027, 1, 23);

fn issuing(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn subject(names: &[&str], from: (i32, u8, u8), to: (i32, u8, u8)) -> CertificateParams {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).expect("names that certificates can hold");
    params.distinguished_name.push(DnType::CommonName, "a host of the agency");
    params.not_before = date_time_ymd(from.0, from.1, from.2);
    params.not_after = date_time_ymd(to.0, to.1, to.2);
    params
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

/// An `RSAPublicKey` of 1024 bits.
struct ShortKey(Vec<u8>);

impl ShortKey {
    fn new() -> Self {
        let mut der = vec![0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00];
        der.extend([0xc5; 128]);
        der.extend([0x02, 0x03, 0x01, 0x00, 0x01]);
        Self(der)
    }
}

impl PublicKeyData for ShortKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}
