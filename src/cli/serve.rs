//! `idea-audit serve`: a store, shown in a browser until somebody interrupts.
//!
//! In: a store, an address to listen on. Out: the dashboard; 0 after an interrupt, 2 where it cannot begin. Tested in `tests/it/serve.rs`.

use clap::Args as ClapArgs;
use std::io::{self, Write};
use std::net::SocketAddr;
use tokio::net::TcpListener;

use super::exit::{Exit, Failure};
use super::stop::Wishes;
use crate::config::ConfigError;
use crate::serve::{Settings, serve};
use crate::store::{Place, Store, StoreError};

/// Show what a store holds: overview, trends, agencies, sites and rules, to read in a browser or by programs.
///
/// Nothing can be written through it, and nobody is asked who they are: whoever can reach the address reads the store.
#[derive(ClapArgs)]
pub(super) struct Args {
    /// The store: a file, or postgres://user@host/database
    #[arg(long, value_name = "PLACE")]
    store: String,
    /// Where to listen; another address than loopback shows the store to whoever reaches it
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8021")]
    listen: SocketAddr,
    /// A name of this host that visitors ask for, besides localhost: for a proxy that passes it on
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    /// How many runs a trend shows
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=120))]
    runs: u16,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let place = Place::parse(&args.store).map_err(told)?;
    let runtime =
        tokio::runtime::Runtime::new().map_err(Failure::io("cannot begin", "has this system any threads left?"))?;
    runtime.block_on(shown(args, &place))
}

/// The sentence of a store's error, and what to do about it.
fn told(error: StoreError) -> ConfigError {
    let text = error.to_string();
    let (what, todo) = text.split_once("\n  ").unwrap_or((&text, "see idea-audit serve --help"));
    ConfigError::of(what, todo)
}

async fn shown(args: &Args, place: &Place) -> Result<Exit, Failure> {
    let store = Store::open_existing(place).await.map_err(told)?;
    let todo = "is another program listening there? --listen names another address";
    let listener =
        TcpListener::bind(args.listen).await.map_err(Failure::io(format!("cannot listen on {}", args.listen), todo))?;
    let address = listener.local_addr().map_err(Failure::io("cannot listen", todo))?;
    let wishes = Wishes::listen().map_err(Failure::io("cannot listen to signals", "try again"))?;
    let say = |words: String| {
        if !args.quiet {
            let _ = writeln!(io::stderr(), "idea-audit: {words}");
        }
    };
    if !address.ip().is_loopback() {
        say(format!("{address} is not loopback: whoever reaches it can read the store"));
    }
    say(format!("reading {place}"));
    let settings =
        Settings { runs: usize::from(args.runs), names: args.name.iter().map(|name| name.to_lowercase()).collect() };
    let ready = |runs| say(format!("showing {runs} runs at http://{address}/ (Ctrl-C ends it)"));
    serve(store, listener, settings, ready, wishes.first()).await.map_err(told)?;
    Ok(Exit::Fine)
}
