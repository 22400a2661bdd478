//! A reference server of the REST API of MIM Certificate Management: it answers `GET` and `PUT /CertificateManagement/api/v1.0/requests`.

mod callers;
mod config;
mod decider;
mod error;
mod files;
mod options;
mod reload;
mod sockets;
mod start;
mod verbs;

use core::error::Error;
use sddl_authz::render::Escaped;
use sddl_authz_server::log::Log;
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
        Err(error) => return exit(Err(error), print),
    };
    match command.verb {
        Some(verb) => exit(verb.run(), print),
        None => {
            let log = Log::start(command.options.log.level, command.options.log.format);
            for name in unknown_variables {
                tracing::warn!(target: "sddl_authz::serve", name = %Escaped(&name), "an environment variable with the prefix SDDL_AUTHZ_ names no option, and is ignored");
            }
            let result = if command.check_config {
                start::check(&command.options)
            } else {
                start::run(&command.options, log.lost())
            };
            exit(result, |message| log.say(message))
        }
    }
}

fn exit(result: Result<(), impl Error>, say: impl FnOnce(&str)) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let message = error.to_string();
            say(&format!("error: {}", Escaped(&message)));
            ExitCode::from(2)
        }
    }
}

fn print(message: &str) {
    // If nobody reads the message, the exit status still says it.
    let _ = writeln!(io::stderr(), "{message}");
}
