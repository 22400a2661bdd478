//! Privileges, and what a SACL says that is not evaluated.

use super::*;

const ACCESS_SYSTEM_SECURITY: u32 = 0x0100_0000;
const WRITE_OWNER: u32 = 0x8_0000;

#[test]
fn the_sacl_takes_the_security_privilege() {
    let descriptor = unowned([allow(user(), 0x0100_0001)]);
    let held = caller().with_privileges(Privileges::SECURITY);
    assert_eq!(
        asked(&descriptor, &held, ACCESS_SYSTEM_SECURITY | 0x1),
        granted(0x0100_0001)
    );
    let expected = (0, ACCESS_SYSTEM_SECURITY, DenialReason::PrivilegeNotHeld);
    assert_eq!(
        refusal(&asked(&descriptor, &caller(), ACCESS_SYSTEM_SECURITY)),
        Some(expected)
    );
    let with_the_maximum = asked(&descriptor, &caller(), MAXIMUM | ACCESS_SYSTEM_SECURITY);
    assert_eq!(refusal(&with_the_maximum), Some(expected));
    // Not of the maximum, unless it is asked for by name.
    assert_eq!(asked(&descriptor, &held, MAXIMUM), granted(0x1));
    assert_eq!(
        asked(&descriptor, &held, MAXIMUM | ACCESS_SYSTEM_SECURITY),
        granted(0x0100_0001)
    );
}

#[test]
fn taking_ownership_passes_a_deny_and_low_integrity() {
    let descriptor = unowned([deny(user(), 0x001f_ffff)]);
    let held = caller()
        .with_privileges(Privileges::TAKE_OWNERSHIP)
        .with_integrity(IntegrityLevel::LOW);
    assert_eq!(asked(&descriptor, &held, WRITE_OWNER), granted(WRITE_OWNER));
    assert_eq!(asked(&descriptor, &held, MAXIMUM | WRITE_OWNER), granted(WRITE_OWNER));
    assert!(!asked(&descriptor, &held, WRITE_OWNER | 0x1).is_allowed());
    let explanation = explained(&descriptor, &held, WRITE_OWNER);
    let privilege = Privileges::TAKE_OWNERSHIP;
    assert!(explanation.steps.contains(&Step::PrivilegeGranted {
        privilege,
        bits: bits(WRITE_OWNER)
    }));
}

/// [MS-DTYP] 2.5.3.2 looks at the privilege if the desired access has WRITE_OWNER. MAXIMUM_ALLOWED has no such bit.
#[test]
fn the_maximum_does_not_include_taking_ownership() {
    let nobody = unowned([]);
    let held = caller().with_privileges(Privileges::TAKE_OWNERSHIP | Privileges::SECURITY);
    let expected = Some((0, 0, DenialReason::NotGranted));
    assert_eq!(refusal(&asked(&nobody, &held, MAXIMUM)), expected);
    assert_eq!(refusal(&asked_with(&nobody, &held, MAXIMUM, &file())), expected);
    assert_eq!(asked(&nobody, &held, WRITE_OWNER), granted(WRITE_OWNER));
    // An entry still grants it.
    let descriptor = unowned([allow(user(), WRITE_OWNER)]);
    assert_eq!(asked(&descriptor, &held, MAXIMUM), granted(WRITE_OWNER));
}

/// The rights that the two privileges grant are rights to files. Elsewhere the same bits are other rights.
#[test]
fn the_intent_to_back_up_or_restore_is_for_files_alone() {
    let nobody = unowned([]);
    let both = caller().with_privileges(Privileges::BACKUP | Privileges::RESTORE);
    for mapping in [
        None,
        Some(GenericMapping::KEY),
        Some(GenericMapping::DIRECTORY),
        Some(GenericMapping {
            read: AccessMask::from_bits_retain(1),
            ..GenericMapping::FILE
        }),
    ] {
        let mut options = Options::default().with_backup_intent(true).with_restore_intent(true);
        options.mapping = mapping;
        for desired in [0x1, 0x2, READ_CONTROL, WRITE_DAC, MAXIMUM] {
            assert!(
                !asked_with(&nobody, &both, desired, &options).is_allowed(),
                "{mapping:?}"
            );
        }
        let reason = refusal(&asked_with(&nobody, &both, ACCESS_SYSTEM_SECURITY, &options));
        assert_eq!(
            reason,
            Some((0, ACCESS_SYSTEM_SECURITY, DenialReason::PrivilegeNotHeld))
        );
    }
}

