//! Reads Windows security descriptors and decides access: the command line of the library `sddl_authz`.

mod answer;
mod args;
mod caller;
mod central_policies;
mod check;
mod convert;
mod decide;
mod descriptor;
mod diagnostic;
mod input;
mod lines;
mod objects;
mod output;
mod parse;
mod policy;
mod utf8_reader;

use clap::Parser;
use output::{Output, Verdict};
use std::{io, process::ExitCode};

/// Reads Windows security descriptors (SDDL) and decides access as Windows does, with the reason
#[derive(Debug, Parser)]
#[command(name = "sddl-authz", version, after_help = EXIT_STATUS, max_term_width = 100)]
enum Verb {
    Decide(decide::Decide),
    Check(check::Check),
    Parse(parse::Parse),
    Convert(convert::Convert),
}

const EXIT_STATUS: &str = "\
Exit status:
  0  yes: 200, 204, allowed, or the descriptor can be read
  1  no: 403 or denied
  2  error: 500, input that can't be read, or wrong usage
For a stream of lines it is the highest of all lines.

Examples:
  sddl-authz decide tests/data/enroll-approved.json --status Completed \\
      --as S-1-5-21-1-2-3-1104 --explain
  sddl-authz check 'O:BAD:(A;;CC;;;AU)' --as S-1-5-21-1-2-3-1104 --desired max
  sddl-authz parse 'O:BAG:SYD:P(A;;FA;;;BA)' --rights file";

fn main() -> ExitCode {
    // Ends here if the command line asks for help or is wrong.
    let verb = Verb::parse();
    let answered = match verb {
        Verb::Decide(verb) => answer(verb.format, |output| verb.run(output)),
        Verb::Check(verb) => answer(verb.format(), |output| verb.run(output)),
        Verb::Parse(verb) => answer(verb.format, |output| verb.run(output)),
        Verb::Convert(verb) => answer(verb.format, |output| verb.run(output)),
    };
    match answered {
        Ok(verdict) => verdict.into(),
        Err(error) => {
            diagnostic::Diagnostic::new("io", format!("reading or writing failed: {error}")).print();
            Verdict::Error.into()
        }
    }
}

fn answer(format: args::Format, run: impl FnOnce(&mut Output) -> io::Result<Verdict>) -> io::Result<Verdict> {
    let mut output = Output::new(format);
    let answered = run(&mut output).and_then(|verdict| output.flush().map(|()| verdict));
    match answered {
        // The reader of the answers has stopped reading, as `head` does. That is not an error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(output.highest()),
        other => other,
    }
}
