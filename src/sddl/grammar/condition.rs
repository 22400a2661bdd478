//! Conditional expressions ([MS-DTYP] 2.5.1.1), read into postfix order with explicit stacks.

use super::{
    Grammar, Input, Parsed, Watch,
    expression::{Expression, Pending},
};
use crate::{
    condition::{AttributeClass, COMPOSITE, Condition, Operator, OperatorKind, SID, Writer},
    limits::MAX_CONDITION_DEPTH,
    sddl::{
        ParseErrorKind, ViolationKind,
        lexical::{RAW_NAME, after_white_space, local_name, word_operator},
    },
};

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Reads a whole text as a condition.
    pub(in crate::sddl) fn condition_alone(&mut self) -> Result<Condition, super::Fault> {
        self.whole(|grammar, input| {
            let (rest, condition) = grammar.condition(after_white_space(input))?;
            Ok((after_white_space(rest), condition))
        })
    }

    /// `(…)`, from its first parenthesis to the one that closes it.
    ///
    /// Operators wait on a stack until one that binds less tightly comes ([MS-DTYP] 2.4.4.17.3): `!`, then `&&`, then `||`.
    pub(super) fn condition(&mut self, start: Input<'t>) -> Parsed<'t, Condition> {
        let [b'(', ..] = start else {
            return self.refuse_at(ParseErrorKind::ConditionMissing, start);
        };
        let limit = self.options.limits.condition_bytes;
        let mut expression = Expression::new(start.len(), limit);
        // A valid condition never has more parentheses and operators waiting: all but `condition_depth` of them have an operator, which
        // takes a byte.
        let most = limit.saturating_add(self.condition_depth());
        let mut input = start;
        loop {
            input = self.operand(&mut expression, most, input)?.0;
            loop {
                input = after_white_space(input);
                let (operator, rest) = match input {
                    [b'&', b'&', rest @ ..] => (Operator::And, rest),
                    [b'|', b'|', rest @ ..] => (Operator::Or, rest),
                    [b')', rest @ ..] => {
                        self.close_group(&mut expression, input, rest)?;
                        input = rest;
                        if expression.is_closed() {
                            return self.finish_condition(&mut expression, start, input);
                        }
                        continue;
                    }
                    [] => return self.refuse_at(ParseErrorKind::ConditionUnclosed, input),
                    _ => return self.refuse_word(ParseErrorKind::ConditionJunctionMissing, input),
                };
                while let Some(waiting) =
                    expression.pop_operator(|waiting| waiting != Operator::Or || operator == Operator::Or)
                {
                    self.emit_operator(&mut expression, waiting, input, rest)?;
                }
                expression.push_junction(operator);
                input = rest;
                break;
            }
        }
    }

    /// How deep a condition may be nested.
    fn condition_depth(&self) -> usize {
        self.options.limits.condition_depth.min(MAX_CONDITION_DEPTH)
    }

    /// Opening parentheses and negations, of which no more than `most` may wait, then a term.
    fn operand(&mut self, expression: &mut Expression, most: usize, mut input: Input<'t>) -> Parsed<'t, ()> {
        loop {
            input = after_white_space(input);
            let (pending, rest) = match input {
                [b'(', rest @ ..] => (Pending::GROUP, rest),
                [b'!', rest @ ..] => match after_white_space(rest) {
                    rest @ [b'(', ..] => (Pending::NOT, rest),
                    rest => return self.negated_attribute(expression, input, rest),
                },
                _ => return self.term(expression, input),
            };
            if expression.open() >= most {
                let limit = self.condition_depth();
                return self.refuse_at(ParseErrorKind::ConditionTooDeep { limit }, input);
            }
            expression.push(pending);
            input = rest;
        }
    }

    /// An attribute alone after a `!`. Windows refuses other tests and a second `!` there.
    #[cold]
    #[inline(never)]
    fn negated_attribute(&mut self, expression: &mut Expression, not: Input<'t>, name: Input<'t>) -> Parsed<'t, ()> {
        let is_name = matches!(name, [b'@', ..]) || {
            let (word, _) = local_name(name);
            !word.is_empty() && word_operator(word).is_none()
        };
        if !is_name {
            return self.refuse_at(ParseErrorKind::ConditionNegationUnbracketed, not);
        }
        let (rest, ()) = self.attribute(expression, name)?;
        self.within_limit(expression, name, rest)?;
        match after_white_space(rest) {
            [] | [b')', ..] | [b'&', b'&', ..] | [b'|', b'|', ..] => {}
            _ => return self.refuse_at(ParseErrorKind::ConditionNegationUnbracketed, not),
        }
        expression.push(Pending::NOT);
        expression.found_test();
        if let Some(operator) = expression.pop_operator(|_| true) {
            self.emit_operator(expression, operator, not, rest)?;
        }
        Ok((rest, ()))
    }

    /// A comparison, a membership test, an existence test, or a bare attribute.
    fn term(&mut self, expression: &mut Expression, input: Input<'t>) -> Parsed<'t, ()> {
        let rest = if let [b'@', ..] = input {
            self.attribute(expression, input)?.0
        } else {
            let (word, rest) = local_name(input);
            if let Some(operator) = word_operator(word) {
                return self.prefix_term(expression, operator, input, rest);
            }
            if word.is_empty() {
                return self.refuse_term(ParseErrorKind::ConditionOperandMissing, input, input);
            }
            expression.tokens.ascii(AttributeClass::Local.code(), word, input);
            rest
        };
        self.within_limit(expression, input, rest)?;
        let place = after_white_space(rest);
        let Some((operator, rest_right)) = infix_operator(place) else {
            return match place {
                [] | [b')', ..] | [b'&', b'&', ..] | [b'|', b'|', ..] => {
                    expression.found_test();
                    Ok((rest, ()))
                }
                _ => self.refuse_term(ParseErrorKind::ConditionComparisonUnknown, input, place),
            };
        };
        let right = after_white_space(rest_right);
        let (end, ()) = self.right_operand(expression, right)?;
        self.within_limit(expression, right, end)?;
        self.emit_operator(expression, operator, place, rest_right)?;
        expression.found_test();
        Ok((end, ()))
    }

    /// Refuses a term that is no test: a literal as a whole, and otherwise the word at a place.
    #[cold]
    fn refuse_term(&mut self, kind: ParseErrorKind, input: Input<'t>, place: Input<'t>) -> Parsed<'t, ()> {
        match self.value(&mut Writer::with_capacity(0), input)? {
            Some(rest) => self.refuse(ParseErrorKind::ConditionLiteralOnLeft, input, rest),
            None => self.refuse_word(kind, place),
        }
    }

    /// The operand after `Member_of`, `Exists` and the like. The words of other operators begin no term and are no names.
    fn prefix_term(
        &mut self,
        expression: &mut Expression,
        operator: Operator,
        input: Input<'t>,
        rest: Input<'t>,
    ) -> Parsed<'t, ()> {
        let end = match operator.kind() {
            OperatorKind::Membership => self.membership_operand(expression, rest)?.0,
            OperatorKind::Existence => self.attribute(expression, after_white_space(rest))?.0,
            OperatorKind::Comparison | OperatorKind::Set | OperatorKind::Junction | OperatorKind::Negation => {
                return self.refuse_at(ParseErrorKind::ConditionOperandMissing, input);
            }
        };
        self.within_limit(expression, rest, end)?;
        self.emit_operator(expression, operator, input, end)?;
        expression.found_test();
        Ok((end, ()))
    }

    /// A literal, a composite or an attribute with a prefix. A local attribute is not allowed on the right.
    fn right_operand(&mut self, expression: &mut Expression, input: Input<'t>) -> Parsed<'t, ()> {
        if let [b'@', ..] = input {
            return self.attribute(expression, input);
        }
        let added = match input {
            [b'{', ..] => self.value(&mut expression.tokens, input)?,
            _ => self.member(&mut expression.tokens, input)?,
        };
        match added {
            Some(rest) => Ok((rest, ())),
            None => self.refuse_word(ParseErrorKind::ConditionValueMissing, input),
        }
    }

    /// `SID(…)` or `{SID(…), …}`, in parentheses or not.
    fn membership_operand(&mut self, expression: &mut Expression, input: Input<'t>) -> Parsed<'t, ()> {
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
        let place = expression.tokens.bytes().len();
        let Some(mut rest) = self.value(&mut expression.tokens, inner)? else {
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
        match expression.tokens.bytes().get(place) {
            Some(&(SID | COMPOSITE)) => Ok((rest, ())),
            Some(_) | None => self.refuse(ParseErrorKind::ConditionGroupsMissing, inner, rest),
        }
    }

    fn emit_operator(
        &self,
        expression: &mut Expression,
        operator: Operator,
        from: Input<'t>,
        to: Input<'t>,
    ) -> Parsed<'t, ()> {
        expression.tokens.operator(operator);
        self.within_limit(expression, from, to)
    }

    /// Fails if the tokens take more bytes than the limit allows.
    #[inline]
    fn within_limit(&self, expression: &Expression, from: Input<'t>, to: Input<'t>) -> Parsed<'t, ()> {
        if expression.tokens.bytes().len() > expression.most {
            let limit = self.options.limits.condition_bytes;
            return self.refuse(ParseErrorKind::ConditionTooLarge { limit }, from, to);
        }
        Ok((to, ()))
    }

    /// A closing parenthesis. The operators that waited in its group are applied, then a negation before the group.
    fn close_group(&self, expression: &mut Expression, input: Input<'t>, rest: Input<'t>) -> Parsed<'t, ()> {
        while let Some(operator) = expression.pop_operator(|_| true) {
            self.emit_operator(expression, operator, input, rest)?;
        }
        let Some(run) = expression.pop_group() else {
            return self.refuse_at(ParseErrorKind::ConditionJunctionMissing, input);
        };
        let limit = self.condition_depth();
        if usize::from(run) > limit {
            return self.refuse(ParseErrorKind::ConditionTooDeep { limit }, input, rest);
        }
        let not = expression.pop_operator(|waiting| waiting == Operator::Not);
        if let Some(not) = not {
            self.emit_operator(expression, not, input, rest)?;
        }
        expression.found_group(if not.is_some() { 0 } else { run });
        Ok((rest, ()))
    }

    fn finish_condition(&self, expression: &mut Expression, start: Input<'t>, end: Input<'t>) -> Parsed<'t, Condition> {
        let limit = self.condition_depth();
        match expression.finish(limit) {
            Some(condition) => Ok((end, condition)),
            None => self.refuse(ParseErrorKind::ConditionTooDeep { limit }, start, end),
        }
    }

    /// An attribute: a local name, or a name with escapes after `@User.`, `@Device.` or `@Resource.`.
    #[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
    #[inline(always)]
    fn attribute(&self, expression: &mut Expression, input: Input<'t>) -> Parsed<'t, ()> {
        let [b'@', ..] = input else {
            let (word, rest) = local_name(input);
            // The word of an operator is no name: elsewhere it would be read as the operator.
            if word.is_empty() || word_operator(word).is_some() {
                return self.refuse_at(ParseErrorKind::ConditionOperandMissing, input);
            }
            expression.tokens.ascii(AttributeClass::Local.code(), word, input);
            return Ok((rest, ()));
        };
        let found = match input {
            // Most prefixes are in the upper and lower case that Windows prints.
            [b'@', b'U', b's', b'e', b'r', b'.', rest @ ..] => Some((rest, AttributeClass::User)),
            [b'@', b'D', b'e', b'v', b'i', b'c', b'e', b'.', rest @ ..] => Some((rest, AttributeClass::Device)),
            _ => attribute_class(input),
        };
        let Some((name_start, class)) = found else {
            let kind = match strip_prefix_any_case(input, b"@Token.") {
                Some(_) => ParseErrorKind::ConditionTokenAttribute,
                None => ParseErrorKind::ConditionAttributeClassUnknown,
            };
            return self.refuse_at(kind, input);
        };
        // Most names have no escapes.
        if let (name @ [_, ..], rest) = RAW_NAME.split(name_start)
            && !matches!(rest, [b'%' | b',' | 0x80..=0xff, ..])
        {
            expression.tokens.ascii(class.code(), name, name_start);
            return Ok((rest, ()));
        }
        let (rest, name) = self.escaped_name(name_start)?;
        expression.tokens.attribute(class, &name);
        Ok((rest, ()))
    }
}

