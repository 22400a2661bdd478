use crate::mim::{CertificateRequest, DecisionError, RequestView};
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

/// Returns the id of the request that a path is about: its last segment, if that is a GUID with hyphens, in upper or lower case.
///
/// ```
/// use sddl_authz::mim::http::request_id;
/// let id = request_id("/requests/A9B4B42C-CC50-4C9B-89D1-BBC0BCD5A099").unwrap();
/// assert_eq!(id.to_string(), "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099");
/// assert_eq!(request_id("/requests/a9b4b42ccc504c9b89d1bbc0bcd5a099"), None);
/// ```
#[must_use]
pub fn request_id(path: &str) -> Option<Uuid> {
    const HYPHENATED: usize = 36;
    let (_, segment) = path.rsplit_once('/')?;
    let id = (segment.len() == HYPHENATED).then_some(segment)?;
    Uuid::try_parse(id).ok()
}
