//! The access check once more: slow, bit by bit, in the order and words of [MS-DTYP] 2.5.3.2, and sharing nothing with the
//! crate's own check but the model. Where a caller's groups are not all known, every way to complete the list is tried.

use sddl_authz::{
    Ace, Acl, AclState, Caller, SecurityDescriptor, Sid,
    ace::ApplicationData,
    caller::Membership,
    check::{Decision, DenialReason, Options, check_with, explain_with},
    mask::{AccessMask, GenericMapping},
};

/// The token, as the specification has it.
#[derive(Clone)]
struct Token {
    enabled: Vec<Sid>,
    deny_only: Vec<Sid>,
    principal_self: Option<Sid>,
}

/// What is known of one bit of the desired access.
#[derive(Clone, Copy, PartialEq)]
enum Bit {
    NotWanted,
    Remaining,
    Granted,
    Denied,
}

/// What the reference says.
#[derive(Debug, PartialEq)]
struct Answer {
    allowed: bool,
    granted: u32,
    missing: u32,
    reason: Option<DenialReason>,
}

const READ_CONTROL: u32 = 0x0002_0000;
const WRITE_DAC: u32 = 0x0004_0000;
const ACCESS_SYSTEM_SECURITY: u32 = 0x0100_0000;
const MAXIMUM_ALLOWED: u32 = 0x0200_0000;
const GENERIC: u32 = 0xf000_0000;

