//! `idea-audit fleet`: many workers on many machines, one PostgreSQL database.
//!
//! In: targets, the name of a run, a schedule. Out: a run that workers share, how it stands, its report. Tested in `tests/it/fleet.rs`.

use clap::{Args as ClapArgs, Subcommand};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;

use super::exit::{Exit, Failure};
use super::fleet_status;
use super::manner::Manner;
use super::number::{decimal, whole};
use super::output::Sinks;
use super::progress::Talk;
use super::stop::Wishes;
use super::webhook;
use crate::config::{self, ConfigError, Layers, Raw};
use crate::fleet::{Campaign, Fleet, FleetError, Shift, Until};
use crate::notify::Hook;
use crate::store::{Place, RunId};

/// Share the sites of a run among many workers.
#[derive(ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Begin a run: each site becomes a job that some worker does
    Enqueue(Enqueue),
    /// Do jobs, on this machine, until told to end
    Work(Work),
    /// Say how far a run is, how fast, what waits and why
    Status(Status),
    /// Begin runs by the clock
    Schedule(ScheduleArgs),
    /// Show the results of a run in any format, as far as it is
    Report(Report),
}

#[derive(ClapArgs)]
struct Database {
    /// The database that all share: postgres://user@host/database
    #[arg(long, value_name = "URL", env = "IDEA_AUDIT_STORE", hide_env_values = true)]
    store: String,
}

/// What is looked at; every other setting is read from the configuration file and the environment, as `scan` reads them.
#[derive(ClapArgs)]
struct Wanted {
    /// What to look at: URL, @list.txt, CSV
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Whom to write to, in the User-Agent
    #[arg(long, value_name = "URL|MAIL")]
    contact: Option<String>,
    /// Pages a site [default: 500]
    #[arg(long, value_name = "N", value_parser = whole::<u64>, allow_hyphen_values = true)]
    max_pages: Option<u64>,
    /// Run only these: rule ids, packs, requirement keys, WCAG criteria
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    select: Vec<String>,
    /// Leave these out
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    skip: Vec<String>,
    /// Whose sites they are: executive, legislative, judicial, state-local, none; or NAME=VALUE
    #[arg(long, value_name = "BRANCH|NAME=VALUE")]
    profile: Vec<String>,
    /// How often a site is tried that gives no answer
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(i16).range(1..=25))]
    tries: i16,
    /// Read this configuration file [default: idea-audit.toml here, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(ClapArgs)]
struct Enqueue {
    #[command(flatten)]
    wanted: Wanted,
    /// Give the sites of this run that are not done new jobs, instead of beginning a run
    #[arg(long, value_name = "RUN", conflicts_with = "targets")]
    again: Option<String>,
    #[command(flatten)]
    database: Database,
}

#[derive(ClapArgs)]
struct Work {
    #[command(flatten)]
    database: Database,
    /// Sites at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    sites: u16,
    /// End when nothing is left to do
    #[arg(long)]
    until_done: bool,
    /// Seconds between two signs of life
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = decimal)]
    heartbeat: f64,
    /// Seconds without a sign of life after which a worker counts as dead and its sites go to others; the same for all
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = decimal)]
    dead_after: f64,
    /// Read this configuration file for what does not travel: auth, cookie, header, proxy
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(ClapArgs)]
struct Status {
    /// The run: its number, the beginning of its id, or latest
    #[arg(value_name = "RUN", default_value = "latest")]
    run: String,
    #[command(flatten)]
    database: Database,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

#[derive(ClapArgs)]
struct ScheduleArgs {
    #[command(subcommand)]
    command: Schedule,
}

#[derive(Subcommand)]
enum Schedule {
    /// Begin a run of these targets at these times: minute, hour, day of the month, month, day of the week
    Add {
        /// Its name
        name: String,
        /// The times: "0 3 * * 1" is Mondays at 03:00
        cron: String,
        #[command(flatten)]
        wanted: Wanted,
        #[command(flatten)]
        database: Database,
    },
    /// Name the schedules
    List {
        #[command(flatten)]
        database: Database,
    },
    /// Take a schedule away; runs it began go on
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(ClapArgs)]
struct Report {
    /// The run: its number, the beginning of its id, or latest
    #[arg(value_name = "RUN", default_value = "latest")]
    run: String,
    #[command(flatten)]
    database: Database,
    /// How to write it, and where, as `report` does: html=report.html,json=-
    #[arg(long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    format: Vec<String>,
    /// Write it to this file, replaced as a whole; without --format its ending chooses
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Words only: no colour, also on a terminal
    #[arg(long)]
    plain: bool,
}

pub(super) fn run(args: Args) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::io("the runtime", "are there threads and file handles left?"))?;
    let exit = runtime.block_on(async {
        match args.command {
            Command::Enqueue(args) => enqueue(args).await,
            Command::Work(args) => work(args).await,
            Command::Status(args) => status(args).await,
            Command::Schedule(args) => schedule(args.command).await,
            Command::Report(args) => report(args).await,
        }
    });
    runtime.shutdown_background();
    exit
}

