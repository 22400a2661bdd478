//! Conditions that Windows evaluated. `SDDL_AUTHZ_VECTORS` names the folder that holds them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed")]

use sddl_authz::{
    Claim, Condition, Sid,
    claim::{ClaimFlags, ClaimValues},
    condition::{AttributeClass, Fact, Facts, Subject, Truth, compare_names},
};
use serde_json::Value;
use std::{env, fs, path::PathBuf};

/// The claims of a user who is in no group.
struct User(Vec<Claim>);

impl Facts for User {
    fn attribute(&self, class: AttributeClass, name: &str) -> Fact<&Claim> {
        assert_eq!(class, AttributeClass::User, "the cases are about users");
        let found = self.0.iter().find(|claim| compare_names(claim.name(), name).is_eq());
        found.map_or(Fact::Absent, Fact::Value)
    }

    fn member(&self, _: Subject, _: &Sid) -> Truth {
        Truth::False
    }
}

fn claim(json: &Value) -> Claim {
    let values = json["values"].as_array().unwrap();
    let values = match json["type"].as_str().unwrap() {
        "string" => ClaimValues::String(values.iter().map(|value| value.as_str().unwrap().into()).collect()),
        "int" => ClaimValues::Int(values.iter().map(|value| value.as_i64().unwrap()).collect()),
        "uint" => ClaimValues::Uint(values.iter().map(|value| value.as_u64().unwrap()).collect()),
        "bool" => ClaimValues::Bool(values.iter().map(|value| value.as_i64() == Some(1)).collect()),
        other => panic!("claims of type {other} are new"),
    };
    Claim::new(json["name"].as_str().unwrap().into(), ClaimFlags::empty(), values).unwrap()
}

#[test]
fn conditions_evaluate_as_on_windows() {
    let Some(folder) = env::var_os("SDDL_AUTHZ_VECTORS").map(PathBuf::from) else {
        eprintln!("SKIPPED: SDDL_AUTHZ_VECTORS is not set, so nothing of evaluation.jsonl was read");
        return;
    };
    let lines = fs::read_to_string(folder.join("evaluation.jsonl")).unwrap();
    let mut failures = Vec::new();
    for (index, line) in lines.lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["expression"].as_str().unwrap();
        let claims: Vec<Claim> = case["user_claims"].as_array().unwrap().iter().map(claim).collect();
        let actual = if claims.iter().any(Claim::has_duplicates) {
            "refused"
        } else {
            match text.parse::<Condition>().unwrap().evaluate(&User(claims)) {
                Truth::True => "true",
                Truth::False => "false",
                Truth::Unknown => "unknown",
            }
        };
        let expected = case["outcome"].as_str().unwrap();
        if actual != expected {
            failures.push(format!(
                "line {}: {actual}, not {expected}: {text:.80}",
                index.saturating_add(1)
            ));
        }
    }
    let count = lines.lines().count();
    assert!(
        failures.is_empty(),
        "{} of {count}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(count > 0, "evaluation.jsonl has no lines");
    println!("evaluation.jsonl: {count} lines");
}
