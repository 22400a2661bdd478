//! Deserializing structures from maps only. A derived implementation also accepts a sequence of the fields, in which one field that is
//! left out shifts the others into its place.

use core::{fmt, marker::PhantomData};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Deserializes a structure with a derived implementation. In human-readable formats, such as JSON, it must be a map.
///
/// # Errors
/// Fails if a human-readable format has anything but a map, and if `T` can't be deserialized.
///
/// ```
/// use sddl_authz::serde_map;
/// #[derive(serde::Deserialize)]
/// struct Caller { user: String, admin: bool }
///
/// let read = |json| serde_map::map_only::<Caller, _>(&mut serde_json::Deserializer::from_str(json));
/// assert!(read(r#"{"user":"S-1-5-18","admin":true}"#).is_ok_and(|caller| caller.admin && caller.user == "S-1-5-18"));
/// assert!(read(r#"["S-1-5-18",true]"#).is_err());
/// ```
pub fn map_only<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    if deserializer.is_human_readable() {
        deserializer.deserialize_map(Fields(PhantomData))
    } else {
        T::deserialize(deserializer)
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names and values")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}
