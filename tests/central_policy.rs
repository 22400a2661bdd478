//! Central access policies as values, and their form in JSON and TOML. The attributes are those of [MS-GPCAP] 3.2.5.3.
#![cfg(feature = "serde")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use sddl_authz::central_policy::{CentralPolicies, CentralPolicy, CentralRule};
use serde_json::json;

fn read(value: &serde_json::Value) -> Result<CentralPolicies, String> {
    // From text, so that the place of an error in it is known too.
    serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())
}

fn expected() -> CentralPolicies {
    let rule = CentralRule::from_sddl(
        Some("(@Resource.Secret == 1)"),
        "O:SYG:SYD:AR(A;;FA;;;BA)",
        Some("D:(A;;FR;;;BA)"),
    );
    let rule = rule.unwrap().with_name("Secret files");
    let policy = CentralPolicy::new("S-1-17-1-2".parse().unwrap(), [rule])
        .unwrap()
        .with_name("Finance");
    CentralPolicies::new([policy]).unwrap()
}

#[test]
fn the_list_and_the_map_are_read_alike() {
    let policies = json!([{"sid": "S-1-17-1-2", "name": "Finance", "rules": [{"name": "Secret files",
        "applies_to": "@Resource.Secret == 1", "effective": "D:(A;;FA;;;BA)", "staged": "D:(A;;FR;;;BA)"}]}]);
    assert_eq!(read(&policies), Ok(expected()));
    assert_eq!(read(&json!({"policies": policies})), Ok(expected()));
    assert_eq!(read(&json!([])).map(|policies| policies.is_empty()), Ok(true));
    let short = json!([{"sid": "S-1-17-1", "rules": [{"applies_to": null, "effective": "D:"}]}]);
    assert_eq!(
        read(&short).unwrap().policies()[0].rules(),
        [CentralRule::new([].into())]
    );
}

#[test]
fn the_attributes_of_active_directory_are_read_as_they_are() {
    let directory = json!({
        "policies": [{
            "distinguishedName": "CN=Finance,CN=Central Access Policies,CN=Claims Configuration,CN=Services,DC=a",
            "name": "Finance",
            "msAuthz-CentralAccessPolicyID": "S-1-17-1-2",
            "msAuthz-MemberRulesInCentralAccessPolicy": ["cn=secret files,CN=Central Access Rules,DC=a"],
        }],
        "rules": [{
            "distinguishedName": "CN=Secret files,CN=Central Access Rules,DC=a",
            "msAuthz-ResourceCondition": "D:(XA;;;;;WD;(@Resource.Secret == 1))",
            "msAuthz-EffectiveSecurityPolicy": "O:SYG:SYD:AR(A;;FA;;;BA)",
            "msAuthz-ProposedSecurityPolicy": "D:(A;;FR;;;BA)",
            "msAuthz-LastEffectiveSecurityPolicy": "D:(A;;FX;;;BA)",
        }],
    });
    assert_eq!(read(&directory), Ok(expected()));
}

#[test]
fn what_is_written_is_read_again() {
    assert_eq!(read(&serde_json::to_value(expected()).unwrap()), Ok(expected()));
}

