use crate::{ace::AceError, claim::ClaimError, condition::ConditionErrorKind};

/// Why bytes are refused, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct DecodeError {
    kind: DecodeErrorKind,
    offset: usize,
}

impl DecodeError {
    pub(super) const fn new(kind: DecodeErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Where: bytes from the start of the input to the field that is wrong, or to the first one that is not there.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

/// What can be wrong with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// Fewer than 20 bytes.
    #[error("the descriptor ends within its header")]
    DescriptorTruncated,
    /// The only revision is 1.
    #[error("the descriptor has revision {revision}, not 1")]
    DescriptorRevisionUnknown {
        /// The revision found.
        revision: u8,
    },
    /// `SELF_RELATIVE` is clear: the offsets would be pointers.
    #[error("the descriptor is not self-relative")]
    DescriptorNotSelfRelative,
    /// A part would lie in the descriptor's header.
    #[error("the offset {to} points into the header")]
    OffsetIntoHeader {
        /// The offset found.
        to: u32,
    },
    /// A part would begin after the end of the input.
    #[error("the offset {to} points beyond the end")]
    OffsetOutOfRange {
        /// The offset found.
        to: u32,
    },
    /// The SID has more bytes than there are.
    #[error("the SID is cut off")]
    SidTruncated,
    /// The only revision is 1.
    #[error("the SID has revision {revision}, not 1")]
    SidRevisionUnknown {
        /// The revision found.
        revision: u8,
    },
    /// A SID has 1 to 15 sub-authorities.
    #[error("the SID has {count} sub-authorities, not 1 to 15")]
    SidSubAuthorityCount {
        /// The count found.
        count: u8,
    },
    /// The SID has fewer bytes than its length says.
    #[error("bytes follow the SID")]
    SidTrailingBytes,
    /// The list has more bytes than there are.
    #[error("the list is cut off")]
    AclTruncated,
    /// The revision is none of 2, 3 and 4.
    #[error("the list has revision {revision}, not 2 to 4")]
    AclRevisionUnknown {
        /// The revision found.
        revision: u8,
    },
    /// The size does not cover the header.
    #[error("the list has {bytes} bytes, fewer than its header")]
    AclSizeTooSmall {
        /// The size found.
        bytes: u16,
    },
    /// The list is longer than the limit, as it stands or with the claims that share bytes written apart.
    #[error("the list has {bytes} bytes, more than {limit}")]
    AclTooLarge {
        /// How many there are, at least.
        bytes: usize,
        /// The limit in force.
        limit: usize,
    },
    /// The list has no room for as many entries as it counts, or the entry for its fields.
    #[error("the entry is cut off")]
    AceTruncated,
    /// The size does not cover the header.
    #[error("the entry has {bytes} bytes, fewer than its header")]
    AceSizeTooSmall {
        /// The size found.
        bytes: u16,
    },
    /// The size is no multiple of 4.
    #[error("the size of the entry, {bytes}, is not a multiple of 4")]
    AceSizeUnaligned {
        /// The size found.
        bytes: u16,
    },
    /// The entry has more bytes than its fields, and its type has no application data.
    #[error("bytes follow the fields of the entry")]
    AceTrailingBytes,
    /// Flags of an object entry that nobody defines.
    #[error("the object flags {flags:#x} are not known")]
    ObjectFlagsUnknown {
        /// The flags found.
        flags: u32,
    },
    /// Parts that do not make an entry.
    #[error("{0}")]
    Ace(AceError),
    /// What should be a condition does not begin with `artx`.
    #[error("the signature of the condition is missing")]
    ConditionSignatureMissing,
    /// A token has more bytes than there are.
    #[error("the token is cut off")]
    TokenTruncated,
    /// A code that nobody defines.
    #[error("the token code {code:#04x} is not known")]
    TokenUnknown {
        /// The code found.
        code: u8,
    },
    /// Something other than a literal in a composite: an attribute, an operator, another composite, padding.
    #[error("the token code {code:#04x} has no place in a composite")]
    CompositeMemberUnfit {
        /// The code found.
        code: u8,
    },
    /// A sign byte other than 1, 2 and 3.
    #[error("the sign {code} of an integer is not known")]
    IntegerSignUnknown {
        /// The byte found.
        code: u8,
    },
    /// A base byte other than 1, 2 and 3.
    #[error("the base {code} of an integer is not known")]
    IntegerBaseUnknown {
        /// The byte found.
        code: u8,
    },
    /// An odd number of bytes is not UTF-16.
    #[error("the string has {bytes} bytes, an odd number")]
    StringOddLength {
        /// The length found.
        bytes: u32,
    },
    /// One half of a surrogate pair.
    #[error("the string has an unpaired surrogate")]
    StringUnpairedSurrogate,
    /// More than three bytes of padding.
    #[error("{bytes} bytes of padding are more than 3")]
    PaddingTooLong {
        /// How many there are.
        bytes: usize,
    },
    /// Padding is zero.
    #[error("the padding is not zero")]
    PaddingNonzero,
    /// Tokens that make no condition, or one beyond the limits.
    #[error("{0}")]
    Condition(ConditionErrorKind),
    /// The claim has more bytes than there are.
    #[error("the claim is cut off")]
    ClaimTruncated,
    /// A type of values that nobody defines.
    #[error("the claim type {code:#x} is not known")]
    ClaimTypeUnknown {
        /// The code found.
        code: u16,
    },
    /// A name or value would lie in the claim's header or its table of offsets.
    #[error("the offset {to} points into the header of the claim")]
    ClaimOffsetIntoHeader {
        /// The offset found.
        to: u32,
    },
    /// A name or value would begin after the end of the claim.
    #[error("the offset {to} points beyond the end of the claim")]
    ClaimOffsetOutOfRange {
        /// The offset found.
        to: u32,
    },
    /// No U+0000 ends a name or string.
    #[error("the string has no end")]
    ClaimStringUnterminated,
    /// A truth value other than 0 and 1.
    #[error("the truth value {value:#x} is neither 0 nor 1")]
    ClaimBoolOutOfRange {
        /// The value found.
        value: u64,
    },
    /// A SID in neither its binary form nor as text.
    #[error("the SID in the claim is malformed")]
    ClaimSidMalformed,
    /// Values that share bytes come to more than an entry can hold.
    #[error("the values of the claim come to more than {limit} bytes")]
    ClaimTooLarge {
        /// The most that an entry can hold.
        limit: usize,
    },
    /// Parts that make no claim.
    #[error("{0}")]
    Claim(ClaimError),
}

impl DecodeErrorKind {
    /// A stable word for logs and machines: the name of the kind in snake case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DescriptorTruncated => "descriptor_truncated",
            Self::DescriptorRevisionUnknown { .. } => "descriptor_revision_unknown",
            Self::DescriptorNotSelfRelative => "descriptor_not_self_relative",
            Self::OffsetIntoHeader { .. } => "offset_into_header",
            Self::OffsetOutOfRange { .. } => "offset_out_of_range",
            Self::SidTruncated => "sid_truncated",
            Self::SidRevisionUnknown { .. } => "sid_revision_unknown",
            Self::SidSubAuthorityCount { .. } => "sid_sub_authority_count",
            Self::SidTrailingBytes => "sid_trailing_bytes",
            Self::AclTruncated => "acl_truncated",
            Self::AclRevisionUnknown { .. } => "acl_revision_unknown",
            Self::AclSizeTooSmall { .. } => "acl_size_too_small",
            Self::AclTooLarge { .. } => "acl_too_large",
            Self::AceTruncated => "ace_truncated",
            Self::AceSizeTooSmall { .. } => "ace_size_too_small",
            Self::AceSizeUnaligned { .. } => "ace_size_unaligned",
            Self::AceTrailingBytes => "ace_trailing_bytes",
            Self::ObjectFlagsUnknown { .. } => "object_flags_unknown",
            Self::Ace(_) => "ace",
            Self::ConditionSignatureMissing => "condition_signature_missing",
            Self::TokenTruncated => "token_truncated",
            Self::TokenUnknown { .. } => "token_unknown",
            Self::CompositeMemberUnfit { .. } => "composite_member_unfit",
            Self::IntegerSignUnknown { .. } => "integer_sign_unknown",
            Self::IntegerBaseUnknown { .. } => "integer_base_unknown",
            Self::StringOddLength { .. } => "string_odd_length",
            Self::StringUnpairedSurrogate => "string_unpaired_surrogate",
            Self::PaddingTooLong { .. } => "padding_too_long",
            Self::PaddingNonzero => "padding_nonzero",
            Self::Condition(_) => "condition",
            Self::ClaimTruncated => "claim_truncated",
            Self::ClaimTypeUnknown { .. } => "claim_type_unknown",
            Self::ClaimOffsetIntoHeader { .. } => "claim_offset_into_header",
            Self::ClaimOffsetOutOfRange { .. } => "claim_offset_out_of_range",
            Self::ClaimStringUnterminated => "claim_string_unterminated",
            Self::ClaimBoolOutOfRange { .. } => "claim_bool_out_of_range",
            Self::ClaimSidMalformed => "claim_sid_malformed",
            Self::ClaimTooLarge { .. } => "claim_too_large",
            Self::Claim(_) => "claim",
        }
    }
}

/// Why a descriptor has no binary form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// An entry's size is a 16-bit field.
    #[error("the entry {index} has {bytes} bytes, more than 65535")]
    AceTooLarge {
        /// Which entry of its list, counted from 0.
        index: usize,
        /// How many bytes it needs.
        bytes: usize,
    },
    /// A list's size is a 16-bit field.
    #[error("the list has {bytes} bytes, more than 65535")]
    AclTooLarge {
        /// How many bytes it needs.
        bytes: usize,
    },
}

impl EncodeError {
    /// A stable word for logs and machines: the name of the kind in snake case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AceTooLarge { .. } => "ace_too_large",
            Self::AclTooLarge { .. } => "acl_too_large",
        }
    }
}
