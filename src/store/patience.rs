//! Waiting for a database that is away.
//!
//! In: a call that may be made again. Out: its answer, or its error when that will not pass, or has not for too long. Invariant: what a call
//! was to write is held until it is written, or the patience is spent. Tested in `tests/it/resume.rs`.

use std::time::{Duration, Instant};

use super::StoreError;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// Makes a call until it succeeds, for so long after the first try; the call has to leave the same behind however often it is made.
///
/// # Errors
/// Those of the call: at once where they will not pass by themselves.
pub async fn patiently<T, F>(most: Duration, mut ask: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let begun = Instant::now();
    loop {
        match ask().await {
            Err(error) if error.may_pass() && begun.elapsed() < most => {
                // paces: the database is away.
                tokio::time::sleep(PAUSE).await;
            }
            answer => return answer,
        }
    }
}
