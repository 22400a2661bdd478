//! The rights that each kind of object defines for itself, as the Windows headers name them.
//!
//! They are constants beside the flag type's own flags: one bit has a different name for each kind of object, so iterating over
//! a mask's names would be ambiguous.

use super::AccessMask;

/// Sets of rights that every kind of object has (`winnt.h`).
impl AccessMask {
    /// `DELETE`, `READ_CONTROL`, `WRITE_DAC` and `WRITE_OWNER`.
    pub const STANDARD_RIGHTS_REQUIRED: Self = Self::from_bits_retain(0x000f_0000);
    /// The five standard rights: those of `STANDARD_RIGHTS_REQUIRED`, and `SYNCHRONIZE`.
    pub const STANDARD_RIGHTS_ALL: Self = Self::from_bits_retain(0x001f_0000);
    /// The sixteen rights that each kind of object defines for itself.
    pub const SPECIFIC_RIGHTS_ALL: Self = Self::from_bits_retain(0xffff);
}

/// Rights of files, directories and pipes ([\[MS-SMB2\] 2.2.13.1.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2/77b36d0f-6016-458a-a7a0-0f4a72ae1534)).
impl AccessMask {
    /// To read the data of a file.
    pub const FILE_READ_DATA: Self = Self::from_bits_retain(0x1);
    /// To list a directory.
    pub const FILE_LIST_DIRECTORY: Self = Self::from_bits_retain(0x1);
    /// To write data into a file.
    pub const FILE_WRITE_DATA: Self = Self::from_bits_retain(0x2);
    /// To create a file in a directory.
    pub const FILE_ADD_FILE: Self = Self::from_bits_retain(0x2);
    /// To append data to a file.
    pub const FILE_APPEND_DATA: Self = Self::from_bits_retain(0x4);
    /// To create a directory in a directory.
    pub const FILE_ADD_SUBDIRECTORY: Self = Self::from_bits_retain(0x4);
    /// To create an instance of a named pipe.
    pub const FILE_CREATE_PIPE_INSTANCE: Self = Self::from_bits_retain(0x4);
    /// To read extended attributes.
    pub const FILE_READ_EA: Self = Self::from_bits_retain(0x8);
    /// To write extended attributes.
    pub const FILE_WRITE_EA: Self = Self::from_bits_retain(0x10);
    /// To execute a file.
    pub const FILE_EXECUTE: Self = Self::from_bits_retain(0x20);
    /// To pass through a directory.
    pub const FILE_TRAVERSE: Self = Self::from_bits_retain(0x20);
    /// To delete a directory with everything in it, read-only files too.
    pub const FILE_DELETE_CHILD: Self = Self::from_bits_retain(0x40);
    /// To read attributes.
    pub const FILE_READ_ATTRIBUTES: Self = Self::from_bits_retain(0x80);
    /// To write attributes.
    pub const FILE_WRITE_ATTRIBUTES: Self = Self::from_bits_retain(0x100);
    /// `FA`: all rights of a file.
    pub const FILE_ALL_ACCESS: Self = Self::from_bits_retain(0x001f_01ff);
    /// `FR`: the meaning of `GENERIC_READ` for a file.
    pub const FILE_GENERIC_READ: Self = Self::from_bits_retain(0x0012_0089);
    /// `FW`: the meaning of `GENERIC_WRITE` for a file.
    pub const FILE_GENERIC_WRITE: Self = Self::from_bits_retain(0x0012_0116);
    /// `FX`: the meaning of `GENERIC_EXECUTE` for a file.
    pub const FILE_GENERIC_EXECUTE: Self = Self::from_bits_retain(0x0012_00a0);
}

