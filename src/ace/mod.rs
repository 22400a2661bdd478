//! Access control entries ([MS-DTYP] 2.4.4).

mod ace_type;
mod flags;

pub use ace_type::{AceType, Effect, Layout, UnknownAceType};
pub use flags::{ACE_FLAGS, AceFlags};

use crate::{
    claim::Claim,
    condition::{self, Condition},
    mask::AccessMask,
    sid::Sid,
};
use alloc::{boxed::Box, vec::Vec};
use uuid::Uuid;

/// An access control entry ([MS-DTYP] 2.4.4).
///
/// Made by [`Ace::allow`], [`Ace::deny`] and their kin, which keep what cannot be apart: a GUID stands only in an object
/// entry, application data only in an entry that has room for it, and an entry of an unknown type is bytes alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "ACE")]
// In this order: data that is not there would be copied with what stands beside it.
#[repr(C)]
pub struct Ace {
    // Of an opaque entry, `trustee` and `mask` say nothing and are never shown.
    trustee: Sid,
    mask: AccessMask,
    ace_type: AceType,
    flags: AceFlags,
    objects: ObjectTypes,
    data: ApplicationData,
}

/// The GUIDs of an object entry ([MS-DTYP] 2.4.4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectTypes {
    /// The property, property set, extended right or class of child that the entry is about; without it, the whole object.
    pub object: Option<Uuid>,
    /// The class of the objects that inherit the entry; without it, all.
    pub inherited: Option<Uuid>,
}

impl ObjectTypes {
    /// No GUIDs.
    pub(crate) const NONE: Self = Self {
        object: None,
        inherited: None,
    };

    /// Bytes of the binary form: which of the two there are, and those.
    #[inline]
    fn encoded_len(&self) -> usize {
        let present = usize::from(self.object.is_some()).wrapping_add(self.inherited.is_some().into());
        present.wrapping_mul(16).wrapping_add(4)
    }
}

/// What follows the SID of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApplicationData {
    /// Nothing.
    #[default]
    None,
    /// What is asked besides who is asking ([MS-DTYP] 2.4.4.17): of a callback entry or an access filter.
    Condition(Condition),
    /// What a resource attribute says of the object ([MS-DTYP] 2.4.4.15).
    Claim(Box<Claim>),
    /// Bytes that this crate does not read: of a callback entry ([MS-DTYP] 2.4.4.6), or all that follows the header of an entry of an
    /// unknown type. A multiple of 4, as every entry is.
    Opaque(Box<[u8]>),
}

impl ApplicationData {
    fn encoded_len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Condition(condition) => condition.encoded_len(),
            Self::Claim(claim) => claim.encoded_len(),
            Self::Opaque(bytes) => bytes.len(),
        }
    }
}

/// Why parts do not make an [`Ace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AceError {
    /// Only object entries have GUIDs.
    #[error("an entry of type {ace_type} has no object GUIDs")]
    ObjectTypesMisplaced {
        /// The type given.
        ace_type: AceType,
    },
    /// The type has no room for this application data.
    #[error("an entry of type {ace_type} does not carry this application data")]
    DataMisplaced {
        /// The type given.
        ace_type: AceType,
    },
    /// A resource attribute is nothing without its claim.
    #[error("an entry of type {ace_type} carries a claim")]
    DataMissing {
        /// The type given.
        ace_type: AceType,
    },
    /// Bytes that begin like a condition are not opaque.
    #[error("application data that begins with `artx` is a condition")]
    DataIsCondition,
    /// The size of an entry is a multiple of 4, so that of opaque bytes is one too.
    #[error("{bytes} opaque bytes are not a multiple of 4")]
    DataUnaligned {
        /// How many bytes were given.
        bytes: usize,
    },
    /// An entry of a type that is left unread is made of bytes alone.
    #[error("an entry of type {ace_type} is left unread, so it has no parts")]
    Opaque {
        /// The type given.
        ace_type: AceType,
    },
    /// An entry of a known type is made of parts.
    #[error("an entry of type {ace_type} is made of parts, not of bytes")]
    NotOpaque {
        /// The type given.
        ace_type: AceType,
    },
}

/// The parts of an entry whose type is known.
#[derive(Clone, Debug)]
pub struct AceParts {
    /// What kind of entry it is.
    pub ace_type: AceType,
    /// Where it applies and what it is inherited by.
    pub flags: AceFlags,
    /// The rights it is about.
    pub mask: AccessMask,
    /// Whom it is about.
    pub trustee: Sid,
    /// The GUIDs of an object entry.
    pub objects: ObjectTypes,
    /// What follows the SID.
    pub data: ApplicationData,
}

