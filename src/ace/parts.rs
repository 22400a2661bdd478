use super::{Ace, AceError, AceFlags, AceType, Layout};
use crate::{
    claim::Claim,
    condition::{self, Condition},
    mask::AccessMask,
    sid::Sid,
};
use alloc::{boxed::Box, vec::Vec};
use uuid::Uuid;

/// The GUIDs of an object entry ([\[MS-DTYP\] 2.4.4.3][start]): the part of the object that it is about, and the class that
/// inherits it.
///
/// ```
/// use sddl_authz::Ace;
/// let ace: Ace = "(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;AU)".parse()?;
/// assert!(ace.objects().object.is_some() && ace.objects().inherited.is_none());
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
///
/// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectTypes {
    /// The property, property set, extended right or class of child that the entry is about. Without it the entry is about
    /// the whole object.
    pub object: Option<Uuid>,
    /// The class of the objects that inherit the entry. Without it objects of every class do.
    pub inherited: Option<Uuid>,
}

impl ObjectTypes {
    /// No GUIDs.
    pub(crate) const NONE: Self = Self {
        object: None,
        inherited: None,
    };

    /// The size of the binary form in bytes: the field that says which GUIDs there are, and those.
    #[inline]
    pub(super) fn encoded_len(&self) -> usize {
        let present = usize::from(self.object.is_some()).wrapping_add(self.inherited.is_some().into());
        present.wrapping_mul(16).wrapping_add(4)
    }
}

/// The part of an entry that follows its SID.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, Sid, ace::ApplicationData};
/// let ace = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
/// assert_eq!(ace.data(), &ApplicationData::None);
/// let ace = ace.with_condition(r#"(@User.Title == "PM")"#.parse()?)?;
/// assert!(matches!(ace.data(), ApplicationData::Condition(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApplicationData {
    /// Nothing follows the SID.
    #[default]
    None,
    /// The conditional expression of a callback entry or an access filter ([\[MS-DTYP\] 2.4.4.17][start]).
    ///
    /// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
    Condition(Condition),
    /// The claim of a resource attribute ([\[MS-DTYP\] 2.4.4.15][start]).
    ///
    /// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
    Claim(Box<Claim>),
    /// Bytes that this crate does not interpret: the application data of a callback entry, or everything after the header of
    /// an entry of an opaque type. Their number is a multiple of 4, as the size of every entry is.
    Opaque(Box<[u8]>),
}

impl ApplicationData {
    pub(super) fn encoded_len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Condition(condition) => condition.encoded_len(),
            Self::Claim(claim) => claim.encoded_len(),
            Self::Opaque(bytes) => bytes.len(),
        }
    }
}

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
            (ApplicationData::Opaque(bytes), _) if layout.has_callback_data() => {
                if bytes.starts_with(&condition::SIGNATURE) {
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
