//! The limits of the work that a condition about the object may need.

use super::*;

fn system() -> Caller {
    Caller::bare(Sid::LOCAL_SYSTEM).unwrap()
}

/// Entries before the first attribute and after the last are not searched.
#[test]
fn resource_attributes_are_looked_for_among_so_many_and_no_more() {
    let with = |count: usize| {
        let other = "(RA;;;;;WD;(\"b\",TI,0x0,1))".repeat(count - 1);
        let audits = "(AU;SA;0x1;;;WD)".repeat(9);
        parsed(&format!(
            "D:(XA;;0x1;;;SY;(@Resource.a == 1))S:{audits}{other}(RA;;;;;WD;(\"a\",TI,0x0,1)){audits}"
        ))
    };
    for (count, found) in [(255, true), (256, true), (257, false)] {
        let decision = check(&with(count), &system(), bits(0x1));
        assert_eq!(decision.is_allowed(), found, "{count}");
    }
}

/// An attribute of the object that repeats a value is no attribute. Up to 1,024 values are compared; one with more may repeat a value, so
/// nothing is granted by it.
#[test]
fn an_attribute_of_the_object_with_too_many_values_to_compare_is_unknown() {
    let holds = |count: usize| {
        let values: Vec<String> = (0..count).map(|value| value.to_string()).collect();
        let sacl = format!(r#"(RA;;;;;WD;("a",TI,0,{}))"#, values.join(","));
        let descriptor = parsed(&format!("D:(XA;;0x1;;;SY;(@Resource.a Contains 5))S:{sacl}"));
        check(&descriptor, &system(), bits(0x1)).is_allowed()
    };
    assert!(holds(1024));
    assert!(!holds(1025));
    let holds = |length: usize| {
        let sacl = format!(r#"(RA;;;;;WD;("a",TS,0,"z","{}"))"#, "x".repeat(length));
        let descriptor = parsed(&format!(r#"D:(XA;;0x1;;;SY;(@Resource.a Any_of {{"z"}}))S:{sacl}"#));
        check(&descriptor, &system(), bits(0x1)).is_allowed()
    };
    assert!(holds(100));
    assert!(!holds(MAX_SET_WORK));
}