/// How the crate's check differs from the reference, if it does.
pub(crate) fn disagreement(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Option<String> {
    let decision = check_with(descriptor, caller, desired, options);
    let explanation = explain_with(descriptor, caller, desired, options);
    if explanation.decision != decision || explanation.replay() != decision {
        return Some(format!("{decision:?} is not what {explanation:?} says"));
    }
    let answers: Vec<Answer> = completions(descriptor, caller)
        .iter()
        .map(|token| access_check(descriptor, token, desired.bits(), options))
        .collect();
    let agrees = match answers.as_slice() {
        [answer] if caller.groups_complete() => *answer == as_answer(&decision),
        several => agrees_with_all(&decision, several, desired),
    };
    (!agrees).then(|| format!("{explanation:?}\nbut the reference says {answers:?}"))
}

fn as_answer(decision: &Decision) -> Answer {
    match decision {
        Decision::Allowed { granted } => Answer {
            allowed: true,
            granted: granted.bits(),
            missing: 0,
            reason: None,
        },
        Decision::Denied(denial) => Answer {
            allowed: false,
            granted: denial.granted.bits(),
            missing: denial.missing.bits(),
            reason: Some(denial.reason),
        },
    }
}

/// Allowed only what every completion of the list of groups allows; and not determined if any allows it.
fn agrees_with_all(decision: &Decision, answers: &[Answer], desired: AccessMask) -> bool {
    let certain = answers.iter().fold(u32::MAX, |all, answer| all & answer.granted);
    let all_allow = answers.iter().all(|answer| answer.allowed);
    let any_allows = answers.iter().any(|answer| answer.allowed);
    let maximum = desired.contains(AccessMask::MAXIMUM_ALLOWED);
    match decision {
        Decision::Allowed { granted } => all_allow && granted.bits() == certain,
        Decision::Denied(denial) => {
            // With MAXIMUM_ALLOWED each completion may allow something else, and nothing be certain.
            let refused = !all_allow || (maximum && certain == 0);
            let certainly_refused = !any_allows && answers.iter().any(|answer| answer.reason == Some(denial.reason));
            let reason = denial.reason == DenialReason::Undetermined || certainly_refused;
            refused && reason && (!maximum || denial.granted.bits() == certain)
        }
    }
}

/// The tokens that the caller may have: each SID that the descriptor speaks of and the caller's list may lack is in it, in it
/// for Deny alone, or not in it.
fn completions(descriptor: &SecurityDescriptor, caller: &Caller) -> Vec<Token> {
    let held = |deny_only: bool| caller.groups().filter(move |group| group.deny_only == deny_only);
    let known = Token {
        enabled: [*caller.user()]
            .into_iter()
            .chain(held(false).map(|group| group.sid))
            .collect(),
        deny_only: held(true).map(|group| group.sid).collect(),
        principal_self: caller.principal_self().copied(),
    };
    let mut tokens = vec![known];
    if caller.groups_complete() {
        return tokens;
    }
    let mut spoken_of: Vec<Sid> = descriptor
        .owner
        .into_iter()
        .chain(caller.principal_self().copied())
        .collect();
    if let AclState::Present(dacl) = &descriptor.dacl {
        spoken_of.extend(dacl.aces().iter().filter_map(Ace::trustee));
    }
    spoken_of.sort();
    spoken_of.dedup();
    for sid in spoken_of {
        if caller.membership(&sid) != Membership::Unknown {
            continue;
        }
        let without = tokens.clone();
        for token in &without {
            let mut enabled = token.clone();
            enabled.enabled.push(sid);
            let mut deny_only = token.clone();
            deny_only.deny_only.push(sid);
            tokens.extend([enabled, deny_only]);
        }
    }
    tokens
}

/// SIDs that stand for somebody else: Creator Owner, Creator Group, Owner Rights, Principal Self.
fn is_stand_in(sid: &Sid) -> bool {
    ["S-1-3-0", "S-1-3-1", "S-1-3-4", "S-1-5-10"].contains(&sid.to_string().as_str())
}

/// "SidInToken".
fn sid_in_token(token: &Token, sid: &Sid, for_deny: bool) -> bool {
    !is_stand_in(sid) && (token.enabled.contains(sid) || (for_deny && token.deny_only.contains(sid)))
}

/// Steps 8a and 8b: whether the trustee of an entry is the caller.
fn trustee_matches(token: &Token, owner: Option<&Sid>, trustee: &Sid, for_deny: bool) -> bool {
    match trustee.to_string().as_str() {
        "S-1-3-0" | "S-1-3-1" => false,
        "S-1-5-10" => token
            .principal_self
            .is_some_and(|sid| sid_in_token(token, &sid, for_deny)),
        "S-1-3-4" => owner.is_some_and(|sid| sid_in_token(token, sid, for_deny)),
        _ => sid_in_token(token, trustee, for_deny),
    }
}

fn map_generic(mask: u32, mapping: &GenericMapping) -> u32 {
    let mut mapped = mask & !GENERIC;
    if mask & 0x8000_0000 != 0 {
        mapped |= mapping.read.bits();
    }
    if mask & 0x4000_0000 != 0 {
        mapped |= mapping.write.bits();
    }
    if mask & 0x2000_0000 != 0 {
        mapped |= mapping.execute.bits();
    }
    if mask & 0x1000_0000 != 0 {
        mapped |= mapping.all.bits();
    }
    mapped & !GENERIC
}

fn access_check(descriptor: &SecurityDescriptor, token: &Token, desired: u32, options: &Options) -> Answer {
    // 1. Validate.
    let desired = options
        .mapping
        .as_ref()
        .map_or(desired, |mapping| map_generic(desired, mapping));
    let maximum = desired & MAXIMUM_ALLOWED != 0;
    let asked = desired & !MAXIMUM_ALLOWED;
    let refuse = |reason| Answer {
        allowed: false,
        granted: 0,
        missing: asked,
        reason: Some(reason),
    };
    if options.require_owner_and_group && (descriptor.owner.is_none() || descriptor.group.is_none()) {
        return refuse(DenialReason::OwnerOrGroupMissing);
    }
    if asked & GENERIC != 0 {
        return refuse(DenialReason::GenericNotMapped);
    }
    // 3. Privileges.
    if asked & ACCESS_SYSTEM_SECURITY != 0 {
        return refuse(DenialReason::PrivilegeNotHeld);
    }
    if desired == 0 {
        return refuse(DenialReason::NothingAsked);
    }
    // 2. Split.
    let wanted = if maximum {
        !(GENERIC | MAXIMUM_ALLOWED | ACCESS_SYSTEM_SECURITY)
    } else {
        asked
    };
    let mut bits: Vec<Bit> = each_bit()
        .map(|bit| {
            if wanted & bit != 0 {
                Bit::Remaining
            } else {
                Bit::NotWanted
            }
        })
        .collect();
    match &descriptor.dacl {
        // 6. No DACL or NULL DACL.
        AclState::Absent | AclState::Null => {
            let everything = match &options.mapping {
                Some(mapping) => mapping.all.bits(),
                None => 0x001f_ffff,
            };
            settle(
                &mut bits,
                if maximum { everything | asked } else { asked },
                Bit::Granted,
            );
        }
        AclState::Present(dacl) => evaluate_dacl(dacl, descriptor.owner.as_ref(), token, maximum, options, &mut bits),
    }
    // 13. Result.
    let granted = each_bit()
        .zip(&bits)
        .filter(|&(_, state)| *state == Bit::Granted)
        .fold(0, |granted, (bit, _)| granted | bit);
    let allowed = granted != 0 && granted & asked == asked;
    Answer {
        allowed,
        granted,
        missing: asked & !granted,
        reason: (!allowed).then_some(DenialReason::NotGranted),
    }
}

fn evaluate_dacl(dacl: &Acl, owner: Option<&Sid>, token: &Token, maximum: bool, options: &Options, bits: &mut [Bit]) {
    // 7. Owner.
    let owner_rights_replaced = dacl.aces().iter().any(|ace| {
        let inherit_only = ace.flags().bits() & 0x08 != 0;
        !inherit_only && ace.trustee().is_some_and(|sid| sid.to_string() == "S-1-3-4")
    });
    if owner.is_some_and(|sid| sid_in_token(token, sid, false)) && !owner_rights_replaced {
        settle(bits, READ_CONTROL | WRITE_DAC, Bit::Granted);
    }
    // 8. Walk the DACL in stored order.
    for ace in dacl.aces() {
        if !maximum && !bits.contains(&Bit::Remaining) {
            return;
        }
        let Some((verdict, mask)) = effect_of(ace, owner, token, options) else {
            continue;
        };
        let changed = settle(bits, mask, verdict);
        if verdict == Bit::Denied && changed && !maximum {
            return;
        }
    }
}

/// What an entry does to the bits that remain, and to which.
fn effect_of(ace: &Ace, owner: Option<&Sid>, token: &Token, options: &Options) -> Option<(Bit, u32)> {
    if ace.flags().bits() & 0x08 != 0 {
        return None;
    }
    let plain = ace.objects().object.is_none() && *ace.data() == ApplicationData::None;
    let unmapped_generic = options.mapping.is_none() && ace.mask().bits() & GENERIC != 0;
    let mask = match &options.mapping {
        Some(mapping) => map_generic(ace.mask().bits(), mapping),
        None => ace.mask().bits() & !GENERIC,
    };
    let matches = |for_deny| {
        ace.trustee()
            .is_some_and(|trustee| trustee_matches(token, owner, trustee, for_deny))
    };
    match ace.ace_type().code() {
        // Allow, and its object and callback kinds.
        0x00 | 0x05 | 0x09 | 0x0b => (plain && matches(false)).then_some((Bit::Granted, mask)),
        // Deny, and its object and callback kinds.
        0x01 | 0x06 | 0x0a | 0x0c => {
            let mask = if unmapped_generic { u32::MAX } else { mask };
            matches(true).then_some((Bit::Denied, mask))
        }
        // Compound allow; audits, alarms, labels, attributes, policies and filters.
        0x02..=0x04 | 0x07 | 0x08 | 0x0d..=0x15 => None,
        0x16..=0xff if options.skip_unknown_types => None,
        0x16..=0xff => Some((Bit::Denied, u32::MAX)),
    }
}

/// Settles those bits of `mask` that remain; whether there were any.
fn settle(bits: &mut [Bit], mask: u32, verdict: Bit) -> bool {
    let mut changed = false;
    for (bit, state) in each_bit().zip(bits) {
        if mask & bit != 0 && *state == Bit::Remaining {
            *state = verdict;
            changed = true;
        }
    }
    changed
}

fn each_bit() -> impl Iterator<Item = u32> {
    (0..32).map(|place| 1_u32.rotate_left(place))
}
