use super::{
    explanation::{LayerRule, LayerStep, LayeredExplanation},
    join::{Join, Outcome, can_be_mended},
    observer::Observer,
};
use crate::{
    caller::Privileges,
    check::{AccessCheck, Decision, Descriptor, Request},
    descriptor::SecurityDescriptor,
    mask::{AccessMask, GenericMapping},
};
use alloc::vec::Vec;

/// Opens or creates a registry key, as Windows decides it
/// ([\[MS-RRP\] 3.1.5](https://learn.microsoft.com/openspecs/windows_protocols/ms-rrp/0fa3191d-bb79-490a-81bd-54c2601b7a78)).
///
/// An existing key is opened by what its own descriptor grants: the keys above do not count, and deleting needs DELETE on the key itself. A
/// new key needs KEY_CREATE_SUB_KEY on its parent, and its creator is granted what it asked for. The bits KEY_WOW64_64KEY and
/// KEY_WOW64_32KEY choose a view of the registry. They are no rights, and are never granted.
///
/// The generic mapping is that of keys, whatever the question has.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::KeyAccess};
/// let key: SecurityDescriptor = "D:(A;;KR;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let desired = AccessMask::KEY_READ | AccessMask::KEY_WOW64_64KEY;
/// let question = AccessCheck::new(&caller, desired);
/// assert_eq!(KeyAccess::new(&question).check(&key).granted(), AccessMask::KEY_READ);
///
/// let parent: SecurityDescriptor = "D:(A;;0x4;;;AU)".parse()?;
/// assert_eq!(KeyAccess::new(&question).parent(&parent).check_new().granted(), AccessMask::KEY_READ);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct KeyAccess<'a> {
    question: AccessCheck<'a>,
    parent: Option<&'a SecurityDescriptor>,
    link: bool,
    backup_restore: bool,
}

/// Bits that choose a view of the registry.
const VIEWS: AccessMask = AccessMask::KEY_WOW64_64KEY.union(AccessMask::KEY_WOW64_32KEY);

/// The rights that SeBackupPrivilege and SeRestorePrivilege grant
/// ([`RegCreateKeyEx`](https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-regcreatekeyexw)).
const BACKUP: AccessMask = AccessMask::ACCESS_SYSTEM_SECURITY.union(AccessMask::KEY_READ);
const RESTORE: AccessMask = AccessMask::ACCESS_SYSTEM_SECURITY
    .union(AccessMask::DELETE)
    .union(AccessMask::KEY_WRITE);

impl<'a> KeyAccess<'a> {
    /// Opens a key with the rights that the question asks for.
    pub fn new(question: &AccessCheck<'a>) -> Self {
        let mut question = question.mapping(GenericMapping::KEY);
        // Files have these intents.
        question.options.backup_intent = false;
        question.options.restore_intent = false;
        Self {
            question,
            parent: None,
            link: false,
            backup_restore: false,
        }
    }

    /// The descriptor of the key that a new key is created in. It has no effect on an existing key.
    pub const fn parent(mut self, descriptor: &'a SecurityDescriptor) -> Self {
        self.parent = Some(descriptor);
        self
    }

    /// Whether a new key is a symbolic link. Then the parent must grant KEY_CREATE_LINK in place of KEY_CREATE_SUB_KEY.
    #[doc(alias = "REG_OPTION_CREATE_LINK")]
    pub const fn link(mut self, link: bool) -> Self {
        self.link = link;
        self
    }

    /// Whether the key is opened in order to back it up or restore it. Then it does not count which rights are desired, and which rights
    /// the DACL grants. The caller is granted KEY_READ and ACCESS_SYSTEM_SECURITY if it holds SeBackupPrivilege, KEY_WRITE, DELETE and
    /// ACCESS_SYSTEM_SECURITY if it holds SeRestorePrivilege, and is refused if it holds neither.
    ///
    /// A request for nothing is refused, and so is a caller in an app container (inferred). A descriptor that the check refuses whatever its
    /// DACL grants, such as one with a trust label, is refused here, too.
    ///
    /// For a new key, SeRestorePrivilege takes the place of KEY_CREATE_SUB_KEY on the parent. SeBackupPrivilege does not, and neither takes
    /// the place of KEY_CREATE_LINK (inferred).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, caller::Privileges, layers::KeyAccess};
    /// let key: SecurityDescriptor = "D:".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups().with_privileges(Privileges::BACKUP);
    /// let question = AccessCheck::new(&caller, AccessMask::KEY_ALL_ACCESS);
    /// let granted = KeyAccess::new(&question).backup_restore(true).check(&key).granted();
    /// assert_eq!(granted, AccessMask::KEY_READ | AccessMask::ACCESS_SYSTEM_SECURITY);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "REG_OPTION_BACKUP_RESTORE")]
    pub const fn backup_restore(mut self, intent: bool) -> Self {
        self.backup_restore = intent;
        self
    }

