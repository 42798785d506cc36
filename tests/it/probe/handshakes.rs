//! Each fault of a TLS server gives its finding and no other; servers that do not answer cost their time-out at most.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use idea_audit::engine::{Days, Engine};
use idea_audit::facts::{Endpoint, HostFacts, HostStanding, Looked, SiteFacts};
use idea_audit::probe::{CONNECTIONS, Prober, Settings, Silence};
use idea_audit::rules::{Profile, RuleSet, Selection};
use idea_audit::web::preload::State;
use idea_audit::web::tls::{Support, Tls, Trust, Version, Weakness};
use idea_audit::web::{Headers, ProblemKind};
use url::Url;

use super::authority::{Authority, Credentials, FROM, HOST, TO};
use super::front::{Front, Hello, Reply, alert, flight, ssl2_hello};
use crate::machine::lacks;

/// The day that servers are judged on.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 22);
/// The rules on what a host says in its handshakes.
const RULES: [&str; 9] = [
    "security/https",
    "security/retired-ssl",
    "security/old-tls",
    "security/current-tls",
    "security/weak-ciphers",
    "security/certificate",
    "security/certificate-renewal",
    "security/certificate-strength",
    "mobile/http-version",
];

fn settings(authority: &Authority) -> Settings {
    Settings { public_roots: vec![authority.root()], timeout: Duration::from_secs(20), ..Settings::default() }
}

/// The rules that complain about a host whose https door could not be passed by the crawl.
fn findings(tls: Result<Tls, Silence>) -> BTreeSet<String> {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let select = RULES.iter().map(ToString::to_string).collect();
    let rules = Selection { select, skip: Vec::new() }.of(&set).expect("the rules exist");
    let engine = Engine::of(rules, set.sources.clone(), Days { today: DAY, policy_as_of: DAY });
    let root = Url::parse(&format!("https://{HOST}/")).expect("a constant address");
    let mut site = SiteFacts { name: HOST.to_string(), ..SiteFacts::default() };
    let http = Endpoint::Answered {
        status: 301,
        headers: Headers::default(),
        location: Some(root.clone()),
        lands: None,
        peer: None,
    };
    let https = Endpoint::Problem { kind: ProblemKind::Tls, detail: "as in the test".to_string() };
    let tls = match tls {
        Ok(tls) => Looked::Seen(Box::new(tls)),
        Err(Silence { kind, detail }) => Looked::Problem { kind, detail },
    };
    let dns = Looked::Not("nobody asked".to_string());
    let host = HostFacts {
        host: HOST.to_string(),
        standing: HostStanding::Own,
        http,
        https,
        tls,
        dns,
        preload: State::Unknown,
        day: DAY,
    };
    site.hosts.insert(HOST.to_string(), host);
    let judgement = engine.judge_site(&site, &root, &Profile::default());
    judgement.findings.iter().map(|finding| finding.rule.to_string()).collect()
}

async fn look(front: &Front, authority: &Authority) -> Tls {
    let prober = Prober::of(settings(authority));
    let tls = prober.tls(HOST, front.address).await.expect("it speaks TLS");
    assert_eq!(tls.connections as usize, front.arrivals().len(), "every connection is counted");
    assert!(tls.connections <= CONNECTIONS, "{} connections", tls.connections);
    tls
}

