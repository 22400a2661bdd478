//! Requests of MIM CM: who may complete, cancel or abandon the published ones, and what never lets anybody in.
#![cfg(feature = "mim")]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that can't be set up has failed"
)]

use proptest::prelude::*;
use sddl_authz::{
    AccessMask, Caller, GenericMapping, SecurityDescriptor, Sid,
    check::{Unprotected, Unresolved},
    mim::{
        CertificateRequest, DecisionError, DescriptorDigest, ForbiddenReason, Outcome, ParsedRequest, PermitError,
        PolicyError, PolicyRules, Preview, Property, RequestStatus, RequestView, StatusChange, StatusChangePolicy,
    },
};
use serde_json::{Value, json};

const ENROLL: &str = include_str!("data/enroll-approved.json");
const COMPLETED: &str = include_str!("data/enroll-completed.json");
const UNBLOCK: &str = include_str!("data/unblock-approved.json");
const PUBLISHED: [&str; 3] = [ENROLL, COMPLETED, UNBLOCK];

const TARGET_USER: u32 = 14_995_557;
const ENROLL_GROUP: u32 = 5_094_533;
const OWNER: u32 = 14_134_865;
const STRANGER: u32 = 1;

fn sid(relative_id: u32) -> Sid {
    Sid::new(5, &[21, 2_127_521_184, 1_604_012_920, 1_887_927_527, relative_id]).unwrap()
}

fn caller(relative_ids: &[u32]) -> Caller {
    let (user, groups) = relative_ids.split_first().unwrap();
    Caller::authenticated(sid(*user))
        .unwrap()
        .with_groups(groups.iter().map(|&group| sid(group)))
        .unwrap()
}

fn policy() -> StatusChangePolicy {
    StatusChangePolicy::inferred()
}

fn statuses(row: &str, caller: &Caller) -> [u16; 3] {
    StatusChange::ALL.map(|change| policy().decide_json(row, caller, change).http_status())
}

fn row_of(descriptor: &str, status: i64) -> String {
    json!({"Uuid": "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", "Status": status, "SecurityDescriptor": descriptor})
        .to_string()
}

fn descriptor_of(row: &str) -> String {
    let row: Value = serde_json::from_str(row).unwrap();
    row.get("SecurityDescriptor")
        .and_then(Value::as_str)
        .unwrap()
        .to_owned()
}

/// Caller, request, and the answers to Completed, Canceled and Abandoned.
const TABLE: [(&[u32], &str, [u16; 3]); 12] = [
    (&[TARGET_USER], ENROLL, [200, 200, 200]),
    (&[TARGET_USER], UNBLOCK, [200, 200, 200]),
    (&[TARGET_USER], COMPLETED, [204, 403, 403]),
    (&[ENROLL_GROUP], ENROLL, [403, 200, 200]),
    (&[ENROLL_GROUP], UNBLOCK, [403, 403, 403]),
    (&[OWNER], ENROLL, [200, 200, 200]),
    (&[OWNER], UNBLOCK, [200, 200, 200]),
    (&[STRANGER], ENROLL, [403, 403, 403]),
    (&[STRANGER], UNBLOCK, [403, 403, 403]),
    (&[STRANGER], COMPLETED, [403, 403, 403]),
    (&[TARGET_USER, ENROLL_GROUP], ENROLL, [200, 200, 200]),
    (&[TARGET_USER, ENROLL_GROUP], UNBLOCK, [200, 200, 200]),
];

