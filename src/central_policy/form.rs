//! The form of policies in JSON and TOML.

use super::{CentralPolicies, CentralPolicy, CentralPolicyError, CentralPolicyErrorKind, CentralRule};
use crate::{acl::Acl, condition::Condition, descriptor::SecurityDescriptor, sddl, serde_map, sid::Sid};
use alloc::{
    boxed::Box,
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        self, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
    ser::SerializeSeq,
};

/// The policies of a file, before their texts are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PoliciesForm {
    policies: Vec<Form<PolicyForm>>,
    /// Rules that policies name by their distinguished names.
    #[serde(default)]
    rules: Vec<Form<RuleForm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyForm {
    #[serde(alias = "msAuthz-CentralAccessPolicyID")]
    sid: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, rename = "distinguishedName")]
    _distinguished_name: Option<String>,
    #[serde(default)]
    rules: Option<Vec<Form<RuleForm>>>,
    #[serde(default, rename = "msAuthz-MemberRulesInCentralAccessPolicy")]
    members: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleForm {
    #[serde(default)]
    name: Option<String>,
    #[serde(default, rename = "distinguishedName")]
    distinguished_name: Option<String>,
    #[serde(default, alias = "msAuthz-ResourceCondition")]
    applies_to: Option<String>,
    #[serde(alias = "msAuthz-EffectiveSecurityPolicy")]
    effective: String,
    #[serde(default, alias = "msAuthz-ProposedSecurityPolicy")]
    staged: Option<String>,
    /// The effective DACL before the last change, which no check uses.
    #[serde(default, rename = "msAuthz-LastEffectiveSecurityPolicy")]
    _last: Option<String>,
}

/// A structure that is read from a map only.
struct Form<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Form<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_map::map_only(deserializer).map(Self)
    }
}

impl PoliciesForm {
    /// Reads the texts of the policies and of the rules.
    pub(super) fn read(self, options: &sddl::Options) -> Result<CentralPolicies, CentralPolicyError> {
        let mut members = BTreeMap::new();
        for (index, Form(rule)) in self.rules.into_iter().enumerate() {
            let place = format!("rules[{index}]");
            let name = rule.distinguished_name.as_deref().map(normal_name);
            let rule = rule.read(options).map_err(|error| error.within(&place))?;
            let is_new = name.is_some_and(|name| members.insert(name, rule).is_none());
            if !is_new {
                return Err(CentralPolicyError::at(place, CentralPolicyErrorKind::RuleNameForm));
            }
        }
        let policies = self.policies.into_iter().enumerate().map(|(index, Form(policy))| {
            let read = policy.read(&members, options);
            read.map_err(|error| error.within(&format!("policies[{index}]")))
        });
        CentralPolicies::new(policies.collect::<Result<Vec<_>, _>>()?)
    }
}

impl PolicyForm {
    fn read(
        self,
        members: &BTreeMap<String, CentralRule>,
        options: &sddl::Options,
    ) -> Result<CentralPolicy, CentralPolicyError> {
        let sid = self.sid.parse::<Sid>();
        let sid =
            sid.map_err(|error| CentralPolicyError::at("sid", CentralPolicyErrorKind::Unreadable(Box::new(error))))?;
        let rules = match (self.rules, self.members) {
            (Some(rules), None) => {
                let rules = rules.into_iter().enumerate().map(|(index, Form(rule))| {
                    let read = rule.read(options);
                    read.map_err(|error| error.within(&format!("rules[{index}]")))
                });
                rules.collect::<Result<Vec<_>, _>>()
            }
            (None, Some(names)) => {
                let rules = names.into_iter().map(|name| {
                    let rule = members.get(&normal_name(&name)).cloned();
                    rule.ok_or_else(|| CentralPolicyErrorKind::RuleMissing { name }.into())
                });
                rules.collect()
            }
            (Some(_), Some(_)) | (None, None) => Err(CentralPolicyErrorKind::RulesForm.into()),
        }?;
        let policy = CentralPolicy::new(sid, rules).map_err(|error| error.within("sid"))?;
        Ok(match self.name {
            Some(name) => policy.with_name(name),
            None => policy,
        })
    }
}

impl RuleForm {
    fn read(self, options: &sddl::Options) -> Result<CentralRule, CentralPolicyError> {
        let rule = CentralRule::from_sddl_with(
            self.applies_to.as_deref(),
            &self.effective,
            self.staged.as_deref(),
            options,
        )?;
        let common_name = || self.distinguished_name.as_deref().and_then(common_name);
        Ok(match self.name.or_else(common_name) {
            Some(name) => rule.with_name(name),
            None => rule,
        })
    }
}

/// Distinguished names are compared without case.
fn normal_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The first part of a distinguished name, `Secret files` in `CN=Secret files,CN=…`.
fn common_name(name: &str) -> Option<String> {
    let (kind, rest) = name.trim().split_once('=')?;
    let first = rest.split_once(',').map_or(rest, |(first, _)| first);
    (kind.eq_ignore_ascii_case("cn") && !first.contains('\\')).then(|| first.to_string())
}

/// Reads the form that the page of the [module](crate::central_policy) describes.
impl<'de> Deserialize<'de> for PoliciesFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrMap;

        impl<'de> Visitor<'de> for ListOrMap {
            type Value = PoliciesForm;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of central access policies, or `policies` and `rules`")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<PoliciesForm, A::Error> {
                let policies = Vec::deserialize(SeqAccessDeserializer::new(list))?;
                let rules = Vec::new();
                Ok(PoliciesForm { policies, rules })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<PoliciesForm, A::Error> {
                PoliciesForm::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_any(ListOrMap).map(Self)
    }
}

/// A list of policies, or a map with the list.
pub(super) struct PoliciesFile(pub(super) PoliciesForm);

/// Reads the form that the page of the [module](crate::central_policy) describes. The format must be one that describes itself, such as
/// JSON.
impl<'de> Deserialize<'de> for CentralPolicies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let PoliciesFile(form) = PoliciesFile::deserialize(deserializer)?;
        form.read(&sddl::Options::default()).map_err(de::Error::custom)
    }
}

/// Writes the list of policies. Descriptors are written as their DACL.
impl Serialize for CentralPolicies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.policies.len()))?;
        for policy in &self.policies {
            list.serialize_element(policy)?;
        }
        list.end()
    }
}

impl Serialize for CentralPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Policy<'a> {
            sid: &'a Sid,
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<&'a str>,
            rules: &'a [CentralRule],
        }
        Policy {
            sid: &self.sid,
            name: self.name(),
            rules: &self.rules,
        }
        .serialize(serializer)
    }
}

impl Serialize for CentralRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Rule<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            applies_to: Option<&'a Condition>,
            #[serde(with = "crate::as_sddl")]
            effective: SecurityDescriptor,
            #[serde(skip_serializing_if = "Option::is_none")]
            staged: Option<InSddl>,
        }
        #[derive(Serialize)]
        struct InSddl(#[serde(with = "crate::as_sddl")] SecurityDescriptor);
        let descriptor = |acl: &Acl| SecurityDescriptor::default().with_dacl(acl.clone());
        Rule {
            name: self.name(),
            applies_to: self.applies_to(),
            effective: descriptor(&self.effective),
            staged: self.staged.as_ref().map(|acl| InSddl(descriptor(acl))),
        }
        .serialize(serializer)
    }
}
