//! The token, as the specification has it, and the tokens that a caller may have whose groups or claims are not all known.

use sddl_authz::{
    AclState, Caller, Claim, SecurityDescriptor, Sid,
    ace::ApplicationData,
    caller::{AppContainer, Privileges},
    claim::{ClaimFlags, ClaimValues},
    condition::{AttributeClass, Environment, Literal, Lookup, Subject, Token as Symbol, Truth, Utf16},
};

/// Everything about the caller, known for certain.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) enabled: Vec<Sid>,
    pub(crate) deny_only: Vec<Sid>,
    pub(crate) principal_self: Option<Sid>,
    pub(crate) privileges: Privileges,
    pub(crate) integrity: u32,
    pub(crate) no_write_up: bool,
    pub(crate) restricting: Option<Vec<Sid>>,
    pub(crate) write_restricted: bool,
    /// The SIDs of the package and its capabilities, if the caller runs in an app container.
    pub(crate) container: Option<Vec<Sid>>,
    user_claims: Vec<Claim>,
    device_claims: Vec<Claim>,
    device_groups: Vec<Sid>,
    local_claims: Vec<Claim>,
}

impl Token {
    fn known_of(caller: &Caller, principal_self: Option<Sid>) -> Self {
        let user = |deny_only: bool| {
            let counts = caller.is_user_deny_only_known() && caller.is_user_deny_only() == deny_only;
            counts.then_some(*caller.user()).into_iter()
        };
        let held = |deny_only: bool| {
            let groups = caller.groups().filter(move |group| group.deny_only == deny_only);
            groups.map(|group| group.sid)
        };
        Self {
            enabled: user(false).chain(held(false)).collect(),
            deny_only: user(true).chain(held(true)).collect(),
            principal_self,
            privileges: caller.privileges(),
            integrity: caller.integrity().sid().sub_authorities().iter().sum(),
            no_write_up: caller.no_write_up(),
            restricting: caller.restricting_sids().map(|sids| sids.copied().collect()),
            write_restricted: caller.is_write_restricted(),
            container: caller.app_container().map(container_sids),
            user_claims: caller.user_claims().to_vec(),
            device_claims: caller.device_claims().to_vec(),
            device_groups: caller.device_groups().map(|group| group.sid).collect(),
            local_claims: caller.local_claims().to_vec(),
        }
    }

    /// "SidInToken".
    pub(crate) fn has(&self, sid: &Sid, for_deny: bool) -> bool {
        !is_stand_in(sid) && (self.enabled.contains(sid) || (for_deny && self.deny_only.contains(sid)))
    }

    /// The token of the second pass: the restricting SIDs alone.
    pub(crate) fn restricted_to(&self, sids: &[Sid]) -> Self {
        let mut token = self.clone();
        token.enabled = sids.to_vec();
        token.deny_only.clear();
        token
    }
}

/// The package SID, the capabilities, ALL RESTRICTED APPLICATION PACKAGES, and ALL APPLICATION PACKAGES unless it is an LPAC.
fn container_sids(container: &AppContainer) -> Vec<Sid> {
    let packages = |number| Sid::new(15, &[2, number]).ok();
    let mut sids = vec![*container.package()];
    sids.extend(container.capabilities());
    sids.extend(packages(2));
    if !container.is_low_privilege() {
        sids.extend(packages(1));
    }
    sids
}

/// SIDs that stand for somebody else: Creator Owner, Creator Group, Owner Rights, Principal Self.
fn is_stand_in(sid: &Sid) -> bool {
    is_sid(sid, 3, 0) || is_sid(sid, 3, 1) || is_sid(sid, 3, 4) || is_sid(sid, 5, 10)
}

/// Whether a SID is this one, of a single sub-authority.
pub(crate) fn is_sid(sid: &Sid, authority: u64, sub_authority: u32) -> bool {
    sid.authority() == authority && sid.sub_authorities() == [sub_authority]
}

/// Which facts about a caller are unknown. The test that makes the caller says so, since the caller's own answers are under test.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Incomplete<'a> {
    /// Whether the user may count for Deny entries only.
    pub(crate) user: bool,
    /// Whether the user and the device may be in more groups.
    pub(crate) groups: bool,
    /// Whether the user, the device and the local claims may have more claims.
    pub(crate) claims: bool,
    /// Groups that the user is known not to be in.
    pub(crate) ruled_out_groups: &'a [Sid],
    /// Claims that are known to be absent.
    pub(crate) ruled_out_claims: &'a [(AttributeClass, &'a str)],
}

/// A caller, and which facts about it are unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) incomplete: Incomplete<'a>,
}

/// A caller for which nothing was ruled out. Only its three flags are taken from it.
impl<'a> From<&'a Caller> for Asker<'a> {
    fn from(caller: &'a Caller) -> Self {
        let incomplete = Incomplete {
            user: !caller.is_user_deny_only_known(),
            groups: !caller.groups_complete(),
            claims: !caller.claims_complete(),
            ..Incomplete::default()
        };
        Self { caller, incomplete }
    }
}

