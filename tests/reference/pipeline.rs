//! The steps of [MS-DTYP] 2.5.3.2, and those before and after it that other sections describe.

use super::{
    condition,
    token::{Token, World, is_sid},
};
use sddl_authz::{
    Ace, Acl, AclState, SecurityDescriptor, Sid,
    ace::ApplicationData,
    caller::Privileges,
    check::{DenialReason, ObjectTree, Options, Unprotected},
    condition::Truth,
    mask::GenericMapping,
};
use uuid::Uuid;

/// The state of one bit of the desired access.
#[derive(Clone, Copy, PartialEq)]
enum Bit {
    NotWanted,
    Remaining,
    Granted,
    Denied,
}

/// The answer of the reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) allowed: bool,
    pub(crate) granted: u32,
    pub(crate) missing: u32,
    pub(crate) reason: Option<DenialReason>,
}

/// A node of the object tree: "each node begins with all desired bits remaining".
#[derive(Clone)]
struct Node {
    guid: Option<Uuid>,
    parent: Option<usize>,
    bits: Vec<Bit>,
}

const DELETE: u32 = 0x0001_0000;
const READ_CONTROL: u32 = 0x0002_0000;
const WRITE_DAC: u32 = 0x0004_0000;
const WRITE_OWNER: u32 = 0x0008_0000;
const SYNCHRONIZE: u32 = 0x0010_0000;
const ACCESS_SYSTEM_SECURITY: u32 = 0x0100_0000;
const MAXIMUM_ALLOWED: u32 = 0x0200_0000;
const GENERIC: u32 = 0xf000_0000;

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

