use std::{io, path::PathBuf};

/// Why the file of options, or a variable, can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("can't read the file `{}`: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("`{}`, line {line}: {fault}", path.display())]
    Line { path: PathBuf, line: usize, fault: String },
    #[error("the variable {name} {fault}")]
    Variable { name: String, fault: &'static str },
    #[error("this kind of option can't be read from a file: {0}")]
    Kind(String),
}
