//! The rules of [MS-FSA] 2.1.5.1 about opening and creating, and of [MS-SMB2] 3.3.5.9 about a share.

use super::{
    explanation::{LayerRule, LayerStep, LayeredExplanation},
    file::FileAccess,
    join::{Join, Outcome, single_rights},
    observer::Observer,
    own::{FILE_RIGHTS, own_rights},
};
use crate::{
    caller::Privileges,
    check::{Decision, Descriptor, Request},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
};

/// The bits that no file has as rights.
const RESERVED: AccessMask = AccessMask::from_bits_retain(0x0ce0_fe00);

const NEW: Operation<'static, SecurityDescriptor> = Operation::Create;

impl FileAccess<'_> {
    /// Decides about a file that exists and has this descriptor. Allocates nothing.
    pub fn check<D: Descriptor>(&self, descriptor: &D) -> Decision {
        Operation::Open(descriptor).decide(self, &mut ()).decision
    }

    /// Decides as [`check`](Self::check) does, and says what each layer and each rule did.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{FileAccess, LayerStep}};
    /// let directory: SecurityDescriptor = "D:(A;;0x40;;;AU)".parse()?;
    /// let file: SecurityDescriptor = "D:(D;;SD;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::DELETE);
    /// let explanation = FileAccess::new(&question).parent(&directory).explain(&file);
    /// assert!(explanation.decision.is_allowed());
    /// let gift = LayerStep::ParentGranted { bits: AccessMask::DELETE, by: AccessMask::FILE_DELETE_CHILD };
    /// assert_eq!(explanation.steps.last(), Some(&gift));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain<D: Descriptor>(&self, descriptor: &D) -> LayeredExplanation {
        self.explained(|steps| Operation::Open(descriptor).decide(self, steps))
    }

    /// Decides about a file that does not exist yet. The parent must be known. Its creator is granted what it asked for, whatever descriptor
    /// the file gets. ACCESS_SYSTEM_SECURITY needs SeSecurityPrivilege, and is refused to an app container.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Disposition, FileAccess}};
    /// let directory: SecurityDescriptor = "D:(A;;0x2;;;AU)".parse()?; // FILE_ADD_FILE
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_ALL_ACCESS);
    /// let create = FileAccess::new(&question).parent(&directory).disposition(Disposition::Create);
    /// assert_eq!(create.check_new().granted(), AccessMask::FILE_ALL_ACCESS);
    /// assert!(!create.directory(true).check_new().is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_new(&self) -> Decision {
        NEW.decide(self, &mut ()).decision
    }

    /// Decides as [`check_new`](Self::check_new) does, and says what each layer and each rule did.
    #[must_use]
    pub fn explain_new(&self) -> LayeredExplanation {
        self.explained(|steps| NEW.decide(self, steps))
    }

    /// Decides whether a listing with access-based enumeration shows this file: the caller must have FILE_READ_DATA, FILE_READ_EA,
    /// FILE_READ_ATTRIBUTES and READ_CONTROL on the file itself. The question's desired rights do not count. The parent does not help.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
    /// let listing = FileAccess::new(&question);
    /// assert!(listing.check_listed(&"D:(A;;FR;;;AU)".parse::<SecurityDescriptor>()?).is_allowed());
    /// assert!(!listing.check_listed(&"D:(A;;0x1;;;AU)".parse::<SecurityDescriptor>()?).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "access-based enumeration")]
    pub fn check_listed<D: Descriptor>(&self, descriptor: &D) -> Decision {
        Operation::Plain(descriptor).decide(&self.listing(), &mut ()).decision
    }

    /// Decides as [`check_listed`](Self::check_listed) does, and says what each layer did.
    #[must_use]
    pub fn explain_listed<D: Descriptor>(&self, descriptor: &D) -> LayeredExplanation {
        let listing = self.listing();
        listing.explained(|steps| Operation::Plain(descriptor).decide(&listing, steps))
    }

    /// The maximal access that SMB reports for this file: what its own descriptor grants. The parent's rights and the read-only attribute do
    /// not count, so opening the file can grant more or less
    /// ([\[MS-SMB2\] 3.3.5.9.5](https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2/5606ad47-5ee0-437a-817e-70c366052962)).
    /// The question's desired rights do not count, either.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
    /// let directory: SecurityDescriptor = "D:(A;;FA;;;AU)".parse()?;
    /// let file: SecurityDescriptor = "D:(A;;FR;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::MAXIMUM_ALLOWED);
    /// let access = FileAccess::new(&question).parent(&directory);
    /// assert_eq!(access.check_maximal_access(&file).granted(), AccessMask::FILE_GENERIC_READ);
    /// assert_eq!(access.check(&file).granted(), AccessMask::FILE_GENERIC_READ | AccessMask::DELETE);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "SMB2_CREATE_QUERY_MAXIMAL_ACCESS_REQUEST")]
    pub fn check_maximal_access<D: Descriptor>(&self, descriptor: &D) -> Decision {
        Operation::Plain(descriptor).decide(&self.maximal(), &mut ()).decision
    }

    /// Decides as [`check_maximal_access`](Self::check_maximal_access) does, and says what each layer did.
    #[must_use]
    pub fn explain_maximal_access<D: Descriptor>(&self, descriptor: &D) -> LayeredExplanation {
        let maximal = self.maximal();
        maximal.explained(|steps| Operation::Plain(descriptor).decide(&maximal, steps))
    }

    /// The question of a listing with access-based enumeration.
    fn listing(&self) -> Self {
        let rights = AccessMask::FILE_READ_DATA
            .union(AccessMask::FILE_READ_EA)
            .union(AccessMask::FILE_READ_ATTRIBUTES)
            .union(AccessMask::READ_CONTROL);
        self.asking(rights)
    }

    fn maximal(&self) -> Self {
        self.asking(AccessMask::MAXIMUM_ALLOWED)
    }
}

