//! The verb `convert`.

use crate::{
    args::{Format, ReadArgs},
    input::Input,
    output::{Output, Verdict},
    structure::{from_structure_json, structure_json},
    trouble::Trouble,
};
use clap::{Args, ValueEnum};
use sddl_authz::{SecurityDescriptor, sddl};
use serde_json::json;
use std::io;

/// Write a security descriptor in another form
#[derive(Debug, Args)]
#[command(after_help = "\
SDDL is written as Windows writes it: parts in the order O, G, D, S, and
aliases where there are any.
In a stream a refused line is answered by `error: KIND at START..END: MESSAGE`.

Examples:
  sddl-authz convert --from sddl --to sddl 'D:(A;;0x1f01ff;;;S-1-5-32-544)O:SY'
  sddl-authz convert --from sddl --to json 'O:BAD:(A;;CC;;;AU)'
  echo 'O:LAD:' | sddl-authz convert --from sddl --to sddl - \\
      --machine-sid S-1-5-21-1-2-3")]
pub(crate) struct Convert {
    /// The form of the input
    #[arg(long, value_enum)]
    from: Form,
    /// The form to write
    #[arg(long, value_enum)]
    to: Form,
    /// A descriptor, @PATH of a file with one, or - for one a line on standard input
    #[arg(value_name = "INPUT|@PATH|-")]
    input: String,
    #[command(flatten)]
    read: ReadArgs,
    /// How answers are written: with json, SDDL stands in an object
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

/// How a descriptor is written down.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// Text.
    Sddl,
    /// A structure.
    Json,
}

impl Form {
    fn read(self, text: &str, options: &sddl::Options) -> Result<SecurityDescriptor, Trouble> {
        match self {
            Self::Sddl => sddl::parse_with(text, options).map_err(|error| Trouble::of_text(&error, text)),
            Self::Json => from_structure_json(text, options),
        }
    }

    /// The descriptor in this form; where `as_json`, as a JSON object.
    fn written(
        self,
        descriptor: &SecurityDescriptor,
        options: &sddl::Options,
        as_json: bool,
    ) -> Result<String, Trouble> {
        match self {
            Self::Sddl => {
                let text = sddl::to_text(descriptor, options).map_err(|error| Trouble::of_print(&error))?;
                Ok(if as_json {
                    json!({ "sddl": text }).to_string()
                } else {
                    text
                })
            }
            Self::Json => structure_json(descriptor).map(|value| value.to_string()),
        }
    }
}

impl Convert {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let options = match self.read.options() {
            Ok(options) => options,
            Err(trouble) => return output.refuse(&trouble, false),
        };
        let (from, to) = (self.from, self.to);
        Input::from(self.input).each(output, |output, text, in_stream| {
            let as_json = output.is_json();
            let converted = text
                .and_then(|text| from.read(text, &options))
                .and_then(|descriptor| to.written(&descriptor, &options, as_json));
            match converted {
                Ok(written) => output.line(written),
                Err(trouble) => output.refuse(&trouble, in_stream).map(|_| ()),
            }
        })?;
        Ok(output.highest())
    }
}
