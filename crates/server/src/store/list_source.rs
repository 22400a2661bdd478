//! The methods of a store that lists use.

use super::{
    error::StoreError,
    row::{DescriptorNumber, Filter},
};
use std::sync::Arc;
use uuid::Uuid;

/// A store whose requests can be listed in the order of their ids.
///
/// A list walks over the requests first. If it finds too few that its caller may read, it decides about every descriptor, and asks for the
/// requests with the readable ones.
pub trait ListSource: Send + Sync {
    /// Looks at the next `most` requests after an id at least, in the order of their ids, and returns those that match the filter.
    fn walk(
        &self,
        filter: Filter,
        after: Option<Uuid>,
        most: usize,
    ) -> impl Future<Output = Result<Walked, StoreError>> + Send;

    /// Returns the ids of the next requests after an id that match the filter and have a readable descriptor, at most `limit` of them, in
    /// their order.
    fn search(
        &self,
        filter: Filter,
        readable: Readable,
        after: Option<Uuid>,
        limit: usize,
    ) -> impl Future<Output = Result<Found, StoreError>> + Send;

    /// Returns the next descriptors after a number, in the order of their numbers, at most `limit` of them.
    fn descriptors(
        &self,
        after: Option<DescriptorNumber>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<(DescriptorNumber, String)>, StoreError>> + Send;

    /// Returns the texts of these descriptors. Those that are not in the store are left out.
    fn texts(
        &self,
        numbers: Vec<DescriptorNumber>,
    ) -> impl Future<Output = Result<Vec<(DescriptorNumber, String)>, StoreError>> + Send;

    /// Returns the rows of the first of these requests, until they have `bytes` bytes together; of one request at least. A request that is
    /// not in the store any more is `None`.
    fn rows(
        &self,
        ids: Arc<[Uuid]>,
        first: usize,
        bytes: usize,
    ) -> impl Future<Output = Result<Vec<Option<String>>, StoreError>> + Send;
}

/// The result of [`ListSource::walk`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// The matching requests, in the order of their ids, with their descriptors.
    pub found: Vec<(Uuid, DescriptorNumber)>,
    /// The last request that was looked at, or `None` if there is no request after it.
    pub reached: Option<Uuid>,
}

/// The descriptors that a caller may read by.
#[derive(Clone, Debug)]
pub struct Readable {
    /// Their numbers, in order.
    pub numbers: Arc<[DescriptorNumber]>,
    /// The descriptor up to which all are decided.
    pub up_to: Option<DescriptorNumber>,
}

/// The result of [`ListSource::search`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The ids of the requests. If there are fewer than the limit, there are no others.
    Requests(Vec<Uuid>),
    /// There are descriptors after the one up to which all are decided.
    NewDescriptors,
    /// There are too many readable descriptors to look for the requests of each one.
    TooMany,
}
