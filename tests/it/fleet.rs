//! The fleet on a real PostgreSQL: jobs, workers that are killed, a database that goes away, schedules, and docs/fleet.md.
//!
//! Invariants: however often workers are killed, the report is that of an undisturbed run; no host is asked by two workers at once.

use serde_json::Value;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use url::Url;

use super::postgres;
use super::server::{Request, Response, Server};

/// Pages of a site, the home page included.
const PAGES: usize = 10;
/// A worker that goes on for longer hangs.
const LONGEST: Duration = Duration::from_secs(150);
/// Requests a second to a host.
const RATE: f64 = 20.0;
const SETTINGS: &str = "contact = 'fleet@agency.example'\nno-tls-probe = true\nallow-private = ['127.0.9.0/24']\nrate = 20\ntoday = '2026-11-22'\n\
    select = ['accessibility/image-alternative', 'accessibility/page-title', 'search/robots-txt']\n[profile]\nbranch = 'executive'\n";

/// Sites on addresses of loopback, a folder with settings and a list, and a database.
struct Stage {
    server: Server,
    folder: tempfile::TempDir,
    store: String,
    sites: u8,
}

fn page(request: &Request) -> Response {
    match request.path().trim_start_matches('/') {
        "" => {
            let links: String = (1..PAGES).map(|number| format!("<a href='/{number}'>Page {number}</a>")).collect();
            Response::html(format!(
                "<!doctype html><html lang=en><title>Home of {}</title><img src=a.png>{links}",
                request.to.ip()
            ))
        }
        number if number.parse::<usize>().is_ok() => {
            Response::html(format!("<!doctype html><html lang=en><title>Page {number}</title><p>Words.<img src=b.png>"))
        }
        _other => Response::missing(),
    }
}

impl Stage {
    async fn of(sites: u8, store: String) -> Self {
        Self::showing(sites, store, page).await
    }

    async fn showing(sites: u8, store: String, what: fn(&Request) -> Response) -> Self {
        let server = Server::start_on(IpAddr::from(Ipv4Addr::UNSPECIFIED), 0, what).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let rows: String = (1..=sites)
            .map(|site| format!("http://127.0.9.{site}:{}/,Agency {},Bureau\n", server.port(), site % 3))
            .collect();
        std::fs::write(folder.path().join("targets.csv"), format!("url,agency,bureau\n{rows}not a host,,\n"))
            .expect("is written");
        std::fs::write(folder.path().join("idea-audit.toml"), SETTINGS).expect("is written");
        Self { server, folder, store, sites }
    }

    /// The same sites and another database.
    fn beside(&self, store: String) -> Beside<'_> {
        Beside { stage: self, store }
    }

    fn here(&self) -> Beside<'_> {
        self.beside(self.store.clone())
    }

    /// Waits until the sites were asked so often.
    async fn asked(&self, times: usize) {
        while self.server.log().len() < times {
            // paces: the log is looked at again.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A stage and the database that is used.
struct Beside<'s> {
    stage: &'s Stage,
    store: String,
}

impl Beside<'_> {
    fn program(&self, arguments: &str) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
        program
            .args(arguments.split_whitespace())
            .current_dir(self.stage.folder.path())
            .env("IDEA_AUDIT_STORE", &self.store);
        program.stdin(Stdio::null());
        program
    }

    async fn run(&self, arguments: &str) -> Output {
        let mut program = self.program(arguments);
        tokio::task::spawn_blocking(move || program.output().expect("the program starts")).await.expect("it ends")
    }

    async fn said(&self, arguments: &str) -> String {
        let run = self.run(arguments).await;
        assert_eq!(run.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8_lossy(&run.stdout).into_owned()
    }

    /// A worker that tells its name to the sites.
    fn worker(&self, name: usize, arguments: &str) -> Child {
        let mut program = self.program(&format!("fleet work --until-done --sites 4 {arguments}"));
        program.env("IDEA_AUDIT_HEADER", format!("X-Worker: {name}"));
        program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
    }

    async fn report(&self) -> Value {
        let mut report: Value = serde_json::from_str(&self.said("fleet report --format json").await).expect("is JSON");
        for key in ["id", "started", "finished", "command"] {
            report["run"].as_object_mut().expect("is an object").remove(key);
        }
        report
    }

    async fn status(&self) -> Value {
        serde_json::from_str(&self.said("fleet status --format json").await).expect("is JSON")
    }
}

