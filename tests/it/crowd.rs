//! The simulation of a fleet (`benches/fleet.rs`), small: three hundred virtual hosts, of which some have no address, never answer, forbid
//! or are busy; the undetermined ones are exactly those, and nothing of the others is held against them.

#[path = "../../benches/fleet/crowd.rs"]
mod hosts;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use idea_audit::audit::{Ledger, Plan, Rows, Silent, Target, audit};
use idea_audit::crawl::{Follow, Settings, Span};
use idea_audit::rules::{RuleSet, Selection};
use idea_audit::store::{Filter, Place, Store};
use tokio::net::TcpListener;
use url::Url;

use hosts::{Counts, Fate};

const HOSTS: u32 = 300;

fn plan(port: u16, store: Store) -> Plan {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let selection = Selection { select: vec!["search".to_string(), "security".to_string()], skip: Vec::new() };
    let known = (0..HOSTS).filter(|host| hosts::fate(*host) != Fate::Nameless);
    let seed = |host| Url::parse(&format!("http://{}:{port}/", hosts::name(host))).expect("names make addresses");
    let targets = (0..HOSTS).map(seed).map(Target::Web).collect();
    Plan {
        typed: vec!["crowd".to_string()],
        crawl: Settings {
            follow: Follow::Named,
            span: Span::Home,
            resolve: known.map(|host| (hosts::name(host), IpAddr::from([127, 0, 0, 1]))).collect(),
            timeout: Duration::from_secs(8),
            ..Settings::default()
        },
        probe: idea_audit::probe::Settings { probing: idea_audit::probe::Probing::Off, ..Default::default() },
        documents: crate::documents::settings(),
        selected: selection.of(&set).expect("the packs are there"),
        ledger: Some(Ledger { store, resume: None, rows: Rows::Left, judge: Default::default() }),
        ..Plan::of(targets, set, jiff::civil::date(2026, 11, 22))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_crowd_the_undetermined_hosts_are_those_that_failed() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has a free port");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    let server = tokio::spawn(hosts::serve(listener, Arc::new(Counts::default())));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::File(folder.path().join("crowd.db"));
    let store = Store::open(&place).await.expect("a store opens");
    let report = audit(plan(port, store.clone()), &mut Silent).await.expect("the audit begins");
    server.abort();
    assert!(report.sites.is_empty() && report.findings.is_empty(), "the rows stay in the store");
    let run = store.run("latest").await.expect("it is written down");
    let lines = store.sites(run.id, &Filter::default()).await.expect("are told");
    assert_eq!(lines.len(), HOSTS as usize);
    let by_name: BTreeMap<&str, _> =
        lines.iter().map(|line| (line.site.split(':').next().unwrap_or_default(), line)).collect();
    for host in 0..HOSTS {
        let (name, fate) = (hosts::name(host), hosts::fate(host));
        let line = by_name[name.as_str()];
        let must = matches!(fate, Fate::Open | Fate::Busy);
        assert_eq!(!line.is_undetermined(), must, "{name}: {fate:?}, {line:?}");
        if !must {
            // A host that forbids its page still answers at its doors, and those are judged.
            let silent = fate != Fate::Forbidden;
            assert_eq!((line.missed, silent && line.findings > 0), (1, false), "{name}: {fate:?} is no failure");
        }
    }
    let judged = lines.iter().filter(|line| line.judged > 0).count() as u64;
    assert_eq!(report.coverage.pages.judged, judged);
    let whole = store.report(run.id).await.expect("comes back");
    assert_eq!((whole.sites.len() as u64, whole.coverage.pages.judged), (u64::from(HOSTS), judged));
    for (row, of_whole) in report.rules.iter().zip(&whole.rules) {
        assert_eq!(row.tally, of_whole.tally, "{}", row.id);
    }
}
