//! `idea-audit scan`: the main job.
//!
//! In: targets and options. Out: a report; 0, 1, 2 or 3. Tested in `tests/it/cli.rs`.

use clap::Args as ClapArgs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::runtime::Runtime;

use super::command;
use super::exit::{Exit, Failure};
use super::ledger;
use super::manner::Manner;
use super::number::{decimal, whole};
use super::output::{self, Sinks};
use super::progress::{Progress, Talk};
use super::results;
use super::rules::tell_replaced;
use super::stop::Wishes;
use super::stream::{Stream, Watch};
use super::verdict::Verdict;
use super::webhook;
use crate::audit::{self, Carried, Plan, Rows, Target};
use crate::config::{self, ConfigError, Layers, Raw};
use crate::report::Report;
use crate::web::address;

/// Bad rows of target lists that are told before a crawl; all are in the report.
const MOST_ROWS_TOLD: usize = 20;

/// Look at sites and judge them.
///
/// TARGET is a URL or host name, a folder of a built site, a page file, @list.txt, or a CSV file with a column of hosts.
#[derive(ClapArgs)]
pub(super) struct Args {
    /// What to look at: URL, folder, page file, @list.txt, CSV
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,

    /// Publish the folder at this address: https://host or https://host/path
    #[arg(long = "as", value_name = "URL", help_heading = "Targets")]
    publish_at: Option<String>,
    /// Path globs of pages to look at (* within a segment, ** across; none means that path)
    #[arg(long, value_name = "GLOB", help_heading = "Targets")]
    include: Vec<String>,
    /// Path globs of pages to leave out
    #[arg(long, value_name = "GLOB", help_heading = "Targets")]
    exclude: Vec<String>,
    /// Crawl subdomains as part of a site
    #[arg(long, help_heading = "Targets")]
    include_subdomains: bool,
    /// Look only at what is named; do not follow links and sitemaps
    #[arg(long, help_heading = "Targets")]
    no_follow: bool,

    /// Which pages: home (the front page, robots.txt, the sitemap, a path that cannot exist, the doors by http and with www.),
    /// sample=N (so many pages of different shapes), or full [default: full]
    #[arg(long, value_name = "PLAN", help_heading = "Budgets")]
    plan: Option<String>,
    /// Pages a site [default: 500 for URLs, all for folders]
    #[arg(long, value_name = "N", help_heading = "Budgets", value_parser = whole::<u64>, allow_hyphen_values = true)]
    max_pages: Option<u64>,
    /// Clicks from the first page
    #[arg(long, value_name = "N", help_heading = "Budgets", value_parser = whole::<u32>, allow_hyphen_values = true)]
    max_depth: Option<u32>,
    /// Seconds a site
    #[arg(long, value_name = "SECONDS", help_heading = "Budgets", value_parser = decimal, allow_hyphen_values = true)]
    max_time: Option<f64>,
    /// Octets a site, as they come over the wire
    #[arg(long, value_name = "BYTES", help_heading = "Budgets", value_parser = whole::<u64>, allow_hyphen_values = true)]
    max_bytes: Option<u64>,
    /// Seconds the whole run; what was seen until then is reported, with exit code 3 or 1
    #[arg(long, value_name = "SECONDS", help_heading = "Budgets", value_parser = decimal, allow_hyphen_values = true)]
    max_run_time: Option<f64>,
    /// Octets of a page after decoding [default: 10485760]
    #[arg(long, value_name = "BYTES", help_heading = "Budgets", value_parser = whole::<u64>, allow_hyphen_values = true)]
    max_body: Option<u64>,
    /// PDF and office files that pages link to, a site; 0 reads none [default: 50 for URLs, all for folders]
    #[arg(long, value_name = "N", help_heading = "Budgets", value_parser = whole::<u64>, allow_hyphen_values = true)]
    max_documents: Option<u64>,
    /// Octets of documents a site; none is begun beyond [default: 104857600 for URLs]
    #[arg(long, value_name = "BYTES", help_heading = "Budgets", value_parser = whole::<u64>, allow_hyphen_values = true)]
    max_document_bytes: Option<u64>,

