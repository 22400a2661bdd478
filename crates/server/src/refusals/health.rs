use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;

/// Says whether refusals are written to the audit, for `/readyz` and metrics. A clone shares the numbers.
///
/// ```
/// use sddl_authz_server::refusals::AuditHealth;
/// assert!(AuditHealth::default().is_written());
/// ```
#[derive(Clone, Debug, Default)]
pub struct AuditHealth(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    failing: AtomicBool,
    written: AtomicU64,
    left_out: AtomicU64,
    failures: AtomicU64,
}

impl AuditHealth {
    /// Whether the last attempt to write refusals succeeded, and the task that writes them did not end since.
    #[must_use]
    pub fn is_written(&self) -> bool {
        !self.0.failing.load(Ordering::Relaxed)
    }

    /// The number of entries about refusals that were written.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.0.written.load(Ordering::Relaxed)
    }

    /// The number of refusals that were left out, because there were too many.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.0.left_out.load(Ordering::Relaxed)
    }

    /// How often writing failed.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.0.failures.load(Ordering::Relaxed)
    }

    /// Counts entries that were written. Returns whether the attempt before had failed.
    pub(super) fn add_written(&self, entries: usize) -> bool {
        let entries = u64::try_from(entries).unwrap_or(u64::MAX);
        self.0.written.fetch_add(entries, Ordering::Relaxed);
        self.0.failing.swap(false, Ordering::Relaxed)
    }

    pub(super) fn add_left_out(&self, refusals: u64) {
        self.0.left_out.fetch_add(refusals, Ordering::Relaxed);
    }

    /// Counts a failure. Returns whether the attempt before had failed, too.
    pub(super) fn add_failure(&self) -> bool {
        self.0.failures.fetch_add(1, Ordering::Relaxed);
        self.0.failing.swap(true, Ordering::Relaxed)
    }
}
