use super::{Bounds, Refusals, Writer, bounds::Admission};
use crate::{
    audit::{AuditEntry, RefusalEntry},
    clock::Clock,
    policy::Policy,
    store::{
        Applied, Batch, DescriptorNumber, Filter, Found, Imported, ListSource, Readable, Store, StoreError, Walked,
    },
};
use axum::http::{Request, request::Parts};
use core::time::Duration;
use sddl_authz::{
    Caller, Sid,
    http::{CallerSourceError, ResourceSource, ResponseContext},
    mim::{StatusChangePolicy, StatusUpdate, http::Guard},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Instant,
};
use uuid::Uuid;

/// A store without requests, whose audit fails or panics as often as it is told to.
#[derive(Clone, Default)]
struct Audit(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    failures: u32,
    panics: u32,
    entries: Vec<RefusalEntry>,
}

impl Audit {
    fn failing(failures: u32, panics: u32) -> Self {
        let entries = Vec::new();
        Self(Arc::new(Mutex::new(State {
            failures,
            panics,
            entries,
        })))
    }

    /// The refusals with an entry of their own, and those that are counted.
    fn written(&self) -> (usize, u64) {
        let state = self.0.lock().unwrap();
        let mut written = (0, 0);
        for entry in &state.entries {
            match entry {
                RefusalEntry::One(_) => written.0 += 1,
                RefusalEntry::LeftOut(left_out) => written.1 += left_out.count,
            }
        }
        written
    }
}

impl ResourceSource for Audit {
    type Id = Uuid;
    type Resource = String;
    type Error = StoreError;

    async fn load(&self, _: Uuid) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
}

/// It has no requests.
impl ListSource for Audit {
    async fn walk(&self, _: Filter, _: Option<Uuid>, _: usize) -> Result<Walked, StoreError> {
        Ok(Walked::default())
    }

    async fn search(&self, _: Filter, _: Readable, _: Option<Uuid>, _: usize) -> Result<Found, StoreError> {
        Ok(Found::TooMany)
    }

    async fn descriptors(
        &self,
        _: Option<DescriptorNumber>,
        _: usize,
    ) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        Ok(Vec::new())
    }

    async fn texts(&self, _: Vec<DescriptorNumber>) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        Ok(Vec::new())
    }

    async fn rows(&self, _: Arc<[Uuid]>, _: usize, _: usize) -> Result<Vec<Option<String>>, StoreError> {
        Ok(Vec::new())
    }
}

impl Store for Audit {
    async fn apply(&self, _: StatusUpdate, _: AuditEntry) -> Result<Applied, StoreError> {
        Err(StoreError::Gone)
    }

    async fn record(&self, entries: Vec<RefusalEntry>) -> Result<(), StoreError> {
        let panics = {
            let mut state = self.0.lock().unwrap();
            if state.failures > 0 {
                state.failures -= 1;
                return Err(StoreError::Gone);
            }
            let panics = state.panics > 0;
            state.panics = state.panics.saturating_sub(1);
            if !panics {
                state.entries.extend(entries);
            }
            panics
        };
        assert!(!panics, "this store panics");
        Ok(())
    }

