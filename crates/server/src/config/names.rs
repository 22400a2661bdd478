//! Names of options that are read in another way than the others.

/// The option with the path of the file.
pub(super) const FILE: &str = "config";
/// The options that the command line alone gives.
pub(super) const NOT_IN_FILES: [&str; 4] = [FILE, "check-config", "help", "version"];