impl Incomplete<'_> {
    pub(crate) const fn is_nothing(&self) -> bool {
        !self.user && !self.groups && !self.claims
    }

    /// Whether a SID may be a group that is not in the list `held`. Nobody is in a group that stands for somebody else, and the SIDs of
    /// packages and capabilities are no groups.
    fn may_hold(&self, sid: &Sid, held: &[Sid], ruled_out: &[Sid]) -> bool {
        let in_container = sid.authority() == 15 && matches!(sid.sub_authorities(), [2 | 3, ..]);
        self.groups && !held.contains(sid) && !ruled_out.contains(sid) && !is_stand_in(sid) && !in_container
    }

    /// Whether there may be a claim of this name that is not in the list `held`. Names of claims in tests are ASCII.
    fn may_claim(&self, class: AttributeClass, name: &str, held: &[Claim]) -> bool {
        let is_held = held.iter().any(|claim| claim.name().eq_ignore_ascii_case(name));
        let is_ruled_out = self
            .ruled_out_claims
            .iter()
            .any(|(of, ruled_out)| *of == class && ruled_out.eq_ignore_ascii_case(name));
        self.claims && !is_held && !is_ruled_out
    }
}

/// The tokens that the caller may have: each SID that the descriptor speaks of and the caller's list may lack is in it, in it
/// for Deny alone, or not in it; each claim that a condition asks for is absent, one number or another, or a string.
pub(crate) fn completions(
    descriptor: &SecurityDescriptor,
    caller: &Caller,
    incomplete: &Incomplete<'_>,
    principal_self: Option<Sid>,
) -> Vec<Token> {
    let known = Token::known_of(caller, principal_self);
    let mut spoken_of: Vec<Sid> = descriptor.owner.into_iter().chain(principal_self).collect();
    let mut device = Vec::new();
    let mut claims: Vec<(AttributeClass, String)> = Vec::new();
    let entries = match &descriptor.dacl {
        AclState::Present(dacl) => dacl.aces(),
        AclState::Absent | AclState::Null => &[],
    };
    for ace in entries {
        spoken_of.extend(ace.trustee());
        if let ApplicationData::Condition(condition) = ace.data() {
            for symbol in condition.tokens() {
                let sids = match symbol {
                    Symbol::Literal(Literal::Sid(sid)) => vec![sid],
                    Symbol::Composite(members) => members.iter().filter_map(as_sid).collect(),
                    Symbol::Attribute(attribute) => {
                        claims.push((attribute.class, attribute.name.to_ascii_lowercase()));
                        Vec::new()
                    }
                    Symbol::Literal(_) | Symbol::Operator(_) => Vec::new(),
                };
                spoken_of.extend(&sids);
                device.extend(sids);
            }
        }
    }
    for list in [&mut spoken_of, &mut device] {
        list.sort();
        list.dedup();
    }
    let held: Vec<Sid> = [caller.user()]
        .into_iter()
        .chain(&known.enabled)
        .chain(&known.deny_only)
        .copied()
        .collect();
    spoken_of.retain(|sid| incomplete.may_hold(sid, &held, incomplete.ruled_out_groups));
    device.retain(|sid| incomplete.may_hold(sid, &known.device_groups, &[]));
    claims.sort_by(|one, other| (one.0.code(), &one.1).cmp(&(other.0.code(), &other.1)));
    claims.dedup();
    claims.retain(|(class, name)| match class {
        AttributeClass::User => incomplete.may_claim(*class, name, &known.user_claims),
        AttributeClass::Device => incomplete.may_claim(*class, name, &known.device_claims),
        AttributeClass::Local => incomplete.may_claim(*class, name, &known.local_claims),
        AttributeClass::Resource | _ => false,
    });
    let mut tokens = vec![known];
    if incomplete.user {
        let user = *caller.user();
        vary(
            &mut tokens,
            &[&|token| token.enabled.push(user), &|token| token.deny_only.push(user)],
        );
        // The user is in the token in one of the two ways.
        tokens.remove(0);
    }
    for sid in spoken_of {
        vary(
            &mut tokens,
            &[&|token| token.enabled.push(sid), &|token| token.deny_only.push(sid)],
        );
    }
    for sid in device {
        vary(&mut tokens, &[&|token| token.device_groups.push(sid)]);
    }
    for (class, name) in claims {
        let values = [
            ClaimValues::Int(vec![0]),
            ClaimValues::Int(vec![1]),
            ClaimValues::String(vec!["1".into()]),
        ];
        let claims = values.map(|values| Claim::new(name.clone(), ClaimFlags::empty(), values));
        let known = tokens.clone();
        let mut add = |claims_of: fn(&mut Token) -> &mut Vec<Claim>| {
            for claim in claims.iter().flatten() {
                tokens.extend(known.iter().cloned().map(|mut token| {
                    claims_of(&mut token).push(claim.clone());
                    token
                }));
            }
        };
        match class {
            AttributeClass::User => add(|token| &mut token.user_claims),
            AttributeClass::Device => add(|token| &mut token.device_claims),
            AttributeClass::Local => add(|token| &mut token.local_claims),
            AttributeClass::Resource | _ => {}
        }
    }
    tokens
}