/// A mapping that leaves a right of a rule out of `all` would turn a Deny of everything into nothing.
#[test]
fn a_mapping_that_denies_too_little_is_no_policy() {
    let policy = |all: &str| {
        let rules = format!(
            r#"{{"version":1,"completed":{{"masks":["CC"],"start":["Approved"]}},
                "mapping":{{"read":"0x0","write":"0x0","execute":"0x0","all":"{all}"}}}}"#
        );
        serde_json::from_str::<StatusChangePolicy>(&rules)
    };
    assert!(policy("0x0").is_err());
    assert!(policy("0x2").is_err());
    let policy = policy("0x1").unwrap();
    let row = r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":"D:(D;;GA;;;WD)(A;;CC;;;WD)"}"#;
    let caller = Caller::authenticated("S-1-5-21-1-2-3-4".parse().unwrap())
        .unwrap()
        .with_no_groups();
    assert_eq!(
        policy.decide_json(row, &caller, StatusChange::Complete).http_status(),
        403
    );
}

/// FILE_ALL_ACCESS is 0x1f01ff, and FILE_GENERIC_WRITE, 0x120116, has DC (0x2) and not CC (0x1): Windows' generic mapping for files.
#[test]
fn generic_rights_mean_what_the_mapping_of_the_policy_says() {
    let mut mapped = rules();
    mapped.mapping = Some(GenericMapping::FILE);
    let mapped = StatusChangePolicy::try_from(mapped).unwrap();
    let user = caller(&[STRANGER]);
    for (descriptor, with, without) in [
        ("D:(A;;GA;;;AU)", [200, 200, 200], [403, 403, 403]),
        ("D:(A;;GW;;;AU)", [403, 200, 200], [403, 403, 403]),
        ("D:(D;;GW;;;AU)(A;;CCDC;;;AU)", [200, 403, 200], [403, 403, 403]),
        ("D:(A;;CC;;;AU)", [200, 403, 200], [200, 403, 200]),
    ] {
        let row = row_of(descriptor, 3);
        let answers = StatusChange::ALL.map(|change| mapped.decide_json(&row, &user, change).http_status());
        assert_eq!(answers, with, "{descriptor}");
        assert_eq!(statuses(&row, &user), without, "{descriptor}");
        let request: CertificateRequest = serde_json::from_str(&row).unwrap();
        let previews = mapped.preview(&request, &user).unwrap();
        assert_eq!(previews.complete == Preview::Permitted, with[0] == 200, "{descriptor}");
        let explained = mapped.explain(&request, &user, StatusChange::Complete).unwrap();
        assert_eq!(explained.len(), 1);
        assert_eq!(
            explained.first().unwrap().decision.is_allowed(),
            with[0] == 200,
            "{descriptor}"
        );
    }
}

/// BA is S-1-5-32-544, BO is S-1-5-32-551. The caller is perhaps in both.
#[test]
fn a_change_that_depends_on_unknown_groups_is_undetermined_and_names_them() {
    let (administrators, operators) = ("S-1-5-32-544", "S-1-5-32-551");
    let whole = caller(&[STRANGER]);
    let incomplete = whole.clone().with_incomplete_groups();
    for (descriptor, change, reason, missing, groups) in [
        (
            "D:(A;;CC;;;BA)",
            StatusChange::Complete,
            ForbiddenReason::Undetermined,
            &[0x1][..],
            &[administrators][..],
        ),
        (
            "D:(D;;CC;;;BA)(A;;CC;;;AU)",
            StatusChange::Complete,
            ForbiddenReason::Undetermined,
            &[0x1],
            &[administrators],
        ),
        (
            "D:(A;;CC;;;BA)(A;;DC;;;BO)",
            StatusChange::Abandon,
            ForbiddenReason::Undetermined,
            &[0x1, 0x2],
            &[administrators, operators],
        ),
        (
            "D:(A;;CC;;;BA)",
            StatusChange::Cancel,
            ForbiddenReason::NoRight,
            &[0x2],
            &[],
        ),
        (
            "D:(D;;CC;;;AU)(A;;CC;;;BA)",
            StatusChange::Complete,
            ForbiddenReason::NoRight,
            &[0x1],
            &[],
        ),
    ] {
        let row = row_of(descriptor, 3);
        let Outcome::Forbidden(why) = policy().decide_json(&row, &incomplete, change) else {
            panic!("{descriptor}");
        };
        assert_eq!(why.reason, reason, "{descriptor}");
        assert_eq!(
            why.missing.iter().map(|mask| mask.bits()).collect::<Vec<_>>(),
            missing,
            "{descriptor}"
        );
        let resolve: Vec<Unresolved> = groups
            .iter()
            .map(|group| Unresolved::Group(group.parse().unwrap()))
            .collect();
        assert_eq!(why.resolve, resolve, "{descriptor}");
        assert!(!why.reader);
        let request: CertificateRequest = serde_json::from_str(&row).unwrap();
        let previews = policy().preview(&request, &incomplete).unwrap();
        let preview = match change {
            StatusChange::Complete => previews.complete,
            StatusChange::Cancel => previews.cancel,
            StatusChange::Abandon => previews.abandon,
        };
        assert_eq!(preview, Preview::Forbidden(reason), "{descriptor}");
    }
    // Once the groups are known, the answer is certain.
    let denied_to_members = row_of("D:(D;;CC;;;BA)(A;;CC;;;AU)", 3);
    assert_eq!(statuses(&denied_to_members, &whole)[0], 200);
    assert_eq!(statuses(&row_of("D:(A;;CC;;;AU)(D;;CC;;;BA)", 3), &incomplete)[0], 200);
}