#[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
#[inline(always)]
fn infix_operator(input: Input<'_>) -> Option<(Operator, Input<'_>)> {
    match input {
        [b'=', b'=', rest @ ..] => Some((Operator::Equal, rest)),
        [b'!', b'=', rest @ ..] => Some((Operator::NotEqual, rest)),
        [b'<', b'=', rest @ ..] => Some((Operator::LessOrEqual, rest)),
        [b'<', rest @ ..] => Some((Operator::Less, rest)),
        [b'>', b'=', rest @ ..] => Some((Operator::GreaterOrEqual, rest)),
        [b'>', rest @ ..] => Some((Operator::Greater, rest)),
        _ => set_operator(input),
    }
}

#[inline(never)]
fn set_operator(input: Input<'_>) -> Option<(Operator, Input<'_>)> {
    let (word, rest) = local_name(input);
    let operator = word_operator(word).filter(|operator| operator.kind() == OperatorKind::Set)?;
    Some((operator, rest))
}

/// The class that a prefix in any case says.
#[inline(never)]
fn attribute_class(input: Input<'_>) -> Option<(Input<'_>, AttributeClass)> {
    let prefixes: [(&[u8], AttributeClass); 3] = [
        (b"@Resource.", AttributeClass::Resource),
        (b"@User.", AttributeClass::User),
        (b"@Device.", AttributeClass::Device),
    ];
    prefixes
        .iter()
        .find_map(|&(prefix, class)| Some((strip_prefix_any_case(input, prefix)?, class)))
}

fn strip_prefix_any_case<'i>(input: Input<'i>, prefix: &[u8]) -> Option<Input<'i>> {
    let (head, rest) = input.split_at_checked(prefix.len())?;
    (head == prefix || head.eq_ignore_ascii_case(prefix)).then_some(rest)
}
