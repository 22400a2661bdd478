//! For those who store descriptors as text: `#[serde(with = "sddl_authz::as_sddl")]` on a [`SecurityDescriptor`].
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Share {
//!     #[serde(with = "sddl_authz::as_sddl")]
//!     access: sddl_authz::SecurityDescriptor,
//! }
//! let share: Share = serde_json::from_str(r#"{"access":"D:(A;;0x1f01ff;;;S-1-1-0)"}"#)?;
//! assert_eq!(serde_json::to_string(&share)?, r#"{"access":"D:(A;;FA;;;WD)"}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```

use crate::{descriptor::SecurityDescriptor, sddl};
use alloc::borrow::Cow;
use serde::{Deserialize, Deserializer, Serializer, de, ser};

/// Writes canonical SDDL.
///
/// # Errors
/// When an entry has no form in SDDL.
pub fn serialize<S: Serializer>(descriptor: &SecurityDescriptor, serializer: S) -> Result<S::Ok, S::Error> {
    let text = sddl::to_text(descriptor, &sddl::Options::default()).map_err(ser::Error::custom)?;
    serializer.serialize_str(&text)
}

/// Reads SDDL.
///
/// # Errors
/// When it is none.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecurityDescriptor, D::Error> {
    let text = <Cow<'de, str>>::deserialize(deserializer)?;
    text.parse().map_err(de::Error::custom)
}
