use super::{
    audit::{self, AuditEntry},
    central,
    decision::Decision,
    explanation::Explanation,
    options::{Options, Unprotected},
    source::Descriptor,
    state::AccessState,
    walk::{self, Question},
};
use crate::{
    caller::Caller,
    central_policy::CentralPolicies,
    mask::{AccessMask, GenericMapping},
    sid::Sid,
};
use alloc::vec::Vec;

/// A question: may this caller do this? It can be put to any number of descriptors.
///
/// The methods that change it say how the check is done; without them, it is done with the default [`Options`].
///
/// A central policy in the SACL is evaluated if the question has [policies](Self::central_policies), and otherwise refuses everything. Trust
/// labels and access filters in the SACL refuse everything, and compound entries in the DACL grant nothing: only objects inside a running
/// Windows have them, and this crate does not evaluate them.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, GenericMapping, SecurityDescriptor};
/// let file: SecurityDescriptor = "O:BAG:BAD:(D;;FW;;;BG)(A;;FA;;;BA)(A;;FR;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
///
/// let read = AccessCheck::new(&caller, AccessMask::GENERIC_READ).mapping(GenericMapping::FILE);
/// assert!(read.check(&file).is_allowed());
///
/// let write = AccessCheck::new(&caller, AccessMask::GENERIC_WRITE).mapping(GenericMapping::FILE);
/// let explanation = write.explain(&file);
/// assert!(!explanation.decision.is_allowed());
/// assert_eq!(explanation.steps.len(), 3); // one for each entry
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
#[doc(alias = "AuthzAccessCheck")]
pub struct AccessCheck<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) desired: AccessMask,
    pub(crate) options: Options,
    pub(crate) policies: Option<&'a CentralPolicies>,
}