/// Rights of registry keys ([Registry Key Security and Access Rights](https://learn.microsoft.com/windows/win32/sysinfo/registry-key-security-and-access-rights)).
impl AccessMask {
    /// To read the values of a key.
    pub const KEY_QUERY_VALUE: Self = Self::from_bits_retain(0x1);
    /// To create, change and delete values.
    pub const KEY_SET_VALUE: Self = Self::from_bits_retain(0x2);
    /// To create a subkey.
    pub const KEY_CREATE_SUB_KEY: Self = Self::from_bits_retain(0x4);
    /// To list the subkeys.
    pub const KEY_ENUMERATE_SUB_KEYS: Self = Self::from_bits_retain(0x8);
    /// To be notified of changes.
    pub const KEY_NOTIFY: Self = Self::from_bits_retain(0x10);
    /// To create a symbolic link; reserved for the system.
    pub const KEY_CREATE_LINK: Self = Self::from_bits_retain(0x20);
    /// To open the 64-bit view of the registry; no entry needs it.
    pub const KEY_WOW64_64KEY: Self = Self::from_bits_retain(0x100);
    /// To open the 32-bit view of the registry; no entry needs it.
    pub const KEY_WOW64_32KEY: Self = Self::from_bits_retain(0x200);
    /// `KA`: all rights of a key.
    pub const KEY_ALL_ACCESS: Self = Self::from_bits_retain(0x000f_003f);
    /// `KR`: the meaning of `GENERIC_READ` for a key.
    pub const KEY_READ: Self = Self::from_bits_retain(0x0002_0019);
    /// `KW`: the meaning of `GENERIC_WRITE` for a key.
    pub const KEY_WRITE: Self = Self::from_bits_retain(0x0002_0006);
    /// `KX`: the meaning of `GENERIC_EXECUTE` for a key, the set of `KEY_READ`.
    pub const KEY_EXECUTE: Self = Self::from_bits_retain(0x0002_0019);
}

/// Rights of objects in a directory service such as Active Directory ([`ADS_RIGHTS_ENUM`](https://learn.microsoft.com/windows/win32/api/iads/ne-iads-ads_rights_enum)).
impl AccessMask {
    /// `CC`: to create a child; the object type is its class.
    pub const ADS_RIGHT_DS_CREATE_CHILD: Self = Self::from_bits_retain(0x1);
    /// `DC`: to delete a child; the object type is its class.
    pub const ADS_RIGHT_DS_DELETE_CHILD: Self = Self::from_bits_retain(0x2);
    /// `LC`: to list the children.
    pub const ADS_RIGHT_ACTRL_DS_LIST: Self = Self::from_bits_retain(0x4);
    /// `SW`: to make a validated write; the object type says which.
    pub const ADS_RIGHT_DS_SELF: Self = Self::from_bits_retain(0x8);
    /// `RP`: to read a property or property set; the object type says which.
    pub const ADS_RIGHT_DS_READ_PROP: Self = Self::from_bits_retain(0x10);
    /// `WP`: to write a property or property set; the object type says which.
    pub const ADS_RIGHT_DS_WRITE_PROP: Self = Self::from_bits_retain(0x20);
    /// `DT`: to delete an object with all its children.
    pub const ADS_RIGHT_DS_DELETE_TREE: Self = Self::from_bits_retain(0x40);
    /// `LO`: to list this object.
    pub const ADS_RIGHT_DS_LIST_OBJECT: Self = Self::from_bits_retain(0x80);
    /// `CR`: to use an extended right; the object type says which.
    pub const ADS_RIGHT_DS_CONTROL_ACCESS: Self = Self::from_bits_retain(0x100);
}

