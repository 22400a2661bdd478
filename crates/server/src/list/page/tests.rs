//! Descriptors that are replaced between two calls of the store.

use super::{Page, Search, Steps};
use crate::{
    list::{
        cursor::Position,
        decisions::{Cache, Key},
    },
    store::{DescriptorNumber, Filter, Found, ListSource, Readable, StoreError, Walked},
};
use core::{
    num::NonZeroUsize,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use sddl_authz::{Caller, mim::StatusChangePolicy};
use std::sync::Arc;
use tokio::time::Instant;
use uuid::Uuid;

/// A store in which the descriptors of some requests are replaced after each walk, as often as it is told to. All are readable.
struct Replacing {
    stable: Vec<u128>,
    replaced: Vec<u128>,
    number: AtomicI64,
    times: i64,
}

impl Replacing {
    const STABLE: DescriptorNumber = DescriptorNumber(1);

    fn new(stable: &[u128], replaced: &[u128], times: i64) -> Self {
        Self {
            stable: stable.into(),
            replaced: replaced.into(),
            number: AtomicI64::new(2),
            times,
        }
    }
}

impl ListSource for Replacing {
    async fn walk(&self, _: Filter, after: Option<Uuid>, _: usize) -> Result<Walked, StoreError> {
        let number = self.number.load(Ordering::Relaxed);
        if number - 2 < self.times {
            self.number.store(number + 1, Ordering::Relaxed);
        }
        let stable = self.stable.iter().map(|&id| (id, Self::STABLE));
        let replaced = self.replaced.iter().map(|&id| (id, DescriptorNumber(number)));
        let all = stable.chain(replaced).map(|(id, number)| (Uuid::from_u128(id), number));
        let mut found: Vec<_> = all.filter(|&(id, _)| Some(id) > after).collect();
        found.sort_unstable();
        Ok(Walked { found, reached: None })
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

    async fn texts(&self, mut numbers: Vec<DescriptorNumber>) -> Result<Vec<(DescriptorNumber, String)>, StoreError> {
        let now = DescriptorNumber(self.number.load(Ordering::Relaxed));
        numbers.retain(|number| [Self::STABLE, now].contains(number));
        Ok(numbers
            .into_iter()
            .map(|number| (number, "D:(A;;RC;;;AU)".to_owned()))
            .collect())
    }

    async fn rows(&self, _: Arc<[Uuid]>, _: usize, _: usize) -> Result<Vec<Option<String>>, StoreError> {
        Ok(Vec::new())
    }
}

async fn page(store: &Replacing, after: Option<Uuid>, limit: usize) -> Result<Page, StoreError> {
    let user = "S-1-5-21-1-2-3-7".parse().unwrap();
    let key = Key {
        policy: Arc::new(StatusChangePolicy::inferred()),
        caller: Arc::new(Caller::authenticated(user).unwrap().with_no_groups()),
    };
    let search = Search {
        store,
        decisions: &Cache::new(NonZeroUsize::MIN, 100).of(key),
        filter: &Filter::default(),
        limit,
        steps: Steps::DEFAULT,
        end: Instant::now() + Duration::from_secs(60),
        undecidable: |_| {},
    };
    search.page(after).await
}

fn ids(ids: impl IntoIterator<Item = u128>) -> Vec<Uuid> {
    ids.into_iter().map(Uuid::from_u128).collect()
}

#[tokio::test]
async fn a_request_whose_descriptor_is_replaced_a_few_times_is_listed() {
    for times in 0..4 {
        let store = Replacing::new(&[1, 3], &[2], times);
        let whole = Page {
            ids: ids([1, 2, 3]),
            next: None,
        };
        assert_eq!(page(&store, None, 10).await.unwrap(), whole, "{times}");
    }
}

#[tokio::test]
async fn a_request_whose_descriptor_is_always_replaced_is_not_passed_over() {
    for (stable, first) in [(vec![5, 9], vec![5]), (vec![9], vec![])] {
        let store = Replacing::new(&stable, &[7, 8], i64::MAX);
        let cut = page(&store, None, 10).await.unwrap();
        assert_eq!(cut.ids, ids(first));
        let Some(Position::Reached(after)) = cut.next else {
            panic!("there is a link, and it hides the id: {cut:?}");
        };
        // The next page has the rest once the descriptors stay.
        let store = Replacing::new(&stable, &[7, 8], 0);
        let rest = Page {
            ids: ids([7, 8, 9]),
            next: None,
        };
        assert_eq!(page(&store, Some(after), 10).await.unwrap(), rest);
    }
}

/// The requests before the one that can't be decided fill the page.
#[tokio::test]
async fn a_page_that_is_full_before_does_not_wait_for_a_descriptor() {
    let store = Replacing::new(&[1, 2, 3], &[7], i64::MAX);
    let full = Page {
        ids: ids([1, 2]),
        next: Some(Position::Listed(Uuid::from_u128(2))),
    };
    assert_eq!(page(&store, None, 2).await.unwrap(), full);
}

/// No position is before the first id of all, so the list fails and does not look whole.
#[tokio::test]
async fn a_list_fails_if_its_first_request_cannot_be_decided_and_has_the_least_id() {
    let store = Replacing::new(&[1], &[0], i64::MAX);
    assert!(page(&store, None, 10).await.is_err());
}
