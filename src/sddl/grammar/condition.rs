//! Conditional expressions ([MS-DTYP] 2.5.1.1), read into postfix order with explicit stacks.

use super::{Grammar, Input, Parsed, Watch};
use crate::{
    condition::{Attribute, Condition, ConditionErrorKind, Operator, OperatorKind, SIGNATURE, Token},
    limits::MAX_CONDITION_DEPTH,
    sddl::{ParseErrorKind, ViolationKind},
};
use alloc::{string::String, vec::Vec};

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// A whole text as a condition.
    pub(in crate::sddl) fn condition_alone(&self) -> Result<Condition, super::Fault> {
        self.whole(|input| {
            let (rest, condition) = self.condition(after_white_space(input))?;
            Ok((after_white_space(rest), condition))
        })
    }

    /// `(…)`, from its first parenthesis to the one that closes it.
    ///
    /// Operators wait on a stack until one that binds less tightly comes ([MS-DTYP] 2.4.4.17.3): `!`, then `&&`, then `||`.
    pub(super) fn condition(&self, start: Input<'t>) -> Parsed<'t, Condition> {
        let [b'(', ..] = start else {
            return self.refuse_at(ParseErrorKind::ConditionMissing, start);
        };
        let mut expression = Expression::default();
        let mut input = start;
        loop {
            input = self.operand(&mut expression, input)?.0;
            loop {
                input = after_white_space(input);
                let (operator, rest) = match input {
                    [b'&', b'&', rest @ ..] => (Operator::And, rest),
                    [b'|', b'|', rest @ ..] => (Operator::Or, rest),
                    [b')', rest @ ..] => {
                        self.close_group(&mut expression, input, rest)?;
                        input = rest;
                        if expression.pending.is_empty() {
                            return self.finish_condition(expression, start, input);
                        }
                        continue;
                    }
                    [] => return self.refuse_at(ParseErrorKind::ConditionUnclosed, input),
                    _ => return self.refuse_word(ParseErrorKind::ConditionJunctionMissing, input),
                };
                while let Some(waiting) =
                    expression.pop_operator(|waiting| waiting != Operator::Or || operator == Operator::Or)
                {
                    self.emit(&mut expression, Token::Operator(waiting), input, rest)?;
                }
                expression.mark_mixed();
                expression.pending.push(Pending::Operator(operator));
                input = rest;
                break;
            }
        }
    }

    /// How deep a condition may be nested.
    fn condition_depth(&self) -> usize {
        self.options.limits.condition_depth.min(MAX_CONDITION_DEPTH)
    }

    /// Parentheses and negations, then a term.
    fn operand(&self, expression: &mut Expression, mut input: Input<'t>) -> Parsed<'t, ()> {
        // More than can stand in a valid condition, since all but `condition_depth` of them come with an operator.
        let limit = self.condition_depth();
        let most = self.options.limits.condition_bytes.saturating_add(limit);
        loop {
            input = after_white_space(input);
            let (pending, rest) = match input {
                [b'(', rest @ ..] => (Pending::GROUP, rest),
                [b'!', rest @ ..] => match after_white_space(rest) {
                    rest @ [b'(', ..] => (Pending::Operator(Operator::Not), rest),
                    _ => return self.refuse_at(ParseErrorKind::ConditionNegationUnbracketed, input),
                },
                _ => return self.term(expression, input),
            };
            if expression.pending.len() >= most {
                return self.refuse_at(ParseErrorKind::ConditionTooDeep { limit }, input);
            }
            expression.pending.push(pending);
            input = rest;
        }
    }

    /// A comparison, a membership test, an existence test, or a bare attribute.
    fn term(&self, expression: &mut Expression, input: Input<'t>) -> Parsed<'t, ()> {
        if let Some((operator, rest)) = prefix_operator(input) {
            let (end, operand) = if operator.kind() == OperatorKind::Membership {
                self.membership_operand(rest)?
            } else {
                let (end, attribute) = self.attribute(after_white_space(rest))?;
                (end, Token::Attribute(attribute))
            };
            self.emit(expression, operand, rest, end)?;
            return self.emit(expression, Token::Operator(operator), input, end);
        }
        let (rest, left) = match self.value(input)? {
            Some((rest, literal)) => (rest, literal),
            None => {
                let (rest, attribute) = self.attribute(input)?;
                (rest, Token::Attribute(attribute))
            }
        };
        let bare_attribute = matches!(left, Token::Attribute(_));
        self.emit(expression, left, input, rest)?;
        let place = after_white_space(rest);
        let Some((operator, rest_right)) = infix_operator(place) else {
            return match (bare_attribute, place) {
                (true, [] | [b')', ..] | [b'&', b'&', ..] | [b'|', b'|', ..]) => Ok((rest, ())),
                (true, _) => self.refuse_word(ParseErrorKind::ConditionComparisonUnknown, place),
                (false, _) => self.refuse_word(ParseErrorKind::ConditionOperatorMissing, place),
            };
        };
        if !bare_attribute && operator.kind() == OperatorKind::Comparison {
            return self.refuse(ParseErrorKind::ConditionOperatorMissing, place, rest_right);
        }
        let right = after_white_space(rest_right);
        let (end, token) = self.right_operand(right)?;
        self.emit(expression, token, right, end)?;
        self.emit(expression, Token::Operator(operator), place, rest_right)?;
        Ok((end, ()))
    }

    /// A literal, a composite or an attribute with a prefix; local attributes do not stand on the right.
    fn right_operand(&self, input: Input<'t>) -> Parsed<'t, Token> {
        if let [b'@', ..] = input {
            let (rest, attribute) = self.attribute(input)?;
            return Ok((rest, Token::Attribute(attribute)));
        }
        if let Some(found) = self.integer(input)? {
            return Ok(found);
        }
        match self.value(input)? {
            Some(found) => Ok(found),
            None => self.refuse_word(ParseErrorKind::ConditionValueMissing, input),
        }
    }

    /// `SID(…)` or `{SID(…), …}`, in parentheses or not.
    fn membership_operand(&self, input: Input<'t>) -> Parsed<'t, Token> {
        let mut inner = after_white_space(input);
        let mut depth = 0_usize;
        while let [b'(', rest @ ..] = inner {
            depth = depth.saturating_add(1);
            inner = after_white_space(rest);
        }
        let limit = self.condition_depth();
        if depth > limit {
            return self.refuse(ParseErrorKind::ConditionTooDeep { limit }, input, inner);
        }
        let Some((mut rest, token)) = self.value(inner)? else {
            return self.refuse_word(ParseErrorKind::ConditionGroupsMissing, inner);
        };
        if depth > 0 {
            self.tolerate(ViolationKind::MembershipParentheses, after_white_space(input), inner)?;
        }
        for _ in 0..depth {
            let [b')', after @ ..] = after_white_space(rest) else {
                return self.refuse_at(ParseErrorKind::ConditionUnclosed, rest);
            };
            rest = after;
        }
        match token {
            Token::Literal(crate::condition::Literal::Sid(_)) | Token::Composite(_) => Ok((rest, token)),
            Token::Literal(_) | Token::Attribute(_) | Token::Operator(_) => {
                self.refuse(ParseErrorKind::ConditionGroupsMissing, inner, rest)
            }
        }
    }

    /// Adds a token, within the limit of bytes.
    fn emit(&self, expression: &mut Expression, token: Token, from: Input<'t>, to: Input<'t>) -> Parsed<'t, ()> {
        let limit = self.options.limits.condition_bytes;
        expression.bytes = expression.bytes.saturating_add(token.encoded_len());
        if expression.bytes.saturating_add(SIGNATURE.len()) > limit {
            return self.refuse(ParseErrorKind::ConditionTooLarge { limit }, from, to);
        }
        expression.tokens.push(token);
        Ok((to, ()))
    }

    /// A closing parenthesis: the operators of its group, and the negation before it, have waited for it.
    fn close_group(&self, expression: &mut Expression, input: Input<'t>, rest: Input<'t>) -> Parsed<'t, ()> {
        while let Some(operator) = expression.pop_operator(|_| true) {
            self.emit(expression, Token::Operator(operator), input, rest)?;
        }
        let Some(Pending::Group { inner, mixed }) = expression.pending.pop() else {
            return self.refuse_at(ParseErrorKind::ConditionJunctionMissing, input);
        };
        let mut run = if mixed { 1 } else { inner.saturating_add(1) };
        let limit = self.condition_depth();
        if run > limit {
            return self.refuse(ParseErrorKind::ConditionTooDeep { limit }, input, rest);
        }
        if let Some(not) = expression.pop_operator(|waiting| waiting == Operator::Not) {
            self.emit(expression, Token::Operator(not), input, rest)?;
            run = 0;
        }
        if let Some(Pending::Group { inner, .. }) = expression.pending.last_mut() {
            *inner = run;
        }
        Ok((rest, ()))
    }

    fn finish_condition(&self, expression: Expression, start: Input<'t>, end: Input<'t>) -> Parsed<'t, Condition> {
        match Condition::from_postfix(expression.tokens, &self.options.limits) {
            Ok(condition) => Ok((end, condition)),
            Err(error) => {
                let kind = if let ConditionErrorKind::ConditionTooDeep { limit } = error.kind() {
                    ParseErrorKind::ConditionTooDeep { limit }
                } else {
                    ParseErrorKind::ConditionMalformed
                };
                self.refuse(kind, start, end)
            }
        }
    }

    /// The name of an attribute: local as it is, unless it is the word of an operator, or behind `@User.`, `@Device.`, `@Resource.` with
    /// escapes.
    fn attribute(&self, input: Input<'t>) -> Parsed<'t, Attribute> {
        use crate::condition::AttributeClass as Class;
        let [b'@', ..] = input else {
            let (word, rest) = local_name(input);
            return match core::str::from_utf8(word) {
                // The word of an operator is no name: that would be read as an operator elsewhere.
                Ok(name) if !name.is_empty() && word_operator(word).is_none() => {
                    let (class, name) = (Class::Local, String::from(name));
                    Ok((rest, Attribute { class, name }))
                }
                _ => self.refuse_at(ParseErrorKind::ConditionOperandMissing, input),
            };
        };
        let prefixes: [(&[u8], Class); 3] = [
            (b"@User.", Class::User),
            (b"@Device.", Class::Device),
            (b"@Resource.", Class::Resource),
        ];
        let found = prefixes
            .iter()
            .find_map(|&(prefix, class)| Some((strip_prefix_any_case(input, prefix)?, class)));
        let Some((name_start, class)) = found else {
            let kind = match strip_prefix_any_case(input, b"@Token.") {
                Some(_) => ParseErrorKind::ConditionTokenAttribute,
                None => ParseErrorKind::ConditionAttributeClassUnknown,
            };
            return self.refuse_at(kind, input);
        };
        let (rest, name) = self.escaped_name(name_start)?;
        Ok((rest, Attribute { class, name }))
    }
}

/// A condition on its way into postfix order.
#[derive(Default)]
struct Expression {
    tokens: Vec<Token>,
    pending: Vec<Pending>,
    /// What the tokens take in the binary form.
    bytes: usize,
}

/// What waits for the end of its operand.
enum Pending {
    /// An open parenthesis. Parentheses directly within one another are counted: `inner` is the run that the group before the next
    /// parenthesis has, `mixed` says that something else stands beside it.
    Group {
        inner: usize,
        mixed: bool,
    },
    Operator(Operator),
}

impl Pending {
    const GROUP: Self = Self::Group { inner: 0, mixed: false };
}

impl Expression {
    /// The operator waiting last, in this group, if it is to be applied now.
    fn pop_operator(&mut self, applies: impl FnOnce(Operator) -> bool) -> Option<Operator> {
        match self.pending.last() {
            Some(&Pending::Operator(operator)) if applies(operator) => {
                self.pending.pop();
                Some(operator)
            }
            _ => None,
        }
    }

    /// Notes that the innermost group holds more than a group.
    fn mark_mixed(&mut self) {
        if let Some(Pending::Group { mixed, .. }) = self.pending.last_mut() {
            *mixed = true;
        }
    }
}

/// Blanks in a condition: space and 0x09 to 0x0D.
pub(super) fn after_white_space(input: Input<'_>) -> Input<'_> {
    let count = input
        .iter()
        .take_while(|byte| matches!(byte, b' ' | 0x09..=0x0d))
        .count();
    input.get(count..).unwrap_or_default()
}

/// The longest run of letters, digits and `: . / _` (and `@` after the first): a local name or the word of an operator.
pub(super) fn local_name(input: Input<'_>) -> (Input<'_>, Input<'_>) {
    let belongs = |&(index, byte): &(usize, &u8)| is_local_name_byte(*byte) || (index > 0 && *byte == b'@');
    let count = input.iter().enumerate().take_while(belongs).count();
    input.split_at_checked(count).unwrap_or((&[], input))
}

/// Whether a byte may begin a local name.
pub(in crate::sddl) const fn is_local_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'.' | b'/' | b'_')
}

/// The operator that a word stands for, in any case.
pub(in crate::sddl) fn word_operator(word: &[u8]) -> Option<Operator> {
    Operator::from_token(core::str::from_utf8(word).ok()?)
}

fn prefix_operator(input: Input<'_>) -> Option<(Operator, Input<'_>)> {
    let (word, rest) = local_name(input);
    let operator = word_operator(word)?;
    matches!(operator.kind(), OperatorKind::Membership | OperatorKind::Existence).then_some((operator, rest))
}

fn infix_operator(input: Input<'_>) -> Option<(Operator, Input<'_>)> {
    let symbol = |length| {
        let (symbol, rest) = input.split_at_checked(length)?;
        let operator = word_operator(symbol).filter(|operator| operator.kind() == OperatorKind::Comparison)?;
        Some((operator, rest))
    };
    symbol(2).or_else(|| symbol(1)).or_else(|| {
        let (word, rest) = local_name(input);
        let operator = word_operator(word).filter(|operator| operator.kind() == OperatorKind::Set)?;
        Some((operator, rest))
    })
}

fn strip_prefix_any_case<'i>(input: Input<'i>, prefix: &[u8]) -> Option<Input<'i>> {
    let (head, rest) = input.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}