async fn ended(mut worker: Child) -> Option<i32> {
    let began = Instant::now();
    loop {
        if let Some(left) = worker.try_wait().expect("it can be asked") {
            return left.code();
        }
        if began.elapsed() > LONGEST {
            worker.kill().expect("is killed");
            worker.wait().expect("is gone");
            panic!("a worker does not end");
        }
        // paces: the worker is looked at again.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_becomes_a_run_that_a_worker_does() {
    let Some(store) = postgres::database().await else { return };
    let stage = Stage::of(4, store).await;
    let here = stage.here();
    let begun = here.run("fleet enqueue targets.csv").await;
    let says = String::from_utf8_lossy(&begun.stderr).into_owned();
    assert_eq!(begun.status.code(), Some(0), "{says}");
    assert!(says.contains("targets.csv, line 6"), "{says}");
    assert!(String::from_utf8_lossy(&begun.stdout).contains("4 sites"));
    let status = here.status().await;
    assert_eq!((&status["targets"], &status["done"], &status["jobs"]["ready"]), (&4.into(), &0.into(), &4.into()));
    assert!(here.said("fleet status").await.contains("no worker: start one"), "what is missing is said");
    assert_eq!(ended(here.worker(1, "")).await, Some(0));
    let status = here.status().await;
    assert_eq!((&status["state"], &status["done"]), (&"finished".into(), &4.into()), "{status}");
    assert_eq!(status["pages"], 4 * PAGES);
    let report = here.report().await;
    let agencies: Vec<&str> =
        report["sites"].as_array().expect("is a list").iter().filter_map(|site| site["agency"].as_str()).collect();
    assert_eq!(agencies, ["Agency 1", "Agency 2", "Agency 0", "Agency 1"]);
    assert_eq!(report["run"]["list-problems"][0]["line"], 6);
    let scan = here.run("scan targets.csv --format json --fail-on never").await;
    let scanned: Value = serde_json::from_slice(&scan.stdout).expect("is JSON");
    for key in ["sites", "pages", "findings", "problems", "rules", "scorecard"] {
        assert_eq!(report[key], scanned[key], "{key} are those of a scan");
    }
    let again = here.said("fleet enqueue --again latest").await;
    assert!(again.contains("0 sites"), "{again}");
    here.said("fleet report --format sites-csv=sites.csv,html=report.html").await;
    let table = std::fs::read_to_string(stage.folder.path().join("sites.csv")).expect("was written");
    assert_eq!(table.lines().count(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_travels_with_the_jobs_and_the_end_of_a_run_is_told_to_whom_a_worker_names() {
    let Some(store) = postgres::database().await else { return };
    let stage = Stage::of(3, store.clone()).await;
    let here = stage.here();
    let receiver = Server::start(|_| Response::status(204)).await;
    let mut enqueue = here.program("fleet enqueue targets.csv");
    let begun = enqueue.env("IDEA_AUDIT_PLAN", "home").output().expect("the program starts");
    assert_eq!(begun.status.code(), Some(0), "{}", String::from_utf8_lossy(&begun.stderr));
    let mut worker = here.program("fleet work --until-done --quiet");
    worker
        .env("IDEA_AUDIT_WEBHOOK", receiver.url("/hook").as_str())
        .env("IDEA_AUDIT_WEBHOOK_SECRET", "0123456789abcdef");
    let worker = tokio::task::spawn_blocking(move || worker.output().expect("the program starts"));
    let worker = worker.await.expect("it ends");
    assert_eq!(worker.status.code(), Some(0), "{}", String::from_utf8_lossy(&worker.stderr));
    let status = here.status().await;
    assert_eq!((&status["state"], &status["pages"]), (&"finished".into(), &3.into()), "front pages only: {status}");
    let told = receiver.log();
    let [told] = &told[..] else { panic!("one summary, not {}", told.len()) };
    let summary: Value = serde_json::from_slice(&told.body).expect("is JSON");
    assert_eq!(
        (&summary["coverage"]["sites"], &summary["coverage"]["pages-judged"]),
        (&3.into(), &3.into()),
        "{summary}"
    );
    assert_eq!(summary["findings"]["failed"], 6, "an image without words and no robots.txt at each site: {summary}");
    assert!(
        told.header("idea-audit-signature").is_some()
            || told.headers.iter().any(|(name, _)| name.contains("signature"))
    );
    let place = idea_audit::store::Place::parse(&store).expect("is a place");
    let opened = idea_audit::store::Store::open_existing(&place).await.expect("is there");
    let run = opened.run("latest").await.expect("is there");
    assert_eq!(run.plan, "home");
    let site = opened.targets(run.id).await.expect("are told")[0].site.clone().expect("it led somewhere");
    let page = opened.pages(run.id, &site).await.expect("are read")[0].0.url.clone();
    let history = opened.page_history(&site, &page).await.expect("is read");
    assert!(history[0].digest.is_some(), "what a page said of its age is written down");
    opened.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_workers_lose_nothing_and_no_host_is_asked_by_two_at_once() {
    let (Some(store), Some(other)) = (postgres::database().await, postgres::database().await) else { return };
    let stage = Stage::of(40, store).await;
    let here = stage.here();
    here.said("fleet enqueue targets.csv").await;
    let pace = "--heartbeat 1 --dead-after 5";
    let mut workers: Vec<Child> = (0..2).map(|name| here.worker(name, pace)).collect();
    // Moments that look random and are the same each time: a linear congruence.
    let mut random: usize = 20_261_122;
    for kill in 0..10 {
        random = (random * 1_103_515_245 + 12_345) % (1 << 31);
        let asked = stage.server.log().len();
        stage.asked(asked + 3 + (random >> 8) % 25).await;
        let one = &mut workers[kill % 2];
        assert!(one.try_wait().expect("can be asked").is_none(), "kill {kill} comes while there is work");
        one.kill().expect("is killed");
        one.wait().expect("is gone");
        *one = here.worker(kill + 2, pace);
    }
    for worker in workers {
        assert_eq!(ended(worker).await, Some(0));
    }
    let log = stage.server.log();
    let status = here.status().await;
    assert_eq!((&status["state"], &status["done"]), (&"finished".into(), &stage.sites.into()), "{status}");
    assert_apart(&log);
    let beside = stage.beside(other);
    beside.said("fleet enqueue targets.csv").await;
    assert_eq!(ended(beside.worker(99, "")).await, Some(0));
    let undisturbed = stage.server.log().len() - log.len();
    println!("10 kills: {} requests where an undisturbed run makes {undisturbed}", log.len());
    let (killed, whole) = (here.report().await, beside.report().await);
    for key in ["run", "coverage", "scorecard", "rules", "sites", "pages", "findings", "problems"] {
        assert_eq!(killed[key], whole[key], "{key} are those of an undisturbed run");
    }
}

/// Each host was asked by one worker after the other, never in turns, and by each no faster than it allows.
fn assert_apart(log: &[Request]) {
    let mut hosts: BTreeMap<IpAddr, Vec<&Request>> = BTreeMap::new();
    log.iter().for_each(|request| hosts.entry(request.to.ip()).or_default().push(request));
    for (host, mut requests) in hosts {
        requests.sort_by_key(|request| request.at);
        let mut turns: Vec<(&str, Vec<&Request>)> = Vec::new();
        for request in requests {
            let name = request.header("x-worker").expect("each worker says its name");
            match turns.last_mut().filter(|(last, _)| *last == name) {
                Some((_, turn)) => turn.push(request),
                None => turns.push((name, vec![request])),
            }
        }
        for (at, (name, turn)) in turns.iter().enumerate() {
            assert!(turns[..at].iter().all(|(earlier, _)| earlier != name), "{host} was asked in turns");
            let lasted = turn.last().expect("a turn has a request").at.duration_since(turn[0].at).as_secs_f64();
            // The first request may arrive late and the last may not.
            let least = (turn.len() as f64 - 2.0) / RATE * 0.9;
            assert!(lasted >= least, "{host}: {} requests in {lasted:.2} seconds", turn.len());
        }
    }
}

/// Every third target is a door that leads to the site of the first of its three.
fn door(request: &Request) -> Response {
    let IpAddr::V4(ip) = request.to.ip() else { return Response::missing() };
    let [.., site] = ip.octets();
    let leads = (site - 1) / 3 * 3 + 1;
    if site == leads || request.path() == "/robots.txt" {
        return page(request);
    }
    Response::redirect(301, &format!("http://127.0.9.{leads}:{}{}", request.to.port(), request.path()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn targets_that_lead_to_one_host_wait_for_each_other_and_it_is_seen_once() {
    let Some(store) = postgres::database().await else { return };
    let stage = Stage::showing(12, store, door).await;
    let here = stage.here();
    here.said("fleet enqueue targets.csv").await;
    let workers: Vec<Child> = (0..2).map(|name| here.worker(name, "")).collect();
    for worker in workers {
        assert_eq!(ended(worker).await, Some(0));
    }
    let log = stage.server.log();
    for site in 1..=12 {
        let asked = |path: &str| {
            let here =
                |request: &&Request| request.to.ip() == IpAddr::from([127, 0, 9, site]) && request.path() == path;
            log.iter().filter(here).count()
        };
        let whole = usize::from(site % 3 == 1);
        assert_eq!(asked("/5"), whole, "site {site}: its pages are asked for once, and those of a door never");
        assert!(whole == 0 || asked("/") == 1, "site {site}: who has not the turn does not even ask for its home page");
    }
    let status = here.status().await;
    assert_eq!((&status["state"], &status["done"]), (&"finished".into(), &12.into()), "{status}");
    let report = here.report().await;
    assert_eq!(report["sites"].as_array().map(Vec::len), Some(4), "three targets are one site");
}

/// A way to the database that can be shut.
struct Gate {
    port: u16,
    shut: Arc<AtomicBool>,
}

impl Gate {
    async fn before(store: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let shut = Arc::new(AtomicBool::new(false));
        let (url, closed) = (Url::parse(store).expect("an address"), shut.clone());
        let folder =
            url.query_pairs().find(|(name, _)| name == "host").map(|(_, folder)| PathBuf::from(folder.as_ref()));
        let server = (url.host_str().unwrap_or("localhost").to_string(), url.port().unwrap_or(5432));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !closed.load(Ordering::Relaxed) {
                    tokio::spawn(carry(client, folder.clone(), server.clone(), closed.clone()));
                }
            }
        });
        Self { port, shut }
    }

    fn url(&self, store: &str) -> String {
        let mut url = Url::parse(store).expect("an address");
        url.set_query(Some("sslmode=disable"));
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.port)).expect("a port");
        url.to_string()
    }
}

async fn carry(mut client: TcpStream, folder: Option<PathBuf>, server: (String, u16), shut: Arc<AtomicBool>) {
    let cut = async {
        while !shut.load(Ordering::Relaxed) {
            // paces: the gate is looked at again.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let talk = async {
        match folder {
            Some(folder) => {
                let mut server = UnixStream::connect(folder.join(".s.PGSQL.5432")).await?;
                copy_bidirectional(&mut client, &mut server).await
            }
            None => copy_bidirectional(&mut client, &mut TcpStream::connect(server).await?).await,
        }
    };
    tokio::select! {
        () = cut => {}
        _ = talk => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_wait_for_a_database_that_went_away_and_go_on() {
    let Some(store) = postgres::database().await else { return };
    let gate = Gate::before(&store).await;
    let stage = Stage::of(16, store.clone()).await;
    stage.here().said("fleet enqueue targets.csv").await;
    let through = stage.beside(gate.url(&store));
    let worker = through.worker(1, "--heartbeat 1 --dead-after 60");
    stage.asked(40).await;
    gate.shut.store(true, Ordering::Relaxed);
    // paces: how long the database is away.
    tokio::time::sleep(Duration::from_secs(10)).await;
    gate.shut.store(false, Ordering::Relaxed);
    assert_eq!(ended(worker).await, Some(0));
    let status = stage.here().status().await;
    assert_eq!((&status["state"], &status["done"]), (&"finished".into(), &16.into()), "{status}");
    let mut asked: BTreeMap<(IpAddr, String), usize> = BTreeMap::new();
    stage
        .server
        .log()
        .into_iter()
        .for_each(|request| *asked.entry((request.to.ip(), request.target)).or_default() += 1);
    let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "nothing is asked for again: {twice:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_begins_one_run_for_each_of_its_moments() {
    let Some(store) = postgres::database().await else { return };
    let stage = Stage::of(1, store.clone()).await;
    let here = stage.here();
    for (arguments, says) in [
        (["schedule", "add", "Weekly!", "0 3 * * 1", "targets.csv"], "no name of a schedule"),
        (["schedule", "add", "weekly", "0 3 * *", "targets.csv"], "no times of a schedule"),
        (["schedule", "add", "weekly", "0 99 * * 1", "targets.csv"], "no times of a schedule"),
    ] {
        let mut program = here.program("fleet");
        let refused = program.args(arguments).output().expect("the program starts");
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(2) && words.contains(says), "{words}");
    }
    let added = here
        .program("fleet")
        .args(["schedule", "add", "weekly", "0 3 * * 1", "targets.csv"])
        .output()
        .expect("it starts");
    assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));
    assert!(here.said("fleet schedule list").await.contains("weekly  0 3 * * 1  1 sites"));
    // The moment comes twice, as it may when a worker is killed while it begins the run.
    let mut connection =
        <sqlx::PgConnection as sqlx::Connection>::connect(&store).await.expect("the server takes connections");
    for _ in 0..2 {
        let sql = "SELECT idea_audit_queue.add_job('begin-run', \
                   '{\"schedule\":\"weekly\",\"_cron\":{\"ts\":\"2026-11-23T03:00:00Z\",\"backfilled\":false}}'::json)";
        sqlx::query(sql).execute(&mut connection).await.expect("the queue is there");
    }
    assert_eq!(ended(here.worker(1, "")).await, Some(0));
    let status = here.status().await;
    assert_eq!((&status["state"], &status["run"]), (&"finished".into(), &1.into()), "{status}");
    let report = here.report().await;
    assert_eq!(report["run"]["judged-on"], "2026-11-23");
    here.said("fleet schedule remove weekly").await;
    let gone = here.run("fleet schedule remove weekly").await;
    assert_eq!(gone.status.code(), Some(2));
}

#[test]
fn what_a_fleet_cannot_do_is_refused_with_what_to_do() {
    for (arguments, says) in [
        ("fleet status --store results.db", "needs PostgreSQL"),
        ("fleet status --store mysql://x/y", "no kind of store"),
        ("fleet work --store postgres://localhost:1/x --heartbeat 10 --dead-after 20", "three times"),
        ("fleet enqueue a.example --store postgres://localhost:1/x", "--contact"),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
        let run = program.args(arguments.split(' ')).current_dir(Path::new("/")).output().expect("the program starts");
        let words = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.code() == Some(2) && words.contains(says), "{arguments}: {words}");
    }
}

/// The commands of the documentation, run as they stand there; a worker gets `--until-done`, or it would never end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_documented_commands_do_what_they_say() {
    let Some(store) = postgres::database().await else { return };
    let stage = Stage::of(2, store).await;
    let docs = include_str!("../../docs/fleet.md");
    let blocks = docs.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let commands: Vec<&str> = blocks.flat_map(str::lines).filter(|line| line.starts_with("idea-audit ")).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    let programs = Path::new(env!("CARGO_BIN_EXE_idea-audit")).parent().expect("it is in a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    for command in commands {
        let whole = if command.contains(" work") { format!("{command} --until-done") } else { command.to_string() };
        let mut shell = Command::new("sh");
        shell.args(["-c", &whole]).current_dir(stage.folder.path()).stdin(Stdio::null());
        shell.env("IDEA_AUDIT_STORE", &stage.store).env("PATH", &path);
        let run = tokio::task::spawn_blocking(move || shell.output().expect("a shell runs")).await.expect("it ends");
        assert_eq!(run.status.code(), Some(0), "{whole}: {}", String::from_utf8_lossy(&run.stderr));
    }
    assert_eq!(stage.here().status().await["state"], "finished");
    assert!(stage.folder.path().join("report.html").exists());
}
