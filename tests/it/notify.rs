//! The message after a run: what it holds, who signed it, how often it is tried, and that it changes nothing else.

use idea_audit::crawl::Settings;
use idea_audit::notify::{Delivery, Hook, Pauses, signature};
use serde_json::Value;
use std::io::Write;
use std::net::IpAddr;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use url::Url;

use super::machine::lacks;
use super::server::{Request, Response, Server};
use super::sinks::{DEMO, check_valid, validator};

const SECRET: &str = "a secret of many characters";
const SCHEMA: &str = include_str!("../../docs/webhook.schema.json");
const DOCS: &str = include_str!("../../docs/webhook.md");
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sites/legacy");

fn hook(server: &Server, path: &str) -> Hook {
    let pauses = Pauses(vec![Duration::from_millis(1); 2]);
    Hook { url: server.url(path), secret: Some(SECRET.to_string()), pauses }
}

async fn scan(arguments: Vec<String>) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    program.args(["scan", SITE, "--as", "https://www.agency.example", "--format", "json", "--select", "accessibility"]);
    program.args(arguments).current_dir(folder.path()).env("IDEA_AUDIT_WEBHOOK_SECRET", SECRET).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || program.output().expect("the program starts")).await.expect("it ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_failed_says_so_in_a_signed_summary() {
    let server = Server::start(|_| Response::text("thanks")).await;
    let address = server.url("/token-in-the-path").to_string();
    let run = scan(vec!["--webhook".to_string(), address]).await;
    let says = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{says}");
    let log = server.log();
    let [message] = log.as_slice() else { panic!("one message, not {}: {says}", log.len()) };
    assert_eq!((message.method.as_str(), message.target.as_str()), ("POST", "/token-in-the-path"));
    let second: i64 = message.header("x-idea-audit-timestamp").and_then(|word| word.parse().ok()).expect("is a number");
    let signed = signature(SECRET, second, &message.body);
    assert_eq!(message.header("x-idea-audit-signature"), Some(signed.as_str()));
    let summary: Value = serde_json::from_slice(&message.body).expect("is JSON");
    check_valid(&validator(SCHEMA), &summary);
    let report: Value = serde_json::from_slice(&run.stdout).expect("the report is on standard output");
    assert_eq!(summary["run"]["id"], report["run"]["id"]);
    assert_eq!(message.header("x-idea-audit-delivery"), report["run"]["id"].as_str());
    assert_eq!((&summary["exit"]["code"], &summary["exit"]["means"]), (&Value::from(1), &Value::from("findings")));
    let failed =
        report["findings"].as_array().expect("is a list").iter().filter(|one| one["outcome"] == "failed").count();
    assert_eq!(summary["findings"]["failed"], failed);
    let everything = format!("{says}{}", String::from_utf8_lossy(&run.stdout));
    assert!(!everything.contains("token-in-the-path") && !everything.contains(SECRET), "the address is a secret, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_refuses_changes_neither_results_nor_exit_code() {
    let server = Server::start(|_| Response::status(404)).await;
    let run = scan(vec![
        "--webhook".to_string(),
        server.url("/gone").to_string(),
        "--fail-on".to_string(),
        "never".to_string(),
    ])
    .await;
    let says = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{says}");
    assert!(says.contains("did not take the summary after 1 try: it answered 404"), "{says}");
    assert!(serde_json::from_slice::<Value>(&run.stdout).is_ok());
}

#[tokio::test]
async fn a_server_in_trouble_is_tried_again_and_told_the_same() {
    let tries = AtomicUsize::new(0);
    let server = Server::start(move |_| match tries.fetch_add(1, Ordering::Relaxed) {
        0 => Response::status(503),
        1 => Response::nothing(),
        _ => Response::status(204),
    })
    .await;
    let delivered = hook(&server, "/").deliver("an-id", "{}".into(), &Settings::default()).await;
    assert_eq!(delivered, Ok(Delivery { tries: 3 }));
    let same = |request: &Request| (request.body.clone(), request.header("x-idea-audit-delivery").map(str::to_string));
    let log = server.log();
    assert!(log.iter().all(|request| same(request) == (b"{}".to_vec(), Some("an-id".to_string()))));
    assert_eq!(log.len(), 3);
}

#[tokio::test]
async fn hope_ends() {
    for (answer, tries, why) in [
        (Response::status(500), 3, "it answered 500"),
        (Response::status(410), 1, "it answered 410"),
        (Response::redirect(307, "http://127.0.0.1:1/"), 1, "redirect"),
    ] {
        let server = Server::start(move |_| answer.clone()).await;
        let error = hook(&server, "/").deliver("an-id", "{}".into(), &Settings::default()).await.expect_err(why);
        assert_eq!((error.tries, server.log().len()), (tries, tries), "{error}");
        assert!(error.why.contains(why), "{error}");
    }
    let nobody =
        Hook { url: Url::parse("http://127.0.0.1:1/token").expect("an address"), secret: None, pauses: Pauses(vec![]) };
    let error =
        nobody.deliver("an-id", "{}".into(), &Settings::default()).await.expect_err("nobody listens").to_string();
    assert!(error.contains("127.0.0.1 did not take") && !error.contains("token"), "{error}");
}

#[tokio::test]
async fn what_opens_doors_at_the_targets_is_not_sent_to_the_receiver() {
    let server = Server::start(|_| Response::status(200)).await;
    let mut hook = hook(&server, "/");
    hook.url = Url::parse(&format!("http://hooks.agency.example:{}/", server.port())).expect("an address");
    let settings = Settings {
        headers: vec![("x-staging".to_string(), "open".to_string())],
        auth: Some(("user".to_string(), "password".to_string())),
        resolve: vec![("hooks.agency.example".to_string(), IpAddr::from([127, 0, 0, 1]))],
        ..Settings::default()
    };
    assert_eq!(hook.deliver("an-id", "{}".into(), &settings).await, Ok(Delivery { tries: 1 }));
    let log = server.log();
    assert_eq!((log[0].header("x-staging"), log[0].header("authorization")), (None, None));
}

/// The words of the documentation, run as they stand there.
#[test]
fn the_documented_verification_tells_ours_from_others() {
    let example =
        DOCS.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).expect("there is an example");
    let now = jiff::Timestamp::now().as_second();
    let fields = |second: i64, secret: &str| {
        let signed = signature(secret, second, DEMO.as_bytes());
        format!("{{'X-Idea-Audit-Timestamp': '{second}', 'X-Idea-Audit-Signature': '{signed}'}}")
    };
    let program = format!(
        "{example}\nimport sys\nbody = sys.stdin.buffer.read()\n\
         print(is_ours('{SECRET}', {}, body), is_ours('{SECRET}', {}, body), is_ours('{SECRET}', {}, body), is_ours('{SECRET}', {}, body[1:]))",
        fields(now, SECRET),
        fields(now - 3600, SECRET),
        fields(now, "another secret altogether"),
        fields(now, SECRET),
    );
    let started = Command::new("python3").args(["-c", &program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut python) = started else {
        lacks("python3");
        return;
    };
    python.stdin.take().expect("was piped").write_all(DEMO.as_bytes()).expect("it reads");
    let said = python.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "True False False False");
}
