use super::Operator;

/// The error of tokens that are not a conditional expression: what is wrong, and at which token.
///
/// ```
/// use sddl_authz::{Condition, Limits, condition::{Operator, Token}};
/// let error = Condition::from_postfix([Token::Operator(Operator::Not)], &Limits::default()).unwrap_err();
/// assert_eq!((error.code(), error.token()), ("operand_missing", 0));
/// assert_eq!(error.to_string(), "an operand of `!` is missing at token 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at token {token}")]
pub struct ConditionError {
    pub(super) kind: ConditionErrorKind,
    pub(super) token: usize,
    pub(super) byte: usize,
}

impl ConditionError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> ConditionErrorKind {
        self.kind
    }

    /// A stable code for programs: [`ConditionErrorKind::code`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The index of the token at which the error shows, from 0. If something is missing after the last token, the number of tokens.
    #[must_use]
    pub const fn token(&self) -> usize {
        self.token
    }

    /// The offset of that token in the binary form, in bytes from the start of the signature.
    #[must_use]
    pub const fn byte(&self) -> usize {
        self.byte
    }
}

/// The kinds of [`ConditionError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConditionErrorKind {
    /// There are no tokens.
    #[error("the condition is empty")]
    ConditionEmpty,
    /// The binary form is longer than the limit.
    #[error("the condition has more than {limit} bytes")]
    ConditionTooLarge {
        /// The limit in force.
        limit: usize,
    },
    /// Negations and right operands of `&&` and `||` are nested too deeply.
    #[error("the condition is nested deeper than {limit}")]
    ConditionTooDeep {
        /// The limit in force.
        limit: usize,
    },
    /// An operator has too few operands before it.
    #[error("an operand of `{operator}` is missing")]
    OperandMissing {
        /// The operator.
        operator: Operator,
    },
    /// An operator has an operand of a kind that it does not take: [`OperatorKind`](super::OperatorKind) says which kinds it takes.
    #[error("`{operator}` does not take such an operand")]
    OperandUnfit {
        /// The operator.
        operator: Operator,
    },
    /// After the last token, more than one operand is left.
    #[error("an operand is left over")]
    OperandLeftOver,
    /// The operand that is left after the last token is a literal or a composite, which is neither true nor false.
    #[error("the condition is a value without a test")]
    ResultMissing,
    /// The name of an attribute is empty.
    #[error("the name of an attribute is empty")]
    AttributeNameEmpty,
    /// The name of an attribute contains U+0000.
    #[error("the name of an attribute contains U+0000")]
    AttributeNameHasNul,
    /// A string contains U+0000.
    #[error("a string contains U+0000")]
    StringHasNul,
    /// The value of an integer contradicts its sign: it is positive after `-`, or negative after `+` or without a sign.
    #[error("an integer contradicts its sign")]
    IntegerSignContradicted,
    /// The value of an integer is outside the range of its [`Width`](super::Width): 300 as an integer of 8 bits.
    #[error("an integer is outside the range of its width")]
    IntegerOutOfRange,
}

impl ConditionErrorKind {
    /// A stable code for programs: the name of the variant in `snake_case`.
    ///
    /// ```
    /// use sddl_authz::condition::ConditionErrorKind;
    /// assert_eq!(ConditionErrorKind::ConditionEmpty.code(), "condition_empty");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ConditionEmpty => "condition_empty",
            Self::ConditionTooLarge { .. } => "condition_too_large",
            Self::ConditionTooDeep { .. } => "condition_too_deep",
            Self::OperandMissing { .. } => "operand_missing",
            Self::OperandUnfit { .. } => "operand_unfit",
            Self::OperandLeftOver => "operand_left_over",
            Self::ResultMissing => "result_missing",
            Self::AttributeNameEmpty => "attribute_name_empty",
            Self::AttributeNameHasNul => "attribute_name_has_nul",
            Self::StringHasNul => "string_has_nul",
            Self::IntegerSignContradicted => "integer_sign_contradicted",
            Self::IntegerOutOfRange => "integer_out_of_range",
        }
    }

    /// Whether the condition is beyond a limit, and may be valid.
    pub(crate) const fn is_limit(self) -> bool {
        matches!(self, Self::ConditionTooLarge { .. } | Self::ConditionTooDeep { .. })
    }
}
