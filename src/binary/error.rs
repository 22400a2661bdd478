use crate::{claim::ClaimError, condition::ConditionErrorKind};
use core::{error::Error, fmt};

/// The error of bytes that can't be read: what is wrong, and at which byte.
///
/// ```
/// use sddl_authz::{SecurityDescriptor, binary::DecodeErrorKind};
/// let error = SecurityDescriptor::from_bytes(&[2]).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::DescriptorRevisionUnknown { revision: 2 });
/// assert_eq!((error.code(), error.offset()), ("descriptor_revision_unknown", 0));
/// assert_eq!(error.to_string(), "the descriptor has revision 2, not 1 at byte 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    offset: usize,
}

/// An error, and the address of the byte at which it shows. The readers keep no offsets, so that they need not count the bytes that they
/// read: [`within`](Self::within) makes an offset of the address.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadError {
    kind: DecodeErrorKind,
    address: usize,
}

impl ReadError {
    /// An error at the first of these bytes, which are a part of the input, perhaps an empty one.
    #[cold]
    pub(super) fn new(kind: DecodeErrorKind, part: &[u8]) -> Self {
        let address = part.as_ptr().addr();
        Self { kind, address }
    }

    /// Moves the place of this error `bytes` bytes to the end.
    #[cold]
    pub(super) const fn after(self, bytes: usize) -> Self {
        Self {
            address: self.address.saturating_add(bytes),
            ..self
        }
    }

    pub(super) const fn kind(self) -> DecodeErrorKind {
        self.kind
    }

    /// The error, with its place in the input.
    #[cold]
    pub(super) fn within(self, input: &[u8]) -> DecodeError {
        DecodeError {
            kind: self.kind,
            offset: self.address.saturating_sub(input.as_ptr().addr()).min(input.len()),
        }
    }
}

/// How a failed read is reported: by a [`ReadError`], or by [`Failed`], which says nothing and so costs nothing. The caller that gets a
/// [`Failed`] reads again to learn the error.
pub(super) trait Report: Sized {
    fn of(error: impl FnOnce() -> ReadError) -> Self;
}

impl Report for ReadError {
    #[inline]
    fn of(error: impl FnOnce() -> Self) -> Self {
        error()
    }
}

/// The report of a failed read that is not told what is wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed;

impl Report for Failed {
    #[inline]
    fn of(_: impl FnOnce() -> ReadError) -> Self {
        Self
    }
}

/// The part of the input that ends before its fields do. It is small, so that a reader is given it at no cost.
#[derive(Clone, Copy, Debug)]
pub(super) enum Truncated {
    Descriptor,
    Acl,
    Ace,
    Claim,
}

impl Truncated {
    /// The error at the first of these bytes, which are a part of the input.
    #[cold]
    #[inline(never)]
    pub(super) fn error(self, part: &[u8]) -> ReadError {
        let kind = match self {
            Self::Descriptor => DecodeErrorKind::DescriptorTruncated,
            Self::Acl => DecodeErrorKind::AclTruncated,
            Self::Ace => DecodeErrorKind::AceTruncated,
            Self::Claim => DecodeErrorKind::ClaimTruncated,
        };
        ReadError::new(kind, part)
    }
}

impl DecodeError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// A stable code for programs: [`DecodeErrorKind::code`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The place of the error: the number of bytes from the start of the input to the field that is wrong, or to the first field that is
    /// missing.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

/// Prints the kind and the place. The text of the [source](Error::source) is part of it.
impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

/// The source is the error of the claim or condition that the bytes contain, if it is one of these.
impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.kind.source()
    }
}