fn set(rules: &[&str]) -> BTreeSet<String> {
    rules.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_good_server_is_accused_of_nothing_and_asked_little() {
    let authority = Authority::new();
    let front = Front::start(authority.good(), |_| Reply::Real).await;
    let tls = look(&front, &authority).await;
    assert_eq!(tls.version, Some(Version::Tls13));
    assert_eq!(tls.alpn.as_deref(), Some("h2"));
    assert_eq!(tls.stapled, Some(false));
    assert_eq!((tls.trust.clone(), tls.named, tls.chain.len()), (Trust::Public, Some(true), 2));
    assert_eq!(tls.versions[&Version::Tls12], Support::Accepted);
    for version in [Version::Ssl2, Version::Ssl3, Version::Tls10, Version::Tls11] {
        assert_eq!(tls.versions[&version], Support::Refused, "{version:?}");
    }
    assert!(tls.weak.values().all(|support| *support == Support::Refused), "{:?}", tls.weak);
    assert_eq!(tls.weak.len(), Weakness::ALL.len());
    assert_eq!(tls.connections, 6, "one as browsers make it, four for versions, one for weak suites");
    assert_eq!(findings(Ok(tls)), set(&[]));
}

#[tokio::test]
async fn each_fault_of_a_certificate_gives_its_finding_and_no_other() {
    let authority = Authority::new();
    let names = [HOST];
    let faults: [(&str, Credentials, &str); 7] = [
        ("expired", authority.credentials(&names, (2026, 7, 1), (2026, 11, 21)), "security/certificate"),
        ("not yet valid", authority.credentials(&names, (2026, 11, 23), TO), "security/certificate"),
        ("wrong name", authority.credentials(&["other.example"], FROM, TO), "security/certificate"),
        ("self-signed", authority.self_signed(&[HOST]), "security/certificate"),
        ("missing intermediate", authority.incomplete(), "security/certificate"),
        ("SHA-1", authority.sha1(), "security/certificate-strength"),
        ("ten days left", authority.credentials(&names, (2026, 9, 3), (2026, 12, 2)), "security/certificate-renewal"),
    ];
    for (fault, credentials, rule) in faults {
        let front = Front::start(credentials, |_| Reply::Real).await;
        let tls = look(&front, &authority).await;
        let trust = tls.trust.clone();
        assert_eq!(findings(Ok(tls)), set(&[rule]), "{fault}: {trust:?}");
    }
}

#[tokio::test]
async fn the_reason_why_a_chain_is_not_trusted_is_kept() {
    let authority = Authority::new();
    let stranger = Authority::named("Another Root");
    for (credentials, trust, named) in [
        (authority.good(), Trust::Public, true),
        (authority.credentials(&["other.example"], FROM, TO), Trust::Public, false),
        (authority.credentials(&["*.agency.example"], (2020, 1, 1), (2020, 2, 1)), Trust::Public, true),
        (authority.self_signed(&[HOST]), Trust::SelfSigned, true),
        (authority.incomplete(), Trust::Incomplete, true),
        (authority.sha1(), Trust::Weak, true),
    ] {
        let front = Front::start(credentials, |_| Reply::Real).await;
        let tls = look(&front, &authority).await;
        assert_eq!((tls.trust, tls.named), (trust, Some(named)));
    }
    let front = Front::start(authority.good(), |_| Reply::Real).await;
    let settings = Settings { own_roots: vec![authority.root()], ..settings(&stranger) };
    let tls = Prober::of(settings).tls(HOST, front.address).await.expect("it speaks TLS");
    assert_eq!(tls.trust, Trust::Own);
    assert_eq!(findings(Ok(tls)), set(&["security/certificate"]), "browsers do not know that root");
    let tls = Prober::of(Settings { public_roots: vec![stranger.root()], ..Settings::default() });
    let tls = tls.tls(HOST, front.address).await.expect("it speaks TLS");
    assert_eq!(tls.trust, Trust::Incomplete);
}

/// Answers by hand what is offered without any good suite.
fn weak_server(suites: &'static [u16]) -> impl Fn(&Hello) -> Reply + Send + Sync + 'static {
    move |hello| match hello.first_of(suites) {
        Some(suite) if hello.is_weak() && !hello.is_ssl2 => Reply::Octets(flight(3, suite, &[])),
        Some(_) | None => Reply::Real,
    }
}

#[tokio::test]
async fn each_weakness_of_a_protocol_gives_its_finding_and_no_other() {
    let authority = Authority::new();
    let chain = authority.good().chain;
    let old = chain.clone();
    let tls_10_only = move |hello: &Hello| match hello.version {
        _ if hello.is_ssl2 || hello.is_current() => Reply::Octets(alert(70)),
        (3, 0) => Reply::Octets(alert(40)),
        _ => hello.first_of(&[0x002f]).map_or(Reply::Octets(alert(40)), |suite| Reply::Octets(flight(1, suite, &old))),
    };
    let ssl3 = move |hello: &Hello| match hello.version {
        (3, 0) => Reply::Octets(flight(0, 0x000a, &chain)),
        _ => Reply::Real,
    };
    let ssl2 = |hello: &Hello| if hello.is_ssl2 { Reply::Octets(ssl2_hello()) } else { Reply::Real };
    type Decide = Box<dyn Fn(&Hello) -> Reply + Send + Sync>;
    let faults: [(&str, Decide, &str); 9] = [
        ("TLS 1.0 only", Box::new(tls_10_only), "security/old-tls"),
        ("SSL 3.0", Box::new(ssl3), "security/retired-ssl"),
        ("SSL 2.0", Box::new(ssl2), "security/retired-ssl"),
        ("3DES", Box::new(weak_server(&[0x000a])), "security/weak-ciphers"),
        ("RC4", Box::new(weak_server(&[0x0005])), "security/weak-ciphers"),
        ("export", Box::new(weak_server(&[0x0003])), "security/weak-ciphers"),
        ("NULL", Box::new(weak_server(&[0x0002])), "security/weak-ciphers"),
        ("anonymous", Box::new(weak_server(&[0x0034])), "security/weak-ciphers"),
        ("DES", Box::new(weak_server(&[0x0009])), "security/weak-ciphers"),
    ];
    for (fault, decide, rule) in faults {
        let front = Front::start(authority.good(), decide).await;
        let tls = look(&front, &authority).await;
        let seen = format!("{:?} {:?}", tls.versions, tls.weak);
        assert_eq!(findings(Ok(tls)), set(&[rule]), "{fault}: {seen}");
    }
}

#[tokio::test]
async fn a_key_that_no_library_takes_is_read_from_a_handshake_by_hand() {
    let authority = Authority::new();
    let chain = authority.short_key();
    let front = Front::start(authority.good(), move |hello| match hello.version {
        (3, 3) if !hello.is_current() && !hello.is_weak() => Reply::Octets(flight(3, 0x002f, &chain)),
        _ => Reply::Octets(alert(40)),
    })
    .await;
    let tls = look(&front, &authority).await;
    assert_eq!(tls.chain[0].key.bits, Some(1024));
    assert_eq!((tls.trust.clone(), tls.named), (Trust::Public, Some(true)));
    assert_eq!(findings(Ok(tls)), set(&["security/certificate-strength"]));
}

#[tokio::test]
async fn the_worst_server_is_asked_twelve_times_at_most_with_a_pause_between() {
    let authority = Authority::new();
    let chain = authority.good().chain;
    let front = Front::start(authority.good(), move |hello| match (hello.is_ssl2, hello.version) {
        (true, _) => Reply::Octets(ssl2_hello()),
        _ if hello.is_current() => Reply::Real,
        (false, (_, minor)) => {
            let suite = hello.suites.first().copied().unwrap_or_default();
            Reply::Octets(flight(minor, suite, &chain))
        }
    })
    .await;
    let pause = Duration::from_millis(30);
    let prober = Prober::of(Settings { spacing: Some(pause), ..settings(&authority) });
    let tls = prober.tls(HOST, front.address).await.expect("it speaks TLS");
    let arrivals = front.arrivals();
    assert_eq!(arrivals.len(), CONNECTIONS as usize);
    let slack = Duration::from_millis(5);
    assert!(arrivals.windows(2).all(|pair| pair[1] - pair[0] + slack >= pause), "{arrivals:?}");
    assert!(tls.weak.values().all(|support| *support == Support::Accepted), "{:?}", tls.weak);
    let old = [Version::Ssl2, Version::Ssl3, Version::Tls10, Version::Tls11];
    assert!(old.iter().all(|version| tls.versions[version] == Support::Accepted), "{:?}", tls.versions);
}

#[tokio::test]
async fn a_server_that_says_nothing_or_nonsense_is_a_problem_within_its_time() {
    let authority = Authority::new();
    let patience = Duration::from_secs(1);
    let prober = Prober::of(Settings { timeout: patience, ..settings(&authority) });
    type Decide = fn(&Hello) -> Reply;
    let odd: [(&str, Decide, ProblemKind, u32); 3] = [
        ("silent", |_| Reply::Silence, ProblemKind::Timeout, 1),
        ("closing", |_| Reply::Close, ProblemKind::Tls, 3),
        ("nonsense", |_| Reply::Octets(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), ProblemKind::Tls, 3),
    ];
    for (what, decide, kind, connections) in odd {
        let front = Front::start(authority.good(), decide).await;
        let begun = Instant::now();
        let silence = prober.tls(HOST, front.address).await.expect_err(what);
        assert!(begun.elapsed() < patience * connections + Duration::from_secs(2), "{what}: {:?}", begun.elapsed());
        assert_eq!(silence.kind, kind, "{what}: {}", silence.detail);
        assert_eq!(front.arrivals().len(), connections as usize, "{what}");
        let found = findings(Err(silence));
        assert!(found.is_subset(&set(&["security/https"])), "{what}: {found:?}");
    }
    // A port that nobody listens at.
    let closed = SocketAddr::from(([127, 0, 0, 1], 1));
    assert_eq!(prober.tls(HOST, closed).await.expect_err("closed").kind, ProblemKind::Connection);
}

#[tokio::test]
async fn a_firewall_that_drops_old_offers_leaves_them_unknown() {
    let authority = Authority::new();
    let front =
        Front::start(authority.good(), |hello| if hello.is_current() { Reply::Real } else { Reply::Silence }).await;
    let prober = Prober::of(Settings { timeout: Duration::from_secs(2), ..settings(&authority) });
    let tls = prober.tls(HOST, front.address).await.expect("it speaks TLS");
    assert_eq!(tls.versions[&Version::Ssl3], Support::Unknown);
    assert!(tls.weak.values().all(|support| *support == Support::Unknown));
    assert!(tls.silence.as_deref().is_some_and(|words| words.contains("no answer within")), "{:?}", tls.silence);
    assert_eq!(front.arrivals().len(), 3, "the first silence ends each row of questions");
    assert_eq!(findings(Ok(tls)), set(&[]));
}

/// `openssl s_server`, where it is installed.
struct Openssl(Child, SocketAddr);

impl Openssl {
    async fn start(arguments: &[&str], folder: &std::path::Path) -> Option<Self> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?;
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "60", "-subj", "/CN=www.agency.example"])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .current_dir(folder)
            .stderr(Stdio::null())
            .status()
            .ok()?;
        let child = Command::new("openssl")
            .args(["s_server", "-quiet", "-accept", &free.to_string(), "-key", "key.pem", "-cert", "cert.pem"])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()
            .filter(|_| made.success())?;
        let server = Self(child, free);
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(free).await.is_ok() {
                return Some(server);
            }
            // paces: another program begins to listen.
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        None
    }
}

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn servers_of_openssl_say_what_they_are_told_to_say() {
    let authority = Authority::new();
    let table: [(&[&str], Version, &[Version]); 3] = [
        (&["-tls1", "-cipher", "ALL:@SECLEVEL=0"], Version::Tls10, &[Version::Tls10]),
        (&["-tls1_2"], Version::Tls12, &[Version::Tls12]),
        (
            &["-cipher", "ALL:@SECLEVEL=0"],
            Version::Tls13,
            &[Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13],
        ),
    ];
    for (arguments, best, accepted) in table {
        let folder = tempfile::tempdir().expect("a folder for a while");
        let Some(server) = Openssl::start(arguments, folder.path()).await else {
            lacks(&format!("openssl that starts with {arguments:?}"));
            continue;
        };
        let prober = Prober::of(settings(&authority));
        let tls = prober.tls(HOST, server.1).await.expect("it speaks TLS");
        assert_eq!(tls.version, Some(best), "{arguments:?}");
        let taken: Vec<Version> = tls
            .versions
            .iter()
            .filter(|(_, support)| **support == Support::Accepted)
            .map(|(version, _)| *version)
            .collect();
        assert_eq!(taken, accepted, "{arguments:?}: {:?}", tls.versions);
        assert_eq!(tls.trust, Trust::SelfSigned);
        let anonymous = tls.weak[&Weakness::Anonymous] == Support::Accepted;
        assert_eq!(anonymous, arguments.iter().any(|word| word.starts_with("ALL")), "{arguments:?}: {:?}", tls.weak);
    }
}
