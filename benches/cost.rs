//! What a page costs: CPU for fetching only, fetching and parsing, and the whole static audit, in one run.
//!
//! In: a generated site (pages of 28.8 KB with 63 links) on a loopback server that runs as a child process, so that its CPU is
//! not counted. Out: a table; ratios within the run are the figures to compare, because machines differ. `cargo bench` judges
//! 1,000 pages and writes a report of 100,000 findings; `PAGES=5000 FINDINGS=1000000 cargo bench` the full form; `cargo bench -- --rules [file …]` shows what each rule costs on a page. How to read it: docs/performance.md.

mod reports;
mod rules;
mod site;

use cpu_time::ProcessTime;
use idea_audit::audit::{Ledger, Pages, Plan, Rendering, Rows, Silent, Target, audit};
use idea_audit::crawl::{Crawl, Event, Settings};
use idea_audit::engine::Days;
use idea_audit::html::Document;
use idea_audit::rules::{Profile, RuleSet, Selection};
use idea_audit::store::{Place, Store};
use idea_audit::worker::Program;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use url::Url;

/// Requests under way at once.
const CONNECTIONS: usize = 64;
/// Sites of more pages are audited without style, which would take most of an hour.
const MOST_MEASURED: usize = 10_000;
/// Hosts of the paced crawl, each an address of loopback.
const HOSTS: usize = 200;
/// The pace of each of them.
const INTERVAL: Duration = Duration::from_millis(500);
/// Pages fetched from each of them.
const PAGES_PACED: u64 = 10;

/// What one way of looking at the site cost.
struct Cost {
    name: &'static str,
    pages: usize,
    cpu: Duration,
    wall: Duration,
    /// The most memory that was resident meanwhile, in MB, where the system tells it (Linux).
    peak: Option<f64>,
}

fn main() {
    if let Some(port) = std::env::var_os("IDEA_AUDIT_BENCH_SERVER") {
        let pages = port.to_string_lossy().parse().expect("the parent names a number of pages");
        site::serve(pages);
        return;
    }
    let mut asked = std::env::args().skip(1).filter(|argument| argument != "--bench");
    if asked.next().as_deref() == Some("--rules") {
        rules::print(&asked.collect::<Vec<_>>());
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<usize>().ok());
    let pages = number("PAGES").unwrap_or(1_000);
    let server = site::Server::start(pages);
    let runtime = Runtime::new().expect("a runtime starts");
    let root = server.root();
    let mut costs = vec![
        measured("fetch only", pages, || runtime.block_on(fetch(&root, pages, Work::Fetch))),
        measured("fetch + parse", pages, || runtime.block_on(fetch(&root, pages, Work::Parse))),
        measured("static audit", pages, || runtime.block_on(audited(&root, pages, None, Rendering::default()))),
        measured("… and a store", pages, || runtime.block_on(stored(&root, pages))),
    ];
    if pages <= MOST_MEASURED {
        costs.push(measured("… and style", pages, || runtime.block_on(audited(&root, pages, None, rendered()))));
    }
    let rate = runtime.block_on(paced(&root));
    drop(server);
    print(&costs);
    println!(
        "{HOSTS} hosts, a request each {INTERVAL:?}, {CONNECTIONS} permits: {:.1} % of the ideal rate",
        rate * 100.0
    );
    reports::print(number("FINDINGS").unwrap_or(100_000), forget_peak, peak_memory);
}

fn measured(name: &'static str, pages: usize, work: impl FnOnce() -> usize) -> Cost {
    forget_peak();
    let (cpu, children, wall) = (ProcessTime::now(), time_of_children(), Instant::now());
    let done = work();
    assert_eq!(done, pages, "{name}: every page is looked at");
    let cpu = cpu.elapsed() + time_of_children().saturating_sub(children);
    Cost { name, pages, cpu, wall: wall.elapsed(), peak: peak_memory() }
}

#[derive(Clone, Copy)]
enum Work {
    Fetch,
    Parse,
}

/// Fetches every page by its number, as the floor that no audit can go below.
async fn fetch(root: &Url, pages: usize, work: Work) -> usize {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client starts");
    let mut tasks = JoinSet::new();
    let mut done = 0;
    for page in 0..pages {
        if tasks.len() >= CONNECTIONS {
            done += tasks.join_next().await.expect("a task is under way").expect("no task panics");
        }
        let (client, url) = (client.clone(), root.join(&site::path(page)).expect("a path"));
        tasks.spawn(async move {
            let body = client.get(url).send().await.expect("the server answers").bytes().await.expect("a whole body");
            match work {
                Work::Fetch => usize::from(!body.is_empty()),
                Work::Parse => {
                    let parse = move || usize::from(Document::parse(&String::from_utf8_lossy(&body)).body().is_some());
                    tokio::task::spawn_blocking(parse).await.expect("parsing never panics")
                }
            }
        });
    }
    while let Some(joined) = tasks.join_next().await {
        done += joined.expect("no task panics");
    }
    done
}

/// The same, written down in SQLite as the audit goes on; its rows stay there.
async fn stored(root: &Url, pages: usize) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::File(folder.path().join("cost.db"));
    let store = Store::open(&place).await.expect("a store opens");
    let ledger = Ledger { store, resume: None, rows: Rows::Left, judge: Default::default() };
    let judged = audited(root, pages, Some(ledger), Rendering::default()).await;
    let octets = std::fs::metadata(folder.path().join("cost.db")).map_or(0, |file| file.len());
    println!("{:.1} MB in the store", octets as f64 / 1e6);
    judged
}

