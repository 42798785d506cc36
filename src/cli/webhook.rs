//! The last thing of a run: the summary for `--webhook`.
//!
//! In: a hook, the report, the exit code. Out: one delivery, and words on standard error when it failed. Invariant: the exit code
//! stays what the run came to. Tested in `tests/it/notify.rs`.

use std::io::{self, Write};

use super::exit::Exit;
use super::progress::Talk;
use crate::crawl::Settings;
use crate::notify::{Ending, Gathered, Hook, Summary};
use crate::report::Report;
use crate::store::{Place, Store, StoreError};

/// Sends the summary, where somebody asked for one.
pub(super) fn tell(hook: Option<&Hook>, settings: &Settings, report: &Report, exit: Exit, talk: Talk) {
    let Some(hook) = hook else { return };
    let octets = Summary::of(report, ending(exit)).octets();
    deliver(hook, settings, &report.run.id, octets, talk);
}

/// Sends the summary of a run whose rows stay in its store, site by site put together.
pub(super) fn tell_of_store(hook: &Hook, settings: &Settings, place: &Place, run: &str, exit: Exit, talk: Talk) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return say(&format!("--webhook: the summary could not be made: {error}")),
    };
    match runtime.block_on(gathered(place, run)) {
        Ok((report, gathered)) => {
            let octets = Summary::gathered(&report, gathered, ending(exit)).octets();
            deliver(hook, settings, &report.run.id, octets, talk);
        }
        Err(error) => say(&format!("--webhook: the summary could not be made: {error}")),
    }
}

/// The numbers of a run, and what its sites have to say to them.
async fn gathered(place: &Place, run: &str) -> Result<(Report, Gathered), StoreError> {
    let store = Store::open_existing(place).await?;
    let run = store.run(run).await?.id;
    let mut gathered = Gathered::default();
    store.each_site(run, |report| gathered.add(report)).await?;
    let report = store.summary(run).await?;
    store.close().await;
    Ok((report, gathered))
}

fn say(words: &str) {
    let _ = writeln!(io::stderr(), "idea-audit: {words}");
}

fn deliver(hook: &Hook, settings: &Settings, id: &str, octets: Vec<u8>, talk: Talk) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.map(|runtime| {
        let outcome = runtime.block_on(hook.deliver(id, octets.into(), settings));
        // A look-up of a dead name may still be waiting on the system; nobody needs its answer.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(Ok(_)) if hook.secret.is_none() && talk != Talk::Quiet => {
            say(
                "the summary for --webhook went out unsigned; set IDEA_AUDIT_WEBHOOK_SECRET so that its receiver can tell whose it is",
            );
        }
        Ok(Ok(_)) => {}
        Ok(Err(undelivered)) => say(&format!("--webhook: {undelivered}; results and exit code stay as they are")),
        Err(error) => say(&format!("--webhook: the summary could not be sent: {error}")),
    }
}

fn ending(exit: Exit) -> Ending {
    match exit {
        Exit::Fine => Ending { code: 0, means: "fine" },
        Exit::Findings => Ending { code: 1, means: "findings" },
        Exit::Usage => Ending { code: 2, means: "usage" },
        Exit::Unseen => Ending { code: 3, means: "unseen" },
    }
}
