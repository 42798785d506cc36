//! Questions to a resolver, over UDP and, where an answer is too long for that, over TCP (RFC 1035, 4.2).
//!
//! In: a name and a type of record. Out: [`Said`], remembered for the run. Invariants: only resolvers that the system or a
//! person named; each question has a deadline and two tries. Tested in `tests/it/probe.rs`.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_proto::op::{Edns, Message, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::Settings;

/// Where a system keeps the addresses of its resolvers.
const SYSTEM: &str = "/etc/resolv.conf";
/// Octets of an answer over UDP that arrive in one piece everywhere.
const PAYLOAD: u16 = 1232;
/// Tries for each question.
const TRIES: usize = 2;

/// Asks resolvers.
pub(super) struct Resolver {
    servers: Vec<SocketAddr>,
    patience: Duration,
    known: Mutex<HashMap<Question, Result<Arc<Said>, String>>>,
}

type Question = (String, RecordType, Checking);

/// Whether the resolver is to verify signatures before it answers (RFC 4035, 3.2.2).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Checking {
    /// As it likes.
    Usual,
    /// It is told not to.
    Disabled,
}

/// The answer to a question.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The response code.
    pub(super) code: ResponseCode,
    /// Whether the resolver vouches for it (AD).
    pub(super) authentic: bool,
    /// The records of the answer, in order: whose, and what.
    pub(super) records: Vec<(String, RecordType, RData)>,
}

impl Said {
    /// The records of one type.
    pub(super) fn of(&self, kind: RecordType) -> impl Iterator<Item = &RData> {
        self.records.iter().filter(move |(_, held, _)| *held == kind).map(|(_, _, data)| data)
    }
}

impl Resolver {
    /// The resolver that was typed, else those of the system; `None` when there are none.
    pub(super) fn of(settings: &Settings) -> Option<Self> {
        let servers = match settings.dns_server {
            Some(server) => vec![server],
            None => named(&std::fs::read_to_string(SYSTEM).unwrap_or_default()),
        };
        (!servers.is_empty()).then(|| Self { servers, patience: settings.timeout, known: Mutex::default() })
    }

    /// Asks a question, once in a run.
    ///
    /// # Errors
    /// One sentence: nobody answered, or not in a way that can be read.
    pub(super) async fn ask(&self, name: &str, kind: RecordType, checking: Checking) -> Result<Arc<Said>, String> {
        let question = (name.to_ascii_lowercase(), kind, checking);
        if let Some(known) = self.known.lock().expect("no holder of this lock panics").get(&question) {
            return known.clone();
        }
        let said = self.asked(&question).await.map(Arc::new);
        self.known.lock().expect("no holder of this lock panics").insert(question, said.clone());
        said
    }

    async fn asked(&self, (name, kind, checking): &Question) -> Result<Said, String> {
        let mut reason = String::new();
        for server in self.servers.iter().cycle().take(TRIES) {
            match timeout(self.patience, exchange(*server, name, *kind, *checking)).await {
                Ok(Ok(said)) => return Ok(said),
                Ok(Err(cause)) => reason = format!("{server}: {cause}"),
                Err(_) => reason = format!("{server} gave no answer within {} seconds", self.patience.as_secs_f32()),
            }
        }
        Err(reason)
    }
}

async fn exchange(server: SocketAddr, name: &str, kind: RecordType, checking: Checking) -> Result<Said, String> {
    let asked = Name::from_ascii(format!("{}.", name.trim_end_matches('.'))).map_err(|error| error.to_string())?;
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.metadata.authentic_data = true;
    message.metadata.checking_disabled = checking == Checking::Disabled;
    message.add_query(Query::query(asked, kind));
    let mut edns = Edns::new();
    edns.set_max_payload(PAYLOAD).set_version(0).set_dnssec_ok(true);
    message.set_edns(edns);
    let octets = message.to_vec().map_err(|error| error.to_string())?;
    let answer = by_udp(server, &octets, &message).await?;
    let answer = if answer.metadata.truncation { by_tcp(server, &octets, &message).await? } else { answer };
    Ok(Said {
        code: answer.metadata.response_code,
        authentic: answer.metadata.authentic_data,
        records: answer
            .answers
            .into_iter()
            .map(|record| {
                let whose = record.name.to_ascii().trim_end_matches('.').to_ascii_lowercase();
                (whose, record.record_type(), record.data)
            })
            .collect(),
    })
}

async fn by_udp(server: SocketAddr, octets: &[u8], asked: &Message) -> Result<Message, String> {
    let here: SocketAddr = if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(here).await.map_err(|cause| cause.to_string())?;
    socket.connect(server).await.map_err(|cause| cause.to_string())?;
    socket.send(octets).await.map_err(|cause| cause.to_string())?;
    let mut piece = vec![0; usize::from(u16::MAX)];
    loop {
        let size = socket.recv(&mut piece).await.map_err(|cause| cause.to_string())?;
        // Whatever is no answer to this question came by accident, or from somebody else.
        if let Some(answer) = Message::from_vec(&piece[..size]).ok().filter(|answer| answers(answer, asked)) {
            return Ok(answer);
        }
    }
}

async fn by_tcp(server: SocketAddr, octets: &[u8], asked: &Message) -> Result<Message, String> {
    let mut stream = TcpStream::connect(server).await.map_err(|cause| cause.to_string())?;
    let size = u16::try_from(octets.len()).map_err(|_| "the question is too long".to_string())?;
    let framed = [&size.to_be_bytes(), octets].concat();
    stream.write_all(&framed).await.map_err(|cause| cause.to_string())?;
    let size = stream.read_u16().await.map_err(|cause| cause.to_string())?;
    let mut whole = vec![0; usize::from(size)];
    stream.read_exact(&mut whole).await.map_err(|cause| cause.to_string())?;
    let answer = Message::from_vec(&whole).map_err(|error| format!("the answer cannot be read: {error}"))?;
    if answers(&answer, asked) { Ok(answer) } else { Err("the answer is to another question".to_string()) }
}

fn answers(answer: &Message, asked: &Message) -> bool {
    let same = |one: Option<&Query>, other: Option<&Query>| match (one, other) {
        (Some(one), Some(other)) => one.query_type() == other.query_type() && one.name() == other.name(),
        (None, _) | (_, None) => false,
    };
    answer.metadata.id == asked.metadata.id && same(answer.queries.first(), asked.queries.first())
}

/// The addresses after `nameserver`, at most three as in resolv.conf(5).
fn named(text: &str) -> Vec<SocketAddr> {
    let words = text.lines().map(|line| line.split_ascii_whitespace().collect::<Vec<_>>());
    let servers = words.filter_map(|words| match words.as_slice() {
        ["nameserver", address, ..] => address.parse::<IpAddr>().ok(),
        _ => None,
    });
    servers.take(3).map(|address| SocketAddr::new(address, 53)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_resolvers_are_read_and_nobody_else_is_thought_of() {
        let text = "# words\nsearch agency.example\nnameserver 192.0.2.53\n nameserver 2001:db8::53\nnameserver fe80::1%eth0\n";
        let found: Vec<String> = named(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["192.0.2.53:53", "[2001:db8::53]:53"]);
        assert_eq!(named(""), []);
    }
}
