//! The threads that judge the pages of an audit that measures none: as many as there are cores.
//!
//! In: work. Out: its result, or what it stumbled over. Invariants: no more is done at once than there are cores, since more would only take
//! more memory: a document takes some fifty times its page, and each thread keeps what it frees for itself; work that nobody waits for any more is
//! not done. Never: waits for a child process, which would keep the others waiting. Tested below.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Something to do.
type Work = Box<dyn FnOnce() + Send>;

/// The threads; they end when the last of these is dropped and the work is done.
#[derive(Clone, Debug)]
pub(super) struct Cores(Sender<Work>);

impl Cores {
    /// A thread for each core; `None` where the system has no thread left.
    pub(super) fn begin() -> Option<Self> {
        let (give, take) = channel::<Work>();
        let take = Arc::new(Mutex::new(take));
        let begun = (0..number()).filter(|core| {
            let take = take.clone();
            std::thread::Builder::new().name(format!("judge {core}")).spawn(move || work(&take)).is_ok()
        });
        (begun.count() > 0).then_some(Self(give))
    }

    /// Has one of them do something.
    ///
    /// # Errors
    /// What it stumbled over.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Box<dyn Any + Send>> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let work = move || {
            if !tell.is_closed() {
                drop(tell.send(catch_unwind(AssertUnwindSafe(work))));
            }
        };
        self.0.send(Box::new(work)).expect("the threads last as long as somebody may send");
        told.await.expect("what is taken up is done, and told")
    }
}

/// How many cores there are, as far as the system says.
pub(super) fn number() -> usize {
    static NUMBER: LazyLock<usize> =
        LazyLock::new(|| std::thread::available_parallelism().map_or(2, std::num::NonZero::get));
    *NUMBER
}

fn work(take: &Mutex<Receiver<Work>>) {
    loop {
        let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        work();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn no_more_is_done_at_once_than_there_are_cores_and_a_stumble_harms_nobody() {
        let cores = Cores::begin().expect("there are threads");
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let each = (0..40).map(|number| {
            let (cores, now, most) = (cores.clone(), now.clone(), most.clone());
            async move {
                let done = cores.run(move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(1));
                    now.fetch_sub(1, Ordering::SeqCst);
                    assert!(number % 10 != 3, "over {number}");
                    number
                });
                done.await.ok()
            }
        });
        let done = futures_util::future::join_all(each).await;
        assert_eq!(done.iter().flatten().count(), 36);
        assert!(most.load(Ordering::SeqCst) <= number());
    }
}
