//! The parent's side: a few children, each busy with one request at a time.
//!
//! In: how to start a child, how many, how long a request may take; requests from any thread. Out: answers, or what became of a
//! request. Invariants: at most `most` children live; a child that was late or died is gone before its place is given on.
//! Tested below.

use std::io;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::frame;
use super::serve::WELL;

/// How a child is started.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable: this very program, unless a test says otherwise.
    pub path: PathBuf,
    /// Its arguments: a hidden subcommand.
    pub arguments: Vec<String>,
}

impl Program {
    /// This executable with a subcommand.
    ///
    /// # Errors
    /// When the system does not say where this executable is.
    pub fn this(subcommand: &str) -> io::Result<Self> {
        Ok(Self { path: std::env::current_exe()?, arguments: vec![subcommand.to_string()] })
    }
}

/// What became of a request that got no answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Lost {
    /// It took longer than the clock allows.
    Late,
    /// The child died over it: out of memory or stack, for two.
    Died,
    /// The child panicked over it and lives.
    Stumbled,
    /// No child could be started.
    Unstarted(String),
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Late => f.write_str("it took too long"),
            Self::Died => f.write_str("it took more memory than is given, or crashed its reader"),
            Self::Stumbled => f.write_str("its reader stumbled"),
            Self::Unstarted(why) => write!(f, "no reader could be started: {why}"),
        }
    }
}

/// Children that wait for requests.
#[derive(Debug)]
pub struct Pool {
    program: Program,
    clock: Duration,
    most: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Worker>,
    living: usize,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Receiver<Vec<u8>>,
}

impl Pool {
    /// A pool that starts children when they are first wanted: at most `most`, each request within `clock`.
    pub fn of(program: Program, most: usize, clock: Duration) -> Self {
        Self { program, clock, most: most.max(1), state: Mutex::default(), freed: Condvar::new() }
    }

    /// Asks a child; waits for a free one. Blocks, so it belongs on a thread that may wait.
    ///
    /// # Errors
    /// What became of the request.
    pub fn ask(&self, request: &[u8]) -> Result<Vec<u8>, Lost> {
        let worker = self.take();
        let worker = match worker {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.program).map_err(|error| Lost::Unstarted(error.to_string())),
        };
        let asked = worker.map(|mut worker| {
            let answered = worker.ask(request, self.clock);
            (worker, answered)
        });
        match asked {
            Ok((worker, answered @ (Ok(_) | Err(Lost::Stumbled)))) => {
                self.give_back(Some(worker));
                answered
            }
            Ok((worker, Err(lost))) => {
                drop(worker);
                self.give_back(None);
                Err(lost)
            }
            Err(lost) => {
                self.give_back(None);
                Err(lost)
            }
        }
    }

    /// A child that waits, or leave to start one (`None`).
    fn take(&self) -> Option<Worker> {
        let mut state = self.state();
        loop {
            if let Some(worker) = state.idle.pop() {
                return Some(worker);
            }
            if state.living < self.most {
                state.living += 1;
                return None;
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, worker: Option<Worker>) {
        let mut state = self.state();
        match worker {
            Some(worker) => state.idle.push(worker),
            None => state.living -= 1,
        }
        drop(state);
        self.freed.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    fn start(program: &Program) -> io::Result<Self> {
        let mut child = Command::new(&program.path)
            .args(&program.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let requests = child.stdin.take();
        let mut from = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let (to, answers) = channel();
        // A thread reads, because a pipe has no time-out; it ends with the child.
        thread::spawn(move || {
            while let Ok(Some(answer)) = frame::read(&mut from) {
                if to.send(answer).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, requests, answers })
    }

    fn ask(&mut self, request: &[u8], clock: Duration) -> Result<Vec<u8>, Lost> {
        let to = self.requests.as_mut().ok_or(Lost::Died)?;
        frame::write(to, request).map_err(|_| Lost::Died)?;
        let mut answer = self.answers.recv_timeout(clock).map_err(|error| match error {
            RecvTimeoutError::Timeout => Lost::Late,
            RecvTimeoutError::Disconnected => Lost::Died,
        })?;
        match answer.first() {
            Some(&WELL) => {
                answer.remove(0);
                Ok(answer)
            }
            Some(_) | None => Err(Lost::Stumbled),
        }
    }
}

impl Drop for Worker {
    /// A child that waits ends when its input does; one that is busy is killed. It is waited for, so that none stays behind.
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(path: &str, arguments: &[&str], clock: Duration) -> Pool {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Pool::of(Program { path: path.into(), arguments }, 2, clock)
    }

    #[test]
    fn what_a_child_sends_back_is_the_answer_and_a_child_that_dies_or_hangs_costs_its_request_only() {
        let minute = Duration::from_secs(60);
        // `cat` sends the request back: its first octet says how answering went.
        let echo = pool("/bin/cat", &[], minute);
        for _ in 0..3 {
            assert_eq!(echo.ask(b"\0well"), Ok(b"well".to_vec()));
            assert_eq!(echo.ask(b"\x01"), Err(Lost::Stumbled));
        }
        assert_eq!(echo.state().living, 1, "one child served them all");
        let dead = pool("/bin/false", &[], minute);
        assert_eq!([dead.ask(b"a"), dead.ask(b"b")], [Err(Lost::Died), Err(Lost::Died)]);
        let mute = pool("/bin/sh", &["-c", "read nothing; exec /bin/cat >&2"], Duration::from_millis(20));
        assert_eq!([mute.ask(b"a"), mute.ask(b"b")], [Err(Lost::Late), Err(Lost::Late)]);
        let none = pool("/no/such/program", &[], minute);
        assert!(matches!(none.ask(b"a"), Err(Lost::Unstarted(_))));
        assert_eq!([dead.state().living, mute.state().living, none.state().living], [0, 0, 0]);
    }
}
