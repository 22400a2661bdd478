//! The binary form of security descriptors: one self-relative block of bytes ([MS-DTYP] 2.4.6), in and out.
//!
//! The reader accepts what Windows writes and more: parts in any order, shared and unaligned, spare bytes in a list after its entries,
//! gaps, bytes after the descriptor, an offset whose present bit is clear (ignored), the revisions 2 to 4 of a list whatever it holds,
//! the values of a claim in any order and shared, and any value in reserved fields. None of it is kept.
//!
//! It refuses an entry with bytes after its fields, unless it is a callback entry, and a condition that does not decode: what is
//! not understood could be a restriction. Entries of types that nobody defines are kept as bytes, and written as they were.
//!
//! The writer puts the parts in the order of Windows: header, SACL, DACL, owner, group, without gaps. Whatever can be read can be
//! written, and reads back as the same model.

mod ace;
mod acl;
mod claim;
mod condition;
mod descriptor;
mod error;
mod reader;
mod sid;
mod view;

pub use error::{DecodeError, DecodeErrorKind, EncodeError};
pub use view::DescriptorView;
pub(crate) use view::EntryView;

use crate::{condition::Condition, descriptor::SecurityDescriptor, limits::Limits};
use alloc::vec::Vec;

/// Reads a self-relative security descriptor ([MS-DTYP] 2.4.6) within the default [`Limits`].
///
/// ```
/// use sddl_authz::{AclState, binary};
/// let null_dacl = [1, 0, 0x04, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// let descriptor = binary::from_bytes(&null_dacl)?;
/// assert_eq!(descriptor.dacl, AclState::Null);
/// assert_eq!(binary::to_bytes(&descriptor)?, null_dacl);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// What is wrong and at which byte. No part of a refused descriptor is returned.
#[doc(alias = "IsValidSecurityDescriptor")]
pub fn from_bytes(bytes: &[u8]) -> Result<SecurityDescriptor, DecodeError> {
    from_bytes_with(bytes, &Limits::DEFAULT)
}

/// Reads a self-relative security descriptor within these limits: those of lists and conditions count.
///
/// # Errors
/// As [`from_bytes`].
pub fn from_bytes_with(bytes: &[u8], limits: &Limits) -> Result<SecurityDescriptor, DecodeError> {
    descriptor::read(bytes, limits)
}

/// Writes a descriptor as one self-relative block of bytes ([MS-DTYP] 2.4.6).
///
/// # Errors
/// When an entry or a list has more than 65,535 bytes.
#[doc(alias = "ConvertStringSecurityDescriptorToSecurityDescriptor")]
pub fn to_bytes(descriptor: &SecurityDescriptor) -> Result<Vec<u8>, EncodeError> {
    descriptor::write(descriptor)
}

/// Reads a condition as callback entries carry it ([MS-DTYP] 2.4.4.17.4): `artx`, tokens, and up to three zero bytes.
///
/// # Errors
/// What is wrong and at which byte.
pub fn condition_from_bytes(bytes: &[u8], limits: &Limits) -> Result<Condition, DecodeError> {
    condition::read(reader::Reader::new(bytes), limits)
}

/// Writes a condition as callback entries carry it, without padding.
#[must_use]
pub fn condition_to_bytes(condition: &Condition) -> Vec<u8> {
    condition.as_bytes().to_vec()
}
