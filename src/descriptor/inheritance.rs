use crate::{acl::Acl, mask::GenericMapping, sid::Sid};
use alloc::vec::Vec;
use uuid::Uuid;

/// The facts about a new object and its creator that [`SecurityDescriptor::child`](super::SecurityDescriptor::child) needs.
///
/// ```
/// use sddl_authz::{GenericMapping, SecurityDescriptor, Sid, descriptor::Inheritance};
/// let folder: SecurityDescriptor = "D:(A;CI;GR;;;BU)".parse()?;
/// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::ADMINISTRATORS)
///     .with_container(true)
///     .with_mapping(GenericMapping::FILE);
/// let below = SecurityDescriptor::child(Some(&folder), None, &how);
/// assert_eq!(below, "O:BAG:BAD:(A;;FR;;;BU)(A;CIIO;GR;;;BU)".parse()?);
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inheritance {
    /// Whether the new object is a container: a directory, a key, any object of a directory service.
    pub container: bool,
    /// The classes of the new object, the structural class and all auxiliary ones. An entry for objects of one class is effective
    /// only if it is one of these. Empty if objects have no classes.
    pub classes: Vec<Uuid>,
    /// Whether the DACL inherits automatically: the parent's entries are added to an explicit DACL too, and marked as inherited.
    #[doc(alias = "SEF_DACL_AUTO_INHERIT")]
    pub auto_inherit_dacl: bool,
    /// Whether the SACL inherits automatically.
    #[doc(alias = "SEF_SACL_AUTO_INHERIT")]
    pub auto_inherit_sacl: bool,
    /// The owner, if the creator's descriptor has none. Windows takes it from the creator's token.
    pub default_owner: Sid,
    /// The group, if the creator's descriptor has none. Windows takes it from the creator's token.
    pub default_group: Sid,
    /// The DACL, if neither the creator's descriptor nor the parent gives one. Windows takes it from the creator's token.
    ///
    /// **Without it such an object has no DACL, and everybody is granted everything.**
    pub default_dacl: Option<Acl>,
    /// The meaning of generic rights for the new object. Without it they stay as they are.
    pub mapping: Option<GenericMapping>,
}

impl Inheritance {
    /// For an object that is not a container, without classes, automatic inheritance, a default DACL or a mapping.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid, descriptor::Inheritance};
    /// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::LOCAL_SYSTEM);
    /// assert_eq!(SecurityDescriptor::child(None, None, &how), "O:BAG:SY".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn new(default_owner: Sid, default_group: Sid) -> Self {
        Self {
            container: false,
            classes: Vec::new(),
            auto_inherit_dacl: false,
            auto_inherit_sacl: false,
            default_owner,
            default_group,
            default_dacl: None,
            mapping: None,
        }
    }

    /// Says whether the new object is a container.
    ///
    /// ```
    /// use sddl_authz::{Sid, descriptor::Inheritance};
    /// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::ADMINISTRATORS).with_container(true);
    /// assert!(how.container);
    /// ```
    #[must_use]
    pub const fn with_container(mut self, container: bool) -> Self {
        self.container = container;
        self
    }

    /// Sets the classes of the new object.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid, descriptor::Inheritance};
    /// // An entry for objects of the class User ([MS-ADSC]).
    /// let parent: SecurityDescriptor = "D:(OD;CI;SD;;bf967aba-0de6-11d0-a285-00aa003049e2;WD)".parse()?;
    /// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::ADMINISTRATORS).with_container(true);
    /// let user = how.clone().with_classes(["bf967aba-0de6-11d0-a285-00aa003049e2".parse()?]);
    /// assert!(!SecurityDescriptor::child(Some(&parent), None, &user).dacl.aces()[0].is_inherit_only());
    /// assert!(SecurityDescriptor::child(Some(&parent), None, &how).dacl.aces()[0].is_inherit_only());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_classes(mut self, classes: impl IntoIterator<Item = Uuid>) -> Self {
        self.classes = classes.into_iter().collect();
        self
    }

    /// Says whether the DACL inherits automatically.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid, descriptor::Inheritance};
    /// let parent: SecurityDescriptor = "D:(A;OI;FR;;;BU)".parse()?;
    /// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::ADMINISTRATORS).with_auto_inherit_dacl(true);
    /// assert_eq!(SecurityDescriptor::child(Some(&parent), None, &how), "O:BAG:BAD:AI(A;ID;FR;;;BU)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_auto_inherit_dacl(mut self, auto: bool) -> Self {
        self.auto_inherit_dacl = auto;
        self
    }

    /// Says whether the SACL inherits automatically.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid, descriptor::Inheritance};
    /// let parent: SecurityDescriptor = "S:(AU;OIFA;SD;;;WD)".parse()?;
    /// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::ADMINISTRATORS).with_auto_inherit_sacl(true);
    /// assert_eq!(SecurityDescriptor::child(Some(&parent), None, &how), "O:BAG:BAS:AI(AU;IDFA;SD;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_auto_inherit_sacl(mut self, auto: bool) -> Self {
        self.auto_inherit_sacl = auto;
        self
    }

    /// Sets the DACL for the case that neither the creator nor the parent gives one.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, SecurityDescriptor, Sid, descriptor::Inheritance};
    /// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::ADMINISTRATORS)
    ///     .with_default_dacl([Ace::allow(Sid::ADMINISTRATORS, AccessMask::FILE_ALL_ACCESS)]);
    /// assert_eq!(SecurityDescriptor::child(None, None, &how), "O:BAG:BAD:(A;;FA;;;BA)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_default_dacl(mut self, dacl: impl Into<Acl>) -> Self {
        self.default_dacl = Some(dacl.into());
        self
    }

    /// Sets the meaning of generic rights for the new object.
    ///
    /// ```
    /// use sddl_authz::{GenericMapping, SecurityDescriptor, Sid, descriptor::Inheritance};
    /// let parent: SecurityDescriptor = "D:(A;OI;GR;;;BU)".parse()?;
    /// let how = Inheritance::new(Sid::ADMINISTRATORS, Sid::ADMINISTRATORS).with_mapping(GenericMapping::FILE);
    /// assert_eq!(SecurityDescriptor::child(Some(&parent), None, &how), "O:BAG:BAD:(A;;FR;;;BU)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_mapping(mut self, mapping: GenericMapping) -> Self {
        self.mapping = Some(mapping);
        self
    }
}
