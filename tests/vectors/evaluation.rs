//! Conditions that a Windows domain controller evaluated.

use sddl_authz::{
    Claim, Condition, Sid,
    claim::{ClaimFlags, ClaimValues},
    condition::{AttributeClass, Environment, Lookup, Subject, Truth, Utf16, compare_names},
    sddl,
};
use serde_json::Value;

/// The claims of a user who is in no group.
struct User(Vec<Claim>);

impl Environment for User {
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
        assert_eq!(class, AttributeClass::User, "the cases are about users");
        let found = self.0.iter().find(|claim| compare_names(claim.name(), name).is_eq());
        found.map_or(Lookup::Absent, Lookup::Value)
    }

    fn member(&self, _: Subject, _: &Sid) -> Truth {
        Truth::False
    }
}

fn claim(case: &Value) -> Claim {
    let values = case["values"].as_array().unwrap();
    let values = match super::text(case, "type") {
        "string" => ClaimValues::String(values.iter().map(|value| value.as_str().unwrap().into()).collect()),
        "int" => ClaimValues::Int(values.iter().map(|value| value.as_i64().unwrap()).collect()),
        "uint" => ClaimValues::Uint(values.iter().map(|value| value.as_u64().unwrap()).collect()),
        "bool" => ClaimValues::Bool(values.iter().map(|value| value.as_i64() == Some(1)).collect()),
        other => panic!("claims of type {other} are new"),
    };
    Claim::new(super::text(case, "name"), ClaimFlags::empty(), values).unwrap()
}

/// A line of `evaluation.jsonl`: an expression, claims, and what it comes to, or that there can be no such claims.
pub(super) fn evaluate(case: &Value, _: &sddl::Options) -> Result<(), String> {
    let text = super::text(case, "expression");
    let claims: Vec<Claim> = case["user_claims"].as_array().unwrap().iter().map(claim).collect();
    let condition: Condition = text.parse().map_err(|error| format!("{text}: {error}"))?;
    let found = if claims.iter().any(Claim::has_duplicates) {
        "refused"
    } else {
        match condition.evaluate(&User(claims)) {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "unknown",
        }
    };
    super::expect(text, found, super::text(case, "outcome"))
}
