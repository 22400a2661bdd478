//! Conditional expressions ([MS-DTYP] 2.4.4.17): what a callback entry asks besides who is asking.

mod error;
mod evaluate;
mod facts;
mod fold;
mod operator;
mod token;
mod truth;
mod value;

pub use error::{ConditionError, ConditionErrorKind};
pub use facts::{Fact, Facts, Missing, Subject};
pub use fold::compare_names;
pub use operator::{Operator, OperatorKind};
pub use token::{Attribute, AttributeClass, Base, Integer, Literal, Sign, Token, Width};
pub use truth::{Truth, Verdict};

use crate::limits::{Limits, MAX_CONDITION_DEPTH};
use alloc::vec::Vec;

/// The four bytes that a condition begins with in the binary form: `artx` ([MS-DTYP] 2.4.4.17.4).
pub const SIGNATURE: [u8; 4] = *b"artx";

/// The most operands that wait at once while a condition is evaluated in the order of its tokens: three at depth 0
/// (`a && b == c`), one more for each level.
pub const MAX_WAITING_OPERANDS: usize = MAX_CONDITION_DEPTH + 3;

/// A conditional expression ([MS-DTYP] 2.4.4.17), valid by construction: each operator has operands that it takes, and one result remains.
///
/// Kept as its tokens in postfix order, the order of the binary form. Evaluating them in that order never has more than
/// [`MAX_WAITING_OPERANDS`] operands waiting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    tokens: Vec<Token>,
    /// What they take in the binary form, with the signature.
    bytes: usize,
}

impl Condition {
    /// The condition that these tokens make, in postfix order.
    ///
    /// What may be an operand of what is said with [`OperatorKind`]. A bare attribute is a condition; a literal is none, and is no
    /// operand of a logical operator ([MS-DTYP] 2.4.4.17.7 calls it an error).
    ///
    /// # Errors
    /// When the tokens are no expression, or one beyond the limits.
    pub fn from_postfix(tokens: Vec<Token>, limits: &Limits) -> Result<Self, ConditionError> {
        let mut checker = Checker {
            waiting: Vec::new(),
            depth: limits.condition_depth.min(MAX_CONDITION_DEPTH),
        };
        let mut byte = SIGNATURE.len();
        for (index, token) in tokens.iter().enumerate() {
            let error = |kind| ConditionError {
                kind,
                token: index,
                byte,
            };
            let end = byte.saturating_add(token.encoded_len());
            if end > limits.condition_bytes {
                return Err(error(ConditionErrorKind::ConditionTooLarge {
                    limit: limits.condition_bytes,
                }));
            }
            checker.token(token).map_err(error)?;
            byte = end;
        }
        match checker.finish() {
            Ok(()) => Ok(Self { tokens, bytes: byte }),
            Err(kind) => Err(ConditionError {
                kind,
                token: tokens.len(),
                byte,
            }),
        }
    }

    /// The condition of tokens that the grammar of SDDL put in order, and what they take in the binary form, with the signature.
    ///
    /// They are an expression, no deeper than it may be.
    pub(crate) fn of_grammar(tokens: Vec<Token>, bytes: usize) -> Self {
        let condition = Self { tokens, bytes };
        if cfg!(debug_assertions) {
            let limits = Limits {
                condition_bytes: bytes,
                ..Limits::DEFAULT
            };
            let checked = Self::from_postfix(condition.tokens.clone(), &limits);
            debug_assert_eq!(checked.as_ref(), Ok(&condition));
        }
        condition
    }

    /// The tokens, in postfix order.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Bytes of the binary form: the signature and the tokens, without padding.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.bytes
    }
}

/// What waits to be taken by an operator.
#[derive(Clone, Copy)]
enum Operand {
    Attribute,
    Integer,
    Sid,
    /// A string or octets.
    Other,
    Composite,
    Result {
        depth: usize,
        /// Whether it comes from `&&` or `||`.
        junction: bool,
    },
}

/// Evaluates the tokens by the kinds of their values alone.
struct Checker {
    waiting: Vec<Operand>,
    depth: usize,
}