impl Ace {
    /// An entry of a plain type, without flags.
    pub(crate) const fn plain(ace_type: AceType, trustee: Sid, mask: AccessMask) -> Self {
        Self {
            trustee,
            mask,
            ace_type,
            flags: AceFlags::empty(),
            objects: ObjectTypes::NONE,
            data: ApplicationData::None,
        }
    }

    /// Stands for an entry that can't be read: its type is unknown, so it denies.
    pub(crate) fn unknown() -> Self {
        Self::plain(AceType::from_code(u8::MAX), Sid::NOBODY, AccessMask::empty())
    }

    /// Gives a callback entry without GUIDs its condition; tells its length in bytes then.
    #[inline]
    pub(crate) fn set_condition(&mut self, condition: Condition) -> usize {
        let data = condition.encoded_len().next_multiple_of(4);
        self.data = ApplicationData::Condition(condition);
        self.trustee.encoded_len().saturating_add(8).saturating_add(data)
    }

    /// Gives an object entry its GUIDs, if they are there. Each by itself: both at once would wait for what was written last.
    #[inline]
    pub(crate) const fn set_objects(&mut self, object: Option<Uuid>, inherited: Option<Uuid>) {
        if let Some(object) = object {
            self.objects.object = Some(object);
        }
        if let Some(inherited) = inherited {
            self.objects.inherited = Some(inherited);
        }
    }

    pub(crate) const fn trustee_mut(&mut self) -> &mut Sid {
        &mut self.trustee
    }

