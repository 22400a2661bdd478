//! Values of the fields of a caller.

use super::super::fields::sid;
use crate::{caller::caller_diagnostic, diagnostic::Diagnostic};
use sddl_authz::{CallerError, Sid, sddl};
use std::borrow::Cow;

pub(super) type Texts<'a> = Option<Vec<Cow<'a, str>>>;

/// Reads the SIDs of a field. A field that is not there has none.
pub(super) fn sids(field: &str, texts: &Texts<'_>, read: &sddl::Options) -> Result<Vec<Sid>, Diagnostic> {
    texts.iter().flatten().map(|text| sid(field, text, read)).collect()
}

/// Describes an error about the value of a field.
pub(super) fn refused(field: &'static str) -> impl Fn(CallerError) -> Diagnostic {
    move |error| caller_diagnostic(&error, "the field caller.appcontainer").in_field(field)
}