    /// A host you run: robots.txt is no order there, and the default pace is lifted
    #[arg(long, value_name = "HOST", help_heading = "Manners")]
    my_site: Vec<String>,
    /// Whom to write to, in the User-Agent; lists need it
    #[arg(long, value_name = "URL|MAIL", help_heading = "Manners")]
    contact: Option<String>,
    /// Requests a second to a host [default: 1; faster only for --my-site and loopback]
    #[arg(long, value_name = "N", help_heading = "Manners", value_parser = decimal, allow_hyphen_values = true)]
    rate: Option<f64>,
    /// Requests a second to an IP address [default: 10]
    #[arg(long, value_name = "N", help_heading = "Manners", value_parser = decimal, allow_hyphen_values = true)]
    ip_rate: Option<f64>,
    /// Requests under way at once; one that hangs makes room for another after a fifteenth of --timeout, up to 4 times this [default: 64]
    #[arg(long, value_name = "N", help_heading = "Manners", value_parser = whole::<usize>, allow_hyphen_values = true)]
    concurrency: Option<usize>,
    /// Seconds a request may take [default: 30]
    #[arg(long, value_name = "SECONDS", help_heading = "Manners", value_parser = decimal, allow_hyphen_values = true)]
    timeout: Option<f64>,
    /// The whole User-Agent
    #[arg(long, value_name = "TEXT", help_heading = "Manners")]
    user_agent: Option<String>,
    /// Ask for each home page once more under a browser's name, and report what it shows the program instead
    #[arg(long, help_heading = "Manners")]
    compare_agent: bool,

    /// A header field for the targets' own origins
    #[arg(long, value_name = "NAME: VALUE", help_heading = "Network")]
    header: Vec<String>,
    /// A cookie for the targets' own origins
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Network")]
    cookie: Vec<String>,
    /// Basic authentication for the targets' own origins
    #[arg(long, value_name = "USER:PASSWORD", help_heading = "Network")]
    auth: Option<String>,
    /// Fetch through this proxy
    #[arg(long, value_name = "URL", help_heading = "Network")]
    proxy: Option<String>,
    /// Connect to this address instead of looking the host up
    #[arg(long, value_name = "HOST:IP", help_heading = "Network")]
    resolve: Vec<String>,
    /// Do not verify certificates; the report says so
    #[arg(long, help_heading = "Network")]
    insecure: bool,
    /// Trust the roots in this PEM file, too; browsers of the public do not, and the report says so
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    ca_file: Vec<PathBuf>,
    /// Make no handshakes beside the crawl's own: versions, ciphers and certificates are not tested then
    #[arg(long, help_heading = "Network")]
    no_tls_probe: bool,
    /// Seconds a handshake or a question to the name system may take [default: 5]
    #[arg(long, value_name = "SECONDS", help_heading = "Network", value_parser = decimal, allow_hyphen_values = true)]
    probe_timeout: Option<f64>,
    /// Ask this resolver about names instead of the system's
    #[arg(long, value_name = "IP:PORT", help_heading = "Network")]
    dns_server: Option<String>,
    /// Read the list of names that browsers ask by HTTPS only from this file (Chromium's, JSON)
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    hsts_preload: Option<PathBuf>,
    /// A private network that redirects and links may lead into
    #[arg(long, value_name = "CIDR", help_heading = "Network")]
    allow_private: Vec<String>,

