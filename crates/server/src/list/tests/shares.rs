//! Lists of one user that never end, and the lists of others meanwhile.

use super::{OTHER, SMALL, Server, USER};
use crate::{
    audit::{AuditEntry, RefusalEntry},
    store::{
        Applied, Batch, DescriptorNumber, Filter, Found, Imported, ListSource, Readable, Store, StoreError, Walked,
    },
};
use axum::http::StatusCode;
use core::{
    future::{Future, pending, poll_fn},
    pin::Pin,
    task::Poll,
    time::Duration,
};
use sddl_authz::{http::ResourceSource, mim::StatusUpdate};
use std::sync::Arc;
use uuid::Uuid;

/// A store without requests, in which a list of the caller's own requests never ends.
#[derive(Clone)]
struct Waiting;

impl ResourceSource for Waiting {
    type Id = Uuid;
    type Resource = String;
    type Error = StoreError;

    async fn load(&self, _: Uuid) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
}

impl ListSource for Waiting {
    async fn walk(&self, filter: Filter, _: Option<Uuid>, _: usize) -> Result<Walked, StoreError> {
        if filter.target.is_some() {
            pending::<()>().await;
        }
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

impl Store for Waiting {
    async fn apply(&self, _: StatusUpdate, _: AuditEntry) -> Result<Applied, StoreError> {
        Err(StoreError::Gone)
    }

    async fn record(&self, _: Vec<RefusalEntry>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn import(&self, _: Batch) -> Result<Imported, StoreError> {
        Ok(Imported::default())
    }

    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Polls a future once, and returns what it has then.
async fn once<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

#[tokio::test]
async fn a_user_cannot_take_the_places_of_others() {
    let server = Server::on(Waiting, SMALL, Duration::from_secs(60));
    let mut lists: Vec<_> = (0..16)
        .map(|_| Box::pin(server.get("?targetuser=current", USER)))
        .collect();
    let mut refused = 0;
    for list in &mut lists {
        let Poll::Ready(answer) = once(list).await else {
            continue;
        };
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "1");
        refused += 1;
    }
    // Other groups do not make another user.
    let grouped = format!("{USER},S-1-5-21-1-2-3-2001");
    let (own, other) = (server.get("", &grouped).await, server.get("", OTHER).await);
    assert_eq!(other.status(), StatusCode::NO_CONTENT);
    assert_eq!(own.status(), StatusCode::SERVICE_UNAVAILABLE);
    // A quarter of 16 lists is under way.
    assert_eq!(refused, 12);
    assert_eq!(server.lists.places.users_with_lists(), 1);

    // The clients go, and the lists do not count any more.
    drop(lists);
    assert_eq!(server.lists.places.users_with_lists(), 0);
    assert_eq!(server.lists.places.all().available_permits(), 16);
    assert_eq!(server.get("", USER).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(server.lists.places.users_with_lists(), 0);
}

/// A list that waits for a place counts for its user, until it is answered.
#[tokio::test]
async fn a_list_that_waits_counts_for_its_user() {
    let server = Server::on(Waiting, SMALL, Duration::from_secs(60));
    let held = server.lists.places.all().acquire_many_owned(16).await.unwrap();
    let mut lists: Vec<_> = (0..5).map(|_| Box::pin(server.get("", USER))).collect();
    let mut waiting = Vec::new();
    for list in &mut lists {
        waiting.push(once(list).await.is_pending());
    }
    assert_eq!(waiting, [true, true, true, true, false]);
    for list in lists.into_iter().take(4) {
        assert_eq!(list.await.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(server.lists.places.users_with_lists(), 0);
    drop(held);
    assert_eq!(server.get("", USER).await.status(), StatusCode::NO_CONTENT);
}