/// Rights of services, and of the service control manager ([Service Security and Access Rights](https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights)).
impl AccessMask {
    /// To read the configuration.
    pub const SERVICE_QUERY_CONFIG: Self = Self::from_bits_retain(0x1);
    /// To change the configuration, the program that runs included.
    pub const SERVICE_CHANGE_CONFIG: Self = Self::from_bits_retain(0x2);
    /// To read the status.
    pub const SERVICE_QUERY_STATUS: Self = Self::from_bits_retain(0x4);
    /// To list the services that depend on this one.
    pub const SERVICE_ENUMERATE_DEPENDENTS: Self = Self::from_bits_retain(0x8);
    /// To start the service.
    pub const SERVICE_START: Self = Self::from_bits_retain(0x10);
    /// To stop the service.
    pub const SERVICE_STOP: Self = Self::from_bits_retain(0x20);
    /// To pause and continue the service.
    pub const SERVICE_PAUSE_CONTINUE: Self = Self::from_bits_retain(0x40);
    /// To ask the service to report its status.
    pub const SERVICE_INTERROGATE: Self = Self::from_bits_retain(0x80);
    /// To send the service a control code of its own.
    pub const SERVICE_USER_DEFINED_CONTROL: Self = Self::from_bits_retain(0x100);
    /// All rights of a service.
    pub const SERVICE_ALL_ACCESS: Self = Self::from_bits_retain(0x000f_01ff);
    /// To connect to the service control manager.
    pub const SC_MANAGER_CONNECT: Self = Self::from_bits_retain(0x1);
    /// To create a service.
    pub const SC_MANAGER_CREATE_SERVICE: Self = Self::from_bits_retain(0x2);
    /// To list the services.
    pub const SC_MANAGER_ENUMERATE_SERVICE: Self = Self::from_bits_retain(0x4);
    /// To lock the database of services.
    pub const SC_MANAGER_LOCK: Self = Self::from_bits_retain(0x8);
    /// To read the state of that lock.
    pub const SC_MANAGER_QUERY_LOCK_STATUS: Self = Self::from_bits_retain(0x10);
    /// To record whether the system started well.
    pub const SC_MANAGER_MODIFY_BOOT_CONFIG: Self = Self::from_bits_retain(0x20);
    /// All rights of the service control manager.
    pub const SC_MANAGER_ALL_ACCESS: Self = Self::from_bits_retain(0x000f_003f);
}

/// Rights of processes ([Process Security and Access Rights](https://learn.microsoft.com/windows/win32/procthread/process-security-and-access-rights)).
impl AccessMask {
    /// To end the process.
    pub const PROCESS_TERMINATE: Self = Self::from_bits_retain(0x1);
    /// To create a thread in the process.
    pub const PROCESS_CREATE_THREAD: Self = Self::from_bits_retain(0x2);
    /// To change the layout of its memory.
    pub const PROCESS_VM_OPERATION: Self = Self::from_bits_retain(0x8);
    /// To read its memory.
    pub const PROCESS_VM_READ: Self = Self::from_bits_retain(0x10);
    /// To write its memory.
    pub const PROCESS_VM_WRITE: Self = Self::from_bits_retain(0x20);
    /// To duplicate its handles.
    pub const PROCESS_DUP_HANDLE: Self = Self::from_bits_retain(0x40);
    /// To use it as the parent of a new process.
    pub const PROCESS_CREATE_PROCESS: Self = Self::from_bits_retain(0x80);
    /// To limit its memory.
    pub const PROCESS_SET_QUOTA: Self = Self::from_bits_retain(0x100);
    /// To change properties such as the priority class.
    pub const PROCESS_SET_INFORMATION: Self = Self::from_bits_retain(0x200);
    /// To read properties such as the token and the exit code.
    pub const PROCESS_QUERY_INFORMATION: Self = Self::from_bits_retain(0x400);
    /// To suspend and resume the process.
    pub const PROCESS_SUSPEND_RESUME: Self = Self::from_bits_retain(0x800);
    /// To read a few properties such as the exit code and the name.
    pub const PROCESS_QUERY_LIMITED_INFORMATION: Self = Self::from_bits_retain(0x1000);
    /// All rights of a process.
    pub const PROCESS_ALL_ACCESS: Self = Self::from_bits_retain(0x001f_ffff);
}

