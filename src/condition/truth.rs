//! The three truth values of [MS-DTYP] 2.4.4.17.7, and what is left of them when facts are missing.

/// The result of a conditional expression ([MS-DTYP] 2.4.4.17.7).
///
/// An Allow applies if its condition is [`True`](Self::True), a Deny if it is `True` or [`Unknown`](Self::Unknown).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// Neither: an attribute is absent, or values do not compare.
    Unknown,
}

impl Truth {
    /// Every truth value.
    pub const ALL: [Self; 3] = [Self::True, Self::False, Self::Unknown];

    /// `&&`: false if either is, true if both are, else unknown.
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            (Self::Unknown, Self::True | Self::Unknown) | (Self::True, Self::Unknown) => Self::Unknown,
        }
    }

    /// `||`: true if either is, false if both are, else unknown.
    pub const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// `!`: unknown stays unknown.
    pub const fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// What a condition can come to, given the facts that are known: one truth value if no missing fact matters, else several.
///
/// Whatever the missing facts turn out to be, the condition comes to one of these; not to each of them, perhaps, since an
/// attribute that is asked for twice is taken for two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct TruthSet {
    // At least one is set.
    can_be_true: bool,
    can_be_false: bool,
    can_be_unknown: bool,
}

impl TruthSet {
    /// Nothing is known.
    pub(super) const ANY: Self = Self {
        can_be_true: true,
        can_be_false: true,
        can_be_unknown: true,
    };

    /// It holds or does not, who knows which.
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

    /// As it is, or unknown.
    pub(super) const fn or_unknown(self) -> Self {
        Self {
            can_be_unknown: true,
            ..self
        }
    }

    /// Whether missing facts can make the condition come to `truth`.
    #[must_use]
    pub const fn can_be(self, truth: Truth) -> bool {
        match truth {
            Truth::True => self.can_be_true,
            Truth::False => self.can_be_false,
            Truth::Unknown => self.can_be_unknown,
        }
    }

    /// Whether no missing fact matters: the condition comes to [`truth`](Self::truth) whatever they are.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        matches!(
            (self.can_be_true, self.can_be_false, self.can_be_unknown),
            (true, false, false) | (false, true, false) | (false, false, true)
        )
    }

    /// The truth value; unknown where missing facts leave more than one.
    pub const fn truth(self) -> Truth {
        match (self.can_be_true, self.can_be_false, self.can_be_unknown) {
            (true, false, false) => Truth::True,
            (false, true, false) => Truth::False,
            (_, _, true) | (true, true, false) | (false, false, false) => Truth::Unknown,
        }
    }

    /// What `&&` makes of each on the left with each on the right.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            can_be_true: self.can_be_true && other.can_be_true,
            can_be_false: self.can_be_false || other.can_be_false,
            can_be_unknown: (self.can_be_unknown && (other.can_be_unknown || other.can_be_true))
                || (self.can_be_true && other.can_be_unknown),
        }
    }

    /// What `||` makes of each on the left with each on the right.
    pub(super) const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// What `!` makes of each.
    pub(super) const fn not(self) -> Self {
        Self {
            can_be_true: self.can_be_false,
            can_be_false: self.can_be_true,
            can_be_unknown: self.can_be_unknown,
        }
    }
}
