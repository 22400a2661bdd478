use core::{fmt, str::FromStr};

/// The status of a request: a number, as the API prints it. Numbers without a name are kept.
///
/// The names are those of the enumeration `Microsoft.Clm.Shared.Requests.RequestStatus`. The numbers are those of `externalGetStatus` in
/// the SQL API, and of the published answers.
///
/// ```
/// use sddl_authz::mim::RequestStatus;
/// assert_eq!(RequestStatus(3), RequestStatus::APPROVED);
/// assert_eq!(RequestStatus::APPROVED.name(), Some("Approved"));
/// assert_eq!(RequestStatus(77).to_string(), "77");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RequestStatus(pub i64);

impl RequestStatus {
    /// The status is not known, or the request is not processed. The number 0 is inferred.
    pub const NONE: Self = Self(0);
    /// The request is approved and ready to be executed.
    pub const APPROVED: Self = Self(3);
    /// An approver denied the request. This is final.
    pub const DENIED: Self = Self(4);
    /// The request is completed.
    pub const COMPLETED: Self = Self(8);
    /// The request ended with an error, or was abandoned.
    pub const FAILED: Self = Self(9);
    /// The request waits for approval.
    pub const PENDING: Self = Self(16);
    /// The request is canceled. This is final.
    pub const CANCELED: Self = Self(17);
    /// The request is being executed.
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

    /// Returns whether a request with this status stays as it is: Denied, Canceled, Completed and Failed.
    ///
    /// The product says of Denied and Canceled that such requests can't be resumed. For Completed and Failed this is inferred.
    ///
    /// ```
    /// use sddl_authz::mim::RequestStatus;
    /// assert!(RequestStatus::DENIED.is_final());
    /// assert!(!RequestStatus::PENDING.is_final());
    /// ```
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::DENIED | Self::CANCELED | Self::COMPLETED | Self::FAILED)
    }

    /// Returns the name of the status, or `None` if the product has none.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Self::NAMES
            .iter()
            .find_map(|&(status, name)| (status == self).then_some(name))
    }

    /// Returns the status with this name, compared exactly.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find_map(|&(status, own)| (own == name).then_some(status))
    }
}

/// Prints the name, or the number if there is no name.
impl fmt::Display for RequestStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

/// The kind of a request: a number, as the API prints it. Numbers without a name are kept.
///
/// ```
/// use sddl_authz::mim::RequestType;
/// assert_eq!(RequestType(1), RequestType::ENROLL);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RequestType(pub i64);

impl RequestType {
    /// The certificates or the smart card of a new user.
    pub const ENROLL: Self = Self(1);
    /// A smart card is to be unblocked.
    pub const UNBLOCK: Self = Self(5);
}

/// A change of the status of a request.
///
/// ```
/// use sddl_authz::mim::{RequestStatus, StatusChange};
/// assert_eq!("Completed".parse(), Ok(StatusChange::Complete));
/// assert_eq!(StatusChange::Abandon.target(), RequestStatus::FAILED);
/// assert!("completed".parse::<StatusChange>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusChange {
    /// `Completed`, which leads to status 8.
    Complete,
    /// `Canceled`, which leads to status 17.
    Cancel,
    /// `Abandoned`, which leads to Failed, status 9. No status has the name Abandoned. This is inferred from the operation that the SDK
    /// documents.
    Abandon,
}

impl StatusChange {
    /// All changes.
    pub const ALL: [Self; 3] = [Self::Complete, Self::Cancel, Self::Abandon];

    /// Returns the word in the body of the `PUT`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complete => "Completed",
            Self::Cancel => "Canceled",
            Self::Abandon => "Abandoned",
        }
    }

    /// Returns the status that the change leads to.
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

/// The error of a word that names no change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a request can be set to Completed, Canceled or Abandoned, spelled exactly so")]
pub struct ParseStatusChangeError;

impl ParseStatusChangeError {
    /// Returns the stable code `status_change_unknown`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "status_change_unknown"
    }
}

/// Parses the word in the body of the `PUT`, compared exactly.
impl FromStr for StatusChange {
    type Err = ParseStatusChangeError;

    fn from_str(word: &str) -> Result<Self, ParseStatusChangeError> {
        let known = Self::ALL.into_iter().find(|change| change.word() == word);
        known.ok_or(ParseStatusChangeError)
    }
}

/// Serializes the word.
impl serde::Serialize for StatusChange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Deserializes the word.
impl<'de> serde::Deserialize<'de> for StatusChange {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}
