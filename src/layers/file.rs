use super::{
    disposition::Disposition,
    explanation::{LayerStep, LayeredExplanation},
    join::Outcome,
};
use crate::{
    check::{AccessCheck, Request},
    descriptor::SecurityDescriptor,
    mask::{AccessMask, GenericMapping},
};
use alloc::vec::Vec;

/// Opens, creates or renames a file or a directory, as Windows decides it
/// ([\[MS-FSA\] 2.1.5.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-fsa/8ada5fbe-db4e-49fd-aef6-20d54b748e40)).
///
/// Begin with a question: the caller and the rights that it asks for. Add each fact about the file that you know. A descriptor that is not
/// given adds nothing: without a parent nothing is created, and a right that the parent would grant is missing. Only a missing share or
/// volume guard means that there is none.
///
/// The rules, in this order:
///
/// 1. A request for nothing is refused, and one with a bit of 0x0CE0FE00. FILE_DELETE_ON_CLOSE needs DELETE among the desired rights.
/// 2. The share and the volume guard must grant all that is asked for. The share is not asked for ACCESS_SYSTEM_SECURITY. If
///    SeTakeOwnershipPrivilege grants WRITE_OWNER, the DACLs of both must still grant some right.
/// 3. Each of the directories above must grant FILE_TRAVERSE, unless the caller holds SeChangeNotifyPrivilege.
/// 4. A file with the read-only attribute can't be written or deleted on close, and the maximum lacks FILE_WRITE_DATA, FILE_APPEND_DATA and
///    FILE_DELETE_CHILD.
/// 5. The file's own descriptor must grant the rest. But DELETE is also granted if the parent grants FILE_DELETE_CHILD, and
///    FILE_READ_ATTRIBUTES if the parent grants FILE_LIST_DIRECTORY. No Deny of the file itself takes these two away.
/// 6. A new file needs FILE_ADD_FILE on the parent, and a new directory FILE_ADD_SUBDIRECTORY. Its creator is granted what it asked for.
///
/// The generic mapping is that of files, whatever the question has. Backup and restore intent and the other options of the question hold
/// for the file; a share, a volume guard and the parent's two rights are checked without intent. The maximum through a share is what both
/// grant (inferred).
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Disposition, FileAccess}};
/// let directory: SecurityDescriptor = "O:SYG:SYD:(A;;0x43;;;AU)".parse()?; // list, add files, delete children
/// let file: SecurityDescriptor = "O:SYG:SYD:(A;;FR;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
///
/// let delete = AccessCheck::new(&caller, AccessMask::DELETE);
/// assert!(!FileAccess::new(&delete).check(&file).is_allowed());
/// assert!(FileAccess::new(&delete).parent(&directory).check(&file).is_allowed());
///
/// let write = AccessCheck::new(&caller, AccessMask::FILE_WRITE_DATA);
/// assert!(!FileAccess::new(&write).parent(&directory).check(&file).is_allowed());
/// let create = FileAccess::new(&write).parent(&directory).disposition(Disposition::Create);
/// assert!(create.check_new().is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct FileAccess<'a> {
    /// The question, with the mapping of files.
    pub(super) question: AccessCheck<'a>,
    pub(super) share: Option<&'a SecurityDescriptor>,
    pub(super) volume_guard: Option<&'a SecurityDescriptor>,
    pub(super) ancestors: &'a [SecurityDescriptor],
    pub(super) parent: Option<&'a SecurityDescriptor>,
    pub(super) disposition: Disposition,
    pub(super) read_only: bool,
    pub(super) directory: bool,
    pub(super) delete_on_close: bool,
}

impl<'a> FileAccess<'a> {
    /// Opens an existing file with the rights that the question asks for.
    pub fn new(question: &AccessCheck<'a>) -> Self {
        Self {
            question: question.mapping(GenericMapping::FILE),
            share: None,
            volume_guard: None,
            ancestors: &[],
            parent: None,
            disposition: Disposition::Open,
            read_only: false,
            directory: false,
            delete_on_close: false,
        }
    }

    /// The descriptor of the share that the request comes through.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
    /// let share: SecurityDescriptor = "D:(A;;FR;;;AU)".parse()?;
    /// let file: SecurityDescriptor = "D:(A;;FA;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::MAXIMUM_ALLOWED);
    /// let through_share = FileAccess::new(&question).share(&share).check(&file);
    /// assert_eq!(through_share.granted(), AccessMask::FILE_GENERIC_READ);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "FileSecurity")]
    pub const fn share(mut self, descriptor: &'a SecurityDescriptor) -> Self {
        self.share = Some(descriptor);
        self
    }

    /// A descriptor that limits access to all files of a volume, or to all directories: the Storage-Level Access Guard of ONTAP.
    #[doc(alias = "SLAG")]
    pub const fn volume_guard(mut self, descriptor: &'a SecurityDescriptor) -> Self {
        self.volume_guard = Some(descriptor);
        self
    }

    /// The descriptor of the directory that the file is in, or will be in.
    pub const fn parent(mut self, descriptor: &'a SecurityDescriptor) -> Self {
        self.parent = Some(descriptor);
        self
    }

