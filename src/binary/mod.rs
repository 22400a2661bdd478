//! Reads and writes the binary form of security descriptors: one self-relative block of bytes ([\[MS-DTYP\] 2.4.6]).
//!
//! | to | write |
//! | --- | --- |
//! | read bytes | [`SecurityDescriptor::from_bytes`], or [`from_bytes_with`] for other [`Limits`] |
//! | write bytes | [`SecurityDescriptor::to_bytes`] |
//! | check access without decoding everything | [`DescriptorView`] |
//! | read and write a SID | [`Sid::from_bytes`](crate::Sid::from_bytes), [`Sid::to_bytes`](crate::Sid::to_bytes) |
//! | read and write a condition | [`condition_from_bytes`], [`condition_to_bytes`] |
//!
//! The reader accepts all that Windows writes, and more:
//!
//! - parts in any order, shared parts, and parts that are not aligned;
//! - spare bytes in a list after its entries, gaps between the parts, and bytes after the descriptor;
//! - bytes after the fields of an entry, if its type has no application data;
//! - an offset whose present bit is clear, which is ignored;
//! - the revisions 2 to 4 of a list, whatever entries it has;
//! - the values of a claim in any order, and values that share bytes;
//! - any value in reserved fields.
//!
//! The model keeps none of these differences.
//!
//! A condition that is malformed is kept as bytes, and written as it was read. It is neither true nor false, so its entry grants nothing
//! and, if it denies, denies ([`Ace::has_malformed_condition`](crate::Ace::has_malformed_condition)). An entry of an unknown type is kept as
//! bytes, too, and a check refuses what it might restrict. A condition beyond the [`Limits`], and a claim that is malformed, are errors.
//!
//! The writer uses the order of Windows: header, SACL, DACL, owner, group, without gaps. Every descriptor that can be read can be written,
//! and reads back as an equal one.
//!
//! [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d

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

/// Reads a self-relative security descriptor ([\[MS-DTYP\] 2.4.6]) within the default [`Limits`], like
/// [`SecurityDescriptor::from_bytes`].
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
/// Fails if the bytes are not a descriptor, or are beyond the limits. The error says what is wrong and at which byte.
///
/// [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d
#[doc(alias = "IsValidSecurityDescriptor")]
pub fn from_bytes(bytes: &[u8]) -> Result<SecurityDescriptor, DecodeError> {
    from_bytes_with(bytes, &Limits::DEFAULT)
}

/// Reads a self-relative security descriptor within these limits. Those of lists and conditions count.
///
/// ```
/// use sddl_authz::{Limits, SecurityDescriptor, binary};
/// let bytes = "D:(A;;FA;;;BA)".parse::<SecurityDescriptor>()?.to_bytes()?;
/// let mut limits = Limits::default();
/// limits.acl_bytes = 16;
/// let error = binary::from_bytes_with(&bytes, &limits).unwrap_err();
/// assert_eq!(error.code(), "acl_too_large");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// Fails if the bytes are not a descriptor, or are beyond the limits. The error says what is wrong and at which byte.
pub fn from_bytes_with(bytes: &[u8], limits: &Limits) -> Result<SecurityDescriptor, DecodeError> {
    let mut descriptor = SecurityDescriptor::default();
    match descriptor::read_into(&mut descriptor, bytes, limits) {
        Ok(()) => Ok(descriptor),
        Err(error) => Err(error.within(bytes)),
    }
}

/// Writes a descriptor as one self-relative block of bytes ([\[MS-DTYP\] 2.4.6]), like [`SecurityDescriptor::to_bytes`].
///
/// ```
/// use sddl_authz::binary;
/// let bytes = binary::to_bytes(&"O:BA".parse()?)?;
/// assert_eq!(bytes.len(), 20 + 16);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// Fails if an entry or a list needs more than 65,535 bytes.
///
/// [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d
#[doc(alias = "ConvertStringSecurityDescriptorToSecurityDescriptor")]
pub fn to_bytes(descriptor: &SecurityDescriptor) -> Result<Vec<u8>, EncodeError> {
    descriptor::write(descriptor)
}

impl SecurityDescriptor {
    /// Reads a self-relative security descriptor ([\[MS-DTYP\] 2.4.6]) within the default [`Limits`].
    ///
    /// ```
    /// use sddl_authz::SecurityDescriptor;
    /// let descriptor: SecurityDescriptor = "O:BAD:(A;;FA;;;BA)".parse()?;
    /// let bytes = descriptor.to_bytes()?;
    /// assert_eq!(SecurityDescriptor::from_bytes(&bytes)?, descriptor);
    ///
    /// let error = SecurityDescriptor::from_bytes(&bytes[..10]).unwrap_err();
    /// assert_eq!(error.code(), "descriptor_truncated");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes are not a descriptor, or are beyond the limits. The error says what is wrong and at which byte.
    ///
    /// [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        from_bytes(bytes)
    }

    /// Writes the descriptor as one self-relative block of bytes ([\[MS-DTYP\] 2.4.6]).
    ///
    /// ```
    /// use sddl_authz::SecurityDescriptor;
    /// let descriptor = SecurityDescriptor::default();
    /// assert_eq!(descriptor.to_bytes()?, [1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if an entry or a list needs more than 65,535 bytes.
    ///
    /// [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d
    pub fn to_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        to_bytes(self)
    }
}

/// Reads a self-relative descriptor, as [`SecurityDescriptor::from_bytes`] does.
impl TryFrom<&[u8]> for SecurityDescriptor {
    type Error = DecodeError;

    fn try_from(bytes: &[u8]) -> Result<Self, DecodeError> {
        from_bytes(bytes)
    }
}

/// Reads a condition in the form that callback entries carry
/// ([\[MS-DTYP\] 2.4.4.17.4](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)):
/// the signature `artx`, tokens, and up to three zero bytes.
///
/// ```
/// use sddl_authz::{Condition, Limits, binary};
/// // The attribute `a`, and the operator `Exists`.
/// let bytes = b"artx\xf8\x02\0\0\0a\0\x87";
/// let condition = binary::condition_from_bytes(bytes, &Limits::default())?;
/// assert_eq!(condition, "(Exists a)".parse()?);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// Fails if the bytes are not a condition, or are beyond the limits. The error says what is wrong and at which byte.
pub fn condition_from_bytes(bytes: &[u8], limits: &Limits) -> Result<Condition, DecodeError> {
    condition::read(reader::Reader::new(bytes), limits).map_err(|error| error.within(bytes))
}

/// Writes a condition in the form that callback entries carry, without padding.
///
/// ```
/// use sddl_authz::binary;
/// let bytes = binary::condition_to_bytes(&"(Exists a)".parse()?);
/// assert_eq!(bytes, b"artx\xf8\x02\0\0\0a\0\x87");
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[must_use]
pub fn condition_to_bytes(condition: &Condition) -> Vec<u8> {
    condition.as_bytes().to_vec()
}