/// The answer about the whole, and about each node of the tree.
pub(crate) fn access_check(
    descriptor: &SecurityDescriptor,
    token: &Token,
    desired: u32,
    tree: Option<&ObjectTree>,
    options: &Options,
) -> (Answer, Vec<Answer>) {
    // Validate.
    let desired = options
        .mapping
        .as_ref()
        .map_or(desired, |mapping| map_generic(desired, mapping));
    let maximum = desired & MAXIMUM_ALLOWED != 0;
    let asked = desired & !MAXIMUM_ALLOWED;
    let refuse = |reason| {
        let answer = Answer {
            allowed: false,
            granted: 0,
            missing: asked,
            reason: Some(reason),
        };
        (answer, vec![answer; tree.map_or(1, |tree| tree.nodes().len())])
    };
    // AccessCheck needs the owner and the group; AuthZ needs the owner alone.
    match (options.require_owner, options.require_group) {
        (true, true) if descriptor.owner.is_none() || descriptor.group.is_none() => {
            return refuse(DenialReason::OwnerOrGroupMissing);
        }
        (true, false) if descriptor.owner.is_none() => return refuse(DenialReason::OwnerMissing),
        (false, true) if descriptor.group.is_none() => return refuse(DenialReason::GroupMissing),
        _ => {}
    }
    if asked & GENERIC != 0 {
        return refuse(DenialReason::GenericNotMapped);
    }
    if desired == 0 {
        return refuse(DenialReason::NothingAsked);
    }
    // Ours alone: what Windows leaves open to everybody can be refused.
    if options.unprotected == Unprotected::Refuse && !matches!(descriptor.dacl, AclState::Present(_)) {
        return refuse(DenialReason::Unprotected);
    }
    // Not evaluated.
    for ace in effective(&descriptor.sacl) {
        match ace.ace_type().code() {
            0x13..=0x15 if !options.skip_system_policies => return refuse(DenialReason::SystemPolicyNotEvaluated),
            0x16..=0xff if !options.skip_unknown_types => return refuse(DenialReason::SystemPolicyNotEvaluated),
            _ => {}
        }
    }
    // Split.
    let wanted = if maximum {
        !(GENERIC | MAXIMUM_ALLOWED | ACCESS_SYSTEM_SECURITY) | asked
    } else {
        asked
    };
    let mut nodes = desired_remaining(tree, wanted);
    // Privileges.
    let held = |privilege| token.privileges.contains(privilege);
    let mut privileged = 0;
    if held(Privileges::SECURITY) {
        privileged |= ACCESS_SYSTEM_SECURITY;
    }
    // The rights of these two are rights to files.
    let file = options.mapping == Some(GenericMapping::FILE);
    if held(Privileges::BACKUP) && options.backup_intent && file {
        // FILE_GENERIC_READ, FILE_TRAVERSE, READ_CONTROL, ACCESS_SYSTEM_SECURITY.
        privileged |= 0x0012_0089 | 0x20 | READ_CONTROL | ACCESS_SYSTEM_SECURITY;
    }
    if held(Privileges::RESTORE) && options.restore_intent && file {
        // FILE_GENERIC_WRITE, FILE_ADD_FILE, FILE_ADD_SUBDIRECTORY, and the descriptor.
        privileged |= 0x0012_0116 | 0x2 | 0x4 | DELETE | WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY;
    }
    // "If the desired access has WRITE_OWNER and the token has SeTakeOwnershipPrivilege".
    if held(Privileges::TAKE_OWNERSHIP) && asked & WRITE_OWNER != 0 {
        privileged |= WRITE_OWNER;
    }
    if asked & ACCESS_SYSTEM_SECURITY & !privileged != 0 {
        return refuse(DenialReason::PrivilegeNotHeld);
    }
    // The account of an app container starts with the whole request.
    let mut package = nodes.clone();
    settle_all(&mut nodes, privileged, Bit::Granted);
    // Integrity.
    if let Some(allowed) = integrity(descriptor, token, options) {
        settle_all(&mut nodes, !allowed, Bit::Denied);
    }
    let mut second = nodes.clone();
    // 6, 7, 8.
    pass(descriptor, token, token, (maximum, asked), options, &mut nodes);
    // Restricted token.
    if let Some(sids) = &token.restricting {
        if let (true, Some(mapping)) = (token.write_restricted, &options.mapping) {
            let write = mapping.write.bits() & !(READ_CONTROL | SYNCHRONIZE);
            let not_writing = (mapping.read.bits() | mapping.execute.bits()) & !write & !GENERIC;
            settle_all(&mut second, not_writing, Bit::Granted);
        }
        let restricted = token.restricted_to(sids);
        pass(descriptor, &restricted, token, (maximum, asked), options, &mut second);
        keep_what_both_grant(&mut nodes, &second);
    }
    // App container.
    if let Some(sids) = &token.container {
        container_pass(descriptor, token, sids, options, &mut package);
        keep_what_both_grant(&mut nodes, &package);
    }
    // Result.
    let granted_to = |node: &Node| {
        let states = each_bit().zip(&node.bits);
        states
            .filter(|&(_, state)| *state == Bit::Granted)
            .fold(0, |granted, (bit, _)| granted | bit)
    };
    let result = |granted: u32| {
        let allowed = granted != 0 && granted & asked == asked;
        Answer {
            allowed,
            granted,
            missing: asked & !granted,
            reason: (!allowed).then_some(DenialReason::NotGranted),
        }
    };
    let whole = nodes
        .iter()
        .map(granted_to)
        .fold(u32::MAX, |all, granted| all & granted);
    (
        result(whole),
        nodes.iter().map(|node| result(granted_to(node))).collect(),
    )
}

fn all_entries(state: &AclState) -> impl Iterator<Item = &Ace> {
    let entries = match state {
        AclState::Present(list) => list.aces(),
        AclState::Absent | AclState::Null => &[],
    };
    entries.iter()
}

fn effective(state: &AclState) -> impl Iterator<Item = &Ace> {
    all_entries(state).filter(|ace| ace.flags().bits() & 0x08 == 0)
}

fn desired_remaining(tree: Option<&ObjectTree>, wanted: u32) -> Vec<Node> {
    let bits: Vec<Bit> = each_bit()
        .map(|bit| {
            if wanted & bit != 0 {
                Bit::Remaining
            } else {
                Bit::NotWanted
            }
        })
        .collect();
    let list: Vec<(u16, Option<Uuid>)> = match tree {
        Some(tree) => tree.nodes().map(|(level, guid)| (level, Some(guid))).collect(),
        None => vec![(0, None)],
    };
    let parent = |index: usize, level: u16| {
        // The last one before with a level one less.
        list.iter()
            .take(index)
            .rposition(|(above, _)| above.checked_add(1) == Some(level))
    };
    list.iter()
        .enumerate()
        .map(|(index, &(level, guid))| Node {
            guid,
            parent: parent(index, level),
            bits: bits.clone(),
        })
        .collect()
}

