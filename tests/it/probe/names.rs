//! What the name system says of a host, from a resolver on loopback.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hickory_proto::rr::RecordType;
use idea_audit::probe::{Prober, Settings};
use idea_audit::web::dns::{Dns, Dnssec};

use super::resolver::{Answer, Resolver, a, aaaa, bogus, caa, cname, failing, mx, nowhere, says, secured, silent, txt};

const HOST: &str = "www.data.agency.gov";

fn prober(server: SocketAddr) -> Prober {
    Prober::of(Settings { dns_server: Some(server), timeout: Duration::from_secs(1), ..Settings::default() })
}

async fn ask(answer: impl Fn(&str, RecordType) -> Answer + Send + Sync + 'static) -> (Dns, Vec<(String, RecordType)>) {
    let resolver = Resolver::start(answer).await;
    let dns = prober(resolver.address).dns(HOST).await.expect("somebody answers");
    (dns, resolver.asked())
}

#[tokio::test]
async fn everything_that_is_there_is_told() {
    let (dns, asked) = ask(|name, kind| match (name, kind) {
        (HOST, RecordType::A) => says(&[
            (HOST, cname("edge.cdn.example")),
            ("edge.cdn.example", a([192, 0, 2, 1])),
            ("edge.cdn.example", a([192, 0, 2, 2])),
        ]),
        (HOST, RecordType::AAAA) => {
            says(&[(HOST, cname("edge.cdn.example")), ("edge.cdn.example", aaaa("2001:db8::1"))])
        }
        ("agency.gov", RecordType::TXT) => says(&[
            ("agency.gov", txt(&["some-verification=1"])),
            ("agency.gov", txt(&["v=spf1 include:_spf.mail.example", " -all"])),
        ]),
        ("_dmarc.agency.gov", RecordType::TXT) => says(&[("_dmarc.agency.gov", txt(&["v=DMARC1; p=reject"]))]),
        ("agency.gov", RecordType::MX) => says(&[("agency.gov", mx("mail.agency.gov"))]),
        ("agency.gov", RecordType::CAA) => says(&[("agency.gov", caa("ca.example"))]),
        ("agency.gov", RecordType::DS) => says(&[("agency.gov", secured(RecordType::DS))]).authentic(),
        ("agency.gov", RecordType::DNSKEY) => says(&[("agency.gov", secured(RecordType::DNSKEY))]).authentic(),
        _ => says(&[]),
    })
    .await;
    assert_eq!(dns.domain, "agency.gov");
    assert_eq!(dns.aliases, ["edge.cdn.example"]);
    assert_eq!(dns.dangling, None);
    assert_eq!((dns.ipv4.map(|ips| ips.len()), dns.ipv6.map(|ips| ips.len())), (Some(2), Some(1)));
    assert_eq!(dns.spf, Some(vec!["v=spf1 include:_spf.mail.example -all".to_string()]), "its strings are one");
    assert_eq!(dns.dmarc, Some(vec!["v=DMARC1; p=reject".to_string()]));
    assert_eq!(dns.mx, Some(vec!["mail.agency.gov.".to_string()]));
    assert_eq!(dns.caa, Some(vec!["issue ca.example.".to_string()]), "found above the host");
    assert_eq!(dns.dnssec, Dnssec::Secure);
    assert_eq!(dns.silence.len(), 0);
    let climbed: Vec<&str> =
        asked.iter().filter(|(_, kind)| *kind == RecordType::CAA).map(|(name, _)| name.as_str()).collect();
    assert_eq!(climbed, ["www.data.agency.gov", "data.agency.gov", "agency.gov"]);
}

#[tokio::test]
async fn signatures_are_secure_signed_missing_or_wrong() {
    type Kinds = fn(RecordType) -> Answer;
    let table: [(&str, Kinds, Dnssec); 5] = [
        ("a resolver that verifies nothing", |kind| says(&[("agency.gov", secured(kind))]), Dnssec::Signed),
        ("no keys", |_| says(&[]), Dnssec::Insecure),
        (
            "keys without the word of the parent",
            |kind| if kind == RecordType::DNSKEY { says(&[("agency.gov", secured(kind))]) } else { says(&[]) },
            Dnssec::Insecure,
        ),
        ("wrong signatures", |kind| if kind == RecordType::DNSKEY { bogus() } else { says(&[]) }, Dnssec::Bogus),
        ("a resolver that fails", |_| failing(), Dnssec::Unknown),
    ];
    for (what, answer, want) in table {
        let (dns, _) = ask(move |_, kind| match kind {
            RecordType::DS | RecordType::DNSKEY => answer(kind),
            _ => says(&[]),
        })
        .await;
        assert_eq!(dns.dnssec, want, "{what}");
        assert_eq!(dns.silence.contains_key("dnssec"), want == Dnssec::Unknown, "{what}: {:?}", dns.silence);
    }
}

#[tokio::test]
async fn a_chain_of_names_that_ends_nowhere_is_told() {
    let (dns, _) = ask(|name, kind| match (name, kind) {
        (HOST, RecordType::A | RecordType::AAAA) => {
            says(&[(HOST, cname("agency.cdn.example")), ("agency.cdn.example", cname("gone.cloud.example"))]).dangling()
        }
        _ => says(&[]),
    })
    .await;
    assert_eq!(dns.aliases, ["agency.cdn.example", "gone.cloud.example"]);
    assert_eq!(dns.dangling.as_deref(), Some("gone.cloud.example"));
    assert_eq!(dns.ipv4, Some(Vec::new()));
    // A name that simply does not exist has no chain.
    let (dns, _) = ask(|_, _| nowhere()).await;
    assert_eq!((dns.dangling, dns.dmarc), (None, Some(Vec::new())));
}

#[tokio::test]
async fn an_answer_too_long_for_udp_comes_by_tcp() {
    let (dns, asked) = ask(|name, kind| match (name, kind) {
        ("agency.gov", RecordType::TXT) => says(&[("agency.gov", txt(&["v=spf1 -all"]))]).long(),
        _ => says(&[]),
    })
    .await;
    assert_eq!(dns.spf, Some(vec!["v=spf1 -all".to_string()]));
    let times = asked.iter().filter(|(name, kind)| name == "agency.gov" && *kind == RecordType::TXT).count();
    assert_eq!(times, 2);
}

#[tokio::test]
async fn no_answer_is_no_fact_and_ends_in_time() {
    let begun = Instant::now();
    let (dns, asked) = ask(|name, _| if name.starts_with("_dmarc") { silent() } else { failing() }).await;
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert_eq!((dns.ipv4, dns.ipv6, dns.spf, dns.dmarc, dns.mx, dns.caa), (None, None, None, None, None, None));
    assert_eq!(dns.dnssec, Dnssec::Unknown);
    assert!(dns.silence["dmarc"].contains("no answer within"), "{:?}", dns.silence);
    assert!(dns.silence["spf"].contains("the resolver answers"), "{:?}", dns.silence);
    assert!(asked.iter().filter(|(name, _)| name.starts_with("_dmarc")).count() == 2, "two tries");
}

#[tokio::test]
async fn a_question_is_asked_once_in_a_run_and_addresses_have_no_name() {
    let resolver = Resolver::start(|_, _| says(&[])).await;
    let prober = prober(resolver.address);
    prober.dns(HOST).await.expect("somebody answers");
    let first = resolver.asked().len();
    prober.dns(HOST).await.expect("somebody answers");
    assert_eq!(resolver.asked().len(), first);
    prober.dns("127.0.0.1").await.expect_err("an address");
    prober.dns("localhost").await.expect_err("a single label");
    assert_eq!(resolver.asked().len(), first);
}
