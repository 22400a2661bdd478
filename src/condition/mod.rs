//! Conditional expressions ([MS-DTYP] 2.4.4.17): what a callback entry asks besides who is asking.

mod block;
mod environment;
mod error;
mod evaluate;
mod fold;
mod operator;
mod token;
mod truth;
mod utf16;
mod value;

pub use environment::{Environment, Lookup, Subject, UnknownFact};
pub use error::{ConditionError, ConditionErrorKind};
pub use fold::compare_names;
pub use operator::{Operator, OperatorKind};
pub use token::{Attribute, AttributeClass, Integer, Literal, Radix, Sign, Token, Width};
pub use truth::{Truth, TruthSet};
pub use utf16::Utf16;

pub(crate) use block::{COMPOSITE, LiteralRef, OCTETS, SID, STRING, TokenRef, Tokens, Writer};

use crate::limits::{Limits, MAX_CONDITION_DEPTH};
use alloc::vec::Vec;
use core::fmt;

/// The four bytes that a condition begins with in the binary form: `artx` ([MS-DTYP] 2.4.4.17.4).
pub const SIGNATURE: [u8; 4] = *b"artx";

/// The most operands that wait at once while a condition is evaluated in the order of its tokens: three at depth 0
/// (`a && b == c`), one more for each level.
pub const MAX_WAITING_OPERANDS: usize = MAX_CONDITION_DEPTH + 3;

/// A conditional expression ([MS-DTYP] 2.4.4.17), valid by construction: each operator has operands that it takes, and one result remains.
///
/// Kept in its binary form, tokens in postfix order. Evaluating them in that order never has more than [`MAX_WAITING_OPERANDS`]
/// operands waiting.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The signature and the tokens, without padding.
    bytes: Vec<u8>,
}

impl Condition {
    /// The condition that these tokens make, in postfix order.
    ///
    /// What may be an operand of what is said with [`OperatorKind`]. A bare attribute is a condition; a literal is none, and is no
    /// operand of a logical operator ([MS-DTYP] 2.4.4.17.7 calls it an error).
    ///
    /// # Errors
    /// When the tokens are no expression, or one beyond the limits.
    pub fn from_postfix(tokens: impl IntoIterator<Item = Token>, limits: &Limits) -> Result<Self, ConditionError> {
        let mut checker = Checker::new(limits);
        let mut writer = Writer::with_capacity(SIGNATURE.len());
        for token in tokens {
            checker.make_room(token.encoded_len())?;
            let start = writer.bytes().len();
            writer.token(&token);
            checker.token(Tokens::at(writer.bytes(), start).next())?;
        }
        checker.finish()?;
        let bytes = writer.take();
        Ok(Self { bytes })
    }

    /// The condition in these bytes: the signature and whole tokens, without padding.
    pub(crate) fn from_bytes(bytes: Vec<u8>, limits: &Limits) -> Result<Self, ConditionError> {
        let mut checker = Checker::new(limits);
        let mut tokens = Tokens::of(&bytes);
        while !tokens.rest().is_empty() {
            let before = tokens.rest().len();
            let token = tokens.next();
            checker.make_room(before.saturating_sub(tokens.rest().len()))?;
            checker.token(token)?;
        }
        checker.finish()?;
        Ok(Self { bytes })
    }

    /// The condition that the grammar of SDDL wrote: an expression, no deeper than it may be.
    pub(crate) fn of_grammar(bytes: Vec<u8>) -> Self {
        let condition = Self { bytes };
        if cfg!(debug_assertions) {
            let limits = Limits {
                condition_bytes: condition.bytes.len(),
                ..Limits::DEFAULT
            };
            let checked = Self::from_postfix(condition.tokens(), &limits);
            debug_assert_eq!(checked.as_ref(), Ok(&condition));
        }
        condition
    }

    /// The tokens, in postfix order.
    pub fn tokens(&self) -> impl Iterator<Item = Token> + Clone {
        self.read().filter_map(TokenRef::to_token)
    }

