//! Access masks, generic mappings, and the names of rights.

mod access_mask;
mod constants;
mod mapping;
mod names;
mod rights;

pub use access_mask::AccessMask;
pub use mapping::GenericMapping;
pub use names::{NamedRight, RightsTable};
pub use rights::{RIGHT_BITS, RIGHT_LABEL_BITS, RIGHT_SETS, RightToken};