/// The rights that integrity leaves, if it limits any.
fn integrity(descriptor: &SecurityDescriptor, token: &Token, options: &Options) -> Option<u32> {
    // "FindAceByType", then the flag: an inherit-only label is no label, whatever follows it.
    let mut labels = all_entries(&descriptor.sacl).filter(|ace| ace.ace_type().code() == 0x11);
    let label = labels.next().filter(|ace| ace.flags().bits() & 0x08 == 0);
    let (level, policy) = match label {
        Some(ace) => (
            ace.trustee()
                .filter(|sid| sid.authority() == 16 && sid.sub_authorities().len() == 1)
                .map_or(u32::MAX, |sid| sid.sub_authorities().iter().sum()),
            ace.mask().bits() & 7,
        ),
        None => (0x2000, 1),
    };
    if !token.no_write_up || token.integrity >= level {
        return None;
    }
    // Such a label does not limit an app container, which runs at the level Low: the DACL must grant it everything by its own SIDs.
    if token.container.is_some() && token.integrity >= 0x1000 && level <= 0x2000 {
        return None;
    }
    let (r, w, x) = match &options.mapping {
        Some(mapping) => {
            let generic = |bit| map_generic(bit, mapping);
            (generic(0x8000_0000), generic(0x4000_0000), generic(0x2000_0000))
        }
        None => (0, 0, 0),
    };
    // A token that does not dominate reads unless NR, executes unless NX, and never writes.
    let (nr, nx) = (policy & 2 != 0, policy & 4 != 0);
    let write_plus = w | DELETE | WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY;
    let read_set = r | READ_CONTROL;
    let execute_set = (x & !r) | SYNCHRONIZE;
    let mut allowed = r | x | READ_CONTROL | SYNCHRONIZE;
    let mut still_open = 0;
    for (closed, set) in [(nr, read_set), (nx, execute_set)] {
        if !closed {
            still_open |= set;
        }
    }
    for (closed, set) in [(nr, read_set), (nx, execute_set), (true, write_plus)] {
        if closed {
            allowed &= !(set & !still_open);
        }
    }
    if token.privileges.contains(Privileges::RELABEL) {
        allowed |= WRITE_OWNER;
    }
    Some(allowed)
}

fn keep_what_both_grant(nodes: &mut [Node], again: &[Node]) {
    for (node, twice) in nodes.iter_mut().zip(again) {
        for (state, second) in node.bits.iter_mut().zip(&twice.bits) {
            if *state == Bit::Granted {
                *state = *second;
            }
        }
    }
}

/// The account of an app container: each Allow that the user and its groups do not match is tried with the SIDs of the container. Deny entries
/// change nothing here, and neither does an absent or NULL DACL.
fn container_pass(descriptor: &SecurityDescriptor, token: &Token, sids: &[Sid], options: &Options, nodes: &mut [Node]) {
    let container = token.restricted_to(sids);
    let owner = descriptor.owner.as_ref();
    let has_tree = nodes.first().is_some_and(|root| root.guid.is_some());
    for ace in effective(&descriptor.dacl) {
        let of_user = ace
            .trustee()
            .is_some_and(|trustee| trustee_matches(token, owner, trustee, false));
        let Some((Bit::Granted, mask, guid)) = effect_of(ace, descriptor, &container, token, has_tree, options) else {
            continue;
        };
        let target = guid.map(|guid| nodes.iter().position(|node| node.guid == Some(guid)));
        if of_user || target == Some(None) {
            continue;
        }
        for index in 0..nodes.len() {
            if target
                .flatten()
                .is_none_or(|target| is_at_or_below(nodes, index, target))
                && let Some(node) = nodes.get_mut(index)
            {
                // The right to the SACL comes from a privilege alone.
                settle(&mut node.bits, mask & !ACCESS_SYSTEM_SECURITY, Bit::Granted);
            }
        }
        parents_get_what_all_children_have(nodes);
    }
}

