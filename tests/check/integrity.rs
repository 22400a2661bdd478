//! Mandatory integrity.

use super::*;

/// The rights of a caller of low integrity to an object with this label, whose DACL grants everybody everything.
fn left(label: &str, options: &Options) -> AccessMask {
    let descriptor = parsed(&format!("D:(A;;0x1f01ff;;;S-1-5-18)S:{label}"));
    let caller = Caller::bare(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_integrity(IntegrityLevel::LOW);
    asked_with(&descriptor, &caller, MAXIMUM, options).granted()
}

#[test]
fn each_policy_leaves_what_windows_leaves_of_a_file() {
    let rows = [
        ("NW", 0x0012_00a9),
        ("NR", 0x0010_0020),
        ("NX", 0x0012_0089),
        ("NWNR", 0x0010_0020),
        ("NWNX", 0x0012_0089),
        ("NRNX", 0),
        ("NWNRNX", 0),
    ];
    for (policy, expected) in rows {
        let label = format!("(ML;;{policy};;;ME)");
        assert_eq!(left(&label, &file()), bits(expected), "{policy}");
    }
    assert_eq!(left("(ML;;0x0;;;ME)", &file()), bits(0x0012_00a9));
}

#[test]
fn without_a_mapping_only_what_reading_and_waiting_always_are_remains() {
    let none = Options::default();
    let rows = [
        ("NW", 0x0012_0000),
        ("NR", 0x0010_0000),
        ("NX", READ_CONTROL),
        ("NWNR", 0x0010_0000),
        ("NWNX", READ_CONTROL),
        ("NRNX", 0),
        ("NWNRNX", 0),
        ("0x0", 0x0012_0000),
    ];
    for (policy, expected) in rows {
        let label = format!("(ML;;{policy};;;ME)");
        let descriptor = parsed(&format!("D:(A;;0x1f01ff;;;S-1-5-18)S:{label}"));
        let caller = Caller::bare(Sid::LOCAL_SYSTEM)
            .unwrap()
            .with_integrity(IntegrityLevel::LOW);
        assert_eq!(
            asked_with(&descriptor, &caller, MAXIMUM, &none).granted(),
            bits(expected),
            "{policy}"
        );
    }
}

#[test]
fn the_same_level_dominates_and_without_a_label_it_is_medium_with_no_write_up() {
    let everybody = unowned([allow(user(), 0x001f_01ff)]);
    let of = |level| caller().with_integrity(level);
    assert!(asked_with(&everybody, &of(IntegrityLevel::MEDIUM), 0x2, &file()).is_allowed());
    assert!(!asked_with(&everybody, &of(IntegrityLevel::LOW), 0x2, &file()).is_allowed());
    assert!(asked_with(&everybody, &of(IntegrityLevel::LOW), 0x1, &file()).is_allowed());
    let unlimited = of(IntegrityLevel::LOW).without_mandatory_policy();
    assert!(asked_with(&everybody, &unlimited, 0x2, &file()).is_allowed());
}

#[test]
fn integrity_limits_the_owner_and_unprotected_objects() {
    let low = caller().with_integrity(IntegrityLevel::LOW);
    assert!(!asked_with(&owned(user(), []), &low, WRITE_DAC, &file()).is_allowed());
    assert!(asked_with(&owned(user(), []), &low, READ_CONTROL, &file()).is_allowed());
    assert_eq!(
        asked_with(&state(AclState::Null), &low, MAXIMUM, &file()),
        granted(0x0012_00a9)
    );
    let explanation = AccessCheck::new(&low, bits(0x2))
        .options(file())
        .explain(&state(AclState::Absent));
    let reason = explanation.rights()[0];
    assert_eq!((reason.is_granted(), reason.message), (false, Some(1803)));
}

/// [MS-DTYP] 2.5.3.3: to write takes a caller whose level is not below that of the object. The mask of the label says nothing about that.
#[test]
fn a_label_without_no_write_up_still_keeps_a_caller_below_it_from_writing() {
    let caller = |level| Caller::bare(Sid::LOCAL_SYSTEM).unwrap().with_integrity(level);
    for policy in ["NR", "NX", "NRNX", "0x0"] {
        let descriptor = parsed(&format!("D:(A;;FA;;;SY)S:(ML;;{policy};;;HI)"));
        for write in [0x2, 0x4, 0x10, 0x40, 0x100, 0x1_0000, WRITE_DAC, 0x8_0000] {
            let medium = caller(IntegrityLevel::MEDIUM);
            assert!(
                !asked_with(&descriptor, &medium, write, &file()).is_allowed(),
                "{policy} {write:#x}"
            );
            assert!(asked_with(&descriptor, &caller(IntegrityLevel::HIGH), write, &file()).is_allowed());
        }
    }
    let readable = parsed("D:(A;;FA;;;SY)S:(ML;;0x0;;;HI)");
    assert!(asked_with(&readable, &caller(IntegrityLevel::MEDIUM), 0x0012_00a9, &file()).is_allowed());
}

/// [MS-DTYP] 2.5.3.3 takes the first label that it finds, and only then looks at its flags.
#[test]
fn the_first_label_counts_and_an_inherit_only_one_is_the_default() {
    let low = Caller::bare(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_integrity(IntegrityLevel::LOW);
    let medium = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
    let writes = |text: &str, caller: &Caller| asked_with(&parsed(text), caller, 0x3, &file()).is_allowed();
    let second_is_low = "D:(A;;0x3;;;SY)S:(ML;IO;NW;;;HI)(ML;;NW;;;LW)";
    assert!(!writes(second_is_low, &low));
    assert!(writes(second_is_low, &medium));
    let second_is_high = "D:(A;;0x3;;;SY)S:(ML;IO;NW;;;LW)(ML;;NW;;;HI)";
    assert!(writes(second_is_high, &medium));
    assert!(!writes(second_is_high, &low));
    let effective = "D:(A;;0x3;;;SY)S:(ML;;NW;;;LW)(ML;;NW;;;HI)";
    assert!(writes(effective, &low));
}

#[test]
fn a_label_that_names_no_level_is_dominated_by_nobody() {
    let high = Caller::bare(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_integrity(IntegrityLevel::PROTECTED);
    let descriptor = parsed("D:(A;;0x3;;;SY)S:(ML;;NW;;;WD)");
    assert!(!asked_with(&descriptor, &high, 0x2, &file()).is_allowed());
}

#[test]
fn the_relabel_privilege_keeps_write_owner() {
    let low = caller().with_integrity(IntegrityLevel::LOW);
    let descriptor = unowned([allow(user(), 0x8_0000)]);
    assert!(!asked_with(&descriptor, &low, 0x8_0000, &file()).is_allowed());
    let relabeling = low.with_privileges(Privileges::RELABEL);
    assert!(asked_with(&descriptor, &relabeling, 0x8_0000, &file()).is_allowed());
}

#[test]
fn a_level_is_the_number_of_its_sid() {
    assert_eq!(
        IntegrityLevel::try_from(IntegrityLevel::HIGH.sid()),
        Ok(IntegrityLevel::HIGH)
    );
    let everyone = CallerError::IntegrityNotLabel { sid: Sid::EVERYONE };
    assert_eq!(IntegrityLevel::try_from(Sid::EVERYONE), Err(everyone));
    assert!(IntegrityLevel::LOW < IntegrityLevel::MEDIUM);
}
