use crate::{
    mask::{AccessMask, GenericMapping},
    sid::Sid,
};

/// How a check is done. [`AccessCheck`](super::AccessCheck) has a method for each option.
///
/// By default an object without a DACL is open to everybody, as on Windows. Every other default is the one that refuses more.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, GenericMapping, SecurityDescriptor, check::Options};
/// let options = Options::default().with_mapping(GenericMapping::FILE).with_require_owner_and_group(true);
/// let file: SecurityDescriptor = "O:BAG:BAD:(A;;FR;;;AN)".parse()?;
/// let caller = Caller::anonymous();
/// assert!(AccessCheck::new(&caller, AccessMask::GENERIC_READ).options(options).check(&file).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, from = "StoredOptions")
)]
#[non_exhaustive]
pub struct Options {
    /// The specific rights that generic rights mean for this kind of object
    /// ([\[MS-DTYP\] 2.4.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7a53f60e-e730-4dfe-bbe9-b21b62eb790b)). Both the
    /// desired rights and those of the entries are mapped. Without a mapping, a request for a generic right is refused, an Allow of a generic
    /// right grants nothing, and a Deny of a generic right denies every right.
    pub mapping: Option<GenericMapping>,
    /// The principal that the object represents, if it represents one: the account, for the object of an account in a directory. Entries
    /// for Principal Self (`PS`) are for it; without one, they do nothing.
    #[doc(alias = "PrincipalSelfSid")]
    pub principal_self: Option<Sid>,
    /// Whether an object without a DACL, or with a NULL one, is open to everybody.
    pub unprotected: Unprotected,
    /// Whether entries of unknown types are skipped, as Windows does. Otherwise they deny, in a SACL too, where such an entry may be a policy
    /// that limits access.
    pub skip_unknown_types: bool,
    /// Whether access is refused if the descriptor has no owner. Of the functions of Windows, `AccessCheck` needs the owner and the group,
    /// `AuthzAccessCheck` and the policies of the KDC need the owner alone.
    pub require_owner: bool,
    /// Whether access is refused if the descriptor has no group.
    pub require_group: bool,
    /// Whether central policies (`SP`), trust labels (`TL`) and access filters (`FL`) in a SACL are skipped. They limit access in ways that
    /// this crate does not evaluate; otherwise they deny. A central policy is evaluated, and not skipped, if the question has
    /// [policies](crate::AccessCheck::central_policies).
    pub skip_system_policies: bool,
    /// Whether the caller opens a file in order to back it up. Then SeBackupPrivilege grants the rights that reading the file needs. It grants
    /// nothing unless the mapping is [`GenericMapping::FILE`].
    #[doc(alias = "FILE_OPEN_FOR_BACKUP_INTENT")]
    pub backup_intent: bool,
    /// Whether the caller opens a file in order to restore it. Then SeRestorePrivilege grants the rights that writing the file needs. It grants
    /// nothing unless the mapping is [`GenericMapping::FILE`].
    #[doc(alias = "FILE_OPEN_FOR_BACKUP_INTENT")]
    pub restore_intent: bool,
}

/// The answer about an object that nothing protects: its DACL is absent or NULL.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, check::Unprotected};
/// let caller = Caller::anonymous();
/// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
/// assert!(question.unprotected(Unprotected::Grant).check_text("D:NO_ACCESS_CONTROL")?.is_allowed());
/// assert!(!question.unprotected(Unprotected::Refuse).check_text("D:NO_ACCESS_CONTROL")?.is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Unprotected {
    /// Everybody is granted everything, as on Windows.
    #[default]
    Grant,
    /// Everybody is refused everything: a descriptor without a DACL may have been cut off.
    Refuse,
}

impl Options {
    #[cfg(feature = "serde")]
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Sets [`mapping`](Self::mapping).
    #[must_use]
    pub const fn with_mapping(mut self, mapping: GenericMapping) -> Self {
        self.mapping = Some(mapping);
        self
    }

    /// Sets [`principal_self`](Self::principal_self).
    #[must_use]
    pub const fn with_principal_self(mut self, sid: Sid) -> Self {
        self.principal_self = Some(sid);
        self
    }

    /// Sets [`unprotected`](Self::unprotected).
    #[must_use]
    pub const fn with_unprotected(mut self, unprotected: Unprotected) -> Self {
        self.unprotected = unprotected;
        self
    }

    /// Sets [`skip_unknown_types`](Self::skip_unknown_types).
    #[must_use]
    pub const fn with_skip_unknown_types(mut self, skip: bool) -> Self {
        self.skip_unknown_types = skip;
        self
    }

    /// Sets [`require_owner`](Self::require_owner).
    ///
    /// ```
    /// use sddl_authz::check::Options;
    /// let as_authz = Options::default().with_require_owner(true);
    /// assert!(as_authz.require_owner && !as_authz.require_group);
    /// ```
    #[must_use]
    pub const fn with_require_owner(mut self, require: bool) -> Self {
        self.require_owner = require;
        self
    }

    /// Sets [`require_group`](Self::require_group).
    #[must_use]
    pub const fn with_require_group(mut self, require: bool) -> Self {
        self.require_group = require;
        self
    }

    /// Sets [`require_owner`](Self::require_owner) and [`require_group`](Self::require_group).
    ///
    /// ```
    /// use sddl_authz::check::Options;
    /// let as_access_check = Options::default().with_require_owner_and_group(true);
    /// assert!(as_access_check.require_owner && as_access_check.require_group);
    /// ```
    #[must_use]
    pub const fn with_require_owner_and_group(self, require: bool) -> Self {
        self.with_require_owner(require).with_require_group(require)
    }

    /// Sets [`skip_system_policies`](Self::skip_system_policies).
    #[must_use]
    pub const fn with_skip_system_policies(mut self, skip: bool) -> Self {
        self.skip_system_policies = skip;
        self
    }

    /// Sets [`backup_intent`](Self::backup_intent).
    #[must_use]
    pub const fn with_backup_intent(mut self, intent: bool) -> Self {
        self.backup_intent = intent;
        self
    }

    /// Sets [`restore_intent`](Self::restore_intent).
    #[must_use]
    pub const fn with_restore_intent(mut self, intent: bool) -> Self {
        self.restore_intent = intent;
        self
    }

    #[inline]
    pub(crate) fn mapped(&self, desired: AccessMask) -> AccessMask {
        match &self.mapping {
            Some(mapping) => mapping.map(desired),
            None => desired,
        }
    }
}

/// The fields of [`Options`] as they are read. `require_owner_and_group` is the name that one option had which is two now.
#[cfg(feature = "serde")]
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StoredOptions {
    mapping: Option<GenericMapping>,
    principal_self: Option<Sid>,
    unprotected: Unprotected,
    skip_unknown_types: bool,
    require_owner: bool,
    require_group: bool,
    require_owner_and_group: bool,
    skip_system_policies: bool,
    backup_intent: bool,
    restore_intent: bool,
}

#[cfg(feature = "serde")]
impl From<StoredOptions> for Options {
    fn from(stored: StoredOptions) -> Self {
        Self {
            mapping: stored.mapping,
            principal_self: stored.principal_self,
            unprotected: stored.unprotected,
            skip_unknown_types: stored.skip_unknown_types,
            require_owner: stored.require_owner || stored.require_owner_and_group,
            require_group: stored.require_group || stored.require_owner_and_group,
            skip_system_policies: stored.skip_system_policies,
            backup_intent: stored.backup_intent,
            restore_intent: stored.restore_intent,
        }
    }
}