/// Rights of threads ([Thread Security and Access Rights](https://learn.microsoft.com/windows/win32/procthread/thread-security-and-access-rights)).
impl AccessMask {
    /// To end the thread.
    pub const THREAD_TERMINATE: Self = Self::from_bits_retain(0x1);
    /// To suspend and resume the thread.
    pub const THREAD_SUSPEND_RESUME: Self = Self::from_bits_retain(0x2);
    /// To read its registers.
    pub const THREAD_GET_CONTEXT: Self = Self::from_bits_retain(0x8);
    /// To write its registers.
    pub const THREAD_SET_CONTEXT: Self = Self::from_bits_retain(0x10);
    /// To change its properties.
    pub const THREAD_SET_INFORMATION: Self = Self::from_bits_retain(0x20);
    /// To read its properties.
    pub const THREAD_QUERY_INFORMATION: Self = Self::from_bits_retain(0x40);
    /// To set its impersonation token.
    pub const THREAD_SET_THREAD_TOKEN: Self = Self::from_bits_retain(0x80);
    /// To use its security information directly.
    pub const THREAD_IMPERSONATE: Self = Self::from_bits_retain(0x100);
    /// To let a server thread impersonate it.
    pub const THREAD_DIRECT_IMPERSONATION: Self = Self::from_bits_retain(0x200);
    /// To change a few of its properties.
    pub const THREAD_SET_LIMITED_INFORMATION: Self = Self::from_bits_retain(0x400);
    /// To read a few of its properties.
    pub const THREAD_QUERY_LIMITED_INFORMATION: Self = Self::from_bits_retain(0x800);
    /// All rights of a thread.
    pub const THREAD_ALL_ACCESS: Self = Self::from_bits_retain(0x001f_ffff);
}

/// Rights of access tokens ([Access Rights for Access-Token Objects](https://learn.microsoft.com/windows/win32/secauthz/access-rights-for-access-token-objects)).
impl AccessMask {
    /// To give the token to a process.
    pub const TOKEN_ASSIGN_PRIMARY: Self = Self::from_bits_retain(0x1);
    /// To duplicate the token.
    pub const TOKEN_DUPLICATE: Self = Self::from_bits_retain(0x2);
    /// To give an impersonation token to a process.
    pub const TOKEN_IMPERSONATE: Self = Self::from_bits_retain(0x4);
    /// To read the token.
    pub const TOKEN_QUERY: Self = Self::from_bits_retain(0x8);
    /// To read the source of the token.
    pub const TOKEN_QUERY_SOURCE: Self = Self::from_bits_retain(0x10);
    /// To enable and disable privileges.
    pub const TOKEN_ADJUST_PRIVILEGES: Self = Self::from_bits_retain(0x20);
    /// To enable and disable groups.
    pub const TOKEN_ADJUST_GROUPS: Self = Self::from_bits_retain(0x40);
    /// To change the default owner, primary group and DACL.
    pub const TOKEN_ADJUST_DEFAULT: Self = Self::from_bits_retain(0x80);
    /// To change the session.
    pub const TOKEN_ADJUST_SESSIONID: Self = Self::from_bits_retain(0x100);
    /// All rights of a token.
    pub const TOKEN_ALL_ACCESS: Self = Self::from_bits_retain(0x000f_01ff);
}

/// The policy of a mandatory label, in the mask of an `ML` entry ([`SYSTEM_MANDATORY_LABEL_ACE`](https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-system_mandatory_label_ace)).
impl AccessMask {
    /// `NW`: callers of a lower level may not write.
    pub const SYSTEM_MANDATORY_LABEL_NO_WRITE_UP: Self = Self::from_bits_retain(0x1);
    /// `NR`: callers of a lower level may not read.
    pub const SYSTEM_MANDATORY_LABEL_NO_READ_UP: Self = Self::from_bits_retain(0x2);
    /// `NX`: callers of a lower level may not execute.
    pub const SYSTEM_MANDATORY_LABEL_NO_EXECUTE_UP: Self = Self::from_bits_retain(0x4);
}
