//! Access control entries: the types, flags and parts of an entry.
//!
//! [`Ace`] is an entry. [`AceType`] and [`AceFlags`] are its header, [`Effect`] says what it does.

mod ace_type;
mod data;
mod effect;
mod error;
mod flags;
mod in_place;
mod parts;

pub(crate) use ace_type::layout_of_code;
pub use ace_type::{AceType, UnknownAceType};
pub use data::{ApplicationData, ObjectTypes};
pub use effect::{Effect, Layout};
pub use error::AceError;
pub use flags::{ACE_FLAGS, AceFlags};
pub use parts::AceParts;

use crate::{
    claim::Claim,
    condition::{Condition, SIGNATURE},
    mask::AccessMask,
    sid::Sid,
};
use alloc::boxed::Box;
use uuid::Uuid;

/// An access control entry ([\[MS-DTYP\] 2.4.4]): it allows, denies or audits some rights for a user or group.
///
/// | to make | write |
/// | --- | --- |
/// | `(A;;FR;;;AU)` | `Ace::allow(Sid::AUTHENTICATED_USERS, AccessMask::FILE_GENERIC_READ)` |
/// | `(D;OICI;…)` | `Ace::deny(…).with_flags(AceFlags::OBJECT_INHERIT \| AceFlags::CONTAINER_INHERIT)` |
/// | `(XA;;…;(@User.a == 1))` | `Ace::allow(…).with_condition("(@User.a == 1)".parse()?)?` |
/// | `(OA;;…;GUID;;…)` | `Ace::allow(…).with_object_type(guid)?` |
/// | any of these | `"(A;;FR;;;AU)".parse::<Ace>()?` |
///
/// An entry is always consistent: only object entries have GUIDs, only entries with room for application data have some,
/// and an entry of an unknown type is bytes alone.
///
/// To find out what a list grants, match on [`effect`](Self::effect), which tells a conditional grant from an unconditional
/// one. A check ([`check`](fn@crate::check)) also counts groups, inheritance, object types and the order of the entries.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, Effect, SecurityDescriptor, Sid};
/// let descriptor: SecurityDescriptor = r#"D:(A;;FR;;;AU)(XA;;FA;;;WD;(@User.Title == "PM"))"#.parse()?;
/// let always: Vec<&Ace> = descriptor.dacl.aces().iter().filter(|ace| ace.effect() == Effect::Allow).collect();
/// assert_eq!(always, [&Ace::allow(Sid::AUTHENTICATED_USERS, AccessMask::FILE_GENERIC_READ)]);
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
///
/// [\[MS-DTYP\] 2.4.4]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/d06e5a81-176e-46c6-9cf7-9137aad4455e
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "ACE")]
// The order of the fields matters to speed: the last two are large and mostly absent, and a copy of the others leaves them out.
#[repr(C)]
pub struct Ace {
    // An opaque entry has no trustee and no mask. Its fields hold NOBODY and no rights, and no method returns the trustee.
    trustee: Sid,
    mask: AccessMask,
    ace_type: AceType,
    flags: AceFlags,
    objects: ObjectTypes,
    data: ApplicationData,
}

