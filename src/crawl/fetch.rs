//! One request, one answer.
//!
//! In: a canonical address that scope, robots and guard agreed to. Out: status, fields, decoded body, or which obstacle
//! it was. Invariants: never follows a redirect; every read has an idle and a total deadline and a cap on the wire and
//! after decoding; secrets go where [`Credentials`] lets them. Tested in `tests/it/crawl.rs`.

use std::error::Error;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, USER_AGENT};
use reqwest::{Client, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use url::Url;

use super::before::Before;
use super::credentials::Credentials;
use super::decode::{Undecoded, decode};
use super::errand::Failure;
use super::event::Voice;
use super::settings::{Settings, SetupError};
use super::sniff;
use super::wire::Departure;
use crate::web::{Headers, MediaType, ProblemKind};

/// Octets of a body that are read whatever the others hold.
const FREELY: usize = 256 << 10;
/// Octets in one place of the room for large bodies.
const PLACE: usize = 64 << 10;
/// Octets of room for what all bodies under way hold beyond [`FREELY`].
const ROOM: usize = 96 << 20;

/// Sends requests.
pub(super) struct Fetcher {
    client: Client,
    credentials: Credentials,
    timeout: Duration,
    idle: Duration,
    browser_name: Option<String>,
    max_wire: u64,
    /// Places for large bodies: a crowd that sends as much as it may waits for one another, and ordinary pages for nobody.
    room: Arc<Semaphore>,
}

/// How much of a body is wanted.
#[derive(Clone, Debug)]
pub(super) struct Appetite {
    /// Octets after decoding.
    pub(super) cap: u64,
    /// Of what.
    pub(super) of: Wanted,
    /// Only if it is not this any more.
    pub(super) unless: Option<Arc<Before>>,
}

/// Which bodies are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    /// Pages only: the body of a PDF that hides behind a page's name stays on the server.
    Pages,
    /// Whatever comes.
    Anything,
}

/// What one request brought.
#[derive(Debug)]
pub(super) struct Exchange {
    /// The answer, or the obstacle.
    pub(super) outcome: Result<Answer, Failure>,
    /// When the request left.
    pub(super) sent: Option<Instant>,
    /// When the status and the fields were there.
    pub(super) headed: Option<Instant>,
    /// Octets of the body on the wire, also of one that is not to be had.
    pub(super) octets: u64,
    /// Kept until the answer has arrived.
    _places: Option<OwnedSemaphorePermit>,
}

impl Exchange {
    /// A request whose task stumbled.
    pub(super) fn broken(failure: Failure) -> Self {
        Self { outcome: Err(failure), sent: None, headed: None, octets: 0, _places: None }
    }
}

/// What a request that is under way has brought so far.
#[derive(Default)]
struct Progress {
    headed: Option<Instant>,
    octets: u64,
    places: Option<OwnedSemaphorePermit>,
}

/// The answer to one request.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// Fields.
    pub(super) headers: Headers,
    /// Media type.
    pub(super) media: MediaType,
    /// Decoded body.
    pub(super) body: Bytes,
    /// How much of the body is there.
    pub(super) extent: Extent,
    /// Octets on the wire.
    pub(super) wire_bytes: u64,
    /// Who answered.
    pub(super) peer: Option<IpAddr>,
}

/// How much of a body is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// Up to a cap.
    Cut,
    /// Nothing, because nobody wanted it.
    Unread,
    /// Nothing, because it is what an earlier run kept.
    Unchanged,
}

impl Answer {
    /// Where a redirect leads; `None` when this is no redirect or says nowhere that can be read.
    pub(super) fn target(&self, from: &Url) -> Option<Url> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        // Fields come as ISO 8859-1; servers that write raw UTF-8 into Location mean UTF-8 (as browsers read it).
        let said = self.headers.first("location")?;
        let octets: Option<Vec<u8>> = said.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let said = octets.and_then(|octets| String::from_utf8(octets).ok()).unwrap_or_else(|| said.to_string());
        from.join(&said).ok()
    }
}

impl Fetcher {
    /// A fetcher whose secrets are for the hosts of the seeds.
    ///
    /// # Errors
    /// A header that HTTP does not allow.
    pub(super) fn of(client: Client, settings: &Settings, seeds: &[Url]) -> Result<Self, SetupError> {
        Ok(Self {
            client,
            credentials: Credentials::of(settings, seeds)?,
            timeout: settings.timeout,
            idle: settings.idle_timeout,
            browser_name: settings.browser_name.clone(),
            max_wire: settings.max_wire,
            room: Arc::new(Semaphore::new(ROOM / PLACE)),
        })
    }

