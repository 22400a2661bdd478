//! The text of security descriptors: SDDL ([MS-DTYP] 2.5.1).

mod error;
mod options;
mod stub;

pub use error::{ParseError, ParseErrorKind};
pub use options::{Dialect, Options};