/// Each part that can't be meant is an error that names its place.
#[test]
fn nothing_malformed_is_read_as_no_policy() {
    let rule = |rule: serde_json::Value| json!([{"sid": "S-1-17-1", "rules": [rule]}]);
    let policy = |sid: &str| json!({"sid": sid, "rules": []});
    let member = |name: Option<&str>, rules: serde_json::Value| {
        let policy = json!({"sid": "S-1-17-1", "msAuthz-MemberRulesInCentralAccessPolicy": name.into_iter().collect::<Vec<_>>()});
        json!({"policies": [policy], "rules": rules})
    };
    for (value, message) in [
        (
            json!([policy("S-1-17-1"), policy("S-1-17-1")]),
            "two policies have the SID S-1-17-1",
        ),
        (
            json!([policy("S-1-5-18")]),
            "policies[0].sid: S-1-5-18 is not the SID of a central policy",
        ),
        (json!([policy("S-1-17-1"), policy("x")]), "policies[1].sid: "),
        (
            json!([{"sid": "S-1-17-1"}]),
            "policies[0]: a policy has either `rules` or",
        ),
        (json!([{"rules": []}]), "missing field `sid`"),
        (json!([["S-1-17-1", []]]), "invalid type"),
        (
            json!([{"sid": "S-1-17-1", "rules": [], "extra": 1}]),
            "unknown field `extra`",
        ),
        (json!({"rules": []}), "missing field `policies`"),
        (json!(null), "invalid type"),
        (json!("S-1-17-1"), "invalid type"),
        (
            rule(json!({"effective": "D:(A;;FA;;;XX)"})),
            "policies[0].rules[0].effective: ",
        ),
        (
            rule(json!({"effective": "O:SY"})),
            "policies[0].rules[0].effective: the descriptor has no DACL",
        ),
        (
            rule(json!({"effective": "D:NO_ACCESS_CONTROL"})),
            "policies[0].rules[0].effective: the descriptor has no DACL",
        ),
        (
            rule(json!({"effective": "D:", "staged": "D:P("})),
            "policies[0].rules[0].staged: ",
        ),
        (
            rule(json!({"effective": "D:", "staged": "O:BA"})),
            "policies[0].rules[0].staged: the descriptor has no DACL",
        ),
        (rule(json!({"effective": null})), "invalid type"),
        (rule(json!({})), "missing field `effective`"),
        (
            rule(json!({"effective": "D:", "applies_to": ""})),
            "policies[0].rules[0].applies_to: ",
        ),
        (
            rule(json!({"effective": "D:", "applies_to": "@Resource.a =="})),
            "policies[0].rules[0].applies_to: ",
        ),
        (
            rule(json!({"effective": "D:", "applies_to": "@Resource.a) || (@Resource.b"})),
            "policies[0].rules[0].applies_to: ",
        ),
        (
            rule(json!({"effective": "D:", "applies_to": "D:(A;;FA;;;WD)"})),
            "policies[0].rules[0].applies_to: the condition is a descriptor",
        ),
        (
            rule(json!({"effective": "D:", "applies_to": "D:(XA;;;;;BA;(@Resource.a))"})),
            "policies[0].rules[0].applies_to: the condition is a descriptor",
        ),
        (
            rule(json!({"effective": "D:", "applies_to": "D:"})),
            "policies[0].rules[0].applies_to: the condition is a descriptor",
        ),
        (
            member(Some("CN=b"), json!([])),
            "policies[0]: there is no rule with the distinguished name `CN=b`",
        ),
        (
            member(None, json!([{"effective": "D:"}])),
            "rules[0]: each rule in this list has a distinguished name",
        ),
        (
            member(None, json!([{"distinguishedName": "CN=a", "effective": "D:x"}])),
            "rules[0].effective: ",
        ),
        (
            member(
                None,
                json!([{"distinguishedName": "CN=a", "effective": "D:"}, {"distinguishedName": "cn=A", "effective": "D:"}]),
            ),
            "rules[1]: each rule in this list has a distinguished name",
        ),
    ] {
        let error = read(&value).unwrap_err();
        assert!(error.starts_with(message), "{value}: {error}");
    }
}

#[test]
fn a_condition_needs_no_parentheses_around_it() {
    let rule = |text| CentralRule::from_sddl(Some(text), "D:", None);
    let all = rule("((@Resource.a == 1) || (@Resource.b == \")\"))").unwrap();
    assert_eq!(rule("(@Resource.a == 1) || (@Resource.b == \")\")"), Ok(all.clone()));
    assert_eq!(rule(" @Resource.a == 1 || @Resource.b == \")\" "), Ok(all.clone()));
    assert_eq!(
        rule("D:(XA;;;;;WD;((@Resource.a == 1) || (@Resource.b == \")\")))"),
        Ok(all)
    );
}

