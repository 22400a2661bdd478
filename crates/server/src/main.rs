//! A reference server of the REST API of MIM Certificate Management: it answers `GET` and `PUT /CertificateManagement/api/v1.0/requests`.

mod options;
mod start;

use clap::Parser;
use sddl_authz::render::Escaped;
use std::{
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    let options = options::Options::parse();
    tracing_subscriber::fmt()
        .with_max_level(options.log)
        .with_ansi(false)
        .with_writer(io::stderr)
        .init();
    match start::run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let message = error.to_string();
            // If nobody reads the message, the exit status still says it.
            let _ = writeln!(io::stderr(), "error: {}", Escaped(&message));
            ExitCode::from(2)
        }
    }
}
