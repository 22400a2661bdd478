use super::{RequestStatus, RequestType};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A certificate request as the REST API prints it: `Microsoft.Clm.Shared.Requests.Request`, 21 properties in PascalCase.
///
/// It serializes every value that it deserializes: unknown numbers, unknown properties, dates, and the NULs that the product appends to a
/// security descriptor. A decision needs three of the properties. The others may be missing.
///
/// ```
/// use sddl_authz::mim::{CertificateRequest, Property, RequestStatus};
/// let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"Comment":null,"Later":[1]}"#;
/// let request: CertificateRequest = serde_json::from_str(row)?;
/// assert_eq!((request.status, &request.comment), (RequestStatus::APPROVED, &Property::Null));
/// assert_eq!(serde_json::to_string(&request)?, row);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CertificateRequest {
    /// The id of the request.
    pub uuid: Uuid,
    /// The kind of the request.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub request_type: Property<RequestType>,
    /// The status of the request.
    pub status: RequestStatus,
    /// The flags, a sum of `RequestFlags`. 2 is a smart card (inferred).
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub flags: Property<i64>,
    /// The data collected for the request.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub data_collection: Property<Vec<DataItem>>,
    /// The flags of the data collection.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub data_collection_flags: Property<i64>,
    /// The id of the user who made the request.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub originator_user_uuid: Property<Uuid>,
    /// The id of the user for whom the request was made.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub target_user_uuid: Property<Uuid>,
    /// The time of submission, as the API writes it.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub submitted: Property<String>,
    /// The time of completion, as the API writes it. Before that it is `0001-01-01T00:00:00`.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub completed: Property<String>,
    /// The id of the software profile that the request creates.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub new_profile_uuid: Property<Uuid>,
    /// The id of the software profile that the request is about.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub old_profile_uuid: Property<Uuid>,
    /// The id of the smart card that the request assigns.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub new_smartcard_uuid: Property<Uuid>,
    /// The id of the smart card that the request is about.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub old_smartcard_uuid: Property<Uuid>,
    /// The priority, from 0, the highest, to 255.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub priority: Property<i64>,
    /// A comment.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub comment: Property<String>,
    /// The id of the profile template of the request.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub profile_template_uuid: Property<Uuid>,
    /// The security descriptor, in SDDL, with trailing NULs.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub security_descriptor: Property<String>,
    /// Whether the request is about a smart card rather than a software profile.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub is_smartcard: Property<bool>,
    /// Whether an enrollment agent must execute the request.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub is_enrollment_agent: Property<bool>,
    /// Whether all data of the request was collected.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub is_data_collection_complete: Property<bool>,
    /// Properties that this crate does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl CertificateRequest {
    /// Returns a request with this id and status. All other properties are missing.
    ///
    /// ```
    /// use sddl_authz::mim::{CertificateRequest, RequestStatus};
    /// let mut request = CertificateRequest::new(uuid::Uuid::nil(), RequestStatus::APPROVED);
    /// request.security_descriptor = "D:(A;;CC;;;AU)".to_owned().into();
    /// let json = r#"{"Uuid":"00000000-0000-0000-0000-000000000000","Status":3,"SecurityDescriptor":"D:(A;;CC;;;AU)"}"#;
    /// assert_eq!(serde_json::to_string(&request)?, json);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn new(uuid: Uuid, status: RequestStatus) -> Self {
        Self {
            uuid,
            request_type: Property::Missing,
            status,
            flags: Property::Missing,
            data_collection: Property::Missing,
            data_collection_flags: Property::Missing,
            originator_user_uuid: Property::Missing,
            target_user_uuid: Property::Missing,
            submitted: Property::Missing,
            completed: Property::Missing,
            new_profile_uuid: Property::Missing,
            old_profile_uuid: Property::Missing,
            new_smartcard_uuid: Property::Missing,
            old_smartcard_uuid: Property::Missing,
            priority: Property::Missing,
            comment: Property::Missing,
            profile_template_uuid: Property::Missing,
            security_descriptor: Property::Missing,
            is_smartcard: Property::Missing,
            is_enrollment_agent: Property::Missing,
            is_data_collection_complete: Property::Missing,
            other: Map::new(),
        }
    }
}

/// An item of the data collected for a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DataItem {
    /// The name of the item.
    pub name: String,
    /// The value of the item, null until it is collected.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub value: Property<Value>,
    /// Properties that this crate does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A property that may be missing or null. Both are kept, so that each is serialized as it was deserialized.
///
/// ```
/// use sddl_authz::mim::Property;
/// assert_eq!(Property::from(7).value(), Some(&7));
/// assert_eq!(Property::<i64>::Null.value(), None);
/// assert!(Property::<i64>::default().is_missing());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Property<T> {
    /// The property is missing.
    #[default]
    Missing,
    /// The property is null.
    Null,
    /// The property has this value.
    Value(T),
}

impl<T> Property<T> {
    /// Returns the value, or `None` if the property is missing or null.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::Null => None,
        }
    }

    /// Returns whether the property is missing.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl<T> From<T> for Property<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Serialize> Serialize for Property<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Property<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}
