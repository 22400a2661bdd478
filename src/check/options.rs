use crate::{
    mask::{AccessMask, GenericMapping},
    sid::Sid,
};

/// How a check is done. The default grants what Windows grants to an object without a DACL; for the rest it is what refuses most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct Options {
    /// What generic rights mean for this kind of object. Those of the desired mask are mapped once, before the walk, those of an
    /// entry when it is met ([MS-DTYP] 2.4.3). Without one, a generic right in the desired mask is refused; in an Allow it grants
    /// nothing; in a Deny it denies every wanted right.
    pub mapping: Option<GenericMapping>,
    /// The principal that the object represents, if it represents one: the account, for the object of an account in a directory. Entries
    /// for Principal Self (`PS`) are for it; without one, they do nothing.
    #[doc(alias = "PrincipalSelfSid")]
    pub principal_self: Option<Sid>,
    /// Whether an object without a DACL, or with a NULL one, is open to everybody.
    pub unprotected: Unprotected,
    /// Whether entries of unknown types are skipped, as Windows does, instead of denying; in a SACL one may be a policy that limits access.
    pub skip_unknown_types: bool,
    /// Whether a descriptor without owner or group is refused, as `AccessCheck` of Windows does.
    pub require_owner_and_group: bool,
    /// Whether entries of a SACL that limit access in a way that this crate does not evaluate, central policies (`SP`), trust labels (`TL`)
    /// and access filters (`FL`), are skipped instead of denying.
    pub skip_system_policies: bool,
    /// Whether the caller backs up, so that a caller with the privilege is granted what reading takes. The rights are those of files, whatever
    /// the mapping.
    #[doc(alias = "FILE_OPEN_FOR_BACKUP_INTENT")]
    pub backup_intent: bool,
    /// Whether the caller restores, so that a caller with the privilege is granted what writing takes. The rights are those of files,
    /// whatever the mapping.
    #[doc(alias = "FILE_OPEN_FOR_BACKUP_INTENT")]
    pub restore_intent: bool,
}

/// The answer about an object that nothing protects: its DACL is absent or NULL.
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
    /// These options, with what generic rights mean.
    #[must_use]
    pub const fn with_mapping(mut self, mapping: GenericMapping) -> Self {
        self.mapping = Some(mapping);
        self
    }

    /// These options, with the principal that the object represents.
    #[must_use]
    pub const fn with_principal_self(mut self, sid: Sid) -> Self {
        self.principal_self = Some(sid);
        self
    }

    /// These options, where an object without a DACL, or with a NULL one, is open to everybody or to nobody.
    #[must_use]
    pub const fn with_unprotected(mut self, unprotected: Unprotected) -> Self {
        self.unprotected = unprotected;
        self
    }

    /// These options, where entries of unknown types are skipped or not.
    #[must_use]
    pub const fn with_skip_unknown_types(mut self, skip: bool) -> Self {
        self.skip_unknown_types = skip;
        self
    }

    /// These options, where a descriptor without owner or group is refused or not.
    #[must_use]
    pub const fn with_require_owner_and_group(mut self, require: bool) -> Self {
        self.require_owner_and_group = require;
        self
    }

    /// These options, where policies in a SACL that are not evaluated are skipped or deny.
    #[must_use]
    pub const fn with_skip_system_policies(mut self, skip: bool) -> Self {
        self.skip_system_policies = skip;
        self
    }

    /// These options, where the caller backs up or does not.
    #[must_use]
    pub const fn with_backup_intent(mut self, intent: bool) -> Self {
        self.backup_intent = intent;
        self
    }

    /// These options, where the caller restores or does not.
    #[must_use]
    pub const fn with_restore_intent(mut self, intent: bool) -> Self {
        self.restore_intent = intent;
        self
    }

    #[inline]
    pub(super) fn mapped(&self, desired: AccessMask) -> AccessMask {
        match &self.mapping {
            Some(mapping) => mapping.map(desired),
            None => desired,
        }
    }
}