impl Database {
    async fn open(&self) -> Result<Fleet, Failure> {
        Ok(Fleet::open(&Place::parse(&self.store).map_err(FleetError::from)?).await?)
    }
}

impl Wanted {
    /// The campaign of what was typed, after saying which rows of lists are no use.
    fn campaign(self) -> Result<Campaign, Failure> {
        let today = jiff::Zoned::now().date();
        let (tries, config) = (self.tries, self.config.clone());
        let flags = Raw {
            targets: self.targets,
            contact: self.contact,
            max_pages: self.max_pages,
            select: self.select,
            skip: self.skip,
            profile: config::typed(&self.profile)?,
            ..Raw::default()
        };
        let raw = layers(flags, config)?;
        let kept_here = [raw.auth.is_some(), !raw.cookie.is_empty(), !raw.header.is_empty(), raw.proxy.is_some()];
        if kept_here.contains(&true) {
            say("auth, cookie, header and proxy do not go into the database; give them to each worker");
        }
        let campaign = Campaign::of(raw, today, tries)?;
        campaign.list_problems().iter().for_each(|problem| say(&problem.to_string()));
        Ok(campaign)
    }
}

async fn enqueue(args: Enqueue) -> Result<Exit, Failure> {
    if let Some(name) = &args.again {
        let fleet = args.database.open().await?;
        let (line, sites) = fleet.again(name).await?;
        told(&format!("run {}: {sites} sites that were not done are back in the queue", line.id.0))?;
        fleet.close().await;
        return Ok(Exit::Fine);
    }
    let campaign = args.wanted.campaign()?;
    let fleet = args.database.open().await?;
    let line = fleet.begin(&campaign).await?;
    told(&format!("run {} ({}): {} sites", line.id.0, line.uuid, campaign.sites()))?;
    fleet.close().await;
    Ok(Exit::Fine)
}

async fn work(args: Work) -> Result<Exit, Failure> {
    let seconds = |name: &str, seconds: f64| {
        Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero()).ok_or_else(|| {
            ConfigError::of(format!("--{name} {seconds} is not a time"), "write seconds above 0: 10, or 2.5")
        })
    };
    let (heartbeat, dead_after) = (seconds("heartbeat", args.heartbeat)?, seconds("dead-after", args.dead_after)?);
    if dead_after < heartbeat * 3 {
        let told = format!("--dead-after {} is less than three times --heartbeat {}", args.dead_after, args.heartbeat);
        return Err(ConfigError::of(
            told,
            "give a worker time for three signs of life, or living ones are taken for dead",
        )
        .into());
    }
    let until = if args.until_done { Until::Done } else { Until::Told };
    let shift = Shift { sites: args.sites.into(), heartbeat, dead_after, until };
    let own = layers(Raw::default(), args.config)?;
    let messengers = Messengers::of(&own, &args.database.store, args.quiet)?;
    let fleet = args.database.open().await?;
    let (wish, end) = watch::channel(false);
    let mut wishes = Wishes::listen().map_err(Failure::io("signals", "are there file handles left?"))?;
    tokio::spawn(async move {
        let _ = wishes.next().await;
        let _ = wish.send(true);
        if let Some(code) = wishes.next().await {
            std::process::exit(code);
        }
    });
    let quiet = args.quiet;
    let say = move |words: &str| {
        if !quiet {
            say(words)
        }
    };
    let ended = messengers.clone();
    fleet.work(shift, own, end, say, move |run| ended.send(run)).await?;
    fleet.close().await;
    // A summary that is on its way arrives before the program ends.
    let _ = tokio::task::spawn_blocking(move || messengers.wait()).await;
    Ok(Exit::Fine)
}

