//! A check allocates nothing. This is the only test of its program, because allocations of other tests would be counted too.

use sddl_authz::{
    AccessCheck, AccessMask, Caller, Claim, SecurityDescriptor, Sid, binary,
    caller::{AppContainer, IntegrityLevel, Privileges},
    check::Options,
    claim::{ClaimFlags, ClaimValues},
    encoded::TextChecker,
    mask::GenericMapping,
};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const DESCRIPTORS: [&str; 5] = [
    "O:BAG:BAD:(D;;0x2;;;AN)(A;;0x1;;;BU)(A;;FA;;;BA)",
    "D:NO_ACCESS_CONTROL",
    "O:BAD:(XD;;0x1;;;WD;(@User.Level < 3 || Member_of {SID(BG)}))(XA;;0x3;;;WD;(@User.Title Any_of {\"pm\", \"vp\"}))",
    "O:BAD:(XA;;0x3;;;WD;(@Resource.Level == @User.Level && !(@Device.a == 1)))S:(ML;;NWNR;;;HI)(RA;;;;;WD;(\"Level\",TI,0x0,3))",
    "O:BAD:(OD;;0x1;00000000-0000-0000-0000-000000000001;;WD)(ZA;;0x1;;;WD;(Exists @Resource.a))S:(XU;SAFA;FA;;;WD;(@User.x))",
];

#[test]
fn a_check_allocates_nothing() {
    let claim = |name: &str, values| Claim::new(name, ClaimFlags::empty(), values).unwrap();
    let known = Caller::authenticated(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_groups([Sid::ADMINISTRATORS])
        .unwrap()
        .with_user_claims([
            claim("Level", ClaimValues::Int(vec![3])),
            claim("Title", ClaimValues::String(vec!["PM".into(), "CTO".into()])),
        ])
        .unwrap();
    let callers = [
        known.clone(),
        Caller::anonymous(),
        known.clone().with_incomplete_groups().with_incomplete_claims(),
        known
            .clone()
            .with_restricting_sids([Sid::EVERYONE])
            .with_app_container(AppContainer::new("S-1-15-2-1-2-3-4-5-6-7".parse().unwrap()).unwrap()),
        known
            .with_restricting_sids([Sid::EVERYONE])
            .with_integrity(IntegrityLevel::LOW)
            .with_privileges(Privileges::all()),
    ];
    let descriptors: Vec<SecurityDescriptor> = DESCRIPTORS.iter().map(|text| text.parse().unwrap()).collect();
    let options = Options::default()
        .with_mapping(GenericMapping::FILE)
        .with_backup_intent(true);

    let plain = binary::to_bytes(&descriptors[0]).unwrap();

    let _profiler = dhat::Profiler::builder().testing().build();
    let mut recorded = 0;
    let mut allowed = 0;
    let before = dhat::HeapStats::get().total_blocks;
    for descriptor in &descriptors {
        for caller in &callers {
            for desired in [0x1, 0x0002_0003, 0x0200_0000].map(AccessMask::from_bits_retain) {
                let question = AccessCheck::new(caller, desired).options(options);
                let decision = question.check(descriptor);
                allowed += usize::from(decision.is_allowed());
                recorded += question.audit(descriptor, &decision).count();
            }
        }
    }
    assert_eq!(dhat::HeapStats::get().total_blocks, before);
    // A checker of texts allocates only for the first text.
    let question = AccessCheck::new(&callers[0], AccessMask::from_bits_retain(0x1)).options(options);
    let mut checker = TextChecker::default();
    for before in [None, Some(())] {
        let blocks = dhat::HeapStats::get().total_blocks;
        let decision = checker.check(&question, DESCRIPTORS[0]);
        assert!(decision.is_ok_and(|decision| decision.is_allowed()));
        assert!(before.is_none() || dhat::HeapStats::get().total_blocks == blocks);
    }
    let before = dhat::HeapStats::get().total_blocks;
    // A check of bytes without conditions allocates nothing.
    let in_place = question.check_bytes(&plain);
    assert!(in_place.is_ok_and(|decision| decision.is_allowed()));
    assert_eq!(dhat::HeapStats::get().total_blocks, before);
    assert!(allowed > 10 && recorded > 1, "{allowed} {recorded}");
}
