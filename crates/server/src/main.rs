//! A reference server of the REST API of MIM Certificate Management: it answers `GET` and `PUT /CertificateManagement/api/v1.0/requests`.

mod callers;
mod config;
mod decider;
mod options;
mod reload;
mod sockets;
mod start;
mod verbs;

use core::error::Error;
use sddl_authz::render::Escaped;
use std::{
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    let config::Read {
        options: command,
        unknown_variables,
    } = match config::read_or_exit::<options::Command>() {
        Ok(read) => read,
        Err(error) => return exit(Err(error)),
    };
    match command.verb {
        Some(verb) => exit(verb.run()),
        None => {
            tracing_subscriber::fmt()
                .with_max_level(command.options.log.level)
                .with_ansi(false)
                .with_writer(io::stderr)
                .init();
            for name in unknown_variables {
                tracing::warn!(target: "sddl_authz::serve", name = %Escaped(&name), "a variable of the environment is no option");
            }
            if command.check_config {
                exit(start::check(&command.options))
            } else {
                exit(start::run(&command.options))
            }
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
