//! The mapping of a line: a name, or `{"r":…,"w":…,"x":…,"a":…}`.

use super::fields::Object;
use crate::args::MappingArg;
use core::fmt;
use sddl_authz::{AccessMask, GenericMapping};
use serde::{
    Deserialize, Deserializer,
    de::{self, IntoDeserializer, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// The meaning of the generic rights; `None` for the name `none`.
#[derive(Clone, Copy)]
pub(super) struct MappingLine(pub(super) Option<GenericMapping>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rights {
    r: Mask,
    w: Mask,
    x: Mask,
    a: Mask,
}

impl<'de> Deserialize<'de> for MappingLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrRights;

        impl<'de> Visitor<'de> for NameOrRights {
            type Value = MappingLine;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a mapping, or {r, w, x, a}")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<MappingLine, E> {
                let name = MappingArg::deserialize(name.into_deserializer())?;
                Ok(MappingLine(name.mapping()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<MappingLine, A::Error> {
                let Object(Rights { r, w, x, a }) = Object::deserialize(MapAccessDeserializer::new(map))?;
                const NOT_SPECIFIC: AccessMask = AccessMask::GENERIC.union(AccessMask::MAXIMUM_ALLOWED);
                if [&r, &w, &x, &a].iter().any(|mask| mask.0.intersects(NOT_SPECIFIC)) {
                    let message =
                        "a mask of a mapping has a generic right or MAXIMUM_ALLOWED; give the rights that it means";
                    return Err(de::Error::custom(message));
                }
                Ok(MappingLine(Some(GenericMapping::new(r.0, w.0, x.0, a.0))))
            }
        }

        deserializer.deserialize_any(NameOrRights)
    }
}

/// A mask: a number, or a text with a number or tokens of SDDL.
struct Mask(AccessMask);

impl<'de> Deserialize<'de> for Mask {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrText;

        impl Visitor<'_> for NumberOrText {
            type Value = Mask;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an access mask: a number of 32 bits, or a text such as \"0x120089\"")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Mask, E> {
                let bits = u32::try_from(number);
                let bits = bits.map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))?;
                Ok(Mask(AccessMask::from_bits_retain(bits)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Mask, E> {
                let mask = text.parse();
                mask.map(Mask)
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(NumberOrText)
    }
}
