//! The library's module of masks, with another [`AccessMask`].

mod access_mask;
#[path = "../../../../src/mask/constants.rs"]
mod constants;
#[path = "../../../../src/mask/mapping.rs"]
mod mapping;
#[path = "../../../../src/mask/names.rs"]
mod names;
#[path = "../../../../src/mask/rights.rs"]
#[allow(dead_code, reason = "SDDL uses it")]
mod rights;

pub use access_mask::AccessMask;
pub use mapping::GenericMapping;
pub use names::{NamedRight, RightsTable};
pub use rights::{RIGHT_BITS, RIGHT_LABEL_BITS, RIGHT_SETS, RightToken};
