//! The program itself among strangers: signals, proxies of the environment, full disks, memory, strange folders.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_idea-audit"));
    program.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    program
}

fn report(folder: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(name)).expect("the report is there");
    serde_json::from_str(&text).expect("the report is JSON")
}

/// Every format there is, as the program names them to somebody who names none of them.
fn formats() -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let output = program(folder.path(), &["scan", &site(), "--format", "none-of-them"]).output();
    let said = words(&output.expect("the program runs"));
    let (_, list) = said.split_once("write one of ").expect("the message names the formats");
    let names: Vec<String> = list.lines().next().unwrap_or_default().split(", ").map(str::to_string).collect();
    assert!(names.len() >= 17 && names.iter().any(|name| name == "pshtt-csv"), "{names:?}");
    names
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn site() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/sites/mixed").to_string()
}

/// A server of threads, since the program is another process: a path goes in, octets come out, `None` is silence.
fn server(answer: impl Fn(&str) -> Option<Vec<u8>> + Clone + Send + 'static) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let (asked, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer, asked) = (stream.expect("a connection"), answer.clone(), asked.clone());
            std::thread::spawn(move || {
                let mut request = [0; 8_192];
                let read = stream.read(&mut request).unwrap_or(0);
                let text = String::from_utf8_lossy(&request[..read]).into_owned();
                let target = text.split(' ').nth(1).unwrap_or("/").to_string();
                let told = answer(&target);
                let _ = asked.send(target);
                match told {
                    Some(octets) => drop(stream.write_all(&octets)),
                    // Until the client has had enough.
                    None => drop(stream.read(&mut request)),
                }
            });
        }
    });
    (address, heard)
}

fn page(body: &str) -> Vec<u8> {
    let body = format!("<!doctype html><html lang=en><title>Page</title>{body}");
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn missing() -> Vec<u8> {
    b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec()
}

/// Three pages that answer, the others never do.
fn stuck(path: &str) -> Option<Vec<u8>> {
    match path {
        "/" => Some(page("<a href=/p1>1</a><a href=/p2>2</a><a href=/never1>3</a><a href=/never2>4</a>")),
        "/p1" | "/p2" => Some(page("here")),
        _ if path.starts_with("/never") => None,
        _ => Some(missing()),
    }
}

fn signal(child: &Child, name: &str) {
    let told = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
}

#[test]
#[cfg(all(feature = "jemalloc", target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
fn memory_is_asked_for_with_the_settings_that_were_measured() {
    let written = include_str!("../../../.cargo/config.toml");
    let settings = written.split('"').nth(1).expect("one value");
    let mut program = program(Path::new("."), &["--version"]);
    let told = program.env("_RJEM_MALLOC_CONF", "confirm_conf:true").output().expect("the program starts");
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    for setting in settings.split(',') {
        assert!(told.contains(&format!("Set conf value: {setting}")), "{setting}: build it in its own folder\n{told}");
    }
}

#[test]
fn the_first_signal_leaves_a_report_and_the_second_ends_at_once() {
    for (first, second, code) in [("-INT", "-INT", 130), ("-TERM", "-TERM", 143), ("-INT", "-TERM", 143)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (address, heard) = server(stuck);
        let arguments = ["scan", &address, "--timeout", "600", "--out", "r.json", "--max-time", "3600"];
        let mut child = program(folder.path(), &arguments).spawn().expect("the program starts");
        let mut said = BufReader::new(child.stderr.take().expect("is piped"));
        while !heard.recv_timeout(Duration::from_secs(60)).expect("pages are asked for").starts_with("/never") {}
        signal(&child, first);
        let mut line = String::new();
        while !line.contains("interrupt again to stop at once") {
            line.clear();
            assert!(said.read_line(&mut line).expect("it speaks") > 0, "{first}");
        }
        let begun = Instant::now();
        signal(&child, second);
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{first} {second}");
        assert!(begun.elapsed() < Duration::from_secs(5), "at once");
        assert!(!folder.path().join("r.json").exists(), "half a report is none");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "and nothing is left lying about");
    }
}

#[test]
fn an_interrupt_ends_the_crawl_with_a_report_that_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (address, heard) = server(stuck);
    let arguments = ["scan", &address, "--timeout", "4", "--fail-on", "never", "--format", "json=r.json,html=r.html"];
    let child = program(folder.path(), &arguments).spawn().expect("the program starts");
    while !heard.recv_timeout(Duration::from_secs(60)).expect("pages are asked for").starts_with("/never") {}
    signal(&child, "-INT");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    let report = report(folder.path(), "r.json");
    assert_eq!(report["run"]["stopped"], true);
    assert!(report["coverage"]["pages"]["judged"].as_u64() >= Some(1), "{}", report["coverage"]);
    assert!(words(&output).contains("stopped before its end"), "{}", words(&output));
    let html = std::fs::read_to_string(folder.path().join("r.html")).expect("is there");
    assert!(html.to_lowercase().contains("stopped"), "the people who read it are told");
}

