//! `check --lines`: JSON Lines in and out.

mod caller;
mod claims;
mod object;
mod recent;

use crate::{
    args::{MappingArg, parse_desired},
    caller::Asking,
    check::{AnswerJson, Question},
    convert::Form,
    input::{Input, each_line, open},
    objects::parse_objects,
    output::{Output, Verdict},
    trouble::{Trouble, TroubleJson},
};
use caller::CallerLine;
use core::fmt;
use object::Object;
use recent::Recent;
use sddl_authz::{SecurityDescriptor, sddl};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::value::RawValue;
use std::{borrow::Cow, io, rc::Rc, time::Instant};

/// Answers each line; with `stats`, says on standard error how fast.
pub(crate) fn run(input: &str, stats: bool, output: &mut Output) -> io::Result<Verdict> {
    let mut reader = LineReader::new();
    let answer = |output: &mut Output, line: Result<&str, Trouble>| reader.answer(output, line);
    match Input::from(input.to_owned()) {
        Input::Text(_) => {
            let trouble = Trouble::new("usage", "with --lines the input is - or @PATH");
            return output.refuse(&trouble, false);
        }
        Input::File(path) => match open(&path) {
            Ok(file) => each_line(file, output, answer)?,
            Err(trouble) => reader.answer(output, Err(trouble))?,
        },
        Input::Stream => each_line(io::stdin().lock(), output, answer)?,
    }
    output.flush()?;
    if stats {
        eprintln!("{}", reader.stats());
    }
    Ok(output.highest())
}

/// What was read lately, and since when.
struct LineReader {
    callers: Recent<Asking>,
    descriptors: [Recent<SecurityDescriptor>; 2],
    lines: u64,
    began: Instant,
}

impl LineReader {
    fn new() -> Self {
        Self {
            callers: Recent::new(),
            descriptors: [Recent::new(), Recent::new()],
            lines: 0,
            began: Instant::now(),
        }
    }

    fn answer(&mut self, output: &mut Output, line: Result<&str, Trouble>) -> io::Result<()> {
        self.lines = self.lines.saturating_add(1);
        match line.and_then(|line| self.read(line)) {
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

    fn read(&mut self, text: &str) -> Result<(Question, Rc<SecurityDescriptor>), Trouble> {
        let line: Line<'_, &RawValue> = parse(text)?;
        let options = sddl::Options::default();
        let [from_sddl, from_hex] = &mut self.descriptors;
        let descriptor = match (&line.sddl, &line.hex) {
            (Some(text), None) => from_sddl.get(text, || Form::Sddl.read(text, &options))?,
            (None, Some(text)) => from_hex.get(text, || Form::Hex.read(text, &options))?,
            (None, None) => return Err(unreadable("missing field `sddl` or `hex`")),
            (Some(_), Some(_)) => return Err(unreadable("`sddl` and `hex` are both given; give one of them")),
        };
        let question = Question {
            // Read with the whole line, so that an error says where in it.
            asking: self.callers.get(line.caller.get(), || {
                let line: Line<'_, Object<CallerLine<'_>>> = parse(text)?;
                line.caller.0.asking()
            })?,
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

    fn stats(&self) -> String {
        let took = self.began.elapsed();
        let descriptors = self.descriptors.iter().map(|recent| recent.read).sum::<u64>();
        let rate = u128::from(self.lines)
            .saturating_mul(1_000_000)
            .checked_div(took.as_micros())
            .unwrap_or_default();
        format!(
            "{} lines in {:.3} s, {rate} a second; read {} callers and {descriptors} descriptors",
            self.lines,
            took.as_secs_f64(),
            self.callers.read,
        )
    }
}

fn parse<'a, C: Deserialize<'a>>(line: &'a str) -> Result<Line<'a, C>, Trouble> {
    let parsed = serde_json::from_str(line).map(|Object(line)| line);
    parsed.map_err(|error: serde_json::Error| unreadable(&error.to_string()))
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    error: TroubleJson<'a>,
}

fn unreadable(message: &str) -> Trouble {
    Trouble::new("line_unreadable", message)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a, C> {
    #[serde(borrow, default)]
    sddl: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    hex: Option<Cow<'a, str>>,
    caller: C,
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
