//! Parses the SDDL text of Windows security descriptors and decides access as Windows does, with the reason.
//!
//! ```
//! use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check};
//!
//! let descriptor: SecurityDescriptor = "O:BAD:(D;;DC;;;S-1-5-21-1-2-3-2001)(A;;CCDC;;;AU)".parse()?;
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_groups(["S-1-5-21-1-2-3-2001".parse()?]);
//!
//! let execute: AccessMask = "CC".parse()?;
//! assert!(check(&descriptor, &caller, execute).is_allowed());
//!
//! let cancel: AccessMask = "DC".parse()?;
//! let explanation = AccessCheck::new(&caller, cancel).explain(&descriptor); // which entry denied, and why the others did not count
//! assert!(!explanation.decision.is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | for | see |
//! | --- | --- |
//! | a text and what is wrong with it | [`SecurityDescriptor`]'s `FromStr`, [`sddl`] |
//! | self-relative bytes | [`binary`] |
//! | the nouns | [`Sid`], [`AccessMask`], [`Ace`], [`Acl`], [`SecurityDescriptor`], [`Condition`], [`Claim`] |
//! | may they? | [`Caller`], [`check`](fn@check), [`AccessCheck`], [`Decision`] |
//! | why? | [`AccessCheck::explain`], [`Explanation`], [`render`] |
//! | texts and bytes that are asked about once, and a million of them | [`encoded`], `batch` |
//! | requests of MIM Certificate Management | `mim`, with the feature of that name |
//! | a guard for HTTP services | `http`, with the feature of that name; for requests of MIM CM `mim::http` |
//!
//! For those who come from Win32:
//!
//! | there | here |
//! | --- | --- |
//! | `ConvertStringSecurityDescriptorToSecurityDescriptor` | [`SecurityDescriptor`]'s `FromStr`, [`sddl::parse_with`], [`binary::to_bytes`] |
//! | `ConvertSecurityDescriptorToStringSecurityDescriptor` | [`binary::from_bytes`], [`sddl::to_text`] |
//! | `AccessCheck` | [`AccessCheck`]: the token is a [`Caller`]; set [`mapping`](AccessCheck::mapping) |
//! | `AuthzAccessCheck` | [`AccessCheck::explain`]: the client context is a [`Caller`], the reasons come with the answer |
//! | `AccessCheckByTypeResultList` | [`AccessCheck::parts`] |
//! | `GetEffectiveRightsFromAcl` | [`check`](fn@check) with [`AccessMask::MAXIMUM_ALLOWED`], which counts group membership and order, as that does not |
//!
//! [MS-DTYP] is [Windows Data Types](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/).
//!
//! # Features
//!
//! `std` and `serde` are on by default; without them the crate is `no_std` with `alloc`. No feature changes a decision.
//!
//! | feature | adds |
//! | --- | --- |
//! | `listing` | the module `batch`: one question about many descriptors |
//! | `rayon` | a batch on all cores |
//! | `http` | the module `http`: a guard for HTTP services |
//! | `tower`, `axum` | the guard as a layer; its extractor and responses |
//! | `tracing` | an event for each decision of the guard |
//! | `mim` | the module `mim`: requests of MIM CM; with `http` also their guard, `mim::http` |
//! | `toml` | policies for MIM CM from TOML |
//!
//! # Inferred rules
//!
//! Some rules of Windows are documented nowhere. The page `docs/inferred.md` of the package lists the rules that this project inferred,
//! why, and on which side each of them errs.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

pub mod ace;
pub mod acl;
#[cfg(feature = "serde")]
pub mod as_sddl;
#[cfg(feature = "listing")]
pub mod batch;
pub mod binary;
pub mod caller;
pub mod check;
pub mod claim;
pub mod condition;
pub mod descriptor;
pub mod encoded;
#[cfg(feature = "http")]
pub mod http;
pub mod limits;
mod lookup;
pub mod mask;
#[cfg(feature = "mim")]
pub mod mim;
#[cfg(all(doctest, feature = "mim"))]
mod readme;
pub mod render;
pub mod sddl;
#[cfg(feature = "serde")]
pub mod serde_map;
pub mod sid;
mod span;
#[cfg(feature = "serde")]
mod structure;

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
pub use span::Span;