/// The kinds of [`DecodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// There are fewer than 20 bytes.
    #[error("the descriptor ends within its header")]
    DescriptorTruncated,
    /// The only revision is 1.
    #[error("the descriptor has revision {revision}, not 1")]
    DescriptorRevisionUnknown {
        /// The revision found.
        revision: u8,
    },
    /// The control bit `SELF_RELATIVE` is clear, so the offsets would be pointers.
    #[error("the descriptor is not self-relative")]
    DescriptorNotSelfRelative,
    /// The offset of a part leads into the header of the descriptor.
    #[error("the offset {to} points into the header")]
    OffsetIntoHeader {
        /// The offset found.
        to: u32,
    },
    /// The offset of a part leads beyond the end of the input.
    #[error("the offset {to} points beyond the end")]
    OffsetOutOfRange {
        /// The offset found.
        to: u32,
    },
    /// The bytes end before the SID does.
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
    /// The SID has fewer bytes than the length before it says.
    #[error("bytes follow the SID")]
    SidTrailingBytes,
    /// The list has fewer bytes than its size says.
    #[error("the list is cut off")]
    AclTruncated,
    /// The revision is not 2, 3 or 4.
    #[error("the list has revision {revision}, not 2 to 4")]
    AclRevisionUnknown {
        /// The revision found.
        revision: u8,
    },
    /// The size is smaller than the header.
    #[error("the list has {bytes} bytes, fewer than its header")]
    AclSizeTooSmall {
        /// The size found.
        bytes: u16,
    },
    /// The list is longer than the limit. Its length is counted as it is, and also as it would be written: then no two values of a claim share
    /// bytes.
    #[error("the list has {bytes} bytes, more than {limit}")]
    AclTooLarge {
        /// The number of bytes, or of those up to the entry at which the limit was exceeded.
        bytes: usize,
        /// The limit in force.
        limit: usize,
    },
    /// The list is too short for the number of its entries, or an entry is too short for its fields.
    #[error("the entry is cut off")]
    AceTruncated,
    /// The size is smaller than the header.
    #[error("the entry has {bytes} bytes, fewer than its header")]
    AceSizeTooSmall {
        /// The size found.
        bytes: u16,
    },
    /// The size is not a multiple of 4.
    #[error("the size of the entry, {bytes}, is not a multiple of 4")]
    AceSizeUnaligned {
        /// The size found.
        bytes: u16,
    },
    /// An object entry has flags that [MS-DTYP] does not define.
    #[error("the object flags {flags:#x} are not known")]
    ObjectFlagsUnknown {
        /// The flags found.
        flags: u32,
    },
    /// A condition does not begin with `artx`.
    #[error("the signature of the condition is missing")]
    ConditionSignatureMissing,
    /// The bytes end before the token does.
    #[error("the token is cut off")]
    TokenTruncated,
    /// A token has a code that [MS-DTYP] does not define.
    #[error("the token code {code:#04x} is not known")]
    TokenUnknown {
        /// The code found.
        code: u8,
    },
    /// A composite contains something other than a literal: an attribute, an operator, another composite or padding.
    #[error("the token code {code:#04x} has no place in a composite")]
    CompositeMemberUnfit {
        /// The code found.
        code: u8,
    },
    /// The sign of an integer is not 1, 2 or 3.
    #[error("the sign {code} of an integer is not known")]
    IntegerSignUnknown {
        /// The byte found.
        code: u8,
    },
    /// The base of an integer is not 1, 2 or 3.
    #[error("the base {code} of an integer is not known")]
    IntegerBaseUnknown {
        /// The byte found.
        code: u8,
    },
    /// A string has an odd number of bytes, so it is not UTF-16.
    #[error("the string has {bytes} bytes, an odd number")]
    StringOddLength {
        /// The length found.
        bytes: u32,
    },
    /// A string has half of a surrogate pair.
    #[error("the string has an unpaired surrogate")]
    StringUnpairedSurrogate,
    /// There are more than three bytes of padding.
    #[error("{bytes} bytes of padding are more than 3")]
    PaddingTooLong {
        /// The number of bytes of padding.
        bytes: usize,
    },
    /// The padding has a byte that is not zero.
    #[error("the padding is not zero")]
    PaddingNonzero,
    /// The tokens are not an expression, or one beyond the limits.
    #[error("{0}")]
    Condition(#[source] ConditionErrorKind),
    /// The bytes end before the claim does.
    #[error("the claim is cut off")]
    ClaimTruncated,
    /// The claim has a type that [MS-DTYP] does not define.
    #[error("the claim type {code:#x} is not known")]
    ClaimTypeUnknown {
        /// The code found.
        code: u16,
    },
    /// The offset of a name or value leads into the header of the claim or its table of offsets.
    #[error("the offset {to} points into the header of the claim")]
    ClaimOffsetIntoHeader {
        /// The offset found.
        to: u32,
    },
    /// The offset of a name or value leads beyond the end of the claim.
    #[error("the offset {to} points beyond the end of the claim")]
    ClaimOffsetOutOfRange {
        /// The offset found.
        to: u32,
    },
    /// A name or string does not end with U+0000.
    #[error("the string has no end")]
    ClaimStringUnterminated,
    /// A boolean is neither 0 nor 1.
    #[error("the truth value {value:#x} is neither 0 nor 1")]
    ClaimBoolOutOfRange {
        /// The value found.
        value: u64,
    },
    /// A SID in a claim starts like text, but is not `S-1-…`.
    #[error("the SID in the claim is malformed")]
    ClaimSidMalformed,
    /// The values share bytes, and would be longer than an entry can be if they did not.
    #[error("the values of the claim come to more than {limit} bytes")]
    ClaimTooLarge {
        /// The most bytes that an entry can have.
        limit: usize,
    },
    /// The parts are not a claim.
    #[error("{0}")]
    Claim(#[source] ClaimError),
}

impl DecodeErrorKind {
    /// Whether a condition is beyond a limit, and may be valid.
    pub(super) const fn is_condition_limit(self) -> bool {
        matches!(self, Self::Condition(kind) if kind.is_limit())
    }

    /// A stable code for programs: the name of the variant in `snake_case`.
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
            Self::ObjectFlagsUnknown { .. } => "object_flags_unknown",
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

/// The error of a descriptor that can't be written as bytes.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, AclState, SecurityDescriptor, Sid, binary::EncodeError};
/// let ace = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
/// let mut descriptor = SecurityDescriptor::default();
/// descriptor.dacl = AclState::Present(vec![ace; 5000].into());
/// assert_eq!(descriptor.to_bytes(), Err(EncodeError::AclTooLarge { bytes: 8 + 20 * 5000 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// An entry is longer than the 16 bits of its size can say.
    #[error("the entry {index} has {bytes} bytes, more than 65535")]
    AceTooLarge {
        /// The index of the entry in its list, from 0.
        index: usize,
        /// The number of bytes it needs.
        bytes: usize,
    },
    /// A list is longer than the 16 bits of its size can say.
    #[error("the list has {bytes} bytes, more than 65535")]
    AclTooLarge {
        /// The number of bytes it needs.
        bytes: usize,
    },
}

impl EncodeError {
    /// A stable code for programs: the name of the variant in `snake_case`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AceTooLarge { .. } => "ace_too_large",
            Self::AclTooLarge { .. } => "acl_too_large",
        }
    }
}
