//! Checks for `/readyz` whether the store is ready.

use crate::store::Store;
use core::time::Duration;
use std::{sync::Arc, time::Instant};
use tokio::sync::Mutex;

/// How long the result of a check is told.
const TIME: Duration = Duration::from_secs(1);

/// Checks a store, one check at a time, and tells the result to all who ask within a second. A clone shares the result.
///
/// A check writes to the disk, and everybody may ask for one. So many who ask must not cost many checks.
///
/// ```
/// use sddl_authz_server::{readiness::Readiness, sqlite::Sqlite};
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let (readiness, store) = (Readiness::default(), Sqlite::in_memory()?);
/// assert!(readiness.of(&store).await);
/// // A check writes, so it is seen in the transactions. The next one who asks is told its result.
/// let transactions = store.committed().0;
/// assert!(readiness.of(&store).await);
/// assert_eq!(store.committed().0, transactions);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<(Instant, bool)>>>);

impl Readiness {
    /// Returns whether the store can be read and written. The reason why not is in the log.
    pub async fn of<S: Store>(&self, store: &S) -> bool {
        let mut last = Arc::clone(&self.0).lock_owned().await;
        if let Some((checked, is_ready)) = *last
            && checked.elapsed() < TIME
        {
            return is_ready;
        }
        let store = store.clone();
        // Goes on if the client leaves. Otherwise each of many that leave would cost a check.
        let check = tokio::spawn(async move {
            let checked = store.ready().await;
            if let Err(error) = &checked {
                tracing::error!(target: "sddl_authz::serve", %error, "/readyz answers 503: the store can't be read or written");
            }
            *last = Some((Instant::now(), checked.is_ok()));
            checked.is_ok()
        });
        check.await.unwrap_or(false)
    }
}
