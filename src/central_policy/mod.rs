//! Central access policies: rules that an administrator writes once, for many files
//! ([\[MS-GPCAP\]](https://learn.microsoft.com/openspecs/windows_protocols/ms-gpcap/)).
//!
//! The SACL of a file names a policy: `S:(SP;;;;;S-1-17-…)`. [`CentralPolicies`] are the policies that a machine has. With
//! [`AccessCheck::central_policies`](crate::AccessCheck::central_policies) a check also evaluates the rules of the policy, and grants the
//! rights that the file and each rule grant ([\[MS-DTYP\] 2.5.3.2][check]).
//!
//! ```
//! use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, central_policy::{CentralPolicies, CentralPolicy, CentralRule}};
//! let readers = CentralRule::from_sddl(Some("@Resource.Secret == 1"), "D:(A;;FR;;;AU)", None)?;
//! let policy = CentralPolicy::new("S-1-17-1-2-3-4".parse()?, [readers])?;
//! let policies = CentralPolicies::new([policy])?;
//!
//! let file: SecurityDescriptor =
//!     r#"O:BAG:BAD:(A;;FA;;;AU)S:(RA;;;;;WD;("Secret",TI,0,1))(SP;;;;;S-1-17-1-2-3-4)"#.parse()?;
//! let caller = Caller::bare("S-1-5-21-1-2-3-1104".parse()?)?.with_groups(["AU".parse()?])?;
//! let read = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA).central_policies(&policies);
//! assert!(read.check(&file).is_allowed());
//! let write = AccessCheck::new(&caller, AccessMask::FILE_WRITE_DATA).central_policies(&policies);
//! assert!(!write.check(&file).is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The form of a file
//!
//! In JSON and in TOML, policies have this form. `name`, `applies_to` and `staged` may be left out:
//!
//! ```json
//! {"policies": [
//!   {"sid": "S-1-17-1-2-3-4", "name": "Finance", "rules": [
//!     {"name": "Secret files", "applies_to": "@Resource.Secret == 1",
//!      "effective": "D:(A;;FA;;;BA)(A;;FR;;;AU)", "staged": "D:(A;;FA;;;BA)"}]}]}
//! ```
//!
//! The list alone, `[{"sid": …}]`, is read too, and the values of the attributes in Active Directory are read as they are. There a policy
//! names its rules by their distinguished names:
//!
//! ```json
//! {"policies": [
//!   {"msAuthz-CentralAccessPolicyID": "S-1-17-1-2-3-4",
//!    "msAuthz-MemberRulesInCentralAccessPolicy": ["CN=Secret files,CN=Central Access Rules,…"]}],
//!  "rules": [
//!   {"distinguishedName": "CN=Secret files,CN=Central Access Rules,…",
//!    "msAuthz-ResourceCondition": "(@RESOURCE.Secret == 1)",
//!    "msAuthz-EffectiveSecurityPolicy": "D:(A;;FA;;;BA)(A;;FR;;;AU)",
//!    "msAuthz-ProposedSecurityPolicy": "D:(A;;FA;;;BA)"}]}
//! ```
//!
//! A policy without rules is ignored, as on Windows. So a file that names it names a policy that the machine does not have.
//!
//! [check]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9

mod error;
#[cfg(feature = "toml")]
mod file;
#[cfg(feature = "serde")]
mod form;
mod text;

pub use error::{CentralPolicyError, CentralPolicyErrorKind};
#[cfg(feature = "toml")]
pub use file::CentralPolicyFileError;

use crate::{ace::Ace, acl::Acl, condition::Condition, mask::AccessMask, sid::Sid};
use alloc::{string::String, vec::Vec};

