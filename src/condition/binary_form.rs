//! Reads a whole condition in the binary form ([MS-DTYP] 2.4.4.17.4): the signature, tokens that are an expression, and padding.

use super::{Checker, Condition, ConditionError, ConditionErrorKind, SIGNATURE, TokenErrorKind, Tokens};
use crate::limits::{Limits, MAX_CONDITION_DEPTH};

/// The most bytes of padding after the tokens.
const MAX_PADDING: usize = 3;

/// Why bytes are not a condition, and at which byte it shows, counted from the first one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BinaryFormError {
    pub(crate) kind: BinaryFormErrorKind,
    pub(crate) byte: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum BinaryFormErrorKind {
    SignatureMissing,
    Token(TokenErrorKind),
    Condition(ConditionErrorKind),
    PaddingNonzero,
    PaddingTooLong { bytes: usize },
}

impl BinaryFormError {
    #[cold]
    const fn new(kind: BinaryFormErrorKind, byte: usize) -> Self {
        Self { kind, byte }
    }

    /// Whether a limit is in the way. Then the bytes may be a condition.
    const fn is_limit(self) -> bool {
        matches!(self.kind, BinaryFormErrorKind::Condition(kind) if kind.is_limit())
    }
}

impl From<ConditionError> for BinaryFormError {
    #[cold]
    fn from(error: ConditionError) -> Self {
        Self::new(BinaryFormErrorKind::Condition(error.kind()), error.byte())
    }
}

impl Condition {
    /// Reads a condition that is all of the bytes, but for up to three zero bytes of padding.
    pub(crate) fn from_binary_form(bytes: &[u8], limits: &Limits) -> Result<Self, BinaryFormError> {
        match bytes.first_chunk() {
            Some(&SIGNATURE) => {}
            Some(_) => return Err(BinaryFormError::new(BinaryFormErrorKind::SignatureMissing, 0)),
            None => {
                let kind = BinaryFormErrorKind::Token(TokenErrorKind::Truncated);
                return Err(BinaryFormError::new(kind, 0));
            }
        }
        // The tokens of a condition that is certainly too large are not read.
        let limit = limits.condition_bytes;
        if bytes.len() > limit.saturating_add(MAX_PADDING) {
            let kind = ConditionErrorKind::ConditionTooLarge { limit };
            return Err(BinaryFormError::new(BinaryFormErrorKind::Condition(kind), 0));
        }
        let mut checker = Checker::new(limits);
        let mut tokens = Tokens::of(bytes);
        let mut start = tokens.offset();
        while let Some(token) = tokens.next() {
            let token =
                token.map_err(|error| BinaryFormError::new(BinaryFormErrorKind::Token(error.kind), error.byte))?;
            let end = tokens.offset();
            checker.make_room(end.saturating_sub(start))?;
            checker.accept(token)?;
            start = end;
        }
        let (tokens, padding) = bytes.split_at_checked(start).unwrap_or_default();
        if let Some(place) = padding.iter().position(|&byte| byte != 0) {
            let byte = start.saturating_add(place);
            return Err(BinaryFormError::new(BinaryFormErrorKind::PaddingNonzero, byte));
        }
        if padding.len() > MAX_PADDING {
            let bytes = padding.len();
            return Err(BinaryFormError::new(
                BinaryFormErrorKind::PaddingTooLong { bytes },
                start,
            ));
        }
        Ok(Self::checked(checker, tokens.to_vec())?)
    }

    /// Whether the bytes are no condition, whatever the limits are.
    pub(crate) fn is_malformed(bytes: &[u8]) -> bool {
        let limits = Limits {
            condition_bytes: usize::MAX,
            condition_depth: MAX_CONDITION_DEPTH,
            ..Limits::DEFAULT
        };
        Self::from_binary_form(bytes, &limits).is_err_and(|error| !error.is_limit())
    }
}
