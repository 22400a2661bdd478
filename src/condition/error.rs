use super::Operator;

/// Why tokens are no conditional expression, and where.
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

    /// The token where it shows, counted from 0; the number of tokens where something is missing after the last one.
    #[must_use]
    pub const fn token(&self) -> usize {
        self.token
    }

    /// Where that token stands in the binary form: bytes from the start of the signature.
    #[must_use]
    pub const fn byte(&self) -> usize {
        self.byte
    }
}

/// What can be wrong with the tokens of a conditional expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConditionErrorKind {
    /// There is no token at all.
    #[error("the condition is empty")]
    ConditionEmpty,
    /// The binary form is too long.
    #[error("the condition has more than {limit} bytes")]
    ConditionTooLarge {
        /// The limit in force.
        limit: usize,
    },
    /// Too many negations and right operands within one another.
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
    /// An operator has an operand of a kind that it does not take.
    #[error("`{operator}` does not take such an operand")]
    OperandUnfit {
        /// The operator.
        operator: Operator,
    },
    /// More than one result remains.
    #[error("an operand is left over")]
    OperandLeftOver,
    /// What remains is a value, which is neither true nor false.
    #[error("the condition is a value without a test")]
    ResultMissing,
    /// An attribute without a name.
    #[error("the name of an attribute is empty")]
    AttributeNameEmpty,
    /// U+0000 in the name of an attribute.
    #[error("the name of an attribute contains U+0000")]
    AttributeNameHasNul,
    /// U+0000 in a string.
    #[error("a string contains U+0000")]
    StringHasNul,
    /// The value of an integer is not what its sign says.
    #[error("an integer contradicts its sign")]
    IntegerSignContradicted,
}
