//! Which rows a store is asked for.

use sddl_authz::mim::RequestStatus;
use uuid::Uuid;

/// The number that a store gives to the text of a security descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DescriptorNumber(pub i64);

impl DescriptorNumber {
    /// The number of the requests that have no descriptor: theirs is missing or null. [`ListSource::descriptors`](super::ListSource::descriptors) does not return it.
    pub const NONE: Self = Self(0);
}

/// The rows of a list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only the rows with this target user.
    pub target: Option<Uuid>,
    /// Only the rows with one of these statuses. An empty list does not filter.
    pub statuses: Vec<RequestStatus>,
}
