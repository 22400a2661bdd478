//! The options of the program from three places: the command line, the environment and a file of TOML, in this order.
//!
//! Each option that the command line does not give is looked for in the environment, and then in the file. What is found is added to the
//! arguments, and clap reads them all. So an option means the same wherever it is given, and conflicts and requirements hold between
//! options of different places.

mod environment;
mod error;
mod file;
mod given;
mod names;

pub(crate) use error::ConfigError;

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, parser::ValueSource};
use given::Given;
use names::FILE;
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// The options that were read, and what is to be said about them.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub(crate) options: T,
    /// Variables that look like options and are none.
    pub(crate) unknown_variables: Vec<String>,
}

/// Reads the options of this process. Prints the fault, the help or the version, and ends the process, if there is nothing to run.
pub(crate) fn read_or_exit<T: CommandFactory + FromArgMatches>() -> Result<Read<T>, ConfigError> {
    let line = std::env::args_os().collect();
    let read = read(T::command(), line, std::env::vars_os(), &|path| {
        fs::read_to_string(path)
    })?;
    match read {
        Ok(read) => Ok(read),
        Err(Refusal { error, places }) => {
            // If nobody reads the message, the exit status still says it.
            let _ = error.print();
            for place in places {
                let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("note: {place}\n"));
            }
            std::process::exit(error.exit_code())
        }
    }
}

/// The reason why clap does not take the arguments, and the places of options that it names.
#[derive(Debug)]
struct Refusal {
    error: clap::Error,
    places: Vec<String>,
}

/// The function that reads the file.
type Load<'a> = &'a dyn Fn(&Path) -> std::io::Result<String>;

fn read<T: FromArgMatches>(
    mut command: Command,
    line: Vec<OsString>,
    variables: impl Iterator<Item = (OsString, OsString)>,
    load: Load<'_>,
) -> Result<Result<Read<T>, Refusal>, ConfigError> {
    command.build();
    let environment::Found {
        mut given,
        file: named,
        unknown,
    } = environment::read(&command, variables)?;
    // The first reading says which options the command line gives. Its faults are found again by the second.
    let first = command.clone().ignore_errors(true).try_get_matches_from(&line);
    let mut arguments = line;
    let mut added = Vec::new();
    if let Ok(matches) = first {
        let (verb, own) = innermost(&command, &matches);
        let path = own.try_get_one::<PathBuf>(FILE).ok().flatten().cloned().or(named);
        if let Some(path) = path {
            let text = load(&path).map_err(|error| ConfigError::File {
                path: path.clone(),
                error,
            })?;
            for (name, from_file) in file::read(&command, &path, &text)? {
                given.entry(name).or_insert(from_file);
            }
        }
        added = wanted(&command, verb, own, given);
        add(&mut arguments, &added);
    }
    let refusal = |error: clap::Error| {
        let message = error.to_string();
        let is_named = |given: &&Given| names(&message, &given.name);
        let places = added.iter().filter(is_named).map(|given| given.to_string()).collect();
        Refusal { error, places }
    };
    let options = command
        .try_get_matches_from_mut(arguments)
        .and_then(|matches| T::from_arg_matches(&matches))
        .map_err(refusal);
    Ok(options.map(|options| Read {
        options,
        unknown_variables: unknown,
    }))
}

/// Returns the command that the command line names, and its own arguments.
fn innermost<'a>(mut command: &'a Command, mut matches: &'a ArgMatches) -> (&'a Command, &'a ArgMatches) {
    while let Some((name, own)) = matches.subcommand() {
        let Some(found) = command.find_subcommand(name) else {
            break;
        };
        (command, matches) = (found, own);
    }
    (command, matches)
}

/// Returns what the verb takes and the command line does not give. An option of a verb is the server's if name and value are called alike:
/// `--policy FILE` is not `--policy DIGEST`.
fn wanted(server: &Command, verb: &Command, matches: &ArgMatches, mut given: BTreeMap<String, Given>) -> Vec<Given> {
    let called = |argument: &Arg| {
        (
            argument.get_long().map(str::to_owned),
            argument.get_value_names().map(<[_]>::to_vec),
        )
    };
    let of_server: Vec<_> = server.get_arguments().map(called).collect();
    let mut wanted = Vec::new();
    for argument in verb
        .get_arguments()
        .filter(|argument| of_server.contains(&called(argument)))
    {
        let from_line = matches.try_contains_id(argument.get_id().as_str()).is_ok_and(|has| has)
            && matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine);
        let found = argument.get_long().and_then(|long| given.remove(long));
        wanted.extend(found.filter(|_| !from_line));
    }
    wanted
}

/// Adds the options at the end, or before the `--` after which no options are read.
fn add(arguments: &mut Vec<OsString>, added: &[Given]) {
    let end = arguments.iter().position(|argument| argument == "--");
    let after = arguments.split_off(end.unwrap_or(arguments.len()));
    arguments.extend(added.iter().flat_map(|given| given.arguments.iter().cloned()));
    arguments.extend(after);
}

/// Whether a message names the option.
fn names(message: &str, option: &str) -> bool {
    let name = format!("--{option}");
    message.match_indices(&name).any(|(start, _)| {
        let rest = message.get(start.saturating_add(name.len())..).unwrap_or_default();
        !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-')
    })
}

#[cfg(test)]
mod tests;
