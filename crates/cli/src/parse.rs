//! The verb `parse`.

use crate::{
    args::{Format, ReadArgs, RightsArg},
    diagnostic::{Diagnostic, DiagnosticJson},
    input::{EmptyLines, Input},
    output::{Output, Verdict},
};
use clap::Args;
use sddl_authz::{
    SecurityDescriptor, Span,
    render::Description,
    sddl::{self, Violation, ViolationKind},
};
use serde::Serialize;
use std::io;

/// Show a security descriptor in words, or all errors in its text
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sddl-authz parse 'O:BAG:SYD:P(D;;GW;;;BG)(A;OICI;FA;;;BA)' --rights file
  sddl-authz parse 'D:' --format json
  sddl-authz parse 'O:DAD:(A;;CC;;;DU)' --domain-sid S-1-5-21-1-2-3")]
pub(crate) struct Parse {
    /// A descriptor in SDDL, @PATH of a file that has one, or - for one in each line of standard input
    #[arg(value_name = "SDDL|@PATH|-")]
    input: String,
    /// The kind of object whose names of rights are shown
    #[arg(long, value_enum, default_value = "standard")]
    rights: RightsArg,
    #[command(flatten)]
    read: ReadArgs,
    /// The format of answers
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

impl Parse {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let options = match self.read.options() {
            Ok(options) => options,
            Err(diagnostic) => return output.write_error(&diagnostic, false),
        };
        let rights = self.rights;
        Input::from(self.input).each(EmptyLines::Answered, output, |output, text, in_stream| match text {
            Ok(text) => answer(output, text, &options, rights, in_stream),
            Err(diagnostic) => output.write_error(&diagnostic, in_stream).map(|_| ()),
        })?;
        Ok(output.highest())
    }
}

fn answer(
    output: &mut Output,
    text: &str,
    options: &sddl::Options,
    rights: RightsArg,
    in_stream: bool,
) -> io::Result<()> {
    let inspection = sddl::inspect(text, options);
    match &inspection.result {
        Ok(descriptor) => show(output, descriptor, &inspection.violations, options, rights, in_stream),
        Err(parse_errors) => {
            let errors: Vec<_> = parse_errors
                .iter()
                .map(|error| Diagnostic::from_parse_error(error, text))
                .collect();
            write_errors(output, &errors, in_stream)
        }
    }
}

fn show(
    output: &mut Output,
    descriptor: &SecurityDescriptor,
    violations: &[Violation],
    options: &sddl::Options,
    rights: RightsArg,
    in_stream: bool,
) -> io::Result<()> {
    if output.is_json() {
        let violations = violations.iter().map(ViolationJson::from).collect();
        return output.write_json(&DescriptorJson { descriptor, violations });
    }
    let description = Description::new(descriptor)
        .with_names(rights.names())
        .with_domains(options.domains)
        .with_violations(violations);
    output.write_line(description)?;
    if in_stream { output.write_line("") } else { Ok(()) }
}

fn write_errors(output: &mut Output, errors: &[Diagnostic], in_stream: bool) -> io::Result<()> {
    output.record(Verdict::Error);
    if output.is_json() {
        if let [first, ..] = errors {
            let error = first.json();
            let errors = errors.iter().map(Diagnostic::json).collect();
            output.write_json(&ErrorsJson { error, errors })?;
        }
    } else if in_stream && let [first, ..] = errors {
        output.write_line(first)?;
    }
    if !in_stream {
        output.flush()?;
        errors.iter().for_each(Diagnostic::print);
    }
    Ok(())
}

#[derive(Serialize)]
struct DescriptorJson<'a> {
    descriptor: &'a SecurityDescriptor,
    violations: Vec<ViolationJson>,
}

#[derive(Serialize)]
struct ViolationJson {
    kind: ViolationKind,
    start: usize,
    end: usize,
}

impl From<&Violation> for ViolationJson {
    fn from(&Violation { kind, span }: &Violation) -> Self {
        let Span { start, end } = span;
        Self { kind, start, end }
    }
}

/// The first error, as with every verb, and all of them.
#[derive(Serialize)]
struct ErrorsJson<'a> {
    error: DiagnosticJson<'a>,
    errors: Vec<DiagnosticJson<'a>>,
}
