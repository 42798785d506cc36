//! The socket: who may ask, what for, and how the end comes.
//!
//! In: a listening socket, an open store. Out: answers until somebody asks for an end; what is under way is finished then. Invariants: only GET
//! and HEAD reach the rest; on loopback only a visitor who asks for loopback, or for a name that was allowed, is answered, so that a
//! page elsewhere cannot read the store through a name of its own. Tested in `tests/it/serve.rs`.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

use super::ask::{Ask, Place, Wrong};
use super::past::Past;
use super::reply::Reply;
use super::{agencies, api, missing, overview, rules, runs, sites, tables};
use crate::report::html::STYLE;
use crate::store::{Store, StoreError};

/// What the dashboard adds to the style of the HTML report.
const OWN_STYLE: &str = include_str!("dashboard.css");
const ICON: &str = include_str!("icon.svg");

/// How a store is shown.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Runs in a trend, at least 1.
    pub runs: usize,
    /// Names of hosts that visitors may ask for besides loopback, lower case and without port.
    pub names: Vec<String>,
}

struct House {
    past: Past,
    names: Vec<String>,
    /// Whether only this machine can ask.
    is_local: bool,
}

/// Reads the runs that trends need, then answers until `stop` ends. `ready` is told when the first visitor will be answered at once.
///
/// # Errors
/// Where the store cannot be read, or the socket fails.
pub async fn serve(
    store: Store,
    listener: TcpListener,
    settings: Settings,
    ready: impl FnOnce(usize) + Send,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StoreError> {
    let is_local = listener.local_addr().is_ok_and(|address| address.ip().is_loopback());
    let past = Past::of(store, settings.runs.max(1));
    let lines = past.lines().await?;
    if let Some(latest) = lines.first() {
        past.trend(latest.id).await?;
        past.view(None).await?;
    }
    ready(lines.len());
    let house = Arc::new(House { past, names: settings.names, is_local });
    let app = Router::new().fallback(answer).with_state(house);
    let done = axum::serve(listener, app).with_graceful_shutdown(stop).await;
    done.map_err(|error: io::Error| StoreError::Broken { what: "the dashboard's socket", reason: error.to_string() })
}

async fn answer(State(house): State<Arc<House>>, request: Request) -> Response<Body> {
    let headers = request.headers();
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let told = "The dashboard only reads: GET and HEAD are all it answers.";
        return missing::page(StatusCode::METHOD_NOT_ALLOWED, told).respond(headers);
    }
    if house.is_local && !house.knows(headers) {
        let told = "The dashboard answers for this machine only. Start it with --name and the name you asked for, if it is meant.";
        return missing::page(StatusCode::MISDIRECTED_REQUEST, told).respond(headers);
    }
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let for_programs = path.starts_with("/api/");
    let reply = match Ask::read(path, query) {
        Ok(ask) => house.reply(&ask).await,
        Err(wrong) => Err(Refusal::Wrong(wrong)),
    };
    let reply = reply.unwrap_or_else(|refusal| {
        let (status, told) = refusal.told();
        if for_programs {
            return Reply::json(status, &serde_json::json!({ "error": told }));
        }
        missing::page(status, &told)
    });
    reply.respond(headers)
}

/// Why there is no answer.
pub(super) enum Refusal {
    /// What was asked for is wrong.
    Wrong(Wrong),
    /// The store has it not, or cannot be read.
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    /// There is no such thing in the run.
    pub(super) fn absent(what: impl Into<String>) -> Self {
        Self::Wrong(Wrong::Nowhere(what.into()))
    }

    fn told(&self) -> (StatusCode, String) {
        match self {
            Self::Wrong(Wrong::Nowhere(what)) => (StatusCode::NOT_FOUND, format!("There is no {what} here.")),
            Self::Wrong(Wrong::Unreadable(told)) => (StatusCode::BAD_REQUEST, told.clone()),
            Self::Store(error @ StoreError::Absent { .. }) => (StatusCode::NOT_FOUND, format!("{error}")),
            Self::Store(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("The store cannot be read: {error}")),
        }
    }
}

impl House {
    /// True where the visitor asked for a name of this machine.
    fn knows(&self, headers: &HeaderMap) -> bool {
        let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return true };
        let url = url::Url::parse(&format!("http://{host}/"));
        let Some(name) = url.ok().and_then(|url| url.host_str().map(str::to_string)) else { return false };
        let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
        name == "localhost" || address.is_ok_and(|address| address.is_loopback()) || self.names.contains(&name)
    }

    async fn reply(&self, ask: &Ask) -> Result<Reply, Refusal> {
        let past = &self.past;
        match &ask.place {
            Place::Style => Ok(Reply::of("text/css; charset=utf-8", format!("{STYLE}{OWN_STYLE}"))),
            Place::Icon => Ok(Reply::of("image/svg+xml", ICON)),
            Place::OpenApi => Ok(Reply::of("application/json", api::DESCRIPTION)),
            Place::Overview => overview::page(past, ask).await,
            Place::Agencies => agencies::list(past, ask).await,
            Place::Agency(name) => agencies::page(past, ask, name.as_deref()).await,
            Place::Sites => sites::list(past, ask).await,
            Place::Search => sites::search(past, ask).await,
            Place::Site(name) => sites::page(past, ask, name).await,
            Place::SiteReport(name) => sites::report(past, ask, name).await,
            Place::Rules => rules::list(past, ask).await,
            Place::Rule(id) => rules::page(past, ask, id).await,
            Place::Runs => runs::page(past, ask).await,
            Place::Csv(table) => tables::csv(past, ask, *table).await,
            Place::Api(resource) => api::json(past, ask, resource).await,
        }
    }
}
