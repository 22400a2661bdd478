//! A reference server of the REST API of MIM Certificate Management: it answers `GET` and `PUT /CertificateManagement/api/v1.0/requests`.

mod options;
mod sockets;
mod start;
mod verbs;

use clap::Parser;
use core::error::Error;
use sddl_authz::render::Escaped;
use std::{
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    let command = options::Command::parse();
    match command.verb {
        Some(verb) => exit(verb.run()),
        None => {
            tracing_subscriber::fmt()
                .with_max_level(command.options.log.level)
                .with_ansi(false)
                .with_writer(io::stderr)
                .init();
            exit(start::run(&command.options))
        }
    }
}

fn exit(result: Result<(), impl Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let message = error.to_string();
            // If nobody reads the message, the exit status still says it.
            let _ = writeln!(io::stderr(), "error: {}", Escaped(&message));
            ExitCode::from(2)
        }
    }
}