    /// A folder with rule packs of your own
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    rules: Vec<PathBuf>,
    /// Run only these: rule ids, packs, requirement keys, WCAG criteria
    #[arg(long, value_name = "WORD", value_delimiter = ',', help_heading = "Rules")]
    select: Vec<String>,
    /// Leave these out
    #[arg(long, value_name = "WORD", value_delimiter = ',', help_heading = "Rules")]
    skip: Vec<String>,
    /// Pages whose colours, sizes and layout are measured: all, sample (home pages and a tenth of the others), home, off [default:
    /// all; home for lists]
    #[arg(long, value_name = "PAGES", help_heading = "Rules")]
    render: Option<String>,
    /// Whose site it is: executive, legislative, judicial, state-local, none; or NAME=VALUE: role, agency, acronym, bureau, tld,
    /// high-impact, launched, search-exempt, small-place
    #[arg(long, value_name = "BRANCH|NAME=VALUE", help_heading = "Rules")]
    profile: Vec<String>,
    /// A list of domains and their owners, as the .gov registry publishes it (CSV), to infer the rest from
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    dotgov: Option<PathBuf>,
    /// What "today" is for expiry and age [default: the day of the run]
    #[arg(long, value_name = "DAY", help_heading = "Rules")]
    today: Option<String>,
    /// The day whose law applies [default: today]
    #[arg(long, value_name = "DAY", help_heading = "Rules")]
    policy_as_of: Option<String>,

    /// How to write results, and where: html=report.html,sarif=out.sarif,json=- (- is standard output). One of json, jsonl,
    /// text, html, markdown, sarif, junit, github, gitlab, csv, pages-csv, sites-csv, earl, openacr, gsa-csv, gsa-json,
    /// pshtt-csv, forms-csv, rollup-json, agencies-csv, requirements-csv, adoption-csv, idea-csv, idea-bureaus-csv, standards-csv,
    /// standards-bureaus-csv; or none: the run stays in its store, and memory does not grow with it
    /// [default: as the ending of the --out file says; without --out text on a terminal, else json]
    #[arg(long, value_name = "FORMAT[=FILE]", value_delimiter = ',', help_heading = "Results")]
    format: Vec<String>,
    /// Write results to this file, replaced as a whole; without --format its ending chooses: .html, .sarif, .csv, .md, .txt,
    /// .jsonl, .xml (junit), .jsonld (earl), .yaml (openacr), else json
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    out: Option<PathBuf>,
    /// Write the run down in this store: a file, or postgres://user@host/database [default: idea-audit.db for lists]
    #[arg(long, value_name = "PLACE", help_heading = "Results")]
    store: Option<String>,
    /// Go on with the last run of the store that did not end; type the rest as it was typed then
    #[arg(long, help_heading = "Results")]
    resume: bool,
    /// Judge only pages that changed since the last run of the store with --changed-only and these rules; what was found of the
    /// others is carried over
    #[arg(long, help_heading = "Results")]
    changed_only: bool,
    /// Compare with this earlier JSON report: findings are new or unchanged, and what is gone is fixed
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    baseline: Option<PathBuf>,
    /// A file with waivers and reviews, besides those of the configuration file
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    waivers: Vec<PathBuf>,
    /// Exit with 1 for failures of this impact and above (critical, high, medium, low, info), of this obligation and above
    /// (must, should, advice), of these rules (named as in select), that are new against the baseline (new): words joined by
    /// commas hold together, --fail-on again is an alternative; or never [default: high]
    #[arg(long, value_name = "WORDS", help_heading = "Results")]
    fail_on: Vec<String>,
    /// Exit with 1 for more new failures than this, of whatever impact; needs --baseline
    #[arg(long, value_name = "N", help_heading = "Results", value_parser = whole::<u64>, allow_hyphen_values = true)]
    max_new: Option<u64>,
    /// Exit with 3 below this share of pages seen, 0 to 1 [default: 0]
    #[arg(long, value_name = "SHARE", help_heading = "Results", value_parser = decimal, allow_hyphen_values = true)]
    min_coverage: Option<f64>,
    /// Send a summary of the run to this address when it has ended, signed with IDEA_AUDIT_WEBHOOK_SECRET
    #[arg(long, value_name = "URL", help_heading = "Results")]
    webhook: Option<String>,
    /// Read this configuration file [default: idea-audit.toml here, if there is one]
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    config: Option<PathBuf>,
    /// Words only: no colour and no line that moves, also on a terminal
    #[arg(long, help_heading = "Results")]
    plain: bool,
    /// Say nothing but errors
    #[arg(long, short, help_heading = "Results")]
    quiet: bool,
    /// Name each problem as it happens
    #[arg(long, short, help_heading = "Results", conflicts_with = "quiet")]
    verbose: bool,
}

