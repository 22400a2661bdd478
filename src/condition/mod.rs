//! Conditional expressions ([\[MS-DTYP\] 2.4.4.17]): what a callback entry requires besides its trustee.
//!
//! A [`Condition`] is read from SDDL, from bytes, or from [tokens](Condition::from_postfix). [`Condition::evaluate`] computes its
//! [`Truth`] in an [`Environment`], which knows the attributes and groups of a caller.
//!
//! ```
//! use sddl_authz::{Claim, Condition, condition::{AttributeClass, Environment, Lookup, Subject, Truth, Utf16, compare_names}, Sid};
//! struct User(Claim);
//! impl Environment for User {
//!     fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
//!         match class {
//!             AttributeClass::User if compare_names(name, self.0.name()).is_eq() => Lookup::Value(&self.0),
//!             _ => Lookup::Absent,
//!         }
//!     }
//!     fn member(&self, _: Subject, _: &Sid) -> Truth {
//!         Truth::False
//!     }
//! }
//! let user = User(r#"("Title",TS,0,"PM")"#.parse()?);
//! let condition: Condition = r#"(@User.Title == "PM")"#.parse()?;
//! assert_eq!(condition.evaluate(&user), Truth::True);
//! # Ok::<(), sddl_authz::sddl::ParseError>(())
//! ```
//!
//! [\[MS-DTYP\] 2.4.4.17]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2

mod binary_form;
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
#[cfg(feature = "capability-names")]
pub(crate) use fold::fold as upper_case;
pub use operator::{Operator, OperatorKind};
pub(crate) use token::SIGNATURE;
pub use token::{Attribute, AttributeClass, Integer, Literal, Radix, Sign, Token, Width};
pub use truth::{Truth, TruthSet};
pub use utf16::Utf16;

pub(crate) use binary_form::BinaryFormErrorKind;
pub(crate) use checker::Checker;
pub(crate) use reader::{COMPOSITE, LiteralRef, SID, STRING, TokenErrorKind, TokenRef, Tokens};
pub(crate) use writer::Writer;

use crate::limits::{Limits, MAX_CONDITION_DEPTH};
use alloc::vec::Vec;
use core::fmt;

/// The most operands that are on the stack at once while a condition is evaluated: three at depth 0 (`a && b == c`), and one more for each
/// level.
#[doc(hidden)]
pub const MAX_WAITING_OPERANDS: usize = MAX_CONDITION_DEPTH + 3;

/// A conditional expression ([\[MS-DTYP\] 2.4.4.17]). It is always valid: each operator has operands that it takes, and the expression has
/// one result.
///
/// It is stored in its binary form, with its tokens in postfix order.
///
/// ```
/// use sddl_authz::{Condition, condition::{Operator, Token}};
/// let condition: Condition = "(Exists a && !(Exists b))".parse()?;
/// assert_eq!(condition.tokens().last(), Some(Token::Operator(Operator::And)));
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
///
/// [\[MS-DTYP\] 2.4.4.17]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The signature and the tokens, without padding.
    bytes: Vec<u8>,
}

impl Condition {
    /// Makes a condition of tokens in postfix order.
    ///
    /// [`OperatorKind`] says which operands an operator takes. An attribute alone is a condition. A literal alone is not one, and is not an
    /// operand of `&&`, `||` and `!`: [\[MS-DTYP\] 2.4.4.17.7] calls that an error.
    ///
    /// ```
    /// use sddl_authz::{Condition, Limits, condition::{Attribute, AttributeClass, Operator, Token}};
    /// let attribute = Attribute { class: AttributeClass::User, name: "Title".into() };
    /// let tokens = [Token::Attribute(attribute), Token::Operator(Operator::Not)];
    /// assert_eq!(Condition::from_postfix(tokens, &Limits::default())?, "(!(@User.Title))".parse()?);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the tokens are not an expression, or one beyond the limits.
    ///
    /// [\[MS-DTYP\] 2.4.4.17.7]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
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
        Self::checked(checker, writer.take())
    }

    /// Makes a condition of tokens that were checked. `bytes` is their binary form, with the signature.
    pub(crate) fn checked(checker: Checker, bytes: Vec<u8>) -> Result<Self, ConditionError> {
        checker.finish()?;
        Ok(Self { bytes })
    }

    /// Takes the bytes that the grammar of SDDL wrote. The grammar has checked that they are an expression within the limits.
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

    /// The tokens, in postfix order, without a copy.
    pub(crate) fn read(&self) -> impl Iterator<Item = TokenRef<'_>> + Clone {
        Tokens::of(&self.bytes).map_while(Result::ok)
    }

    /// The binary form: the signature and the tokens, without padding.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The length of the binary form in bytes: the signature and the tokens, without padding.
    ///
    /// ```
    /// use sddl_authz::Condition;
    /// // The signature; an attribute, its code, length and two UTF-16 units; an operator.
    /// assert_eq!("(Exists ab)".parse::<Condition>()?.encoded_len(), 4 + (1 + 4 + 4) + 1);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.bytes.len()
    }
}

/// Prints the list of tokens.
impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tokens()).finish()
    }
}
