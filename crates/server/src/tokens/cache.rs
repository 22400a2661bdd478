//! The issuer's keys as they were loaded last.

use super::{
    fault::Fault,
    keys::{KeySet, KeySetError},
    source::{KeySource, SourceError},
};
use core::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

/// The least time between two loads that requests cause.
const PAUSE: Duration = Duration::from_secs(60);
/// The age at which keys are loaded anew, so that a key that was withdrawn does not count any more.
const FRESH: Duration = Duration::from_secs(3600);
/// The age at which keys do not count any more, if they could not be loaded anew.
const MOST_AGE: Duration = Duration::from_secs(24 * 3600);

/// The keys of an issuer. They are loaded at the start, each hour, and when a token names a key that is not among them, but for such
/// tokens at most once a minute.
#[derive(Debug)]
pub struct Keys {
    source: KeySource,
    loaded: RwLock<Option<Loaded>>,
    /// The time of the last load that a request caused. Requests wait here for a load that is under way.
    asked: Mutex<Option<Instant>>,
    successes: AtomicU64,
    failures: AtomicU64,
}

#[derive(Clone, Debug)]
struct Loaded {
    set: Arc<KeySet>,
    at: Instant,
}

impl Keys {
    /// Keeps the keys of a source, which are not loaded yet.
    #[must_use]
    pub fn new(source: KeySource) -> Self {
        Self {
            source,
            loaded: RwLock::new(None),
            asked: Mutex::new(None),
            successes: AtomicU64::new(0),
            failures: AtomicU64::new(0),
        }
    }

    /// Returns how long ago the keys were loaded, if any count.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        self.last().map(|loaded| loaded.at.elapsed())
    }

    /// Returns how often keys were loaded, and how often that failed.
    #[must_use]
    pub fn loads(&self) -> (u64, u64) {
        (
            self.successes.load(Ordering::Relaxed),
            self.failures.load(Ordering::Relaxed),
        )
    }

    /// Loads the keys. If the source can't be read, or has no set of keys, the keys that were loaded before are kept. If it has a set
    /// without a usable key, or with too many keys, the keys that were loaded before are dropped.
    ///
    /// # Errors
    ///
    /// Fails if the source can't be read, has no set of keys, or one that can't be used.
    pub async fn load(&self) -> Result<(), SourceError> {
        match self.source.load().await {
            Ok(set) => {
                tracing::info!(target: "sddl_authz::serve", source = %self.source, keys = set.len(), "the issuer's keys were loaded");
                let (set, at) = (Arc::new(set), Instant::now());
                self.replace(Some(Loaded { set, at }));
                self.successes.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                if let SourceError::Content(KeySetError::Empty | KeySetError::TooMany) = error {
                    self.replace(None);
                }
                Err(error)
            }
        }
    }

    fn replace(&self, loaded: Option<Loaded>) {
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
    }

    /// Loads the keys anew each hour, for ever.
    pub async fn keep_fresh(self: Arc<Self>) {
        loop {
            let at = self.last().map_or_else(Instant::now, |loaded| loaded.at);
            let now = Instant::now();
            let due = at.checked_add(FRESH).unwrap_or(now);
            let least = now.checked_add(PAUSE).unwrap_or(now);
            sleep_until(due.max(least)).await;
            self.load_or_warn().await;
        }
    }

    /// Returns the keys that may have signed a token with this header. Loads keys if there is none, and if none has this name.
    pub(super) async fn matching(
        self: &Arc<Self>,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Vec<DecodingKey>, Fault> {
        if let Some(set) = self.usable().filter(|set| set.knows(id)) {
            return chosen(&set, id, algorithm);
        }
        // In a task of its own, so that a client that goes away does not end it.
        let keys = Arc::clone(self);
        let _ = tokio::spawn(async move { keys.load_for_request().await }).await;
        let Some(set) = self.usable() else {
            return Err(Fault::NotReady("there is no key of the issuer".to_owned()));
        };
        chosen(&set, id, algorithm)
    }

    async fn load_for_request(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        *asked = Some(Instant::now());
        self.load_or_warn().await;
    }

    async fn load_or_warn(&self) {
        if let Err(error) = self.load().await {
            tracing::warn!(target: "sddl_authz::serve", source = %self.source, %error, "the issuer's keys were not loaded");
        }
    }

    fn last(&self) -> Option<Loaded> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys, unless they are too old.
    fn usable(&self) -> Option<Arc<KeySet>> {
        let loaded = self.last().filter(|loaded| loaded.at.elapsed() < MOST_AGE);
        loaded.map(|loaded| loaded.set)
    }
}

