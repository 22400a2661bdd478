//! Parses the SDDL text of Windows security descriptors and decides access as Windows does, with the reason.
//!
//! ```
//! use sddl_authz::{AccessMask, Caller, SecurityDescriptor, check, explain};
//!
//! let descriptor: SecurityDescriptor = "O:BAD:(D;;DC;;;S-1-5-21-1-2-3-2001)(A;;CCDC;;;AU)".parse()?;
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_groups(["S-1-5-21-1-2-3-2001".parse()?]);
//!
//! let execute: AccessMask = "CC".parse()?;
//! assert!(check(&descriptor, &caller, execute).is_allowed());
//!
//! let cancel: AccessMask = "DC".parse()?;
//! let explanation = explain(&descriptor, &caller, cancel); // which entry denied, and why the others did not count
//! assert!(!explanation.decision.is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | for | see |
//! | --- | --- |
//! | a text and what is wrong with it | [`SecurityDescriptor`]'s `FromStr`, [`sddl`] |
//! | self-relative bytes | [`binary`] |
//! | the nouns | [`Sid`], [`AccessMask`], [`Ace`], [`Acl`], [`SecurityDescriptor`], [`Condition`], [`Claim`] |
//! | may they? | [`Caller`], [`check`](fn@check), [`Decision`] |
//! | why? | [`explain`], [`Explanation`], [`render`] |
//! | descriptors that nobody keeps, and a million of them | [`in_place`], `listing` |
//! | requests of MIM Certificate Management | `mim`, with the feature of that name |
//! | a guard for HTTP services | `http`, with the feature of that name |
//!
//! For those who come from Win32:
//!
//! | there | here |
//! | --- | --- |
//! | `ConvertStringSecurityDescriptorToSecurityDescriptor` | [`SecurityDescriptor`]'s `FromStr`, [`sddl::parse_with`], [`binary::to_bytes`] |
//! | `ConvertSecurityDescriptorToStringSecurityDescriptor` | [`binary::from_bytes`], [`sddl::to_text`] |
//! | `AccessCheck` | [`check_with`]: the token is a [`Caller`]; set `mapping` in [`check::Options`] |
//! | `AuthzAccessCheck` | [`explain_with`]: the client context is a [`Caller`], reasons come with the answer |
//! | `GetEffectiveRightsFromAcl` | [`check`](fn@check) with [`AccessMask::MAXIMUM_ALLOWED`], which counts group membership and order, as that does not |
//!
//! [MS-DTYP] is [Windows Data Types](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/).
//!
//! # Features
//!
//! `std` and `serde` are on by default; without them the crate is `no_std` with `alloc`. `mim` is for requests of MIM CM, and `toml`
//! reads policies for them; `listing` and `rayon` are for long lists; `http`, `tower`, `axum` and `tracing` for servers. No feature changes a decision.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

pub mod ace;
pub mod acl;
#[cfg(feature = "serde")]
pub mod as_sddl;
pub mod binary;
pub mod caller;
pub mod check;
pub mod claim;
pub mod condition;
pub mod descriptor;
#[cfg(feature = "http")]
pub mod http;
pub mod in_place;
pub mod limits;
#[cfg(feature = "listing")]
pub mod listing;
mod lookup;
pub mod mask;
#[cfg(feature = "mim")]
pub mod mim;
#[cfg(all(doctest, feature = "mim"))]
mod readme;
pub mod render;
pub mod sddl;
#[cfg(feature = "serde")]
mod serde_map;
pub mod sid;
mod span;
#[cfg(feature = "serde")]
mod structure;

pub use ace::{Ace, AceFlags, AceType, Effect};
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
