//! A small HTTP/1.1 server on loopback that answers what a test tells it to, and writes down what it was asked.
//!
//! In: a closure from [`Request`] to [`Response`]. Out: an address, and the log of requests with the moment each arrived.
//! Never leaves loopback; ends when dropped. Used by every test that needs a server.
#![allow(dead_code, reason = "each test module uses a part of it")]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// "GET".
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Fields in order, names lower case.
    pub headers: Vec<(String, String)>,
    /// When the request was complete.
    pub at: Instant,
    /// The local address that was asked, for servers on many.
    pub to: SocketAddr,
    /// Which connection it came over.
    pub connection: u64,
    /// What was sent along.
    pub body: Vec<u8>,
}

impl Request {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The first value of a field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    before: Duration,
    manner: Manner,
}

/// How the answer is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Manner {
    /// As HTTP wants it.
    Whole,
    /// The body stops after so many octets of those that were promised, and the connection closes.
    Torn(usize),
    /// The body stops after so many octets, and nothing more happens.
    Stuck(usize),
    /// The connection closes without an answer.
    Nothing,
    /// The body is sent as it is, without a status line.
    Raw,
}

impl Response {
    /// An answer with a status, a media type and a body.
    pub fn of(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_string(), media.to_string())];
        Self { status, headers, body: body.into(), before: Duration::ZERO, manner: Manner::Whole }
    }

    /// A page.
    pub fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::of(200, "text/html; charset=utf-8", body)
    }

    /// Plain text.
    pub fn text(body: impl Into<Vec<u8>>) -> Self {
        Self::of(200, "text/plain", body)
    }

    /// A small page that says "not found".
    pub fn missing() -> Self {
        Self::of(404, "text/html", "<!doctype html><title>Not found</title>")
    }

    /// An answer with a status and an empty page.
    pub fn status(status: u16) -> Self {
        Self::of(status, "text/html", "<!doctype html><title>Status</title>")
    }

    /// A redirect.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::of(status, "text/html", "").with("location", to)
    }

    /// With one more field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    /// Without the media type.
    pub fn untyped(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "content-type");
        self
    }

    /// Begun after a while.
    pub fn after(mut self, wait: Duration) -> Self {
        self.before = wait;
        self
    }

    /// The body ends too early.
    pub fn torn(mut self, at: usize) -> Self {
        self.manner = Manner::Torn(at);
        self
    }

    /// The body never ends.
    pub fn stuck(mut self, at: usize) -> Self {
        self.manner = Manner::Stuck(at);
        self
    }

    /// No answer at all.
    pub fn nothing() -> Self {
        Self { manner: Manner::Nothing, ..Self::text("") }
    }

    /// Octets that are not HTTP.
    pub fn raw(octets: &str) -> Self {
        Self { manner: Manner::Raw, ..Self::text(octets) }
    }
}

/// A server that runs until it is dropped.
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// A server on a free port of 127.0.0.1.
    pub async fn start(routes: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        Self::start_on(IpAddr::from(Ipv4Addr::LOCALHOST), 0, routes).await
    }

    /// A server on an address of loopback; 0.0.0.0 stands for all of them, port 0 for a free one.
    pub async fn start_on(
        ip: IpAddr,
        port: u16,
        routes: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((ip, port)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let log = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(serve(listener, Arc::new(routes), log.clone()));
        Self { address, log, task }
    }

    /// An address of this server.
    pub fn url(&self, path: &str) -> Url {
        let base = Url::parse(&format!("http://{}/", self.address)).expect("an address makes a URL");
        base.join(path).expect("a path joins a base")
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Everything that was asked so far.
    pub fn log(&self) -> Vec<Request> {
        self.log.lock().expect("no holder of this lock panics").clone()
    }

    /// The targets that were asked, in order.
    pub fn targets(&self) -> Vec<String> {
        self.log().into_iter().map(|request| request.target).collect()
    }

    /// How often a target was asked.
    pub fn count(&self, target: &str) -> usize {
        self.log().iter().filter(|request| request.target == target).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Routes = dyn Fn(&Request) -> Response + Send + Sync;

async fn serve(listener: TcpListener, routes: Arc<Routes>, log: Arc<Mutex<Vec<Request>>>) {
    let mut connections = tokio::task::JoinSet::new(); // dropped with the server, and the connections with it
    let mut number = 0;
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        number += 1;
        connections.spawn(converse(stream, number, routes.clone(), log.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: TcpStream, number: u64, routes: Arc<Routes>, log: Arc<Mutex<Vec<Request>>>) {
    let Ok(to) = stream.local_addr() else { return };
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream, to, number).await {
        log.lock().expect("no holder of this lock panics").push(request.clone());
        let response = routes(&request);
        if !response.before.is_zero() {
            // paces: a server that thinks before it answers.
            tokio::time::sleep(response.before).await;
        }
        match send(stream.get_mut(), &response).await {
            Ok(()) if response.manner == Manner::Whole => {}
            Ok(()) | Err(_) => return,
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>, to: SocketAddr, connection: u64) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_string();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let at = Instant::now();
    let mut first = lines.first()?.split(' ');
    let (method, target) = (first.next()?.to_string(), first.next()?.to_string());
    let fields = lines.iter().skip(1).filter_map(|line| line.split_once(':'));
    let headers: Vec<(String, String)> =
        fields.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_string())).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { method, target, headers, at, to, connection, body })
}

async fn send(stream: &mut TcpStream, response: &Response) -> std::io::Result<()> {
    if response.manner == Manner::Nothing {
        return stream.shutdown().await;
    }
    if response.manner == Manner::Raw {
        stream.write_all(&response.body).await?;
        return stream.shutdown().await;
    }
    let mut head = format!("HTTP/1.1 {} Because\r\ncontent-length: {}\r\n", response.status, response.body.len());
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut octets = head.into_bytes();
    let sent = match response.manner {
        Manner::Torn(at) | Manner::Stuck(at) => at.min(response.body.len()),
        Manner::Whole | Manner::Nothing | Manner::Raw => response.body.len(),
    };
    octets.extend_from_slice(&response.body[..sent]);
    stream.write_all(&octets).await?;
    match response.manner {
        Manner::Torn(_) => stream.shutdown().await,
        Manner::Stuck(_) => std::future::pending().await,
        Manner::Whole | Manner::Nothing | Manner::Raw => Ok(()),
    }
}
