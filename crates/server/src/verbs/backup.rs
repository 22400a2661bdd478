use super::{error::VerbError, report::print};
use clap::Args;
use sddl_authz_server::sqlite::backup;
use serde::Serialize;
use std::path::PathBuf;

/// Copy a store into a new file, also while a server uses it
#[derive(Debug, Args)]
#[command(after_help = "\
The copy is checked and on the disk when the program ends. To restore it, end the server, move the store
and its files -wal and -shm away, copy the backup to the store's name, and start the server.

Example:
  sddl-authz-server backup --store requests.db requests-2026-11-27.db")]
pub(crate) struct Options {
    /// Copy this store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Write the copy here; the file must not exist
    #[arg(value_name = "TARGET")]
    target: PathBuf,
}

#[derive(Serialize)]
struct Report {
    requests: u64,
    bytes: u64,
}

pub(super) fn run(options: &Options) -> Result<(), VerbError> {
    let done = backup(&options.store, &options.target)?;
    print(&Report {
        requests: done.requests,
        bytes: done.bytes,
    })
}
