use super::{CertificateRequest, Failure, RequestStatus};
use alloc::{borrow::Cow, string::ToString};
use uuid::Uuid;

/// What a decision needs of a request.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RequestView<'a> {
    /// The identifier of the request.
    pub uuid: Uuid,
    /// Where it stands.
    pub status: RequestStatus,
    /// Its security descriptor in SDDL, as stored.
    #[serde(borrow, default)]
    pub security_descriptor: Option<Cow<'a, str>>,
}

impl<'a> RequestView<'a> {
    /// Reads a stored row: JSON as the REST API prints it. Of its properties only three are looked at.
    ///
    /// # Errors
    /// [`Failure::RequestUnreadable`].
    pub fn from_json(row: &'a [u8]) -> Result<Self, Failure> {
        // Derived reading takes an array for the properties in their order; no API prints a request so.
        if row.trim_ascii_start().first() != Some(&b'{') {
            return Err(Failure::RequestUnreadable {
                message: "expected a JSON object".to_string(),
            });
        }
        serde_json::from_slice(row).map_err(|error| Failure::RequestUnreadable {
            message: error.to_string(),
        })
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
