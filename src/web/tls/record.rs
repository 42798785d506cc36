//! ClientHellos made by hand, and what servers say to them: SSL 2.0 to TLS 1.2, without any cryptography.
//!
//! In: what is offered, then octets of the answer. Out: octets to send, then [`Said`]. It takes no key to learn whether an
//! offer is taken: the server says so in its first flight. Invariant: any octets are read without a panic, and no more than
//! [`MOST`] of them are asked for. Tested below with octets and in `tests/it/probe.rs` with servers.

use super::{Version, Weakness};

/// Octets after which an answer is nonsense: a chain of certificates is a few thousand.
pub const MOST: usize = 64 << 10;

const HANDSHAKE: u8 = 22;
const ALERT: u8 = 21;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
const SERVER_HELLO_DONE: u8 = 14;
/// Says that secure renegotiation is known (RFC 5746, 3.3), which some servers insist on.
const RENEGOTIATION_INFO: u16 = 0x00ff;

/// Cipher suites that servers of every age may take, none of them weak for its age but where it had nothing else.
const USUAL: [u16; 22] = [
    0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9, 0x009e, 0x009f, 0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x0039,
    0x009c, 0x009d, 0x002f, 0x0035, 0x0041, 0x0084, 0x0016, 0x000a,
];
/// With what TLS 1.0 and SSL 3.0 may have nothing better than.
const OLD: [u16; 4] = [0x0005, 0x0004, 0xc011, 0x0009];

/// Weak cipher suites (IANA TLS Cipher Suites), by what is wrong with them.
const WEAK: [(Weakness, &[u16]); 6] = [
    (
        Weakness::Anonymous,
        &[
            0x0017, 0x0018, 0x0019, 0x001a, 0x001b, 0x0034, 0x003a, 0x0046, 0x0089, 0x006c, 0x006d, 0x00a6, 0x00a7,
            0x009b, 0xc015, 0xc016, 0xc017, 0xc018, 0xc019,
        ],
    ),
    (Weakness::Null, &[0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010]),
    (Weakness::Export, &[0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0062, 0x0063, 0x0064, 0x0065]),
    (Weakness::Des, &[0x0009, 0x000c, 0x000f, 0x0012, 0x0015]),
    (Weakness::Rc4, &[0x0004, 0x0005, 0x0066, 0xc002, 0xc007, 0xc00c, 0xc011]),
    (Weakness::TripleDes, &[0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0xc003, 0xc008, 0xc00d, 0xc012]),
];

/// Which cipher suites are offered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Suites {
    /// What a client of the time would offer.
    Usual,
    /// Weak ones of these kinds and no others.
    Weak(Vec<Weakness>),
}

/// What a server said to a hello.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Said {
    /// It went on, with this version and cipher suite; the certificates it showed, DER, its own first.
    Took {
        /// The version it chose.
        version: Version,
        /// The cipher suite it chose.
        suite: u16,
        /// What it showed in the clear.
        chain: Vec<Vec<u8>>,
    },
    /// It said no; the alert's number.
    Alert(u8),
    /// Something that is no answer to a hello.
    Nonsense,
}

/// Whether more octets may come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flow {
    /// They may.
    Open,
    /// The other side has closed, or said enough.
    Ended,
}

/// The weakness of a cipher suite; `None` for one that has none of these.
pub fn weakness(suite: u16) -> Option<Weakness> {
    WEAK.iter().find(|(_, suites)| suites.contains(&suite)).map(|(weakness, _)| *weakness)
}

/// A ClientHello that offers this version as the best (RFC 5246, 7.4.1.2; for SSL 2.0 see [`ssl2_hello`]).
///
/// `salt` makes the "random" of the hello: nothing is kept secret with it, so that a digest of the host's name will do.
pub fn hello(host: Option<&str>, version: Version, suites: &Suites, salt: [u8; 32]) -> Vec<u8> {
    let (major, minor) = wire(version);
    let mut body = vec![major, minor];
    body.extend(salt);
    body.push(0); // no session to resume
    let offered = offered(version, suites);
    body.extend(length(offered.len() * 2));
    offered.iter().for_each(|suite| body.extend(suite.to_be_bytes()));
    body.extend([1, 0]); // no compression
    if version > Version::Ssl3 {
        let extensions = extensions(host, version);
        body.extend(length(extensions.len()));
        body.extend(extensions);
    }
    let mut message = vec![1, 0];
    message.extend(length(body.len()));
    message.extend(body);
    let mut record = vec![HANDSHAKE, major, minor.min(1)];
    record.extend(length(message.len()));
    record.extend(message);
    record
}

