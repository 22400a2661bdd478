//! Values of the fields of a line.

use crate::diagnostic::Diagnostic;
use core::fmt;
use sddl_authz::{Sid, sddl, serde_map};
use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};

/// A value that is read from a JSON object only. A derived `Deserialize` also accepts an array of the fields in their order.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_map::map_only(deserializer).map(Self)
    }
}

/// Reads the value of a key that is there. Null is no value.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads the value of a key that is there and may be null.
pub(super) fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads a boolean: true, false, 1 or 0.
pub(super) fn flag<'de, T: From<bool>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Flag;

    impl Visitor<'_> for Flag {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true, false, 1 or 0")
        }

        fn visit_bool<E: de::Error>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<bool, E> {
            match value {
                0 => Ok(false),
                1 => Ok(true),
                _ => Err(E::invalid_value(de::Unexpected::Unsigned(value), &self)),
            }
        }
    }

    deserializer.deserialize_any(Flag).map(T::from)
}

/// Reads the SID of a field.
pub(super) fn sid(field: &str, text: &str, read: &sddl::Options) -> Result<Sid, Diagnostic> {
    let parsed = sddl::parse_sid_with(text, read);
    parsed.map_err(|error| Diagnostic::from_parse_error(&error, text).in_field(field))
}
