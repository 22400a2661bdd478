use super::{CertificateRequest, DecisionError, RequestStatus};
use crate::serde_map;
use alloc::{borrow::Cow, string::ToString};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// What a decision needs of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestView<'a> {
    /// The identifier of the request.
    pub uuid: Uuid,
    /// Where it stands.
    pub status: RequestStatus,
    /// Its security descriptor in SDDL, as stored.
    pub security_descriptor: Option<Cow<'a, str>>,
}

impl<'a> RequestView<'a> {
    /// Reads a stored row: JSON as the REST API prints it. Of its properties only three are looked at.
    ///
    /// # Errors
    /// [`DecisionError::RequestUnreadable`].
    pub fn from_json(row: &'a [u8]) -> Result<Self, DecisionError> {
        // Said in the words of people; what is no object is refused below as well.
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

/// From the properties by their names; others are passed over.
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