impl Ace {
    /// An entry that allows `trustee` the rights in `mask` (`A`).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid};
    /// let ace = Ace::allow(Sid::ADMINISTRATORS, AccessMask::FILE_ALL_ACCESS);
    /// assert_eq!(ace, "(A;;FA;;;BA)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn allow(trustee: Sid, mask: AccessMask) -> Self {
        Self::plain(AceType::Allow, trustee, mask)
    }

    /// An entry that denies `trustee` the rights in `mask` (`D`).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid};
    /// let ace = Ace::deny(Sid::ANONYMOUS, AccessMask::DELETE);
    /// assert_eq!(ace, "(D;;SD;;;AN)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn deny(trustee: Sid, mask: AccessMask) -> Self {
        Self::plain(AceType::Deny, trustee, mask)
    }

    /// An entry that audits attempts of `trustee` to use the rights in `mask` (`AU`). It belongs in a SACL, and
    /// [`AceFlags::SUCCESSFUL_ACCESS`] and [`AceFlags::FAILED_ACCESS`] say which attempts are recorded.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, AceFlags, Sid};
    /// let ace = Ace::audit(Sid::EVERYONE, AccessMask::DELETE).with_flags(AceFlags::FAILED_ACCESS);
    /// assert_eq!(ace, "(AU;FA;SD;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn audit(trustee: Sid, mask: AccessMask) -> Self {
        Self::plain(AceType::Audit, trustee, mask)
    }

    /// A resource attribute (`RA`): a claim about the object, for `@Resource.…` in conditions. It belongs in a SACL.
    ///
    /// ```
    /// use sddl_authz::{Ace, Claim};
    /// let ace = Ace::resource_attribute(Claim::string("Project", "Windows")?);
    /// assert_eq!(ace, r#"(RA;;;;;WD;("Project",TS,0x0,"Windows"))"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn resource_attribute(claim: Claim) -> Self {
        Self {
            data: ApplicationData::Claim(Box::new(claim)),
            ..Self::plain(AceType::ResourceAttribute, Sid::EVERYONE, AccessMask::empty())
        }
    }

    /// This entry with these flags instead of its own.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, AceFlags, Sid};
    /// let ace = Ace::allow(Sid::EVERYONE, AccessMask::FILE_EXECUTE).with_flags(AceFlags::CONTAINER_INHERIT);
    /// assert_eq!(ace, "(A;CI;WP;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_flags(mut self, flags: AceFlags) -> Self {
        self.flags = flags;
        self
    }

    /// This entry for another user or group. An opaque entry has no trustee, so it stays as it is.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid};
    /// let ace = Ace::allow(Sid::CREATOR_OWNER, AccessMask::DELETE).with_trustee(Sid::LOCAL_SYSTEM);
    /// assert_eq!(ace.trustee(), Some(&Sid::LOCAL_SYSTEM));
    /// ```
    #[must_use]
    pub fn with_trustee(mut self, trustee: Sid) -> Self {
        if self.ace_type.layout() != Layout::Opaque {
            self.trustee = trustee;
        }
        self
    }

    /// This entry for other rights. An opaque entry has no mask, so it stays as it is.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid};
    /// let ace = Ace::allow(Sid::EVERYONE, AccessMask::FILE_ALL_ACCESS).with_mask(AccessMask::FILE_GENERIC_READ);
    /// assert_eq!(ace, "(A;;FR;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_mask(mut self, mask: AccessMask) -> Self {
        self.set_mask(mask);
        self
    }

    /// Changes the rights of this entry. An opaque entry has no mask, so it stays as it is.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, SecurityDescriptor};
    /// let mut descriptor: SecurityDescriptor = "D:(A;;FA;;;BA)(A;;FR;;;WD)".parse()?;
    /// for ace in descriptor.dacl.acl_mut().into_iter().flatten() {
    ///     ace.set_mask(AccessMask::FILE_GENERIC_EXECUTE);
    /// }
    /// assert_eq!(descriptor, "D:(A;;FX;;;BA)(A;;FX;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    pub fn set_mask(&mut self, mask: AccessMask) {
        if self.ace_type.layout() != Layout::Opaque {
            self.mask = mask;
        }
    }

    /// This entry with a condition: it counts only where the condition is true, or for an entry that denies, unknown.
    ///
    /// The type becomes the callback type of the same effect: `A` becomes `XA`, `OA` becomes `ZA`, and so on. A condition or
    /// other application data that the entry has is replaced.
    ///
    /// # Errors
    /// Fails if an entry of this type can't carry a condition: a label other than an access filter, or an opaque entry.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid};
    /// let ace = Ace::allow(Sid::AUTHENTICATED_USERS, AccessMask::FILE_GENERIC_READ)
    ///     .with_condition(r#"(@User.Title == "PM")"#.parse()?)?;
    /// assert_eq!(ace, r#"(XA;;FR;;;AU;(@User.Title == "PM"))"#.parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_condition(mut self, condition: Condition) -> Result<Self, AceError> {
        let ace_type = self.ace_type;
        self.ace_type = ace_type.with_condition().ok_or(AceError::DataNotAllowed { ace_type })?;
        self.data = ApplicationData::Condition(condition);
        Ok(self)
    }

    /// This entry for a part of the object: a property, a property set, an extended right or a class of child.
    ///
    /// The type becomes the object type of the same effect: `A` becomes `OA`, `XA` becomes `ZA`, and so on.
    ///
    /// # Errors
    /// Fails if an entry of this type has no GUIDs: a label, or an opaque entry.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid};
    /// // The extended right User-Force-Change-Password ([MS-ADTS] 5.1.3.2.1).
    /// let reset_password = "00299570-246d-11d0-a768-00aa006e0529";
    /// let ace = Ace::allow(Sid::ADMINISTRATORS, AccessMask::ADS_RIGHT_DS_CONTROL_ACCESS)
    ///     .with_object_type(reset_password.parse()?)?;
    /// assert_eq!(ace, format!("(OA;;CR;{reset_password};;BA)").parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_object_type(mut self, object_type: Uuid) -> Result<Self, AceError> {
        self.ace_type = self.object_ace_type()?;
        self.objects.object = Some(object_type);
        Ok(self)
    }

    /// This entry to be inherited by objects of one class alone. The type changes as [`with_object_type`](Self::with_object_type) says.
    ///
    /// # Errors
    /// Fails if an entry of this type has no GUIDs: a label, or an opaque entry.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, AceFlags, Sid};
    /// // The class User of Active Directory ([MS-ADSC]).
    /// let user = "bf967aba-0de6-11d0-a285-00aa003049e2";
    /// let ace = Ace::deny(Sid::EVERYONE, AccessMask::DELETE)
    ///     .with_flags(AceFlags::CONTAINER_INHERIT)
    ///     .with_inherited_object_type(user.parse()?)?;
    /// assert_eq!(ace, format!("(OD;CI;SD;;{user};WD)").parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_inherited_object_type(mut self, class: Uuid) -> Result<Self, AceError> {
        self.ace_type = self.object_ace_type()?;
        self.objects.inherited = Some(class);
        Ok(self)
    }

    fn object_ace_type(&self) -> Result<AceType, AceError> {
        let ace_type = self.ace_type;
        ace_type
            .with_objects()
            .ok_or(AceError::ObjectTypesNotAllowed { ace_type })
    }

    /// The type of the entry.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, AceType, Sid};
    /// assert_eq!(Ace::allow(Sid::EVERYONE, AccessMask::DELETE).ace_type(), AceType::Allow);
    /// ```
    #[must_use]
    pub const fn ace_type(&self) -> AceType {
        self.ace_type
    }

    /// The effect of the entry where it applies, which its type tells ([`AceType::effect`]). A callback entry without application data
    /// has no condition that can be evaluated: if it allows, it grants nothing, and if it denies, it denies.
    ///
    /// The entry may still apply to part of an object alone ([`objects`](Self::objects)), or to objects below it alone
    /// ([`is_inherit_only`](Self::is_inherit_only)).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Effect, Sid};
    /// let allow = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
    /// assert_eq!(allow.effect(), Effect::Allow);
    /// let conditional = allow.with_condition("(@User.level >= 3)".parse()?)?;
    /// assert_eq!(conditional.effect(), Effect::ConditionalAllow);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.ace_type.effect()
    }

    /// The flags: where the entry applies and which objects inherit it.
    ///
    /// ```
    /// use sddl_authz::{Ace, AceFlags};
    /// let ace: Ace = "(A;CIIO;GA;;;CO)".parse()?;
    /// assert_eq!(ace.flags(), AceFlags::CONTAINER_INHERIT | AceFlags::INHERIT_ONLY);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn flags(&self) -> AceFlags {
        self.flags
    }

    /// Whether the entry is there only to be inherited (`IO`). A check of this object ignores it.
    ///
    /// ```
    /// use sddl_authz::Ace;
    /// let ace: Ace = "(A;CIIO;GA;;;CO)".parse()?;
    /// assert!(ace.is_inherit_only());
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn is_inherit_only(&self) -> bool {
        self.flags.contains(AceFlags::INHERIT_ONLY)
    }

    /// The rights that the entry is about. An opaque entry has no mask, so this is empty.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace};
    /// let ace: Ace = "(A;;FR;;;WD)".parse()?;
    /// assert_eq!(ace.mask(), AccessMask::FILE_GENERIC_READ);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn mask(&self) -> AccessMask {
        self.mask
    }

    /// The user or group that the entry is about, or `None` if the entry is opaque.
    ///
    /// ```
    /// use sddl_authz::{Ace, Sid};
    /// let ace: Ace = "(A;;FR;;;WD)".parse()?;
    /// assert_eq!(ace.trustee(), Some(&Sid::EVERYONE));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn trustee(&self) -> Option<&Sid> {
        let opaque = matches!(self.ace_type, AceType::CompoundAllow | AceType::Unknown(_));
        (!opaque).then_some(&self.trustee)
    }

    /// The GUIDs of an object entry. An entry of another type has none.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid, ace::ObjectTypes};
    /// let ace = Ace::allow(Sid::EVERYONE, AccessMask::DELETE);
    /// assert_eq!(ace.objects(), &ObjectTypes::default());
    /// ```
    #[must_use]
    pub const fn objects(&self) -> &ObjectTypes {
        &self.objects
    }

    /// The part that follows the SID; in an opaque entry everything that follows the header.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid, ace::ApplicationData};
    /// assert_eq!(Ace::allow(Sid::EVERYONE, AccessMask::DELETE).data(), &ApplicationData::None);
    /// ```
    #[must_use]
    pub const fn data(&self) -> &ApplicationData {
        &self.data
    }

    /// The condition of a callback entry or an access filter, if it has one.
    ///
    /// ```
    /// use sddl_authz::{Ace, Condition};
    /// let ace: Ace = r#"(XA;;FR;;;WD;(@User.Title == "PM"))"#.parse()?;
    /// let condition: Condition = r#"(@User.Title == "PM")"#.parse()?;
    /// assert_eq!(ace.condition(), Some(&condition));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn condition(&self) -> Option<&Condition> {
        match &self.data {
            ApplicationData::Condition(condition) => Some(condition),
            ApplicationData::None | ApplicationData::Claim(_) | ApplicationData::Opaque(_) => None,
        }
    }

    /// Whether the entry has a condition that can't be read. The data of such an entry is [`ApplicationData::Opaque`]: the condition, as it
    /// was in the bytes. It is neither true nor false, so an entry that allows grants nothing, and one that denies does deny
    /// ([\[MS-DTYP\] 2.5.3.1.5](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, AceFlags, AceType, Sid, ace::{AceParts, ApplicationData, ObjectTypes}};
    /// let ace = Ace::from_parts(AceParts {
    ///     ace_type: AceType::CallbackAllow,
    ///     flags: AceFlags::empty(),
    ///     mask: AccessMask::READ_CONTROL,
    ///     trustee: Sid::EVERYONE,
    ///     objects: ObjectTypes::default(),
    ///     // The operator `!` has no operand.
    ///     data: ApplicationData::Opaque((*b"artx\xa2\0\0\0").into()),
    /// })?;
    /// assert!(ace.has_malformed_condition() && ace.condition().is_none());
    /// # Ok::<(), sddl_authz::ace::AceError>(())
    /// ```
    #[must_use]
    pub fn has_malformed_condition(&self) -> bool {
        match (&self.data, self.ace_type.layout()) {
            (ApplicationData::Opaque(_), Layout::Condition) => true,
            (ApplicationData::Opaque(bytes), Layout::Callback | Layout::CallbackObject) => {
                bytes.starts_with(&SIGNATURE)
            }
            _ => false,
        }
    }

    /// The claim of a resource attribute.
    ///
    /// ```
    /// use sddl_authz::{Ace, Claim};
    /// let ace = Ace::resource_attribute(Claim::int("Level", 3)?);
    /// assert_eq!(ace.claim().map(Claim::name), Some("Level"));
    /// # Ok::<(), sddl_authz::claim::ClaimError>(())
    /// ```
    #[must_use]
    pub fn claim(&self) -> Option<&Claim> {
        match &self.data {
            ApplicationData::Claim(claim) => Some(claim),
            ApplicationData::None | ApplicationData::Condition(_) | ApplicationData::Opaque(_) => None,
        }
    }

    /// The size of the binary form in bytes, a multiple of 4.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Sid};
    /// // Header 4, mask 4, and a SID with one sub-authority 12.
    /// assert_eq!(Ace::allow(Sid::EVERYONE, AccessMask::DELETE).encoded_len(), 20);
    /// ```
    #[must_use]
    #[inline]
    pub fn encoded_len(&self) -> usize {
        self.encoded_len_of(self.ace_type.layout())
    }

    /// The size of an entry whose type has this layout.
    #[inline]
    pub(crate) fn encoded_len_of(&self, layout: Layout) -> usize {
        let fields = self.trustee.encoded_len().saturating_add(8);
        match layout {
            Layout::Plain => fields,
            Layout::Object => fields.saturating_add(self.objects.encoded_len()),
            Layout::CallbackObject => self.len_with_data(fields.saturating_add(self.objects.encoded_len())),
            Layout::Callback | Layout::Claim | Layout::Condition => self.len_with_data(fields),
            Layout::Opaque => self.len_with_data(4),
        }
    }

    /// The size of an entry whose parts before the application data have this size.
    fn len_with_data(&self, before: usize) -> usize {
        before.saturating_add(self.data().encoded_len().next_multiple_of(4))
    }
}
