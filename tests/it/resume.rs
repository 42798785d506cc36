//! Runs that are written down: what `report` and `diff` find in a store, and that a run which was killed at any moment ends as one
//! that nobody disturbed.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use idea_audit::report::Report;
use idea_audit::store::{Place, RunState, Store};
use tokio::sync::Semaphore;

use crate::server::{Request, Response, Server};
use crate::{machine, postgres};

const PROGRAM: &str = env!("CARGO_BIN_EXE_idea-audit");
/// Pages of a site.
const PAGES: u32 = 24;
/// How often a run is killed.
const KILLS: u32 = 10;

/// A site of numbered pages with faults, an old address, a page that is not there, one that is forbidden and one that is blocked.
fn site(request: &Request) -> Response {
    let page = |number: u32| {
        let next = if number < PAGES { format!("<a href=/p/{}>Next</a>", number + 1) } else { String::new() };
        let odd = if number.is_multiple_of(3) { "<img src=/x.png>" } else { "<img src=/x.png alt='A harbor'>" };
        Response::html(format!(
            "<!doctype html><html lang=en><title>Page {} of {}</title><body><main><h1>Page {number}</h1>{odd}\
             <a href=/old/{number}>Earlier</a> <a href=/gone/{number}>Gone</a> <a href=/privacy>Privacy policy</a> {next}</main>",
            number % 5,
            request.to.ip(),
        ))
        .with("etag", &format!("\"{number}\""))
    };
    let path = request.path();
    let number = |prefix: &str| path.strip_prefix(prefix).and_then(|rest| rest.parse::<u32>().ok());
    match (path, number("/p/"), number("/old/")) {
        ("/", _, _) => page(0),
        ("/robots.txt", _, _) => Response::text("User-agent: *\nDisallow: /no\n"),
        ("/sitemap.xml", _, _) => Response::of(
            200,
            "application/xml",
            format!(
                "<urlset><url><loc>http://{}/listed</loc></url><url><loc>http://{}/no</loc></url></urlset>",
                request.to, request.to
            ),
        ),
        ("/listed", _, _) => page(PAGES),
        ("/privacy", _, _) => Response::html("<!doctype html><title>Privacy</title><h1>Privacy policy</h1>"),
        (_, Some(7), _) => Response::status(403),
        (_, Some(number), _) if number <= PAGES => page(number),
        (_, _, Some(number)) => Response::redirect(301, &format!("/p/{number}")),
        (_, _, _) => Response::missing(),
    }
}

/// A server on two addresses of loopback, and a permit for each request that came.
async fn served() -> (Server, Vec<String>, Arc<Semaphore>) {
    let asked = Arc::new(Semaphore::new(0));
    let count = asked.clone();
    let server = Server::start_on([0, 0, 0, 0].into(), 0, move |request| {
        count.add_permits(1);
        site(request)
    })
    .await;
    let targets = ["127.0.0.1", "127.0.0.2"].map(|ip| format!("http://{ip}:{}/", server.port()));
    (server, targets.to_vec(), asked)
}

fn scan(folder: &Path, targets: &[String], store: &str, more: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).arg("scan").args(targets);
    command.args(["--store", store, "--concurrency", "3", "--fail-on", "never", "--quiet", "--no-tls-probe"]);
    command.args(["--select", "accessibility,search,duplication,privacy", "--profile", "executive"]).args(more);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

