//! The access check of sddl-authz for every value of its masks.
//!
//! This package compiles the library's own files, unchanged, by their paths. One file is replaced, `src/mask/access_mask.rs`, and SDDL is
//! left out. The mask here ([`AccessMask`]) is not one number but represents every mask at once, and the [`explorer`] runs a check once
//! for each way in which its tests of masks can come out. So the tests of this package hold for all 2^32 values of each mask, and they run
//! the code that the library ships.
//!
//! The tests compare each answer with the [`specification`], which is written from the documents and says for each right by itself when it
//! is granted. [`setting`] has the questions.

extern crate alloc;

pub mod explorer;
pub mod mask;
mod sddl;
#[cfg(test)]
mod setting;
#[cfg(test)]
mod specification;
#[cfg(test)]
mod tests;

macro_rules! library {
    ($($(#[$path:meta])* $visibility:vis mod $name:ident;)*) => {
        $(
            $(#[$path])*
            #[allow(dead_code, unused_imports, unfulfilled_lint_expectations, clippy::all, reason = "the library's file")]
            $visibility mod $name;
        )*
    };
}
library! {
    #[path = "../../../src/ace/mod.rs"]
    pub mod ace;
    #[path = "../../../src/acl/mod.rs"]
    pub mod acl;
    #[path = "../../../src/binary/mod.rs"]
    pub mod binary;
    #[path = "../../../src/caller/mod.rs"]
    pub mod caller;
    #[path = "../../../src/central_policy/mod.rs"]
    pub mod central_policy;
    #[path = "../../../src/check/mod.rs"]
    pub mod check;
    #[path = "../../../src/claim/mod.rs"]
    pub mod claim;
    #[path = "../../../src/condition/mod.rs"]
    pub mod condition;
    #[path = "../../../src/descriptor/mod.rs"]
    pub mod descriptor;
    #[path = "../../../src/encoded.rs"]
    pub mod encoded;
    #[path = "../../../src/layers/mod.rs"]
    pub mod layers;
    #[path = "../../../src/limits.rs"]
    pub mod limits;
    #[path = "../../../src/lookup.rs"]
    mod lookup;
    #[path = "../../../src/sid/mod.rs"]
    pub mod sid;
}

pub use ace::{Ace, AceFlags, AceType, Effect};
pub use acl::{Acl, AclState};
pub use caller::{Caller, CallerError, IntegrityLevel};
pub use check::{AccessCheck, Decision, Explanation, check};
pub use claim::Claim;
pub use condition::Condition;
pub use descriptor::{Control, SecurityDescriptor};
pub use limits::Limits;
pub use mask::{AccessMask, GenericMapping};
pub use sid::{DomainSids, Sid};