/// The central access policies that a machine has.
///
/// An empty list says that the machine has no policies. Then the policy that a file names has no effect, as on Windows. If there are
/// policies, and a file names one that is not among them, the recovery policy decides: it grants access to Administrators and to the
/// system only.
///
/// ```
/// use sddl_authz::central_policy::{CentralPolicies, CentralPolicy, CentralRule};
/// let rule = CentralRule::from_sddl(None, "D:(A;;FR;;;AU)", None)?;
/// let policies = CentralPolicies::new([CentralPolicy::new("S-1-17-1".parse()?, [rule])?])?;
/// assert!(policies.find(&"S-1-17-1".parse()?).is_some());
/// assert!(policies.find(&"S-1-17-2".parse()?).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CentralPolicies {
    policies: Vec<CentralPolicy>,
    /// The rules of the recovery policy.
    recovery: [CentralRule; 1],
}

/// A central access policy: a SID and rules ([\[MS-GPCAP\] 3.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-gpcap/)).
///
/// ```
/// use sddl_authz::central_policy::{CentralPolicy, CentralRule};
/// let rule = CentralRule::from_sddl(None, "D:(A;;FR;;;AU)", None)?;
/// let policy = CentralPolicy::new("S-1-17-1".parse()?, [rule])?.with_name("Finance");
/// assert_eq!((policy.name(), policy.rules().len()), (Some("Finance"), 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CentralPolicy {
    sid: Sid,
    name: Option<String>,
    rules: Vec<CentralRule>,
}

/// A rule of a central access policy: the DACL that limits access, and the condition that says to which objects it applies.
///
/// ```
/// use sddl_authz::{Acl, central_policy::CentralRule};
/// let rule = CentralRule::new(Acl::from(["(A;;FR;;;AU)".parse()?]))
///     .with_applies_to("(@Resource.Secret == 1)".parse()?);
/// assert_eq!(rule, CentralRule::from_sddl(Some("@Resource.Secret == 1"), "D:(A;;FR;;;AU)", None)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CentralRule {
    name: Option<String>,
    applies_to: Option<Condition>,
    effective: Acl,
    staged: Option<Acl>,
}

/// The identifier authority of the SIDs of policies (`SECURITY_SCOPED_POLICY_ID_AUTHORITY`).
const POLICY_AUTHORITY: u64 = 17;

impl CentralPolicies {
    /// The policies of a machine. An empty list says that it has none.
    ///
    /// ```
    /// use sddl_authz::central_policy::{CentralPolicies, CentralPolicy};
    /// let policy = CentralPolicy::new("S-1-17-1".parse()?, [])?;
    /// assert!(CentralPolicies::new([policy.clone()]).is_ok());
    /// assert_eq!(CentralPolicies::new([policy.clone(), policy]).unwrap_err().code(), "policy_sid_repeated");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if two policies have the same SID.
    pub fn new(policies: impl IntoIterator<Item = CentralPolicy>) -> Result<Self, CentralPolicyError> {
        let policies: Vec<_> = policies.into_iter().collect();
        let mut sids: Vec<_> = policies.iter().map(|policy| policy.sid).collect();
        sids.sort_unstable();
        let repeated = sids.iter().zip(sids.iter().skip(1)).find(|(one, next)| one == next);
        if let Some((sid, _)) = repeated {
            return Err(CentralPolicyErrorKind::PolicySidRepeated { sid: *sid }.into());
        }
        Ok(Self {
            policies,
            recovery: [CentralRule::recovery()],
        })
    }

    /// The policies, in the order in which they were given.
    #[must_use]
    pub fn policies(&self) -> &[CentralPolicy] {
        &self.policies
    }

    /// Whether the machine has no policies.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }

    /// The policy with this SID. A policy without rules is ignored
    /// ([\[MS-GPCAP\] 3.2.5.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-gpcap/)), so it is not found.
    #[must_use]
    pub fn find(&self, sid: &Sid) -> Option<&CentralPolicy> {
        let mut policies = self.policies.iter();
        policies.find(|policy| policy.sid == *sid && !policy.rules.is_empty())
    }

    /// The rules for objects whose policy the machine does not have.
    pub(crate) fn recovery(&self) -> &[CentralRule] {
        &self.recovery
    }
}

