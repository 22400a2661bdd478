//! Stores a [`SecurityDescriptor`] as its SDDL text with serde: `#[serde(with = "sddl_authz::as_sddl")]` on the field.
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

/// Writes a descriptor as canonical SDDL.
///
/// # Errors
/// Fails if SDDL can't express one of the entries, as [`sddl::to_text`] says.
///
/// ```
/// let descriptor: sddl_authz::SecurityDescriptor = "D:(A;;GA;;;S-1-1-0)".parse()?;
/// let json = sddl_authz::as_sddl::serialize(&descriptor, serde_json::value::Serializer)?;
/// assert_eq!(json, "D:(A;;GA;;;WD)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn serialize<S: Serializer>(descriptor: &SecurityDescriptor, serializer: S) -> Result<S::Ok, S::Error> {
    let text = sddl::to_text(descriptor, &sddl::Options::default()).map_err(ser::Error::custom)?;
    serializer.serialize_str(&text)
}

/// Reads a descriptor from SDDL.
///
/// # Errors
/// Fails if the value is not a string, or if the string is not SDDL.
///
/// ```
/// let json = serde_json::json!("D:(A;;GA;;;WD)");
/// let descriptor = sddl_authz::as_sddl::deserialize(json)?;
/// assert_eq!(descriptor.dacl.aces().len(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecurityDescriptor, D::Error> {
    let text = <Cow<'de, str>>::deserialize(deserializer)?;
    text.parse().map_err(de::Error::custom)
}
