//! A resolver on loopback that knows what a test tells it.
//!
//! In: records by name and type. Out: an address, and the questions that came. UDP, and TCP for what is marked as too long for
//! that. Ends when dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CAA, CNAME, MX, NULL, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinHandle;

/// What is answered to a question.
#[derive(Clone, Default)]
pub struct Answer {
    records: Vec<(String, RData)>,
    code: Option<ResponseCode>,
    unchecked: bool,
    authentic: bool,
    long: bool,
    silent: bool,
}

/// No such name.
pub fn nowhere() -> Answer {
    Answer { code: Some(ResponseCode::NXDomain), ..Answer::default() }
}

/// The resolver verified signatures, and they are wrong; it says what there is when it is told not to look.
pub fn bogus() -> Answer {
    Answer { code: Some(ResponseCode::ServFail), unchecked: true, ..Answer::default() }
}

/// The resolver fails.
pub fn failing() -> Answer {
    Answer { code: Some(ResponseCode::ServFail), ..Answer::default() }
}

/// Nothing comes back.
pub fn silent() -> Answer {
    Answer { silent: true, ..Answer::default() }
}

/// These records.
pub fn says(records: &[(&str, RData)]) -> Answer {
    Answer {
        records: records.iter().map(|(name, data)| (name.to_string(), data.clone())).collect(),
        ..Answer::default()
    }
}

impl Answer {
    /// With the word that signatures verify.
    pub fn authentic(mut self) -> Self {
        self.authentic = true;
        self
    }

    /// Too long for UDP.
    pub fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// And there is no such name as the last of the records leads to.
    pub fn dangling(mut self) -> Self {
        self.code = Some(ResponseCode::NXDomain);
        self
    }
}

pub fn a(ip: [u8; 4]) -> RData {
    RData::A(A::from(Ipv4Addr::from(ip)))
}

pub fn aaaa(text: &str) -> RData {
    RData::AAAA(AAAA::from(text.parse::<std::net::Ipv6Addr>().expect("an address")))
}

pub fn cname(to: &str) -> RData {
    RData::CNAME(CNAME(name(to)))
}

pub fn txt(parts: &[&str]) -> RData {
    RData::TXT(TXT::new(parts.iter().map(ToString::to_string).collect()))
}

pub fn mx(host: &str) -> RData {
    RData::MX(MX::new(10, name(host)))
}

pub fn caa(issuer: &str) -> RData {
    RData::CAA(CAA::new_issue(false, Some(name(issuer)), Vec::new()))
}

/// A record of DNSSEC; what is in it is the resolver's business.
pub fn secured(kind: RecordType) -> RData {
    RData::Unknown { code: kind, rdata: NULL::with(vec![0, 1, 13, 2, 7, 7, 7, 7]) }
}

fn name(text: &str) -> Name {
    Name::from_ascii(format!("{text}.")).expect("a name")
}

/// A resolver.
pub struct Resolver {
    /// Where it is.
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<(String, RecordType)>>>,
    tasks: [JoinHandle<()>; 2],
}

impl Resolver {
    /// One that answers as it is told; the same for a name and its type every time.
    pub async fn start(answer: impl Fn(&str, RecordType) -> Answer + Send + Sync + 'static) -> Self {
        let asked: Arc<Mutex<Vec<_>>> = Arc::default();
        let answer: Arc<Answers> = Arc::new(answer);
        let (udp, tcp) = both().await;
        let address = udp.local_addr().expect("a bound socket has an address");
        let log = asked.clone();
        let by_udp = answer.clone();
        let udp = tokio::spawn(async move {
            let mut octets = vec![0; 4096];
            while let Ok((size, from)) = udp.recv_from(&mut octets).await {
                if let Some(reply) = reply(&octets[..size], &*by_udp, &log, true) {
                    let _ = udp.send_to(&reply, from).await;
                }
            }
        });
        let log = asked.clone();
        let tcp = tokio::spawn(async move {
            while let Ok((mut stream, _)) = tcp.accept().await {
                let Ok(size) = stream.read_u16().await else { continue };
                let mut octets = vec![0; usize::from(size)];
                if stream.read_exact(&mut octets).await.is_ok()
                    && let Some(reply) = reply(&octets, &*answer, &log, false)
                {
                    let size = u16::try_from(reply.len()).expect("answers of tests are short").to_be_bytes();
                    let _ = stream.write_all(&[&size, reply.as_slice()].concat()).await;
                }
            }
        });
        Self { address, asked, tasks: [udp, tcp] }
    }

    /// The questions so far.
    pub fn asked(&self) -> Vec<(String, RecordType)> {
        self.asked.lock().expect("no holder of this lock panics").clone()
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// A port that is free for UDP and TCP.
async fn both() -> (UdpSocket, TcpListener) {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = tcp.local_addr().expect("a bound socket has an address");
        if let Ok(udp) = UdpSocket::bind(address).await {
            return (udp, tcp);
        }
    }
}

type Answers = dyn Fn(&str, RecordType) -> Answer + Send + Sync;
type Log = Mutex<Vec<(String, RecordType)>>;

fn reply(octets: &[u8], answers: &Answers, log: &Log, short: bool) -> Option<Vec<u8>> {
    let question = Message::from_vec(octets).ok()?;
    let query = question.queries.first()?.clone();
    let asked = query.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
    log.lock().expect("no holder of this lock panics").push((asked.clone(), query.query_type()));
    let answer = answers(&asked, query.query_type());
    if answer.silent {
        return None;
    }
    let mut message = Message::new(question.metadata.id, MessageType::Response, OpCode::Query);
    message.add_query(query);
    message.metadata.recursion_available = true;
    message.metadata.authentic_data = answer.authentic;
    let unchecked = answer.unchecked && question.metadata.checking_disabled;
    message.metadata.response_code = answer.code.filter(|_| !unchecked).unwrap_or(ResponseCode::NoError);
    message.metadata.truncation = answer.long && short;
    if !message.metadata.truncation {
        message
            .add_answers(answer.records.iter().map(|(whose, data)| Record::from_rdata(name(whose), 60, data.clone())));
    }
    message.to_vec().ok()
}