    /// Decides about a key that exists and has this descriptor. Allocates nothing.
    pub fn check<D: Descriptor>(&self, descriptor: &D) -> Decision {
        self.open(descriptor, &mut ()).decision
    }

    /// Decides as [`check`](Self::check) does, and says why.
    #[must_use]
    pub fn explain<D: Descriptor>(&self, descriptor: &D) -> LayeredExplanation {
        let mut steps = Vec::new();
        let outcome = self.open(descriptor, &mut steps);
        outcome.explained(self.request(), steps)
    }

    /// Decides about a key that does not exist yet. The parent must be known. MAXIMUM_ALLOWED adds nothing to the other desired rights, and
    /// is refused alone (inferred).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::KeyAccess};
    /// let readable: SecurityDescriptor = "D:(A;;KR;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::KEY_READ);
    /// assert!(!KeyAccess::new(&question).parent(&readable).check_new().is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_new(&self) -> Decision {
        self.create(&mut ()).decision
    }

    /// Decides as [`check_new`](Self::check_new) does, and says why.
    #[must_use]
    pub fn explain_new(&self) -> LayeredExplanation {
        let mut steps = Vec::new();
        let outcome = self.create(&mut steps);
        outcome.explained(self.request(), steps)
    }

    /// The request, without the bits that are no rights.
    fn request(&self) -> Request {
        let desired = self.question.desired.difference(VIEWS);
        Request::of(GenericMapping::KEY.map(desired))
    }

    fn open<D: Descriptor>(&self, descriptor: &D, observer: &mut impl Observer) -> Outcome {
        let mut join = Join::new(self.request());
        if self.backup_restore {
            let outcome = self.back_up(descriptor, &join, observer);
            return outcome.unwrap_or_else(|denied| denied);
        }
        match self.try_open(descriptor, &mut join, observer) {
            Ok(()) => join.finish(|| false),
            Err(outcome) => outcome,
        }
    }

    fn try_open<D: Descriptor>(
        &self,
        descriptor: &D,
        join: &mut Join,
        observer: &mut impl Observer,
    ) -> Result<(), Outcome> {
        self.refuse_malformed(join, observer)?;
        let mut question = self.question;
        question.desired = self.request().desired();
        let exempt = AccessMask::empty();
        match observer.ask("key", &question, descriptor) {
            Decision::Allowed { granted } => {
                join.limit(granted.difference(VIEWS), exempt);
                Ok(())
            }
            Decision::Denied(denial) => join.denied(&denial, exempt, observer.last()),
        }
    }

    fn create(&self, observer: &mut impl Observer) -> Outcome {
        let mut join = Join::new(self.request());
        if self.backup_restore {
            let outcome = self.restore(&mut join, observer);
            return outcome.unwrap_or_else(|denied| denied);
        }
        match self.try_create(&mut join, observer) {
            Ok(()) => join.finish(|| false),
            Err(outcome) => outcome,
        }
    }

    fn try_create(&self, join: &mut Join, observer: &mut impl Observer) -> Result<(), Outcome> {
        self.refuse_malformed(join, observer)?;
        let explicit = self.request().explicit;
        let add = self.add_right();
        let Some(parent) = self.parent else {
            return Err(join.refuse(observer, LayerRule::ParentUnknown, add));
        };
        if explicit.is_empty() {
            return Err(join.refuse(observer, LayerRule::MaximumUnknown, AccessMask::MAXIMUM_ALLOWED));
        }
        let security = AccessMask::ACCESS_SYSTEM_SECURITY;
        if explicit.contains(security) && !self.privileges().contains(Privileges::SECURITY) {
            return Err(join.refuse(observer, LayerRule::PrivilegeNotHeld, security));
        }
        let question = AccessCheck {
            desired: add,
            ..self.question
        };
        join.require(observer, &question, ("parent key", parent))?;
        observer.saw(|| LayerStep::CreatorGranted { bits: explicit });
        join.limit(explicit, AccessMask::empty());
        Ok(())
    }

    /// The right on the parent that creating this key needs.
    const fn add_right(&self) -> AccessMask {
        if self.link {
            AccessMask::KEY_CREATE_LINK
        } else {
            AccessMask::KEY_CREATE_SUB_KEY
        }
    }

    /// The privileges that count. A privilege grants nothing to an app container.
    fn privileges(&self) -> Privileges {
        let caller = self.question.caller;
        if caller.app_container().is_some() {
            Privileges::empty()
        } else {
            caller.privileges()
        }
    }

    /// Refuses a request that is none.
    fn refuse_malformed(&self, join: &Join, observer: &mut impl Observer) -> Result<(), Outcome> {
        let views = self.question.desired.intersection(VIEWS);
        if views == VIEWS {
            return Err(join.refuse(observer, LayerRule::BothViews, views));
        }
        if !views.is_empty() {
            observer.saw(|| LayerStep::ViewIgnored { bits: views });
        }
        let Request { explicit, maximum } = self.request();
        if explicit.is_empty() && !maximum {
            return Err(join.refuse(observer, LayerRule::NothingAsked, views));
        }
        Ok(())
    }

    /// Opens a key to back it up or restore it.
    fn back_up<D: Descriptor>(
        &self,
        descriptor: &D,
        join: &Join,
        observer: &mut impl Observer,
    ) -> Result<Outcome, Outcome> {
        self.refuse_malformed(join, observer)?;
        let granted = self.granted_by_privileges(join, observer)?;
        self.refuse_whatever_is_granted(("key", descriptor), join, observer)?;
        Ok(allowed_by_privileges(granted, observer))
    }

    /// Creates a key to restore it.
    fn restore(&self, join: &mut Join, observer: &mut impl Observer) -> Result<Outcome, Outcome> {
        self.refuse_malformed(join, observer)?;
        let granted = self.granted_by_privileges(join, observer)?;
        let add = self.add_right();
        let Some(parent) = self.parent else {
            return Err(join.refuse(observer, LayerRule::ParentUnknown, add));
        };
        if self.privileges().contains(Privileges::RESTORE) && RESTORE.contains(add) {
            self.refuse_whatever_is_granted(("parent key", parent), join, observer)?;
        } else {
            let question = AccessCheck {
                desired: add,
                ..self.question
            };
            join.require(observer, &question, ("parent key", parent))?;
        }
        match join.undetermined() {
            Some(undetermined) => Err(undetermined),
            None => Ok(allowed_by_privileges(granted, observer)),
        }
    }

    /// The rights that the caller's privileges to back up and restore grant. The error is the refusal if it holds neither.
    fn granted_by_privileges(&self, join: &Join, observer: &mut impl Observer) -> Result<AccessMask, Outcome> {
        let held = self.privileges();
        let rows = [(Privileges::BACKUP, BACKUP), (Privileges::RESTORE, RESTORE)];
        let granted = rows
            .into_iter()
            .filter(|&(privilege, _)| held.contains(privilege))
            .fold(AccessMask::empty(), |granted, (_, bits)| granted.union(bits));
        if granted.is_empty() {
            return Err(join.refuse(observer, LayerRule::PrivilegeNotHeld, self.request().desired()));
        }
        Ok(granted)
    }

    /// Refuses a descriptor that the check refuses whatever its DACL grants.
    fn refuse_whatever_is_granted<D: Descriptor>(
        &self,
        (name, descriptor): (&str, &D),
        join: &Join,
        observer: &mut impl Observer,
    ) -> Result<(), Outcome> {
        let question = AccessCheck {
            desired: AccessMask::MAXIMUM_ALLOWED,
            ..self.question
        };
        match observer.ask(name, &question, descriptor) {
            Decision::Denied(denial) if !can_be_mended(denial.reason) => {
                Err(join.refusal(denial.reason, observer.last()))
            }
            Decision::Allowed { .. } | Decision::Denied(_) => Ok(()),
        }
    }
}

fn allowed_by_privileges(granted: AccessMask, observer: &mut impl Observer) -> Outcome {
    observer.saw(|| LayerStep::BackupRestoreGranted { bits: granted });
    Outcome {
        decision: Decision::Allowed { granted },
        denied_by: None,
    }
}