/// Who tells `--webhook` of the runs that this worker ended, each on a thread of its own.
#[derive(Clone)]
struct Messengers {
    hook: Option<Hook>,
    place: Place,
    talk: Talk,
    under_way: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Messengers {
    fn of(own: &Raw, store: &str, quiet: bool) -> Result<Self, Failure> {
        let place = Place::parse(store).map_err(FleetError::from)?;
        Ok(Self { hook: config::hook(own)?, place, talk: Talk::of(quiet, false), under_way: Arc::default() })
    }

    fn send(&self, run: RunId) {
        let Some(hook) = self.hook.clone() else { return };
        let (place, talk) = (self.place.clone(), self.talk);
        let messenger = std::thread::spawn(move || {
            let settings = crate::crawl::Settings::default();
            webhook::tell_of_store(&hook, &settings, &place, &run.0.to_string(), Exit::Fine, talk);
        });
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).push(messenger);
    }

    fn wait(&self) {
        let under_way = std::mem::take(&mut *self.under_way.lock().unwrap_or_else(PoisonError::into_inner));
        // One that stumbled has said so.
        under_way.into_iter().for_each(|messenger| drop(messenger.join()));
    }
}

async fn status(args: Status) -> Result<Exit, Failure> {
    let fleet = args.database.open().await?;
    let status = fleet.status(&args.run, jiff::Timestamp::now()).await?;
    if args.format == "json" {
        told(&serde_json::to_string_pretty(&status).expect("a status has words and numbers only"))?;
    } else {
        told(fleet_status::words(&status).trim_end())?;
    }
    fleet.close().await;
    Ok(Exit::Fine)
}

async fn schedule(command: Schedule) -> Result<Exit, Failure> {
    match command {
        Schedule::Add { name, cron, wanted, database } => {
            let campaign = wanted.campaign()?;
            let fleet = database.open().await?;
            fleet.schedule(&name, &cron, &campaign).await?;
            told(&format!("schedule {name}: {} sites at `{cron}`, while a worker runs", campaign.sites()))?;
            fleet.close().await;
        }
        Schedule::List { database } => {
            let fleet = database.open().await?;
            for one in fleet.schedules().await? {
                told(&format!("{}  {}  {} sites", one.name, one.cron, one.sites))?;
            }
            fleet.close().await;
        }
        Schedule::Remove { name, database } => {
            let fleet = database.open().await?;
            fleet.unschedule(&name).await?;
            told(&format!("schedule {name} is gone"))?;
            fleet.close().await;
        }
    }
    Ok(Exit::Fine)
}

async fn report(args: Report) -> Result<Exit, Failure> {
    let sinks = Sinks::of(&args.format, args.out.clone(), Manner::of(args.plain))?;
    let fleet = args.database.open().await?;
    sinks.check()?;
    if sinks.are_rollups() {
        let (report, rollup) = fleet.rolled_up(&args.run).await?;
        sinks.write_rollup(&report.tool, &report.run, &rollup)?;
    } else {
        sinks.write(&fleet.report(&args.run).await?)?;
    }
    fleet.close().await;
    Ok(Exit::Fine)
}

fn layers(flags: Raw, config: Option<PathBuf>) -> Result<Raw, ConfigError> {
    // A variable that is no Unicode text can be none of ours; that of the store is the command line's own.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name != "IDEA_AUDIT_STORE");
    Ok(Layers::read(flags, config.as_deref(), variables)?.raw())
}

fn told(words: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{words}").map_err(Failure::io("standard output", "is there room left?"))
}

fn say(words: &str) {
    let _ = writeln!(io::stderr(), "idea-audit: {words}");
}
