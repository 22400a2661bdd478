//! The issuer's keys as they were loaded last.

use super::{
    fault::Fault,
    keys::KeySet,
    source::{KeySource, SourceError},
};
use core::time::Duration;
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
        }
    }

    /// Loads the keys. Those that were loaded before are kept if that fails.
    ///
    /// # Errors
    ///
    /// Fails if the source can't be read, or has no key.
    pub async fn load(&self) -> Result<(), SourceError> {
        let set = self.source.load().await?;
        tracing::info!(target: "sddl_authz::serve", source = %self.source, keys = set.len(), "the issuer's keys were loaded");
        let loaded = Loaded {
            set: Arc::new(set),
            at: Instant::now(),
        };
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some(loaded);
        Ok(())
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

    /// Returns the keys that may have signed a token with this header. Loads keys if none of them is known.
    pub(super) async fn matching(
        self: &Arc<Self>,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Vec<DecodingKey>, Fault> {
        if let Some(set) = self.usable() {
            let keys = set.matching(id, algorithm);
            if !keys.is_empty() {
                return Ok(keys);
            }
        }
        // In a task of its own, so that a client that goes away does not end it.
        let keys = Arc::clone(self);
        let _ = tokio::spawn(async move { keys.load_for_request().await }).await;
        let Some(set) = self.usable() else {
            return Err(Fault::NotReady("there is no key of the issuer".to_owned()));
        };
        let keys = set.matching(id, algorithm);
        if keys.is_empty() {
            return Err(Fault::invalid(
                "the key is unknown",
                id.unwrap_or("the token names none"),
            ));
        }
        Ok(keys)
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
