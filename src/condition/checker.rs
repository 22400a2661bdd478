//! Checks that tokens are a conditional expression ([MS-DTYP] 2.4.4.17.4 to 2.4.4.17.7).

use super::{ConditionError, ConditionErrorKind, LiteralRef, Operator, OperatorKind, SIGNATURE, TokenRef};
use crate::limits::{Limits, MAX_CONDITION_DEPTH};
use alloc::vec::Vec;

/// The kind of an operand. [`Checker`] evaluates an expression with kinds in place of values.
#[derive(Clone, Copy)]
enum Operand {
    Attribute,
    Sid,
    /// An integer, a string or an octet string.
    Other,
    Composite,
    /// The result of an operator.
    Result {
        depth: usize,
        /// Whether the operator was `&&` or `||`.
        junction: bool,
    },
}

/// Checks that tokens in postfix order are an expression within the limits.
pub(crate) struct Checker {
    /// The operands that no operator has taken yet.
    operands: Vec<Operand>,
    max_depth: usize,
    max_bytes: usize,
    /// The number of tokens accepted.
    count: usize,
    /// The bytes of the signature and the accepted tokens.
    start: usize,
    /// The bytes of the signature, the accepted tokens and the next one.
    end: usize,
}

impl Checker {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            operands: Vec::new(),
            max_depth: limits.condition_depth.min(MAX_CONDITION_DEPTH),
            max_bytes: limits.condition_bytes,
            count: 0,
            start: SIGNATURE.len(),
            end: SIGNATURE.len(),
        }
    }

    #[cold]
    const fn error(&self, kind: ConditionErrorKind) -> ConditionError {
        ConditionError {
            kind,
            token: self.count,
            byte: self.start,
        }
    }

    #[cold]
    pub(super) const fn too_large(&self) -> ConditionError {
        self.error(ConditionErrorKind::ConditionTooLarge { limit: self.max_bytes })
    }

    /// Announces that the next token has `bytes` bytes. Fails if the condition would be longer than the limit, or longer than the counts of
    /// 32 bits in the binary form can say.
    #[inline]
    pub(crate) fn make_room(&mut self, bytes: usize) -> Result<(), ConditionError> {
        self.end = self.start.saturating_add(bytes);
        if self.end > self.max_bytes || u32::try_from(self.end).is_err() {
            return Err(self.too_large());
        }
        Ok(())
    }

    /// Accepts the next token, whose length [`make_room`](Self::make_room) was told.
    pub(crate) fn accept(&mut self, token: TokenRef<'_>) -> Result<(), ConditionError> {
        let operand = self.operand(token).map_err(|kind| self.error(kind))?;
        self.operands.push(operand);
        self.count = self.count.saturating_add(1);
        self.start = self.end;
        Ok(())
    }

    fn operand(&mut self, token: TokenRef<'_>) -> Result<Operand, ConditionErrorKind> {
        match token {
            TokenRef::Literal(literal) => {
                check_literal(literal)?;
                Ok(match literal {
                    LiteralRef::Integer(_) | LiteralRef::String(_) | LiteralRef::Octets(_) => Operand::Other,
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
        let last = self.operands.pop().ok_or(missing)?;
        let test = Operand::Result {
            depth: 0,
            junction: false,
        };
        let result = match operator.kind() {
            OperatorKind::Comparison | OperatorKind::Set => {
                let left = self.operands.pop().ok_or(missing)?;
                (matches!(left, Operand::Attribute) && last.is_value()).then_some(test)
            }
            OperatorKind::Membership => matches!(last, Operand::Sid | Operand::Composite).then_some(test),
            OperatorKind::Existence => matches!(last, Operand::Attribute).then_some(test),
            OperatorKind::Junction => {
                let left = self.operands.pop().ok_or(missing)?;
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
            Some((depth, _)) if depth > self.max_depth => {
                Err(ConditionErrorKind::ConditionTooDeep { limit: self.max_depth })
            }
            Some(_) | None => Ok(result),
        }
    }

    /// Checks that the accepted tokens have one result.
    pub(super) fn finish(mut self) -> Result<(), ConditionError> {
        let result = match self.operands.pop() {
            None => Err(ConditionErrorKind::ConditionEmpty),
            Some(_) if !self.operands.is_empty() => Err(ConditionErrorKind::OperandLeftOver),
            Some(result) => result.truth().ok_or(ConditionErrorKind::ResultMissing),
        };
        match result {
            Ok(_) => Ok(()),
            Err(kind) => Err(self.error(kind)),
        }
    }
}

impl Operand {
    const fn is_value(self) -> bool {
        !matches!(self, Self::Result { .. })
    }

    /// The depth of an operand that has a truth value, and whether it is the result of `&&` or `||`.
    const fn truth(self) -> Option<(usize, bool)> {
        match self {
            Self::Attribute => Some((0, false)),
            Self::Result { depth, junction } => Some((depth, junction)),
            Self::Sid | Self::Other | Self::Composite => None,
        }
    }
}

fn check_literal(literal: LiteralRef<'_>) -> Result<(), ConditionErrorKind> {
    match literal {
        LiteralRef::Integer(integer) if integer.is_contradictory() => Err(ConditionErrorKind::IntegerSignContradicted),
        LiteralRef::Integer(integer) if !integer.fits_width() => Err(ConditionErrorKind::IntegerOutOfRange),
        LiteralRef::String(text) if text.has_nul() => Err(ConditionErrorKind::StringHasNul),
        LiteralRef::Integer(_) | LiteralRef::String(_) | LiteralRef::Octets(_) | LiteralRef::Sid(_) => Ok(()),
    }
}
