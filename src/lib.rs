//! Parses the SDDL text of Windows security descriptors and decides access as Windows does, with the reason.
#![no_std]

extern crate alloc;

pub mod ace;
pub mod acl;
pub mod binary;
pub mod caller;
pub mod check;
pub mod claim;
pub mod condition;
pub mod descriptor;
pub mod limits;
pub mod mask;
#[cfg(feature = "mim")]
pub mod mim;
pub mod render;
pub mod sddl;
pub mod sid;
mod span;
#[cfg(feature = "serde")]
mod structure;

pub use ace::{Ace, AceFlags, AceType};
pub use acl::{Acl, AclState};
pub use caller::{Caller, CallerError};
pub use check::{Decision, Explanation, check, check_with, explain, explain_with};
pub use claim::Claim;
pub use condition::Condition;
pub use descriptor::{Control, SecurityDescriptor};
pub use limits::Limits;
pub use mask::{AccessMask, GenericMapping};
pub use sid::{DomainSids, Sid};
pub use span::Span;
