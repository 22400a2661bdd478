//! The numbers of a request and the words of a change.

use core::{fmt, str::FromStr};

/// The status of a request, as the API prints it: a number. Numbers without a name survive.
///
/// Names: `Microsoft.Clm.Shared.Requests.RequestStatus`; numbers: the SQL API's `externalGetStatus`, and the published answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RequestStatus(pub i64);

impl RequestStatus {
    /// Not known, or not processed. That its number is 0 is inferred.
    pub const NONE: Self = Self(0);
    /// Approved and ready to be run.
    pub const APPROVED: Self = Self(3);
    /// Refused by an approver, for good.
    pub const DENIED: Self = Self(4);
    /// Done.
    pub const COMPLETED: Self = Self(8);
    /// Ended by an error, or abandoned.
    pub const FAILED: Self = Self(9);
    /// Waiting for approval.
    pub const PENDING: Self = Self(16);
    /// Canceled, for good.
    pub const CANCELED: Self = Self(17);
    /// Being run.
    pub const EXECUTING: Self = Self(18);

    const NAMES: [(Self, &'static str); 8] = [
        (Self::NONE, "None"),
        (Self::APPROVED, "Approved"),
        (Self::DENIED, "Denied"),
        (Self::COMPLETED, "Completed"),
        (Self::FAILED, "Failed"),
        (Self::PENDING, "Pending"),
        (Self::CANCELED, "Canceled"),
        (Self::EXECUTING, "Executing"),
    ];

    /// Its name, where the product has one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Self::NAMES
            .iter()
            .find_map(|&(status, name)| (status == self).then_some(name))
    }

    /// The status of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find_map(|&(status, own)| (own == name).then_some(status))
    }
}

/// The name, or the number where there is none.
impl fmt::Display for RequestStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

/// The kind of a request, as the API prints it: a number. Numbers without a name survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RequestType(pub i64);

impl RequestType {
    /// The certificates, or the card, of a new user.
    pub const ENROLL: Self = Self(1);
    /// A blocked card.
    pub const UNBLOCK: Self = Self(5);
}

/// What a caller wants a request's status set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusChange {
    /// `Completed`, status 8.
    Complete,
    /// `Canceled`, status 17.
    Cancel,
    /// `Abandoned`, which leads to Failed, status 9: there is no status of that name (inferred from the operation that the SDK
    /// documents).
    Abandon,
}

impl StatusChange {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Complete, Self::Cancel, Self::Abandon];

    /// The word in the body of the PUT.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complete => "Completed",
            Self::Cancel => "Canceled",
            Self::Abandon => "Abandoned",
        }
    }

    /// The status it leads to.
    #[must_use]
    pub const fn target(self) -> RequestStatus {
        match self {
            Self::Complete => RequestStatus::COMPLETED,
            Self::Cancel => RequestStatus::CANCELED,
            Self::Abandon => RequestStatus::FAILED,
        }
    }
}

impl fmt::Display for StatusChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A status word that is none of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a request can be set to Completed, Canceled or Abandoned, spelled exactly so")]
pub struct ParseStatusChangeError;

/// From the word in the body of the PUT, compared exactly.
impl FromStr for StatusChange {
    type Err = ParseStatusChangeError;

    fn from_str(word: &str) -> Result<Self, ParseStatusChangeError> {
        let known = Self::ALL.into_iter().find(|change| change.word() == word);
        known.ok_or(ParseStatusChangeError)
    }
}

/// As its word.
impl serde::Serialize for StatusChange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// From its word.
impl<'de> serde::Deserialize<'de> for StatusChange {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}
