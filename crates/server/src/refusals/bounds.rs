//! The bounds of the refusals that get an entry of their own, so that nobody fills the audit by being refused.

use crate::audit::AuditedCaller;
use core::{num::NonZeroUsize, time::Duration};
use lru::LruCache;
use sddl_authz::{Caller, Sid};
use std::time::Instant;

/// The most refusals that get an entry of their own. Those beyond are counted.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The most refusals of one user at once. Each minute allows as many again.
    pub per_minute: u32,
    /// The most bytes of all refusals in a second, in the long run.
    pub bytes_per_second: u32,
    /// The most bytes of all refusals at once.
    pub bytes_at_once: u32,
    /// The time after which the refusals beyond are reported.
    pub interval: Duration,
}

impl Default for Bounds {
    /// Returns 60 refusals of a user at once and 60 more in each minute; 1 MiB of all users at once and 256 KiB more in each second;
    /// a report each 10 seconds.
    fn default() -> Self {
        Self {
            per_minute: 60,
            bytes_per_second: 256 << 10,
            bytes_at_once: 1 << 20,
            interval: Duration::from_secs(10),
        }
    }
}

/// The most users that are counted one by one. The one that was not refused for the longest time makes room.
const USERS: NonZeroUsize = match NonZeroUsize::new(4096) {
    Some(users) => users,
    None => NonZeroUsize::MIN,
};
/// The most users that are reported one by one. The others are reported in one number.
const REPORTED: usize = 256;
/// The bytes of an entry besides the SIDs of its caller, and more.
pub(super) const ENTRY: u32 = 256;

/// The time after which the SIDs of a caller are written down again, if they did not fit.
const REST: Duration = Duration::from_secs(1);

/// A supply that is used up and refilled at a constant rate.
#[derive(Debug)]
struct Bucket {
    left: f64,
    filled: Instant,
}

impl Bucket {
    /// Adds what came since the last time. Returns whether this number is there.
    fn has(&mut self, number: f64, capacity: f64, per_second: f64, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = passed.mul_add(per_second, self.left).min(capacity);
        self.filled = now;
        self.left >= number
    }

    /// Takes a number that is there.
    fn take(&mut self, number: f64) {
        self.left -= number;
    }
}

/// The users that were refused lately, and the refusals that were only counted.
#[derive(Debug)]
pub(super) struct Admission {
    bounds: Bounds,
    users: LruCache<Sid, User>,
    bytes: Bucket,
    /// The refusals of users that made room for others.
    others: u64,
}

#[derive(Debug)]
struct User {
    bucket: Bucket,
    /// The digest of the caller of the last entry. The store has its SIDs already.
    stored: Option<[u8; 32]>,
    /// When the SIDs of a caller did not fit. They are not written down again for a while.
    did_not_fit: Option<Instant>,
    left_out: u64,
}

impl Admission {
    pub(super) fn new(bounds: Bounds, now: Instant) -> Self {
        Self {
            bounds,
            users: LruCache::new(USERS),
            bytes: Bucket {
                left: bounds.bytes_at_once.into(),
                filled: now,
            },
            others: 0,
        }
    }

    /// Returns the caller of an entry for a refusal, and the bytes that the entry takes in memory. Returns nothing if the refusal is only
    /// counted; it then takes nothing from the bounds.
    pub(super) fn admit(&mut self, caller: &Caller, now: Instant) -> Option<(AuditedCaller, u32)> {
        let capacity: f64 = self.bounds.per_minute.into();
        let (at_once, per_second) = (self.bounds.bytes_at_once.into(), self.bounds.bytes_per_second.into());
        if self.users.peek(caller.user()).is_none() {
            let bucket = Bucket {
                left: capacity,
                filled: now,
            };
            let new = User {
                bucket,
                stored: None,
                did_not_fit: None,
                left_out: 0,
            };
            if let Some((_, gone)) = self.users.push(*caller.user(), new) {
                self.others = self.others.saturating_add(gone.left_out);
            }
        }
        let user = self.users.get_mut(caller.user())?;
        // A user who is refused again and again costs no more work than this.
        let rests = |at| now.saturating_duration_since(at) < REST;
        let may_fit = !user.did_not_fit.is_some_and(rests)
            && user.bucket.has(1.0, capacity, capacity / 60.0, now)
            && self.bytes.has(ENTRY.into(), at_once, per_second, now);
        if !may_fit {
            user.left_out = user.left_out.saturating_add(1);
            return None;
        }
        let caller = AuditedCaller::new(caller);
        let in_memory = u32::try_from(caller.json().len()).map_or(u32::MAX, |sids| sids.saturating_add(ENTRY));
        // The store keeps the SIDs once.
        let is_stored = user.stored == Some(*caller.digest());
        let bytes: f64 = if is_stored { ENTRY } else { in_memory }.into();
        if !self.bytes.has(bytes, at_once, per_second, now) {
            user.did_not_fit = Some(now);
            user.left_out = user.left_out.saturating_add(1);
            return None;
        }
        self.bytes.take(bytes);
        user.bucket.take(1.0);
        user.stored = Some(*caller.digest());
        user.did_not_fit = None;
        Some((caller, in_memory))
    }

    /// Counts a refusal whose entry could not be queued.
    pub(super) fn leave_out(&mut self, user: &Sid) {
        match self.users.get_mut(user) {
            Some(user) => {
                user.left_out = user.left_out.saturating_add(1);
                user.stored = None;
            }
            None => self.others = self.others.saturating_add(1),
        }
    }

    /// Takes the numbers of refusals that were only counted: each with its user, and at last those of other users.
    pub(super) fn take_left_out(&mut self) -> Vec<(Option<Sid>, u64)> {
        let counted = self.users.iter_mut().filter(|(_, user)| user.left_out > 0);
        let mut counts: Vec<(Option<Sid>, u64)> = counted
            .map(|(sid, user)| (Some(*sid), core::mem::take(&mut user.left_out)))
            .collect();
        counts.sort_by_key(|(_, count)| core::cmp::Reverse(*count));
        let rest = counts.split_off(counts.len().min(REPORTED));
        let rest = rest.into_iter().map(|(_, count)| count);
        let others = rest.fold(core::mem::take(&mut self.others), u64::saturating_add);
        if others > 0 {
            counts.push((None, others));
        }
        counts
    }
}
