//! `--changed-only`: a run that carries over what an earlier one found of pages that did not change ends as one that judges every page,
//! and asks for less.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use idea_audit::store::{Filter, Place, Store};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::postgres;
use crate::resume::{bare, same};
use crate::server::{Request, Response, Server};

const PROGRAM: &str = env!("CARGO_BIN_EXE_idea-audit");
/// Pages below the front page.
const PAGES: u32 = 18;

/// A site whose pages have entity tags, or days of change, or neither; `version` changes some of them.
fn site(request: &Request, version: u32) -> Response {
    let path = request.path();
    let number: Option<u32> = path.strip_prefix("/p/").and_then(|rest| rest.parse().ok());
    let links: String = (1..=PAGES).map(|other| format!("<a href=/p/{other}>Page {other}</a> ")).collect();
    let (number, more) = match (path, number) {
        ("/", _) => (0, format!("{links}<footer>&copy; 2026 Harbor</footer>")),
        (_, Some(19)) if version > 0 => (19, "<img src=/new.png>".to_string()),
        (_, Some(number)) if (1..=PAGES).contains(&number) => (number, changed(number, version)),
        ("/old", _) => return Response::redirect(301, "/p/9"),
        ("/robots.txt", _) => return Response::text("User-agent: *\nDisallow: /no\n"),
        ("/privacy", _) => (40, "<h2>Privacy policy</h2>".to_string()),
        (_, _) => return Response::missing(),
    };
    let body = format!(
        "<!doctype html><html lang=en><title>Page {number} of a harbor</title><body><main><h1>Page {number}</h1><img src=/x.png>\
         <p>Boats pay {number} dollars, and whoever comes late pays it again.</p>{more}<a href=/privacy>Privacy policy</a></main>"
    );
    let tag = format!("\"{:x}\"", body.len() * 1000 + number as usize);
    let since = "Tue, 03 Nov 2026 10:00:00 GMT";
    // A third of the pages has a tag, a third a day of change, and a third neither.
    let (fields, known) = match number % 3 {
        0 => (vec![("etag", tag.as_str())], request.header("if-none-match") == Some(&tag)),
        1 => (vec![("last-modified", since)], request.header("if-modified-since") == Some(since)),
        _ => (Vec::new(), false),
    };
    // A day of change that does not change with the page would be a fault of the server.
    let known = known && !(version > 0 && number == 4);
    let answer = if known { Response::status(304).untyped() } else { Response::html(body) };
    let answer = fields.into_iter().fold(answer, |answer, (name, value)| answer.with(name, value));
    let answer = answer.with("x-request-id", &request.connection.to_string());
    // What a 304 says of the page counts.
    if version > 0 && number == 6 { answer.with("x-robots-tag", "noindex") } else { answer }
}

fn changed(number: u32, version: u32) -> String {
    match (number, version) {
        (3, 1..) => "<a href=/p/19>New</a>".to_string(),
        (4, 0) => "<input name=x>".to_string(),
        (5, _) => "<p>Apply by November 25, 2026.</p>".to_string(),
        (9, _) => "<a href=/old>Old</a>".to_string(),
        (_, _) => String::new(),
    }
}

struct Stage {
    server: Server,
    version: Arc<AtomicU32>,
    asked: Arc<Semaphore>,
    /// Requests after which nobody gets an answer.
    most: Arc<AtomicU32>,
    folder: tempfile::TempDir,
}