/// The DACL for one token: that of the caller, or that of its restricting SIDs. Conditions are about the whole caller.
fn pass(
    descriptor: &SecurityDescriptor,
    token: &Token,
    whole: &Token,
    (maximum, asked): (bool, u32),
    options: &Options,
    nodes: &mut [Node],
) {
    match &descriptor.dacl {
        // No DACL or NULL DACL.
        AclState::Absent | AclState::Null => {
            let everything = match &options.mapping {
                Some(mapping) => mapping.all.bits(),
                None => 0x001f_ffff,
            };
            settle_all(nodes, if maximum { everything | asked } else { asked }, Bit::Granted);
        }
        AclState::Present(dacl) => {
            // Owner.
            let owner = descriptor.owner.as_ref();
            // An entry of an unknown type may be for anybody.
            let unknown = |ace: &Ace| ace.ace_type().code() >= 0x16 && !options.skip_unknown_types;
            let owner_rights_replaced = effective(&descriptor.dacl)
                .any(|ace| unknown(ace) || ace.trustee().is_some_and(|sid| is_sid(sid, 3, 4)));
            // "The owner must be among the restricting SIDs too": in both passes of a restricted token.
            let owns = |sid: &Sid| {
                let restricting = whole.restricting.as_ref().map(|sids| whole.restricted_to(sids));
                whole.has(sid, false) && restricting.is_none_or(|token| token.has(sid, false))
            };
            if owner.is_some_and(owns) && !owner_rights_replaced {
                settle_all(nodes, READ_CONTROL | WRITE_DAC, Bit::Granted);
            }
            // Walk the DACL in stored order.
            evaluate_dacl(dacl, descriptor, token, whole, maximum, options, nodes);
        }
    }
}

fn evaluate_dacl(
    dacl: &Acl,
    descriptor: &SecurityDescriptor,
    token: &Token,
    whole: &Token,
    maximum: bool,
    options: &Options,
    nodes: &mut [Node],
) {
    for ace in dacl.aces() {
        // In the ordinary mode a refusal, or everything granted, ends the walk.
        if let ([only], false) = (&*nodes, maximum)
            && (only.bits.contains(&Bit::Denied) || !only.bits.contains(&Bit::Remaining))
        {
            return;
        }
        let has_tree = nodes.first().is_some_and(|root| root.guid.is_some());
        let Some((verdict, mask, guid)) = effect_of(ace, descriptor, token, whole, has_tree, options) else {
            continue;
        };
        // 8e, 8f.
        let target = match guid {
            Some(guid) if has_tree => match nodes.iter().position(|node| node.guid == Some(guid)) {
                Some(index) => Some(index),
                None => continue,
            },
            _ => None,
        };
        // [MS-ADTS] 5.1.3.3.3: what a node is denied is added to the denied rights of every node above it.
        if let (Some(target), Bit::Denied) = (target, verdict) {
            let denied = remaining(nodes, target) & mask;
            for above in 0..nodes.len() {
                if above != target
                    && is_at_or_below(nodes, target, above)
                    && let Some(node) = nodes.get_mut(above)
                {
                    settle(&mut node.bits, denied, Bit::Denied);
                }
            }
        }
        for index in 0..nodes.len() {
            if target.is_none_or(|target| is_at_or_below(nodes, index, target))
                && let Some(node) = nodes.get_mut(index)
            {
                settle(&mut node.bits, mask, verdict);
            }
        }
        if verdict == Bit::Granted {
            parents_get_what_all_children_have(nodes);
        }
    }
}

/// The rights of a node that remain.
fn remaining(nodes: &[Node], index: usize) -> u32 {
    let bits = nodes.get(index).map_or(&[][..], |node| &node.bits);
    each_bit()
        .zip(bits)
        .filter(|(_, state)| **state == Bit::Remaining)
        .fold(0, |all, (bit, _)| all | bit)
}

fn is_at_or_below(nodes: &[Node], index: usize, above: usize) -> bool {
    index == above
        || nodes
            .get(index)
            .and_then(|node| node.parent)
            .is_some_and(|parent| is_at_or_below(nodes, parent, above))
}