    /// The same without a copy.
    pub(crate) fn read(&self) -> Tokens<'_> {
        Tokens::of(&self.bytes)
    }

    /// The binary form: the signature and the tokens, without padding.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes of the binary form: the signature and the tokens, without padding.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.bytes.len()
    }
}

/// As its tokens.
impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tokens()).finish()
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
    bytes: usize,
    /// How many tokens were accepted.
    count: usize,
    /// What they take in the binary form, with the signature.
    start: usize,
    /// The same with the next one.
    end: usize,
}

impl Checker {
    fn new(limits: &Limits) -> Self {
        Self {
            waiting: Vec::new(),
            depth: limits.condition_depth.min(MAX_CONDITION_DEPTH),
            bytes: limits.condition_bytes,
            count: 0,
            start: SIGNATURE.len(),
            end: SIGNATURE.len(),
        }
    }

    const fn error(&self, kind: ConditionErrorKind) -> ConditionError {
        ConditionError {
            kind,
            token: self.count,
            byte: self.start,
        }
    }

    /// Refuses a token of so many bytes where it would be too long. Counts in the binary form have 32 bits, whatever the limit is.
    fn make_room(&mut self, bytes: usize) -> Result<(), ConditionError> {
        self.end = self.start.saturating_add(bytes);
        if self.end > self.bytes || u32::try_from(self.end).is_err() {
            return Err(self.error(ConditionErrorKind::ConditionTooLarge { limit: self.bytes }));
        }
        Ok(())
    }

    /// The next token; one that can't be read is none.
    fn token(&mut self, token: Option<TokenRef<'_>>) -> Result<(), ConditionError> {
        let operand = token
            .ok_or(ConditionErrorKind::ConditionEmpty)
            .and_then(|token| self.operand(token));
        self.waiting.push(operand.map_err(|kind| self.error(kind))?);
        self.count = self.count.saturating_add(1);
        self.start = self.end;
        Ok(())
    }

    fn operand(&mut self, token: TokenRef<'_>) -> Result<Operand, ConditionErrorKind> {
        match token {
            TokenRef::Literal(literal) => {
                check_literal(literal)?;
                Ok(match literal {
                    LiteralRef::Integer(_) => Operand::Integer,
                    LiteralRef::String(_) | LiteralRef::Octets(_) => Operand::Other,
                    LiteralRef::Sid(_) => Operand::Sid,
                })
            }
            TokenRef::Composite(mut members) => {
                members.try_for_each(check_literal)?;
                Ok(Operand::Composite)
            }
            TokenRef::Attribute(_, name) if name.is_empty() => Err(ConditionErrorKind::AttributeNameEmpty),
            TokenRef::Attribute(_, name) if name.has_nul() => Err(ConditionErrorKind::AttributeNameHasNul),
            TokenRef::Attribute(..) => Ok(Operand::Attribute),
            TokenRef::Operator(operator) => self.operate(operator),
        }
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

    fn finish(mut self) -> Result<(), ConditionError> {
        let result = match self.waiting.pop() {
            None => Err(ConditionErrorKind::ConditionEmpty),
            Some(_) if !self.waiting.is_empty() => Err(ConditionErrorKind::OperandLeftOver),
            Some(result) => result.truth().map(drop).ok_or(ConditionErrorKind::ResultMissing),
        };
        result.map_err(|kind| self.error(kind))
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

fn check_literal(literal: LiteralRef<'_>) -> Result<(), ConditionErrorKind> {
    match literal {
        LiteralRef::Integer(integer) if integer.is_contradictory() => Err(ConditionErrorKind::IntegerSignContradicted),
        LiteralRef::String(text) if text.has_nul() => Err(ConditionErrorKind::StringHasNul),
        LiteralRef::Integer(_) | LiteralRef::String(_) | LiteralRef::Octets(_) | LiteralRef::Sid(_) => Ok(()),
    }
}
