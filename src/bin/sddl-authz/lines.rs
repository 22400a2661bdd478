//! `check --lines`: JSON Lines in and out.

use crate::{
    args::{MappingArg, caller_trouble, parse_desired},
    check::{AnswerJson, verdict},
    input::Input,
    output::{Output, Verdict},
    trouble::{Trouble, TroubleJson},
};
use core::fmt;
use sddl_authz::{Caller, SecurityDescriptor, Sid, check, sddl::ParseError};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
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
    match line.and_then(decide) {
        Ok(explanation) => {
            output.note(verdict(&explanation.decision));
            output.json(&AnswerJson::of(&explanation))
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

fn decide(line: &str) -> Result<check::Explanation, Trouble> {
    // An array would be taken for the fields in their order.
    if !line.trim_start().starts_with('{') {
        return Err(Trouble::new("line_unreadable", "expected a JSON object"));
    }
    let line: Line<'_> =
        serde_json::from_str(line).map_err(|error| Trouble::new("line_unreadable", error.to_string()))?;
    let later = [
        ("hex", &line.hex),
        ("caller.claims", &line.caller.claims),
        ("caller.privileges", &line.caller.privileges),
        ("caller.integrity", &line.caller.integrity),
        ("caller.restricting", &line.caller.restricting),
    ];
    if let Some((field, _)) = later.iter().find(|(_, value)| !is_empty(value)) {
        let message = format!("{field}: this version does not evaluate it yet");
        return Err(Trouble::new("unsupported", message));
    }
    let text = line
        .sddl
        .ok_or_else(|| Trouble::new("line_unreadable", "missing field `sddl`"))?;
    let descriptor: SecurityDescriptor = text.parse().map_err(|error| Trouble::of_text(&error, &text))?;
    let caller = line.caller.caller()?;
    let desired = parse_desired("desired", &line.desired).map_err(|trouble| trouble.in_field("desired"))?;
    Ok(check::explain_with(
        &descriptor,
        &caller,
        desired,
        &line.mapping.options(),
    ))
}

/// Whether a field of a later version asks for nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow, default)]
    sddl: Option<Cow<'a, str>>,
    #[serde(default)]
    hex: Value,
    caller: CallerLine<'a>,
    #[serde(borrow)]
    desired: Cow<'a, str>,
    #[serde(default)]
    mapping: MappingArg,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallerLine<'a> {
    #[serde(borrow)]
    user: Cow<'a, str>,
    #[serde(borrow, default)]
    groups: Vec<GroupLine<'a>>,
    #[serde(default, deserialize_with = "flag")]
    authenticated: bool,
    #[serde(default, deserialize_with = "flag")]
    groups_incomplete: bool,
    /// Nothing hangs on it as long as no condition is evaluated.
    #[serde(default, deserialize_with = "flag", rename = "claims_incomplete")]
    _claims_incomplete: bool,
    #[serde(default)]
    claims: Value,
    #[serde(default)]
    privileges: Value,
    #[serde(default)]
    integrity: Value,
    #[serde(default)]
    restricting: Value,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a group is a SID or {\"sid\":…,\"deny_only\":…}")]
enum GroupLine<'a> {
    #[serde(borrow)]
    Sid(Cow<'a, str>),
    #[serde(borrow)]
    Attributed(Attributed<'a>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attributed<'a> {
    #[serde(borrow)]
    sid: Cow<'a, str>,
    #[serde(default, deserialize_with = "flag")]
    deny_only: bool,
}

impl CallerLine<'_> {
    fn caller(&self) -> Result<Caller, Trouble> {
        let user = sid("caller.user", &self.user)?;
        let mut caller = if self.authenticated {
            Caller::authenticated(user).map_err(|error| caller_trouble(&error).in_field("caller.user"))?
        } else {
            Caller::bare(user)
        };
        let (mut enabled, mut deny_only) = (Vec::new(), Vec::new());
        for group in &self.groups {
            match group {
                GroupLine::Sid(text) => enabled.push(sid("caller.groups", text)?),
                GroupLine::Attributed(group) if group.deny_only => deny_only.push(sid("caller.groups", &group.sid)?),
                GroupLine::Attributed(group) => enabled.push(sid("caller.groups", &group.sid)?),
            }
        }
        caller = caller.with_groups(enabled).with_deny_only_groups(deny_only);
        Ok(if self.groups_incomplete {
            caller.with_incomplete_groups()
        } else {
            caller
        })
    }
}

fn sid(field: &str, text: &str) -> Result<Sid, Trouble> {
    text.parse()
        .map_err(|error: ParseError| Trouble::of_text(&error, text).in_field(field))
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
