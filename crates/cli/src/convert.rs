//! The verb `convert`.

use crate::{
    args::{Format, ReadArgs},
    diagnostic::Diagnostic,
    input::{EmptyLines, Input},
    output::{Output, Verdict},
};
use clap::{Args, ValueEnum};
use data_encoding::{BASE64, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE};
use sddl_authz::{SecurityDescriptor, Span, binary, sddl};
use serde_json::json;
use std::io;

/// Write a security descriptor in another form
#[derive(Debug, Args)]
#[command(after_help = "\
SDDL is written as Windows writes it: the parts in the order O, G, D, S, and
aliases instead of well-known SIDs.
The answer to a line that is refused is `error: KIND at START..END: MESSAGE`.

Examples:
  sddl-authz convert --from sddl --to sddl 'D:(A;;0x1f01ff;;;S-1-5-32-544)O:SY'
  sddl-authz convert --from sddl --to hex 'O:BAD:(A;;CC;;;AU)'
  sddl-authz convert --from base64 --to json AQAEgAAAAAAAAAAAAAAAAAAAAAA=
  echo 'O:LAD:' | sddl-authz convert --from sddl --to sddl - \\
      --machine-sid S-1-5-21-1-2-3")]
pub(crate) struct Convert {
    /// The form of the input
    #[arg(long, value_enum)]
    from: Form,
    /// The form to write
    #[arg(long, value_enum)]
    to: Form,
    /// A descriptor, @PATH of a file that has one, or - for one in each line of standard input
    #[arg(value_name = "INPUT|@PATH|-")]
    input: String,
    #[command(flatten)]
    read: ReadArgs,
    /// The format of answers; with json, SDDL and bytes are in an object
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

/// The forms of a descriptor.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Form {
    /// SDDL.
    Sddl,
    /// Self-relative bytes in hexadecimal.
    Hex,
    /// Self-relative bytes in base64.
    Base64,
    /// A JSON object.
    Json,
}

impl Form {
    pub(crate) fn read(self, text: &str, options: &sddl::Options) -> Result<SecurityDescriptor, Diagnostic> {
        match self {
            Self::Sddl => sddl::parse_with(text, options).map_err(|error| Diagnostic::from_parse_error(&error, text)),
            Self::Hex => from_binary(text, &HEXLOWER_PERMISSIVE, ("hexadecimal", "hex_malformed"), options),
            Self::Base64 => from_binary(text, &BASE64, ("base64", "base64_malformed"), options),
            Self::Json => {
                serde_json::from_str(text).map_err(|error| Diagnostic::new("json_unreadable", error.to_string()))
            }
        }
    }

    /// Writes the descriptor in this form; with `as_json`, in a JSON object.
    fn written(
        self,
        descriptor: &SecurityDescriptor,
        options: &sddl::Options,
        as_json: bool,
    ) -> Result<String, Diagnostic> {
        let bytes = || binary::to_bytes(descriptor).map_err(|error| Diagnostic::new(error.code(), error.to_string()));
        let (name, text) = match self {
            Self::Sddl => {
                let text = sddl::to_text(descriptor, options).map_err(|error| Diagnostic::from_print_error(&error))?;
                ("sddl", text)
            }
            Self::Hex => ("hex", HEXLOWER.encode(&bytes()?)),
            Self::Base64 => ("base64", BASE64.encode(&bytes()?)),
            Self::Json => {
                let structure = serde_json::to_string(descriptor);
                return structure.map_err(|error| Diagnostic::new("json_unwritable", error.to_string()));
            }
        };
        Ok(if as_json {
            json!({ name: text }).to_string()
        } else {
            text
        })
    }
}

fn from_binary(
    text: &str,
    encoding: &Encoding,
    (name, malformed): (&str, &'static str),
    options: &sddl::Options,
) -> Result<SecurityDescriptor, Diagnostic> {
    let text = text.trim();
    let bytes = encoding.decode(text.as_bytes()).map_err(|error| {
        let (start, end) = (error.position, error.position.saturating_add(1));
        Diagnostic::new(malformed, format!("this is not {name}: {}", error.kind)).at(text, Span { start, end })
    })?;
    binary::from_bytes_with(&bytes, &options.limits).map_err(|error| {
        let place = |byte: usize| {
            byte.saturating_mul(8)
                .checked_div(encoding.bit_width())
                .unwrap_or_default()
        };
        let (start, end) = (place(error.offset()), place(error.offset().saturating_add(1)));
        let end = end.max(start.saturating_add(1)).min(text.len());
        let start = start.min(text.len());
        Diagnostic::new(error.kind().code(), error.to_string()).at(text, Span { start, end })
    })
}

impl Convert {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let options = match self.read.options() {
            Ok(options) => options,
            Err(diagnostic) => return output.write_error(&diagnostic, false),
        };
        let (from, to) = (self.from, self.to);
        Input::from(self.input).each(EmptyLines::Answered, output, |output, text, in_stream| {
            let as_json = output.is_json();
            let converted = text
                .and_then(|text| from.read(text, &options))
                .and_then(|descriptor| to.written(&descriptor, &options, as_json));
            match converted {
                Ok(written) => output.write_line(written),
                Err(diagnostic) => output.write_error(&diagnostic, in_stream).map(|_| ()),
            }
        })?;
        Ok(output.highest())
    }
}