    async fn import(&self, _: Batch) -> Result<Imported, StoreError> {
        Ok(Imported::default())
    }

    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

fn account(number: u32) -> Caller {
    let user = Sid::new(5, &[21, 1, 2, 3, number]).unwrap();
    Caller::bare(user).unwrap().with_no_groups()
}

/// Has a guard refuse each of these callers once, before anything is written.
async fn refuse(refusals: &Refusals, store: &Audit, callers: impl IntoIterator<Item = Caller>) {
    let nobody = |_: &Parts| -> Result<Caller, CallerSourceError> { Ok(Caller::anonymous()) };
    let policy = Policy::new(StatusChangePolicy::inferred()).unwrap();
    let rules = Arc::clone(policy.rules());
    let guard = Guard::new(rules, nobody, store.clone()).observer(refusals.observer(policy));
    let (head, ()) = Request::new(()).into_parts();
    for caller in callers {
        let refused = guard.change_as(caller, None, ResponseContext::new(&head)).await;
        assert_eq!(refused.unwrap_err().status(), 403);
    }
}

fn queue() -> (Refusals, Writer) {
    Refusals::new(Clock::System, Bounds::default())
}

#[tokio::test]
async fn refusals_beyond_the_bound_of_their_user_are_counted() {
    let (store, (refusals, writer), start) = (Audit::default(), queue(), Instant::now());
    let callers = (0..500).map(|_| account(1)).chain((0..7).map(|_| account(2)));
    refuse(&refusals, &store, callers).await;
    writer.run(store.clone(), async {}).await;
    // 60 of the first and 7 of the second user, and one more in each second.
    let (one_by_one, counted) = store.written();
    let one_by_one = u64::try_from(one_by_one).unwrap();
    assert!(
        (67..=68 + start.elapsed().as_secs()).contains(&one_by_one),
        "{one_by_one}"
    );
    assert_eq!(one_by_one + counted, 507);
    assert_eq!(refusals.health().left_out(), counted);
    let state = store.0.lock().unwrap();
    let Some(RefusalEntry::LeftOut(left_out)) = state.entries.last() else {
        panic!("the number comes last");
    };
    assert_eq!(left_out.caller.as_ref().unwrap().user(), "S-1-5-21-1-2-3-1");
}

#[tokio::test]
async fn nothing_is_lost_to_a_store_that_fails_or_panics_for_a_while() {
    for (failures, panics) in [(2, 0), (0, 2), (1, 1)] {
        let (store, (refusals, writer)) = (Audit::failing(failures, panics), queue());
        refuse(&refusals, &store, [account(1)]).await;
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(writer.run(store.clone(), async { drop(ended.await) }));
        let start = Instant::now();
        while refusals.health().failures() == 0 {
            tokio::task::yield_now().await;
        }
        assert!(!refusals.health().is_written());
        while !refusals.health().is_written() {
            assert!(start.elapsed() < Duration::from_secs(4), "it goes on");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        refuse(&refusals, &store, (0..25).map(|_| account(2))).await;
        drop(end);
        task.await.unwrap();
        assert_eq!(store.written(), (26, 0), "{failures} failures, {panics} panics");
    }
}

/// A server that ends by an error does not lose what it has refused.
#[tokio::test]
async fn what_waits_is_written_also_if_the_work_fails() {
    let (store, (refusals, writer)) = (Audit::failing(2, 0), queue());
    let work = async {
        refuse(&refusals, &store, (0..25).map(|_| account(1))).await;
        Err::<(), _>("no operator")
    };
    let (done, written) = writer.run_during(store.clone(), work).await;
    assert_eq!(done, Err("no operator"));
    written.unwrap();
    assert_eq!(store.written(), (25, 0));
}

/// Counts the refusals of one user in 60 seconds, one in each millisecond.
#[test]
fn a_user_has_as_many_entries_in_a_minute_and_as_many_at_once() {
    let start = Instant::now();
    let mut admission = Admission::new(Bounds::default(), start);
    let admitted = (0..60_000).filter(|&passed| {
        admission
            .admit(&account(1), start + Duration::from_millis(passed))
            .is_some()
    });
    let admitted = admitted.count();
    assert!(
        (119..=120).contains(&admitted),
        "60 at once and 60 in the minute: {admitted}"
    );
    assert_eq!(
        admission.take_left_out(),
        [(Some(*account(1).user()), 60_000 - u64::try_from(admitted).unwrap())]
    );
    assert_eq!(admission.take_left_out(), []);
}

/// Each refusal is of another user in 30 groups.
#[test]
fn the_bytes_of_all_refusals_are_bounded() {
    let groups: Vec<Sid> = (0..300)
        .map(|group| Sid::new(5, &[21, 1_000_000_001, 1_000_000_002, 1_000_000_003, group]).unwrap())
        .collect();
    let start = Instant::now();
    let mut admission = Admission::new(Bounds::default(), start);
    let (mut bytes, mut entries) = (0, 0);
    for number in 0..2000 {
        let caller = account(number).with_groups(groups.iter().copied()).unwrap();
        let now = start + Duration::from_millis(number.into());
        if let Some((caller, counted)) = admission.admit(&caller, now) {
            assert!(u32::try_from(caller.json().len()).unwrap() < counted);
            bytes += counted;
            entries += 1;
        }
    }
    assert!(
        bytes <= (1 << 20) + 2 * (256 << 10),
        "1 MiB at once and 256 KiB in each of 2 seconds: {bytes}"
    );
    assert!(bytes > 1 << 20, "{bytes}");
    let counted: HashMap<_, _> = admission.take_left_out().into_iter().collect();
    assert_eq!(counted.values().sum::<u64>(), 2000 - entries);
    assert_eq!(counted.len(), 257, "256 users one by one, and the others");
}

/// A caller in 1015 groups, as many as a token of Windows can have.
fn in_many_groups(user: u32) -> Caller {
    let groups = (0..1015).map(|group| Sid::new(5, &[21, 1_000_000_001, 1_000_000_002, 1_000_000_003, group]).unwrap());
    account(user).with_groups(groups).unwrap()
}

/// Nothing is written meanwhile. Each entry has SIDs of more than 40,000 bytes, also where the store has them already.
#[tokio::test]
async fn the_memory_of_refusals_that_wait_is_bounded() {
    let (store, (refusals, writer)) = (Audit::default(), queue());
    let callers = (1..=3).flat_map(|user| core::iter::repeat_n(in_many_groups(user), 40));
    refuse(&refusals, &store, callers).await;
    writer.run(store.clone(), async {}).await;
    let state = store.0.lock().unwrap();
    let sids = state.entries.iter().filter_map(|entry| match entry {
        RefusalEntry::One(entry) => Some(entry.caller.json().len()),
        RefusalEntry::LeftOut(_) => None,
    });
    let bytes: usize = sids.sum();
    assert!((1 << 20..=4 << 20).contains(&bytes), "{bytes}");
    drop(state);
    let (one_by_one, counted) = store.written();
    assert_eq!(u64::try_from(one_by_one).unwrap() + counted, 120, "none is lost");
}

#[test]
fn a_refusal_that_does_not_fit_takes_nothing() {
    let start = Instant::now();
    // The SIDs of the caller never fit, and three entries of callers without groups do.
    let one = account(2);
    let mut free = Admission::new(Bounds::default(), start);
    let bytes = free.admit(&one, start).unwrap().1;
    let bounds = Bounds {
        per_minute: 3,
        bytes_per_second: 0,
        bytes_at_once: 3 * bytes,
        ..Bounds::default()
    };
    let mut admission = Admission::new(bounds, start);
    for _ in 0..10 {
        assert!(admission.admit(&in_many_groups(1), start).is_none());
    }
    // All bytes are there for others, and all entries for the user itself when it comes without these groups.
    let later = start + Duration::from_secs(2);
    for user in [2, 1, 3] {
        assert!(admission.admit(&account(user), later).is_some(), "{user}");
    }
    assert!(admission.admit(&account(4), later).is_none());
    let mut admission = Admission::new(
        Bounds {
            bytes_at_once: 10_000,
            ..bounds
        },
        start,
    );
    for _ in 0..10 {
        assert!(admission.admit(&in_many_groups(1), start).is_none());
    }
    for _ in 0..3 {
        assert!(admission.admit(&account(1), later).is_some());
    }
    assert!(admission.admit(&account(1), later).is_none());
}
