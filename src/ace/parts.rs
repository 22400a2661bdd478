use super::{Ace, AceError, AceFlags, AceType, ApplicationData, Layout, ObjectTypes};
use crate::{
    condition::{self, Condition},
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;

/// All parts of an entry of a known type, for [`Ace::from_parts`].
///
/// [`Ace::allow`] and the methods `with_…` are shorter. The parts are for programs that copy entries from another source.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, AceFlags, AceType, Sid};
/// use sddl_authz::ace::{AceParts, ApplicationData, ObjectTypes};
/// let ace = Ace::from_parts(AceParts {
///     ace_type: AceType::Allow,
///     flags: AceFlags::empty(),
///     mask: AccessMask::READ_CONTROL,
///     trustee: Sid::EVERYONE,
///     objects: ObjectTypes::default(),
///     data: ApplicationData::None,
/// })?;
/// assert_eq!(ace, Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL));
/// # Ok::<(), sddl_authz::ace::AceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AceParts {
    /// The type of the entry.
    pub ace_type: AceType,
    /// Where the entry applies and which objects inherit it.
    pub flags: AceFlags,
    /// The rights that the entry is about.
    pub mask: AccessMask,
    /// The user or group that the entry is about.
    pub trustee: Sid,
    /// The GUIDs of an object entry.
    pub objects: ObjectTypes,
    /// The part that follows the SID.
    pub data: ApplicationData,
}

impl Ace {
    /// An entry of a known type, from all its parts. Opaque data of 0 bytes counts as [`ApplicationData::None`].
    ///
    /// # Errors
    /// Fails if the type has no GUIDs or no room for the application data, if a resource attribute lacks its claim, or if the
    /// type is opaque.
    ///
    /// ```
    /// use sddl_authz::ace::{AceError, AceParts, ApplicationData, ObjectTypes};
    /// use sddl_authz::{AccessMask, Ace, AceFlags, AceType, Sid};
    /// let label = Ace::from_parts(AceParts {
    ///     ace_type: AceType::ResourceAttribute,
    ///     flags: AceFlags::empty(),
    ///     mask: AccessMask::empty(),
    ///     trustee: Sid::EVERYONE,
    ///     objects: ObjectTypes::default(),
    ///     data: ApplicationData::None,
    /// });
    /// assert_eq!(label, Err(AceError::DataMissing { ace_type: AceType::ResourceAttribute }));
    /// ```
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
            return Err(AceError::ObjectTypesNotAllowed { ace_type });
        }
        match (&data, layout) {
            (ApplicationData::None, Layout::Claim) => return Err(AceError::DataMissing { ace_type }),
            (ApplicationData::None, _)
            | (ApplicationData::Condition(_), Layout::Callback | Layout::CallbackObject | Layout::Condition)
            | (ApplicationData::Claim(_), Layout::Claim) => {}
            (ApplicationData::Opaque(bytes), Layout::Callback | Layout::CallbackObject | Layout::Condition) => {
                let begins = layout == Layout::Condition || bytes.starts_with(&condition::SIGNATURE);
                if begins && !Condition::is_malformed(bytes) {
                    return Err(AceError::DataIsCondition);
                }
                check_alignment(bytes)?;
            }
            (ApplicationData::Condition(_) | ApplicationData::Claim(_) | ApplicationData::Opaque(_), _) => {
                return Err(AceError::DataNotAllowed { ace_type });
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

    /// An entry of an opaque type: an unknown one, or the reserved compound type. `body` is everything after its header.
    ///
    /// # Errors
    /// Fails if the type is known, or if the number of bytes is not a multiple of 4.
    ///
    /// ```
    /// use sddl_authz::{Ace, AceFlags, AceType};
    /// let ace = Ace::opaque(AceType::from_code(0x42), AceFlags::empty(), vec![0; 8])?;
    /// assert_eq!((ace.ace_type().code(), ace.trustee()), (0x42, None));
    /// # Ok::<(), sddl_authz::ace::AceError>(())
    /// ```
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
}

fn check_alignment(bytes: &[u8]) -> Result<(), AceError> {
    let bytes = bytes.len();
    if bytes.is_multiple_of(4) {
        Ok(())
    } else {
        Err(AceError::DataUnaligned { bytes })
    }
}
