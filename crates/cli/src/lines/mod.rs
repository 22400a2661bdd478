//! `check --lines`: JSON Lines in and out.

mod cache;
mod caller;
mod claims;
mod fields;
mod layers;
mod line;
mod mapping;
mod object;
mod reader;

use crate::{
    answer::AnswerJson,
    args::ApiArgs,
    diagnostic::{Diagnostic, DiagnosticJson},
    input::{EmptyLines, Input, each_line, open},
    output::{Output, Verdict},
};
use reader::{DeniedBy, LineAnswer, LineReader};
use sddl_authz::sddl;
use serde::Serialize;
use std::{io, time::Instant};

/// Answers each line. With `stats`, prints the number of lines and the time to standard error.
pub(crate) fn run(
    input: &str,
    stats: bool,
    read: &sddl::Options,
    api: &ApiArgs,
    output: &mut Output,
) -> io::Result<Verdict> {
    let mut lines = Lines {
        reader: LineReader::new(read, api),
        count: 0,
        began: Instant::now(),
    };
    let answer = |output: &mut Output, line: Result<&str, Diagnostic>| lines.answer(output, line);
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
        eprintln!("{}", lines.stats());
    }
    Ok(output.highest())
}

/// The answers to the lines so far, and the time that they took.
struct Lines<'a> {
    reader: LineReader<'a>,
    count: u64,
    began: Instant,
}

impl Lines<'_> {
    fn answer(&mut self, output: &mut Output, line: Result<&str, Diagnostic>) -> io::Result<()> {
        self.count = self.count.saturating_add(1);
        match line.and_then(|line| self.reader.answer(line)) {
            Ok(LineAnswer {
                decision,
                resolve,
                parts,
                denied_by,
            }) => {
                output.record(Verdict::of(&decision));
                let answer = AnswerJson::unexplained(&decision, &resolve, &parts);
                match denied_by {
                    Some(denied_by) => output.write_json(&LayeredJson { answer, denied_by }),
                    None => output.write_json(&answer),
                }
            }
            Err(diagnostic) => write_error(output, &diagnostic),
        }
    }

    fn stats(&self) -> String {
        let took = self.began.elapsed();
        let rate = u128::from(self.count)
            .saturating_mul(1_000_000)
            .checked_div(took.as_micros())
            .unwrap_or_default();
        format!(
            "{} lines in {:.3} s, {rate} a second; read {} callers and {} descriptors",
            self.count,
            took.as_secs_f64(),
            self.reader.callers.parsed,
            self.reader.parsed_descriptors(),
        )
    }
}

fn write_error(output: &mut Output, diagnostic: &Diagnostic) -> io::Result<()> {
    output.record(Verdict::Error);
    output.write_json(&ErrorJson {
        error: diagnostic.json(),
    })
}

/// The answer about a file or a registry key that is denied.
#[derive(Serialize)]
struct LayeredJson<'a> {
    #[serde(flatten)]
    answer: AnswerJson<'a>,
    #[serde(flatten)]
    denied_by: DeniedBy,
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    error: DiagnosticJson<'a>,
}
