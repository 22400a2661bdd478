//! An explanation shows the attributes that the check used: its text never contradicts its decision.

use super::explained_text;
use arbitrary::{Result, Unstructured};
use proptest::prelude::*;
use sddl_authz::{
    AccessMask, Ace, AceType, Acl, AclState, Caller, Condition, SecurityDescriptor, Sid,
    ace::{AceFlags, AceParts, ApplicationData, ObjectTypes},
    claim::{Claim, ClaimFlags, ClaimValues},
    condition::{AttributeClass, Environment, Lookup, Subject, Truth, Utf16, compare_names},
};

fn title(flags: ClaimFlags) -> Claim {
    Claim::string("Title", "PM").unwrap().with_flags(flags)
}

fn user() -> Caller {
    Caller::authenticated(Sid::new(5, &[21, 1, 2, 3, 1104]).unwrap())
        .unwrap()
        .with_no_groups()
}

/// The text about the first entry, after the name of its trustee.
fn said(sddl: &str, caller: &Caller) -> String {
    let descriptor: SecurityDescriptor = sddl.parse().unwrap();
    first_entry(&descriptor, caller)
}

fn first_entry(descriptor: &SecurityDescriptor, caller: &Caller) -> String {
    let text = explained_text(descriptor, caller, AccessMask::from_bits_retain(1));
    let entry = text.lines().nth(1).unwrap();
    entry.split_once("Users: ").unwrap().1.to_owned()
}

