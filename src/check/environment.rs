use super::{
    options::Options,
    sacl::{Resource, ResourceAttributes, SystemEntries},
    unresolved::{Unresolved, UnresolvedSet},
};
use crate::{
    acl::AclState,
    caller::{Caller, Membership},
    claim::Claim,
    condition::{AttributeClass, Condition, Environment, Lookup, Subject, TokenRef, Truth, UnknownFact, Utf16},
    sid::Sid,
};
use alloc::string::ToString;

/// The facts that the condition of an entry is evaluated with.
///
/// Conditions are about the caller as a whole, in the pass for its restricting SIDs too (inferred).
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryEnvironment<'a> {
    pub(super) caller: &'a Caller,
    pub(super) resource: ResourceAttributes<'a>,
    /// Whether the entry denies, so that deny-only groups and claims count.
    pub(super) for_deny: bool,
}

/// An attribute that a condition asks for, or the reason why the condition does not see one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AttributeLookup<'a> {
    Found(&'a Claim),
    Absent,
    /// The caller's list of claims may lack it.
    Unknown,
    /// It is disabled, so it counts in no entry.
    Disabled(&'a Claim),
    /// It counts in entries that deny only, and this entry allows.
    DenyOnly(&'a Claim),
    /// More than one resource attribute has this name.
    Repeated,
    /// Two values of the resource attribute may be the same, so Windows ignores it.
    RepeatedValues,
    /// There are too many resource attributes to look for one.
    TooMany,
}

/// Whether an entry with a condition applies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Applies {
    Yes,
    /// Yes: it denies, and its condition is neither true nor false.
    YesUnknown,
    /// No: its condition is false.
    No,
    /// No: it allows, and its condition is neither true nor false.
    NoUnknown,
    /// It depends on facts that are not known.
    Undetermined,
}

impl Environment for EntryEnvironment<'_> {
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
        match self.look_up(class, name) {
            AttributeLookup::Found(claim) => Lookup::Value(claim),
            AttributeLookup::Absent => Lookup::Absent,
            // A claim of the caller that does not count is absent; whether a resource attribute that does not count is absent, nobody
            // documents, so it is unknown (inferred).
            AttributeLookup::Disabled(_) | AttributeLookup::DenyOnly(_) if class != AttributeClass::Resource => {
                Lookup::Absent
            }
            AttributeLookup::Disabled(_)
            | AttributeLookup::DenyOnly(_)
            | AttributeLookup::Unknown
            | AttributeLookup::Repeated
            | AttributeLookup::RepeatedValues
            | AttributeLookup::TooMany => Lookup::Unknown,
        }
    }

    fn member(&self, subject: Subject, sid: &Sid) -> Truth {
        match self.membership(subject, sid) {
            Membership::Enabled => Truth::True,
            Membership::DenyOnly if self.for_deny => Truth::True,
            // Otherwise `Not_Member_of` would be true, and a group that was made deny-only would widen access.
            Membership::DenyOnly => Truth::Unknown,
            Membership::NotHeld => Truth::False,
            Membership::Unknown => Truth::Unknown,
        }
    }
}

impl<'a> EntryEnvironment<'a> {
    /// The environment of entries in the DACL beside this SACL. `for_deny` says whether they deny.
    pub(crate) fn new(caller: &'a Caller, sacl: &'a AclState, for_deny: bool) -> Self {
        Self {
            caller,
            resource: SystemEntries::of(sacl, &Options::default(), true).attributes,
            for_deny,
        }
    }

