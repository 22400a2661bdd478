//! A condition on its way into postfix order.

use crate::condition::{Attribute, Condition, Literal, Operator, SIGNATURE, Token};
use alloc::vec::Vec;

/// The tokens so far, and what waits for the end of its operand.
pub(super) struct Expression {
    tokens: Vec<Token>,
    pending: Vec<Pending>,
    /// What the tokens take in the binary form, with the signature.
    bytes: usize,
    /// The operand that was read last.
    last: Shape,
    /// The deepest operand so far.
    deepest: usize,
}

/// What waits for the end of its operand.
pub(super) enum Pending {
    /// An open parenthesis. Parentheses directly within one another are counted: `inner` is the run that the group before the next
    /// parenthesis has, `mixed` says that something else stands beside it.
    Group { inner: usize, mixed: bool },
    /// An operator, with its left operand, if it has one.
    Operator(Operator, Shape),
}

/// How an operand is nested, as [`Condition::from_postfix`] counts it.
#[derive(Clone, Copy, Default)]
pub(super) struct Shape {
    depth: usize,
    /// Whether it comes from `&&` or `||`.
    junction: bool,
}

impl Shape {
    const TEST: Self = Self {
        depth: 0,
        junction: false,
    };
}

impl Pending {
    pub(super) const GROUP: Self = Self::Group { inner: 0, mixed: false };
    pub(super) const NOT: Self = Self::Operator(Operator::Not, Shape::TEST);
}

impl Expression {
    /// Of a text of so many bytes at most: makes room for the tokens of a usual condition.
    pub(super) fn new(text: usize) -> Self {
        const USUAL_LEN: usize = 8;
        const MOST: usize = 12;
        let tokens = (text / USUAL_LEN).clamp(4, MOST);
        Self {
            tokens: Vec::with_capacity(tokens),
            pending: Vec::with_capacity(MOST),
            bytes: SIGNATURE.len(),
            last: Shape::TEST,
            deepest: 0,
        }
    }

    /// How many parentheses and operators wait.
    pub(super) const fn open(&self) -> usize {
        self.pending.len()
    }

    /// Whether nothing waits any more.
    pub(super) const fn is_closed(&self) -> bool {
        self.pending.is_empty()
    }

    pub(super) fn push(&mut self, pending: Pending) {
        self.pending.push(pending);
    }

    /// An operator waits that has its left operand. The innermost group then holds more than a group.
    pub(super) fn push_junction(&mut self, operator: Operator) {
        if let Some(Pending::Group { mixed, .. }) = self.pending.last_mut() {
            *mixed = true;
        }
        self.pending.push(Pending::Operator(operator, self.last));
    }

    /// The operator waiting last, in this group, if it is to be applied now, which it is.
    pub(super) fn pop_operator(&mut self, applies: impl FnOnce(Operator) -> bool) -> Option<Operator> {
        let &Pending::Operator(operator, left) = self.pending.last()? else {
            return None;
        };
        if !applies(operator) {
            return None;
        }
        self.pending.pop();
        let right = self.last;
        self.last = if operator == Operator::Not {
            Shape {
                depth: right.depth.saturating_add(1),
                junction: false,
            }
        } else {
            Shape {
                depth: left.depth.max(right.depth.saturating_add(usize::from(right.junction))),
                junction: true,
            }
        };
        self.deepest = self.deepest.max(self.last.depth);
        Some(operator)
    }

    /// Closes the innermost group, all of whose operators are applied; the run of parentheses directly within one another that it ends.
    pub(super) fn pop_group(&mut self) -> Option<usize> {
        match self.pending.pop()? {
            Pending::Group { mixed: true, .. } => Some(1),
            Pending::Group { inner, mixed: false } => Some(inner.saturating_add(1)),
            Pending::Operator(..) => None,
        }
    }

    /// The operand read last is a group that has this run.
    pub(super) fn found_group(&mut self, run: usize) {
        if let Some(Pending::Group { inner, .. }) = self.pending.last_mut() {
            *inner = run;
        }
    }

    /// The operand read last is a test or a bare attribute.
    pub(super) const fn found_test(&mut self) {
        self.last = Shape::TEST;
    }

    /// What the tokens take in the binary form, with the signature.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The token that was added last.
    pub(super) fn last(&self) -> Option<&Token> {
        self.tokens.last()
    }

    pub(super) fn add_literal(&mut self, literal: Literal) {
        self.bytes = self.bytes.saturating_add(literal.encoded_len());
        self.tokens.push(Token::Literal(literal));
    }

    pub(super) fn add_composite(&mut self, members: Vec<Literal>) {
        let composite = Token::Composite(members);
        self.bytes = self.bytes.saturating_add(composite.encoded_len());
        self.tokens.push(composite);
    }

    pub(super) fn add_attribute(&mut self, attribute: Attribute) {
        self.bytes = self.bytes.saturating_add(attribute.encoded_len());
        self.tokens.push(Token::Attribute(attribute));
    }

    pub(super) fn add_operator(&mut self, operator: Operator) {
        self.bytes = self.bytes.saturating_add(1);
        self.tokens.push(Token::Operator(operator));
    }

    /// The condition, unless it is nested deeper than this.
    pub(super) fn finish(self, depth: usize) -> Option<Condition> {
        (self.deepest <= depth).then(|| Condition::of_grammar(self.tokens, self.bytes))
    }
}