impl Stage {
    async fn of() -> Self {
        let version = Arc::new(AtomicU32::new(0));
        let asked = Arc::new(Semaphore::new(0));
        let most = Arc::new(AtomicU32::new(u32::MAX));
        let (shown, count, left) = (version.clone(), asked.clone(), most.clone());
        let server = Server::start(move |request| {
            count.add_permits(1);
            let answer = site(request, shown.load(Ordering::Relaxed));
            let is_answered = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| match left {
                u32::MAX => Some(left),
                left => left.checked_sub(1),
            });
            if is_answered.is_ok() { answer } else { answer.after(Duration::from_secs(60)) }
        })
        .await;
        Self { server, version, asked, most, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn scan(&self, more: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).arg("scan").arg(self.server.url("/").as_str());
        command.args(["--fail-on", "never", "--no-tls-probe", "--profile", "executive"]).args(more);
        if !more.contains(&"--render") {
            command.args(["--render", "off"]);
        }
        if !more.contains(&"--today") {
            command.args(["--today", "2026-11-22"]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// The report of a scan, what was said, and how often each address was asked for whole.
    async fn run(&self, more: &[&str]) -> (Value, String, usize) {
        let before = self.server.log().len();
        let mut command = self.scan(&[more, &["--out", "r.json"]].concat());
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("ends").expect("runs");
        let said = told(&output);
        let log = self.server.log();
        let conditional = |request: &&Request| {
            request.header("if-none-match").is_some() || request.header("if-modified-since").is_some()
        };
        let asked = log[before..].iter().filter(conditional).count();
        (self.report("r.json"), said, asked)
    }

    fn report(&self, name: &str) -> Value {
        let mut report = bare(&self.folder.path().join(name));
        report["coverage"]["pages"].as_object_mut().expect("is an object").remove("unchanged");
        report
    }

    fn unchanged(&self) -> u64 {
        let report = bare(&self.folder.path().join("r.json"));
        report["coverage"]["pages"]["unchanged"].as_u64().unwrap_or(0)
    }
}

fn told(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_is_carried_over_and_the_report_is_that_of_a_whole_run() {
    let mut stores = vec!["audits.db".to_string()];
    stores.extend(postgres::database().await);
    for store in stores {
        let stage = Stage::of().await;
        let kept = ["--store", &store, "--changed-only"];
        let (whole, _, _) = stage.run(&[]).await;
        let (first, said, asked) = stage.run(&kept).await;
        assert!(said.contains("nothing was kept of these sites before"), "{said}");
        assert_eq!((asked, stage.unchanged()), (0, 0));
        same(&first, &whole, "");
        let (second, said, asked) = stage.run(&kept).await;
        same(&second, &whole, "");
        // The front page, the pages below it and the privacy policy; every page that has a tag or a day is asked whether it changed.
        assert_eq!(stage.unchanged(), u64::from(PAGES) + 2, "{said}");
        assert!(said.contains("20 of 20 pages had not changed"), "{said}");
        assert!(asked >= 12, "{asked} conditional requests");
        stage.version.store(1, Ordering::Relaxed);
        let (whole, _, _) = stage.run(&[]).await;
        let (third, said, _) = stage.run(&kept).await;
        same(&third, &whole, "");
        // Changed: 3 by a link, 4 by a fault that is gone, 6 by what its 304 says; 19 is new.
        assert_eq!(stage.unchanged(), u64::from(PAGES) + 2 - 3, "{said}");
        let place = Place::parse(&store).expect("is a place");
        let place = match place {
            Place::File(path) => Place::File(stage.folder.path().join(path)),
            Place::Postgres(url) => Place::Postgres(url),
        };
        let opened = Store::open_existing(&place).await.expect("is there");
        let run = opened.run("latest").await.expect("is there").id;
        let findings = opened.findings(run, &Filter::default()).await.expect("are told");
        let old = findings.iter().filter(|finding| finding.first_run < run).count();
        assert!(old > 10 && findings.len() > old, "{old} of {} findings were there before", findings.len());
        assert_eq!(
            findings.len(),
            third["findings"].as_array().map_or(0, Vec::len),
            "and all are seen last in this run"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_rules_or_another_day_judge_what_they_concern_anew() {
    let stage = Stage::of().await;
    let kept = ["--store", "audits.db", "--changed-only"];
    stage.run(&kept).await;
    let later = ["--today", "2026-11-28"];
    let (whole, _, _) = stage.run(&later).await;
    let (day, said, _) = stage.run(&[&kept[..], &later].concat()).await;
    same(&day, &whole, "");
    assert_eq!(stage.unchanged(), u64::from(PAGES) + 1, "a deadline is another thing on another day: {said}");
    let year = ["--today", "2027-11-22"];
    let (whole, _, _) = stage.run(&year).await;
    let (year, said, _) = stage.run(&[&kept[..], &year].concat()).await;
    same(&year, &whole, "");
    assert_eq!(stage.unchanged(), u64::from(PAGES), "and a year in another year: {said}");
    let fewer = ["--select", "accessibility,search"];
    let (whole, _, _) = stage.run(&fewer).await;
    let (other, said, asked) = stage.run(&[&kept[..], &fewer].concat()).await;
    same(&other, &whole, "");
    assert_eq!((asked, stage.unchanged()), (0, 0), "{said}");
    assert!(said.contains("other rules"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_any_more_is_a_problem_once_and_looked_at_whole_by_the_next_run() {
    let stage = Stage::of().await;
    let kept = ["--store", "audits.db", "--changed-only"];
    let (whole, _, _) = stage.run(&kept).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(stage.folder.path().join("audits.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("is a database");
    sqlx::query("UPDATE readings SET entry = x'00'").execute(&pool).await.expect("readings are kept");
    pool.close().await;
    let (lost, said, asked) = stage.run(&kept).await;
    let problems = lost["problems"].as_array().expect("is a list");
    let unread = problems.iter().filter(|problem| problem["detail"].to_string().contains("cannot be read")).count();
    assert_eq!((unread, asked >= 12), (asked, true), "{asked} conditional requests: {said}");
    assert_eq!(stage.unchanged(), 0, "what was not there to be carried over was not carried over");
    let (again, said, _) = stage.run(&kept).await;
    same(&again, &whole, &said);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_measured_is_judged_anew_and_the_others_are_left_out() {
    let stage = Stage::of().await;
    let kept = ["--store", "audits.db", "--changed-only", "--render", "home"];
    let (whole, said, _) = stage.run(&kept).await;
    assert!(said.contains("1 pages were measured"), "{said}");
    let (second, said, _) = stage.run(&kept).await;
    same(&second, &whole, "");
    assert_eq!(stage.unchanged(), u64::from(PAGES) + 1, "all but the front page: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_goes_on_with_what_was_carried_over() {
    let stage = Stage::of().await;
    let (whole, _, _) = stage.run(&["--store", "audits.db", "--changed-only"]).await;
    stage.asked.forget_permits(usize::MAX >> 4);
    let kept = ["--store", "audits.db", "--changed-only", "--concurrency", "2"];
    stage.most.store(16, Ordering::Relaxed);
    let mut child = stage.scan(&kept).spawn().expect("the program runs");
    stage.asked.acquire_many(17).await.expect("is open").forget();
    child.kill().expect("is killed");
    child.wait().expect("is gone");
    stage.most.store(u32::MAX, Ordering::Relaxed);
    let (resumed, said, _) = stage.run(&[&kept[..], &["--resume"]].concat()).await;
    same(&resumed, &whole, "");
    assert!(stage.unchanged() > 10, "{said}");
}

#[test]
fn what_changed_cannot_be_told_without_a_store() {
    let mut command = Command::new(PROGRAM);
    let run = command.args(["scan", "http://127.0.0.1:1/", "--changed-only"]).current_dir(Path::new("/"));
    let run = run.output().expect("the program runs");
    let words = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.code() == Some(2) && words.contains("add --store FILE"), "{words}");
}