/// An operation on a file.
#[derive(Debug)]
enum Operation<'d, D> {
    /// A file with this descriptor is opened.
    Open(&'d D),
    /// A file with this descriptor is listed, or its maximal access is asked for: no rule about files counts.
    Plain(&'d D),
    /// A file is created.
    Create,
}

impl<D: Descriptor> Operation<'_, D> {
    fn decide(&self, access: &FileAccess<'_>, observer: &mut impl Observer) -> Outcome {
        match self.attempt(access, observer) {
            // Of the maximum, unknown facts may grant a right that is not certain.
            Ok(join) => join.finish(|| {
                single_rights().any(|right| {
                    let join = self.attempt(&access.asking(right), &mut ());
                    join.is_ok_and(|join| join.finish(|| false).decision.is_undetermined())
                })
            }),
            Err(denied) => denied,
        }
    }

    fn attempt(&self, access: &FileAccess<'_>, observer: &mut impl Observer) -> Result<Join, Outcome> {
        let mut join = Join::new(access.request());
        match self {
            Self::Open(descriptor) => open(access, *descriptor, &mut join, observer),
            Self::Plain(descriptor) => plain(access, *descriptor, &mut join, observer),
            Self::Create => create(access, &mut join, observer),
        }?;
        Ok(join)
    }
}

/// Opens a file that exists.
fn open<D: Descriptor>(
    access: &FileAccess<'_>,
    descriptor: &D,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let request = access.request();
    refuse_malformed(access, request, join, observer)?;
    if !access.disposition.opens() {
        return Err(join.refuse(observer, LayerRule::Exists, request.desired()));
    }
    if access.disposition.replaces() && access.directory {
        return Err(join.refuse(observer, LayerRule::DirectoryNotReplaceable, request.desired()));
    }
    let needed = access.disposition.needs().difference(request.explicit);
    if !needed.is_empty() {
        observer.saw(|| LayerStep::DispositionNeeds { bits: needed });
    }
    // A share must grant these rights, too (inferred).
    let needs = request.and(needed);
    if access.read_only && !access.directory {
        let writing = AccessMask::FILE_WRITE_DATA.union(AccessMask::FILE_APPEND_DATA);
        let bits = needs.explicit.intersection(writing);
        if !bits.is_empty() || access.disposition.replaces() {
            return Err(join.refuse(observer, LayerRule::ReadOnly, bits));
        }
    }
    if access.read_only && access.delete_on_close {
        return Err(join.refuse(observer, LayerRule::ReadOnlyDelete, AccessMask::DELETE));
    }
    reach(access, needs, join, observer)?;
    own_rights(access, needs, descriptor, join, observer)
}

