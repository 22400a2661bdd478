use super::{
    causes::cause_text, escape::Escaped, explain::ExplanationText, rights::DisplayRights, words::denial_reason_text,
};
use crate::{
    caller::Caller,
    check::{Decision, DenialReason, Explanation, MissingRights},
    descriptor::SecurityDescriptor,
    layers::{LayerRule, LayerStep, LayeredExplanation, LayeredMissingRights},
    mask::{AccessMask, RightsTable},
};
use alloc::string::ToString;
use core::fmt;

/// A [`LayeredExplanation`] as text: one line for each step, then the decision.
///
/// An arrow, `→`, marks the step that denied. With [`with_descriptors`](Self::with_descriptors), the explanation of each layer follows its
/// line, further to the right. There is no line break at the end.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Layer, explain_all}, render::LayersText};
/// let share: SecurityDescriptor = "D:(A;;0x1;;;AU)".parse()?;
/// let file: SecurityDescriptor = "D:(A;;0x3;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::from(0x2));
/// let explanation = explain_all(&question, &[Layer::new("file", &file), Layer::new("share", &share)]);
/// assert_eq!(
///     LayersText::new(&explanation, &caller).to_string(),
///     "  asked for 0x2 DC\n    file: grants 0x2 DC\n  → share: does not grant 0x2 DC: the DACL does not grant it\n  denied by share\n    \
///      share: no entry grants 0x2 DC to this caller",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LayersText<'a> {
    explanation: &'a LayeredExplanation,
    caller: &'a Caller,
    names: RightsTable,
    descriptors: &'a [(&'a str, &'a SecurityDescriptor)],
}

impl<'a> LayersText<'a> {
    /// The text of an explanation. Rights have the names of standard rights. `caller` must be that of the check.
    #[must_use]
    pub const fn new(explanation: &'a LayeredExplanation, caller: &'a Caller) -> Self {
        Self {
            explanation,
            caller,
            names: RightsTable::STANDARD,
            descriptors: &[],
        }
    }

    /// Names the rights of one kind of object, for example of files.
    #[must_use]
    pub const fn with_names(mut self, names: RightsTable) -> Self {
        self.names = names;
        self
    }

    /// The descriptors of the layers, by their names. The text then explains each entry of a layer that has one here.
    #[must_use]
    pub const fn with_descriptors(mut self, descriptors: &'a [(&'a str, &'a SecurityDescriptor)]) -> Self {
        self.descriptors = descriptors;
        self
    }

    fn rights(&self, mask: AccessMask) -> DisplayRights {
        DisplayRights::new(mask, self.names)
    }

    fn write_step(&self, f: &mut fmt::Formatter<'_>, step: &LayerStep) -> fmt::Result {
        match step {
            LayerStep::Asked { layer, explanation } => self.write_layer(f, layer, explanation),
            LayerStep::Refused { rule, bits } => {
                f.write_str(rule_text(*rule))?;
                if bits.is_empty() {
                    return Ok(());
                }
                write!(f, ": refuses {}", self.rights(*bits))
            }
            LayerStep::DispositionNeeds { bits } => {
                write!(f, "the disposition also needs {}", self.rights(*bits))
            }
            LayerStep::ParentGranted { bits, by } => write!(
                f,
                "the parent directory grants {} on the file by {} on itself",
                self.rights(*bits),
                self.rights(*by)
            ),
            LayerStep::ReadOnlyCleared { bits } => {
                write!(f, "the read-only attribute takes away {}", self.rights(*bits))
            }
            LayerStep::CreatorGranted { bits } => {
                write!(f, "the creator of a new object is granted {}", self.rights(*bits))
            }
            LayerStep::TraverseSkipped => {
                f.write_str("SeChangeNotifyPrivilege: the directories above are not asked for FILE_TRAVERSE")
            }
            LayerStep::ViewIgnored { bits } => {
                write!(f, "{bits} chooses a view of the registry and is no right")
            }
            LayerStep::BackupRestoreGranted { bits } => {
                write!(f, "privileges to back up and restore grant {}", self.rights(*bits))
            }
        }
    }