#[test]
fn a_run_whose_time_is_up_ends_with_a_report_that_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (address, _heard) = server(stuck);
    let arguments = [
        "scan",
        &address,
        "--timeout",
        "3",
        "--rate",
        "2",
        "--max-run-time",
        "1.5",
        "--fail-on",
        "never",
        "--out",
        "r.json",
    ];
    let output = program(folder.path(), &arguments).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    assert_eq!(report(folder.path(), "r.json")["run"]["stopped"], true);
}

#[test]
fn a_site_that_sends_more_than_its_octets_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (address, _heard) = server(|path| {
        let number: Option<u32> =
            if path == "/" { Some(0) } else { path.strip_prefix("/p").and_then(|n| n.parse().ok()) };
        let Some(number) = number else { return Some(missing()) };
        let links: String = (1..6).map(|n| format!("<a href=/p{}>x</a>", number * 5 + n)).collect();
        Some(page(&format!("{links}{}", "word ".repeat(4_000))))
    });
    let arguments = [
        "scan",
        &address,
        "--timeout",
        "2",
        "--concurrency",
        "1",
        "--max-bytes",
        "200000",
        "--fail-on",
        "never",
        "--out",
        "r.json",
    ];
    let output = program(folder.path(), &arguments).output().expect("the program runs");
    let report = report(folder.path(), "r.json");
    let pages = report["pages"].as_array().expect("a list").len();
    assert!((5..=14).contains(&pages), "{pages} pages of 20 kB; {}", words(&output));
    assert!(report["coverage"]["pages"]["skipped-by"]["byte-budget"].as_u64() > Some(0), "{}", report["coverage"]);
}

#[test]
fn proxies_of_the_environment_are_nobodys_and_a_typed_one_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let (address, _heard) = server(stuck);
    let (trap, trapped) = server(|_| Some(missing()));
    let mut direct =
        program(folder.path(), &["scan", &address, "--no-follow", "--fail-on", "never", "--out", "r.json"]);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        direct.env(name, &trap);
    }
    let output = direct.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    assert!(trapped.try_recv().is_err(), "the proxy of the environment was asked");
    let (proxy, asked) = server(|target| match target {
        "http://www.agency.example/" => Some(page("by proxy")),
        _ => Some(missing()),
    });
    let secret = proxy.replace("http://", "http://us3r:passw0rd-of-the-proxy@");
    let arguments = [
        "scan",
        "http://www.agency.example/",
        "--my-site",
        "www.agency.example",
        "--proxy",
        &secret,
        "--no-follow",
        "--fail-on",
        "never",
        "--out",
        "p.json",
        "-v",
    ];
    let output = program(folder.path(), &arguments).output().expect("the program runs");
    let told = std::fs::read_to_string(folder.path().join("p.json")).expect("the report is there");
    assert!(asked.try_iter().any(|target| target == "http://www.agency.example/"), "{}", words(&output));
    assert_eq!(report(folder.path(), "p.json")["coverage"]["pages"]["judged"], 1, "{}", words(&output));
    for secret in ["passw0rd-of-the-proxy", "us3r"] {
        assert!(!told.contains(secret) && !words(&output).contains(secret), "{secret} is told");
    }
    let broken = program(folder.path(), &["scan", "a.example", "--proxy", "gopher://us3r:passw0rd@x"])
        .output()
        .expect("the program runs");
    assert_eq!(broken.status.code(), Some(2));
    assert!(!words(&broken).contains("passw0rd"), "{}", words(&broken));
}

#[test]
fn a_full_disk_is_one_message_and_exit_code_2_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let formats = formats();
    let scan =
        program(folder.path(), &["scan", &site(), "--quiet", "--out", "r.json"]).output().expect("the program runs");
    assert!(scan.status.code() < Some(2), "{}", words(&scan));
    for format in formats {
        let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
        let mut shown = program(folder.path(), &["report", "r.json", "--format", &format]);
        let output = shown.stdout(full()).output().expect("the program runs");
        let said = words(&output);
        assert_eq!(output.status.code(), Some(2), "{format}: {said}");
        assert!(
            said.contains("No space left") && !said.contains("panicked") && !said.contains("stumbled"),
            "{format}: {said}"
        );
        let named = format!("{format}=/dev/full");
        let output =
            program(folder.path(), &["report", "r.json", "--format", &named]).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{format}: {}", words(&output));
    }
    // While pages are judged: lines that cannot be written end the run.
    let mut streamed = program(folder.path(), &["scan", &site(), "--quiet", "--format", "jsonl"]);
    let output = streamed
        .stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has one"))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2), "{}", words(&output));
}