/// Creates a file that does not exist.
fn create(access: &FileAccess<'_>, join: &mut Join, observer: &mut impl Observer) -> Result<(), Outcome> {
    let request = access.request();
    refuse_malformed(access, request, join, observer)?;
    if !access.disposition.creates() {
        return Err(join.refuse(observer, LayerRule::DoesNotExist, request.desired()));
    }
    if access.read_only && access.delete_on_close {
        return Err(join.refuse(observer, LayerRule::ReadOnlyDelete, AccessMask::DELETE));
    }
    let add = access.add_right();
    let Some(parent) = access.parent else {
        return Err(join.refuse(observer, LayerRule::ParentUnknown, add));
    };
    // A share must grant the right to add a file, too (inferred).
    reach(access, request.and(add), join, observer)?;
    let security = AccessMask::ACCESS_SYSTEM_SECURITY;
    if request.explicit.contains(security) && !holds_security(access) {
        return Err(join.refuse(observer, LayerRule::PrivilegeNotHeld, security));
    }
    // SeRestorePrivilege takes the place of this right only with restore intent (inferred).
    let question = access.with_intent(add);
    join.require(observer, &question, ("parent directory", parent))?;
    let bits = if request.maximum {
        request.explicit.union(AccessMask::FILE_ALL_ACCESS)
    } else {
        request.explicit
    };
    observer.saw(|| LayerStep::CreatorGranted { bits });
    join.limit(bits, AccessMask::empty());
    Ok(())
}

/// The plain check of a file, after its share and its volume guard.
fn plain<D: Descriptor>(
    access: &FileAccess<'_>,
    descriptor: &D,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let request = access.request();
    front(access, request, join, observer)?;
    let question = access.without_intent(request.desired());
    match observer.ask("file", &question, descriptor) {
        Decision::Allowed { granted } => {
            join.limit(granted.intersection(FILE_RIGHTS), AccessMask::empty());
            Ok(())
        }
        Decision::Denied(denial) => join.denied(&denial, AccessMask::empty(), observer.last()),
    }
}

/// Refuses a request that is none.
fn refuse_malformed(
    access: &FileAccess<'_>,
    request: Request,
    join: &Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let Request { explicit, maximum } = request;
    if explicit.is_empty() && !maximum {
        return Err(join.refuse(observer, LayerRule::NothingAsked, explicit));
    }
    let reserved = explicit.intersection(RESERVED);
    if !reserved.is_empty() {
        return Err(join.refuse(observer, LayerRule::ReservedBits, reserved));
    }
    if access.delete_on_close && !explicit.contains(AccessMask::DELETE) {
        return Err(join.refuse(observer, LayerRule::DeleteOnCloseWithoutDelete, AccessMask::DELETE));
    }
    Ok(())
}

/// Asks all that is in front of the file: the share, the volume guard and the directories above.
pub(super) fn reach(
    access: &FileAccess<'_>,
    needs: Request,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    front(access, needs, join, observer)?;
    if access.ancestors.is_empty() {
        return Ok(());
    }
    if access.question.caller.privileges().contains(Privileges::CHANGE_NOTIFY) {
        observer.saw(|| LayerStep::TraverseSkipped);
        return Ok(());
    }
    let question = access.without_intent(AccessMask::FILE_TRAVERSE);
    for ancestor in access.ancestors {
        join.require(observer, &question, ("ancestor directory", ancestor))?;
    }
    Ok(())
}

/// Asks the share and the volume guard.
fn front(
    access: &FileAccess<'_>,
    needs: Request,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let question = access.without_intent(needs.desired());
    let exempt = AccessMask::ACCESS_SYSTEM_SECURITY;
    // Connecting to a share needs some right on it, and the maximum has no right that only a privilege grants.
    let takes_ownership = access.question.caller.privileges().contains(Privileges::TAKE_OWNERSHIP)
        && needs.explicit.contains(AccessMask::WRITE_OWNER);
    if takes_ownership {
        let maximum = access.without_intent(AccessMask::MAXIMUM_ALLOWED);
        let layers = [("share", access.share), ("volume guard", access.volume_guard)];
        for (name, descriptor) in layers {
            if let Some(descriptor) = descriptor {
                join.require(observer, &maximum, (name, descriptor))?;
            }
        }
    }
    if let Some(share) = access.share {
        join.ask(observer, &question, ("share", share), exempt)?;
    }
    if let Some(guard) = access.volume_guard {
        join.ask(observer, &question, ("volume guard", guard), AccessMask::empty())?;
    }
    Ok(())
}

/// Whether the caller holds a privilege that grants ACCESS_SYSTEM_SECURITY on a new file. A privilege grants nothing to an app container.
fn holds_security(access: &FileAccess<'_>) -> bool {
    if access.question.caller.app_container().is_some() {
        return false;
    }
    let options = access.with_intent(AccessMask::empty()).options;
    let held = access.question.caller.privileges();
    held.contains(Privileges::SECURITY)
        || options.backup_intent && held.contains(Privileges::BACKUP)
        || options.restore_intent && held.contains(Privileges::RESTORE)
}