    /// Writes the reason why a set of rights is missing.
    fn write_missing(&self, f: &mut fmt::Formatter<'_>, set: &LayeredMissingRights) -> fmt::Result {
        let bits = self.rights(set.bits);
        let step = set.denied_by.and_then(|layer| self.explanation.steps.get(layer));
        match (step, set.cause) {
            (Some(LayerStep::Asked { layer, explanation }), Some(cause)) => {
                let of_layer = MissingRights {
                    bits: set.bits,
                    cause,
                    pass: set.pass,
                    message: set.message,
                };
                let cause = cause_text(explanation, &of_layer, &bits, &|mask| self.rights(mask));
                write!(f, "\n    {}: {cause}", Escaped(layer))
            }
            (Some(LayerStep::Asked { layer, .. }), None) => {
                write!(f, "\n    {}: does not grant what {bits} needs there", Escaped(layer))
            }
            (None, Some(_)) => write!(f, "\n    {bits} was not looked at: the check had ended"),
            (Some(_), _) => write!(f, "\n    {bits} is refused by this rule"),
            (None, None) => write!(f, "\n    {bits} is not granted by every layer"),
        }
    }

    fn write_layer(&self, f: &mut fmt::Formatter<'_>, layer: &str, explanation: &Explanation) -> fmt::Result {
        write!(f, "{}: ", Escaped(layer))?;
        match &explanation.decision {
            Decision::Allowed { granted } => write!(f, "grants {}", self.rights(*granted))?,
            Decision::Denied(denial) => {
                let missing = if denial.missing.is_empty() {
                    explanation.desired
                } else {
                    denial.missing
                };
                let reason = denial_reason_text(denial.reason);
                write!(f, "does not grant {}: {reason}", self.rights(missing))?;
            }
        }
        let Some((_, descriptor)) = self.descriptors.iter().find(|(name, _)| *name == layer) else {
            return Ok(());
        };
        let text = ExplanationText::new(explanation, descriptor, self.caller).with_names(self.names);
        for line in text.to_string().lines() {
            write!(f, "\n      {line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for LayersText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let explanation = self.explanation;
        write!(f, "  asked for {}", self.rights(explanation.desired))?;
        for (index, step) in explanation.steps.iter().enumerate() {
            let mark = if explanation.denied_by == Some(index) {
                "→"
            } else {
                " "
            };
            write!(f, "\n  {mark} ")?;
            self.write_step(f, step)?;
        }
        match &explanation.decision {
            Decision::Allowed { granted } => write!(f, "\n  allowed: {}", self.rights(*granted)),
            Decision::Denied(denial) if denial.reason == DenialReason::Undetermined => {
                write!(f, "\n  denied: {}", denial_reason_text(denial.reason))?;
                for fact in explanation.unresolved() {
                    write!(f, "\n      {}", Escaped(&fact.to_string()))?;
                }
                Ok(())
            }
            Decision::Denied(_) => {
                match (explanation.denying_layer(), explanation.denying_rule()) {
                    (Some(layer), _) => write!(f, "\n  denied by {}", Escaped(layer)),
                    (None, Some(rule)) => write!(f, "\n  denied: {}", rule_text(rule)),
                    (None, None) => f.write_str("\n  denied: no right is granted by every layer"),
                }?;
                match explanation.missing_rights().as_slice() {
                    // The line above says all.
                    [only] if only.cause.is_none() => Ok(()),
                    sets => sets.iter().try_for_each(|set| self.write_missing(f, set)),
                }
            }
        }
    }
}

/// A rule that is in no descriptor, in words.
const fn rule_text(rule: LayerRule) -> &'static str {
    match rule {
        LayerRule::NoLayers => "there is no layer that could grant anything",
        LayerRule::NothingAsked => "nothing was asked for",
        LayerRule::ReservedBits => "no file has these rights",
        LayerRule::ReadOnly => "the file has the read-only attribute",
        LayerRule::ReadOnlyDelete => "a file with the read-only attribute can't be deleted on close",
        LayerRule::DeleteOnCloseWithoutDelete => "deleting on close needs DELETE among the desired rights",
        LayerRule::Exists => "the object exists, and the request is to create it",
        LayerRule::DoesNotExist => "the object does not exist, and the request is to open it",
        LayerRule::DirectoryNotReplaceable => "a directory can't be overwritten, superseded or replaced",
        LayerRule::ParentUnknown => "the descriptor of the parent is needed and was not given",
        LayerRule::PrivilegeNotHeld => "no privilege that counts for the caller grants this",
        LayerRule::BothViews => "the request asks for both views of the registry",
        LayerRule::MaximumUnknown => "the maximum of a new key is not known",
    }
}
