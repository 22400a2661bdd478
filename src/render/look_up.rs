use super::escape::Escaped;
use crate::check::Unresolved;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// A list of unknown groups and claims, as things to look up: `whether the caller is in S-1-5-32-546; the claim @User.Title`.
///
/// ```
/// use sddl_authz::{check::Unresolved, render::LookUp};
/// let unresolved = [Unresolved::Group("S-1-5-32-546".parse()?)];
/// assert_eq!(LookUp(&unresolved).to_string(), "whether the caller is in S-1-5-32-546");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LookUp<'a>(pub &'a [Unresolved]);

impl fmt::Display for LookUp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut semicolon = "";
        for words in ["whether the caller is in", "whether its device is in", CLAIM] {
            let names: Vec<_> = self.0.iter().filter(|fact| kind(fact) == words).map(name).collect();
            if names.is_empty() {
                continue;
            }
            let plural = if words == CLAIM && names.len() > 1 { "s" } else { "" };
            write!(f, "{semicolon}{words}{plural} {}", names.join(", "))?;
            semicolon = "; ";
        }
        Ok(())
    }
}

const CLAIM: &str = "the claim";

/// The words for the kind of a fact.
fn kind(fact: &Unresolved) -> &'static str {
    match fact {
        Unresolved::Group(_) => "whether the caller is in",
        Unresolved::DeviceGroup(_) => "whether its device is in",
        Unresolved::Claim { .. } => CLAIM,
    }
}

/// The SID of a group, or the name of a claim.
fn name(fact: &Unresolved) -> String {
    let text = match fact {
        Unresolved::Group(sid) | Unresolved::DeviceGroup(sid) => sid.to_string(),
        Unresolved::Claim { .. } => fact.to_string(),
    };
    Escaped(&text).to_string()
}