/// A CLIENT-HELLO of SSL 2.0 with all of its ciphers.
pub fn ssl2_hello(salt: [u8; 32]) -> Vec<u8> {
    const CIPHERS: [[u8; 3]; 7] =
        [[1, 0, 0x80], [2, 0, 0x80], [3, 0, 0x80], [4, 0, 0x80], [5, 0, 0x80], [6, 0, 0x40], [7, 0, 0xc0]];
    let mut body = vec![1, 0, 2];
    body.extend(length(CIPHERS.len() * 3));
    body.extend([0, 0]);
    body.extend(length(16));
    CIPHERS.iter().for_each(|cipher| body.extend(cipher));
    body.extend(&salt[..16]);
    let [high, low] = length(body.len());
    let mut record = vec![0x80 | high, low];
    record.extend(body);
    record
}

/// Reads what has come so far; `None` when more is needed.
pub fn read(octets: &[u8], flow: Flow) -> Option<Said> {
    let mut messages = Vec::new();
    let mut at = 0;
    let mut whole = true;
    while let Some(head) = octets.get(at..at + 5) {
        if !matches!(head[0], HANDSHAKE | ALERT) || head[1] != 3 {
            return Some(if at == 0 { Said::Nonsense } else { told(&messages, Flow::Ended).unwrap_or(Said::Nonsense) });
        }
        let size = usize::from(u16::from_be_bytes([head[3], head[4]]));
        let Some(body) = octets.get(at + 5..at + 5 + size) else {
            whole = false;
            break;
        };
        if head[0] == ALERT {
            let alert = body.get(1).copied().map_or(Said::Nonsense, Said::Alert);
            // A warning before the hello (an unknown name, for one) is no answer yet.
            if body.first() == Some(&1) && body.get(1) != Some(&0) && messages.is_empty() {
                at += 5 + size;
                continue;
            }
            return Some(told(&messages, Flow::Ended).unwrap_or(alert));
        }
        messages.extend_from_slice(body);
        at += 5 + size;
    }
    let flow = if octets.len() >= MOST { Flow::Ended } else { flow };
    let said = told(&messages, flow);
    match said {
        None if flow == Flow::Ended => Some(Said::Nonsense),
        // The first octets decide early whether this is TLS at all.
        None if at == 0 && whole && octets.first().is_some_and(|first| !matches!(*first, HANDSHAKE | ALERT)) => {
            Some(Said::Nonsense)
        }
        said => said,
    }
}

/// Reads the answer to [`ssl2_hello`]; `None` when more is needed. An answer of a newer protocol is a refusal.
pub fn read_ssl2(octets: &[u8], flow: Flow) -> Option<Said> {
    match octets {
        [ALERT, 3, _, _, _, _, alert, ..] => Some(Said::Alert(*alert)),
        [high, _, 4, _, _, 0, 2, _, _, ciphers @ ..] if high & 0x80 != 0 => {
            // A server that knows the protocol and none of its ciphers sends an empty list.
            let listed = ciphers.get(..2).map(|size| size != [0, 0]);
            match listed {
                Some(true) => Some(Said::Took { version: Version::Ssl2, suite: 0, chain: Vec::new() }),
                Some(false) => Some(Said::Alert(0)),
                None => (flow == Flow::Ended).then_some(Said::Nonsense),
            }
        }
        _ if flow == Flow::Ended || octets.len() >= 11 => Some(Said::Nonsense),
        _ => None,
    }
}

fn told(messages: &[u8], flow: Flow) -> Option<Said> {
    let mut at = 0;
    let mut took: Option<(Version, u16)> = None;
    let mut chain = Vec::new();
    while let Some(head) = messages.get(at..at + 4) {
        let size = usize::from(head[1]) << 16 | usize::from(head[2]) << 8 | usize::from(head[3]);
        let Some(body) = messages.get(at + 4..at + 4 + size) else { break };
        match head[0] {
            SERVER_HELLO => took = server_hello(body),
            CERTIFICATE => chain = certificates(body),
            SERVER_HELLO_DONE => {
                return Some(took.map_or(Said::Nonsense, |(version, suite)| Said::Took { version, suite, chain }));
            }
            _ => {}
        }
        if head[0] == SERVER_HELLO && took.is_none() {
            return Some(Said::Nonsense);
        }
        at += 4 + size;
    }
    let (version, suite) = took.filter(|_| flow == Flow::Ended)?;
    Some(Said::Took { version, suite, chain })
}

