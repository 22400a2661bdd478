//! A condition on its way into postfix order.

use crate::condition::{Condition, Operator, Writer};
use alloc::vec::Vec;

/// The tokens that were written, and the parentheses and operators that wait for the end of an operand.
pub(super) struct Expression {
    pub(super) tokens: Writer,
    /// The limit on their size in bytes.
    pub(super) most: usize,
    pending: Stack,
    /// The operand that was read last.
    last: Shape,
    /// The deepest operand so far.
    deepest: usize,
}

/// A parenthesis or an operator that waits for the end of an operand.
#[derive(Clone, Copy)]
pub(super) enum Pending {
    /// An open parenthesis. Parentheses directly within one another are counted: `inner` is the run that the group before the next
    /// parenthesis has, `mixed` says whether there is something else beside it.
    Group { inner: u16, mixed: bool },
    /// An operator, with its left operand, if it has one.
    Operator(Operator, Shape),
}

/// How an operand is nested, as [`Condition::from_postfix`] counts it.
#[derive(Clone, Copy, Default)]
pub(super) struct Shape {
    /// Saturated, like all counts here: the limit is far lower.
    depth: u16,
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
    /// Reserves memory for the tokens of a usual condition. `text` is the most bytes that its text can have, `limit` the most bytes that
    /// its tokens may take; lengths in the binary form have 32 bits, so the limit is never higher.
    #[inline]
    pub(super) fn new(text: usize, limit: usize) -> Self {
        const USUAL: usize = 128;
        const COUNTED: usize = 0xffff_ffff;
        Self {
            tokens: Writer::with_capacity(text.saturating_mul(2).min(USUAL)),
            most: limit.min(COUNTED),
            pending: Stack::EMPTY,
            last: Shape::TEST,
            deepest: 0,
        }
    }

    /// The number of parentheses and operators that wait.
    pub(super) const fn open(&self) -> usize {
        self.pending.len()
    }

    /// Whether nothing waits: the condition is complete.
    pub(super) const fn is_closed(&self) -> bool {
        self.pending.len() == 0
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

    /// Takes the last operator that waits in this group, if `applies` says that it is to be applied now.
    pub(super) fn pop_operator(&mut self, applies: impl FnOnce(Operator) -> bool) -> Option<Operator> {
        let Pending::Operator(operator, left) = *self.pending.last_mut()? else {
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
                depth: left.depth.max(right.depth.saturating_add(u16::from(right.junction))),
                junction: true,
            }
        };
        self.deepest = self.deepest.max(self.last.depth.into());
        Some(operator)
    }

    /// Closes the innermost group, whose operators were all applied. Returns how many parentheses directly within one another end here.
    pub(super) fn pop_group(&mut self) -> Option<u16> {
        match self.pending.pop()? {
            Pending::Group { mixed: true, .. } => Some(1),
            Pending::Group { inner, mixed: false } => Some(inner.saturating_add(1)),
            Pending::Operator(..) => None,
        }
    }

    /// Notes that the last operand is a group, with this number of parentheses directly within one another.
    pub(super) fn found_group(&mut self, run: u16) {
        if let Some(Pending::Group { inner, .. }) = self.pending.last_mut() {
            *inner = run;
        }
    }

    /// Notes that the last operand is a test or an attribute alone.
    pub(super) const fn found_test(&mut self) {
        self.last = Shape::TEST;
    }

    /// The condition, or `None` if it is nested deeper than `depth`.
    pub(super) fn finish(&mut self, depth: usize) -> Option<Condition> {
        (self.deepest <= depth).then(|| Condition::of_grammar(self.tokens.take()))
    }
}

/// A stack whose first items need no allocation.
struct Stack {
    first: [Pending; Self::FEW],
    count: usize,
    /// The items after the first few.
    more: Vec<Pending>,
}

impl Stack {
    const FEW: usize = 8;
    const EMPTY: Self = Self {
        first: [Pending::GROUP; Self::FEW],
        count: 0,
        more: Vec::new(),
    };

    const fn len(&self) -> usize {
        self.count
    }

    #[inline]
    fn push(&mut self, pending: Pending) {
        match self.first.get_mut(self.count) {
            Some(place) => *place = pending,
            None => self.more.push(pending),
        }
        self.count = self.count.wrapping_add(1);
    }

    #[inline]
    fn pop(&mut self) -> Option<Pending> {
        let last = self.last_mut().copied()?;
        self.more.pop();
        self.count = self.count.wrapping_sub(1);
        Some(last)
    }

    #[inline]
    fn last_mut(&mut self) -> Option<&mut Pending> {
        match self.more.last_mut() {
            Some(last) => Some(last),
            None => self.first.get_mut(self.count.checked_sub(1)?),
        }
    }
}
