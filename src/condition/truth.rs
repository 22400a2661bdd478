//! The three truth values of [MS-DTYP] 2.4.4.17.7, and sets of them.

use core::ops::{BitAnd, BitOr, Not};

/// The result of a conditional expression ([\[MS-DTYP\] 2.4.4.17.7]).
///
/// An Allow entry applies if its condition is [`True`](Self::True). A Deny entry applies if it is `True` or [`Unknown`](Self::Unknown).
///
/// ```
/// use sddl_authz::condition::Truth;
/// assert_eq!(Truth::False & Truth::Unknown, Truth::False);
/// assert_eq!(Truth::True | Truth::Unknown, Truth::True);
/// assert_eq!(!Truth::Unknown, Truth::Unknown);
/// ```
///
/// [\[MS-DTYP\] 2.4.4.17.7]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Truth {
    /// The condition is fulfilled.
    True,
    /// The condition is not fulfilled.
    False,
    /// Neither true nor false: an attribute is absent, or values can't be compared.
    Unknown,
}

impl Truth {
    /// All truth values.
    pub const ALL: [Self; 3] = [Self::True, Self::False, Self::Unknown];

    /// `&&`: false if either is false, true if both are true, and otherwise unknown. The operator `&` is this function.
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            (Self::Unknown, Self::True | Self::Unknown) | (Self::True, Self::Unknown) => Self::Unknown,
        }
    }

    /// `||`: true if either is true, false if both are false, and otherwise unknown. The operator `|` is this function.
    pub const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// `!`: true for false, false for true, and unknown for unknown. The operator `!` is this function.
    pub const fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl BitAnd for Truth {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitOr for Truth {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// The truth values that a condition can still have while some attributes or groups are unknown. There is one if no unknown fact matters.
///
/// Whatever the unknown facts turn out to be, the truth value of the condition is in the set. The set may be larger than needed: two uses of
/// one unknown attribute are treated as independent.
///
/// ```
/// use sddl_authz::{Claim, Condition, Sid, condition::{AttributeClass, Environment, Lookup, Subject, Truth, Utf16}};
/// struct Nothing;
/// impl Environment for Nothing {
///     fn attribute(&self, _: AttributeClass, _: Utf16<'_>) -> Lookup<&Claim> {
///         Lookup::Unknown
///     }
///     fn member(&self, _: Subject, _: &Sid) -> Truth {
///         Truth::Unknown
///     }
/// }
/// let condition: Condition = "(Member_of {SID(BA)})".parse()?;
/// let mut unknown = 0;
/// let truths = condition.evaluate_with(&Nothing, |_| unknown += 1);
/// assert!(!truths.is_certain() && truths.can_be(Truth::True) && truths.can_be(Truth::False));
/// assert_eq!(unknown, 1);
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct TruthSet {
    // At least one of these is true.
    can_be_true: bool,
    can_be_false: bool,
    can_be_unknown: bool,
}

impl TruthSet {
    /// All truth values.
    pub(super) const ANY: Self = Self {
        can_be_true: true,
        can_be_false: true,
        can_be_unknown: true,
    };

    /// True and false.
    pub(super) const EITHER: Self = Self {
        can_be_unknown: false,
        ..Self::ANY
    };

    pub(super) const fn certain(truth: Truth) -> Self {
        Self {
            can_be_true: matches!(truth, Truth::True),
            can_be_false: matches!(truth, Truth::False),
            can_be_unknown: matches!(truth, Truth::Unknown),
        }
    }

    /// This set and unknown.
    pub(super) const fn or_unknown(self) -> Self {
        Self {
            can_be_unknown: true,
            ..self
        }
    }

    /// Whether the condition can have this truth value.
    #[must_use]
    pub const fn can_be(self, truth: Truth) -> bool {
        match truth {
            Truth::True => self.can_be_true,
            Truth::False => self.can_be_false,
            Truth::Unknown => self.can_be_unknown,
        }
    }

    /// Whether there is only one truth value, [`truth`](Self::truth), whatever the unknown facts are.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        matches!(
            (self.can_be_true, self.can_be_false, self.can_be_unknown),
            (true, false, false) | (false, true, false) | (false, false, true)
        )
    }

    /// The truth value if there is only one, and otherwise [`Unknown`](Truth::Unknown).
    pub const fn truth(self) -> Truth {
        match (self.can_be_true, self.can_be_false, self.can_be_unknown) {
            (true, false, false) => Truth::True,
            (false, true, false) => Truth::False,
            (_, _, true) | (true, true, false) | (false, false, false) => Truth::Unknown,
        }
    }

    /// The results of `&&` for each value of this set with each value of the other.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            can_be_true: self.can_be_true && other.can_be_true,
            can_be_false: self.can_be_false || other.can_be_false,
            can_be_unknown: (self.can_be_unknown && (other.can_be_unknown || other.can_be_true))
                || (self.can_be_true && other.can_be_unknown),
        }
    }

    /// The results of `||` for each value of this set with each value of the other.
    pub(super) const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// The results of `!` for each value of this set.
    pub(super) const fn not(self) -> Self {
        Self {
            can_be_true: self.can_be_false,
            can_be_false: self.can_be_true,
            can_be_unknown: self.can_be_unknown,
        }
    }
}
