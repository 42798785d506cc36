//! Tricks of the handshake and below HTTP/2: certificates that are wrong, handshakes that stop, frames without end.
//!
//! A certificate authority of our own signs them, so that each is wrong in one way only.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use idea_audit::audit::{Silent, audit};
use idea_audit::crawl::Settings;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::server::{Act, answer, asked, page, play};
use super::stage::{plan, settings};

/// What happens on a connection.
#[derive(Clone)]
enum Manner {
    /// A handshake with this certificate, then good answers.
    Good(TlsAcceptor),
    /// As good as that, but the connection is cut without a word of TLS.
    Abrupt(TlsAcceptor),
    /// A handshake, then these octets where HTTP/2 was agreed on.
    Frames(TlsAcceptor, Act),
    /// No handshake: this comes instead of the server's part.
    Raw(Act),
}

struct Case {
    name: &'static str,
    manner: Manner,
    /// The kinds of problem it may be, and a word of its detail; `None` where the pages are judged.
    comes: Option<(&'static str, &'static str)>,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Authority of the tests");
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a root")
}

/// A server's part, with a certificate for a name that may be changed before it is signed.
fn acceptor(
    by: Option<&Authority>,
    name: &str,
    protocol: &[u8],
    change: impl FnOnce(&mut CertificateParams),
) -> TlsAcceptor {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![name.to_string()]).expect("a name");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    change(&mut params);
    let signed = match by {
        Some(authority) => params.signed_by(&key, authority),
        None => params.self_signed(&key),
    };
    let chain = vec![signed.expect("signed").der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).expect("a pair");
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

fn certificates(ours: &Authority) -> Vec<Case> {
    let http = b"http/1.1";
    let case = |name, acceptor, comes| Case { name, manner: Manner::Good(acceptor), comes };
    let old = |params: &mut CertificateParams| params.not_after = date_time_ymd(2024, 1, 1);
    let young = |params: &mut CertificateParams| params.not_before = date_time_ymd(2090, 1, 1);
    let client =
        |params: &mut CertificateParams| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    vec![
        case("good", acceptor(Some(ours), "good.example", http, |_| ()), None),
        case("expired", acceptor(Some(ours), "expired.example", http, old), Some(("tls", "expired"))),
        case("early", acceptor(Some(ours), "early.example", http, young), Some(("tls", "not valid yet"))),
        case("name", acceptor(Some(ours), "somebody-else.example", http, |_| ()), Some(("tls", "not valid for name"))),
        case("self", acceptor(None, "self.example", http, |_| ()), Some(("tls", "UnknownIssuer"))),
        case("stranger", acceptor(Some(&authority()), "stranger.example", http, |_| ()), Some(("tls", ""))),
        case("client", acceptor(Some(ours), "client.example", http, client), Some(("tls", ""))),
    ]
}

fn handshakes(ours: &Authority) -> Vec<Case> {
    let raw = |name, act, comes| Case { name, manner: Manner::Raw(act), comes };
    // A record of the handshake that promises 16 KB of which nothing comes (RFC 8446, 5.1).
    let promise = vec![22, 3, 3, 0x40, 0];
    vec![
        Case {
            name: "abrupt",
            manner: Manner::Abrupt(acceptor(Some(ours), "abrupt.example", b"http/1.1", |_| ())),
            comes: None,
        },
        raw("silent", Act::Hangs(Vec::new()), Some(("timeout", ""))),
        raw("stops", Act::Hangs(promise.clone()), Some(("timeout", ""))),
        raw("leaves", Act::Says(Vec::new()), Some(("tls", ""))),
        raw("breaks", Act::Says(promise), Some(("tls", ""))),
        raw("plain", Act::Says(answer("400 Bad Request", "", b"speak up")), Some(("tls", ""))),
        raw("alert", Act::Says(vec![21, 3, 3, 0, 2, 2, 40]), Some(("tls", "HandshakeFailure"))),
        raw("oversize", Act::Floods(vec![22, 3, 3, 0xff, 0xff], vec![0; 4_096]), Some(("tls", ""))),
        raw("drops", Act::Drips(Vec::new(), vec![22]), Some(("tls", ""))),
        raw("noise", Act::Floods(Vec::new(), vec![0x5a; 4_096]), Some(("tls", ""))),
        // Endless warnings instead of a hello.
        raw("warnings", Act::Floods(Vec::new(), vec![21, 3, 3, 0, 2, 1, 90]), Some(("tls", ""))),
    ]
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// RFC 9113: frames of types DATA 0, HEADERS 1, RST_STREAM 3, SETTINGS 4, PING 6, GOAWAY 7, CONTINUATION 9.
fn frames(ours: &Authority) -> Vec<Case> {
    let settings = frame(4, 0, 0, &[]);
    let hello = |more: &[u8]| [&settings[..], more].concat();
    let case = |name: &'static str, act, comes| {
        let acceptor = acceptor(Some(ours), &format!("{name}.example"), b"h2", |_| ());
        Case { name, manner: Manner::Frames(acceptor, act), comes: Some(comes) }
    };
    let status = [0x88]; // ":status: 200" of HPACK's table
    vec![
        case("wordless", Act::Hangs(Vec::new()), ("timeout", "")),
        case("http1", Act::Says(answer("200 OK", "", b"x")), ("robots-unreachable", "")),
        case("goaway", Act::Hangs(hello(&frame(7, 0, 0, &[0; 8]))), ("connection", "")),
        case("refused", Act::Hangs(hello(&frame(3, 0, 1, &[0, 0, 0, 7]))), ("timeout", "")),
        case(
            "continued",
            Act::Floods(hello(&frame(1, 0, 1, &status)), frame(9, 0, 1, &[0x40, 1, b'a', 1, b'b'].repeat(800))),
            ("connection", ""),
        ),
        case("settings", Act::Floods(settings.clone(), settings.clone()), ("timeout", "")),
        case("pings", Act::Floods(settings.clone(), frame(6, 0, 0, &[7; 8])), ("timeout", "")),
        // Whether the flood overruns the window or the patience first is for the two machines to settle.
        case(
            "data",
            Act::Floods(hello(&frame(1, 4, 1, &status)), frame(0, 0, 1, &[b'x'; 16_000])),
            ("timeout connection", ""),
        ),
        case("empty", Act::Floods(hello(&frame(1, 4, 1, &status)), frame(0, 0, 1, &[])), ("connection", "")),
        case("window", Act::Hangs(frame(4, 0, 0, &[0, 4, 0xff, 0xff, 0xff, 0xff])), ("connection", "")),
    ]
}