fn server_hello(body: &[u8]) -> Option<(Version, u16)> {
    let version = match body.get(..2)? {
        [3, 0] => Version::Ssl3,
        [3, 1] => Version::Tls10,
        [3, 2] => Version::Tls11,
        [3, 3] => Version::Tls12,
        _ => return None,
    };
    let session = usize::from(*body.get(34)?);
    let suite = body.get(35 + session..37 + session)?;
    Some((version, u16::from_be_bytes([suite[0], suite[1]])))
}

fn certificates(body: &[u8]) -> Vec<Vec<u8>> {
    let mut chain = Vec::new();
    let mut rest = body.get(3..).unwrap_or_default();
    while let [a, b, c, more @ ..] = rest {
        let size = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let Some(der) = more.get(..size) else { break };
        chain.push(der.to_vec());
        rest = &more[size..];
    }
    chain
}

fn offered(version: Version, suites: &Suites) -> Vec<u16> {
    let mut offered = match suites {
        Suites::Usual if version <= Version::Tls11 => USUAL.into_iter().chain(OLD).collect(),
        Suites::Usual => USUAL.to_vec(),
        Suites::Weak(kinds) => {
            let wanted = WEAK.iter().filter(|(kind, _)| kinds.contains(kind));
            wanted.flat_map(|(_, suites)| suites.iter().copied()).collect::<Vec<_>>()
        }
    };
    offered.push(RENEGOTIATION_INFO);
    offered
}

fn extensions(host: Option<&str>, version: Version) -> Vec<u8> {
    let mut all = Vec::new();
    let mut add = |kind: u16, body: &[u8]| {
        all.extend(kind.to_be_bytes());
        all.extend(length(body.len()));
        all.extend(body);
    };
    if let Some(host) = host {
        // RFC 6066, 3: one host name.
        let mut names = length(host.len() + 3).to_vec();
        names.push(0);
        names.extend(length(host.len()));
        names.extend(host.as_bytes());
        add(0, &names);
    }
    // RFC 8422, 5.1: the curves that servers of every age know, and points that are not compressed.
    add(10, &[0, 8, 0, 29, 0, 23, 0, 24, 0, 25]);
    add(11, &[1, 0]);
    if version >= Version::Tls12 {
        // RFC 5246, 7.4.1.4.1.
        add(13, &[0, 20, 4, 3, 5, 3, 6, 3, 8, 4, 8, 5, 8, 6, 4, 1, 5, 1, 6, 1, 2, 1]);
    }
    all
}

fn wire(version: Version) -> (u8, u8) {
    match version {
        Version::Ssl2 => (0, 2),
        Version::Ssl3 => (3, 0),
        Version::Tls10 => (3, 1),
        Version::Tls11 => (3, 2),
        Version::Tls12 | Version::Tls13 => (3, 3),
    }
}