#[test]
fn a_claim_that_does_not_count_is_shown_with_the_reason() {
    let allow = r#"D:(XA;;CC;;;AU;(@User.Title == "PM"))"#;
    let deny = r#"D:(XD;;CC;;;AU;(@User.Title != "PM"))"#;
    let with = |flags| user().with_user_claims([title(flags)]).unwrap();
    let unknown = "matches, but its condition is neither true nor false: ";
    let taken = "DENIES 0x1 CC: its condition is neither true nor false, so it is taken to apply: ";
    for flags in [ClaimFlags::DISABLED, ClaimFlags::DISABLED_BY_DEFAULT] {
        let disabled = r#"@User.Title is "PM", but disabled"#;
        assert_eq!(said(allow, &with(flags)), format!("{unknown}{disabled}"));
        assert_eq!(said(deny, &with(flags)), format!("{taken}{disabled}"));
    }
    let deny_only = with(ClaimFlags::DENY_ONLY);
    assert_eq!(
        said(allow, &deny_only),
        format!(r#"{unknown}@User.Title is "PM", but for Deny entries alone"#)
    );
    assert_eq!(
        said(deny, &deny_only),
        r#"matches, but its condition is false: @User.Title is "PM""#
    );
}

#[test]
fn a_claim_of_the_device_is_shown_as_one_of_the_user_is() {
    let allow = r#"D:(XA;;CC;;;AU;(@Device.Title == "PM"))"#;
    let disabled = user().with_device_claims([title(ClaimFlags::DISABLED)]).unwrap();
    assert_eq!(
        said(allow, &disabled),
        r#"matches, but its condition is neither true nor false: @Device.Title is "PM", but disabled"#
    );
}

#[test]
fn a_resource_attribute_that_does_not_count_is_shown_with_the_reason() {
    let with = |attributes: &str| format!("D:(XA;;CC;;;AU;(@Resource.Level == 3))S:{attributes}");
    let unknown = "matches, but its condition is neither true nor false: ";
    let cases = [
        (r#"(RA;;;;;WD;("Level",TI,0x10,3))"#, "is 3, but disabled"),
        (r#"(RA;;;;;WD;("Level",TI,0x4,3))"#, "is 3, but for Deny entries alone"),
        (
            r#"(RA;;;;;WD;("Level",TI,0x0,3))(RA;;;;;WD;("level",TI,0x0,3))"#,
            "is given more than once",
        ),
        (
            r#"(RA;;;;;WD;("Level",TI,0x0,3,3))"#,
            "is ignored, because its values repeat",
        ),
    ];
    for (attributes, words) in cases {
        let text = said(&with(attributes), &user());
        assert_eq!(text, format!("{unknown}@Resource.Level {words}"));
    }
}

/// [MS-DTYP] 2.5.3.1.7 does not look at the flags of the entry.
#[test]
fn a_resource_attribute_that_is_inherit_only_counts() {
    assert_eq!(
        said(
            r#"D:(XA;;CC;;;AU;(@Resource.Level == 3))S:(RA;IO;;;;WD;("Level",TI,0x0,3))"#,
            &user()
        ),
        "GRANTS 0x1 CC, since its condition is true: @Resource.Level is 3"
    );
}

/// A check looks for an attribute in no more than 256 entries (`limits::MAX_RESOURCE_ATTRIBUTES`).
#[test]
fn of_too_many_resource_attributes_none_is_shown() {
    let said_of = |count: usize| {
        let names = (0..count).map(|number| match number {
            0 => "Level".to_owned(),
            number => format!("other{number}"),
        });
        let entries: String = names
            .map(|name| format!(r#"(RA;;;;;WD;("{name}",TI,0x0,3))"#))
            .collect();
        said(&format!("D:(XA;;CC;;;AU;(@Resource.Level == 4))S:{entries}"), &user())
    };
    assert_eq!(
        said_of(256),
        "matches, but its condition is false: @Resource.Level is 3"
    );
    assert_eq!(
        said_of(257),
        "matches, but its condition is neither true nor false: @Resource.Level is not looked up among more than 256 \
         entries of the SACL"
    );
}

/// A claim that an explanation may show, and what the text says of the attribute.
#[derive(Debug)]
struct Shown {
    class: AttributeClass,
    name: &'static str,
    words: String,
}

/// The attributes as the text of an explanation gives them, and the groups as the caller has them.
#[derive(Debug)]
struct Printed<'a> {
    attributes: Vec<(Shown, Lookup<Claim>)>,
    caller: &'a Caller,
}

impl Environment for Printed<'_> {
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
        let found = self
            .attributes
            .iter()
            .find(|(shown, _)| shown.class == class && compare_names(shown.name, name).is_eq());
        match found.map(|(_, value)| value) {
            Some(Lookup::Value(claim)) => Lookup::Value(claim),
            Some(Lookup::Absent) => Lookup::Absent,
            // The value does not depend on an attribute that is not shown.
            Some(Lookup::Unknown) | None => Lookup::Unknown,
        }
    }

    fn member(&self, subject: Subject, sid: &Sid) -> Truth {
        assert_eq!(subject, Subject::User);
        Truth::from(self.caller.user() == sid || self.caller.groups().any(|group| group.sid == *sid))
    }
}

fn integer(name: &str, flags: ClaimFlags, value: i64) -> Claim {
    Claim::int(name, value).unwrap().with_flags(flags)
}

/// Reads ` is 1, but disabled` and the like back.
fn read_back(shown: &Shown) -> Lookup<Claim> {
    let resource = shown.class == AttributeClass::Resource;
    match shown.words.as_str() {
        "is absent" => Lookup::Absent,
        "is not known" | "is given more than once" => Lookup::Unknown,
        words if words.contains(" but ") => match resource {
            // The rule for the attributes of an object, which is inferred (docs/inferred.md).
            true => Lookup::Unknown,
            false => Lookup::Absent,
        },
        words => {
            let value = words.strip_prefix("is ").unwrap().parse().unwrap();
            Lookup::Value(integer(shown.name, ClaimFlags::empty(), value))
        }
    }
}

const CONDITIONS: [&str; 12] = [
    "@User.a == 1",
    "@User.a != 1",
    "@User.a == 1 && @Device.b == 1",
    "@User.a == 1 || @User.b == 1",
    "!(@User.a == 1)",
    "@Device.b",
    "@Resource.a == @User.A",
    "Exists @Resource.a",
    "Not_Exists @User.b",
    "Exists @User.a && x == 1",
    "Not_Member_of {SID(WD)} || @Resource.b >= 1",
    "@User.a >= @Device.a && !(Exists @Resource.B)",
];

fn flags(u: &mut Unstructured<'_>) -> Result<ClaimFlags> {
    let none = ClaimFlags::empty();
    Ok(*u.choose(&[
        none,
        none,
        none,
        ClaimFlags::DENY_ONLY,
        ClaimFlags::DISABLED,
        ClaimFlags::DISABLED_BY_DEFAULT,
    ])?)
}

fn some_claims(u: &mut Unstructured<'_>) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    for name in ["a", "b"] {
        if u.ratio(3, 4)? {
            claims.push(integer(name, flags(u)?, u.int_in_range(0..=1)?));
        }
    }
    Ok(claims)
}

fn entry(ace_type: AceType, flags: AceFlags, data: ApplicationData) -> Ace {
    let parts = AceParts {
        ace_type,
        flags,
        mask: AccessMask::from_bits_retain(1),
        trustee: Sid::AUTHENTICATED_USERS,
        objects: ObjectTypes::default(),
        data,
    };
    Ace::from_parts(parts).unwrap()
}

/// A descriptor of one conditional entry, and a caller.
fn case(u: &mut Unstructured<'_>) -> Result<(SecurityDescriptor, Condition, Caller)> {
    let condition: Condition = format!("({})", u.choose(&CONDITIONS)?).parse().unwrap();
    let mut caller = user()
        .with_user_claims(some_claims(u)?)
        .unwrap()
        .with_device_claims(some_claims(u)?)
        .unwrap();
    if u.ratio(1, 4)? {
        caller = caller.with_incomplete_claims();
    }
    let mut attributes = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let claim = integer(u.choose(&["a", "b", "A"])?, flags(u)?, u.int_in_range(0..=1)?);
        let inherit_only = u.ratio(1, 6)?;
        let flags = if inherit_only {
            AceFlags::INHERIT_ONLY
        } else {
            AceFlags::empty()
        };
        attributes.push(entry(
            AceType::ResourceAttribute,
            flags,
            ApplicationData::Claim(claim.into()),
        ));
    }
    let ace_type = *u.choose(&[AceType::CallbackAllow, AceType::CallbackDeny])?;
    let conditional = entry(
        ace_type,
        AceFlags::empty(),
        ApplicationData::Condition(condition.clone()),
    );
    let mut descriptor = SecurityDescriptor::default();
    descriptor.dacl = AclState::Present(Acl::from_iter([conditional]));
    descriptor.sacl = AclState::Present(Acl::from_iter(attributes));
    Ok((descriptor, condition, caller))
}