    /// Sends one GET request and reads as much of the answer as there is appetite for.
    pub(super) async fn exchange(&self, url: Url, voice: Voice, appetite: Appetite, departure: Departure) -> Exchange {
        let mut seen = Progress::default();
        let request = self.request(&url, voice, &appetite, &departure, &mut seen);
        let outcome = match timeout(self.timeout, request).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::of(
                ProblemKind::Timeout,
                format!("no complete answer within {} seconds", self.timeout.as_secs_f32()),
            )),
        };
        Exchange { outcome, sent: departure.at(), headed: seen.headed, octets: seen.octets, _places: seen.places }
    }

    async fn request(
        &self,
        url: &Url,
        voice: Voice,
        appetite: &Appetite,
        departure: &Departure,
        seen: &mut Progress,
    ) -> Result<Answer, Failure> {
        let request = self.client.get(url.clone()).body(departure.body());
        let request = match (voice, &self.browser_name) {
            (Voice::Browser, Some(name)) => request.header(USER_AGENT, name),
            (Voice::Browser, None) | (Voice::Own, _) => request,
        };
        let conditions = appetite.unless.iter().flat_map(|before| before.conditions());
        let request = conditions.fold(request, |request, (name, value)| request.header(name, value));
        let response = self.credentials.seal(request, url).send().await.map_err(|cause| failure(&cause, url))?;
        seen.headed = Some(Instant::now());
        let mut answer = Answer {
            status: response.status().as_u16(),
            headers: fields(response.headers()),
            media: MediaType::of(""),
            body: Bytes::new(),
            extent: Extent::Unread,
            wire_bytes: 0,
            peer: response.remote_addr().map(|address| address.ip()),
        };
        if let (304, Some(unchanged)) =
            (answer.status, appetite.unless.as_ref().and_then(|before| before.unchanged(&answer.headers)))
        {
            return Ok(Answer { peer: answer.peer, ..unchanged });
        }
        if let Some(coding) = strange_coding(&answer.headers) {
            return Err(Failure::of(ProblemKind::Malformed, format!("transfer coding {coding:?} is not known")));
        }
        let said = answer.headers.first("content-type").map(str::to_string);
        answer.media = sniff::media(said.as_deref(), url.path(), b"");
        let unwanted = appetite.of == Wanted::Pages && said.is_some() && !answer.media.is_page();
        if answer.target(url).is_some() || (unwanted && answer.status < 400) {
            return Ok(answer);
        }
        match self.read(response, &mut answer, appetite.cap, seen).await {
            Ok(()) => {}
            // The status of a refusal says all there is to say, even when its body is torn.
            Err(_) if answer.status >= 400 => answer.extent = Extent::Cut,
            Err(failure) => return Err(failure),
        }
        answer.media = sniff::media(said.as_deref(), url.path(), &answer.body);
        Ok(answer)
    }

    async fn read(
        &self,
        mut response: Response,
        answer: &mut Answer,
        cap: u64,
        seen: &mut Progress,
    ) -> Result<(), Failure> {
        let url = response.url().clone();
        let mut wire = BytesMut::new();
        let mut extent = Extent::Whole;
        let coded = answer.headers.first("content-encoding").is_some();
        let most = if coded { self.max_wire.max(cap) } else { cap };
        loop {
            let chunk = match timeout(self.idle, response.chunk()).await {
                Ok(chunk) => chunk.map_err(|cause| failure(&cause, &url))?,
                Err(_) => {
                    let detail = format!("the body stood still for {} seconds", self.idle.as_secs_f32());
                    return Err(Failure::of(ProblemKind::Timeout, detail));
                }
            };
            let Some(chunk) = chunk else { break };
            wire.extend_from_slice(&chunk);
            seen.octets = wire.len() as u64;
            if wire.len() as u64 > most {
                extent = Extent::Cut;
                break;
            }
            self.take_room(wire.len(), &mut seen.places).await;
        }
        answer.wire_bytes = wire.len() as u64;
        let codings = answer.headers.all("content-encoding");
        let decoded = decode(wire.freeze(), codings, cap).await;
        let decoded = match (decoded, extent) {
            (Ok(decoded), _) => decoded,
            (Err(_), Extent::Cut) => {
                let detail = format!("more than {} octets on the wire", self.max_wire);
                return Err(Failure::of(ProblemKind::TooLarge, detail));
            }
            (Err(Undecoded::Bomb(detail)), Extent::Whole | Extent::Unread | Extent::Unchanged) => {
                return Err(Failure::of(ProblemKind::TooLarge, detail));
            }
            (Err(Undecoded::Malformed(detail)), Extent::Whole | Extent::Unread | Extent::Unchanged) => {
                return Err(Failure::of(ProblemKind::Malformed, detail));
            }
        };
        answer.extent = if decoded.cut { Extent::Cut } else { extent };
        answer.body = decoded.body;
        Ok(())
    }
}