impl Checker {
    fn token(&mut self, token: &Token) -> Result<(), ConditionErrorKind> {
        let operand = match token {
            Token::Literal(literal) => {
                check_literal(literal)?;
                match literal {
                    Literal::Integer(_) => Operand::Integer,
                    Literal::String(_) | Literal::Octets(_) => Operand::Other,
                    Literal::Sid(_) => Operand::Sid,
                }
            }
            Token::Composite(members) => {
                members.iter().try_for_each(check_literal)?;
                Operand::Composite
            }
            Token::Attribute(attribute) if attribute.name.is_empty() => {
                return Err(ConditionErrorKind::AttributeNameEmpty);
            }
            Token::Attribute(attribute) if attribute.name.contains('\0') => {
                return Err(ConditionErrorKind::AttributeNameHasNul);
            }
            Token::Attribute(_) => Operand::Attribute,
            Token::Operator(operator) => self.operate(*operator)?,
        };
        self.waiting.push(operand);
        Ok(())
    }

    fn operate(&mut self, operator: Operator) -> Result<Operand, ConditionErrorKind> {
        let missing = ConditionErrorKind::OperandMissing { operator };
        let unfit = ConditionErrorKind::OperandUnfit { operator };
        let last = self.waiting.pop().ok_or(missing)?;
        let test = Operand::Result {
            depth: 0,
            junction: false,
        };
        let result = match operator.kind() {
            OperatorKind::Comparison => {
                let left = self.waiting.pop().ok_or(missing)?;
                (matches!(left, Operand::Attribute) && last.is_value()).then_some(test)
            }
            OperatorKind::Set => {
                let left = self.waiting.pop().ok_or(missing)?;
                // The text of an integer on the left is that of a local attribute's name.
                (left.is_value() && !matches!(left, Operand::Integer) && last.is_value()).then_some(test)
            }
            OperatorKind::Membership => matches!(last, Operand::Sid | Operand::Composite).then_some(test),
            OperatorKind::Existence => matches!(last, Operand::Attribute).then_some(test),
            OperatorKind::Junction => {
                let left = self.waiting.pop().ok_or(missing)?;
                let (left, _) = left.truth().ok_or(unfit)?;
                let (right, nested) = last.truth().ok_or(unfit)?;
                Some(Operand::Result {
                    depth: left.max(right.saturating_add(usize::from(nested))),
                    junction: true,
                })
            }
            OperatorKind::Negation => {
                let (inner, _) = last.truth().ok_or(unfit)?;
                Some(Operand::Result {
                    depth: inner.saturating_add(1),
                    junction: false,
                })
            }
        };
        let result = result.ok_or(unfit)?;
        match result.truth() {
            Some((depth, _)) if depth > self.depth => Err(ConditionErrorKind::ConditionTooDeep { limit: self.depth }),
            Some(_) | None => Ok(result),
        }
    }

    fn finish(mut self) -> Result<(), ConditionErrorKind> {
        let result = self.waiting.pop().ok_or(ConditionErrorKind::ConditionEmpty)?;
        if !self.waiting.is_empty() {
            return Err(ConditionErrorKind::OperandLeftOver);
        }
        result.truth().map(drop).ok_or(ConditionErrorKind::ResultMissing)
    }
}

impl Operand {
    const fn is_value(self) -> bool {
        !matches!(self, Self::Result { .. })
    }

    /// The depth of what may be true or false, and whether it is a junction.
    const fn truth(self) -> Option<(usize, bool)> {
        match self {
            Self::Attribute => Some((0, false)),
            Self::Result { depth, junction } => Some((depth, junction)),
            Self::Integer | Self::Sid | Self::Other | Self::Composite => None,
        }
    }
}

fn check_literal(literal: &Literal) -> Result<(), ConditionErrorKind> {
    match literal {
        Literal::Integer(integer) if integer.is_contradictory() => Err(ConditionErrorKind::IntegerSignContradicted),
        Literal::String(text) if text.contains('\0') => Err(ConditionErrorKind::StringHasNul),
        Literal::Integer(_) | Literal::String(_) | Literal::Octets(_) | Literal::Sid(_) => Ok(()),
    }
}
