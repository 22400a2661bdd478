use crate::{sddl::ParseError, sid::Sid};
use alloc::{boxed::Box, string::String};
use core::fmt;

/// The reason why something is no central access policy, and its place in the list of policies.
///
/// ```
/// use sddl_authz::central_policy::CentralRule;
/// let error = CentralRule::from_sddl(None, "D:(A;;FR;;;XX)", None).unwrap_err();
/// assert_eq!((error.code(), error.place()), ("rule_unreadable", "effective"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralPolicyError {
    place: String,
    kind: CentralPolicyErrorKind,
}

/// The kind of a [`CentralPolicyError`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CentralPolicyErrorKind {
    /// The SID of the policy does not begin with `S-1-17-`.
    #[error("{sid} is not the SID of a central policy, which begins with S-1-17-")]
    PolicySidWrong {
        /// The SID given.
        sid: Sid,
    },
    /// Two policies have the same SID.
    #[error("two policies have the SID {sid}")]
    PolicySidRepeated {
        /// The SID.
        sid: Sid,
    },
    /// The text is not SDDL, or not the SID or the expression that belongs there.
    #[error(transparent)]
    Unreadable(Box<ParseError>),
    /// The descriptor of a rule has no DACL, or a NULL one. It would grant everybody everything.
    #[error("the descriptor has no DACL that limits access")]
    DaclMissing,
    /// The condition of a rule is a descriptor, and its DACL is not one conditional Allow for Everyone.
    #[error("the condition is a descriptor, and its DACL is not one entry (XA;;;;;WD;(…))")]
    ConditionForm,
    /// A policy has no list of rules, or two.
    #[error("a policy has either `rules` or `msAuthz-MemberRulesInCentralAccessPolicy`")]
    RulesForm,
    /// A policy names a rule that is not in the list.
    #[error("there is no rule with the distinguished name `{}`", .name.escape_debug())]
    RuleMissing {
        /// The distinguished name.
        name: String,
    },
    /// A rule in the list lacks its distinguished name, or two rules have the same one.
    #[error("each rule in this list has a distinguished name of its own")]
    RuleNameForm,
}

impl CentralPolicyError {
    pub(super) fn at(place: impl Into<String>, kind: CentralPolicyErrorKind) -> Self {
        let place = place.into();
        Self { place, kind }
    }

    /// Puts `outer` in front of the place, because the error is in a part of it.
    #[cfg(feature = "serde")]
    pub(super) fn within(mut self, outer: &str) -> Self {
        self.place = if self.place.is_empty() {
            String::from(outer)
        } else {
            alloc::format!("{outer}.{}", self.place)
        };
        self
    }

    /// The place in the list of policies: `policies[0].rules[1].effective`. Empty if the error is not about a part of what was given.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The kind of error.
    #[must_use]
    pub const fn kind(&self) -> &CentralPolicyErrorKind {
        &self.kind
    }

    /// A stable name of the kind of error, for programs.
    ///
    /// ```
    /// use sddl_authz::central_policy::CentralRule;
    /// assert_eq!(CentralRule::from_sddl(None, "O:SY", None).unwrap_err().code(), "rule_dacl_missing");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.kind {
            CentralPolicyErrorKind::PolicySidWrong { .. } => "policy_sid_wrong",
            CentralPolicyErrorKind::PolicySidRepeated { .. } => "policy_sid_repeated",
            CentralPolicyErrorKind::Unreadable(_) => "rule_unreadable",
            CentralPolicyErrorKind::DaclMissing => "rule_dacl_missing",
            CentralPolicyErrorKind::ConditionForm => "rule_condition_form",
            CentralPolicyErrorKind::RulesForm => "policy_rules_form",
            CentralPolicyErrorKind::RuleMissing { .. } => "policy_rule_missing",
            CentralPolicyErrorKind::RuleNameForm => "rule_name_form",
        }
    }
}

impl From<CentralPolicyErrorKind> for CentralPolicyError {
    fn from(kind: CentralPolicyErrorKind) -> Self {
        Self::at("", kind)
    }
}

impl fmt::Display for CentralPolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        self.kind.fmt(f)
    }
}

impl core::error::Error for CentralPolicyError {}