/// Returns the keys of a set that may have signed a token with this header.
fn chosen(set: &KeySet, id: Option<&str>, algorithm: Algorithm) -> Result<Vec<DecodingKey>, Fault> {
    let keys = set.matching(id, algorithm);
    if keys.is_empty() {
        let detail = id.unwrap_or("the token names none");
        return Err(Fault::invalid("the key is unknown", detail));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::{FRESH, KeySet, KeySource, Keys, MOST_AGE, PAUSE};
    use crate::tokens::Fault;
    use core::time::Duration;
    use jsonwebtoken::Algorithm;
    use std::{path::PathBuf, sync::Arc};
    use tokio::time::{advance, sleep};

    /// A file with one key, which goes with the test.
    struct Published(PathBuf);

    impl Published {
        fn new(name: &str) -> Self {
            let name = format!("sddl-authz-keys-{}-{name}", std::process::id());
            let published = Self(std::env::temp_dir().join(name));
            published.publish("first");
            published
        }

        /// The key is no good one, but nothing is verified here.
        fn publish(&self, id: &str) {
            let set = format!(r#"{{"keys":[{{"kty":"RSA","kid":"{id}","n":"AQAB","e":"AQAB"}}]}}"#);
            std::fs::write(&self.0, set).unwrap();
        }

        fn keys(&self) -> Arc<Keys> {
            Arc::new(Keys::new(KeySource::File(self.0.clone())))
        }
    }

    impl Drop for Published {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    async fn has(keys: &Arc<Keys>, id: &str) -> bool {
        keys.matching(Some(id), Algorithm::RS256).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn an_unknown_key_is_looked_for_once_a_minute() {
        let published = Published::new("unknown");
        let keys = published.keys();
        keys.load().await.unwrap();
        assert!(has(&keys, "first").await && !has(&keys, "second").await);
        published.publish("second");
        assert!(!has(&keys, "second").await, "within a minute");
        advance(PAUSE).await;
        assert!(has(&keys, "second").await);
    }

    /// A token of a known key with another algorithm does not use up the load of this minute.
    #[tokio::test(start_paused = true)]
    async fn keys_are_not_looked_for_if_one_has_the_name() {
        let published = Published::new("algorithm");
        let keys = published.keys();
        keys.load().await.unwrap();
        for id in [Some("first"), None] {
            let refused = keys.matching(id, Algorithm::ES256).await;
            assert!(matches!(refused, Err(Fault::Invalid { .. })), "{id:?}");
        }
        published.publish("second");
        assert!(has(&keys, "second").await);
    }

    #[tokio::test(start_paused = true)]
    async fn keys_that_can_t_be_renewed_count_for_a_day() {
        let published = Published::new("old");
        let keys = published.keys();
        keys.load().await.unwrap();
        std::fs::remove_file(&published.0).unwrap();
        advance(MOST_AGE - Duration::from_secs(1)).await;
        assert!(has(&keys, "first").await);
        advance(Duration::from_secs(1)).await;
        let answer = keys.matching(Some("first"), Algorithm::RS256).await;
        assert!(matches!(answer, Err(Fault::NotReady(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn keys_that_the_issuer_withdrew_do_not_count() {
        let encrypts = r#"{"keys":[{"kty":"RSA","kid":"first","use":"enc","n":"AQAB","e":"AQAB"}]}"#;
        let too_many = format!(r#"{{"keys":[{}{{}}]}}"#, "{},".repeat(100));
        for (name, withdrawn) in [("no", r#"{"keys":[]}"#), ("enc", encrypts), ("many", &too_many)] {
            let published = Published::new(name);
            let keys = published.keys();
            keys.load().await.unwrap();
            // An answer that is not a set of keys withdraws no key.
            for unreadable in ["", "{}", "<html>"] {
                std::fs::write(&published.0, unreadable).unwrap();
                assert!(keys.load().await.is_err());
                assert!(has(&keys, "first").await, "{unreadable}");
            }
            std::fs::write(&published.0, withdrawn).unwrap();
            assert!(keys.load().await.is_err());
            let answer = keys.matching(Some("first"), Algorithm::RS256).await;
            assert!(matches!(answer, Err(Fault::NotReady(_))), "{name}: {answer:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn keys_are_renewed_each_hour() {
        let published = Published::new("fresh");
        let keys = published.keys();
        keys.load().await.unwrap();
        let renewing = tokio::spawn(Arc::clone(&keys).keep_fresh());
        published.publish("second");
        sleep(FRESH - Duration::from_secs(1)).await;
        assert!(has(&keys, "first").await);
        sleep(Duration::from_secs(2)).await;
        // Reading the file takes a thread of its own, and no time of this clock.
        let is_old = |set: Arc<KeySet>| set.matching(Some("second"), Algorithm::RS256).is_empty();
        while keys.usable().is_none_or(is_old) {
            sleep(Duration::from_millis(1)).await;
        }
        assert!(!has(&keys, "first").await, "a key that was withdrawn");
        renewing.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_load_there_is_no_key() {
        let published = Published::new("none");
        std::fs::remove_file(&published.0).unwrap();
        let keys = published.keys();
        assert!(matches!(
            keys.matching(None, Algorithm::RS256).await,
            Err(Fault::NotReady(_))
        ));
        published.publish("first");
        assert!(!has(&keys, "first").await, "within a minute");
        advance(PAUSE).await;
        assert!(has(&keys, "first").await);
    }
}