#[test]
fn backing_up_and_restoring_take_the_privilege_and_the_intent() {
    let nobody = unowned([]);
    let both = caller().with_privileges(Privileges::BACKUP | Privileges::RESTORE);
    assert!(!asked_with(&nobody, &both, 0x1, &file()).is_allowed());
    let backup = file().with_backup_intent(true);
    assert!(asked_with(&nobody, &both, 0x0112_00a9, &backup).is_allowed());
    assert!(!asked_with(&nobody, &both, 0x2, &backup).is_allowed());
    assert!(!asked_with(&nobody, &caller(), 0x1, &backup).is_allowed());
    let restore = file().with_restore_intent(true);
    assert!(asked_with(&nobody, &both, 0x011f_0116, &restore).is_allowed());
    assert!(!asked_with(&nobody, &both, 0x1, &restore).is_allowed());
    assert_eq!(asked_with(&nobody, &both, MAXIMUM, &backup), granted(0x0012_00a9));
}

#[test]
fn a_policy_that_is_not_evaluated_denies_unless_it_is_to_be_skipped() {
    let entries = [
        "(SP;;;;;S-1-17-1)",
        "(TL;;0x1;;;S-1-19-512-4096)",
        "(FL;;0x1;;;WD;(@User.a == 1))",
    ];
    for entry in entries {
        let descriptor = parsed(&format!("D:(A;;0x1;;;SY)S:(AU;SA;0x1;;;WD){entry}"));
        let system = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
        let expected = (0, 0x1, DenialReason::SystemPolicyNotEvaluated);
        assert_eq!(refusal(&asked(&descriptor, &system, 0x1)), Some(expected), "{entry}");
        let explanation = explained(&descriptor, &system, 0x1);
        let refused = Step::Refused {
            reason: DenialReason::SystemPolicyNotEvaluated,
            index: Some(1),
        };
        assert_eq!(explanation.steps, [refused]);
        let skipping = Options::default().with_skip_system_policies(true);
        assert_eq!(asked_with(&descriptor, &system, 0x1, &skipping), granted(0x1));
        let mut inherited = descriptor.clone();
        if let AclState::Present(sacl) = &mut inherited.sacl {
            let last = sacl.aces_mut().pop().unwrap();
            sacl.aces_mut().push(inherit_only(last));
        }
        assert_eq!(asked(&inherited, &system, 0x1), granted(0x1));
    }
}

#[test]
fn an_unknown_type_in_a_sacl_may_be_such_a_policy() {
    let mut descriptor = unowned([allow(user(), 0x1)]);
    descriptor.sacl = AclState::Present(Acl::from_iter([unknown_type()]));
    let expected = (0, 0x1, DenialReason::SystemPolicyNotEvaluated);
    assert_eq!(refusal(&asked(&descriptor, &caller(), 0x1)), Some(expected));
    let skipping = Options::default().with_skip_unknown_types(true);
    assert_eq!(asked_with(&descriptor, &caller(), 0x1, &skipping), granted(0x1));
}

#[cfg(feature = "serde")]
#[test]
fn privileges_have_the_names_that_windows_gives_them() {
    let some = Privileges::SECURITY | Privileges::RELABEL;
    let json = serde_json::json!(["SeSecurityPrivilege", "SeRelabelPrivilege"]);
    assert_eq!(serde_json::to_value(some).unwrap(), json);
    assert_eq!(serde_json::from_value::<Privileges>(json).unwrap(), some);
    assert!(serde_json::from_str::<Privileges>("[\"SeTcbPrivilege\"]").is_err());
}
