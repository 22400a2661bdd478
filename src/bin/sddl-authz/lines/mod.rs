//! `check --lines`: JSON Lines in and out.

mod caller;
mod claims;

use crate::{
    args::{MappingArg, parse_desired},
    check::{AnswerJson, Question},
    convert::Form,
    input::Input,
    objects::parse_objects,
    output::{Output, Verdict},
    trouble::{Trouble, TroubleJson},
};
use caller::CallerLine;
use core::fmt;
use sddl_authz::{SecurityDescriptor, sddl};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{borrow::Cow, io};

/// Answers each line.
pub(crate) fn run(input: &str, output: &mut Output) -> io::Result<Verdict> {
    let input = match Input::from(input.to_owned()) {
        Input::Text(_) => {
            let trouble = Trouble::new("usage", "with --lines the input is - or @PATH");
            return output.refuse(&trouble, false);
        }
        input @ (Input::File(_) | Input::Stream) => input,
    };
    input.each(output, |output, text, in_stream| match text {
        Ok(text) if !in_stream => text.lines().try_for_each(|line| answer(output, Ok(line))),
        text => answer(output, text),
    })?;
    Ok(output.highest())
}

fn answer(output: &mut Output, line: Result<&str, Trouble>) -> io::Result<()> {
    match line.and_then(read) {
        Ok((question, descriptor)) => {
            let answer = question.ask(&descriptor, false);
            output.note(answer.verdict());
            output.json(&AnswerJson::new(&answer, &[]))
        }
        Err(trouble) => {
            output.note(Verdict::Error);
            output.json(&ErrorJson { error: trouble.json() })
        }
    }
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    error: TroubleJson<'a>,
}

fn read(line: &str) -> Result<(Question, SecurityDescriptor), Trouble> {
    // An array would be taken for the fields in their order.
    if !line.trim_start().starts_with('{') {
        return Err(unreadable("expected a JSON object"));
    }
    let line: Line<'_> = serde_json::from_str(line).map_err(|error| unreadable(&error.to_string()))?;
    let options = sddl::Options::default();
    let descriptor = match (&line.sddl, &line.hex) {
        (Some(text), None) => Form::Sddl.read(text, &options)?,
        (None, Some(text)) => Form::Hex.read(text, &options)?,
        (None, None) => return Err(unreadable("missing field `sddl` or `hex`")),
        (Some(_), Some(_)) => return Err(unreadable("`sddl` and `hex` are both given; give one of them")),
    };
    let question = Question {
        caller: line.caller.caller()?,
        desired: parse_desired("desired", &line.desired).map_err(Trouble::elsewhere)?,
        objects: parse_objects("objects", &line.objects.unwrap_or_default()).map_err(Trouble::elsewhere)?,
        options: line
            .mapping
            .unwrap_or_default()
            .options()
            .with_backup_intent(line.backup_intent)
            .with_restore_intent(line.restore_intent),
    };
    Ok((question, descriptor))
}

fn unreadable(message: &str) -> Trouble {
    Trouble::new("line_unreadable", message)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow, default)]
    sddl: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    hex: Option<Cow<'a, str>>,
    caller: CallerLine<'a>,
    #[serde(borrow)]
    desired: Cow<'a, str>,
    #[serde(default)]
    mapping: Option<MappingArg>,
    #[serde(borrow, default)]
    objects: Option<Vec<Cow<'a, str>>>,
    #[serde(default, deserialize_with = "flag")]
    backup_intent: bool,
    #[serde(default, deserialize_with = "flag")]
    restore_intent: bool,
}

/// A boolean: true, false, 1 or 0.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Flag;

    impl de::Visitor<'_> for Flag {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true, false, 1 or 0")
        }

        fn visit_bool<E: de::Error>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<bool, E> {
            match value {
                0 => Ok(false),
                1 => Ok(true),
                _ => Err(E::invalid_value(de::Unexpected::Unsigned(value), &self)),
            }
        }
    }

    deserializer.deserialize_any(Flag)
}
