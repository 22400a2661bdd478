//! Windows security descriptors without Windows: parse them from SDDL or bytes, decide access, and explain each decision.
//!
//! ```
//! use sddl_authz::{AccessCheck, AccessMask, Caller, GenericMapping, SecurityDescriptor};
//!
//! let file: SecurityDescriptor = "O:BAG:BAD:(D;;FW;;;BG)(A;;FA;;;BA)(A;;FR;;;AU)".parse()?;
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
//!
//! let read = AccessCheck::new(&caller, AccessMask::GENERIC_READ).mapping(GenericMapping::FILE);
//! assert!(read.check(&file).is_allowed());
//!
//! let write = AccessCheck::new(&caller, AccessMask::GENERIC_WRITE).mapping(GenericMapping::FILE);
//! let explanation = write.explain(&file); // what each entry did
//! assert!(!explanation.decision.is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | task | see |
//! | --- | --- |
//! | parse SDDL, print it, find errors in it | [`SecurityDescriptor`]'s `FromStr`, [`sddl`] |
//! | read and write self-relative bytes | [`binary`] |
//! | look into a descriptor, or build one | [`SecurityDescriptor`], [`Acl`], [`Ace`], [`AccessMask`], [`Sid`], [`Condition`], [`Claim`] |
//! | decide access | [`AccessCheck`], [`Caller`], [`Decision`]; the shortest form is [`check()`] |
//! | say why | [`AccessCheck::explain`], [`Explanation`], [`render`] |
//! | decide about a text or bytes without keeping the descriptor | [`AccessCheck::check_text`], [`AccessCheck::check_bytes`], [`encoded`] |
//! | apply central access policies | [`central_policy`], [`AccessCheck::central_policies`] |
//! | decide about a file behind a share, a new file, a registry key | [`layers`] |
//! | decide about a million descriptors | `batch` (feature `listing`) |
//! | guard an HTTP service | `http` (feature `http`) |
//! | decide about requests of MIM Certificate Management | `mim` (feature `mim`) |
//!
//! The functions of Win32 and their counterparts:
//!
//! | Win32 | this crate |
//! | --- | --- |
//! | `ConvertStringSecurityDescriptorToSecurityDescriptor` | [`SecurityDescriptor`]'s `FromStr`, [`sddl::parse_with`], [`binary::to_bytes`] |
//! | `ConvertSecurityDescriptorToStringSecurityDescriptor` | [`binary::from_bytes`], [`sddl::to_text`] |
//! | `AccessCheck` | [`AccessCheck::check`]; the token is a [`Caller`], and [`mapping`](AccessCheck::mapping) sets the generic mapping |
//! | `AuthzAccessCheck` | [`AccessCheck::explain`]; the client context is a [`Caller`] |
//! | `AccessCheckByTypeResultList` | [`AccessCheck::parts`] |
//! | `GetEffectiveRightsFromAcl` | [`check()`] with [`AccessMask::MAXIMUM_ALLOWED`]; unlike the function, it respects group membership and the order of entries |
//!
//! The documentation cites [\[MS-DTYP\]: Windows Data Types](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/).
//!
//! # Features
//!
//! `std` and `serde` are on by default; without them the crate is `no_std` with `alloc`. No feature changes a decision.
//!
//! | feature | adds |
//! | --- | --- |
//! | `capability-names` | `caller::capability_sid`: the SIDs of capabilities from their names |
//! | `listing` | the module `batch`: one question about many descriptors |
//! | `rayon` | a batch on all cores |
//! | `http` | the module `http`: a guard for HTTP services |
//! | `tower`, `axum` | the guard as a layer; its extractor and responses |
//! | `tracing` | an event for each decision of the guard |
//! | `mim` | the module `mim`: requests of MIM CM; with `http` also their guard, `mim::http` |
//! | `toml` | policies for MIM CM and central access policies from TOML |
//!
//! # Rules that nobody documents
//!
//! Some rules of Windows are documented nowhere. `docs/inferred.md` in the package lists the rules that this project concluded by itself,
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
pub mod central_policy;
pub mod check;
pub mod claim;
pub mod condition;
pub mod descriptor;
pub mod encoded;
#[cfg(feature = "http")]
pub mod http;
pub mod layers;
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
