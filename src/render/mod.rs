//! Descriptors, explanations and errors for people, and for the machines that show them.
//!
//! What comes from input is printed escaped: no control character, no change of direction and no line break gets through.
//!
//! ```
//! use sddl_authz::{SecurityDescriptor, render::Excerpt};
//! let text = "O:BAD:(A;;GX;;;ZZ)";
//! let error = text.parse::<SecurityDescriptor>().unwrap_err();
//! assert_eq!(
//!     Excerpt::new(text, error.span()).to_string(),
//!     "  O:BAD:(A;;GX;;;ZZ)\n                 ^^",
//! );
//! ```

mod describe;
mod escape;
mod excerpt;
mod explain;
mod held;
#[cfg(feature = "serde")]
mod json;
mod look_up;
mod remedy;
mod rights;
mod what_if;
mod words;

pub use describe::Description;
pub use escape::Escaped;
pub use excerpt::{EXCERPT_COLUMNS, Excerpt};
pub use explain::ExplanationText;
#[cfg(feature = "serde")]
pub use json::ExplanationJson;
pub use look_up::LookUp;
pub use rights::DisplayRights;
pub use words::denial_reason_text;
