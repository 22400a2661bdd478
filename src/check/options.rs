use crate::mask::{AccessMask, GenericMapping};

/// How a check is done. The default is what refuses most.
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

impl Options {
    /// These options, with what generic rights mean.
    #[must_use]
    pub const fn with_mapping(mut self, mapping: GenericMapping) -> Self {
        self.mapping = Some(mapping);
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