pub(super) fn run(args: Args) -> Result<Exit, Failure> {
    let manner = Manner::of(args.plain);
    let sinks = Sinks::of(&args.format, args.out.clone(), manner)?;
    let talk = Talk::of(args.quiet, args.verbose);
    let raw = layers(args)?.raw();
    let min_coverage = min_coverage(&raw)?;
    let rows = if sinks.are_none() { Rows::Left } else { Rows::Held };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::io("the runtime", "are there threads and file handles left?"))?;
    let mut plan = runtime.block_on(ledger::planned(&raw, rows, talk))?;
    plan.rendering = plan.rendering.by_this_program();
    let gate = config::gate(&raw, &plan.set)?;
    let hook = config::hook(&raw)?;
    let crawl = plan.crawl.clone();
    plan.baseline = raw.baseline.as_deref().map(results::read).transpose()?.map(Box::new);
    sinks.check()?;
    if talk != Talk::Quiet {
        advise(&plan, &raw);
        tell_replaced(&plan.set);
    }
    let (report, carried) = audited(runtime, plan, &sinks, Progress::of(talk, manner))?;
    if let Some(carried) = carried.filter(|_| talk != Talk::Quiet) {
        ledger::tell_carried(carried, &report)
            .map_err(Failure::io("standard error", "is the terminal still there?"))?;
    }
    if sinks.are_none() && talk != Talk::Quiet {
        ledger::tell_where(&report, &raw).map_err(Failure::io("standard error", "is the terminal still there?"))?;
    } else if sinks.leaves_person_waiting() && talk != Talk::Quiet {
        output::summary(&report, &sinks).map_err(Failure::io("standard error", "is the terminal still there?"))?;
    }
    let verdict = Verdict::of(&report, &gate, min_coverage);
    if talk != Talk::Quiet {
        verdict.tell().map_err(Failure::io("standard error", "is the terminal still there?"))?;
    }
    match (&hook, ledger::left_at(&raw, rows)?) {
        (Some(hook), Some(place)) => {
            webhook::tell_of_store(hook, &crawl, &place, &report.run.id, verdict.exit(), talk);
        }
        (hook, _) => webhook::tell(hook.as_ref(), &crawl, &report, verdict.exit(), talk),
    }
    Ok(verdict.exit())
}

fn audited(
    runtime: Runtime,
    plan: Plan,
    sinks: &Sinks,
    progress: Progress,
) -> Result<(Report, Option<Carried>), Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    // What is decided after judging has to be known before a line is written.
    let resumes = plan.ledger.as_ref().is_some_and(|ledger| ledger.resume.is_some());
    let streams = sinks.streams() && !plan.marks_findings_later() && !resumes;
    let (report, store_failed, carried) = runtime.block_on(async {
        let wishes = Wishes::listen().map_err(Failure::io("signals", "are there file handles left?"))?;
        tokio::spawn(wishes.heed(stop.clone()));
        let mut watch = Watch { progress, stop, stream: None, store_failed: None, carried: None };
        if streams {
            watch.stream = Some(Stream::begin());
        }
        let report = audit::audit(plan, &mut watch).await.map(command::recorded);
        watch.progress.finish();
        let report = report.map_err(Failure::from).and_then(|report| match watch.stream.take() {
            Some(stream) => stream.end(&report).map(|()| report),
            None => Ok(report),
        });
        report.map(|report| (report, watch.store_failed.take(), watch.carried))
    })?;
    // Look-ups of dead names may still be waiting on the system; nobody needs their answer.
    runtime.shutdown_background();
    if streams {
        sinks.write_unstreamed(&report)?
    } else {
        sinks.write(&report)?
    };
    // What was seen has been written; what the store lacks is told.
    store_failed.map_or(Ok((report, carried)), |error| Err(error.into()))
}

