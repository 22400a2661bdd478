//! The verb `parse`.

use crate::{
    args::{Format, ReadArgs, RightsArg},
    input::Input,
    output::{Output, Verdict},
    trouble::{Trouble, TroubleJson},
};
use clap::Args;
use sddl_authz::{
    SecurityDescriptor, Span,
    render::Description,
    sddl::{self, Violation, ViolationKind},
};
use serde::Serialize;
use std::io;

/// Show a security descriptor in words, or all that is wrong with its text
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sddl-authz parse 'O:BAG:SYD:P(D;;GW;;;BG)(A;OICI;FA;;;BA)' --rights file
  sddl-authz parse 'D:' --format json
  sddl-authz parse 'O:DAD:(A;;CC;;;DU)' --domain-sid S-1-5-21-1-2-3")]
pub(crate) struct Parse {
    /// A descriptor in SDDL, @PATH of a file with one, or - for one a line on standard input
    #[arg(value_name = "SDDL|@PATH|-")]
    input: String,
    /// What the rights are called
    #[arg(long, value_enum, default_value = "standard")]
    rights: RightsArg,
    #[command(flatten)]
    read: ReadArgs,
    /// How answers are written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

impl Parse {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let options = match self.read.options() {
            Ok(options) => options,
            Err(trouble) => return output.refuse(&trouble, false),
        };
        let rights = self.rights;
        Input::from(self.input).each(output, |output, text, in_stream| match text {
            Ok(text) => answer(output, text, &options, rights, in_stream),
            Err(trouble) => output.refuse(&trouble, in_stream).map(|_| ()),
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
        Err(errors) => {
            let faults: Vec<_> = errors.iter().map(|error| Trouble::of_text(error, text)).collect();
            refuse(output, &faults, in_stream)
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
        return output.json(&DescriptorJson { descriptor, violations });
    }
    let description = Description::new(descriptor)
        .with_names(rights.names())
        .with_domains(options.domains)
        .with_violations(violations);
    output.line(description)?;
    if in_stream { output.line("") } else { Ok(()) }
}

fn refuse(output: &mut Output, faults: &[Trouble], in_stream: bool) -> io::Result<()> {
    output.note(Verdict::Error);
    if output.is_json() {
        if let [first, ..] = faults {
            let error = first.json();
            let errors = faults.iter().map(Trouble::json).collect();
            output.json(&FaultsJson { error, errors })?;
        }
    } else if in_stream && let [first, ..] = faults {
        output.line(first)?;
    }
    if !in_stream {
        output.flush()?;
        faults.iter().for_each(Trouble::report);
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

/// The first fault, as every verb has it, and all of them.
#[derive(Serialize)]
struct FaultsJson<'a> {
    error: TroubleJson<'a>,
    errors: Vec<TroubleJson<'a>>,
}
