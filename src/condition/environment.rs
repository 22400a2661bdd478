//! The attributes and groups that a condition is evaluated with.

use super::{AttributeClass, Truth, Utf16};
use crate::{claim::Claim, sid::Sid};

/// The result of looking an attribute up.
///
/// ```
/// use sddl_authz::{Caller, condition::Lookup};
/// assert_eq!(Caller::anonymous().user_claim("Title"), Lookup::Absent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Lookup<T> {
    /// The attribute is there, and has this value.
    Value(T),
    /// The attribute is not there.
    Absent,
    /// It is not known whether the attribute is there, nor its value. Whatever it is, an unknown attribute never grants anything.
    Unknown,
}

/// The token whose groups an operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The user: `Member_of` and the other operators without `Device_`.
    User,
    /// The device: the operators with `Device_`.
    Device,
}

/// Answers what a condition asks about one caller and one object, for one kind of entry. The answers never change.
///
/// The implementation decides which groups and claims count, because that depends on the kind of entry:
///
/// - In an Allow entry, enabled groups count, and claims with [`Claim::counts_for_allow`](crate::Claim::counts_for_allow). Membership in a
///   deny-only group is [`Unknown`](Truth::Unknown). Otherwise `Not_Member_of` would grant more when a group is made deny-only.
/// - In a Deny entry, deny-only groups count too, and claims with [`Claim::counts_for_deny`](crate::Claim::counts_for_deny).
///
/// An attribute that does not count is [`Absent`](Lookup::Absent). The page of the [module](crate::condition) has an example.
pub trait Environment {
    /// Looks up the attribute of this class and name. Two names are equal if [`compare_names`](super::compare_names) says so.
    ///
    /// [`Unknown`](Lookup::Unknown) means that the attribute may be there with any value, and may be absent.
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim>;

    /// Whether the user or the device is `sid`, or is in the group `sid`. [`Unknown`](Truth::Unknown) means that the list of groups may be
    /// incomplete.
    fn member(&self, subject: Subject, sid: &Sid) -> Truth;
}

/// An attribute or a membership that a condition asked for and that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownFact<'a> {
    /// An attribute.
    Attribute {
        /// The class of the attribute.
        class: AttributeClass,
        /// The name, as the condition spells it.
        name: Utf16<'a>,
    },
    /// A membership of a group.
    Group {
        /// The token that may be in the group.
        subject: Subject,
        /// The group.
        sid: Sid,
    },
}