/// A length in two octets; what is written here is always shorter than they can say.
fn length(size: usize) -> [u8; 2] {
    u16::try_from(size).unwrap_or(u16::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn server_hello(minor: u8, suite: u16) -> Vec<u8> {
        let mut body = vec![3, minor];
        body.extend([7; 32]);
        body.push(0);
        body.extend(suite.to_be_bytes());
        body.push(0);
        message(SERVER_HELLO, &body)
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut message = vec![kind, 0];
        message.extend(length(body.len()));
        message.extend(body);
        message
    }

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut record = vec![kind, 3, 1];
        record.extend(length(body.len()));
        record.extend(body);
        record
    }

    #[test]
    fn a_server_takes_an_offer_shows_its_certificates_or_says_no() {
        let chain = message(CERTIFICATE, &[0, 0, 9, 0, 0, 1, 0xaa, 0, 0, 2, 0xbb, 0xcc]);
        let flight = [server_hello(1, 0x0005), chain, message(SERVER_HELLO_DONE, &[])].concat();
        let took = |version, suite, chain: &[&[u8]]| {
            Some(Said::Took { version, suite, chain: chain.iter().map(|der| der.to_vec()).collect() })
        };
        let both: &[&[u8]] = &[&[0xaa], &[0xbb, 0xcc]];
        assert_eq!(read(&record(HANDSHAKE, &flight), Flow::Open), took(Version::Tls10, 5, both));
        // A message may be cut over records, and records may come in pieces.
        let (one, two) = flight.split_at(20);
        let cut = [record(HANDSHAKE, one), record(HANDSHAKE, two)].concat();
        assert_eq!(read(&cut, Flow::Open), took(Version::Tls10, 5, both));
        for size in 0..cut.len() {
            assert_eq!(read(&cut[..size], Flow::Open), None, "{size}");
        }
        assert_eq!(read(&record(HANDSHAKE, &server_hello(3, 0x002f)), Flow::Ended), took(Version::Tls12, 0x2f, &[]));
        assert_eq!(read(&record(ALERT, &[2, 70]), Flow::Open), Some(Said::Alert(70)));
        let warned = [record(ALERT, &[1, 112]), record(HANDSHAKE, &flight)].concat();
        assert_eq!(read(&warned, Flow::Open), took(Version::Tls10, 5, both));
    }

    #[test]
    fn what_is_no_tls_is_nonsense_at_once() {
        for octets in ["HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-server\r\n", "220 mail\r\n"] {
            assert_eq!(read(octets.as_bytes(), Flow::Open), Some(Said::Nonsense), "{octets}");
        }
        assert_eq!(read(b"", Flow::Ended), Some(Said::Nonsense));
        assert_eq!(read(b"", Flow::Open), None);
        assert_eq!(read(&record(HANDSHAKE, &message(SERVER_HELLO, &[9, 9])), Flow::Open), Some(Said::Nonsense));
    }

    #[test]
    fn ssl_2_answers_with_its_own_hello() {
        let hello = |ciphers: u8| [0x80, 11, 4, 0, 1, 0, 2, 0, 100, 0, ciphers, 0, 16];
        assert_eq!(
            read_ssl2(&hello(3), Flow::Open),
            Some(Said::Took { version: Version::Ssl2, suite: 0, chain: Vec::new() })
        );
        assert_eq!(read_ssl2(&hello(0), Flow::Open), Some(Said::Alert(0)));
        assert_eq!(read_ssl2(&[ALERT, 3, 1, 0, 2, 2, 70], Flow::Open), Some(Said::Alert(70)));
        assert_eq!(read_ssl2(&[], Flow::Ended), Some(Said::Nonsense));
        assert_eq!(read_ssl2(&[0x80], Flow::Open), None);
    }

    #[test]
    fn a_hello_says_its_lengths_and_its_host() {
        let salt = [1; 32];
        for version in [Version::Ssl3, Version::Tls10, Version::Tls11, Version::Tls12] {
            let octets = hello(Some("www.agency.example"), version, &Suites::Usual, salt);
            assert_eq!(usize::from(u16::from_be_bytes([octets[3], octets[4]])) + 5, octets.len(), "{version:?}");
            assert_eq!(usize::from(u16::from_be_bytes([octets[7], octets[8]])) + 9, octets.len(), "{version:?}");
            let named = octets.windows(18).any(|window| window == b"www.agency.example");
            assert_eq!(named, version != Version::Ssl3, "{version:?}");
        }
        let octets = ssl2_hello(salt);
        assert_eq!(usize::from(u16::from_be_bytes([octets[0] & 0x7f, octets[1]])) + 2, octets.len());
    }

    #[test]
    fn every_weak_suite_has_one_weakness_and_no_usual_one_is_worse_than_old() {
        let mut seen = std::collections::BTreeSet::new();
        for (kind, suites) in WEAK {
            for suite in suites {
                assert!(seen.insert(*suite), "{suite:#06x} stands twice");
                assert_eq!(weakness(*suite), Some(kind));
            }
        }
        for suite in USUAL {
            assert!(matches!(weakness(suite), None | Some(Weakness::TripleDes)), "{suite:#06x}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_and_more_of_them_end_it(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&octets, Flow::Open);
            prop_assert!(read(&octets, Flow::Ended).is_some());
            let _ = read_ssl2(&octets, Flow::Open);
            prop_assert!(read_ssl2(&octets, Flow::Ended).is_some());
            let _ = read(&record(HANDSHAKE, &octets), Flow::Ended);
        }
    }
}
