use super::{CertificateRequest, DecisionError, RequestStatus};
use crate::serde_map;
use alloc::{borrow::Cow, string::ToString};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// The properties of a request that a decision needs.
///
/// ```
/// use sddl_authz::mim::{RequestStatus, RequestView};
/// let row = br#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"Comment":"not needed"}"#;
/// let view = RequestView::from_json(row)?;
/// assert_eq!((view.status, view.security_descriptor), (RequestStatus::APPROVED, None));
/// # Ok::<(), sddl_authz::mim::DecisionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestView<'a> {
    /// The id of the request.
    pub uuid: Uuid,
    /// The status of the request.
    pub status: RequestStatus,
    /// The security descriptor of the request, in SDDL, as stored.
    pub security_descriptor: Option<Cow<'a, str>>,
}

impl<'a> RequestView<'a> {
    /// Reads a stored row, JSON as the REST API prints it. Other properties are ignored.
    ///
    /// # Errors
    /// Fails with [`DecisionError::RequestUnreadable`] if the row is not a JSON object, or if one of the properties is missing or of
    /// another type.
    pub fn from_json(row: &'a [u8]) -> Result<Self, DecisionError> {
        // The message of serde_json is about Rust types.
        if row.trim_ascii_start().first() != Some(&b'{') {
            return Err(DecisionError::RequestUnreadable {
                message: "expected a JSON object".to_string(),
            });
        }
        serde_json::from_slice(row).map_err(|error| DecisionError::RequestUnreadable {
            message: error.to_string(),
        })
    }
}

#[derive(Deserialize)]
#[serde(remote = "RequestView", rename_all = "PascalCase")]
struct Form<'a> {
    uuid: Uuid,
    status: RequestStatus,
    #[serde(borrow, default)]
    security_descriptor: Option<Cow<'a, str>>,
}

/// Reads a map with the names of the properties. Other properties are ignored.
impl<'de: 'a, 'a> Deserialize<'de> for RequestView<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Named<'a>(#[serde(borrow, with = "Form")] RequestView<'a>);
        serde_map::map_only(deserializer).map(|Named(view)| view)
    }
}

impl<'a> From<&'a CertificateRequest> for RequestView<'a> {
    fn from(request: &'a CertificateRequest) -> Self {
        Self {
            uuid: request.uuid,
            status: request.status,
            security_descriptor: request
                .security_descriptor
                .value()
                .map(|text| Cow::Borrowed(text.as_str())),
        }
    }
}
