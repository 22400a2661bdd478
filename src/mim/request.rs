use super::{RequestStatus, RequestType};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A request as the REST API prints it: `Microsoft.Clm.Shared.Requests.Request`, 21 properties in PascalCase.
///
/// What it reads it prints again, value for value: unknown numbers, unknown properties, dates, and the NULs that the product leaves
/// behind a security descriptor. A decision needs three of the properties; the others may be missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CertificateRequest {
    /// The identifier of the request.
    pub uuid: Uuid,
    /// What kind of request it is.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub request_type: Property<RequestType>,
    /// Where it stands.
    pub status: RequestStatus,
    /// `RequestFlags`, a sum: 2 is a smart card (inferred).
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub flags: Property<i64>,
    /// The data collected for it.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub data_collection: Property<Vec<DataItem>>,
    /// How data is collected for it.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub data_collection_flags: Property<i64>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub originator_user_uuid: Property<Uuid>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub target_user_uuid: Property<Uuid>,
    /// When it was submitted, as the API writes it.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub submitted: Property<String>,
    /// When it was completed, as the API writes it: `0001-01-01T00:00:00` before.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub completed: Property<String>,
    /// The software profile that it makes.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub new_profile_uuid: Property<Uuid>,
    /// The software profile that it is about.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub old_profile_uuid: Property<Uuid>,
    /// The smart card that it assigns.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub new_smartcard_uuid: Property<Uuid>,
    /// The smart card that it is about.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub old_smartcard_uuid: Property<Uuid>,
    /// 0, the highest, to 255.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub priority: Property<i64>,
    /// A comment.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub comment: Property<String>,
    /// The profile template that it follows.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub profile_template_uuid: Property<Uuid>,
    /// Who may do what with it, in SDDL, NULs behind it.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub security_descriptor: Property<String>,
    /// Whether it is about a smart card rather than a software profile.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub is_smartcard: Property<bool>,
    /// Whether an enrollment agent must run it.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub is_enrollment_agent: Property<bool>,
    /// Whether all its data was collected.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub is_data_collection_complete: Property<bool>,
    /// Properties that this crate does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// An item of the data collected for a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DataItem {
    /// What was asked for.
    pub name: String,
    /// What was answered; null before.
    #[serde(default, skip_serializing_if = "Property::is_missing")]
    pub value: Property<Value>,
    /// Properties that this crate does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A property that may be missing or null, told apart so that each is printed as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Property<T> {
    /// Not there.
    #[default]
    Missing,
    /// There, and null.
    Null,
    /// There.
    Value(T),
}

impl<T> Property<T> {
    /// The value, where there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::Null => None,
        }
    }

    /// Whether it is not there.
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
