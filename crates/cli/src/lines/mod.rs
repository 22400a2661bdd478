//! `check --lines`: JSON Lines in and out.

mod cache;
mod caller;
mod claims;
mod fields;

use crate::{
    answer::{AnswerJson, Question},
    args::{MappingArg, mapped_desired},
    caller::Subject,
    convert::Form,
    descriptor::read_sddl,
    diagnostic::{Diagnostic, DiagnosticJson},
    input::{EmptyLines, Input, each_line, open},
    objects::parse_objects,
    output::{Output, Verdict},
};
use cache::Cache;
use caller::CallerLine;
use fields::{Object, flag};
use sddl_authz::{SecurityDescriptor, sddl};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{borrow::Cow, io, rc::Rc, time::Instant};

/// Answers each line. With `stats`, prints the number of lines and the time to standard error.
pub(crate) fn run(input: &str, stats: bool, read: &sddl::Options, output: &mut Output) -> io::Result<Verdict> {
    let mut reader = LineReader::new(read);
    let answer = |output: &mut Output, line: Result<&str, Diagnostic>| reader.answer(output, line);
    let empty_lines = EmptyLines::Skipped;
    let failed = match Input::from(input.to_owned()) {
        Input::Text(_) => {
            let diagnostic = Diagnostic::new("usage", "--lines needs - or @PATH as its input");
            return output.write_error(&diagnostic, false);
        }
        Input::File(path) => match open(&path) {
            Ok(file) => each_line(file, empty_lines, output, answer)?,
            Err(diagnostic) => Some(diagnostic),
        },
        Input::Stream => each_line(io::stdin().lock(), empty_lines, output, answer)?,
    };
    if let Some(diagnostic) = failed {
        write_error(output, &diagnostic)?;
    }
    output.flush()?;
    if stats {
        eprintln!("{}", reader.stats());
    }
    Ok(output.highest())
}

/// A reader of lines, which keeps the callers and descriptors of earlier lines.
struct LineReader<'a> {
    read: &'a sddl::Options,
    callers: Cache<Subject>,
    descriptors: [Cache<SecurityDescriptor>; 2],
    lines: u64,
    began: Instant,
}

impl<'a> LineReader<'a> {
    fn new(read: &'a sddl::Options) -> Self {
        Self {
            read,
            callers: Cache::new(),
            descriptors: [Cache::new(), Cache::new()],
            lines: 0,
            began: Instant::now(),
        }
    }

    fn answer(&mut self, output: &mut Output, line: Result<&str, Diagnostic>) -> io::Result<()> {
        self.lines = self.lines.saturating_add(1);
        match line.and_then(|line| self.read(line)) {
            Ok((question, descriptor)) => {
                let answer = question.ask(&descriptor, false);
                output.record(answer.verdict());
                output.write_json(&AnswerJson::new(&answer, &[]))
            }
            Err(diagnostic) => write_error(output, &diagnostic),
        }
    }

    fn read(&mut self, text: &str) -> Result<(Question, Rc<SecurityDescriptor>), Diagnostic> {
        let line: Line<'_, &RawValue> = parse(text)?;
        let read = self.read;
        let [from_sddl, from_hex] = &mut self.descriptors;
        let descriptor = match (&line.sddl, &line.hex) {
            (Some(text), None) => from_sddl.get(text, || read_sddl(text, read))?,
            (None, Some(text)) => from_hex.get(text, || Form::Hex.read(text, read))?,
            (None, None) => return Err(unreadable("missing field `sddl` or `hex`")),
            (Some(_), Some(_)) => return Err(unreadable("`sddl` and `hex` are both given; give one of them")),
        };
        let options = line.mapping.unwrap_or_default().options();
        let question = Question {
            // The whole line is parsed again, so that an error has its place in the line.
            subject: self.callers.get(line.caller.get(), || {
                let line: Line<'_, Object<CallerLine<'_>>> = parse(text)?;
                line.caller.0.subject(read)
            })?,
            desired: mapped_desired("desired", &line.desired, &options).map_err(Diagnostic::without_span)?,
            objects: parse_objects("objects", &line.objects.unwrap_or_default()).map_err(Diagnostic::without_span)?,
            options: options
                .with_backup_intent(line.backup_intent)
                .with_restore_intent(line.restore_intent),
        };
        Ok((question, descriptor))
    }

    fn stats(&self) -> String {
        let took = self.began.elapsed();
        let descriptors = self.descriptors.iter().map(|cache| cache.parsed).sum::<u64>();
        let rate = u128::from(self.lines)
            .saturating_mul(1_000_000)
            .checked_div(took.as_micros())
            .unwrap_or_default();
        format!(
            "{} lines in {:.3} s, {rate} a second; read {} callers and {descriptors} descriptors",
            self.lines,
            took.as_secs_f64(),
            self.callers.parsed,
        )
    }
}

fn parse<'a, C: Deserialize<'a>>(line: &'a str) -> Result<Line<'a, C>, Diagnostic> {
    let parsed = serde_json::from_str(line).map(|Object(line)| line);
    parsed.map_err(|error: serde_json::Error| unreadable(&error.to_string()))
}

fn write_error(output: &mut Output, diagnostic: &Diagnostic) -> io::Result<()> {
    output.record(Verdict::Error);
    output.write_json(&ErrorJson {
        error: diagnostic.json(),
    })
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    error: DiagnosticJson<'a>,
}

fn unreadable(message: &str) -> Diagnostic {
    Diagnostic::new("line_unreadable", message)
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