fn ip(host: usize) -> IpAddr {
    Ipv4Addr::new(127, 78, 0, u8::try_from(host + 1).expect("few hosts")).into()
}

async fn serve(listener: TcpListener, manners: Vec<Manner>) {
    let mut connections = tokio::task::JoinSet::new();
    let manners = Arc::new(manners);
    while let Ok((stream, _)) = listener.accept().await {
        let Ok(IpAddr::V4(to)) = stream.local_addr().map(|to| to.ip()) else { continue };
        let Some(manner) = manners.get(usize::from(to.octets()[3]) - 1).cloned() else { continue };
        connections.spawn(converse(stream, manner));
    }
}

async fn converse(mut stream: TcpStream, manner: Manner) {
    match manner {
        Manner::Raw(act) => {
            // The hello is read first, so that the answer is one.
            let mut hello = [0; 4_096];
            if stream.read(&mut hello).await.is_ok() {
                play(act, &mut stream).await;
            }
        }
        Manner::Frames(acceptor, act) => {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                play(act, &mut stream).await;
            }
        }
        Manner::Good(acceptor) => {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let mut stream = BufReader::new(stream);
            while let Some(path) = asked(&mut stream).await {
                if stream.write_all(&said(&path)).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
        }
        Manner::Abrupt(acceptor) => {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let mut stream = BufReader::new(stream);
            if let Some(path) = asked(&mut stream).await {
                let _ = stream.write_all(&said(&path)).await;
                let _ = stream.flush().await;
            }
        }
    }
}

fn said(path: &str) -> Vec<u8> {
    if path == "/" { page("Home of the agency", "<p>Here.") } else { answer("404 Not Found", "", b"") }
}

async fn check(cases: Vec<Case>, ours: &Authority) {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.expect("there is a free port");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    let server = tokio::spawn(serve(listener, cases.iter().map(|case| case.manner.clone()).collect()));
    let host = |case: &Case| format!("{}.example", case.name);
    let seeds =
        cases.iter().map(|case| Url::parse(&format!("https://{}:{port}/", host(case))).expect("a URL")).collect();
    let crawl = Settings {
        resolve: cases.iter().enumerate().map(|(at, case)| (host(case), ip(at))).collect(),
        more_roots: vec![ours.der().to_vec()],
        connect_timeout: Duration::from_millis(800),
        ..settings()
    };
    let audited = tokio::time::timeout(Duration::from_secs(60), audit(plan(seeds, crawl), &mut Silent)).await;
    let report = audited.expect("the run ends").expect("the audit begins");
    server.abort();
    let mut wrong = Vec::new();
    for case in &cases {
        let mine = |url: &str| Url::parse(url).is_ok_and(|url| url.host_str() == Some(host(case).as_str()));
        let judged = report.pages.iter().any(|row| mine(&row.url) && row.judged);
        let told: Vec<_> = report.problems.iter().filter(|row| mine(&row.url)).collect();
        let fits = match case.comes {
            None => judged,
            Some((kinds, says)) => {
                let fits = |kind: &str| kinds.split(' ').any(|one| one == kind);
                !judged && told.iter().any(|row| fits(&row.kind) && row.detail.contains(says))
            }
        };
        if !fits {
            wrong.push(format!("{}: judged {judged}, {told:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_certificate_that_is_wrong_in_one_way_is_a_problem_that_says_which() {
    let ours = authority();
    check(certificates(&ours), &ours).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_handshake_that_goes_wrong_is_a_problem_and_never_a_wait_without_end() {
    let ours = authority();
    check(handshakes(&ours), &ours).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn frames_without_sense_or_end_are_a_problem() {
    let ours = authority();
    check(frames(&ours), &ours).await;
}
