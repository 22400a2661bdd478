//! What a condition asks of the world.

use super::{AttributeClass, Truth, Utf16};
use crate::{claim::Claim, sid::Sid};

/// What is known of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Lookup<T> {
    /// It has this value.
    Value(T),
    /// It is known not to be there.
    Absent,
    /// It is not known whether it is there, nor what it is: who knows has not been asked.
    Unknown,
}

/// Whose groups are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The user: `Member_of` and its kin.
    User,
    /// The device: `Device_Member_of` and its kin.
    Device,
}

/// What conditions ask. One value stands for one caller, one object and one kind of entry, and gives the same answer each time.
///
/// What counts depends on the entry that holds the condition, so the implementor decides it: in an Allow only groups that are
/// enabled ([MS-DTYP] 2.5.3.1.1) and claims that are not for denials alone
/// ([`Claim::counts_for_allow`](crate::Claim::counts_for_allow)), in a Deny deny-only groups and such claims too
/// ([`Claim::counts_for_deny`](crate::Claim::counts_for_deny)). An attribute that does not count is [`Absent`](Lookup::Absent).
pub trait Environment {
    /// The attribute of this class and name. Names are the same if [`compare_names`](super::compare_names) says so.
    ///
    /// [`Unknown`](Lookup::Unknown) is for one that may be there, with any value or none.
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim>;

    /// Whether the user or the device is in the group `sid`, or is `sid`. [`Unknown`](Truth::Unknown) is for a list that may
    /// lack it.
    fn member(&self, subject: Subject, sid: &Sid) -> Truth;
}

/// A fact that was asked for and is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownFact<'a> {
    /// An attribute, named as the condition names it.
    Attribute {
        /// Whose it is.
        class: AttributeClass,
        /// Its name.
        name: Utf16<'a>,
    },
    /// A membership.
    Group {
        /// Whose it is.
        subject: Subject,
        /// The group.
        sid: Sid,
    },
}