impl<'a> AccessCheck<'a> {
    /// Asks whether `caller` is granted all rights in `desired`.
    ///
    /// With [`MAXIMUM_ALLOWED`](AccessMask::MAXIMUM_ALLOWED) in `desired`, the decision lists every right that the caller has.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, Decision, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:(A;;0x3;;;WD)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let granted = AccessMask::from_bits_retain(0x3);
    /// let decision = AccessCheck::new(&caller, AccessMask::MAXIMUM_ALLOWED).check(&descriptor);
    /// assert_eq!(decision, Decision::Allowed { granted });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn new(caller: &'a Caller, desired: AccessMask) -> Self {
        Self {
            caller,
            desired,
            options: Options::default(),
            policies: None,
        }
    }

    /// Sets all options at once, in place of those set before.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, check::{Options, Unprotected}};
    /// let options = Options::default().with_unprotected(Unprotected::Refuse);
    /// let caller = Caller::anonymous();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL).options(options);
    /// assert!(!question.check_text("O:SY")?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Says which specific rights the generic ones are for this kind of object ([`Options::mapping`]).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, GenericMapping, SecurityDescriptor};
    /// let file: SecurityDescriptor = "D:(A;;FR;;;AN)".parse()?;
    /// let caller = Caller::anonymous();
    /// let read = AccessCheck::new(&caller, AccessMask::GENERIC_READ);
    /// assert!(!read.check(&file).is_allowed());
    /// assert!(read.mapping(GenericMapping::FILE).check(&file).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn mapping(mut self, mapping: GenericMapping) -> Self {
        self.options.mapping = Some(mapping);
        self
    }

    /// Says whether an object without a DACL, or with a NULL one, is open to everybody ([`Options::unprotected`]).
    #[inline]
    pub const fn unprotected(mut self, unprotected: Unprotected) -> Self {
        self.options.unprotected = unprotected;
        self
    }

    /// Refuses access to an object without a DACL, or with a NULL one.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let cut_off: SecurityDescriptor = "O:BAG:BA".parse()?;
    /// let question = AccessCheck::new(&caller, AccessMask::DELETE);
    /// assert!(question.check(&cut_off).is_allowed()); // as on Windows
    /// assert!(!question.refuse_unprotected().check(&cut_off).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn refuse_unprotected(self) -> Self {
        self.unprotected(Unprotected::Refuse)
    }

    /// Says which principal the object represents: entries for Principal Self (`PS`) are for that SID
    /// ([`Options::principal_self`]).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, Sid};
    /// let alice: Sid = "S-1-5-21-1-2-3-1104".parse()?;
    /// let caller = Caller::authenticated(alice)?.with_no_groups();
    /// let own_password: SecurityDescriptor = "D:(A;;CR;;;PS)".parse()?;
    /// let change = AccessCheck::new(&caller, "CR".parse::<AccessMask>()?);
    /// assert!(change.principal_self(alice).check(&own_password).is_allowed());
    /// assert!(!change.principal_self("S-1-5-21-1-2-3-1105".parse()?).check(&own_password).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    #[doc(alias = "PrincipalSelfSid")]
    pub const fn principal_self(mut self, sid: Sid) -> Self {
        self.options.principal_self = Some(sid);
        self
    }

    /// Refuses access if the descriptor has no owner ([`Options::require_owner`]), as `AuthzAccessCheck` in Win32 does.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let caller = Caller::anonymous();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL).require_owner();
    /// assert!(question.check_text("O:SYD:(A;;RC;;;AN)")?.is_allowed());
    /// assert!(!question.check_text("D:(A;;RC;;;AN)")?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn require_owner(mut self) -> Self {
        self.options.require_owner = true;
        self
    }

    /// Refuses access if the descriptor has no group ([`Options::require_group`]).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let caller = Caller::anonymous();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL).require_group();
    /// assert!(question.check_text("G:SYD:(A;;RC;;;AN)")?.is_allowed());
    /// assert!(!question.check_text("O:SYD:(A;;RC;;;AN)")?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn require_group(mut self) -> Self {
        self.options.require_group = true;
        self
    }

    /// Refuses access if the descriptor lacks its owner or its group, as `AccessCheck` in Win32 does.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let caller = Caller::anonymous();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL).require_owner_and_group();
    /// assert!(question.check_text("O:SYG:SYD:(A;;RC;;;AN)")?.is_allowed());
    /// assert!(!question.check_text("O:SYD:(A;;RC;;;AN)")?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn require_owner_and_group(self) -> Self {
        self.require_owner().require_group()
    }

    /// Skips entries of unknown types, which otherwise deny ([`Options::skip_unknown_types`]).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Ace, AceFlags, AceType, Acl, Caller, SecurityDescriptor, Sid};
    /// let unknown = Ace::opaque(AceType::from_code(0x20), AceFlags::empty(), vec![])?;
    /// let allow = Ace::allow(Sid::ANONYMOUS, AccessMask::READ_CONTROL);
    /// let mut descriptor = SecurityDescriptor::default();
    /// descriptor.dacl = Acl::from([unknown, allow]).into();
    /// let caller = Caller::anonymous();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// assert!(!question.check(&descriptor).is_allowed());
    /// assert!(question.skip_unknown_types().check(&descriptor).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn skip_unknown_types(mut self) -> Self {
        self.options.skip_unknown_types = true;
        self
    }

    /// Skips the policies in a SACL that are not evaluated, which otherwise deny ([`Options::skip_system_policies`]).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let caller = Caller::anonymous();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// let with_policy = "D:(A;;RC;;;AN)S:(SP;;;;;S-1-17-1)";
    /// assert!(!question.check_text(with_policy)?.is_allowed());
    /// assert!(question.skip_system_policies().check_text(with_policy)?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn skip_system_policies(mut self) -> Self {
        self.options.skip_system_policies = true;
        self
    }

    /// Evaluates the central policy that an object names, too ([\[MS-DTYP\] 2.5.3.2][check]). Without this, an object that names a policy
    /// refuses everything.
    ///
    /// The first entry `SP` of the SACL counts that is not inherit-only. A right is granted if the object grants it and each rule of the
    /// policy that applies does. If `policies` is empty, the machine has none, and the entry has no effect. If there are policies, and
    /// this one is not among them, only Administrators and the system keep access, as on Windows (inferred: not the owner).
    ///
    /// A rule is a check of its own with the rule's DACL: owner, privileges and integrity count in it as they do for the object. For the
    /// [parts](Self::parts) of an object, a rule is about the whole object.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, central_policy::{CentralPolicies, CentralPolicy, CentralRule}};
    /// let rule = CentralRule::from_sddl(None, "D:(A;;RC;;;WD)", None)?;
    /// let policies = CentralPolicies::new([CentralPolicy::new("S-1-17-1".parse()?, [rule])?])?;
    /// let caller = Caller::bare("S-1-5-21-1-2-3-1104".parse()?)?.with_groups(["WD".parse()?])?;
    /// let object = "D:(A;;RCSD;;;WD)S:(SP;;;;;S-1-17-1)";
    /// let read = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// assert!(!read.check_text(object)?.is_allowed());
    /// assert!(read.central_policies(&policies).check_text(object)?.is_allowed());
    /// let delete = AccessCheck::new(&caller, AccessMask::DELETE).central_policies(&policies);
    /// assert!(!delete.check_text(object)?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [check]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9
    #[inline]
    pub const fn central_policies(mut self, policies: &'a CentralPolicies) -> Self {
        self.policies = Some(policies);
        self
    }

    /// Opens a file in order to back it up: SeBackupPrivilege grants reading ([`Options::backup_intent`]). The mapping must be that of files.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, GenericMapping, caller::Privileges};
    /// let caller = Caller::anonymous().with_privileges(Privileges::BACKUP);
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA).mapping(GenericMapping::FILE);
    /// assert!(!question.check_text("D:")?.is_allowed());
    /// assert!(question.backup_intent().check_text("D:")?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn backup_intent(mut self) -> Self {
        self.options.backup_intent = true;
        self
    }

    /// Opens a file in order to restore it: SeRestorePrivilege grants writing ([`Options::restore_intent`]). The mapping must be that of files.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, GenericMapping, caller::Privileges};
    /// let caller = Caller::anonymous().with_privileges(Privileges::RESTORE);
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_WRITE_DATA).mapping(GenericMapping::FILE);
    /// assert!(!question.check_text("D:")?.is_allowed());
    /// assert!(question.restore_intent().check_text("D:")?.is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn restore_intent(mut self) -> Self {
        self.options.restore_intent = true;
        self
    }

    /// Decides about one object. Allocates nothing.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, binary::{self, DescriptorView}};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AU)".parse()?;
    /// assert!(question.check(&descriptor).is_allowed());
    ///
    /// let bytes = binary::to_bytes(&descriptor)?;
    /// assert!(question.check(&DescriptorView::new(&bytes)?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn check<D: Descriptor>(&self, descriptor: &D) -> Decision {
        match self.policies {
            None => descriptor.decide(self.caller, self.desired, &self.options),
            Some(policies) => central::decide(descriptor, &self.question(), policies),
        }
    }

    /// Decides about one object, and says why: what each rule and each entry of the DACL did.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::{EntryOutcome, Step}};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;BA)(A;;RC;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let explanation = AccessCheck::new(&caller, AccessMask::READ_CONTROL).explain(&descriptor);
    /// assert!(matches!(
    ///     explanation.steps[..],
    ///     [
    ///         Step::Entry { index: 0, outcome: EntryOutcome::NotMember, .. },
    ///         Step::Entry { index: 1, outcome: EntryOutcome::Granted { bits: AccessMask::READ_CONTROL }, .. },
    ///     ]
    /// ));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain<D: Descriptor>(&self, descriptor: &D) -> Explanation {
        let question = self.question();
        let mut steps = Vec::new();
        let mut state = AccessState::new(question.request);
        let object = match walk::walk(descriptor, &question, &mut state, &mut steps) {
            Ok(restricted) => Ok(state.grants(restricted.as_ref())),
            Err(denial) => Err(denial),
        };
        central::explained(descriptor, &question, self.policies, object, steps)
    }

    /// The audit entries of the SACL that ask to record this decision
    /// ([\[MS-DTYP\] 2.5.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9);
    /// the steps are inferred from the description of the audit entry).
    ///
    /// An entry is in the list if the caller is its trustee or in that group, deny-only groups included, and if one of its rights was
    /// granted (entries for successes, `SA`) or was asked for and refused (entries for failures, `FA`). In doubt an entry is in the list:
    /// a condition that is not false, opaque data, the GUID of an object, a generic right without a mapping and a group that may be
    /// missing all let it apply. `decision` must be the decision of this question about `descriptor`.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AU)S:(AU;FA;RC;;;WD)(AU;SA;RC;;;WD)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// let decision = question.check(&descriptor);
    /// assert_eq!(question.audit(&descriptor, &decision).map(|entry| entry.index).collect::<Vec<_>>(), [1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn audit<'d, D: Descriptor>(
        &'d self,
        descriptor: &'d D,
        decision: &Decision,
    ) -> impl Iterator<Item = AuditEntry> + use<'a, 'd, D> {
        audit::entries(descriptor, &self.question(), decision)
    }

    pub(super) fn question(&self) -> Question<'_> {
        Question {
            evaluates_policies: self.policies.is_some(),
            ..Question::new(self.caller, self.desired, &self.options)
        }
    }
}
