//! The value of a conditional expression ([MS-DTYP] 2.4.4.17.6 and 2.4.4.17.7).
//!
//! The tokens are read once, with the operands on a stack of fixed size. There is no recursion and no allocation. Evaluation never stops
//! early, so it asks for every attribute and group.
//!
//! Two rules of the specification are easily missed. An operand that its operator does not take (values of two types, `Exists` for a claim
//! of the user) makes the *whole* expression unknown. An attribute that is absent or empty makes only the result of its own operator
//! unknown. Where Windows is known to differ from the specification, this evaluation gives the result that grants less.

use super::{
    AttributeClass, Condition, Environment, LiteralRef, Lookup, MAX_WAITING_OPERANDS, Operator, OperatorKind, Subject,
    TokenRef, Tokens, Truth, TruthSet, UnknownFact,
    value::{Pair, Unfit, Values, is_too_large},
};
use crate::claim::Claim;
use core::cmp::Ordering;

impl Condition {
    /// Computes the truth value ([\[MS-DTYP\] 2.4.4.17.7]). It is [`Unknown`](Truth::Unknown) if it depends on attributes or groups that
    /// are not known. The page of the [module](crate::condition) has an example.
    ///
    /// Nothing is allocated. Where the specification leaves a choice, or Windows differs from it, these are the rules:
    ///
    /// - An attribute that is absent or has no value makes its operator unknown. The exception is an empty composite: `Contains {}` is false,
    ///   and `Not_Contains {}` is true, for every attribute.
    /// - `==` and `!=` compare the sets of values and their numbers. The order of the values does not matter. `<`, `<=`, `>` and `>=` are
    ///   unknown if a side is a composite or has several values.
    /// - Integers compare as numbers, signed or unsigned. A literal without a sign is positive, in every base: `0xffffffffffffffff` is
    ///   2^64 - 1, and not -1. Octet strings compare byte by byte.
    /// - Values of two different types can't be compared. A boolean attribute compares with the literals 0 and 1, but with no other
    ///   integer. SIDs and booleans have no order. (Inferred.)
    /// - Strings compare as [`compare_names`](super::compare_names) says. If a side is a claim with
    ///   [`CASE_SENSITIVE`](crate::claim::ClaimFlags::CASE_SENSITIVE), they compare exactly.
    /// - `Any_of` does not take a single literal on its right. `Contains` does.
    /// - `Exists` takes local and resource attributes. It is unknown for attributes of the user and the device, and for an attribute without
    ///   values.
    /// - `Member_of {}`, and each other test of membership in an empty composite, is unknown. (Inferred.)
    /// - `a && !(b)` and `a || !(b)` are unknown if `a` and `b` are attributes, as on Windows. This does not hold for `!(b) && a` and for
    ///   `a && !(b == 1)`.
    /// - If comparing two sets would cost more than [`MAX_SET_WORK`](crate::limits::MAX_SET_WORK), the expression is unknown.
    ///
    /// [\[MS-DTYP\] 2.4.4.17.7]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2
    pub fn evaluate(&self, facts: &(impl Environment + ?Sized)) -> Truth {
        self.evaluate_with(facts, |_| ()).truth()
    }

    /// Computes the truth values that the condition can have, and calls `missing` for each attribute and group that is not known. The calls
    /// are in the order of the tokens, and may repeat.
    ///
    /// The condition asks for each of its operands, even if the result does not depend on it any more. So once all facts that `missing` was
    /// called for are known, the result is [certain](TruthSet::is_certain). A certain result does not depend on the missing facts.
    /// [`TruthSet`] has an example.
    pub fn evaluate_with<'a>(
        &'a self,
        facts: &(impl Environment + ?Sized),
        missing: impl FnMut(UnknownFact<'a>),
    ) -> TruthSet {
        self.evaluate_to_limit(facts, missing).0
    }

