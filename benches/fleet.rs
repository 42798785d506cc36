//! What a list of tens of thousands of hosts costs: one process, plan `home`, every rule, written down in SQLite.
//!
//! In: virtual hosts on loopback, played by a child process so that its CPU is not counted: latency 20 to 500 ms, 20 of 100 without an
//! address, 10 that never answer, 3 that forbid, 3 that are busy at first. Out: minutes, CPU, peak memory, requests a host, and
//! whether the undetermined hosts are exactly those that failed. `HOSTS=3000 cargo bench --bench fleet` for a smaller one.

#[path = "fleet/crowd.rs"]
mod crowd;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::IpAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use idea_audit::audit::{Ledger, Plan, Rows, Silent, Target, audit};
use idea_audit::crawl::{Follow, Settings, Span};
use idea_audit::engine::Days;
use idea_audit::rules::{Profile, RuleSet};
use idea_audit::store::{Filter, Place, Store};
use url::Url;

use crowd::{Counts, Fate};

/// Hosts of the whole form.
const HOSTS: u32 = 30_000;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    if std::env::var_os("IDEA_AUDIT_BENCH_CROWD").is_some() {
        runtime.block_on(played());
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u32>().ok());
    let hosts = number("HOSTS").unwrap_or(HOSTS);
    let concurrency = number("CONCURRENCY").map_or(256, |number| number as usize);
    let mut crowd = Crowd::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("fleet.db");
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let (judged, wrong) = runtime.block_on(audited(hosts, crowd.port, &Place::File(file.clone()), concurrency));
    let (cpu, wall) = (cpu.elapsed(), wall.elapsed());
    let requests = crowd.requests();
    let octets = std::fs::metadata(&file).map_or(0, |file| file.len());
    println!("{hosts} hosts, {judged} judged, {wrong} with another end than their fate");
    println!("{:>8.1} minutes", wall.as_secs_f64() / 60.0);
    println!("{:>8.1} s CPU, {:.1} ms a host", cpu.as_secs_f64(), cpu.as_secs_f64() * 1000.0 / f64::from(hosts));
    println!("{:>8.0} MB at most", peak().unwrap_or_default());
    println!("{:>8.1} requests a host that has an address", requests as f64 / (f64::from(hosts) * 0.8));
    println!("{:>8.1} MB in the store", octets as f64 / 1e6);
    assert_eq!(wrong, 0, "the undetermined hosts are those that failed");
}

/// Plays the crowd until standard input closes; a line asks for the number of requests.
async fn played() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has a free port");
    let counts = Arc::new(Counts::default());
    println!("{}", listener.local_addr().expect("a bound socket has an address").port());
    tokio::spawn(crowd::serve(listener, counts.clone()));
    let asked = tokio::task::spawn_blocking(move || {
        for _line in std::io::stdin().lock().lines().map_while(Result::ok) {
            println!("{}", counts.requests.load(Ordering::Relaxed));
        }
    });
    let _ = asked.await;
}

/// The child that plays the crowd.
struct Crowd {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
    port: u16,
}

impl Crowd {
    fn start() -> Self {
        let program = std::env::current_exe().expect("a program knows its file");
        let mut child = Command::new(program)
            .env("IDEA_AUDIT_BENCH_CROWD", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child starts");
        let said = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut crowd = Self { child, said, port: 0 };
        crowd.port = crowd.line().parse().expect("it says its port");
        crowd
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("the child speaks");
        line.trim().to_string()
    }

    fn requests(&mut self) -> u64 {
        let input = self.child.stdin.as_mut().expect("it is piped");
        input.write_all(b"\n").and_then(|()| input.flush()).expect("the child listens");
        self.line().parse().expect("it says a number")
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Audits the crowd; gives the hosts judged, and how many ended otherwise than they had to.
async fn audited(hosts: u32, port: u16, place: &Place, concurrency: usize) -> (usize, usize) {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let day = jiff::civil::date(2026, 11, 22);
    let known = (0..hosts).filter(|host| crowd::fate(*host) != Fate::Nameless);
    let settings = Settings {
        user_agent: "idea-audit-bench/1.0".to_string(),
        interval: Some(Duration::from_secs(1)),
        follow: Follow::Named,
        span: Span::Home,
        resolve: known.map(|host| (crowd::name(host), IpAddr::from([127, 0, 0, 1]))).collect(),
        concurrency,
        ..Settings::default()
    };
    let store = Store::open(place).await.expect("a store opens");
    let seed = |host| Url::parse(&format!("http://{}:{port}/", crowd::name(host))).expect("names make addresses");
    let plan = Plan {
        targets: (0..hosts).map(seed).map(Target::Web).collect(),
        typed: vec!["crowd".to_string()],
        publish_at: None,
        crawl: settings,
        probe: idea_audit::probe::Settings { probing: idea_audit::probe::Probing::Off, ..Default::default() },
        documents: idea_audit::audit::DocumentSettings { most: Some(0), ..Default::default() },
        rendering: Default::default(),
        list_problems: Vec::new(),
        preloaded: Default::default(),
        selected: set.rules.clone(),
        set,
        profile: Profile::default(),
        owners: BTreeMap::new(),
        domains: Vec::new(),
        days: Days { today: day, policy_as_of: day },
        exceptions: Default::default(),
        baseline: None,
        alone: Default::default(),
        ledger: Some(Ledger { store: store.clone(), resume: None, rows: Rows::Left, judge: Default::default() }),
    };
    let report = audit(plan, &mut Silent).await.expect("the audit begins");
    drop(report);
    let run = store.run("latest").await.expect("it is written down");
    let lines = store.sites(run.id, &Filter::default()).await.expect("are told");
    let seen: BTreeSet<String> = lines
        .iter()
        .filter(|line| line.judged > 0)
        .filter_map(|line| Some(line.site.split(':').next()?.to_string()))
        .collect();
    let wrong = (0..hosts).filter(|host| {
        let must = matches!(crowd::fate(*host), Fate::Open | Fate::Busy);
        seen.contains(&crowd::name(*host)) != must
    });
    (seen.len(), wrong.count())
}

/// The most memory that was resident, in MB, where the system tells it (Linux).
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}