/// The truth that a text states, the operands that it gives as the reason, and the attributes.
struct Stated {
    truth: Truth,
    operands: Vec<(Condition, Truth)>,
    attributes: Vec<Shown>,
}

fn truth_named(words: &str) -> Truth {
    let names = [
        ("true", Truth::True),
        ("false", Truth::False),
        ("neither true nor false", Truth::Unknown),
    ];
    names.iter().find(|(name, _)| *name == words).unwrap().1
}

fn stated(text: &str) -> Option<Stated> {
    let phrases = [
        ("its condition is false", Truth::False),
        ("its condition is true", Truth::True),
        ("so it is taken to apply", Truth::Unknown),
        ("its condition is neither true nor false", Truth::Unknown),
    ];
    let (rest, truth) = phrases
        .iter()
        .find_map(|(phrase, truth)| Some((text.split_once(phrase)?.1, *truth)))?;
    let mut shown = Vec::new();
    let rest = rest
        .trim_start_matches(": ")
        .replace(", but ", " but ")
        .replace(" (a local attribute)", "");
    let (operands, items) = match rest.split_once("; ") {
        Some((operands, items)) => (operands, items),
        None if rest.starts_with('(') => (rest.as_str(), ""),
        None => ("", rest.as_str()),
    };
    let operands = operands.split(" and ").filter(|operand| !operand.is_empty());
    let operands = operands.map(|operand| {
        let (condition, words) = operand.rsplit_once(" is ").unwrap();
        (condition.parse().unwrap(), truth_named(words))
    });
    for item in items
        .split(", ")
        .filter(|item| item.starts_with('@') || item.starts_with('x'))
    {
        let (name, words) = item.trim_start_matches('@').split_once(' ').unwrap();
        let (class, name) = name.split_once('.').unwrap_or(("", name));
        let class = match class {
            "User" => AttributeClass::User,
            "Device" => AttributeClass::Device,
            "Resource" => AttributeClass::Resource,
            _ => AttributeClass::Local,
        };
        let name = ["a", "b", "x"]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .unwrap();
        let words = words.to_owned();
        shown.push(Shown { class, name, words });
    }
    Some(Stated {
        truth,
        operands: operands.collect(),
        attributes: shown,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever evaluates the condition with the values in the text gets the truth in the text, whatever the attributes are that the text does
    /// not show. Each operand that is named has the truth that the text gives it.
    #[test]
    fn the_attributes_in_the_text_give_the_truth_in_the_text(bytes in prop::collection::vec(any::<u8>(), 64)) {
        let (descriptor, condition, caller) = case(&mut Unstructured::new(&bytes)).unwrap();
        let text = first_entry(&descriptor, &caller);
        let Some(Stated { truth, operands, attributes }) = stated(&text) else {
            prop_assert!(text.contains("GRANTS") || text.contains("; not known: "), "{}", text);
            return Ok(());
        };
        let attributes = attributes.into_iter().map(|shown| {
            let value = read_back(&shown);
            (shown, value)
        });
        let printed = Printed { attributes: attributes.collect(), caller: &caller };
        let possible = condition.evaluate_with(&printed, |_| ());
        prop_assert!(possible.can_be(truth), "{}", text);
        let opposite = match truth {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        };
        prop_assert!(truth == Truth::Unknown || !possible.can_be(opposite), "{}", text);
        for (operand, truth) in operands {
            prop_assert_eq!(operand.evaluate(&printed), truth, "{}", text);
        }
    }
}

/// The texts about one entry for everybody whose condition is not true.
fn said_of(condition: &str, caller: &Caller) -> String {
    said(&format!("D:(XA;;CC;;;AU;{condition})"), caller)
}

#[test]
fn the_operand_that_made_a_condition_false_is_named() {
    let managed = user()
        .with_device_claims([Claim::bool("Bitlocker", true).unwrap()])
        .unwrap();
    // The membership is missing, and the attribute is there.
    assert_eq!(
        said_of("(Member_of {SID(S-1-5-65-1), SID(BO)} && @Device.Bitlocker)", &managed),
        "matches, but its condition is false: (Member_of {SID(S-1-5-65-1), SID(BO)}) is false; the caller is not in \
         S-1-5-65-1, the caller is not in Backup Operators"
    );
    let caller = user().with_user_claims([integer("a", ClaimFlags::empty(), 1)]).unwrap();
    let cases = [
        (
            "(@User.a == 2 && @User.a == 1)",
            "(@USER.a == 2) is false; @User.a is 1",
        ),
        (
            "(@User.a == 1 && @User.a == 2)",
            "(@USER.a == 2) is false; @User.a is 1",
        ),
        (
            "(@User.a == 2 || @User.a == 3)",
            "(@USER.a == 2) is false and (@USER.a == 3) is false; @User.a is 1",
        ),
        (
            "(!(@User.a == 1) && @User.a == 1)",
            "(@USER.a == 1) is true; @User.a is 1",
        ),
        (
            "(@User.a == 1 && (@User.a == 1 || @User.b == 1) && @User.a == 4)",
            "(@USER.a == 4) is false; @User.a is 1",
        ),
        // A condition of one operand is not named once more.
        ("(@User.a == 2)", "@User.a is 1"),
        ("(!(@User.a == 1))", "@User.a is 1"),
    ];
    for (condition, words) in cases {
        assert_eq!(
            said_of(condition, &caller),
            format!("matches, but its condition is false: {words}")
        );
    }
}

#[test]
fn the_operand_that_made_a_condition_unknown_is_named() {
    let caller = user().with_user_claims([integer("a", ClaimFlags::empty(), 1)]).unwrap();
    assert_eq!(
        said_of("(@User.a == 1 && @User.b == 1)", &caller),
        "matches, but its condition is neither true nor false: (@USER.b == 1) is neither true nor false; @User.b is absent"
    );
    // A number is not compared with a text, which makes the whole condition unknown ([MS-DTYP] 2.4.4.17.7).
    assert_eq!(
        said_of(r#"(@User.a == 2 && @User.a == "x")"#, &caller),
        r#"matches, but its condition is neither true nor false: (@USER.a == "x") is neither true nor false; @User.a is 1"#
    );
}

#[test]
fn groups_are_said_as_the_caller_has_them() {
    let caller = user()
        .with_groups(["BO".parse().unwrap()])
        .unwrap()
        .with_deny_only_groups(["BA".parse().unwrap()])
        .unwrap();
    assert_eq!(
        said_of("(Member_of {SID(BO), SID(BG)})", &caller),
        "matches, but its condition is false: the caller is in Backup Operators, the caller is not in Guests"
    );
    assert_eq!(
        said_of("(Device_Member_of {SID(BG)})", &caller),
        "matches, but its condition is false: its device is not in Guests"
    );
    assert!(
        said_of("(Member_of {SID(BA)})", &caller).ends_with("the caller is in Administrators for Deny entries alone")
    );
}

/// SDDL writes the booleans of an object as numbers. Those of a caller are written as words.
#[test]
fn a_boolean_is_shown_as_it_is_written() {
    let managed = user()
        .with_device_claims([Claim::bool("Managed", true).unwrap()])
        .unwrap();
    assert_eq!(
        said_of("(!(@Device.Managed))", &managed),
        "matches, but its condition is false: @Device.Managed is true"
    );
    assert_eq!(
        said(
            r#"D:(XA;;CC;;;AU;(!(@Resource.Secret)))S:(RA;;;;;WD;("Secret",TB,0x0,1))"#,
            &user()
        ),
        "matches, but its condition is false: @Resource.Secret is 1"
    );
}

/// SDDL has no prefix for local attributes.
#[test]
fn a_local_attribute_is_shown_by_its_name_alone() {
    assert_eq!(
        said_of("(Exists WIN://SYSAPPID)", &user()),
        "matches, but its condition is false: WIN://SYSAPPID (a local attribute) is absent"
    );
}

#[test]
fn a_true_condition_is_shown_with_its_facts() {
    let caller = user().with_user_claims([integer("a", ClaimFlags::empty(), 1)]).unwrap();
    assert_eq!(
        said_of("(@User.a == 1 || @User.b == 1)", &caller),
        "GRANTS 0x1 CC, since its condition is true: (@USER.a == 1) is true; @User.a is 1"
    );
    assert_eq!(
        said("D:(XD;;CC;;;AU;(@User.a == 1))", &caller),
        "DENIES 0x1 CC, since its condition is true: @User.a is 1"
    );
}

#[test]
fn octets_of_the_caller_are_shown_as_they_are_written() {
    let key = Claim::new("Key", ClaimFlags::empty(), ClaimValues::Octets(vec![vec![0x0a, 0x0b]])).unwrap();
    let caller = user().with_user_claims([key]).unwrap();
    assert_eq!(
        said_of("(@User.Key == #0a)", &caller),
        "matches, but its condition is false: @User.Key is #0a0b"
    );
}
