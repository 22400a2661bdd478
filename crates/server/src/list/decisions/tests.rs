use super::{Cache, Decisions, Key, Undecidable};
use crate::{
    random::Random,
    store::{DescriptorNumber, Filter, Found, ListSource, Readable, StoreError, Walked},
};
use core::num::NonZeroUsize;
use sddl_authz::{
    Caller, Claim, Sid,
    caller::Privileges,
    mim::{PolicyRules, StatusChangePolicy},
};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const USER: &str = "S-1-5-21-1-2-3-7";
const GROUP: &str = "S-1-5-21-1-2-3-8";

/// A store that has descriptors alone; their numbers count from 1.
struct Texts(Vec<String>);

impl ListSource for Texts {
    async fn walk(&self, _: Filter, _: Option<Uuid>, _: usize) -> Result<Walked, StoreError> {
        Ok(Walked::default())
    }

    async fn search(&self, _: Filter, _: Readable, _: Option<Uuid>, _: usize) -> Result<Found, StoreError> {
        Ok(Found::TooMany)
    }

    async fn descriptors(
        &self,
        after: Option<DescriptorNumber>,
        limit: usize,
    ) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        let numbered = (1..).map(DescriptorNumber).zip(self.0.iter().cloned());
        Ok(numbered
            .filter(|(number, _)| Some(*number) > after)
            .take(limit)
            .collect())
    }

    async fn texts(&self, numbers: Vec<DescriptorNumber>) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        let mut all = self.descriptors(None, usize::MAX).await?;
        all.retain(|(number, _)| numbers.contains(number));
        Ok(all)
    }

    async fn rows(&self, _: Arc<[Uuid]>, _: usize, _: usize) -> Result<Vec<Option<String>>, StoreError> {
        Ok(Vec::new())
    }
}

fn sid(text: &str) -> Sid {
    text.parse().unwrap()
}

/// Callers of whom each pair differs in one fact or two, and each fact changes a decision about one of [`descriptors`].
fn callers() -> Vec<Caller> {
    let user = || Caller::authenticated(sid(USER)).unwrap().with_no_groups();
    let clearance = |value: i64| Claim::int("clearance", value).unwrap();
    vec![
        Caller::anonymous(),
        Caller::authenticated(sid(USER)).unwrap(),
        user(),
        Caller::bare(sid(USER)).unwrap(),
        Caller::authenticated(sid(GROUP)).unwrap().with_no_groups(),
        user().with_groups([sid(GROUP)]).unwrap(),
        user().with_deny_only_groups([sid(GROUP)]).unwrap(),
        user().with_incomplete_groups(),
        user().with_incomplete_groups().with_ruled_out_groups([sid(GROUP)]),
        user().with_user_deny_only(true).unwrap(),
        user().with_user_deny_only_unknown(),
        user().with_privileges(Privileges::TAKE_OWNERSHIP),
        user().with_restricting_sids([sid(GROUP)]),
        user().with_user_claims([clearance(1)]).unwrap(),
        user().with_user_claims([clearance(2)]).unwrap(),
        user().with_device_claims([clearance(2)]).unwrap(),
        user().with_incomplete_claims(),
    ]
}

fn descriptors() -> Vec<String> {
    [
        "D:(A;;RC;;;WD)",
        "D:(A;;RC;;;AU)",
        "D:(A;;RC;;;AN)",
        "D:(A;;WO;;;AU)",
        "D:",
        "D:(A;;RC;;;S-1-5-21-1-2-3-7)",
        "D:(A;;RC;;;S-1-5-21-1-2-3-8)",
        "D:(D;;RC;;;S-1-5-21-1-2-3-7)(A;;RC;;;AU)",
        "D:(D;;RC;;;S-1-5-21-1-2-3-8)(A;;RC;;;AU)",
        "D:(XA;;RC;;;AU;(@User.clearance >= 2))",
        "D:(XA;;RC;;;AU;(@Device.clearance >= 2))",
        "D:(XD;;RC;;;AU;(Exists @User.clearance))(A;;RC;;;AU)",
        "no SDDL",
        "",
        "O:BA",
    ]
    .map(str::to_owned)
    .into()
}

/// Policies by which different masks let read.
fn policies() -> Vec<Arc<StatusChangePolicy>> {
    let reads = |mask: &str| {
        let mut rules = PolicyRules::from(StatusChangePolicy::inferred());
        rules.read = vec![mask.parse().unwrap()];
        Arc::new(StatusChangePolicy::try_from(rules).unwrap())
    };
    vec![Arc::new(StatusChangePolicy::inferred()), reads("WO"), reads("CC")]
}

