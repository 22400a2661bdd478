//! The check, case by case. Expected values come from [MS-DTYP] 2.5.3.2 and from what Windows was observed to do, never from
//! what the code said.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "../reference/mod.rs"]
mod reference;

mod app_container;
mod audit;
mod central;
mod condition_bytes;
mod conditions;
mod cve;
mod dacl;
mod desired;
mod explanation;
mod groups;
mod integrity;
mod limits;
mod maximum;
mod objects;
mod privileges;
mod rare;
mod restricted;
mod trustees;
mod unevaluated;
mod unknown;

use reference::token::{Asker, Incomplete};
use sddl_authz::{
    AccessCheck, AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, CallerError, Decision, Effect,
    GenericMapping, SecurityDescriptor, Sid,
    ace::{AceParts, ApplicationData, ObjectTypes},
    caller::{AppContainer, IntegrityLevel, Membership, Privileges},
    check,
    check::{
        DenialReason, EntryOutcome, Explanation, MissingCause, ObjectTree, ObjectTreeError, Options, Pass, Step,
        Unevaluated, Unprotected, Unresolved,
    },
    claim::{Claim, ClaimFlags, ClaimValues},
    condition::AttributeClass,
    limits::MAX_SET_WORK,
};
use uuid::Uuid;

const MAXIMUM: u32 = 0x0200_0000;
const READ_CONTROL: u32 = 0x2_0000;
const WRITE_DAC: u32 = 0x4_0000;
const GENERIC_ALL: u32 = 0x1000_0000;
const GENERIC_READ: u32 = 0x8000_0000;

fn bits(bits: u32) -> AccessMask {
    AccessMask::from_bits_retain(bits)
}

fn account(relative_id: u32) -> Sid {
    Sid::ADMINISTRATORS
        .split_relative_id()
        .and_then(|(domain, _)| domain.with_relative_id(relative_id).ok())
        .unwrap_or(Sid::NOBODY)
}

fn user() -> Sid {
    account(1001)
}

fn group() -> Sid {
    account(2001)
}

fn caller() -> Caller {
    Caller::bare(user()).unwrap()
}

fn allow(trustee: Sid, mask: u32) -> Ace {
    Ace::allow(trustee, bits(mask))
}

fn deny(trustee: Sid, mask: u32) -> Ace {
    Ace::deny(trustee, bits(mask))
}

/// An entry for the user with a GUID for the object, or with application data, or with neither.
fn special(ace_type: AceType, mask: u32, guid: bool, data: bool) -> Ace {
    let objects = ObjectTypes {
        object: guid.then(|| Uuid::from_u128(7)),
        inherited: None,
    };
    Ace::from_parts(AceParts {
        ace_type,
        flags: AceFlags::empty(),
        mask: bits(mask),
        trustee: user(),
        objects,
        data: if ace_type == AceType::ResourceAttribute {
            ApplicationData::Claim(Box::new(r#"("a",TI,0x0,1)"#.parse().unwrap()))
        } else if data {
            ApplicationData::Opaque([1, 2, 3, 4].into())
        } else {
            ApplicationData::None
        },
    })
    .unwrap()
}

fn unknown_type() -> Ace {
    Ace::opaque(AceType::from_code(0x20), AceFlags::empty(), vec![0; 12]).unwrap()
}

fn compound() -> Ace {
    Ace::opaque(AceType::CompoundAllow, AceFlags::empty(), vec![0; 32]).unwrap()
}

fn inherit_only(ace: Ace) -> Ace {
    ace.with_flags(AceFlags::INHERIT_ONLY | AceFlags::CONTAINER_INHERIT)
}

fn state(dacl: AclState) -> SecurityDescriptor {
    let mut descriptor = SecurityDescriptor::default();
    descriptor.dacl = dacl;
    descriptor
}

fn unowned<const N: usize>(aces: [Ace; N]) -> SecurityDescriptor {
    state(AclState::Present(Acl::from_iter(aces)))
}

fn owned<const N: usize>(owner: Sid, aces: [Ace; N]) -> SecurityDescriptor {
    let mut descriptor = unowned(aces);
    descriptor.owner = Some(owner);
    descriptor
}

/// A descriptor out of text.
fn parsed(text: &str) -> SecurityDescriptor {
    text.parse().unwrap()
}

fn number(name: &str, value: i64) -> Claim {
    Claim::new(name, ClaimFlags::empty(), ClaimValues::Int(vec![value])).unwrap()
}

/// Asks, and has the reference asked as well.
fn asked_with(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32, options: &Options) -> Decision {
    assert_eq!(
        reference::disagreement(descriptor, caller, bits(desired), options),
        None
    );
    AccessCheck::new(caller, bits(desired))
        .options(*options)
        .check(descriptor)
}

fn asked(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> Decision {
    asked_with(descriptor, caller, desired, &Options::default())
}

/// Asks for a caller of whom something is ruled out, and has the reference asked as well.
fn asked_knowing(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    incomplete: Incomplete<'_>,
    desired: u32,
) -> Decision {
    let question = AccessCheck::new(caller, bits(desired));
    let asker = Asker { caller, incomplete };
    assert_eq!(
        reference::disagreement(descriptor, asker, bits(desired), &Options::default()),
        None
    );
    question.check(descriptor)
}

fn explained(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> Explanation {
    AccessCheck::new(caller, bits(desired)).explain(descriptor)
}

fn outcomes(explanation: &Explanation) -> Vec<EntryOutcome> {
    let outcome = |step: &Step| {
        let Step::Entry { outcome, .. } = step else {
            return None;
        };
        Some(*outcome)
    };
    explanation.steps.iter().filter_map(outcome).collect()
}

fn granted(mask: u32) -> Decision {
    Decision::Allowed { granted: bits(mask) }
}

/// Granted, missing and reason of a refusal.
fn refusal(decision: &Decision) -> Option<(u32, u32, DenialReason)> {
    decision.denial().map(|denial| {
        (
            denial.granted_before_denial.bits(),
            denial.missing.bits(),
            denial.reason,
        )
    })
}

fn file() -> Options {
    Options::default().with_mapping(GenericMapping::FILE)
}

#[test]
fn everything_is_send_and_sync() {
    fn assert_shareable<T: Send + Sync + 'static>() {}
    assert_shareable::<Caller>();
    assert_shareable::<CallerError>();
    assert_shareable::<Decision>();
    assert_shareable::<Explanation>();
    assert_shareable::<Options>();
}
