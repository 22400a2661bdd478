//! Writes claims as SDDL, in the form that Windows writes.

use super::{
    super::Options,
    condition::{push_escaped_name, push_octets, push_string},
    sid_to_text,
};
use crate::claim::{Claim, ClaimValues};
use alloc::string::String;
use core::fmt::Write;

/// Writes a claim as SDDL, in its parentheses. Returns `None` if a string in it has a quote, which SDDL has no escape for.
///
/// ```
/// use sddl_authz::{Claim, sddl};
/// let claim: Claim = "(\"Project\",TS,0,\"Windows\")".parse()?;
/// let text = sddl::claim_to_text(&claim, &sddl::Options::default());
/// assert_eq!(text.as_deref(), Some("(\"Project\",TS,0x0,\"Windows\")"));
/// # Ok::<(), sddl::ParseError>(())
/// ```
#[must_use]
pub fn claim_to_text(claim: &Claim, options: &Options) -> Option<String> {
    let mut text = String::from("(\"");
    push_escaped_name(&mut text, claim.name());
    let token = claim.values().claim_type().token();
    // Writing to a string never fails.
    _ = write!(text, "\",{token},{:#x}", claim.flags().bits());
    match claim.values() {
        ClaimValues::Int(values) => values.iter().for_each(|value| _ = write!(text, ",{value}")),
        ClaimValues::Uint(values) => values.iter().for_each(|value| _ = write!(text, ",{value}")),
        ClaimValues::Bool(values) => values
            .iter()
            .for_each(|&value| _ = write!(text, ",{}", u8::from(value))),
        ClaimValues::String(values) => {
            for value in values {
                text.push(',');
                push_string(&mut text, value)?;
            }
        }
        ClaimValues::Sid(values) => {
            for value in values {
                text.push(',');
                text.push_str(&sid_to_text(value, options));
            }
        }
        ClaimValues::Octets(values) => {
            for value in values {
                text.push(',');
                push_octets(&mut text, value);
            }
        }
    }
    text.push(')');
    Some(text)
}