async fn done(mut command: Command) -> Output {
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.expect("no thread stumbles").expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A report without what differs from run to run.
pub fn bare(path: &Path) -> serde_json::Value {
    let mut report: Report = serde_json::from_slice(&std::fs::read(path).expect("is written")).expect("is a report");
    for text in [&mut report.run.id, &mut report.run.started, &mut report.run.finished] {
        text.clear();
    }
    report.run.command.clear();
    serde_json::to_value(report).expect("a report is JSON")
}

/// Fails with the first place where two values differ.
pub fn same(one: &serde_json::Value, other: &serde_json::Value, place: &str) {
    use serde_json::Value::{Array, Object};
    match (one, other) {
        (Object(one), Object(other)) => {
            let keys: Vec<_> = [one.keys().collect::<Vec<_>>(), other.keys().collect()].concat();
            for key in keys {
                let null = serde_json::Value::Null;
                let of =
                    |map: &serde_json::Map<String, serde_json::Value>| map.get(key).cloned().unwrap_or(null.clone());
                same(&of(one), &of(other), &format!("{place}.{key}"));
            }
        }
        (Array(one), Array(other)) if one.len() == other.len() => {
            one.iter()
                .zip(other)
                .enumerate()
                .for_each(|(at, (one, other))| same(one, other, &format!("{place}[{at}]")));
        }
        (one, other) => assert_eq!(one, other, "at {place}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_scan_wrote_down_is_what_it_reported() {
    let (_server, targets, _) = served().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut stores = vec!["audits.db".to_string()];
    stores.extend(postgres::database().await);
    for store in stores {
        let file = |name: &str| folder.path().join(name);
        done(scan(folder.path(), &targets, &store, &["--out", "first.json"])).await;
        done(scan(folder.path(), &targets[..1], &store, &["--out", "second.json"])).await;
        let stored = |words: &[&str]| {
            let mut command = Command::new(PROGRAM);
            command.current_dir(folder.path()).args(words).args(["--store", &store]).stdin(Stdio::null());
            command
        };
        done(stored(&["report", "latest", "--out", "again.json"])).await;
        same(&bare(&file("again.json")), &bare(&file("second.json")), "");
        done(stored(&["report", "1", "--out", "again.json"])).await;
        same(&bare(&file("again.json")), &bare(&file("first.json")), "");
        let changed = done(stored(&["diff", "1", "2", "--format", "json"])).await;
        let changed: serde_json::Value = serde_json::from_slice(&changed.stdout).expect("is JSON");
        assert_eq!(changed["counts"]["new"], 0);
        let refused = stored(&["report", "none"]).output().expect("the program runs");
        assert_eq!(refused.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("has no run `none`"));
    }
}

/// Numbers that look like chance and are the same every time.
fn dice(seed: u64) -> impl FnMut(u32) -> u32 {
    let mut state = seed;
    move |sides| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 33).expect("31 bits") % sides
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_ten_times_ends_as_one_that_nobody_disturbed() {
    let (server, targets, asked) = served().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    done(scan(folder.path(), &targets, "calm.db", &["--out", "calm.json"])).await;
    let calm = server.log().len();
    asked.forget_permits(usize::MAX >> 4);
    let mut roll = dice(u64::from(server.port()));
    let mut kills = 0;
    for attempt in 0..=KILLS {
        let more: &[&str] = if attempt == 0 { &[] } else { &["--resume"] };
        let mut child = scan(folder.path(), &targets, "stormy.db", more).spawn().expect("the program runs");
        // A few requests later, wherever that is.
        let wanted = 1 + roll(calm as u32 / KILLS);
        let reached = async { asked.acquire_many(wanted).await.expect("is open").forget() };
        let id = child.id().to_string();
        let mut ended = tokio::task::spawn_blocking(move || child.wait().expect("is a child"));
        tokio::select! {
            () = reached => {}
            _ = &mut ended => break,
        }
        let killed = Command::new("kill").args(["-KILL", &id]).status().expect("kill runs");
        ended.await.expect("no thread stumbles");
        if !killed.success() {
            break;
        }
        kills += 1;
    }
    assert!(kills >= 5, "killed {kills} times");
    let place = Place::File(folder.path().join("stormy.db"));
    let store = Store::open_existing(&place).await.expect("is there");
    let open = store.runs().await.expect("are told").iter().filter(|run| run.state != RunState::Finished).count();
    store.close().await;
    if open > 0 {
        done(scan(folder.path(), &targets, "stormy.db", &["--resume", "--out", "stormy.json"])).await;
    } else {
        let mut command = Command::new(PROGRAM);
        command.current_dir(folder.path()).args(["report", "--store", "stormy.db", "--out", "stormy.json"]);
        done(command).await;
    }
    same(&bare(&folder.path().join("stormy.json")), &bare(&folder.path().join("calm.json")), "");
    let stormy = server.log().len() - calm;
    println!("{calm} requests undisturbed, {stormy} with {kills} kills");
    assert!(stormy <= calm + kills as usize * 12, "what was heard is not asked again: {stormy} requests for {calm}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_resumed_is_said_with_what_to_do() {
    let (_server, targets, _) = served().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let refused = |more: &[&str], says: &str| {
        let mut command = scan(folder.path(), &targets[..1], "x.db", more);
        let output = command.output().expect("the program runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains(says) && told.contains("\n  "), "{told}");
    };
    refused(&["--resume"], "no such file");
    done(scan(folder.path(), &targets[..1], "x.db", &["--plan", "home"])).await;
    refused(&["--resume"], "every run in x.db has ended");
    refused(&["--plan", "some"], "--plan some is no plan");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_written_down_where_nobody_says_otherwise() {
    let (server, targets, _) = served().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("list.txt"), targets.join("\n")).expect("is written");
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder.path()).args(["scan", "@list.txt", "--contact", "a@b.example", "--plan", "home"]);
    command.args(["--select", "search", "--fail-on", "never", "--out", "r.json"]).stdin(Stdio::null());
    let told = done(command).await;
    assert!(String::from_utf8_lossy(&told.stderr).contains("idea-audit.db"), "it says where");
    let place = Place::File(folder.path().join("idea-audit.db"));
    let store = Store::open_existing(&place).await.expect("is there");
    let run = store.run("latest").await.expect("is there");
    assert_eq!((run.plan.as_str(), run.done, run.pages), ("home", 2, 2));
    assert_eq!(server.count("/p/1"), 0, "the pages behind the front page are left alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_has_pages_of_every_shape() {
    let server = Server::start(|request| match request.path() {
        "/" => {
            let many: String = (0..40).map(|n| format!("<a href=/news/{n}>N</a>")).collect();
            let few = "<a href=/about>A</a><a href=/forms/a/b.html>F</a><a href=/topics/x/>T</a>";
            Response::html(format!("<!doctype html><html lang=en><title>T</title>{many}{few}"))
        }
        "/robots.txt" | "/sitemap.xml" => Response::missing(),
        _ => Response::html("<!doctype html><html lang=en><title>T</title><p>Text"),
    })
    .await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = [server.url("/").to_string()];
    done(scan(folder.path(), &target, "x.db", &["--plan", "sample=6", "--out", "r.json"])).await;
    let report = bare(&folder.path().join("r.json"));
    let pages: Vec<&str> =
        report["pages"].as_array().expect("is a list").iter().filter_map(|row| row["url"].as_str()).collect();
    assert_eq!(pages.len(), 6, "{pages:?}");
    for path in ["/about", "/forms/a/b.html", "/topics/x/"] {
        assert!(pages.iter().any(|page| page.ends_with(path)), "{path} among {pages:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_for_ten_seconds_costs_a_scan_no_result() {
    let Some(mut database) = postgres::Server::start() else {
        return machine::lacks("PostgreSQL");
    };
    let store = postgres::fresh(&database.url("postgres")).await;
    let (server, targets, asked) = served().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    done(scan(folder.path(), &targets, "calm.db", &["--out", "calm.json"])).await;
    let calm = server.log().len();
    asked.forget_permits(usize::MAX >> 4);
    let mut command = scan(folder.path(), &targets, &store, &["--rate", "10", "--out", "stormy.json"]);
    let child = command.spawn().expect("the program runs");
    asked.acquire_many(20).await.expect("is open").forget();
    database.halt();
    // paces: how long the database is away.
    tokio::time::sleep(Duration::from_secs(10)).await;
    database.go_on();
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.expect("no thread stumbles");
    let output = output.expect("is a child");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    same(&bare(&folder.path().join("stormy.json")), &bare(&folder.path().join("calm.json")), "");
    assert_eq!(server.log().len(), calm * 2, "and nothing was asked twice");
    let place = Place::parse(&store).expect("is a place");
    let opened = Store::open_existing(&place).await.expect("is there");
    let run = opened.run("latest").await.expect("is there");
    assert_eq!((run.state, run.done), (RunState::Finished, 2));
    opened.close().await;
}

/// Two sites with one long text, and a title that both have.
fn twins(request: &Request) -> Response {
    let text: String = (0..300).map(|n| format!("word{n} ")).collect();
    match request.path() {
        "/" => Response::html(
            "<!doctype html><html lang=en><title>Home</title><body><main><h1>Home</h1><a href=/fees>Fees</a></main>",
        ),
        "/fees" => Response::html(format!(
            "<!doctype html><html lang=en><title>Fees for boats</title><body><main><h1>Fees</h1><p>{text}</p></main>"
        )),
        _ => Response::missing(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sites_have_in_common_is_told_of_runs_that_are_written_down_too() {
    let server = Server::start_on([0, 0, 0, 0].into(), 0, twins).await;
    let targets: Vec<String> = ["127.0.0.1", "127.0.0.2"].map(|ip| format!("http://{ip}:{}/", server.port())).into();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scan = |more: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.current_dir(folder.path()).arg("scan").args(&targets).args(["--select", "duplication"]).args(more);
        command.args(["--fail-on", "never", "--quiet", "--no-tls-probe"]).stdin(Stdio::null());
        command
    };
    let file = |name: &str| folder.path().join(name);
    done(scan(&["--out", "held.json"])).await;
    let held = bare(&file("held.json"));
    for rule in ["duplication/across-sites", "duplication/titles-across-sites"] {
        let tally = held["rules"].as_array().expect("is a list").iter().find(|row| row["id"] == rule);
        assert!(tally.is_some_and(|row| row["tally"]["cantTell"].as_u64() > Some(0)), "{rule}: {tally:?}");
    }
    let mut stores = vec!["audits.db".to_string()];
    stores.extend(postgres::database().await);
    for store in stores {
        done(scan(&["--store", &store, "--out", "written.json"])).await;
        same(&bare(&file("written.json")), &held, "");
        done(scan(&["--store", &store, "--format", "none"])).await;
        let mut command = Command::new(PROGRAM);
        command.current_dir(folder.path()).args(["report", "--store", &store, "--out", "left.json"]);
        done(command).await;
        same(&bare(&file("left.json")), &held, "");
    }
}
