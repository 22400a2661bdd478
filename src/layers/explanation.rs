use crate::{
    check::{Decision, Explanation, Unresolved},
    mask::AccessMask,
};
use alloc::{string::String, vec::Vec};

/// A decision about several descriptors and the reason for it.
///
/// Made by [`explain_all`](super::explain_all), [`FileAccess::explain`](super::FileAccess::explain) and their likes.
/// [`render::LayersText`](crate::render::LayersText) prints it for people.
/// Serialized as the decision, with the fields `desired`, `denied_by` and `steps`.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Layer, explain_all}};
/// let share: SecurityDescriptor = "D:(A;;RC;;;AU)".parse()?;
/// let file: SecurityDescriptor = "D:(D;;RC;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
/// let explanation = explain_all(&question, &[Layer::new("share", &share), Layer::new("file", &file)]);
/// assert_eq!(explanation.denied_by, Some(1)); // the second step
/// assert_eq!(explanation.denying_layer(), Some("file"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct LayeredExplanation {
    /// The decision, equal to that of the method that only decides.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub decision: Decision,
    /// The rights asked for, generic ones as mapped.
    pub desired: AccessMask,
    /// The index in [`steps`](Self::steps) of the step that denied. `None` if access is granted, or if each layer grants something of
    /// the maximum but no right is granted by all.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub denied_by: Option<usize>,
    /// The steps, in order. Layers after the one that denied are not asked.
    pub steps: Vec<LayerStep>,
}

/// One step of a check of several descriptors.
///
/// Serialized with a field `step` that names its kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "step", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum LayerStep {
    /// The access check was done with the descriptor of a layer.
    Asked {
        /// The name of the layer: `share`, `volume guard`, `ancestor directory`, `parent directory`, `file`, `key`, `target`,
        /// `new parent directory`, or one that the caller of [`explain_all`](super::explain_all) chose.
        layer: String,
        /// The rights that this layer was asked for, its decision, and the steps of the check.
        explanation: Explanation,
    },
    /// A rule that is in no descriptor denied the request.
    Refused {
        /// The rule.
        rule: LayerRule,
        /// The rights that it denied.
        bits: AccessMask,
    },
    /// The disposition of the request needs rights on top of the desired ones.
    DispositionNeeds {
        /// These rights.
        bits: AccessMask,
    },
    /// The parent directory granted rights on the file.
    ParentGranted {
        /// The rights on the file: DELETE or FILE_READ_ATTRIBUTES.
        bits: AccessMask,
        /// The right on the parent that they came from: FILE_DELETE_CHILD or FILE_LIST_DIRECTORY.
        by: AccessMask,
    },
    /// The read-only attribute took rights from the maximum.
    ReadOnlyCleared {
        /// These rights.
        bits: AccessMask,
    },
    /// The object is new, so its creator is granted the desired rights, whatever descriptor the object gets.
    CreatorGranted {
        /// These rights.
        bits: AccessMask,
    },
    /// SeChangeNotifyPrivilege made the right FILE_TRAVERSE on the directories above needless.
    TraverseSkipped,
    /// Bits were passed over that are no rights: they choose a view of the registry.
    ViewIgnored {
        /// These bits.
        bits: AccessMask,
    },
    /// The key is opened to back it up or to restore it, so the desired rights do not count. Privileges grant these instead.
    BackupRestoreGranted {
        /// These rights.
        bits: AccessMask,
    },
}

/// A rule that denies, and that is in no descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum LayerRule {
    /// There is no layer, so nothing grants a right.
    NoLayers,
    /// Nothing was asked for.
    NothingAsked,
    /// The request has bits that no file has as rights (0x0CE0FE00).
    ReservedBits,
    /// The file has the read-only attribute, and the request is to write, append or replace.
    ReadOnly,
    /// The file has the read-only attribute, and the request is to delete it on close.
    #[doc(alias = "STATUS_CANNOT_DELETE")]
    ReadOnlyDelete,
    /// The request is to delete the file on close, and does not ask for DELETE.
    DeleteOnCloseWithoutDelete,
    /// The file exists, and the request is to create it.
    #[doc(alias = "STATUS_OBJECT_NAME_COLLISION")]
    Exists,
    /// The file does not exist, and the request is to open it.
    #[doc(alias = "STATUS_OBJECT_NAME_NOT_FOUND")]
    DoesNotExist,
    /// A directory can't be overwritten, superseded or replaced.
    DirectoryNotReplaceable,
    /// The descriptor of the parent is needed, and was not given.
    ParentUnknown,
    /// A privilege is needed that the caller does not hold: SeSecurityPrivilege for ACCESS_SYSTEM_SECURITY on a new object, or
    /// SeBackupPrivilege or SeRestorePrivilege to back up or restore a key. A caller in an app container counts as one without privileges.
    #[doc(alias = "STATUS_PRIVILEGE_NOT_HELD")]
    PrivilegeNotHeld,
    /// The request asks for both the 64-bit and the 32-bit view of the registry.
    BothViews,
    /// The maximum of a new key is not known, and nothing else was asked for.
    MaximumUnknown,
}

impl LayeredExplanation {
    /// The name of the layer that denied; `None` if access is granted, or if it was not the descriptor of a layer that denied.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_WRITE_DATA);
    /// let explanation = FileAccess::new(&question).explain(&"D:(A;;FR;;;AU)".parse::<SecurityDescriptor>()?);
    /// assert_eq!(explanation.denying_layer(), Some("file"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn denying_layer(&self) -> Option<&str> {
        let LayerStep::Asked { layer, .. } = self.steps.get(self.denied_by?)? else {
            return None;
        };
        Some(layer)
    }

    /// The rule outside of the descriptors that denied, if one did.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{FileAccess, LayerRule}};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_WRITE_DATA);
    /// let file: SecurityDescriptor = "D:(A;;FA;;;AU)".parse()?;
    /// let explanation = FileAccess::new(&question).read_only(true).explain(&file);
    /// assert_eq!(explanation.denying_rule(), Some(LayerRule::ReadOnly));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn denying_rule(&self) -> Option<LayerRule> {
        let LayerStep::Refused { rule, .. } = self.steps.get(self.denied_by?)? else {
            return None;
        };
        Some(*rule)
    }

    /// The facts that the decision may depend on, of all layers, each once ([`Explanation::unresolved`]). Empty unless the decision is
    /// [`Undetermined`](crate::check::DenialReason::Undetermined).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
    /// let share: SecurityDescriptor = "D:(A;;FA;;;S-1-5-21-1-2-3-2001)".parse()?;
    /// let file: SecurityDescriptor = "D:(A;;FA;;;WD)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_incomplete_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
    /// let explanation = FileAccess::new(&question).share(&share).explain(&file);
    /// assert!(explanation.decision.is_undetermined());
    /// assert_eq!(explanation.unresolved()[0].to_string(), "S-1-5-21-1-2-3-2001");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn unresolved(&self) -> Vec<Unresolved> {
        let mut facts: Vec<Unresolved> = Vec::new();
        if !self.decision.is_undetermined() {
            return facts;
        }
        for step in &self.steps {
            let LayerStep::Asked { explanation, .. } = step else {
                continue;
            };
            // Each layer may grant another right of the maximum for certain. A right that all of them may grant can still depend on unknown
            // facts.
            let of_layer = if self.desired.contains(AccessMask::MAXIMUM_ALLOWED) {
                explanation.unknown_facts()
            } else {
                explanation.unresolved.clone()
            };
            for fact in of_layer {
                if !facts.iter().any(|known| known.is_same(&fact)) {
                    facts.push(fact);
                }
            }
        }
        facts
    }
}