fn parents_get_what_all_children_have(nodes: &mut [Node]) {
    // From the last one on, children come before their parents.
    for index in (0..nodes.len()).rev() {
        let children: Vec<&Node> = nodes.iter().filter(|node| node.parent == Some(index)).collect();
        if children.is_empty() {
            continue;
        }
        let all_have = each_bit()
            .enumerate()
            .filter(|(place, _)| {
                children
                    .iter()
                    .all(|child| child.bits.get(*place) == Some(&Bit::Granted))
            })
            .fold(0, |all, (_, bit)| all | bit);
        if let Some(node) = nodes.get_mut(index) {
            settle(&mut node.bits, all_have, Bit::Granted);
        }
    }
}

/// The effect of an entry: on which remaining bits, and of which part of the object.
fn effect_of(
    ace: &Ace,
    descriptor: &SecurityDescriptor,
    token: &Token,
    whole: &Token,
    has_tree: bool,
    options: &Options,
) -> Option<(Bit, u32, Option<Uuid>)> {
    if ace.flags().bits() & 0x08 != 0 {
        return None;
    }
    let guid = ace.objects().object;
    let unmapped_generic = options.mapping.is_none() && ace.mask().bits() & GENERIC != 0;
    // Map.
    let mask = match &options.mapping {
        Some(mapping) => map_generic(ace.mask().bits(), mapping),
        None => ace.mask().bits() & !GENERIC,
    };
    let matches = |for_deny| {
        ace.trustee()
            .is_some_and(|trustee| trustee_matches(token, descriptor.owner.as_ref(), trustee, for_deny))
    };
    // Conditions.
    let truth = |for_deny| {
        if let ApplicationData::Condition(condition) = ace.data() {
            let world = World {
                token: whole,
                sacl: &descriptor.sacl,
                for_deny,
            };
            condition::evaluate(condition, &world)
        } else if *ace.data() == ApplicationData::None && !matches!(ace.ace_type().code(), 0x09..=0x0c) {
            Truth::True
        } else {
            Truth::Unknown
        }
    };
    match ace.ace_type().code() {
        // Allow, and its object and callback kinds.
        0x00 | 0x05 | 0x09 | 0x0b => {
            let applies = matches(false) && truth(false) == Truth::True && (guid.is_none() || has_tree);
            applies.then_some((Bit::Granted, mask, guid))
        }
        // Deny, and its object and callback kinds.
        0x01 | 0x06 | 0x0a | 0x0c => {
            let mask = if unmapped_generic { u32::MAX } else { mask };
            let applies = matches(true) && truth(true) != Truth::False;
            applies.then_some((Bit::Denied, mask, guid))
        }
        // Compound allow; audits, alarms, labels, attributes, policies and filters.
        0x02..=0x04 | 0x07 | 0x08 | 0x0d..=0x15 => None,
        0x16..=0xff if options.skip_unknown_types => None,
        0x16..=0xff => Some((Bit::Denied, u32::MAX, None)),
    }
}

/// Whether the trustee of an entry is the caller.
fn trustee_matches(token: &Token, owner: Option<&Sid>, trustee: &Sid, for_deny: bool) -> bool {
    match (trustee.authority(), trustee.sub_authorities()) {
        (3, [0 | 1]) => false,
        (5, [10]) => token.principal_self.is_some_and(|sid| token.has(&sid, for_deny)),
        (3, [4]) => owner.is_some_and(|sid| token.has(sid, for_deny)),
        _ => token.has(trustee, for_deny),
    }
}

fn settle_all(nodes: &mut [Node], mask: u32, verdict: Bit) {
    for node in nodes {
        settle(&mut node.bits, mask, verdict);
    }
}

/// Settles those bits of `mask` that remain.
fn settle(bits: &mut [Bit], mask: u32, verdict: Bit) {
    for (bit, state) in each_bit().zip(bits) {
        if mask & bit != 0 && *state == Bit::Remaining {
            *state = verdict;
        }
    }
}

fn each_bit() -> impl Iterator<Item = u32> {
    (0..32).map(|place| 1_u32.rotate_left(place))
}