fn as_sid(literal: &Literal) -> Option<Sid> {
    match literal {
        Literal::Sid(sid) => Some(*sid),
        Literal::Integer(_) | Literal::String(_) | Literal::Octets(_) => None,
    }
}

/// Each token as it is, and with each of the changes.
fn vary(tokens: &mut Vec<Token>, changes: &[&dyn Fn(&mut Token)]) {
    for token in tokens.clone() {
        for change in changes {
            let mut changed = token.clone();
            change(&mut changed);
            tokens.push(changed);
        }
    }
}

/// Whether two values are the same. Strings in tests are ASCII.
fn repeats(claim: &Claim) -> bool {
    fn twice<T: PartialEq>(values: &[T]) -> bool {
        let mut pairs = values.iter().enumerate();
        pairs.any(|(index, value)| values.iter().take(index).any(|other| other == value))
    }
    match claim.values() {
        ClaimValues::Int(values) => twice(values),
        ClaimValues::Uint(values) => twice(values),
        ClaimValues::Bool(values) => twice(values),
        ClaimValues::Sid(values) => twice(values),
        ClaimValues::Octets(values) => twice(values),
        ClaimValues::String(values) if claim.flags().contains(ClaimFlags::CASE_SENSITIVE) => twice(values),
        ClaimValues::String(values) => twice(
            &values
                .iter()
                .map(|value| value.to_ascii_uppercase())
                .collect::<Vec<_>>(),
        ),
        _ => true,
    }
}

/// The facts that a condition sees in an entry of one kind. Names of claims in tests are ASCII.
pub(crate) struct World<'a> {
    pub(crate) token: &'a Token,
    pub(crate) sacl: &'a AclState,
    pub(crate) for_deny: bool,
}

impl World<'_> {
    fn pick<'c>(&self, mut claims: impl Iterator<Item = &'c Claim>, name: &str) -> Lookup<&'c Claim> {
        match claims.find(|claim| claim.name().eq_ignore_ascii_case(name)) {
            Some(claim)
                if claim
                    .flags()
                    .intersects(ClaimFlags::DISABLED | ClaimFlags::DISABLED_BY_DEFAULT) =>
            {
                Lookup::Absent
            }
            Some(claim) if !self.for_deny && claim.flags().contains(ClaimFlags::DENY_ONLY) => Lookup::Absent,
            Some(claim) => Lookup::Value(claim),
            None => Lookup::Absent,
        }
    }

    /// The resource attributes of this name, whatever the flags of their entries.
    fn resources(&self, name: &str) -> Vec<&Claim> {
        let entries = match self.sacl {
            AclState::Present(sacl) => sacl.aces(),
            AclState::Absent | AclState::Null => &[],
        };
        entries
            .iter()
            .filter_map(|ace| {
                let ApplicationData::Claim(claim) = ace.data() else {
                    return None;
                };
                Some(claim.as_ref())
            })
            .filter(|claim| claim.name().eq_ignore_ascii_case(name))
            .collect()
    }
}

impl Environment for World<'_> {
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
        let name = &name.to_string();
        match class {
            AttributeClass::User => self.pick(self.token.user_claims.iter(), name),
            AttributeClass::Device => self.pick(self.token.device_claims.iter(), name),
            AttributeClass::Resource => {
                let named = self.resources(name);
                match named.as_slice() {
                    [] => Lookup::Absent,
                    // An attribute that is given twice, that repeats a value, or that does not count, is unknown.
                    [claim] if repeats(claim) => Lookup::Unknown,
                    [claim] => match self.pick([*claim].into_iter(), name) {
                        Lookup::Absent => Lookup::Unknown,
                        known @ (Lookup::Value(_) | Lookup::Unknown) => known,
                    },
                    _ => Lookup::Unknown,
                }
            }
            AttributeClass::Local => self.pick(self.token.local_claims.iter(), name),
            _ => Lookup::Absent,
        }
    }

    fn member(&self, subject: Subject, sid: &Sid) -> Truth {
        match subject {
            // A group that is deny-only is no proof in an Allow that the user is not a member.
            Subject::User if !self.for_deny && !self.token.enabled.contains(sid) && self.token.has(sid, true) => {
                Truth::Unknown
            }
            Subject::User => self.token.has(sid, self.for_deny).into(),
            Subject::Device => (!is_stand_in(sid) && self.token.device_groups.contains(sid)).into(),
        }
    }
}
