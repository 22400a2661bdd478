//! Conditional expressions ([MS-DTYP] 2.4.4.17): what a callback entry asks besides who is asking.

mod checker;
mod environment;
mod error;
mod evaluate;
mod fold;
mod operator;
mod reader;
mod token;
mod truth;
mod utf16;
mod value;
mod writer;

pub use environment::{Environment, Lookup, Subject, UnknownFact};
pub use error::{ConditionError, ConditionErrorKind};
pub use fold::compare_names;
pub use operator::{Operator, OperatorKind};
pub use token::{Attribute, AttributeClass, Integer, Literal, Radix, Sign, Token, Width};
pub use truth::{Truth, TruthSet};
pub use utf16::Utf16;

pub(crate) use checker::Checker;
pub(crate) use reader::{COMPOSITE, LiteralRef, SID, STRING, TokenErrorKind, TokenRef, Tokens};
pub(crate) use writer::Writer;

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
            // The only token that can't be read back is one too large for its count.
            let Some(Ok(token)) = Tokens::at(writer.bytes(), start).next() else {
                return Err(checker.too_large());
            };
            checker.accept(token)?;
        }
        checker.finish(writer.take())
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
        self.read().map(TokenRef::to_token)
    }

    /// The same without a copy.
    pub(crate) fn read(&self) -> impl Iterator<Item = TokenRef<'_>> + Clone {
        Tokens::of(&self.bytes).map_while(Result::ok)
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
