//! The operators of conditional expressions ([MS-DTYP] 2.4.4.17.6 and 2.4.4.17.7) are one table.

use core::fmt;

/// An operator ([\[MS-DTYP\] 2.4.4.17.6 and 2.4.4.17.7]). It prints as its token in SDDL.
///
/// ```
/// use sddl_authz::condition::Operator;
/// assert_eq!(Operator::from_token("any_of"), Some(Operator::AnyOf));
/// assert_eq!(Operator::AnyOf.to_string(), "Any_of");
/// assert_eq!((Operator::AnyOf.code(), Operator::AnyOf.arity()), (0x88, 2));
/// ```
///
/// [\[MS-DTYP\] 2.4.4.17.6 and 2.4.4.17.7]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Operator {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `Contains`: the left side has all values of the right one.
    Contains,
    /// `Exists`.
    Exists,
    /// `Any_of`: the left side has a value of the right one.
    AnyOf,
    /// `Member_of`: the user is in all of these groups.
    MemberOf,
    /// `Device_Member_of`: the device is in all of these groups.
    DeviceMemberOf,
    /// `Member_of_Any`: the user is in one of these groups.
    MemberOfAny,
    /// `Device_Member_of_Any`: the device is in one of these groups.
    DeviceMemberOfAny,
    /// `Not_Exists`.
    NotExists,
    /// `Not_Contains`.
    NotContains,
    /// `Not_Any_of`.
    NotAnyOf,
    /// `Not_Member_of`.
    NotMemberOf,
    /// `Not_Device_Member_of`.
    NotDeviceMemberOf,
    /// `Not_Member_of_Any`.
    NotMemberOfAny,
    /// `Not_Device_Member_of_Any`.
    NotDeviceMemberOfAny,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `!`.
    Not,
}

/// The kind of an operator, and the operands that operators of this kind take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum OperatorKind {
    /// A comparison takes an attribute on the left, and any value on the right.
    Comparison,
    /// A comparison of sets takes an attribute on the left, and any value on the right.
    Set,
    /// A test of membership takes a SID or a composite of SIDs.
    Membership,
    /// A test of existence takes an attribute.
    Existence,
    /// `&&` and `||` take a result or an attribute on each side.
    Junction,
    /// `!` takes a result or an attribute.
    Negation,
}

impl Operator {
    /// All operators, in the order of their codes.
    pub const ALL: &'static [Self] = &[
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Contains,
        Self::Exists,
        Self::AnyOf,
        Self::MemberOf,
        Self::DeviceMemberOf,
        Self::MemberOfAny,
        Self::DeviceMemberOfAny,
        Self::NotExists,
        Self::NotContains,
        Self::NotAnyOf,
        Self::NotMemberOf,
        Self::NotDeviceMemberOf,
        Self::NotMemberOfAny,
        Self::NotDeviceMemberOfAny,
        Self::And,
        Self::Or,
        Self::Not,
    ];

    const fn row(self) -> (u8, &'static str, OperatorKind) {
        use OperatorKind as K;
        match self {
            Self::Equal => (0x80, "==", K::Comparison),
            Self::NotEqual => (0x81, "!=", K::Comparison),
            Self::Less => (0x82, "<", K::Comparison),
            Self::LessOrEqual => (0x83, "<=", K::Comparison),
            Self::Greater => (0x84, ">", K::Comparison),
            Self::GreaterOrEqual => (0x85, ">=", K::Comparison),
            Self::Contains => (0x86, "Contains", K::Set),
            Self::Exists => (0x87, "Exists", K::Existence),
            Self::AnyOf => (0x88, "Any_of", K::Set),
            Self::MemberOf => (0x89, "Member_of", K::Membership),
            Self::DeviceMemberOf => (0x8a, "Device_Member_of", K::Membership),
            Self::MemberOfAny => (0x8b, "Member_of_any", K::Membership),
            Self::DeviceMemberOfAny => (0x8c, "Device_Member_of_Any", K::Membership),
            Self::NotExists => (0x8d, "Not_Exists", K::Existence),
            Self::NotContains => (0x8e, "Not_Contains", K::Set),
            Self::NotAnyOf => (0x8f, "Not_Any_of", K::Set),
            Self::NotMemberOf => (0x90, "Not_Member_of", K::Membership),
            Self::NotDeviceMemberOf => (0x91, "Not_Device_Member_of", K::Membership),
            Self::NotMemberOfAny => (0x92, "Not_Member_of_Any", K::Membership),
            Self::NotDeviceMemberOfAny => (0x93, "Not_Device_Member_of_Any", K::Membership),
            Self::And => (0xa0, "&&", K::Junction),
            Self::Or => (0xa1, "||", K::Junction),
            Self::Not => (0xa2, "!", K::Negation),
        }
    }

    /// The operator with this code in the binary form.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        let place = match code {
            0x80..=0x93 => code.wrapping_sub(0x80),
            // In `ALL`, these follow the 0x14 operators before.
            0xa0..=0xa2 => code.wrapping_sub(0xa0 - 0x14),
            _ => return None,
        };
        Self::ALL.get(usize::from(place)).copied()
    }

    /// The operator with this token in SDDL. Upper and lower case are equal.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::from_word(token.as_bytes())
    }

    /// The operator with this token in SDDL, in bytes.
    pub(crate) fn from_word(word: &[u8]) -> Option<Self> {
        let same_length = BY_LENGTH.get(word.len())?;
        let mut known = same_length.iter().map_while(|&known| known);
        // Most words are in the upper and lower case that Windows prints.
        let found = known.find(|(token, _)| word == *token || is_token(word, token));
        found.map(|(_, operator)| operator)
    }

    /// The code in the binary form.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.row().0
    }

    /// The token in SDDL, as Windows prints it. Those of `Exists`, `Not_…` and `Device_Member_of_Any` are inferred.
    #[must_use]
    pub const fn token(self) -> &'static str {
        self.row().1
    }

    /// The kind of the operator, which says which operands it takes.
    #[must_use]
    pub const fn kind(self) -> OperatorKind {
        self.row().2
    }

    /// The number of operands: 1 or 2.
    #[must_use]
    pub const fn arity(self) -> usize {
        match self.kind() {
            OperatorKind::Comparison | OperatorKind::Set | OperatorKind::Junction => 2,
            OperatorKind::Membership | OperatorKind::Existence | OperatorKind::Negation => 1,
        }
    }
}

/// The bytes of a token, and its operator.
type TokenRow = (&'static [u8], Operator);

/// The operators by the length of their tokens.
static BY_LENGTH: [[Option<TokenRow>; 6]; 25] = {
    let (mut by_length, mut row) = ([[None; 6]; 25], 0);
    #[expect(clippy::indexing_slicing, reason = "the compiler runs this")]
    while row < Operator::ALL.len() {
        let token = Operator::ALL[row].token().as_bytes();
        let same_length = &mut by_length[token.len()];
        let mut index = 0;
        while same_length[index].is_some() {
            index += 1;
        }
        same_length[index] = Some((token, Operator::ALL[row]));
        row += 1;
    }
    by_length
};

/// Whether a word is a token of equal length, in any case. Known words of equal length differ in their last letter, so the comparison
/// begins at the end.
#[inline]
fn is_token(word: &[u8], token: &[u8]) -> bool {
    let mut pairs = word.iter().zip(token).rev();
    pairs.all(|(letter, known)| letter == known || (letter ^ known == 0x20 && known.is_ascii_alphabetic()))
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.token())
    }
}
