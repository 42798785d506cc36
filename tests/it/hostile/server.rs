//! A server that misbehaves on the wire: one machine of loopback for each way of doing so.
//!
//! In: a list of hosts, each a closure from a path to an [`Act`]. Out: an address for each, and a log of what was asked.
//! What a host has no act for is answered as a good site would. Ends when dropped; never leaves loopback.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

/// Between two drops of a [`Act::Drips`].
const DROP: Duration = Duration::from_millis(50);

/// What a server does once it was asked.
#[derive(Clone, Debug)]
pub enum Act {
    /// Octets; the connection stays for the next request.
    Answers(Vec<u8>),
    /// Octets, then the end of the connection.
    Says(Vec<u8>),
    /// Octets, then silence for as long as the client waits.
    Hangs(Vec<u8>),
    /// Octets, then others again and again, as fast as they are taken.
    Floods(Vec<u8>, Vec<u8>),
    /// Octets, then others again and again, slowly.
    Drips(Vec<u8>, Vec<u8>),
    /// Octets, then a reset of the connection.
    Resets(Vec<u8>),
}

/// What a host does when it is asked for a path for the n-th time; `None` is what a good site does.
pub type Manners = Arc<dyn Fn(&str, usize) -> Option<Act> + Send + Sync>;

/// A request: the number of the host, and the target.
pub type Asked = (usize, String);

/// A server that runs until it is dropped.
pub struct Server {
    port: u16,
    log: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

/// A head with a status, a media type and further fields, each ended by CRLF.
pub fn head(status: &str, fields: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\n{fields}\r\n").into_bytes()
}

/// A whole answer.
pub fn answer(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let mut octets = head(status, &format!("content-length: {}\r\n{fields}", body.len()));
    octets.extend_from_slice(body);
    octets
}

/// A page, whole.
pub fn page(title: &str, body: &str) -> Vec<u8> {
    answer("200 OK", "", markup(title, body).as_bytes())
}

/// The markup of a page.
pub fn markup(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

/// What a good site says: three pages, and the page "/x" that the bad ones have between them.
fn good(path: &str) -> Vec<u8> {
    match path {
        "/" => page("Home of the agency", "<a href=/a>First</a> <a href=/x>Second</a> <a href=/b>Third</a>"),
        "/a" => page("First page", "<p>Permits for everybody."),
        "/b" => page("Last page", "<p>How to reach us."),
        "/x" => page("Page between", "<p>Nothing happens here."),
        _ => answer("404 Not Found", "", b"<!doctype html><title>Not found</title>"),
    }
}

/// The address of a host.
pub fn ip(host: usize) -> IpAddr {
    let part = |n: usize| u8::try_from(n).expect("fewer hosts than that");
    Ipv4Addr::new(127, 77, part(host / 200), part(host % 200 + 1)).into()
}

impl Server {
    /// Hosts with these manners, on one free port.
    pub async fn start(hosts: Vec<Manners>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.expect("there is a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let log = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(serve(listener, Arc::new(hosts), log.clone()));
        Self { port, log, task }
    }

    /// The home page of a host.
    pub fn url(&self, host: usize) -> Url {
        Url::parse(&format!("http://{}:{}/", ip(host), self.port)).expect("an address makes a URL")
    }

    /// What was asked of a host so far.
    pub fn asked(&self, host: usize) -> Vec<String> {
        let log = self.log.lock().expect("no holder of this lock panics");
        log.iter().filter(|(to, _)| *to == host).map(|(_, path)| path.clone()).collect()
    }

    /// Hosts that were asked although nobody named them.
    pub fn strays(&self, hosts: usize) -> Vec<Asked> {
        let log = self.log.lock().expect("no holder of this lock panics");
        log.iter().filter(|(to, _)| *to >= hosts).cloned().collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, hosts: Arc<Vec<Manners>>, log: Arc<Mutex<Vec<Asked>>>) {
    let mut connections = JoinSet::new(); // dropped with the server, and the connections with it
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        connections.spawn(converse(stream, hosts.clone(), log.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, hosts: Arc<Vec<Manners>>, log: Arc<Mutex<Vec<Asked>>>) {
    let Ok(to) = stream.local_addr() else { return };
    let host = match to.ip() {
        IpAddr::V4(ip) if ip.octets()[..2] == [127, 77] => {
            usize::from(ip.octets()[2]) * 200 + usize::from(ip.octets()[3]) - 1
        }
        IpAddr::V4(_) | IpAddr::V6(_) => usize::MAX,
    };
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Some(path) = asked(&mut stream).await {
        let nth = {
            let mut log = log.lock().expect("no holder of this lock panics");
            log.push((host, path.clone()));
            log.iter().filter(|(to, held)| *to == host && *held == path).count()
        };
        let act = hosts.get(host).and_then(|manners| manners(&path, nth));
        match act.unwrap_or_else(|| Act::Answers(good(&path))) {
            Act::Answers(octets) => {
                if stream.write_all(&octets).await.is_err() {
                    return;
                }
            }
            Act::Resets(octets) => {
                let mut stream = stream.into_inner();
                let _ = stream.write_all(&octets).await;
                let _ = stream.flush().await;
                let _ = stream.set_zero_linger();
                return;
            }
            act => return play(act, &mut stream).await,
        }
    }
}

/// Does what ends a connection, over TCP or TLS alike.
pub async fn play(act: Act, stream: &mut (impl AsyncWrite + Unpin)) {
    // Whoever does not want to hear more is the end of it.
    let _ = match act {
        Act::Answers(octets) | Act::Says(octets) | Act::Resets(octets) => {
            let _ = stream.write_all(&octets).await;
            stream.shutdown().await
        }
        Act::Hangs(octets) => {
            let _ = stream.write_all(&octets).await;
            let _ = stream.flush().await;
            std::future::pending().await
        }
        Act::Floods(first, again) => repeat(stream, &first, &again, Duration::ZERO).await,
        Act::Drips(first, again) => repeat(stream, &first, &again, DROP).await,
    };
}

async fn repeat(
    stream: &mut (impl AsyncWrite + Unpin),
    first: &[u8],
    again: &[u8],
    wait: Duration,
) -> std::io::Result<()> {
    stream.write_all(first).await?;
    loop {
        stream.write_all(again).await?;
        stream.flush().await?;
        if !wait.is_zero() {
            // paces: a server that speaks slowly.
            tokio::time::sleep(wait).await;
        }
    }
}

/// The target of the next request; `None` when there is none.
pub async fn asked(stream: &mut (impl AsyncRead + AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut target = None;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line.trim_end().is_empty() {
            return target;
        }
        target = target.or_else(|| line.split(' ').nth(1).map(str::to_string));
    }
}
