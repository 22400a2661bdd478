//! Reads the rules of a policy: maps with known names, no lists.

use super::{PolicyRules, Rule, start_statuses};
use crate::{
    check::Unprotected,
    mask::{AccessMask, GenericMapping},
    mim::RequestStatus,
    serde_map,
};
use alloc::vec::Vec;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(remote = "PolicyRules", deny_unknown_fields)]
struct PolicyForm {
    version: u32,
    #[serde(default)]
    read: Vec<AccessMask>,
    #[serde(default = "refuse")]
    unprotected: Unprotected,
    #[serde(default)]
    completed: Rule,
    #[serde(default)]
    canceled: Rule,
    #[serde(default)]
    abandoned: Rule,
    #[serde(default)]
    mapping: Option<GenericMapping>,
}

#[derive(Deserialize)]
#[serde(remote = "Rule", deny_unknown_fields)]
struct RuleForm {
    #[serde(default)]
    masks: Vec<AccessMask>,
    #[serde(default, deserialize_with = "start_statuses::deserialize")]
    start: Vec<RequestStatus>,
}

/// The default for requests without a DACL.
const fn refuse() -> Unprotected {
    Unprotected::Refuse
}

impl<'de> Deserialize<'de> for PolicyRules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Named(#[serde(with = "PolicyForm")] PolicyRules);
        serde_map::map_only(deserializer).map(|Named(rules)| rules)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Named(#[serde(with = "RuleForm")] Rule);
        serde_map::map_only(deserializer).map(|Named(rule)| rule)
    }
}