impl CentralPolicy {
    /// A policy of some rules.
    ///
    /// ```
    /// use sddl_authz::central_policy::CentralPolicy;
    /// assert!(CentralPolicy::new("S-1-17-1-2-3-4".parse()?, []).is_ok());
    /// assert_eq!(CentralPolicy::new("S-1-5-32-544".parse()?, []).unwrap_err().code(), "policy_sid_wrong");
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the SID does not begin with `S-1-17-`.
    pub fn new(sid: Sid, rules: impl IntoIterator<Item = CentralRule>) -> Result<Self, CentralPolicyError> {
        if sid.authority() != POLICY_AUTHORITY {
            return Err(CentralPolicyErrorKind::PolicySidWrong { sid }.into());
        }
        Ok(Self {
            sid,
            name: None,
            rules: rules.into_iter().collect(),
        })
    }

    /// Sets the name, which explanations show.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The SID by which objects name the policy.
    #[must_use]
    pub const fn sid(&self) -> &Sid {
        &self.sid
    }

    /// The name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The rules, in the order in which they were given.
    #[must_use]
    pub fn rules(&self) -> &[CentralRule] {
        &self.rules
    }
}

impl CentralRule {
    /// A rule that applies to every object with the policy. A caller is granted at most the rights that `effective` grants it.
    #[must_use]
    pub const fn new(effective: Acl) -> Self {
        Self {
            name: None,
            applies_to: None,
            effective,
            staged: None,
        }
    }

    /// Sets the name, which explanations show.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the condition of the objects to which the rule applies. It is about their resource attributes, `@Resource.…`; it may also be
    /// about the caller.
    ///
    /// If it is not true, the rule does not apply. So a rule with `@Resource.Secret == 1` does not limit access to a file that lacks this
    /// attribute.
    #[must_use]
    pub fn with_applies_to(mut self, condition: Condition) -> Self {
        self.applies_to = Some(condition);
        self
    }

    /// Sets the DACL that an administrator proposes instead of the effective one. It grants and denies nothing: explanations report what
    /// the decision would be with it.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, central_policy::{CentralPolicies, CentralPolicy, CentralRule}};
    /// let rule = CentralRule::new("(A;;RC;;;AN)".parse::<sddl_authz::Ace>().map(|ace| [ace])?.into());
    /// let rule = rule.with_staged([].into());
    /// let policies = CentralPolicies::new([CentralPolicy::new("S-1-17-1".parse()?, [rule])?])?;
    /// let object: SecurityDescriptor = "D:(A;;RC;;;AN)S:(SP;;;;;S-1-17-1)".parse()?;
    /// let caller = Caller::anonymous();
    /// let read = AccessCheck::new(&caller, AccessMask::READ_CONTROL).central_policies(&policies);
    /// let explanation = read.explain(&object);
    /// assert!(explanation.decision.is_allowed());
    /// assert!(explanation.policy.is_some_and(|policy| policy.staged.is_some_and(|staged| !staged.is_allowed())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_staged(mut self, staged: Acl) -> Self {
        self.staged = Some(staged);
        self
    }

    /// The name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The condition of the objects to which the rule applies. Without one it applies to all.
    #[must_use]
    pub const fn applies_to(&self) -> Option<&Condition> {
        self.applies_to.as_ref()
    }

    /// The DACL that limits access.
    #[must_use]
    pub const fn effective(&self) -> &Acl {
        &self.effective
    }

    /// The proposed DACL, if there is one.
    #[must_use]
    pub const fn staged(&self) -> Option<&Acl> {
        self.staged.as_ref()
    }

    /// The rule for objects whose policy the machine does not have. [MS-DTYP] leaves the policy to the implementation, and says that
    /// Windows keeps Administrators and the system in. This rule grants nobody else anything, not even the owner (inferred): the entry
    /// for Owner Rights replaces its implicit rights.
    fn recovery() -> Self {
        let full = AccessMask::SPECIFIC_AND_STANDARD;
        let entries = [
            Ace::allow(Sid::OWNER_RIGHTS, AccessMask::empty()),
            Ace::allow(Sid::ADMINISTRATORS, full),
            Ace::allow(Sid::LOCAL_SYSTEM, full),
        ];
        Self::new(Acl::from(entries)).with_name("recovery policy")
    }
}
