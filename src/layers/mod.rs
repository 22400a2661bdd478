//! Access that depends on more than one security descriptor: a share in front of a file, a directory above it.
//!
//! The access check itself knows one descriptor. This module asks it about several and joins the answers.
//!
//! - [`check_all`] asks one question about several named [`Layer`]s. The caller has what all of them grant.
//! - [`FileAccess`] opens a file or a directory as Windows does: with its share, its volume, the directories above it, its read-only
//!   attribute and the disposition of the request.
//! - [`KeyAccess`] opens or creates a registry key.
//!
//! Each has a method that decides and one that explains. A [`LayeredExplanation`] has one list of steps and says which of them denied.
//!
//! ```
//! use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, layers::FileAccess};
//! let share: SecurityDescriptor = "O:BAG:BAD:(A;;0x1200a9;;;WD)".parse()?; // everyone may read
//! let file: SecurityDescriptor = "O:BAG:BAD:(A;;FA;;;WD)".parse()?; // everyone may do everything
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
//!
//! let read = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA);
//! assert!(FileAccess::new(&read).share(&share).check(&file).is_allowed());
//!
//! let write = AccessCheck::new(&caller, AccessMask::FILE_WRITE_DATA);
//! let explanation = FileAccess::new(&write).share(&share).explain(&file);
//! assert_eq!(explanation.denying_layer(), Some("share"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is the same in all of them
//!
//! A layer never adds a right. The only rights that do not come from the object's own descriptor are DELETE and FILE_READ_ATTRIBUTES of a file,
//! which its parent directory can grant, and those of an object that is created.
//!
//! If a layer needs a fact about the caller that is not known, the answer is [`Undetermined`](crate::check::DenialReason::Undetermined),
//! which is a denial, unless another layer denies for certain.
//!
//! Trust labels, access filters and compound entries are refused by each layer, as by the check. Nobody outside of a running Windows has them.

mod disposition;
mod explanation;
mod file;
mod join;
mod key;
mod layer;
mod missing;
mod observer;
mod open;
mod own;
mod rename;

pub use disposition::{Disposition, DispositionError};
pub use explanation::{LayerRule, LayerStep, LayeredExplanation};
pub use file::FileAccess;
pub use key::KeyAccess;
pub use layer::{Layer, check_all, explain_all};
pub use missing::LayeredMissingRights;
pub use rename::Rename;
