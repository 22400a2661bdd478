//! Guards for policies.

use sddl_authz::mim::http::Guard;
use sddl_authz_server::{
    identity::Trust, log::note, metrics::Metrics, policy::Policy, refusals::Refusals, sqlite::Sqlite,
};
use std::sync::Arc;

/// All that a guard needs but its policy.
#[derive(Debug)]
pub(crate) struct Decider {
    pub(crate) trust: Trust,
    pub(crate) store: Sqlite,
    pub(crate) refusals: Refusals,
    pub(crate) metrics: Metrics,
}

impl Decider {
    /// Returns a guard that decides by this policy. Its refusals are audited with this policy's digest.
    pub(crate) fn guard(&self, policy: &Policy) -> Guard<Trust, Sqlite> {
        let (audit, metrics) = (self.refusals.observer(policy.clone()), self.metrics.clone());
        let rules = Arc::clone(policy.rules());
        Guard::new(rules, self.trust.clone(), self.store.clone()).observer(move |event| {
            note(event);
            audit(event);
            metrics.decided(event);
        })
    }
}