/// What was typed, with what the environment and the file say.
pub(super) fn layers(args: Args) -> Result<Layers, ConfigError> {
    let config = args.config.clone();
    // A variable that is no Unicode text can be none of ours.
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Layers::read(raw(args)?, config.as_deref(), variables)
}

/// The share of pages that has to be seen.
fn min_coverage(raw: &Raw) -> Result<f64, ConfigError> {
    let share = raw.min_coverage.unwrap_or(0.0);
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(ConfigError::of(
        format!("--min-coverage {share} is no share"),
        "write a number from 0 to 1: 0.9 is nine pages of ten",
    ))
}

/// What a considerate person would want to know before a crawl begins.
fn advise(plan: &Plan, raw: &Raw) {
    let strangers: Vec<String> = plan
        .targets
        .iter()
        .filter_map(|target| match target {
            Target::Web(url) if !address::is_loopback(url) => Some(address::site_of(url)),
            Target::Web(_) | Target::Folder(_) => None,
        })
        .filter(|host| !raw.my_site.iter().any(|mine| address::without_www(mine) == address::without_www(host)))
        .collect();
    let say = |words: &str| {
        let _ = writeln!(io::stderr(), "idea-audit: {words}");
    };
    plan.list_problems.iter().take(MOST_ROWS_TOLD).for_each(|problem| say(&problem.to_string()));
    if plan.list_problems.len() > MOST_ROWS_TOLD {
        say(&format!("{} more rows of lists; the JSON report names them", plan.list_problems.len() - MOST_ROWS_TOLD));
    }
    if !strangers.is_empty() && raw.contact.is_none() {
        say("nobody can tell who is crawling; add --contact URL or mail, so that site owners can reach you");
    }
    if !strangers.is_empty() && raw.rate.is_some_and(|rate| rate > 1.0) {
        say("--rate above 1 holds for --my-site and loopback hosts only; other hosts are asked once a second at most");
    }
    if raw.insecure == Some(true) {
        say("certificates are not verified; the report says so");
    }
}

fn raw(args: Args) -> Result<Raw, ConfigError> {
    let flag = |set: bool| set.then_some(true);
    Ok(Raw {
        targets: args.targets,
        publish_at: args.publish_at,
        my_site: args.my_site,
        contact: args.contact,
        allow_private: args.allow_private,
        include: args.include,
        exclude: args.exclude,
        include_subdomains: flag(args.include_subdomains),
        no_follow: flag(args.no_follow),
        plan: args.plan,
        max_pages: args.max_pages,
        max_depth: args.max_depth,
        max_time: args.max_time,
        max_bytes: args.max_bytes,
        max_run_time: args.max_run_time,
        max_body: args.max_body,
        max_documents: args.max_documents,
        max_document_bytes: args.max_document_bytes,
        concurrency: args.concurrency,
        rate: args.rate,
        ip_rate: args.ip_rate,
        timeout: args.timeout,
        user_agent: args.user_agent,
        compare_agent: flag(args.compare_agent),
        render: args.render,
        header: args.header,
        cookie: args.cookie,
        auth: args.auth,
        proxy: args.proxy,
        resolve: args.resolve,
        insecure: flag(args.insecure),
        ca_file: args.ca_file,
        no_tls_probe: flag(args.no_tls_probe),
        probe_timeout: args.probe_timeout,
        dns_server: args.dns_server,
        hsts_preload: args.hsts_preload,
        rules: args.rules,
        dotgov: args.dotgov,
        select: args.select,
        skip: args.skip,
        today: args.today,
        policy_as_of: args.policy_as_of,
        fail_on: args.fail_on,
        max_new: args.max_new,
        store: args.store,
        resume: flag(args.resume),
        changed_only: flag(args.changed_only),
        baseline: args.baseline,
        waivers: args.waivers,
        min_coverage: args.min_coverage,
        webhook: args.webhook,
        profile: config::typed(&args.profile)?,
        ..Raw::default()
    })
}

/// True when a person watches standard error.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}