#[test]
fn a_digest_prints_as_sixty_four_hexadecimal_digits() {
    // FIPS 180-2, appendix B.1, and the digest of the empty message.
    for (text, digits) in [
        (
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ] {
        let digest = DescriptorDigest::new(text);
        assert_eq!(digest.to_string(), digits);
        assert_eq!(format!("{digest:?}"), digits);
    }
    assert_ne!(DescriptorDigest::new("D:"), DescriptorDigest::new("D:\0"));
}

#[test]
fn a_rule_needs_rights_that_a_dacl_can_grant() {
    for mask in ["0x1000000", "0x2000000", "GA", "0x400000", "0x0"] {
        let rules = format!(r#"{{"version":1,"completed":{{"masks":["{mask}"],"start":["Approved"]}}}}"#);
        assert!(serde_json::from_str::<StatusChangePolicy>(&rules).is_err(), "{mask}");
    }
}

#[test]
fn the_published_requests_are_decided_as_the_table_says() {
    for (relative_ids, row, expected) in TABLE {
        assert_eq!(statuses(row, &caller(relative_ids)), expected, "{relative_ids:?}");
    }
}

#[test]
fn deciding_on_the_parsed_request_is_deciding_on_its_row() {
    for (relative_ids, row, expected) in TABLE {
        let request: CertificateRequest = serde_json::from_str(row).unwrap();
        let caller = caller(relative_ids);
        let decided = StatusChange::ALL.map(|change| policy().decide(&request, &caller, change).http_status());
        assert_eq!(decided, expected, "{relative_ids:?}");
    }
}

#[test]
fn no_prefix_of_a_published_descriptor_grants_what_the_whole_refuses() {
    for row in PUBLISHED {
        let whole = descriptor_of(row);
        let status = serde_json::from_str::<CertificateRequest>(row).unwrap().status;
        for relative_ids in TABLE.map(|(relative_ids, _, _)| relative_ids) {
            let caller = caller(relative_ids);
            let of_whole = statuses(row, &caller);
            for length in 0..whole.len() {
                let prefix = row_of(whole.get(..length).unwrap(), status.0);
                for (answer, of_whole) in statuses(&prefix, &caller).into_iter().zip(of_whole) {
                    assert!(
                        of_whole != 403 || answer >= 400,
                        "{relative_ids:?} at {length}: {answer}"
                    );
                }
            }
        }
    }
}

#[test]
fn fifty_prefixes_of_the_first_descriptor_are_valid() {
    let whole = descriptor_of(ENROLL);
    let whole = whole.trim_end_matches('\0');
    let valid = (0..whole.len()).filter(|&length| whole.get(..length).unwrap().parse::<SecurityDescriptor>().is_ok());
    assert_eq!(valid.count(), 50);
}

#[test]
fn a_descriptor_that_says_nothing_certain_fails() {
    let owner = caller(&[OWNER]);
    let failed = |descriptor: &str| match policy().decide_json(row_of(descriptor, 3), &owner, StatusChange::Complete) {
        Outcome::Failed(failure) => failure.code(),
        other => panic!("{descriptor:?}: {other:?}"),
    };
    for (descriptor, reason) in [
        ("D:(A;;CC;;;WD)\0(A;;CC;;;WD)", "descriptor_unreadable"),
        ("\0D:(A;;CC;;;WD)", "descriptor_unreadable"),
        ("D:(A;;CC;;;WD", "descriptor_unreadable"),
        ("D:(A;;CC;;;DA)", "descriptor_unreadable"),
        ("", "descriptor_unreadable"),
        ("\0\0", "descriptor_unreadable"),
        ("   ", "descriptor_unreadable"),
        ("O:SY", "unprotected"),
        ("S:(AU;SA;CC;;;WD)", "unprotected"),
        ("D:NO_ACCESS_CONTROL", "unprotected"),
    ] {
        assert_eq!(failed(descriptor), reason, "{descriptor:?}");
    }
}

fn rules() -> PolicyRules {
    policy().rules().clone()
}

#[test]
fn without_dacl_everybody_gets_in_only_if_the_policy_says_so() {
    let grant: StatusChangePolicy = {
        let mut rules = serde_json::to_value(rules()).unwrap();
        *rules.get_mut("unprotected").unwrap() = json!("grant");
        serde_json::from_value(rules).unwrap()
    };
    let stranger = caller(&[STRANGER]);
    let status = |row: &str| grant.decide_json(row, &stranger, StatusChange::Complete).http_status();
    assert_eq!(status(&row_of("O:SY", 3)), 200);
    assert_eq!(status(&row_of("D:NO_ACCESS_CONTROL", 3)), 200);
    assert_eq!(status(&row_of("D:", 3)), 403);
    for missing in ["", "\0", " "] {
        assert_eq!(status(&row_of(missing, 3)), 500);
    }
    assert_eq!(
        status(r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3}"#),
        500
    );
    assert_eq!(
        status(r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":3,"SecurityDescriptor":null}"#),
        500
    );
}

#[test]
fn a_deny_for_an_object_denies_and_a_generic_deny_denies_everything() {
    let user = sid(TARGET_USER);
    let caller = caller(&[TARGET_USER]);
    let object = format!("D:(OD;;CC;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)(A;;CCDC;;;{user})");
    assert_eq!(statuses(&row_of(&object, 3), &caller).first(), Some(&403));
    let generic = format!("D:(D;;GA;;;WD)(A;;CCDC;;;{user})");
    assert_eq!(statuses(&row_of(&generic, 3), &caller), [403, 403, 403]);
}

/// A privileged call looked for the right of another one: here each change asks for its own, and for no other.
#[test]
fn cve_2012_2111_each_change_asks_for_its_own_right() {
    let rows = [
        ("CC", [200, 403, 200]),
        ("DC", [403, 200, 200]),
        ("RC", [403, 403, 403]),
        ("LCSWRPWPDTLOCRSDRCWDWO", [403, 403, 403]),
    ];
    assert_eq!(
        StatusChange::ALL,
        [StatusChange::Complete, StatusChange::Cancel, StatusChange::Abandon]
    );
    for (rights, expected) in rows {
        let row = row_of(&format!("D:(A;;{rights};;;WD)"), 3);
        assert_eq!(statuses(&row, &caller(&[STRANGER])), expected, "{rights}");
    }
}

#[test]
fn abandoning_what_has_failed_changes_nothing() {
    let outcome = policy().decide_json(
        row_of("D:(A;;CCDC;;;WD)", 9),
        &caller(&[STRANGER]),
        StatusChange::Abandon,
    );
    assert_eq!(outcome.http_status(), 204);
}

/// CVE-2018-1057: what a request asked for was put into the wrong class. CVE-2022-32746: numbers of an enumeration were compared as sets
/// of bits; among these are all that share bits with Approved (3) and Executing (18).
#[test]
fn cve_2018_1057_a_status_that_no_rule_starts_from_is_refused_whether_it_is_known_or_not() {
    let starts = [3, 18];
    let numbers = (-300..300).filter(|status| !starts.contains(status) && *status != 8);
    for status in numbers.chain([i64::MIN, i64::MAX, 3 | 1 << 32, 3 | 1 << 63]) {
        let row = row_of("D:(A;;CCDC;;;WD)", status);
        let outcome = policy().decide_json(row, &caller(&[STRANGER]), StatusChange::Complete);
        let Outcome::Forbidden(forbidden) = outcome else {
            panic!("{status}: {outcome:?}");
        };
        assert_eq!(forbidden.reason, ForbiddenReason::WrongState);
    }
}

#[test]
fn rows_that_are_no_requests_fail() {
    for row in [
        "",
        "{",
        "null",
        "[]",
        r#"["a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099",3,"D:(A;;CC;;;WD)"]"#,
        "3",
        "{}",
        r#"{"Uuid":"x","Status":3}"#,
        r#"{"Uuid":"a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099","Status":"Approved","SecurityDescriptor":"D:(A;;CC;;;WD)"}"#,
    ] {
        let outcome = policy().decide_json(row, &caller(&[OWNER]), StatusChange::Complete);
        assert!(
            matches!(outcome, Outcome::Failed(DecisionError::RequestUnreadable { .. })),
            "{row}"
        );
    }
}

#[test]
fn policies_that_cannot_be_meant_are_refused() {
    let refused = |change: fn(&mut PolicyRules)| {
        let mut rules = rules();
        change(&mut rules);
        StatusChangePolicy::try_from(rules).unwrap_err()
    };
    let generic = AccessMask::GENERIC_READ | AccessMask::READ_CONTROL;
    assert_eq!(
        refused(|rules| rules.version = 2),
        PolicyError::VersionUnknown { found: 2 }
    );
    assert_eq!(
        refused(|rules| rules.completed.masks.push(AccessMask::empty())),
        PolicyError::MaskEmpty
    );
    assert_eq!(
        refused(|rules| rules.read = vec![AccessMask::empty()]),
        PolicyError::MaskEmpty
    );
    assert_eq!(
        refused(|rules| rules.abandoned.masks = vec![AccessMask::GENERIC_READ | AccessMask::READ_CONTROL]),
        PolicyError::MaskNotSpecific { mask: generic }
    );
    assert_eq!(
        refused(|rules| rules.canceled.masks = vec![AccessMask::MAXIMUM_ALLOWED]),
        PolicyError::MaskNotSpecific {
            mask: AccessMask::MAXIMUM_ALLOWED
        }
    );
    assert_eq!(
        refused(|rules| rules.abandoned.start.push(RequestStatus::FAILED)),
        PolicyError::StartIsTarget {
            change: StatusChange::Abandon
        }
    );
    // The enumeration of the SDK: Denied and Canceled "cannot be resumed". Completed and Failed are inferred.
    let finals = [
        RequestStatus::DENIED,
        RequestStatus::COMPLETED,
        RequestStatus::FAILED,
        RequestStatus::CANCELED,
    ];
    for number in 0..32 {
        let status = RequestStatus(number);
        let mut rules = rules();
        rules.canceled.start = vec![status];
        let expected = match (status == RequestStatus::CANCELED, finals.contains(&status)) {
            (true, _) => Err(PolicyError::StartIsTarget {
                change: StatusChange::Cancel,
            }),
            (false, true) => Err(PolicyError::StartIsFinal {
                change: StatusChange::Cancel,
                status,
            }),
            (false, false) => Ok(()),
        };
        assert_eq!(StatusChangePolicy::try_from(rules).map(|_| ()), expected, "{number}");
    }
    let octal: PolicyRules = serde_json::from_value(json!({"version": 1, "read": ["020"]})).unwrap();
    assert_eq!(octal.read, [AccessMask::from_bits_retain(0x10)]);
}

#[test]
fn a_policy_file_with_an_unknown_key_or_without_a_version_is_refused() {
    let read = |json: Value| serde_json::from_value::<StatusChangePolicy>(json);
    assert!(read(json!({"version": 1})).is_ok());
    assert!(read(json!({})).is_err());
    assert!(read(json!({"version": 1, "complete": {}})).is_err());
    assert!(read(json!({"version": 1, "completed": {"mask": ["CC"]}})).is_err());
    assert!(read(json!({"version": 1, "completed": {"masks": ["0x0"], "start": ["Approved"]}})).is_err());
    assert!(read(json!({"version": 1, "completed": {"masks": ["CC"], "start": ["approved"]}})).is_err());
}

/// Derived reading takes a list for the fields in their order, where one left out moves the others.
#[test]
fn a_policy_is_read_by_names_alone() {
    let read = |json: Value| serde_json::from_value::<StatusChangePolicy>(json);
    let rule = json!({"masks": ["CC"], "start": ["Approved"]});
    let mapping = json!({"read": "0x1", "write": "0x2", "execute": "0x4", "all": "0x7"});
    assert!(read(json!({"version": 1, "completed": rule, "mapping": mapping})).is_ok());
    assert!(read(json!({"version": 1, "mapping": null})).is_ok());
    for positional in [
        json!([1]),
        json!([1, ["RC"], "grant", rule]),
        json!({"version": 1, "completed": [["CC"], ["Approved"]]}),
        json!({"version": 1, "abandoned": []}),
        json!({"version": 1, "mapping": ["0x1", "0x2", "0x4", "0x7"]}),
    ] {
        assert!(read(positional.clone()).is_err(), "{positional}");
        assert!(
            serde_json::from_value::<PolicyRules>(positional.clone()).is_err(),
            "{positional}"
        );
    }
    assert!(
        serde_json::from_value::<CertificateRequest>(json!(["a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", 1, 3])).is_err()
    );
    let view = r#"["a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099",3,"D:"]"#;
    assert!(serde_json::from_str::<RequestView<'_>>(view).is_err());
}

#[test]
fn a_rule_that_is_missing_lets_nobody_in() {
    let policy: StatusChangePolicy = serde_json::from_value(json!({"version": 1})).unwrap();
    for change in StatusChange::ALL {
        assert_eq!(policy.decide_json(ENROLL, &caller(&[OWNER]), change).http_status(), 403);
    }
}

#[test]
fn requests_are_printed_again_as_they_were_read() {
    let odd = json!({
        "Uuid": "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", "Status": 77, "RequestType": 99, "Priority": null, "Comment": null,
        "Submitted": "0001-01-01T00:00:00", "Later": {"a": [1, null, "b"]}, "SecurityDescriptor": "D:\u{0}\u{0}",
        "DataCollection": [{"Name": "n", "Value": null, "Kind": 3}, {"Name": "m"}],
    });
    let published = PUBLISHED.map(|row| serde_json::from_str::<Value>(row).unwrap());
    for value in published.into_iter().chain([odd]) {
        let request: CertificateRequest = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&request).unwrap(), value);
    }
}

fn permitted(change: StatusChange) -> (sddl_authz::mim::Permit, CertificateRequest) {
    match policy().decide_json(ENROLL, &caller(&[OWNER]), change) {
        Outcome::Permitted(permit) => (permit, serde_json::from_str(ENROLL).unwrap()),
        other => panic!("{other:?}"),
    }
}

const NOW: &str = "2015-07-07T23:37:37.767Z";

#[test]
fn a_permit_makes_the_change_it_is_for() {
    for (change, status, completed) in [
        (StatusChange::Complete, RequestStatus::COMPLETED, NOW),
        (StatusChange::Cancel, RequestStatus::CANCELED, "0001-01-01T00:00:00"),
        (StatusChange::Abandon, RequestStatus::FAILED, "0001-01-01T00:00:00"),
    ] {
        let (permit, mut request) = permitted(change);
        assert_eq!(
            (permit.found_status(), permit.new_status()),
            (RequestStatus::APPROVED, status)
        );
        permit.apply(&mut request, NOW).unwrap();
        assert_eq!(request.status, status);
        assert_eq!(request.completed, Property::Value(completed.to_owned()));
    }
}

/// CVE-2015-7560, CVE-2017-2619, CVE-2021-44141: one thing was checked, and another was changed.
#[test]
fn cve_2015_7560_a_permit_fits_only_the_request_it_was_decided_on() {
    type Change = fn(&mut CertificateRequest);
    let cases: [(Change, PermitError); 4] = [
        (
            |request| request.uuid = serde_json::from_value(json!("0c96d73f-967b-420e-854a-43ad2a1504bc")).unwrap(),
            PermitError::RequestDiffers,
        ),
        (
            |request| request.status = RequestStatus::EXECUTING,
            PermitError::StatusDiffers,
        ),
        (
            |request| request.security_descriptor = Property::Missing,
            PermitError::DescriptorDiffers,
        ),
        (
            |request| request.security_descriptor = Property::Value(descriptor_of(UNBLOCK)),
            PermitError::DescriptorDiffers,
        ),
    ];
    for (change, error) in cases {
        let (permit, mut request) = permitted(StatusChange::Complete);
        change(&mut request);
        let before = request.clone();
        assert_eq!(permit.apply(&mut request, NOW), Err(error));
        assert_eq!(request, before);
    }
}

#[test]
fn a_case_is_of_a_request_with_a_descriptor_and_protects_by_the_policy() {
    let read = |descriptor: &str| {
        let request: CertificateRequest = serde_json::from_str(&row_of(descriptor, 3)).unwrap();
        ParsedRequest::new(&request).map(ParsedRequest::into_owned)
    };
    for empty in ["", "\0\0", "  "] {
        assert_eq!(read(empty), Err(DecisionError::DescriptorMissing));
    }
    assert!(matches!(
        read("D:(A;;CC;;;"),
        Err(DecisionError::DescriptorUnreadable(_))
    ));
    // Whether what protects nothing is refused is the policy's to say, each time that it is asked.
    let open = read("O:SY").unwrap();
    let owner = caller(&[OWNER]);
    assert_eq!(open.preview(&policy(), &owner), Err(DecisionError::Unprotected));
    assert_eq!(
        open.decide(&policy(), &owner, StatusChange::Complete),
        Outcome::Failed(DecisionError::Unprotected)
    );
    let mut rules = rules();
    rules.unprotected = Unprotected::Grant;
    let grant = StatusChangePolicy::try_from(rules).unwrap();
    assert_eq!(open.decide(&grant, &owner, StatusChange::Complete).http_status(), 200);
}

/// CVE-2013-4475: one of the ways in went without a check. Here each way is a permit, and a permit that could be copied, made up or stored
/// would be worth nothing. A type that has one of the traits makes the call below
/// ambiguous, so that this does not compile.
#[test]
fn cve_2013_4475_a_permit_cannot_be_copied_stored_or_made_up() {
    trait Absent<Marker> {
        fn is_absent() -> bool {
            true
        }
    }
    struct Cloned;
    struct Defaulted;
    struct Serialized;
    struct Deserialized;
    impl<T> Absent<()> for T {}
    impl<T: Clone> Absent<Cloned> for T {}
    impl<T: Default> Absent<Defaulted> for T {}
    impl<T: serde::Serialize> Absent<Serialized> for T {}
    impl<T: serde::de::DeserializeOwned> Absent<Deserialized> for T {}
    assert!(<sddl_authz::mim::Permit as Absent<_>>::is_absent());
}

/// Descriptors of up to four entries over a few SIDs and masks, and callers over the same SIDs.
fn cases() -> impl Strategy<Value = (String, Caller, i64)> {
    let trustee = prop_oneof![
        Just(sid(TARGET_USER).to_string()),
        Just(sid(ENROLL_GROUP).to_string()),
        Just(sid(OWNER).to_string()),
        Just("WD".to_owned()),
        Just("AU".to_owned()),
        Just("OW".to_owned()),
    ];
    let rights = prop_oneof![
        Just("CC"),
        Just("DC"),
        Just("CCDC"),
        Just("RC"),
        Just("GA"),
        Just("0x4"),
        Just("CCRC")
    ];
    let entry = (
        prop_oneof![Just("A"), Just("D")],
        prop_oneof![Just(""), Just("IO")],
        rights,
        trustee,
    )
        .prop_map(|(kind, flags, rights, trustee)| format!("({kind};{flags};{rights};;;{trustee})"));
    let descriptor = (any::<bool>(), proptest::collection::vec(entry, 0..5)).prop_map(|(owned, entries)| {
        let owner = if owned {
            format!("O:{}", sid(OWNER))
        } else {
            String::new()
        };
        format!("{owner}D:{}", entries.concat())
    });
    let ids = || proptest::sample::select(vec![TARGET_USER, ENROLL_GROUP, OWNER, STRANGER]);
    let parts = (
        ids(),
        proptest::collection::vec((ids(), any::<bool>()), 0..3),
        any::<bool>(),
        any::<bool>(),
    );
    let callers = parts.prop_map(|(user, groups, bare, incomplete)| {
        let mut caller = if bare {
            Caller::bare(sid(user)).unwrap()
        } else {
            caller(&[user])
        };
        for (group, deny_only) in groups {
            let joined = if deny_only {
                caller.clone().with_deny_only_groups([sid(group)])
            } else {
                caller.clone().with_groups([sid(group)])
            };
            // A group is not enabled and deny-only at once.
            caller = joined.unwrap_or(caller);
        }
        if incomplete {
            caller.with_incomplete_groups()
        } else {
            caller
        }
    });
    (
        descriptor,
        callers,
        proptest::sample::select(vec![3, 4, 8, 9, 16, 17, 18, 77]),
    )
}

proptest! {
    #[test]
    fn asking_for_everything_at_once_is_asking_for_each((descriptor, caller, status) in cases()) {
        let row = row_of(&descriptor, status);
        let request: CertificateRequest = serde_json::from_str(&row).unwrap();
        let previews = policy().preview(&request, &caller).unwrap();
        let case = ParsedRequest::new(&request).unwrap().into_owned();
        prop_assert_eq!(case.preview(&policy(), &caller).unwrap(), previews);
        for (change, preview) in StatusChange::ALL.into_iter().zip([previews.complete, previews.cancel, previews.abandon]) {
            let decided = policy().decide_json(&row, &caller, change);
            prop_assert_eq!(&case.decide(&policy(), &caller, change), &decided);
            let expected = match decided {
                Outcome::Permitted(_) => Preview::Permitted,
                Outcome::Unchanged(_) => Preview::Unchanged,
                Outcome::Forbidden(forbidden) => {
                    prop_assert_eq!(forbidden.reader, previews.read);
                    Preview::Forbidden(forbidden.reason)
                }
                Outcome::Failed(failure) => panic!("{failure}"),
            };
            prop_assert_eq!(preview, expected, "{}: {}", change, row);
        }
    }
}