    /// The directories above, from the root on. They must grant FILE_TRAVERSE, unless the caller holds
    /// [SeChangeNotifyPrivilege](crate::caller::Privileges::CHANGE_NOTIFY), as nearly every caller does on Windows. The parent is asked for
    /// FILE_TRAVERSE only if it is in this list, too.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, caller::Privileges, layers::FileAccess};
    /// let above: [SecurityDescriptor; 1] = ["D:".parse()?];
    /// let file: SecurityDescriptor = "D:(A;;FR;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
    /// assert!(!FileAccess::new(&question).ancestors(&above).check(&file).is_allowed());
    ///
    /// let caller = caller.with_privileges(Privileges::CHANGE_NOTIFY);
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
    /// assert!(FileAccess::new(&question).ancestors(&above).check(&file).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn ancestors(mut self, descriptors: &'a [SecurityDescriptor]) -> Self {
        self.ancestors = descriptors;
        self
    }

    /// The action if the file exists, and if it does not.
    ///
    /// To overwrite a file also needs FILE_WRITE_DATA, FILE_WRITE_EA and FILE_WRITE_ATTRIBUTES, and to supersede it DELETE and the last two.
    /// The handle still has the desired rights only.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::{Disposition, FileAccess}};
    /// let file: SecurityDescriptor = "D:(A;;FR;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
    /// let open = FileAccess::new(&question);
    /// assert!(open.check(&file).is_allowed());
    /// assert!(!open.disposition(Disposition::Overwrite).check(&file).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn disposition(mut self, disposition: Disposition) -> Self {
        self.disposition = disposition;
        self
    }

    /// Whether the file has the attribute FILE_ATTRIBUTE_READONLY. For a new file: whether it gets it.
    ///
    /// A file with it is not overwritten or superseded, either (inferred).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
    /// let file: SecurityDescriptor = "D:(A;;FA;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let write = AccessCheck::new(&caller, AccessMask::FILE_WRITE_DATA);
    /// assert!(!FileAccess::new(&write).read_only(true).check(&file).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "FILE_ATTRIBUTE_READONLY")]
    pub const fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// Whether it is a directory. A directory may be written to although it has the read-only attribute, and can't be overwritten or
    /// superseded.
    #[doc(alias = "FILE_DIRECTORY_FILE")]
    pub const fn directory(mut self, directory: bool) -> Self {
        self.directory = directory;
        self
    }

    /// Whether the file is to be deleted when the handle is closed. The desired rights must have DELETE.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
    /// let file: SecurityDescriptor = "D:(A;;FA;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let delete = AccessCheck::new(&caller, AccessMask::DELETE);
    /// assert!(FileAccess::new(&delete).delete_on_close(true).check(&file).is_allowed());
    /// let read = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
    /// assert!(!FileAccess::new(&read).delete_on_close(true).check(&file).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "FILE_DELETE_ON_CLOSE")]
    pub const fn delete_on_close(mut self, delete: bool) -> Self {
        self.delete_on_close = delete;
        self
    }

    /// Whether the file is opened in order to back it up or restore it. Then SeBackupPrivilege grants the rights of reading, and
    /// SeRestorePrivilege those of writing. Without this intent the two privileges grant nothing.
    ///
    /// SeBackupPrivilege counts for [`Open`](Disposition::Open), [`OpenIf`](Disposition::OpenIf) and
    /// [`OverwriteIf`](Disposition::OverwriteIf) alone.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, caller::Privileges, layers::FileAccess};
    /// let file: SecurityDescriptor = "D:".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups().with_privileges(Privileges::BACKUP);
    /// let read = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
    /// assert!(!FileAccess::new(&read).check(&file).is_allowed());
    /// assert!(FileAccess::new(&read).backup_intent(true).check(&file).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "FILE_OPEN_FOR_BACKUP_INTENT")]
    pub const fn backup_intent(mut self, intent: bool) -> Self {
        self.question.options.backup_intent = intent;
        self.question.options.restore_intent = intent;
        self
    }

    /// This access, with another request.
    pub(super) fn asking(&self, desired: AccessMask) -> Self {
        let question = AccessCheck {
            desired,
            ..self.question
        };
        Self { question, ..*self }
    }

    pub(super) fn request(&self) -> Request {
        Request::of(GenericMapping::FILE.map(self.question.desired))
    }

    /// The right on the parent that creating this file needs.
    pub(super) const fn add_right(&self) -> AccessMask {
        if self.directory {
            AccessMask::FILE_ADD_SUBDIRECTORY
        } else {
            AccessMask::FILE_ADD_FILE
        }
    }

    /// A question about the file itself. SeBackupPrivilege counts for some dispositions only.
    pub(super) fn with_intent(&self, desired: AccessMask) -> AccessCheck<'a> {
        let mut question = self.asking(desired).question;
        question.options.backup_intent &= self.disposition.can_back_up();
        question
    }

    /// A question about another object than the file.
    pub(super) fn without_intent(&self, desired: AccessMask) -> AccessCheck<'a> {
        let mut question = self.asking(desired).question;
        question.options.backup_intent = false;
        question.options.restore_intent = false;
        question
    }

    pub(super) fn explained(&self, decide: impl FnOnce(&mut Vec<LayerStep>) -> Outcome) -> LayeredExplanation {
        let mut steps = Vec::new();
        let outcome = decide(&mut steps);
        outcome.explained(self.request(), steps)
    }
}
