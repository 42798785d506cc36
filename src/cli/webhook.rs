//! The last thing of a run: the summary for `--webhook`.
//!
//! In: a hook, the report, the exit code. Out: one delivery, and words on standard error when it failed. Invariant: the exit code
//! stays what the run came to. Tested in `tests/it/notify.rs`.

use std::io::{self, Write};

use super::exit::Exit;
use super::progress::Talk;
use crate::crawl::Settings;
use crate::notify::{Ending, Hook, Summary};
use crate::report::Report;

/// Sends the summary, where somebody asked for one.
pub(super) fn tell(hook: Option<&Hook>, settings: &Settings, report: &Report, exit: Exit, talk: Talk) {
    let Some(hook) = hook else { return };
    let say = |words: &str| {
        let _ = writeln!(io::stderr(), "idea-audit: {words}");
    };
    let octets = Summary::of(report, ending(exit)).octets();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.map(|runtime| {
        let outcome = runtime.block_on(hook.deliver(&report.run.id, octets.into(), settings));
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
