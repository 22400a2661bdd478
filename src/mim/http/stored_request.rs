use crate::{
    http::route::{Segment, resource_segment},
    mim::{CertificateRequest, DecisionError, RequestView},
};
use ::http::request::Parts;
use alloc::{string::String, vec::Vec};
use uuid::Uuid;

/// A certificate request in the form in which a store keeps it.
///
/// Implemented for [`CertificateRequest`], and for `String` and `Vec<u8>` with JSON as the REST API prints it.
///
/// ```
/// use sddl_authz::mim::{DecisionError, RequestStatus, RequestView, http::StoredRequest};
/// struct Row { id: uuid::Uuid, status: i64, sddl: String }
/// impl StoredRequest for Row {
///     fn view(&self) -> Result<RequestView<'_>, DecisionError> {
///         Ok(RequestView {
///             uuid: self.id,
///             status: RequestStatus(self.status),
///             security_descriptor: Some(self.sddl.as_str().into()),
///         })
///     }
/// }
/// ```
pub trait StoredRequest: Send + Sync + 'static {
    /// Returns the properties that a decision needs.
    ///
    /// # Errors
    /// Fails if the stored form can't be read.
    fn view(&self) -> Result<RequestView<'_>, DecisionError>;
}

impl StoredRequest for CertificateRequest {
    fn view(&self) -> Result<RequestView<'_>, DecisionError> {
        Ok(self.into())
    }
}

impl StoredRequest for String {
    fn view(&self) -> Result<RequestView<'_>, DecisionError> {
        RequestView::from_json(self.as_bytes())
    }
}

impl StoredRequest for Vec<u8> {
    fn view(&self) -> Result<RequestView<'_>, DecisionError> {
        RequestView::from_json(self)
    }
}

/// Returns the id of the request that a path is about: the segment after `requests`, if that is a GUID with hyphens. Both are taken in upper
/// or lower case. A path with two segments `requests` is about none.
///
/// ```
/// use sddl_authz::mim::http::request_id;
/// let id = request_id("/requests/A9B4B42C-CC50-4C9B-89D1-BBC0BCD5A099").unwrap();
/// assert_eq!(id.to_string(), "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099");
/// assert_eq!(request_id("/requests/a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099/profiles"), Some(id));
/// assert_eq!(request_id("/requests/a9b4b42ccc504c9b89d1bbc0bcd5a099"), None);
/// ```
#[must_use]
pub fn request_id(path: &str) -> Option<Uuid> {
    let is_collection = |segment: &str| segment.eq_ignore_ascii_case(COLLECTION);
    let mut segments = path.split('/').skip_while(|segment| !is_collection(segment)).skip(1);
    let id = segments.next()?;
    if segments.any(is_collection) {
        return None;
    }
    hyphenated(id)
}

/// Returns the id of the request that an HTTP request is about, as its route says, or else its path.
pub(super) fn request_id_of(parts: &Parts) -> Option<Uuid> {
    match resource_segment(parts, Some(COLLECTION)) {
        Segment::OfRoute(segment) => hyphenated(segment?),
        Segment::Unknown => request_id(parts.uri.path()),
    }
}

const COLLECTION: &str = "requests";

fn hyphenated(segment: &str) -> Option<Uuid> {
    const HYPHENATED: usize = 36;
    let id = (segment.len() == HYPHENATED).then_some(segment)?;
    Uuid::try_parse(id).ok()
}
