//! Descriptors that a check is asked about.

use crate::{convert::Form, diagnostic::Diagnostic, input::is_empty};
use sddl_authz::{SecurityDescriptor, sddl};

/// Reads SDDL with at least one part. Windows reads a text without any part as a descriptor without a DACL, which is open to everybody.
pub(crate) fn read_sddl(text: &str, read: &sddl::Options) -> Result<SecurityDescriptor, Diagnostic> {
    let mut read = *read;
    read.refuse_empty = true;
    Form::Sddl.read(if is_empty(text) { "" } else { text }, &read)
}