    /// Computes the truth values as [`evaluate_with`](Self::evaluate_with) does. Also returns whether the condition is unknown because
    /// comparing two sets would cost too much.
    pub(crate) fn evaluate_to_limit<'a>(
        &'a self,
        facts: &(impl Environment + ?Sized),
        mut missing: impl FnMut(UnknownFact<'a>),
    ) -> (TruthSet, bool) {
        let mut evaluation = Evaluation {
            waiting: [None; MAX_WAITING_OPERANDS],
            count: 0,
            failed: false,
            may_fail: false,
            is_cut: false,
        };
        let mut tokens = Tokens::of(&self.bytes);
        for token in tokens.by_ref().map_while(Result::ok) {
            let operand = evaluation.token(token, facts, &mut missing).unwrap_or_else(|Unfit| {
                evaluation.failed = true;
                Operand::result(TruthSet::certain(Truth::Unknown))
            });
            evaluation.push(operand);
        }
        evaluation.failed |= !tokens.is_empty();
        let is_cut = evaluation.is_cut;
        (evaluation.finish(), is_cut)
    }
}

/// An operand on the stack. `'t` is the lifetime of the condition, `'f` that of the environment.
#[derive(Clone, Copy)]
enum Operand<'t, 'f> {
    Attribute {
        class: AttributeClass,
        fact: Lookup<&'f Claim>,
    },
    Values(Values<'t>),
    Result {
        verdict: TruthSet,
        /// Whether this is the result of `!` for an attribute.
        negated_attribute: bool,
    },
}

/// The values of an operand.
#[derive(Clone, Copy)]
enum Seen<'a> {
    Values(Values<'a>),
    /// The attribute is absent, or has no values.
    Nothing,
    Missing,
}

impl<'t: 'f, 'f> Operand<'t, 'f> {
    const fn result(verdict: TruthSet) -> Self {
        Self::Result {
            verdict,
            negated_attribute: false,
        }
    }

    fn values(self) -> Result<Seen<'f>, Unfit> {
        match self {
            Self::Attribute { fact, .. } => Ok(match fact {
                Lookup::Value(claim) if claim.values().is_empty() => Seen::Nothing,
                Lookup::Value(claim) => Seen::Values(Values::Claim(claim)),
                Lookup::Absent => Seen::Nothing,
                Lookup::Unknown => Seen::Missing,
            }),
            Self::Values(values) => Ok(Seen::Values(values)),
            Self::Result { .. } => Err(Unfit),
        }
    }

    fn verdict(self) -> Result<TruthSet, Unfit> {
        match self {
            Self::Attribute { fact, .. } => Ok(match fact {
                Lookup::Value(claim) => TruthSet::certain(Values::Claim(claim).truth()),
                Lookup::Absent => TruthSet::certain(Truth::Unknown),
                Lookup::Unknown => TruthSet::ANY,
            }),
            Self::Values(_) => Err(Unfit),
            Self::Result { verdict, .. } => Ok(verdict),
        }
    }

    fn exists(self) -> Result<TruthSet, Unfit> {
        match self {
            Self::Attribute {
                class: AttributeClass::Local | AttributeClass::Resource,
                fact,
            } => Ok(match fact {
                Lookup::Value(claim) if claim.values().is_empty() => TruthSet::certain(Truth::Unknown),
                Lookup::Value(_) => TruthSet::certain(Truth::True),
                Lookup::Absent => TruthSet::certain(Truth::False),
                Lookup::Unknown => TruthSet::ANY,
            }),
            Self::Attribute {
                class: AttributeClass::User | AttributeClass::Device,
                ..
            }
            | Self::Values(_)
            | Self::Result { .. } => Err(Unfit),
        }
    }
}

/// The state between two tokens.
struct Evaluation<'t, 'f> {
    // The stack: the first `count` places are `Some`. A valid condition never needs more places, and never takes more than there are.
    waiting: [Option<Operand<'t, 'f>>; MAX_WAITING_OPERANDS],
    count: usize,
    /// Whether an operator had operands that it does not take.
    failed: bool,
    /// Whether an operator may have such operands, depending on the values of an unknown attribute.
    may_fail: bool,
    /// Whether comparing two sets would cost too much.
    is_cut: bool,
}

