//! A crowd of virtual hosts on loopback: most answer after a while, some have no address, some never answer, some forbid, some are busy.
//!
//! In: a number. Out: the host's name and its fate, always the same; a server that plays all of them by the `Host` field. Used by the
//! simulation of a fleet and by the small one among the tests.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of whoever asks a host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// Its name has no address: 20 of 100.
    Nameless,
    /// It takes a connection and never answers: 10 of 100.
    Silent,
    /// It answers 403: 3 of 100.
    Forbidden,
    /// It has too much to do at first, and says for how long: 3 of 100.
    Busy,
    /// It answers.
    Open,
}

/// The fate of a host.
pub fn fate(number: u32) -> Fate {
    match mixed(number) % 100 {
        0..20 => Fate::Nameless,
        20..30 => Fate::Silent,
        30..33 => Fate::Forbidden,
        33..36 => Fate::Busy,
        36.. => Fate::Open,
    }
}

/// The name of a host. A nameless one has a label that no name system takes, so that nobody is asked about it.
pub fn name(number: u32) -> String {
    match fate(number) {
        Fate::Nameless => format!("h{number}.{}.example", "n".repeat(64)),
        Fate::Silent | Fate::Forbidden | Fate::Busy | Fate::Open => format!("h{number}.agency.example"),
    }
}

/// How long a host takes to answer: 20 to 500 ms.
fn latency(number: u32) -> Duration {
    Duration::from_millis(u64::from(20 + mixed(number ^ 0x5555) % 481))
}

/// Chance that is the same every time.
fn mixed(number: u32) -> u32 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9) ^ 0x85eb_ca6b;
    mixed ^= mixed >> 15;
    mixed = mixed.wrapping_mul(0x2c1b_3c6d);
    mixed ^ (mixed >> 13)
}

/// What the server counts.
#[derive(Debug, Default)]
pub struct Counts {
    /// Requests so far.
    pub requests: AtomicU64,
    /// Requests at hosts that are busy at first.
    busy: Mutex<HashMap<u32, u32>>,
}

/// Plays all hosts for ever.
pub async fn serve(listener: TcpListener, counts: Arc<Counts>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        connections.spawn(converse(stream, counts.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, counts: Arc<Counts>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::with_capacity(2048, stream);
    loop {
        let mut path = String::new();
        let mut host = None;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if path.is_empty() {
                path = line.split(' ').nth(1)?.to_string();
            } else if let Some(name) = line.to_ascii_lowercase().strip_prefix("host: h") {
                host = name.split('.').next().and_then(|number| number.parse().ok());
            }
        }
        let number: u32 = host?;
        counts.requests.fetch_add(1, Ordering::Relaxed);
        let fate = fate(number);
        if fate == Fate::Silent {
            std::future::pending::<()>().await;
        }
        // paces: a host that is far away.
        tokio::time::sleep(latency(number)).await;
        let answer = answer(number, fate, &path, &counts);
        stream.get_mut().write_all(answer.as_bytes()).await.ok()?;
    }
}

fn answer(number: u32, fate: Fate, path: &str, counts: &Counts) -> String {
    let with = |status: &str, media: &str, more: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\ncontent-type: {media}\r\ncontent-length: {}\r\n{more}\r\n{body}", body.len())
    };
    let html = |status: &str, body: &str| with(status, "text/html; charset=utf-8", "", body);
    if fate == Fate::Busy && path == "/" {
        let mut busy = counts.busy.lock().expect("no holder of this lock panics");
        let asked = busy.entry(number).or_default();
        *asked += 1;
        if *asked == 1 {
            return with("429 Too Many Requests", "text/html", "retry-after: 1\r\n", "later");
        }
    }
    match path {
        "/robots.txt" => with("200 OK", "text/plain", "", "User-agent: *\nDisallow: /admin/\nSitemap: /sitemap.xml\n"),
        _ if fate == Fate::Forbidden => html("403 Forbidden", "<!doctype html><title>Forbidden</title>"),
        "/" => html("200 OK", &home(number)),
        "/sitemap.xml" => with(
            "200 OK",
            "application/xml",
            "",
            &format!("<urlset><url><loc>http://h{number}.agency.example/</loc></url></urlset>"),
        ),
        _ => html("404 Not Found", "<!doctype html><html lang=en><title>Not found</title><h1>Not found</h1>"),
    }
}

/// A front page of some kilobytes with faults.
fn home(number: u32) -> String {
    let mut page = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Office {number}</title>\
         <meta name=viewport content='width=device-width'></head><body><header><img src=/seal.png>\
         <nav><ul>"
    );
    for link in 0..24 {
        page.push_str(&format!("<li><a href=/topics/{link}>Topic {link} of office {number}</a></li>"));
    }
    page.push_str("</ul></nav></header><main><h1>What we do</h1>");
    for paragraph in 0..12 {
        page.push_str(&format!(
            "<section><h2>Service {paragraph}</h2><p>The office helps with service {paragraph}: applications, permits and \
             questions about them are answered by mail, by telephone and at the counter on working days.</p>\
             <a href=/services/{paragraph}>Read more</a><img src=/s{paragraph}.jpg alt='Service {paragraph}'></section>"
        ));
    }
    page.push_str(
        "</main><footer><a href=/privacy>Privacy policy</a> <a href=/contact>Contact</a></footer></body></html>",
    );
    page
}
