//! Claims in a line: `{"name":…,"type":…,"values":[…]}`.

use super::fields::sid;
use crate::{caller::claim_diagnostic, diagnostic::Diagnostic};
use core::str::FromStr;
use data_encoding::HEXLOWER_PERMISSIVE;
use sddl_authz::{
    Claim,
    claim::{ClaimFlags, ClaimValues},
    sddl,
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
    pub(super) fn claim(&self, field: &str, read: &sddl::Options) -> Result<Claim, Diagnostic> {
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
        let claim = Claim::new(self.name.clone().into_owned(), ClaimFlags::empty(), values);
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