impl<'t: 'f, 'f> Evaluation<'t, 'f> {
    fn push(&mut self, operand: Operand<'t, 'f>) {
        match self.waiting.get_mut(self.count) {
            Some(place) => *place = Some(operand),
            None => self.failed = true,
        }
        self.count = self.count.saturating_add(1);
    }

    fn pop(&mut self) -> Result<Operand<'t, 'f>, Unfit> {
        self.count = self.count.saturating_sub(1);
        self.waiting.get_mut(self.count).and_then(Option::take).ok_or(Unfit)
    }

    fn finish(mut self) -> TruthSet {
        match self.pop().and_then(Operand::verdict) {
            Ok(verdict) if !self.failed && self.may_fail => verdict.or_unknown(),
            Ok(verdict) if !self.failed => verdict,
            Ok(_) | Err(Unfit) => TruthSet::certain(Truth::Unknown),
        }
    }

    fn token(
        &mut self,
        token: TokenRef<'t>,
        facts: &'f (impl Environment + ?Sized),
        missing: &mut impl FnMut(UnknownFact<'t>),
    ) -> Result<Operand<'t, 'f>, Unfit> {
        let operator = match token {
            TokenRef::Literal(literal) => return Ok(Operand::Values(Values::One(literal))),
            TokenRef::Composite(members) => return Ok(Operand::Values(Values::Many(members))),
            TokenRef::Attribute(class, name) => {
                let fact = facts.attribute(class, name);
                if matches!(fact, Lookup::Unknown) {
                    missing(UnknownFact::Attribute { class, name });
                }
                return Ok(Operand::Attribute { class, fact });
            }
            TokenRef::Operator(operator) => operator,
        };
        let last = self.pop()?;
        Ok(Operand::result(match operator.kind() {
            OperatorKind::Comparison | OperatorKind::Set => {
                let left = self.pop()?;
                self.relation(operator, left.values()?, last.values()?)?
            }
            OperatorKind::Junction => junction(operator, self.pop()?, last)?,
            OperatorKind::Membership => membership(operator, last, facts, missing)?,
            OperatorKind::Existence if operator == Operator::NotExists => last.exists()?.not(),
            OperatorKind::Existence => last.exists()?,
            OperatorKind::Negation => {
                return Ok(Operand::Result {
                    verdict: last.verdict()?.not(),
                    negated_attribute: matches!(last, Operand::Attribute { .. }),
                });
            }
        }))
    }

    /// The result of a comparison or a set operator.
    fn relation(&mut self, operator: Operator, left: Seen<'_>, right: Seen<'_>) -> Result<TruthSet, Unfit> {
        let mut relations = RELATIONS.iter();
        let &(_, relation, negated) = relations.find(|row| row.0 == operator).ok_or(Unfit)?;
        let verdict = match (left, right) {
            // As on Windows, no attribute contains an empty composite, not even an absent one.
            (_, Seen::Values(Values::Many(members)))
                if members.is_empty() && matches!(relation, Relation::Contains) =>
            {
                TruthSet::certain(Truth::False)
            }
            (Seen::Nothing, _) | (_, Seen::Nothing) => TruthSet::certain(Truth::Unknown),
            (Seen::Missing, _) | (_, Seen::Missing) => {
                self.may_fail = true;
                TruthSet::ANY
            }
            (Seen::Values(left), Seen::Values(right)) => {
                let holds = relation.holds(left, right);
                self.is_cut |= holds.is_err() && is_too_large(left, right);
                TruthSet::certain(holds?)
            }
        };
        Ok(if negated { verdict.not() } else { verdict })
    }
}

/// The relation of two operands that an operator tests.
#[derive(Clone, Copy)]
enum Relation {
    Equal,
    Contains,
    Meets,
    Ordered(fn(Ordering) -> bool),
}

