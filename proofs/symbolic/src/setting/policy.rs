//! Central access policies.

use super::{Data, Setting, Shape, policy_sid};
use crate::{
    Condition,
    ace::ApplicationData,
    central_policy::{CentralPolicies, CentralPolicy, CentralRule},
};

/// The central policy that the object names.
#[derive(Clone, Debug)]
pub enum Policy {
    /// The machine has no policies at all.
    None,
    /// The machine has other policies, but not this one.
    Other,
    Rules(Vec<Rule>),
}

/// A rule of a central policy.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The condition that says to which objects it applies; `Data::None` if it has none.
    pub applies_to: Data,
    pub effective: Vec<Shape>,
    pub staged: Option<Vec<Shape>>,
}

impl Rule {
    pub fn always(effective: impl Into<Vec<Shape>>) -> Self {
        Self {
            applies_to: Data::None,
            effective: effective.into(),
            staged: None,
        }
    }
}

impl Policy {
    pub fn rules(&self) -> &[Rule] {
        match self {
            Self::None | Self::Other => &[],
            Self::Rules(rules) => rules,
        }
    }

    /// The policies of the machine. The entries of the rules have the unknown masks from `first` on: those of each effective DACL, then
    /// those of the staged one.
    pub fn policies(&self, setting: &Setting, mut first: usize) -> CentralPolicies {
        let mut acl = |shapes: &[Shape]| {
            let acl = setting.acl(shapes, first);
            first += shapes.len();
            acl
        };
        let rules = self.rules().iter().map(|rule| {
            let made = CentralRule::new(acl(&rule.effective));
            let made = match &rule.staged {
                Some(shapes) => made.with_staged(acl(shapes)),
                None => made,
            };
            match condition(rule.applies_to) {
                Some(condition) => made.with_applies_to(condition),
                None => made,
            }
        });
        let policies = match self {
            Self::None => None,
            Self::Other => Some(CentralPolicy::new(policy_sid(4), [CentralRule::new(crate::Acl::new())])),
            Self::Rules(_) => Some(CentralPolicy::new(policy_sid(1), rules)),
        };
        CentralPolicies::new(policies.map(Result::unwrap)).unwrap()
    }
}

fn condition(data: Data) -> Option<Condition> {
    match data.application_data() {
        ApplicationData::Condition(condition) => Some(condition),
        _ => None,
    }
}
