//! Tricks on the wire: what is sent when, and how it breaks the rules of HTTP.

use std::io::Write;
use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::server::{Act, answer, head, markup};
use super::stage::{Comes, Trick, at_x, everywhere, play, settings};

/// A little page.
fn small() -> Vec<u8> {
    markup("Page between", "<p>Nothing happens here.").into_bytes()
}

fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn slow() -> Vec<Trick> {
    let fields = |text: &str| format!("HTTP/1.1 200 OK\r\n{text}").into_bytes();
    let long = head("200 OK", "content-length: 1000000\r\n");
    vec![
        at_x("silence", Act::Hangs(Vec::new()), Comes::Problem("timeout")),
        at_x("half a status line", Act::Hangs(b"HTTP/1.".to_vec()), Comes::Problem("timeout")),
        at_x("slow fields", Act::Drips(fields(""), b"x-a: b\r\n".to_vec()), Comes::Problem("timeout")),
        at_x("one slow field", Act::Drips(fields("x-a: "), b"b".to_vec()), Comes::Problem("timeout")),
        at_x("slow body", Act::Drips(long.clone(), b"x".to_vec()), Comes::Problem("timeout")),
        at_x("a body that stands still", Act::Hangs(join(&[&long, b"<!doctype"])), Comes::Problem("timeout")),
        at_x("a head without a body", Act::Hangs(head("200 OK", "content-length: 10\r\n")), Comes::Problem("timeout")),
        at_x(
            "slow chunks",
            Act::Drips(head("200 OK", "transfer-encoding: chunked\r\n"), b"1\r\nx\r\n".to_vec()),
            Comes::Problem("timeout"),
        ),
        at_x(
            "for ever to be continued",
            Act::Drips(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
            Comes::Problem("timeout"),
        ),
        at_x(
            "early hints without end",
            Act::Floods(Vec::new(), b"HTTP/1.1 103 Early Hints\r\nlink: </s>\r\n\r\n".to_vec()),
            Comes::Problem("timeout"),
        ),
    ]
}

fn endless() -> Vec<Trick> {
    let chunked = head("200 OK", "transfer-encoding: chunked\r\n");
    vec![
        at_x(
            "endless fields",
            Act::Floods(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-flood: 0123456789\r\n".to_vec()),
            Comes::Problem("malformed"),
        ),
        at_x(
            "one endless field",
            Act::Floods(b"HTTP/1.1 200 OK\r\nx-flood: ".to_vec(), vec![b'a'; 8_192]),
            Comes::Problem("malformed"),
        ),
        at_x(
            "an endless status",
            Act::Floods(b"HTTP/1.1 200 ".to_vec(), vec![b'O'; 8_192]),
            Comes::Problem("malformed"),
        ),
        at_x("endless body", Act::Floods(head("200 OK", ""), vec![b'a'; 65_536]), Comes::Problem("too-large")),
        at_x(
            "endless chunks",
            Act::Floods(chunked.clone(), join(&[b"10000\r\n", &vec![b'a'; 65_536], b"\r\n"])),
            Comes::Problem("too-large"),
        ),
        at_x(
            "an endless chunk extension",
            Act::Floods(join(&[&chunked, b"1;"]), vec![b'e'; 8_192]),
            Comes::Problem("malformed"),
        ),
        at_x(
            "endless trailers",
            Act::Floods(join(&[&chunked, b"1\r\nx\r\n0\r\n"]), b"x-t: 0123456789\r\n".to_vec()),
            Comes::Problem("malformed"),
        ),
        at_x(
            "a thousand fields",
            Act::Says(answer("200 OK", &"x-many: 1\r\n".repeat(1_000), &small())),
            Comes::Problem("malformed"),
        ),
        at_x(
            "cookies of a megabyte",
            Act::Says(answer("200 OK", &format!("set-cookie: a={}\r\n", "c".repeat(4_000)).repeat(240), &small())),
            Comes::Problem("malformed"),
        ),
        at_x(
            "fifty large cookies",
            Act::Says(answer("200 OK", &format!("set-cookie: a={}\r\n", "c".repeat(4_000)).repeat(50), &small())),
            Comes::Judged,
        ),
    ]
}

fn lies() -> Vec<Trick> {
    let with = |fields: &str| join(&[&head("200 OK", fields), &small()]);
    let chunks = |body: &[u8]| join(&[&head("200 OK", "transfer-encoding: chunked\r\n"), body]);
    vec![
        at_x("a length too long", Act::Says(with("content-length: 5000\r\n")), Comes::Problem("connection")),
        at_x("a length too short", Act::Says(with("content-length: 15\r\n")), Comes::Judged),
        at_x("a negative length", Act::Says(with("content-length: -5\r\n")), Comes::Problem("malformed")),
        at_x(
            "a length beyond numbers",
            Act::Says(with("content-length: 99999999999999999999\r\n")),
            Comes::Problem("malformed"),
        ),
        at_x("a length of words", Act::Says(with("content-length: many\r\n")), Comes::Problem("malformed")),
        at_x("two lengths", Act::Says(with("content-length: 5\r\ncontent-length: 6\r\n")), Comes::Problem("malformed")),
        at_x(
            "a length and chunks",
            Act::Says(join(&[
                &head("200 OK", "content-length: 3\r\ntransfer-encoding: chunked\r\n"),
                b"f\r\n<!doctype html>\r\n0\r\n\r\n",
            ])),
            Comes::Judged,
        ),
        at_x("a chunk of no size", Act::Says(chunks(b"zz\r\nxx\r\n0\r\n\r\n")), Comes::Problem("malformed")),
        at_x("a chunk beyond numbers", Act::Says(chunks(b"ffffffffffffffffff\r\nx")), Comes::Problem("malformed")),
        at_x(
            "a chunk that is longer than it says",
            Act::Says(chunks(b"1\r\nxyz\r\n0\r\n\r\n")),
            Comes::Problem("malformed"),
        ),
        at_x("chunks without an end", Act::Says(chunks(b"4\r\n<!do\r\n")), Comes::Problem("connection")),
        at_x(
            "a transfer coding nobody knows",
            Act::Says(with("transfer-encoding: magic\r\n")),
            Comes::Problem("malformed"),
        ),
        at_x(
            "an answer nobody asked for",
            Act::Says(join(&[
                &answer("200 OK", "", &small()),
                &answer("200 OK", "", markup("Smuggled", "").as_bytes()),
            ])),
            Comes::Judged,
        ),
    ]
}

fn nonsense() -> Vec<Trick> {
    let line = |text: &str| Act::Says(format!("{text}\r\ncontent-length: 2\r\n\r\nok").into_bytes());
    let field = |text: &str| Act::Says(answer("200 OK", text, &small()));
    vec![
        at_x("HTTP/0.9", Act::Says(small()), Comes::Problem("malformed")),
        at_x("another protocol", Act::Says(b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec()), Comes::Problem("malformed")),
        at_x(
            "HTTP/2 to who speaks HTTP/1",
            Act::Says(b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64".to_vec()),
            Comes::Problem("malformed"),
        ),
        at_x("zeros", Act::Says(vec![0; 4_096]), Comes::Problem("malformed")),
        at_x("a status of words", line("HTTP/1.1 abc OK"), Comes::Problem("malformed")),
        at_x("a status of four digits", line("HTTP/1.1 2000 OK"), Comes::Problem("malformed")),
        at_x("a status of no class", line("HTTP/1.1 999 Request denied"), Comes::Problem("malformed")),
        at_x("HTTP/7.3", line("HTTP/7.3 200 OK"), Comes::Problem("malformed")),
        at_x(
            "other protocols offered",
            line("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade"),
            Comes::Seen(|seen| {
                (seen.is_judged("/b") && !seen.is_judged("/x")).then_some(()).ok_or_else(|| "judged".to_string())
            }),
        ),
        at_x("NUL in a field", field("x-nul: a\0b\r\n"), Comes::Problem("malformed")),
        at_x("a field without a colon", field("no colon here\r\n"), Comes::Problem("malformed")),
        at_x("a field of another alphabet", field("x-name: \u{442}\u{435}\u{441}\u{442}\r\n"), Comes::Judged),
        at_x("ninety equal fields", field(&"x-same: 1\r\n".repeat(90)), Comes::Judged),
        at_x(
            "not modified, though nothing was asked so",
            Act::Says(head("304 Not Modified", "etag: \"x\"\r\n")),
            Comes::Problem("malformed"),
        ),
        at_x(
            "a part of a page",
            Act::Says(answer("206 Partial Content", "content-range: bytes 0-9/99\r\n", &small())),
            Comes::Problem("malformed"),
        ),
        at_x(
            "a challenge to a proxy",
            Act::Says(answer("407 Proxy Authentication Required", "", b"no")),
            Comes::Problem("blocked"),
        ),
        at_x(
            "come back in a thousand years",
            Act::Says(answer("503 Service Unavailable", "retry-after: 31536000000\r\n", b"")),
            Comes::Seen(|seen| {
                let told = seen.kinds().contains(&"rate-limited");
                (seen.is_judged("/") && told).then_some(()).ok_or_else(|| format!("{:?}", seen.kinds()))
            }),
        ),
    ]
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

async fn bombs() -> Vec<Trick> {
    use async_compression::tokio::bufread::{BrotliEncoder, ZstdEncoder};
    let zeros = vec![b' '; 12 << 20];
    let (mut brotli, mut zstd) = (Vec::new(), Vec::new());
    let quality = async_compression::Level::Fastest;
    BrotliEncoder::with_quality(&zeros[..], quality).read_to_end(&mut brotli).await.expect("memory takes it");
    ZstdEncoder::new(&zeros[..]).read_to_end(&mut zstd).await.expect("memory takes it");
    let once = gzip(&zeros);
    let coded =
        |coding: &str, body: &[u8]| Act::Says(answer("200 OK", &format!("content-encoding: {coding}\r\n"), body));
    let tail = gzip(&small());
    vec![
        at_x("a gzip bomb", coded("gzip", &once), Comes::Problem("too-large")),
        at_x("a gzip bomb in a gzip bomb", coded("gzip, gzip", &gzip(&once)), Comes::Problem("too-large")),
        at_x("a brotli bomb", coded("br", &brotli), Comes::Problem("too-large")),
        at_x("a zstd bomb", coded("zstd", &zstd), Comes::Problem("too-large")),
        at_x("a brotli window of a gigabyte", coded("br", &[0x11, 0x1e, 0, 0, 6]), Comes::Problem("malformed")),
        at_x(
            "a zstd window of a gigabyte",
            coded("zstd", &[0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0, 1, 0, 0]),
            Comes::Problem("malformed"),
        ),
        at_x("fifty codings", coded(&["gzip"; 50].join(", "), &tail), Comes::Problem("malformed")),
        at_x("a coding nobody knows", coded("magic", &tail), Comes::Problem("malformed")),
        at_x("gzip that is none", coded("gzip", &small()), Comes::Problem("malformed")),
        at_x("gzip that stops", coded("gzip", &tail[..tail.len() / 2]), Comes::Problem("malformed")),
        at_x(
            "a page in a thousand gzip members",
            coded("gzip", &join(&[&gzip(b"").repeat(1_000), &tail])),
            Comes::Judged,
        ),
    ]
}

/// The connection ends, or is reset, after every number of octets up to the end of the answer.
fn breaks() -> Vec<Trick> {
    let whole = answer("200 OK", "", &small());
    let ends = [0, 1, 5, 9, 12, 15, 17, 30, 60, whole.len() - small().len(), whole.len() - 100, whole.len() - 1];
    let mut tricks = Vec::new();
    for end in ends {
        let begin = whole[..end].to_vec();
        tricks.push(at_x(format!("ends after {end} octets"), Act::Says(begin.clone()), Comes::Problem("connection")));
        tricks.push(at_x(format!("resets after {end} octets"), Act::Resets(begin), Comes::Problem("connection")));
    }
    tricks
}

/// Tricks of whole hosts.
fn hosts() -> Vec<Trick> {
    vec![
        everywhere("accepts and is silent", |_, _| Some(Act::Hangs(Vec::new())), Comes::Host("timeout")),
        everywhere("ends every connection", |_, _| Some(Act::Says(Vec::new())), Comes::Host("connection")),
        everywhere("resets every connection", |_, _| Some(Act::Resets(Vec::new())), Comes::Host("connection")),
        everywhere(
            "speaks no HTTP",
            |_, _| Some(Act::Says(b"220 mail.example ESMTP\r\n".to_vec())),
            Comes::Host("robots-unreachable"),
        ),
        everywhere(
            "answers the first question only",
            |path, _| (path != "/robots.txt").then(|| Act::Hangs(Vec::new())),
            Comes::Host("timeout"),
        ),
        everywhere(
            "asks for a password everywhere",
            |_, _| Some(Act::Answers(answer("401 Unauthorized", "www-authenticate: Basic\r\n", b""))),
            Comes::Host("blocked"),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_is_sent_the_trick_is_told_and_the_rest_is_judged() {
    let mut tricks = slow();
    tricks.extend(endless());
    tricks.extend(lies());
    tricks.extend(nonsense());
    tricks.extend(bombs().await);
    tricks.extend(hosts());
    let report = play(tricks, settings(), Duration::from_secs(100)).await;
    assert!(!report.findings.iter().any(|finding| format!("{finding:?}").contains("Smuggled")));
    assert!(report.problems.iter().all(|row| row.kind != "internal"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_breaks_anywhere_costs_one_page() {
    play(breaks(), settings(), Duration::from_secs(60)).await;
}
