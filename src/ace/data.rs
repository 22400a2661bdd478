use crate::{claim::Claim, condition::Condition};
use alloc::boxed::Box;
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
/// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/c79a383c-2b3f-4655-abe7-dcbb7ce0cfbe
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
    /// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/352944c7-4fb6-4988-8036-0a25dcedc730
    Claim(Box<Claim>),
    /// Bytes that this crate does not interpret: the application data of a callback entry, a condition that
    /// [can't be read](super::Ace::has_malformed_condition), or everything after the header of an entry of an opaque type. Their
    /// number is a multiple of 4, as the size of every entry is.
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
