use super::{
    disposition::Disposition,
    explanation::{LayerRule, LayerStep, LayeredExplanation},
    file::FileAccess,
    join::{Join, Outcome, can_be_mended},
    observer::Observer,
    open::reach,
    own::own_rights,
};
use crate::{
    check::{Decision, DenialReason, Descriptor},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
};

/// The place that a file is renamed to ([`FileAccess::check_rename`]).
///
/// ([\[MS-FSA\], FileRenameInformation](https://learn.microsoft.com/openspecs/windows_protocols/ms-fsa/87f86c9b-6c2a-4803-84b7-131a74a434fa).) The new directory must grant FILE_ADD_FILE and SYNCHRONIZE for a file, or FILE_ADD_SUBDIRECTORY for a directory.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{FileAccess, Rename}};
/// let directory: SecurityDescriptor = "D:(A;;FA;;;AU)".parse()?;
/// let file: SecurityDescriptor = "D:".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::DELETE);
/// let access = FileAccess::new(&question).parent(&directory);
/// assert!(access.check_rename(&file, &Rename::into(&directory)).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Rename<'a> {
    new_parent: &'a SecurityDescriptor,
    target: Option<&'a SecurityDescriptor>,
    target_read_only: bool,
    target_directory: bool,
}

impl<'a> Rename<'a> {
    /// Into the directory with this descriptor, which may be the one that the file is in, under a name that is free.
    pub const fn into(new_parent: &'a SecurityDescriptor) -> Self {
        Self {
            new_parent,
            target: None,
            target_read_only: false,
            target_directory: false,
        }
    }

    /// The name is that of a file with this descriptor, which is replaced. That needs DELETE on it, or FILE_DELETE_CHILD on the new directory.
    pub const fn replacing(mut self, target: &'a SecurityDescriptor) -> Self {
        self.target = Some(target);
        self
    }

    /// Whether the file that is replaced has the read-only attribute. Then it can't be replaced.
    pub const fn replacing_read_only(mut self, read_only: bool) -> Self {
        self.target_read_only = read_only;
        self
    }

    /// Whether a directory has the name. A directory can't be replaced.
    pub const fn replacing_directory(mut self, directory: bool) -> Self {
        self.target_directory = directory;
        self
    }
}

impl FileAccess<'_> {
    /// Decides whether the file may be renamed or moved. The question's desired rights do not count: renaming needs DELETE.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{FileAccess, Rename}};
    /// let new_directory: SecurityDescriptor = "D:(A;;0x100002;;;AU)".parse()?; // FILE_ADD_FILE, SYNCHRONIZE
    /// let file: SecurityDescriptor = "D:(A;;SD;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::DELETE);
    /// let rename = Rename::into(&new_directory);
    /// assert!(FileAccess::new(&question).check_rename(&file, &rename).is_allowed());
    /// // A file is in the way, and the caller may not delete it.
    /// let target: SecurityDescriptor = "D:(A;;FR;;;AU)".parse()?;
    /// assert!(!FileAccess::new(&question).check_rename(&file, &rename.replacing(&target)).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_rename<D: Descriptor>(&self, descriptor: &D, rename: &Rename<'_>) -> Decision {
        rename_file(&self.deleting(), descriptor, rename, &mut ()).decision
    }

    /// Decides as [`check_rename`](Self::check_rename) does, and says what each layer and each rule did.
    #[must_use]
    pub fn explain_rename<D: Descriptor>(&self, descriptor: &D, rename: &Rename<'_>) -> LayeredExplanation {
        let deleting = self.deleting();
        deleting.explained(|steps| rename_file(&deleting, descriptor, rename, steps))
    }

    /// The question of the handle that a file is renamed with.
    fn deleting(&self) -> Self {
        let mut open = self.asking(AccessMask::DELETE);
        open.disposition = Disposition::Open;
        open.delete_on_close = false;
        open
    }
}

fn rename_file<D: Descriptor>(
    access: &FileAccess<'_>,
    descriptor: &D,
    rename: &Rename<'_>,
    observer: &mut impl Observer,
) -> Outcome {
    let mut join = Join::new(access.request());
    match try_rename(access, descriptor, rename, &mut join, observer) {
        Ok(()) => join.finish(|| false),
        Err(denied) => denied,
    }
}

fn try_rename<D: Descriptor>(
    access: &FileAccess<'_>,
    descriptor: &D,
    rename: &Rename<'_>,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let request = access.request();
    let mut add = access.add_right();
    if !access.directory {
        add = add.union(AccessMask::SYNCHRONIZE);
    }
    if rename.target_directory {
        return Err(join.refuse(observer, LayerRule::DirectoryNotReplaceable, AccessMask::DELETE));
    }
    if rename.target_read_only {
        return Err(join.refuse(observer, LayerRule::ReadOnly, AccessMask::DELETE));
    }
    // A share must grant the right to add a file, too (inferred).
    reach(access, request.and(add), join, observer)?;
    own_rights(access, request, descriptor, join, observer)?;
    let question = access.with_intent(add);
    join.require(observer, &question, ("new parent directory", rename.new_parent))?;
    match rename.target {
        Some(target) => replace(access, target, rename.new_parent, join, observer),
        None => Ok(()),
    }
}

/// The file in the way is deleted: DELETE on it, or FILE_DELETE_CHILD on its directory.
fn replace(
    access: &FileAccess<'_>,
    target: &SecurityDescriptor,
    directory: &SecurityDescriptor,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let delete = access.with_intent(AccessMask::DELETE);
    let Decision::Denied(denial) = observer.ask("target", &delete, target) else {
        return Ok(());
    };
    let step = observer.last();
    if !can_be_mended(denial.reason) {
        return Err(join.refusal(denial.reason, step));
    }
    let question = access.without_intent(AccessMask::FILE_DELETE_CHILD);
    match observer.ask("new parent directory", &question, directory) {
        Decision::Allowed { .. } => {
            observer.saw(|| LayerStep::ParentGranted {
                bits: AccessMask::DELETE,
                by: AccessMask::FILE_DELETE_CHILD,
            });
            Ok(())
        }
        Decision::Denied(other)
            if denial.reason == DenialReason::Undetermined || other.reason == DenialReason::Undetermined =>
        {
            join.doubt(step);
            Ok(())
        }
        Decision::Denied(_) => Err(join.refusal(denial.reason, step)),
    }
}