impl Fetcher {
    /// Waits until there is room for so many octets; the deadline of the request goes on meanwhile.
    async fn take_room(&self, octets: usize, held: &mut Option<OwnedSemaphorePermit>) {
        let wanted = octets.saturating_sub(FREELY).div_ceil(PLACE).min(ROOM / PLACE);
        let has = held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(wanted.saturating_sub(has)).expect("fewer places than that");
        if more == 0 {
            return;
        }
        let taken = self.room.clone().acquire_many_owned(more).await.expect("nobody closes the room");
        match held {
            Some(held) => held.merge(taken),
            None => *held = Some(taken),
        }
    }
}

/// Fields as ISO 8859-1 text, in the order they came.
fn fields(map: &HeaderMap) -> Headers {
    Headers::of(map.iter().map(|(name, value)| {
        (name.as_str(), value.as_bytes().iter().map(|octet| char::from(*octet)).collect::<String>())
    }))
}

/// A transfer coding that was not undone on the way here: only chunks are (RFC 9112, 6.1).
fn strange_coding(headers: &Headers) -> Option<&str> {
    let codings = headers.all("transfer-encoding").flat_map(|value| value.split(',')).map(str::trim);
    codings
        .into_iter()
        .find(|coding| !["", "chunked", "identity"].iter().any(|known| coding.eq_ignore_ascii_case(known)))
}

/// Which obstacle a client error stands for.
fn failure(cause: &reqwest::Error, url: &Url) -> Failure {
    let mut chain = Vec::new();
    let mut system = false;
    let mut nonsense = false;
    let mut inner: Option<&(dyn Error + 'static)> = cause.source();
    while let Some(error) = inner {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            system |= io.raw_os_error().is_some();
            nonsense |= matches!(io.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput);
        }
        let words = error.to_string();
        if chain.last() != Some(&words) {
            chain.push(words);
        }
        inner = error.source();
    }
    let words = chain.join(": ");
    let kind = if cause.is_timeout() {
        ProblemKind::Timeout
    } else if cause.is_connect() && (words.contains("dns") || words.contains("not checked")) {
        ProblemKind::Dns
    } else if cause.is_connect() && url.scheme() == "https" && !system {
        ProblemKind::Tls
    } else if nonsense {
        ProblemKind::Malformed
    } else if cause.is_connect() || system || words.contains("closed") || words.contains("end of file") {
        ProblemKind::Connection
    } else if ["invalid", "too large", "parse"].iter().any(|sign| words.contains(sign)) {
        ProblemKind::Malformed
    } else {
        ProblemKind::Connection
    };
    let detail = if words.is_empty() { cause.to_string() } else { words };
    Failure::of(kind, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_where_its_location_says() {
        let from = Url::parse("https://a.example/x/y").expect("a URL");
        let table = [
            (301, Some("/z"), Some("https://a.example/z")),
            (308, Some("//b.example"), Some("https://b.example/")),
            (302, Some("caf\u{c3}\u{a9}"), Some("https://a.example/x/caf%C3%A9")),
            (302, Some("https://["), None),
            (302, None, None),
            (304, Some("/z"), None),
            (200, Some("/z"), None),
        ];
        for (status, location, expect) in table {
            let answer = Answer {
                status,
                headers: Headers::of(location.map(|location| ("location", location))),
                media: MediaType::of(""),
                body: Bytes::new(),
                extent: Extent::Unread,
                wire_bytes: 0,
                peer: None,
            };
            assert_eq!(answer.target(&from).as_ref().map(Url::as_str), expect, "{status} {location:?}");
        }
    }
}
