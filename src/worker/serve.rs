//! The child's side: requests on standard input, answers on standard output.
//!
//! In: bounds and a function that answers. Out: nothing but the answers. Each answer begins with one octet, [`WELL`] or
//! [`STUMBLED`]. Invariants: a request that panics is answered as such and the next one is served; the process ends when its
//! standard input does, whatever it is busy with. Tested through the
//! subcommands that serve.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::thread;

use super::frame;

/// The first octet of an answer.
pub(super) const WELL: u8 = 0;
/// The first octet of a message that says that answering panicked.
pub(super) const STUMBLED: u8 = 1;

/// What a child may use.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Octets of address space; an allocation beyond ends the process.
    pub memory: u64,
    /// Octets of stack for the thread that answers.
    pub stack: usize,
}

/// Answers requests until standard input ends.
///
/// # Errors
/// When the limits cannot be set, a request is broken or standard output is closed.
pub fn serve(bounds: Bounds, answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> io::Result<()> {
    limit(bounds.memory)?;
    // Nobody reads what a panic says here: the parent tells which request it was.
    std::panic::set_hook(Box::new(|_| {}));
    let (requests, inbox) = channel::<Vec<u8>>();
    let (outbox, answers) = channel::<Vec<u8>>();
    thread::Builder::new().stack_size(bounds.stack).spawn(move || {
        for request in inbox {
            let answered = catch_unwind(AssertUnwindSafe(|| answer(&request)));
            let message = match answered {
                Ok(answer) => [&[WELL], &answer[..]].concat(),
                Err(_) => vec![STUMBLED],
            };
            if outbox.send(message).is_err() {
                return;
            }
        }
    })?;
    thread::spawn(move || {
        let mut to = io::stdout().lock();
        for answer in answers {
            if frame::write(&mut to, &answer).is_err() {
                std::process::exit(1);
            }
        }
    });
    // This thread only listens, so that the end of the parent ends the process also in the middle of an answer.
    let mut from = io::stdin().lock();
    while let Some(request) = frame::read(&mut from)? {
        if requests.send(request).is_err() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
    }
    Ok(())
}

/// Bounds the memory of this process, and leaves no core file behind.
#[cfg(unix)]
fn limit(memory: u64) -> io::Result<()> {
    let (_, hard) = rlimit::Resource::AS.get()?;
    let most = memory.min(hard);
    // macOS knows this limit and does not keep it; there the clock alone holds a child.
    let set = rlimit::Resource::AS.set(most, hard);
    if cfg!(target_os = "linux") {
        set?;
    }
    rlimit::Resource::CORE.set(0, 0)
}

/// No such limits exist here; the parent's clock alone holds a child.
#[cfg(not(unix))]
fn limit(_memory: u64) -> io::Result<()> {
    Ok(())
}
