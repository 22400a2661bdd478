//! Claims in a line: `{"name":…,"type":…,"values":[…]}`.

use super::caller::sid;
use crate::{caller::claim_trouble, trouble::Trouble};
use core::str::FromStr;
use data_encoding::HEXLOWER_PERMISSIVE;
use sddl_authz::{
    Claim,
    claim::{ClaimFlags, ClaimValues},
};
use serde::Deserialize;
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

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    String,
    Int,
    Uint,
    Bool,
    Sid,
    Octets,
}

impl ClaimLine<'_> {
    pub(super) fn claim(&self, field: &str) -> Result<Claim, Trouble> {
        let values = match self.kind {
            Kind::String => ClaimValues::String(self.values(field, "text", |value| value.as_str().map(str::to_owned))?),
            Kind::Int => ClaimValues::Int(self.values(field, "a number of 64 bits, or one as text", |value| {
                value.as_i64().or_else(|| written(value))
            })?),
            Kind::Uint => {
                let expected = "a number of 64 bits that is not below zero, or one as text";
                ClaimValues::Uint(self.values(field, expected, |value| value.as_u64().or_else(|| written(value)))?)
            }
            Kind::Bool => {
                ClaimValues::Bool(self.values(field, "0, 1, true or false", |value| match value.as_u64() {
                    Some(number) => [false, true].into_iter().find(|&flag| u64::from(flag) == number),
                    None => value.as_bool(),
                })?)
            }
            Kind::Octets => ClaimValues::Octets(self.values(field, "bytes in hexadecimal as text", |value| {
                HEXLOWER_PERMISSIVE.decode(value.as_str()?.as_bytes()).ok()
            })?),
            Kind::Sid => {
                let texts = self.values(field, "a SID as text", |value| value.as_str().map(str::to_owned))?;
                let sids = texts.iter().map(|text| sid(field, text));
                ClaimValues::Sid(sids.collect::<Result<_, _>>()?)
            }
        };
        let claim = Claim::new(self.name.clone().into_owned(), ClaimFlags::empty(), values);
        claim.map_err(|error| claim_trouble(&error).in_field(field))
    }

    fn values<T>(&self, field: &str, expected: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, Trouble> {
        let values = self.values.iter().map(|value| {
            read(value).ok_or_else(|| {
                let message = format!("{field}: a value of the claim `{}` is not {expected}", self.name);
                Trouble::new("claim_value_malformed", message)
            })
        });
        values.collect()
    }
}

/// A number as text.
fn written<T: FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}
