use super::{
    fact::{FactName, FactNames},
    sacl::{Resource, ResourceAttributes},
};
use crate::{
    caller::{Caller, Membership},
    claim::Claim,
    condition::{AttributeClass, Condition, Fact, Facts, Missing, Subject, TokenRef, Truth, Utf16},
    sid::Sid,
};
use alloc::string::ToString;

/// What a condition in an entry of one kind is evaluated with. Local attributes are absent.
///
/// Conditions are about the caller as a whole, in the pass for its restricting SIDs too (inferred).
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryFacts<'a> {
    pub(super) caller: &'a Caller,
    pub(super) resource: ResourceAttributes<'a>,
    /// Whether deny-only groups and claims count.
    pub(super) for_deny: bool,
}

/// What is to be done with an entry that has a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Applies {
    Yes,
    /// It is a Deny, and its condition is neither true nor false.
    ForWantOfTruth,
    /// Its condition is false.
    No,
    /// It is an Allow, and its condition is neither true nor false.
    NotForWantOfTruth,
    /// That depends on facts that are not known.
    Maybe,
}

impl Facts for EntryFacts<'_> {
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Fact<&Claim> {
        let claim = match class {
            AttributeClass::Local => return Fact::Absent,
            AttributeClass::User => self.caller.user_claim(name),
            AttributeClass::Device => self.caller.device_claim(name),
            AttributeClass::Resource => match self.resource.named(name, self.for_deny) {
                Resource::Claim(claim) => Fact::Value(claim),
                Resource::Absent => Fact::Absent,
                Resource::Ambiguous => Fact::Unknown,
            },
        };
        match claim {
            Fact::Value(claim) if !counts(claim, self.for_deny) => Fact::Absent,
            Fact::Value(_) | Fact::Absent | Fact::Unknown => claim,
        }
    }

    fn member(&self, subject: Subject, sid: &Sid) -> Truth {
        let membership = match subject {
            Subject::User => self.caller.membership(sid),
            Subject::Device => self.caller.device_membership(sid),
        };
        match membership {
            Membership::Enabled => Truth::True,
            Membership::DenyOnly => self.for_deny.into(),
            Membership::NotHeld => Truth::False,
            Membership::Unknown => Truth::Unknown,
        }
    }
}

impl EntryFacts<'_> {
    /// Whether an entry with this condition applies; `name` is told of the facts, known to somebody, that the condition asks for.
    pub(super) fn applies<'c>(&self, condition: &'c Condition, mut name: impl FnMut(Missing<'c>)) -> Applies {
        let mut knowable = false;
        let verdict = condition.evaluate_with(self, |missing| {
            // What the object says twice is said by nobody better.
            let resource = AttributeClass::Resource;
            if !matches!(missing, Missing::Attribute { class, .. } if class == resource) {
                knowable = true;
                name(missing);
            }
        });
        let undecided = if self.for_deny {
            Applies::ForWantOfTruth
        } else {
            Applies::NotForWantOfTruth
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
            (true | false, _, _) => Applies::Maybe,
        }
    }

    /// Whether an entry with this condition applies; `names` is told why that is not known, or why the condition is unknown.
    #[inline(never)]
    pub(super) fn judged(&self, condition: &Condition, names: Option<&mut FactNames>) -> Applies {
        let Some(names) = names else {
            return self.applies(condition, |_| ());
        };
        let mut unknown = FactNames::default();
        let applies = self.applies(condition, |missing| unknown.note(missing.into()));
        match applies {
            Applies::Maybe => unknown.into_vec().into_iter().for_each(|name| names.note(name)),
            Applies::ForWantOfTruth if names.is_empty() => *names = self.absent(condition),
            Applies::NotForWantOfTruth => *names = self.absent(condition),
            Applies::No => *names = FactNames::default(),
            Applies::Yes | Applies::ForWantOfTruth => {}
        }
        applies
    }

    /// The attributes of a condition that are absent.
    fn absent(&self, condition: &Condition) -> FactNames {
        let mut names = FactNames::default();
        for token in condition.read() {
            if let TokenRef::Attribute(class, name) = token
                && !matches!(self.attribute(class, name), Fact::Value(_))
            {
                let name = name.to_string();
                names.note(FactName::Claim { class, name });
            }
        }
        names
    }
}

impl From<Missing<'_>> for FactName {
    fn from(missing: Missing<'_>) -> Self {
        match missing {
            Missing::Attribute { class, name } => Self::Claim {
                class,
                name: name.to_string(),
            },
            Missing::Group {
                subject: Subject::User,
                sid,
            } => Self::Group(sid),
            Missing::Group {
                subject: Subject::Device,
                sid,
            } => Self::DeviceGroup(sid),
        }
    }
}

/// Whether a claim counts: one that is disabled never does, one that is for Deny alone not in an Allow.
pub(super) const fn counts(claim: &Claim, for_deny: bool) -> bool {
    if for_deny {
        claim.counts_for_deny()
    } else {
        claim.counts_for_allow()
    }
}