#[test]
fn the_facts_of_callers_change_decisions() {
    let (policies, texts) = (policies(), descriptors());
    let decided = |caller: &Caller| {
        let policies = policies.iter();
        let all = policies.flat_map(|policy| texts.iter().map(|text| policy.may_read(text, caller) == Ok(true)));
        all.collect::<Vec<_>>()
    };
    let callers = callers();
    let different: std::collections::HashSet<_> = callers.iter().map(decided).collect();
    assert!(different.len() >= 10, "{} of {}", different.len(), callers.len());
}

/// Whatever was asked before and by whom, a caller gets the policy's own decisions.
#[tokio::test]
async fn no_caller_gets_the_decisions_of_another() {
    let (callers, policies, store) = (callers(), policies(), Texts(descriptors()));
    for capacity in [1, 3, 100] {
        let cache = Cache::new(NonZeroUsize::new(capacity).unwrap(), usize::MAX);
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for _ in 0..2000 {
            let policy = &policies[random.below(policies.len())];
            let caller = &callers[random.below(callers.len())];
            // Values of their own, so that nothing is the same by its address.
            let key = Key {
                policy: Arc::new(StatusChangePolicy::clone(policy)),
                caller: Arc::new(caller.clone()),
            };
            let decisions = cache.of(key);
            if random.below(2) == 0 {
                let number = DescriptorNumber(i64::try_from(random.below(store.0.len())).unwrap() + 1);
                assert!(decisions.decide(&store, [number].into_iter(), |_| {}).await.unwrap());
                let text = &store.0[usize::try_from(number.0).unwrap() - 1];
                assert_eq!(
                    decisions.may_read(number),
                    policy.may_read(text, caller) == Ok(true),
                    "{text} {caller:?}"
                );
            } else {
                decisions.decide_next(&store, |_| {}).await.unwrap();
                let numbers = (1..).map(DescriptorNumber).zip(&store.0);
                let readable = numbers.filter(|(_, text)| policy.may_read(text, caller) == Ok(true));
                let found = decisions.readable();
                assert!(
                    readable.map(|(number, _)| number).eq(found.numbers.iter().copied()),
                    "{caller:?}"
                );
                assert_eq!(found.up_to, Some(DescriptorNumber(15)));
            }
            assert!(cache.callers.lock().unwrap().len() <= capacity);
        }
    }
}

/// A descriptor is readable only after a decision. There is no decision about a descriptor whose text can't be read.
#[tokio::test]
async fn undecided_descriptors_are_not_readable() {
    let store = Texts(descriptors());
    let key = Key {
        policy: policies().remove(0),
        caller: Arc::new(callers().remove(2)),
    };
    let decisions = Decisions::new(key);
    assert!(!decisions.may_read(DescriptorNumber(1)));
    let failed = Mutex::new(Vec::new());
    let note = |undecidable: Undecidable| {
        failed
            .lock()
            .unwrap()
            .push((undecidable.descriptor.0, undecidable.failure.code()))
    };
    let all = (1..=16).map(DescriptorNumber);
    assert!(
        !decisions.decide(&store, all.clone(), note).await.unwrap(),
        "there is no 16th"
    );
    let expected = [
        (13, "descriptor_unreadable"),
        (14, "descriptor_unreadable"),
        (15, "unprotected"),
    ];
    assert_eq!(*failed.lock().unwrap(), expected);
    assert!(!decisions.may_read(DescriptorNumber(16)));
    // Each is decided once.
    assert!(!decisions.decide(&store, all, note).await.unwrap());
    decisions.decide_next(&store, note).await.unwrap();
    assert_eq!(*failed.lock().unwrap(), expected);
}

/// The decisions for the callers who asked longest ago go first, when all take too much memory.
#[tokio::test]
async fn the_memory_of_decisions_is_bounded() {
    let store = Texts(descriptors());
    let cache = Cache::new(NonZeroUsize::new(100).unwrap(), 4);
    for caller in callers() {
        let key = Key {
            policy: policies().remove(0),
            caller: Arc::new(caller),
        };
        let decisions = cache.of(key.clone());
        decisions.decide_next(&store, |_| {}).await.unwrap();
        let callers = cache.callers.lock().unwrap();
        // Two elements each at most, and those of the last caller are not counted yet.
        assert!(callers.len() <= 5, "{}", callers.len());
        assert!(callers.contains(&key));
    }
}
