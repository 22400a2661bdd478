//! Which entries of a SACL ask for a record.

use super::*;

fn recorded(sacl: &str, caller: &Caller, desired: u32) -> Vec<(usize, u32)> {
    let descriptor = parsed(&format!("D:(A;;0x3;;;SY)S:{sacl}"));
    let question = AccessCheck::new(caller, bits(desired));
    let decision = asked(&descriptor, caller, desired);
    question
        .audit(&descriptor, &decision)
        .map(|entry| (entry.index, entry.bits.bits()))
        .collect()
}

#[test]
fn successes_and_failures_are_recorded_where_they_are_asked_for() {
    let system = Caller::bare(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_groups([Sid::EVERYONE])
        .unwrap();
    let sacl = "(AU;SA;0x1;;;WD)(AU;FA;0x5;;;WD)(AU;SAFA;0x2;;;SY)(AU;IOSA;0x1;;;WD)(AU;SAFA;0x1;;;BA)";
    assert_eq!(recorded(sacl, &system, 0x1), [(0, 0x1)]);
    assert_eq!(recorded(sacl, &system, 0x3), [(0, 0x1), (2, 0x2)]);
    assert_eq!(recorded(sacl, &system, 0x4), [(1, 0x4)]);
    assert_eq!(recorded(sacl, &system, 0x7), [(1, 0x5), (2, 0x2)]);
}

#[test]
fn what_is_not_known_is_recorded() {
    let system = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
    let sacl = "(XU;SA;0x1;;;SY;(@User.a == 1))(AU;SA;0x1;;;BA)";
    assert_eq!(recorded(sacl, &system, 0x1), [(0, 0x1)]);
    assert_eq!(
        recorded(sacl, &system.clone().with_user_claims([number("a", 2)]).unwrap(), 0x1),
        []
    );
    assert_eq!(
        recorded(sacl, &system.with_incomplete_groups(), 0x1),
        [(0, 0x1), (1, 0x1)]
    );
}

/// A callback entry without application data is unknown, so it counts as any other entry that may apply.
#[test]
fn a_callback_entry_without_application_data_is_recorded() {
    let system = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
    let mut descriptor = parsed("D:(A;;0x1;;;SY)");
    for ace_type in [AceType::CallbackAudit, AceType::CallbackObjectAudit] {
        let audit = Ace::from_parts(AceParts {
            ace_type,
            flags: AceFlags::SUCCESSFUL_ACCESS,
            mask: bits(0x1),
            trustee: Sid::LOCAL_SYSTEM,
            objects: ObjectTypes::default(),
            data: ApplicationData::None,
        });
        descriptor.sacl = AclState::Present(Acl::from_iter([audit.unwrap()]));
        let question = AccessCheck::new(&system, bits(0x1));
        let recorded = question.audit(&descriptor, &question.check(&descriptor));
        assert_eq!(
            recorded.map(|entry| entry.index).collect::<Vec<_>>(),
            [0],
            "{ace_type:?}"
        );
    }
}

/// The maximum asks for every right.
#[test]
fn a_refused_request_for_the_maximum_is_recorded() {
    let caller = caller().with_groups([Sid::EVERYONE]).unwrap();
    assert_eq!(
        recorded("(AU;FA;0x5;;;WD)(AU;SA;0x5;;;WD)", &caller, MAXIMUM),
        [(0, 0x5)]
    );
}

/// [MS-DTYP] 2.4.4.10 and 2.5.1.1: entries of a SACL may be for Principal Self and for Owner Rights, as those of a DACL.
#[test]
fn audit_entries_for_principal_self_and_owner_rights_match_whom_they_represent() {
    let recorded = |sacl: &str, principal_self: Option<Sid>| -> Vec<(usize, u32)> {
        let descriptor = parsed(&format!("O:SYD:(A;;0x3;;;SY)S:{sacl}"));
        let system = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
        let mut options = Options::default();
        options.principal_self = principal_self;
        let question = AccessCheck::new(&system, bits(0x1)).options(options);
        let decision = question.check(&descriptor);
        let entries = question.audit(&descriptor, &decision);
        entries.map(|entry| (entry.index, entry.bits.bits())).collect()
    };
    assert_eq!(recorded("(AU;SA;0x1;;;PS)", Some(Sid::LOCAL_SYSTEM)), [(0, 0x1)]);
    assert_eq!(recorded("(AU;SA;0x1;;;PS)", Some(Sid::EVERYONE)), []);
    assert_eq!(recorded("(AU;SA;0x1;;;PS)", None), []);
    assert_eq!(recorded("(AU;SA;0x1;;;OW)", None), [(0, 0x1)]);
}

/// A generic right stands for rights that depend on the kind of the object. Without a mapping, the entry records whatever was granted.
#[test]
fn a_generic_right_without_a_mapping_records_everything() {
    let system = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
    assert_eq!(recorded("(AU;SA;GR;;;SY)", &system, 0x3), [(0, 0x3)]);
    assert_eq!(recorded("(AU;FA;GR;;;SY)", &system, 0x4), [(0, 0x4)]);
}
