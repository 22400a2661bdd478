use super::explanation::{LayerStep, LayeredExplanation};
use crate::{
    check::{Explanation, MissingCause, MissingRights, Pass},
    mask::AccessMask,
};
use alloc::vec::Vec;

/// Rights that were asked for and are missing for one reason, from [`LayeredExplanation::missing_rights`].
///
/// Serialized as `{"bits":"0x2","denied_by":1,"cause":"denied","index":0,"message":1802}`.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Layer, explain_all}};
/// let share: SecurityDescriptor = "D:(D;;0x2;;;AU)(A;;0x3;;;AU)".parse()?;
/// let file: SecurityDescriptor = "D:(A;;0x3;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::from(0x3));
/// let explanation = explain_all(&question, &[Layer::new("share", &share), Layer::new("file", &file)]);
/// let missing = explanation.missing_rights();
/// assert_eq!((missing[0].bits, missing[0].denied_by), (AccessMask::from(0x2), Some(0))); // the share denies it
/// assert_eq!((missing[1].bits, missing[1].denied_by), (AccessMask::from(0x1), None)); // not looked at
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct LayeredMissingRights {
    /// The rights.
    pub bits: AccessMask,
    /// The index in [`LayeredExplanation::steps`] of the step that kept them back, or that may. `None` if the check ended before it looked
    /// at them, or if no single step is the reason.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub denied_by: Option<usize>,
    /// The reason in the descriptor of that layer. `None` if the step is a rule, or a check of another object whose right is needed.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub cause: Option<MissingCause>,
    /// The pass over the DACL of that layer.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Pass::is_caller", default))]
    pub pass: Pass,
    /// The number of the message by which Windows gives this reason ([`Step::message_number`](crate::check::Step::message_number)).
    pub message: Option<u16>,
}

impl LayeredMissingRights {
    fn not_looked_at(bits: AccessMask) -> Self {
        let cause = MissingCause::NotLookedAt;
        Self {
            bits,
            denied_by: None,
            cause: Some(cause),
            pass: Pass::Caller,
            message: cause.message_number(),
        }
    }

    fn of_step(bits: AccessMask, denied_by: Option<usize>) -> Self {
        Self {
            bits,
            denied_by,
            cause: None,
            pass: Pass::Caller,
            message: None,
        }
    }
}

/// The layers that are asked for a right on another object than the one that is opened.
const ELSEWHERE: [&str; 5] = [
    "ancestor directory",
    "parent directory",
    "new parent directory",
    "parent key",
    "target",
];

impl LayeredExplanation {
    /// The rights that are missing, set by set: which layer kept them back, for which reason, and what was not looked at because the check
    /// had ended. [`LayeredMissingRights`] has an example.
    ///
    /// The sets are disjoint, and together they are [`Denial::missing`](crate::check::Denial::missing). If the decision is to allow, the
    /// list is empty.
    #[must_use]
    pub fn missing_rights(&self) -> Vec<LayeredMissingRights> {
        let mut sets = Sets {
            open: self
                .decision
                .denial()
                .map_or(AccessMask::empty(), |denial| denial.missing),
            sets: Vec::new(),
        };
        if let Some(layer) = self.denied_by {
            match self.steps.get(layer) {
                Some(LayerStep::Asked {
                    layer: name,
                    explanation,
                }) if !ELSEWHERE.contains(&name.as_str()) => {
                    sets.add_layer(layer, explanation);
                }
                Some(LayerStep::Refused { bits, .. }) if bits.intersects(sets.open) => {
                    sets.add(LayeredMissingRights::of_step(*bits, Some(layer)));
                }
                _ => sets.add(LayeredMissingRights::of_step(sets.open, Some(layer))),
            }
        }
        // Rights that an earlier layer leaves undetermined.
        for (layer, step) in self.steps.iter().enumerate() {
            if let LayerStep::Asked {
                layer: name,
                explanation,
            } = step
                && !ELSEWHERE.contains(&name.as_str())
            {
                sets.add_layer(layer, explanation);
            }
        }
        let open = sets.open;
        sets.add(match self.denied_by {
            Some(_) => LayeredMissingRights::not_looked_at(open),
            None => LayeredMissingRights::of_step(open, None),
        });
        sets.sets
    }
}

/// Disjoint sets of missing rights.
struct Sets {
    /// The rights that are in no set yet.
    open: AccessMask,
    sets: Vec<LayeredMissingRights>,
}

impl Sets {
    fn add(&mut self, mut set: LayeredMissingRights) {
        set.bits = set.bits.intersection(self.open);
        if !set.bits.is_empty() {
            self.open = self.open.difference(set.bits);
            self.sets.push(set);
        }
    }

    /// Adds the sets of a layer. What it did not look at may be in another set.
    fn add_layer(&mut self, layer: usize, explanation: &Explanation) {
        for set in explanation.missing_rights() {
            let MissingRights {
                bits,
                cause,
                pass,
                message,
            } = set;
            if cause != MissingCause::NotLookedAt {
                self.add(LayeredMissingRights {
                    bits,
                    denied_by: Some(layer),
                    cause: Some(cause),
                    pass,
                    message,
                });
            }
        }
    }
}
