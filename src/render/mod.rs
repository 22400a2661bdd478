//! Text for people: descriptions of descriptors, explanations of decisions, and excerpts that show the place of an error.
//!
//! All text from input is [`Escaped`], so that it can't control a terminal or forge lines.
//!
//! ```
//! use sddl_authz::{SecurityDescriptor, mask::RightsTable, render::Description};
//! let descriptor: SecurityDescriptor = "O:BAD:(A;;FR;;;AU)".parse()?;
//! let description = Description::new(&descriptor).with_names(RightsTable::FILE).to_string();
//! assert!(description.starts_with("owner  S-1-5-32-544 Administrators\ngroup  none\nDACL   1 entry\n  0  allow  S-1-5-11 Authenticated Users"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attributes;
mod causes;
mod counterfactual;
mod describe;
mod escape;
mod excerpt;
mod explain;
#[cfg(feature = "serde")]
mod json;
mod layers;
mod look_up;
mod operands;
mod policy;
mod remedy;
mod rights;
mod words;

pub use describe::Description;
pub use escape::Escaped;
pub use excerpt::Excerpt;
pub use explain::ExplanationText;
#[cfg(feature = "serde")]
pub use json::ExplanationJson;
pub use layers::LayersText;
pub use look_up::LookUp;
pub use rights::DisplayRights;
pub use words::denial_reason_text;