    /// Looks up an attribute as the evaluation of the condition does.
    pub(crate) fn look_up(&self, class: AttributeClass, name: Utf16<'_>) -> AttributeLookup<'a> {
        let claim = match class {
            AttributeClass::Local => self.caller.local_claim(name),
            AttributeClass::User => self.caller.user_claim(name),
            AttributeClass::Device => self.caller.device_claim(name),
            AttributeClass::Resource => match self.resource.named(name) {
                Resource::Claim(claim) if claim.may_have_duplicates() => return AttributeLookup::RepeatedValues,
                Resource::Claim(claim) => Lookup::Value(claim),
                Resource::Absent => Lookup::Absent,
                Resource::Repeated => return AttributeLookup::Repeated,
                Resource::TooMany => return AttributeLookup::TooMany,
            },
        };
        match claim {
            Lookup::Value(claim) if !claim.counts_for_deny() => AttributeLookup::Disabled(claim),
            Lookup::Value(claim) if !self.for_deny && !claim.counts_for_allow() => AttributeLookup::DenyOnly(claim),
            Lookup::Value(claim) => AttributeLookup::Found(claim),
            Lookup::Absent => AttributeLookup::Absent,
            Lookup::Unknown => AttributeLookup::Unknown,
        }
    }

    fn membership(&self, subject: Subject, sid: &Sid) -> Membership {
        match subject {
            Subject::User => self.caller.membership(sid),
            Subject::Device => self.caller.device_membership(sid),
        }
    }

    /// Whether a directory may know the fact. None knows more about the object's attributes than its SACL does, nor more about a group that
    /// is known to be deny-only.
    fn is_knowable(&self, fact: &UnknownFact<'_>) -> bool {
        match fact {
            UnknownFact::Attribute { class, .. } => *class != AttributeClass::Resource,
            UnknownFact::Group { subject, sid } => self.membership(*subject, sid) == Membership::Unknown,
        }
    }

    /// Whether an entry with this condition applies. Calls `name` for each fact that the condition needs and that a directory may know.
    pub(super) fn applies<'c>(&self, condition: &'c Condition, mut name: impl FnMut(UnknownFact<'c>)) -> Applies {
        let mut knowable = false;
        let verdict = condition.evaluate_with(self, |missing| {
            if self.is_knowable(&missing) {
                knowable = true;
                name(missing);
            }
        });
        let undecided = if self.for_deny {
            Applies::YesUnknown
        } else {
            Applies::NoUnknown
        };
        if verdict.is_certain() || !knowable {
            return match verdict.truth() {
                Truth::True => Applies::Yes,
                Truth::False => Applies::No,
                Truth::Unknown => undecided,
            };
        }
        match (self.for_deny, verdict.can_be(Truth::True), verdict.can_be(Truth::False)) {
            (true, _, false) | (false, false, _) => undecided,
            (true | false, _, _) => Applies::Undetermined,
        }
    }

    /// Whether an entry with this condition applies. Sets `names` to the reason: the unknown facts if the answer depends on them, or the
    /// absent attributes if the condition is neither true nor false.
    #[inline(never)]
    pub(super) fn applies_and_why(&self, condition: &Condition, names: Option<&mut UnresolvedSet>) -> Applies {
        let Some(names) = names else {
            return self.applies(condition, |_| ());
        };
        let mut unknown = UnresolvedSet::default();
        let applies = self.applies(condition, |missing| unknown.note(missing.into()));
        match applies {
            Applies::Undetermined => unknown.into_vec().into_iter().for_each(|name| names.note(name)),
            Applies::YesUnknown if names.is_empty() => *names = self.absent(condition),
            Applies::NoUnknown => *names = self.absent(condition),
            Applies::No => *names = UnresolvedSet::default(),
            Applies::Yes | Applies::YesUnknown => {}
        }
        applies
    }

    /// The attributes that the condition asks for and does not see.
    fn absent(&self, condition: &Condition) -> UnresolvedSet {
        let mut names = UnresolvedSet::default();
        for token in condition.read() {
            if let TokenRef::Attribute(class, name) = token
                && !matches!(self.attribute(class, name), Lookup::Value(_))
            {
                let name = name.to_string();
                names.note(Unresolved::Claim { class, name });
            }
        }
        names
    }
}

impl From<UnknownFact<'_>> for Unresolved {
    fn from(missing: UnknownFact<'_>) -> Self {
        match missing {
            UnknownFact::Attribute { class, name } => Self::Claim {
                class,
                name: name.to_string(),
            },
            UnknownFact::Group {
                subject: Subject::User,
                sid,
            } => Self::Group(sid),
            UnknownFact::Group {
                subject: Subject::Device,
                sid,
            } => Self::DeviceGroup(sid),
        }
    }
}
