//! Conditions of which the verdict is known: each set of verdicts that unknown facts can leave.

use super::Who;
use crate::{
    Condition, Limits,
    ace::ApplicationData,
    condition::{Attribute, AttributeClass, Integer, Literal, Operator, Radix, Sign, Token, Width},
};

/// The application data of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// The entry is of a type without application data.
    None,
    /// The entry is of a type with application data, and has none.
    Missing,
    /// The application data is not a condition.
    Opaque,
    True,
    False,
    Unknown,
    /// It may be true, false and unknown.
    Any,
    /// It may be true and false.
    TrueOrFalse,
    TrueOrUnknown,
    FalseOrUnknown,
    /// It is unknown, since an attribute of the object is there twice: nobody can find out more.
    Repeated,
    /// It is true in an entry that denies and unknown in one that allows, since the group is deny-only.
    DenyOnlyGroup,
    /// It is true in an entry that denies and unknown in one that allows, since the claim is deny-only.
    DenyOnlyClaim,
    /// It is true, and asks for an attribute of the object.
    ObjectTrue,
    /// It asks for a claim of the device. The user has such a claim, and of the device nothing is known.
    DeviceClaim,
    /// It asks whether the device is in a group. The user is in it, and of the device nothing is known.
    DeviceGroup,
    /// It is unknown, since the claim is disabled.
    DisabledClaim,
    /// It is unknown, since the attribute of the object is disabled: nobody can find out more.
    DisabledAttribute,
    /// It is true in an entry that denies and unknown in one that allows, since the attribute of the object is deny-only.
    DenyOnlyAttribute,
    /// It is unknown, since an attribute of the object has the same value twice.
    RepeatedValue,
}

impl Data {
    pub const ALL: [Self; 20] = [
        Self::None,
        Self::Missing,
        Self::Opaque,
        Self::True,
        Self::False,
        Self::Unknown,
        Self::Any,
        Self::TrueOrFalse,
        Self::TrueOrUnknown,
        Self::FalseOrUnknown,
        Self::Repeated,
        Self::DenyOnlyGroup,
        Self::DenyOnlyClaim,
        Self::ObjectTrue,
        Self::DeviceClaim,
        Self::DeviceGroup,
        Self::DisabledClaim,
        Self::DisabledAttribute,
        Self::DenyOnlyAttribute,
        Self::RepeatedValue,
    ];

    pub fn application_data(self) -> ApplicationData {
        use AttributeClass::{Device, Resource, User};
        // The claim `one` is 1, `absent` is absent, and of `doubtful` nothing is known: it may be of another type, too.
        let tokens = match self {
            Self::None | Self::Missing => return ApplicationData::None,
            Self::Opaque => return ApplicationData::Opaque(vec![1; 4].into()),
            Self::True => equal(User, "one", 1),
            Self::False => equal(User, "one", 2),
            Self::Unknown => equal(User, "absent", 1),
            Self::Any => equal(User, "doubtful", 1),
            Self::TrueOrFalse => member(Who::Doubtful(50), Operator::MemberOf),
            Self::TrueOrUnknown => joined(equal(User, "one", 1), equal(User, "doubtful", 1), Operator::Or),
            Self::FalseOrUnknown => joined(equal(User, "one", 2), equal(User, "doubtful", 1), Operator::And),
            Self::Repeated => equal(Resource, "twice", 1),
            Self::DenyOnlyGroup => member(Who::DenyOnly, Operator::MemberOf),
            Self::DenyOnlyClaim => equal(User, "denies", 1),
            Self::ObjectTrue => equal(Resource, "one", 1),
            Self::DeviceClaim => equal(Device, "one", 1),
            Self::DeviceGroup => member(Who::Held, Operator::DeviceMemberOf),
            Self::DisabledClaim => equal(User, "disabled", 1),
            Self::DisabledAttribute => equal(Resource, "disabled", 1),
            Self::DenyOnlyAttribute => equal(Resource, "denies", 1),
            Self::RepeatedValue => equal(Resource, "same", 1),
        };
        ApplicationData::Condition(Condition::from_postfix(tokens, &Limits::DEFAULT).unwrap())
    }
}

/// The values that a condition can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub can_be_true: bool,
    pub can_be_false: bool,
    pub can_be_unknown: bool,
}

/// The values that the condition can have in an entry that denies, or in one that allows. `None` if the data is not a condition.
pub fn verdict(data: Data, denies: bool, groups_known: bool) -> Option<Verdict> {
    let values = |can_be_true, can_be_false, can_be_unknown| Verdict {
        can_be_true,
        can_be_false,
        can_be_unknown,
    };
    Some(match data {
        Data::None | Data::Missing | Data::Opaque => return None,
        Data::True | Data::ObjectTrue => values(true, false, false),
        Data::False => values(false, true, false),
        Data::Unknown | Data::Repeated | Data::DisabledClaim | Data::DisabledAttribute | Data::RepeatedValue => {
            values(false, false, true)
        }
        Data::Any | Data::DeviceClaim => values(true, true, true),
        Data::TrueOrFalse | Data::DeviceGroup if groups_known => values(false, true, false),
        Data::TrueOrFalse | Data::DeviceGroup => values(true, true, false),
        Data::TrueOrUnknown => values(true, false, true),
        Data::FalseOrUnknown => values(false, true, true),
        Data::DenyOnlyGroup | Data::DenyOnlyClaim | Data::DenyOnlyAttribute if denies => values(true, false, false),
        Data::DenyOnlyGroup | Data::DenyOnlyClaim | Data::DenyOnlyAttribute => values(false, false, true),
    })
}

fn equal(class: AttributeClass, name: &str, value: i64) -> Vec<Token> {
    let number = Integer {
        value,
        sign: Sign::None,
        base: Radix::Decimal,
        width: Width::Int64,
    };
    vec![
        Token::Attribute(Attribute {
            class,
            name: name.into(),
        }),
        Token::Literal(Literal::Integer(number)),
        Token::Operator(Operator::Equal),
    ]
}

fn member(who: Who, operator: Operator) -> Vec<Token> {
    vec![Token::Literal(Literal::Sid(who.sid())), Token::Operator(operator)]
}

fn joined(left: Vec<Token>, right: Vec<Token>, operator: Operator) -> Vec<Token> {
    [left, right, vec![Token::Operator(operator)]].concat()
}