/// Every page measured, in children of the program.
fn rendered() -> Rendering {
    let worker =
        Program { path: env!("CARGO_BIN_EXE_idea-audit").into(), arguments: vec!["render-worker".to_string()] };
    Rendering { pages: Pages::All, worker: Some(worker) }
}

/// Audits the whole site with every rule.
async fn audited(root: &Url, pages: usize, ledger: Option<Ledger>, rendering: Rendering) -> usize {
    let set = RuleSet::bundled().expect("the bundled rules load");
    let day = jiff::civil::date(2026, 11, 22);
    let plan = Plan {
        targets: vec![Target::Web(root.clone())],
        list_problems: Vec::new(),
        typed: vec![root.to_string()],
        publish_at: None,
        crawl: Settings { concurrency: CONNECTIONS, max_pages: None, ..Settings::default() },
        selected: Selection::default().of(&set).expect("everything is selected"),
        probe: idea_audit::probe::Settings::default(),
        // This executable reads no documents.
        documents: idea_audit::audit::DocumentSettings { most: Some(0), ..Default::default() },
        rendering,
        preloaded: idea_audit::web::preload::Preloaded::default(),
        set,
        profile: Profile::default(),
        owners: BTreeMap::new(),
        domains: Vec::new(),
        days: Days { today: day, policy_as_of: day },
        exceptions: Default::default(),
        baseline: None,
        alone: Default::default(),
        ledger,
    };
    let rules = plan.selected.len();
    let report = audit(plan, &mut Silent).await.expect("the audit begins");
    println!("{rules} rules, {} findings, {} problems", report.findings.len(), report.problems.len());
    usize::try_from(report.coverage.pages.judged).expect("a small number").min(pages)
}

/// Crawls many hosts at a set pace: how much of the rate that the pace allows is reached.
async fn paced(root: &Url) -> f64 {
    let seeds = (1..=HOSTS).map(|host| {
        let mut seed = root.clone();
        seed.set_ip_host([127, 0, 1, u8::try_from(host).expect("fewer than 256 hosts")].into()).expect("an address");
        seed
    });
    let settings = Settings {
        concurrency: CONNECTIONS,
        interval: Some(INTERVAL),
        max_pages: Some(PAGES_PACED),
        ..Settings::default()
    };
    let mut crawl = Crawl::new(settings, seeds.collect()).expect("the seeds are web addresses");
    let begun = Instant::now();
    let mut pages = 0_u64;
    while let Some(event) = crawl.next().await {
        if let Event::Page { site, depth, capture, .. } = event {
            pages += 1;
            let links = (1..=PAGES_PACED).filter_map(|page| capture.url.join(&site::path(page as usize)).ok());
            crawl.discovered(site, depth, &capture.url, links.collect());
        }
    }
    // Each host is asked for robots.txt and a sitemap too; the first request of a host waits for nothing.
    let ideal = INTERVAL * u32::try_from(PAGES_PACED + 1).expect("a small number");
    assert_eq!(pages, HOSTS as u64 * PAGES_PACED, "every page is fetched");
    ideal.as_secs_f64() / begun.elapsed().as_secs_f64()
}

fn print(costs: &[Cost]) {
    let floor = costs.iter().find(|cost| cost.name == "fetch + parse").map_or(1.0, Cost::cpu_per_page);
    println!(
        "{:<16}{:>14}{:>12}{:>26}{:>10}{:>10}",
        "", "CPU ms/page", "pages/s", "× (fetch + parse)", "cores", "peak MB"
    );
    for cost in costs {
        let rate = cost.pages as f64 / cost.wall.as_secs_f64();
        let peak = cost.peak.map_or_else(String::new, |peak| format!("{peak:.0}"));
        println!(
            "{:<16}{:>14.3}{:>12.0}{:>26.2}{:>10.2}{:>10}",
            cost.name,
            cost.cpu_per_page(),
            rate,
            cost.cpu_per_page() / floor,
            cost.cpu.as_secs_f64() / cost.wall.as_secs_f64(),
            peak
        );
    }
}

impl Cost {
    fn cpu_per_page(&self) -> f64 {
        self.cpu.as_secs_f64() * 1000.0 / self.pages as f64
    }
}

/// The processor time of children that have ended and were waited for, to a hundredth of a second (Linux, proc(5)); elsewhere none.
fn time_of_children() -> Duration {
    let ticks = || {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        // User and system time are fields 16 and 17; what follows the name begins with the third.
        let fields: Vec<u64> = fields.split_ascii_whitespace().skip(13).take(2).map_while(|n| n.parse().ok()).collect();
        Some(fields.iter().sum::<u64>())
    };
    Duration::from_millis(10 * ticks().unwrap_or(0))
}

/// The high-water mark of resident memory since [`forget_peak`], in MB.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes = line.split_ascii_whitespace().nth(1)?.parse::<f64>().ok()?;
    Some(kilobytes / 1024.0)
}

/// Sets the mark down to what is resident now (Linux, proc(5)); elsewhere there is no mark.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
