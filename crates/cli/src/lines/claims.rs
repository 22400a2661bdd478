//! Claims in a line: a list of `{"name":…,"type":…,"values":[…]}`, or an object of `{"type":…,"values":[…]}` by name.

use super::fields::{Object, sid};
use crate::{caller::claim_diagnostic, diagnostic::Diagnostic};
use core::{fmt, str::FromStr};
use data_encoding::HEXLOWER_PERMISSIVE;
use sddl_authz::{
    Claim,
    claim::{ClaimFlags, ClaimValues},
    sddl,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;
use std::borrow::Cow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimLine<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: Kind,
    values: Vec<Value>,
}

/// Claims by name, in the order of the line. A name that is there twice is kept twice, so that it is an error.
pub(super) struct ClaimsByName(Vec<(String, Typed)>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    #[serde(rename = "type")]
    kind: Kind,
    values: Vec<Value>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    String,
    #[serde(alias = "int64")]
    Int,
    #[serde(alias = "uint64")]
    Uint,
    #[serde(alias = "boolean")]
    Bool,
    Sid,
    Octets,
}

impl<'de> Deserialize<'de> for ClaimsByName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ByName;

        impl<'de> Visitor<'de> for ByName {
            type Value = ClaimsByName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of claims by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ClaimsByName, A::Error> {
                let mut claims = Vec::new();
                while let Some((name, Object(typed))) = map.next_entry()? {
                    claims.push((name, typed));
                }
                Ok(ClaimsByName(claims))
            }
        }

        deserializer.deserialize_map(ByName)
    }
}

impl ClaimsByName {
    pub(super) fn claims(&self, field: &str, read: &sddl::Options) -> Result<Vec<Claim>, Diagnostic> {
        let claims = self.0.iter().map(|(name, typed)| {
            let values = Values {
                name,
                kind: typed.kind,
                values: &typed.values,
            };
            values.claim(field, read)
        });
        claims.collect()
    }
}

impl ClaimLine<'_> {
    pub(super) fn claim(&self, field: &str, read: &sddl::Options) -> Result<Claim, Diagnostic> {
        let values = Values {
            name: &self.name,
            kind: self.kind,
            values: &self.values,
        };
        values.claim(field, read)
    }
}

/// The parts of a claim in one of the two forms.
struct Values<'a> {
    name: &'a str,
    kind: Kind,
    values: &'a [Value],
}

impl Values<'_> {
    fn claim(&self, field: &str, read: &sddl::Options) -> Result<Claim, Diagnostic> {
        let values = match self.kind {
            Kind::String => {
                ClaimValues::String(self.values(field, "a string", |value| value.as_str().map(str::to_owned))?)
            }
            Kind::Int => ClaimValues::Int(self.values(
                field,
                "an integer of 64 bits, or one in a string",
                |value| value.as_i64().or_else(|| written(value)),
            )?),
            Kind::Uint => {
                let expected = "an unsigned integer of 64 bits, or one in a string";
                ClaimValues::Uint(self.values(field, expected, |value| value.as_u64().or_else(|| written(value)))?)
            }
            Kind::Bool => {
                ClaimValues::Bool(self.values(field, "0, 1, true or false", |value| match value.as_u64() {
                    Some(number) => [false, true].into_iter().find(|&flag| u64::from(flag) == number),
                    None => value.as_bool(),
                })?)
            }
            Kind::Octets => ClaimValues::Octets(self.values(field, "a string of hexadecimal digits", |value| {
                HEXLOWER_PERMISSIVE.decode(value.as_str()?.as_bytes()).ok()
            })?),
            Kind::Sid => {
                let texts = self.values(field, "a string with a SID", |value| value.as_str().map(str::to_owned))?;
                let sids = texts.iter().map(|text| sid(field, text, read));
                ClaimValues::Sid(sids.collect::<Result<_, _>>()?)
            }
        };
        let claim = Claim::new(self.name.to_owned(), ClaimFlags::empty(), values);
        claim.map_err(|error| claim_diagnostic(&error).in_field(field))
    }

    fn values<T>(&self, field: &str, expected: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, Diagnostic> {
        let values = self.values.iter().map(|value| {
            read(value).ok_or_else(|| {
                let message = format!("{field}: a value of the claim `{}` is not {expected}", self.name);
                Diagnostic::new("claim_value_malformed", message)
            })
        });
        values.collect()
    }
}

/// Reads a number from a string.
fn written<T: FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}