    /// Adds an entry of a plain type, or one whose GUIDs or condition are to follow.
    ///
    /// A function of its own: the entry is then written where it stands, rather than moved there.
    #[inline(never)]
    pub(crate) fn add<'a>(
        aces: &'a mut Vec<Self>,
        ace_type: AceType,
        flags: AceFlags,
        mask: AccessMask,
        trustee: &Sid,
    ) -> Option<&'a mut Self> {
        if aces.len() == aces.capacity() {
            return Self::add_to_full(aces, ace_type, flags, mask, trustee);
        }
        aces.push(Self {
            trustee: *trustee,
            mask,
            ace_type,
            flags,
            // Not the constant, which would be copied, room for GUIDs and all.
            objects: ObjectTypes {
                object: None,
                inherited: None,
            },
            data: ApplicationData::None,
        });
        aces.last_mut()
    }

    /// The same where there is no room: apart, so that room costs [`add`](Self::add) nothing.
    #[cold]
    #[inline(never)]
    fn add_to_full<'a>(
        aces: &'a mut Vec<Self>,
        ace_type: AceType,
        flags: AceFlags,
        mask: AccessMask,
        trustee: &Sid,
    ) -> Option<&'a mut Self> {
        aces.reserve(1);
        Self::add(aces, ace_type, flags, mask, trustee)
    }

    /// Allows `trustee` what is in `mask` (`A`).
    #[must_use]
    pub fn allow(trustee: Sid, mask: AccessMask) -> Self {
        Self::plain(AceType::Allow, trustee, mask)
    }

    /// Denies `trustee` what is in `mask` (`D`).
    #[must_use]
    pub fn deny(trustee: Sid, mask: AccessMask) -> Self {
        Self::plain(AceType::Deny, trustee, mask)
    }

    /// Audits attempts of `trustee` at what is in `mask` (`AU`); the flags say whether successes or failures.
    #[must_use]
    pub fn audit(trustee: Sid, mask: AccessMask) -> Self {
        Self::plain(AceType::Audit, trustee, mask)
    }

    /// The same entry with these flags.
    #[must_use]
    pub fn with_flags(mut self, flags: AceFlags) -> Self {
        self.flags = flags;
        self
    }

    /// The same entry about this trustee. One that is left unread stays as it is.
    #[must_use]
    pub fn with_trustee(mut self, trustee: Sid) -> Self {
        if self.ace_type.layout() != Layout::Opaque {
            self.trustee = trustee;
        }
        self
    }

    /// The same entry about these rights. One that is left unread stays as it is.
    #[must_use]
    pub fn with_mask(mut self, mask: AccessMask) -> Self {
        if self.ace_type.layout() != Layout::Opaque {
            self.mask = mask;
        }
        self
    }

    /// An entry of a type whose form is known. No opaque bytes are as no data.
    ///
    /// # Errors
    /// When the type has no room for the GUIDs or the application data, or lacks the latter, or its form is not known.
    pub fn from_parts(parts: AceParts) -> Result<Self, AceError> {
        let AceParts {
            ace_type,
            flags,
            mask,
            trustee,
            objects,
            data,
        } = parts;
        let layout = ace_type.layout();
        let data = if matches!(&data, ApplicationData::Opaque(bytes) if bytes.is_empty()) {
            ApplicationData::None
        } else {
            data
        };
        if layout == Layout::Opaque {
            return Err(AceError::Opaque { ace_type });
        }
        if objects != ObjectTypes::default() && !layout.has_objects() {
            return Err(AceError::ObjectTypesMisplaced { ace_type });
        }
        match (&data, layout) {
            (ApplicationData::None, Layout::Claim) => return Err(AceError::DataMissing { ace_type }),
            (ApplicationData::None, _)
            | (ApplicationData::Condition(_), Layout::Callback | Layout::CallbackObject | Layout::Condition)
            | (ApplicationData::Claim(_), Layout::Claim) => {}
            (ApplicationData::Opaque(bytes), _) if layout.has_callback_data() => {
                if bytes.starts_with(&condition::SIGNATURE) {
                    return Err(AceError::DataIsCondition);
                }
                check_alignment(bytes)?;
            }
            (ApplicationData::Condition(_) | ApplicationData::Claim(_) | ApplicationData::Opaque(_), _) => {
                return Err(AceError::DataMisplaced { ace_type });
            }
        }
        Ok(Self {
            trustee,
            mask,
            ace_type,
            flags,
            objects,
            data,
        })
    }

    /// An entry that is left unread: of an unknown type, or the reserved compound one. `body` is all that follows its header.
    ///
    /// # Errors
    /// When the form of the type is known, or the bytes are not a multiple of 4.
    pub fn opaque(ace_type: AceType, flags: AceFlags, body: Vec<u8>) -> Result<Self, AceError> {
        if ace_type.layout() != Layout::Opaque {
            return Err(AceError::NotOpaque { ace_type });
        }
        check_alignment(&body)?;
        Ok(Self {
            flags,
            data: ApplicationData::Opaque(body.into()),
            ..Self::plain(ace_type, Sid::NOBODY, AccessMask::empty())
        })
    }

    /// What kind of entry it is.
    #[must_use]
    pub const fn ace_type(&self) -> AceType {
        self.ace_type
    }

    /// Where it applies and what it is inherited by.
    #[must_use]
    pub const fn flags(&self) -> AceFlags {
        self.flags
    }

    /// Whether it stands here only to be inherited, and takes no part in a check.
    #[must_use]
    pub const fn is_inherit_only(&self) -> bool {
        self.flags.contains(AceFlags::INHERIT_ONLY)
    }

    /// The rights it is about; none of an entry that is left unread.
    #[must_use]
    pub const fn mask(&self) -> AccessMask {
        self.mask
    }

    /// Whom it is about, unless its type is left unread.
    #[must_use]
    pub fn trustee(&self) -> Option<&Sid> {
        let unread = matches!(self.ace_type, AceType::CompoundAllow | AceType::Unknown(_));
        (!unread).then_some(&self.trustee)
    }

    /// The GUIDs of an object entry.
    #[must_use]
    pub const fn objects(&self) -> &ObjectTypes {
        &self.objects
    }

    /// What follows the SID; of an entry that is left unread, all that follows the header.
    #[must_use]
    pub const fn data(&self) -> &ApplicationData {
        &self.data
    }

    /// Bytes of the binary form, a multiple of 4.
    #[must_use]
    #[inline]
    pub fn encoded_len(&self) -> usize {
        if self.ace_type.layout() == Layout::Plain {
            self.trustee.encoded_len().saturating_add(8)
        } else {
            self.encoded_len_with_more()
        }
    }

    /// The same of an entry that may have more than a mask and a SID.
    fn encoded_len_with_more(&self) -> usize {
        let fields = self.trustee.encoded_len().saturating_add(8);
        let with_data = |bytes: usize| bytes.saturating_add(self.data().encoded_len().next_multiple_of(4));
        match self.ace_type.layout() {
            Layout::Plain => fields,
            Layout::Object => fields.saturating_add(self.objects.encoded_len()),
            Layout::CallbackObject => with_data(fields.saturating_add(self.objects.encoded_len())),
            Layout::Callback | Layout::Claim | Layout::Condition => with_data(fields),
            Layout::Opaque => with_data(4),
        }
    }
}

fn check_alignment(bytes: &[u8]) -> Result<(), AceError> {
    let bytes = bytes.len();
    if bytes.is_multiple_of(4) {
        Ok(())
    } else {
        Err(AceError::DataUnaligned { bytes })
    }
}