#[test]
fn a_policy_has_all_rules_that_it_names_in_this_order() {
    let rule = |name: &str, effective: &str| json!({"distinguishedName": name, "effective": effective});
    let members = |names: &[&str]| {
        let policies = json!({
            "policies": [{"sid": "S-1-17-1", "msAuthz-MemberRulesInCentralAccessPolicy": names}],
            "rules": [rule("CN=a", "D:(A;;FR;;;WD)"), rule("CN=b", "D:(A;;FW;;;WD)"), rule("CN=c", "D:")],
        });
        let policies = read(&policies).unwrap();
        let rules = policies.policies()[0].rules().iter();
        rules.map(|rule| rule.name().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(members(&["CN=b", "CN=A"]), ["b", "a"]);
    assert_eq!(members(&["CN=c", "CN=a", "cn=b"]), ["c", "a", "b"]);
}

#[cfg(feature = "toml")]
mod files {
    use super::*;

    const TOML: &str = "
[[policies]]
sid = 'S-1-17-1-2'
name = 'Finance'
[[policies.rules]]
name = 'Secret files'
applies_to = '@Resource.Secret == 1'
effective = 'D:(A;;FA;;;BA)'
staged = 'D:(A;;FR;;;BA)'
";

    #[test]
    fn a_file_is_toml_or_json() {
        assert_eq!(TOML.parse(), Ok(expected()));
        let json = serde_json::to_string_pretty(&expected()).unwrap();
        assert_eq!(json.parse(), Ok(expected()));
        assert_eq!(format!("\n{{\"policies\":{json}}}").parse(), Ok(expected()));
        assert_eq!(
            " [ ]".parse::<CentralPolicies>().map(|policies| policies.is_empty()),
            Ok(true)
        );
        assert_eq!(
            "policies = []"
                .parse::<CentralPolicies>()
                .map(|policies| policies.is_empty()),
            Ok(true)
        );
    }

    #[test]
    fn a_file_that_is_neither_is_an_error() {
        for (text, code) in [
            ("", "central_policies_unreadable"),
            ("{}", "central_policies_unreadable"),
            ("{", "central_policies_unreadable"),
            ("[[policies]]", "central_policies_unreadable"),
            ("polices = []", "central_policies_unreadable"),
            (r#"{"policies":[],"policies":[]}"#, "central_policies_unreadable"),
            (r#"{"policies":[]} {}"#, "central_policies_unreadable"),
            (r#"[{"sid":"S-1-5-18","rules":[]}]"#, "policy_sid_wrong"),
            (
                r#"[{"sid":"S-1-17-1","rules":[]},{"sid":"S-1-17-1","rules":[]}]"#,
                "policy_sid_repeated",
            ),
            (
                r#"[{"sid":"S-1-17-1","rules":[{"effective":"D:("}]}]"#,
                "rule_unreadable",
            ),
        ] {
            let error = text.parse::<CentralPolicies>().unwrap_err();
            assert_eq!(error.code(), code, "{text}: {error}");
        }
    }
}

/// A condition without parentheses gets a pair of them. It must not close them itself, since it would then be another expression.
#[test]
fn a_condition_without_parentheses_is_one_expression() {
    let rule = |condition: &str| CentralRule::from_sddl(Some(condition), "D:", None);
    let bracketed = |condition: &str| rule(&format!("({condition})")).unwrap();
    for condition in [
        "@User.a == 1",
        r#"@User.a == "b)" && @User.c == "(""#,
        "@User.a == 1 && (@User.b == 1 || @User.c == 1)",
    ] {
        assert_eq!(rule(condition).unwrap(), bracketed(condition), "{condition}");
    }
    for condition in [
        "@User.a == 1) || (@User.b == 1",
        "(@User.a == 1)) || ((@User.b == 1)",
        r#"@User.a == "b" ) || (@User.c == "d""#,
    ] {
        assert!(rule(condition).is_err(), "{condition}");
    }
}