/// The relation that each comparison and set operator tests, and whether its result is negated.
const RELATIONS: [(Operator, Relation, bool); 10] = [
    (Operator::Equal, Relation::Equal, false),
    (Operator::NotEqual, Relation::Equal, true),
    (Operator::Less, Relation::Ordered(Ordering::is_lt), false),
    (Operator::LessOrEqual, Relation::Ordered(Ordering::is_le), false),
    (Operator::Greater, Relation::Ordered(Ordering::is_gt), false),
    (Operator::GreaterOrEqual, Relation::Ordered(Ordering::is_ge), false),
    (Operator::Contains, Relation::Contains, false),
    (Operator::NotContains, Relation::Contains, true),
    (Operator::AnyOf, Relation::Meets, false),
    (Operator::NotAnyOf, Relation::Meets, true),
];

impl Relation {
    fn holds(self, left: Values<'_>, right: Values<'_>) -> Result<Truth, Unfit> {
        let pair = Pair::new(left, right)?;
        match (self, right) {
            (Self::Meets, Values::One(_)) => Err(Unfit),
            (Self::Meets, Values::Claim(_) | Values::Many(_)) => Ok(Truth::from(pair.meets())),
            (Self::Equal, _) => Ok(Truth::from(pair.is_equal())),
            (Self::Contains, _) => Ok(Truth::from(pair.contains())),
            (Self::Ordered(fits), _) => {
                let order = pair.order()?;
                Ok(order.map_or(Truth::Unknown, |order| Truth::from(fits(order))))
            }
        }
    }
}

/// The result of `&&` or `||`.
fn junction(operator: Operator, left: Operand<'_, '_>, right: Operand<'_, '_>) -> Result<TruthSet, Unfit> {
    let negated_attribute = matches!(
        right,
        Operand::Result {
            negated_attribute: true,
            ..
        }
    );
    let (left_verdict, right_verdict) = (left.verdict()?, right.verdict()?);
    Ok(if negated_attribute && matches!(left, Operand::Attribute { .. }) {
        // This is no rule of the specification, but Windows does it.
        TruthSet::certain(Truth::Unknown)
    } else if operator == Operator::And {
        left_verdict.and(right_verdict)
    } else {
        left_verdict.or(right_verdict)
    })
}

/// For each membership operator: the token whose groups it tests, whether one group is enough, and whether its result is negated.
const MEMBERSHIPS: [(Operator, Subject, bool, bool); 8] = [
    (Operator::MemberOf, Subject::User, false, false),
    (Operator::NotMemberOf, Subject::User, false, true),
    (Operator::MemberOfAny, Subject::User, true, false),
    (Operator::NotMemberOfAny, Subject::User, true, true),
    (Operator::DeviceMemberOf, Subject::Device, false, false),
    (Operator::NotDeviceMemberOf, Subject::Device, false, true),
    (Operator::DeviceMemberOfAny, Subject::Device, true, false),
    (Operator::NotDeviceMemberOfAny, Subject::Device, true, true),
];

/// The result of a membership operator.
fn membership<'t>(
    operator: Operator,
    operand: Operand<'t, '_>,
    facts: &(impl Environment + ?Sized),
    missing: &mut impl FnMut(UnknownFact<'t>),
) -> Result<TruthSet, Unfit> {
    let mut memberships = MEMBERSHIPS.iter();
    let &(_, subject, any, negated) = memberships.find(|row| row.0 == operator).ok_or(Unfit)?;
    let groups = match operand {
        Operand::Values(groups @ Values::One(_)) => groups,
        Operand::Values(groups @ Values::Many(members)) if !members.is_empty() => groups,
        Operand::Values(_) | Operand::Attribute { .. } | Operand::Result { .. } => return Err(Unfit),
    };
    let mut verdict = TruthSet::certain(Truth::from(!any));
    for group in groups.literals() {
        let LiteralRef::Sid(sid) = group else {
            return Err(Unfit);
        };
        let sid = sid.to_sid();
        let member = match facts.member(subject, &sid) {
            Truth::Unknown => {
                missing(UnknownFact::Group { subject, sid });
                TruthSet::EITHER
            }
            known @ (Truth::True | Truth::False) => TruthSet::certain(known),
        };
        verdict = if any { verdict.or(member) } else { verdict.and(member) };
    }
    Ok(if negated { verdict.not() } else { verdict })
}
