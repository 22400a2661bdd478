//! The lines about central access policies.

use super::*;
use sddl_authz::central_policy::{CentralPolicies, CentralPolicy, CentralRule};

fn explained(rules: [CentralRule; 2], desired: &str, object: &str) -> String {
    let policy = CentralPolicy::new("S-1-17-1".parse().unwrap(), rules)
        .unwrap()
        .with_name("Finance");
    let policies = CentralPolicies::new([policy]).unwrap();
    let descriptor: SecurityDescriptor = object.parse().unwrap();
    let caller = Caller::bare("S-1-5-21-1-2-3-1104".parse().unwrap()).unwrap();
    let caller = caller.with_groups(["WD".parse().unwrap()]).unwrap();
    let question = AccessCheck::new(&caller, desired.parse().unwrap()).central_policies(&policies);
    ExplanationText::new(&question.explain(&descriptor), &descriptor, &caller).to_string()
}

#[test]
fn each_rule_has_a_line_and_the_last_line_names_the_rule() {
    let rules = [
        CentralRule::from_sddl(Some("@Resource.Secret == 1"), "D:", None)
            .unwrap()
            .with_name("Secret\u{1b}[2J"),
        CentralRule::from_sddl(None, "D:(A;;RC;;;WD)", Some("D:(A;;SD;;;WD)"))
            .unwrap()
            .with_name("Readers"),
    ];
    let text = explained(rules, "RCSD", "D:(A;;RCSD;;;WD)S:(SP;;;;;S-1-17-1)");
    let end = text.split_once("  central policy ").unwrap().1;
    assert_eq!(
        end,
        "S-1-17-1 Finance (entry 0 of the SACL)\n    \
         rule 0 Secret\\u{1b}[2J: does not apply, its condition is neither true nor false\n    \
         rule 1 Readers: applies, KEEPS BACK 0x10000 SD (DELETE)\n    \
         the staged policy would deny the access\n  \
         denied: 0x10000 SD (DELETE) is missing; rule 1 (Readers) of the central policy keeps it back: \
         in its DACL, no entry grants it to this caller"
    );
}

/// The advice would be for the object alone.
#[test]
fn an_object_under_a_policy_gets_no_advice() {
    let rule = CentralRule::from_sddl(None, "D:", None).unwrap();
    let text = explained([rule.clone(), rule], "SD", "D:(A;;SD;;;BA)S:(SP;;;;;S-1-17-1)");
    assert!(
        text.ends_with("  denied: 0x10000 SD (DELETE) is missing; no entry grants it to this caller"),
        "{text}"
    );
}

/// The entries are those of the rule's DACL, and are said to be.
#[test]
fn what_a_rule_keeps_back_is_said_entry_by_entry() {
    let rules = [
        CentralRule::from_sddl(None, "D:(D;;DC;;;WD)(A;;CCDCLC;;;WD)", None).unwrap(),
        CentralRule::from_sddl(None, "D:(A;;CCDC;;;WD)", None)
            .unwrap()
            .with_name("Readers"),
    ];
    let text = explained(rules, "CCDCLC", "D:(A;;CCDCLC;;;WD)S:(SP;;;;;S-1-17-1)");
    let end = text.split_once("  denied: ").unwrap().1;
    assert_eq!(
        end,
        "0x7 CCDCLC is missing\n    \
         rule 0 of the central policy keeps 0x2 DC back: in its DACL, entry 0 denies 0x2 DC\n    \
         rule 1 (Readers) of the central policy keeps 0x4 LC back: in its DACL, no entry grants 0x4 LC to this caller\n    \
         0x1 CC was not looked at: the check had ended"
    );
}
