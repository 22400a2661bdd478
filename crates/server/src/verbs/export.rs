use super::{error::VerbError, report::print};
use clap::Args;
use sddl_authz_server::{new_file::NewFile, sqlite::export};
use serde_json::json;
use std::{
    fs::OpenOptions,
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

/// Write all requests of a store as JSON Lines, also while a server uses it
#[derive(Debug, Args)]
#[command(after_help = "\
Each line is a request as the API prints it, in the order of the ids. They are those of one moment.

Examples:
  sddl-authz-server export --store requests.db requests.jsonl
  sddl-authz-server export --store requests.db | gzip >requests.jsonl.gz")]
pub(crate) struct Options {
    /// Write the requests of this store
    #[arg(long, value_name = "FILE")]
    store: PathBuf,
    /// Write them here; the file must not exist, and - is standard output
    #[arg(value_name = "FILE|-", default_value = "-")]
    target: PathBuf,
}

pub(super) fn run(options: &Options) -> Result<(), VerbError> {
    if options.target == Path::new("-") {
        export(&options.store, &mut BufWriter::new(io::stdout().lock()))?;
        return Ok(());
    }
    let file = NewFile::create(&options.target)?;
    let output = OpenOptions::new().write(true).open(file.partial())?;
    let requests = export(&options.store, &mut BufWriter::new(output))?;
    file.keep()?;
    print(&json!({"requests": requests}))
}
