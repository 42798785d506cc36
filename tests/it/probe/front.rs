//! A TLS server on loopback that is as old or as odd as a test wants: it looks at each ClientHello, and answers it by hand or
//! hands the connection to rustls.
//!
//! In: credentials, and what is done with a hello. Out: an address, and when each connection came. Ends when dropped.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rustls::pki_types::CertificateDer;
use rustls::{ServerConfig, crypto::aws_lc_rs};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::authority::Credentials;

/// A ClientHello as far as it matters.
#[derive(Clone, Debug)]
pub struct Hello {
    /// True for a hello of SSL 2.0.
    pub is_ssl2: bool,
    /// The version it offers as the best, without those in extensions: (3, 3) is TLS 1.2.
    pub version: (u8, u8),
    /// The cipher suites.
    pub suites: Vec<u16>,
}

impl Hello {
    /// True for one of a current library: it offers suites of TLS 1.3.
    pub fn is_current(&self) -> bool {
        self.suites.iter().any(|suite| (0x1301..=0x1303).contains(suite))
    }

    /// The first of these that is offered.
    pub fn first_of(&self, suites: &[u16]) -> Option<u16> {
        suites.iter().copied().find(|suite| self.suites.contains(suite))
    }

    /// True when it offers nothing that is any good: no suite with AES.
    pub fn is_weak(&self) -> bool {
        !self.is_current() && self.first_of(&[0xc02f, 0xc013, 0x002f]).is_none()
    }
}

/// What is done with a connection.
pub enum Reply {
    /// It is handed to rustls.
    Real,
    /// These octets are sent, and the connection closed.
    Octets(Vec<u8>),
    /// Nothing, for ever.
    Silence,
    /// It is closed at once.
    Close,
}

/// A server.
pub struct Front {
    /// Where it is.
    pub address: SocketAddr,
    arrivals: Arc<Mutex<Vec<Instant>>>,
    task: JoinHandle<()>,
}

impl Front {
    /// A server on a free port.
    pub async fn start(credentials: Credentials, reply: impl Fn(&Hello) -> Reply + Send + Sync + 'static) -> Self {
        let listener =
            TcpListener::bind((IpAddr::from(Ipv4Addr::LOCALHOST), 0)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let arrivals: Arc<Mutex<Vec<Instant>>> = Arc::default();
        let acceptor = TlsAcceptor::from(Arc::new(config(credentials, &["h2", "http/1.1"])));
        let task = tokio::spawn(serve(listener, acceptor, Arc::new(reply), arrivals.clone()));
        Self { address, arrivals, task }
    }

    /// When each connection came.
    pub fn arrivals(&self) -> Vec<Instant> {
        self.arrivals.lock().expect("no holder of this lock panics").clone()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A server configuration of rustls with these application protocols.
pub fn config(credentials: Credentials, protocols: &[&str]) -> ServerConfig {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(credentials.chain, credentials.key)
        .expect("key and certificate belong together");
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

type Decide = dyn Fn(&Hello) -> Reply + Send + Sync;

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, reply: Arc<Decide>, arrivals: Arc<Mutex<Vec<Instant>>>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        arrivals.lock().expect("no holder of this lock panics").push(Instant::now());
        connections.spawn(converse(stream, acceptor.clone(), reply.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(mut stream: TcpStream, acceptor: TlsAcceptor, reply: Arc<Decide>) {
    let mut octets = vec![0; 4096];
    let Ok(size) = stream.peek(&mut octets).await else { return };
    let Some(hello) = read(&octets[..size]) else { return };
    match reply(&hello) {
        Reply::Real => {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut octets).await;
            }
        }
        Reply::Octets(answer) => {
            let _ = stream.read(&mut octets).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
            let _ = stream.read(&mut octets).await;
        }
        Reply::Silence => std::future::pending().await,
        Reply::Close => {}
    }
}

fn read(octets: &[u8]) -> Option<Hello> {
    let word = |at: usize| Some(u16::from_be_bytes([*octets.get(at)?, *octets.get(at + 1)?]));
    if octets.first()? & 0x80 != 0 {
        return Some(Hello { is_ssl2: true, version: (0, 2), suites: Vec::new() });
    }
    let session = usize::from(*octets.get(43)?);
    let count = usize::from(word(44 + session)?) / 2;
    let suites = (0..count).filter_map(|index| word(46 + session + index * 2)).collect();
    Some(Hello { is_ssl2: false, version: (*octets.get(9)?, *octets.get(10)?), suites })
}

/// The first flight of a server up to TLS 1.2: its hello, its certificates, its end.
pub fn flight(minor: u8, suite: u16, chain: &[CertificateDer<'_>]) -> Vec<u8> {
    let mut hello = vec![3, minor];
    hello.extend([9; 32]);
    hello.push(0);
    hello.extend(suite.to_be_bytes());
    hello.push(0);
    let mut certificates: Vec<u8> = Vec::new();
    for der in chain {
        certificates.extend(&u32::try_from(der.len()).expect("certificates are short").to_be_bytes()[1..]);
        certificates.extend(der.as_ref());
    }
    let mut listed = u32::try_from(certificates.len()).expect("chains are short").to_be_bytes()[1..].to_vec();
    listed.extend(certificates);
    [message(minor, 2, &hello), message(minor, 11, &listed), message(minor, 14, &[])].concat()
}

/// An alert that ends it.
pub fn alert(number: u8) -> Vec<u8> {
    vec![21, 3, 1, 0, 2, 2, number]
}

/// A SERVER-HELLO of SSL 2.0 with one cipher.
pub fn ssl2_hello() -> Vec<u8> {
    vec![0x80, 14, 4, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 1, 0, 0x80]
}

fn message(minor: u8, kind: u8, body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).expect("messages are short").to_be_bytes();
    let whole = [&[kind, size[1], size[2], size[3]], body].concat();
    let mut record = vec![22, 3, minor];
    record.extend(u16::try_from(whole.len()).expect("messages are short").to_be_bytes());
    record.extend(whole);
    record
}