#[test]
fn a_folder_of_traps_is_read_as_far_as_it_is_one() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("sub")).expect("a folder");
    let good = "<!doctype html><html lang=en><title>Page</title><main><h1>Page</h1><img src=x.png></main>";
    let names: [&[u8]; 11] = [
        b"index.html",
        b"\x1b[31mred.html",
        b"<script>alert(1)<%2fscript>.html",
        b"=cmd|' %2fC calc'!A0.html",
        b"new\nline.html",
        b"a\x07b.html",
        b"\xff\xfe.html",
        "\u{202e}lmth.html".as_bytes(),
        b"-rf.html",
        b"::error::x.html",
        b"a?b#c%41.html",
    ];
    for name in names {
        std::fs::write(site.join(std::ffi::OsStr::from_bytes(name)), good).expect("is written");
    }
    std::fs::write(folder.path().join("secret.html"), "<title>S3cret</title>").expect("is written");
    symlink("../secret.html", site.join("leak.html")).expect("a link");
    symlink("/etc/passwd", site.join("passwd.html")).expect("a link");
    symlink("/dev/zero", site.join("zero.html")).expect("a link");
    symlink(".", site.join("sub/again")).expect("a link");
    symlink("nowhere.html", site.join("dangling.html")).expect("a link");
    assert!(Command::new("mkfifo").arg(site.join("pipe.html")).status().expect("mkfifo runs").success());
    let formats = formats();
    let files: Vec<String> = formats.iter().map(|format| format!("{format}=out.{format}")).collect();
    let begun = Instant::now();
    let output = program(folder.path(), &["scan", "site", "-v", "--fail-on", "never", "--format", &files.join(",")])
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    assert!(begun.elapsed() < Duration::from_secs(60));
    let unclean = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}');
    assert_eq!(words(&output).chars().find(|c| unclean(*c)), None, "{:?}", words(&output));
    for format in formats {
        let octets = std::fs::read(folder.path().join(format!("out.{format}"))).expect("is there");
        let text = String::from_utf8(octets).expect("every format is UTF-8");
        assert!(!text.contains("S3cret") && !text.contains("root:"), "{format} holds what lies outside");
        let raw = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        assert_eq!(raw, None, "{format} holds a control character");
        // To machines it is text; a browser must not meet it as a tag.
        assert!(format != "html" || !text.contains("<script>alert"), "{format}");
    }
    assert!(report(folder.path(), "out.json")["coverage"]["pages"]["judged"].as_u64() >= Some(10));
}

/// The most memory a process has held so far, in megabytes.
#[cfg(target_os = "linux")]
fn peak(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

/// Forty hosts at once send as much as they are let, as bodies, fields, bombs and pages that are all markup.
#[test]
#[cfg(target_os = "linux")]
fn memory_stays_bounded_whatever_is_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind((std::net::Ipv4Addr::UNSPECIFIED, 0)).expect("there is a free port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || {
                let mut request = [0; 8_192];
                let read = stream.read(&mut request).unwrap_or(0);
                let target = String::from_utf8_lossy(&request[..read]).split(' ').nth(1).unwrap_or("/").to_string();
                let std::net::IpAddr::V4(to) = stream.local_addr().expect("an address").ip() else { return };
                let endless: (&[u8], &[u8]) = match (target.as_str(), to.octets()[3] % 4) {
                    ("/robots.txt", 0) | (_, 1) => {
                        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n", b"<p>word <b>word</b>\n")
                    }
                    (_, 2) => (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p a='", b"aaaaaaaaaaaaaaaaaaaa"),
                    (_, 3) => (b"HTTP/1.1 200 OK\r\n", b"x-flood: 0123456789\r\n"),
                    _ => (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n", b"<ul><li>"),
                };
                let many = endless.1.repeat(4_096);
                let mut going = stream.write_all(endless.0).is_ok();
                while going {
                    going = stream.write_all(&many).is_ok();
                }
            });
        }
    });
    let targets: String = (1..=40).map(|host| format!("http://127.79.0.{host}:{port}/\n")).collect();
    std::fs::write(folder.path().join("list.txt"), targets).expect("is written");
    let arguments = [
        "scan",
        "@list.txt",
        "--contact",
        "a@b.example",
        "--timeout",
        "6",
        "--fail-on",
        "never",
        "--quiet",
        "--out",
        "r.json",
    ];
    let mut child = program(folder.path(), &arguments).spawn().expect("the program starts");
    let (begun, mut most) = (Instant::now(), 0);
    while child.try_wait().expect("it can be asked").is_none() {
        most = most.max(peak(&child).unwrap_or(0));
        // A backstop: how long it takes depends on the machine.
        assert!(begun.elapsed() < Duration::from_secs(900), "it goes on");
        // paces: the process is looked at now and then.
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("40 hosts that flood: {most} MB at most, {:.1} s", begun.elapsed().as_secs_f32());
    assert!(most < 1_024, "{most} MB");
    let report = report(folder.path(), "r.json");
    assert_eq!(report["sites"].as_array().map(Vec::len), Some(40), "every host is told of");
    assert!(report["problems"].as_array().expect("a list").iter().all(|row| row["kind"] != "internal"));
}
