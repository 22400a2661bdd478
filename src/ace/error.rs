use super::AceType;

/// The reason why parts do not make an [`Ace`](super::Ace).
///
/// ```
/// use sddl_authz::{AccessMask, Ace, AceFlags, AceType, Sid, ace::AceError};
/// let opaque = Ace::opaque(AceType::Allow, AceFlags::empty(), vec![]);
/// assert_eq!(opaque, Err(AceError::NotOpaque { ace_type: AceType::Allow }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AceError {
    /// Only object entries have GUIDs.
    #[error("an entry of type {ace_type} has no object GUIDs")]
    ObjectTypesNotAllowed {
        /// The type given.
        ace_type: AceType,
    },
    /// The type has no room for this application data.
    #[error("an entry of type {ace_type} does not carry this application data")]
    DataNotAllowed {
        /// The type given.
        ace_type: AceType,
    },
    /// A resource attribute needs its claim.
    #[error("an entry of type {ace_type} carries a claim")]
    DataMissing {
        /// The type given.
        ace_type: AceType,
    },
    /// A condition can't be given as opaque bytes, unless it is malformed.
    #[error("the application data is a condition")]
    DataIsCondition,
    /// The size of an entry is a multiple of 4 bytes, so the size of opaque bytes must be one too.
    #[error("{bytes} opaque bytes are not a multiple of 4")]
    DataUnaligned {
        /// The number of bytes given.
        bytes: usize,
    },
    /// An entry of an opaque type is made of bytes, by [`Ace::opaque`](super::Ace::opaque).
    #[error("an entry of type {ace_type} is opaque, so it has no parts")]
    Opaque {
        /// The type given.
        ace_type: AceType,
    },
    /// An entry of a known type is made of parts, by [`Ace::from_parts`](super::Ace::from_parts).
    #[error("an entry of type {ace_type} is made of parts, not of bytes")]
    NotOpaque {
        /// The type given.
        ace_type: AceType,
    },
}

impl AceError {
    /// A stable code for programs: the name of the variant in `snake_case`.
    ///
    /// ```
    /// use sddl_authz::ace::AceError;
    /// assert_eq!(AceError::DataIsCondition.code(), "data_is_condition");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ObjectTypesNotAllowed { .. } => "object_types_not_allowed",
            Self::DataNotAllowed { .. } => "data_not_allowed",
            Self::DataMissing { .. } => "data_missing",
            Self::DataIsCondition => "data_is_condition",
            Self::DataUnaligned { .. } => "data_unaligned",
            Self::Opaque { .. } => "opaque",
            Self::NotOpaque { .. } => "not_opaque",
        }
    }
}
