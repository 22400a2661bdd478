use crate::{
    sddl::Options,
    sid::{Sid, WellKnown},
};
use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};

/// Writes a SID as SDDL: its alias if it has one. Relative aliases such as `DA` are used only for the domains of [`Options::domains`].
///
/// ```
/// use sddl_authz::{Sid, sddl::{self, Options}};
/// assert_eq!(sddl::sid_to_text(&Sid::EVERYONE, &Options::default()), "WD");
/// let account: Sid = "S-1-5-21-1-2-3-1104".parse()?;
/// assert_eq!(sddl::sid_to_text(&account, &Options::default()), "S-1-5-21-1-2-3-1104");
/// # Ok::<(), sddl::ParseError>(())
/// ```
#[must_use]
pub fn sid_to_text(sid: &Sid, options: &Options) -> String {
    match WellKnown::by_sid(sid, &options.domains) {
        Some(row) => row.alias.to_owned(),
        None => sid.to_string(),
    }
}
