use clap::Args;
use jiff::Timestamp;
use std::path::PathBuf;

/// Where the requests are kept, and the requests that are added at the start.
#[derive(Debug, Args)]
pub(crate) struct StoreOptions {
    /// Keep the requests in this file of SQLite; there must be one, unless --create, --import or --demo is given
    #[arg(id = "store", long = "store", value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Make a new store if there is no such file
    #[arg(long, requires = "store")]
    pub(crate) create: bool,
    /// The most seconds that a read or a change waits for the store; a change that can't begin in this time is not made
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) store_timeout: u64,
    /// First add the requests of this file, JSON or JSON Lines of any size; a request whose id is already in the store is not changed; may be given several times
    #[arg(long, value_name = "FILE", requires = "store")]
    pub(crate) import: Vec<PathBuf>,
    /// First add the requests that Microsoft published; without --store they are lost when the server ends
    #[arg(long)]
    pub(crate) demo: bool,
    /// Give each change of --demo this time, such as 2015-07-07T23:37:37.767Z
    #[arg(long, value_name = "TIME", requires = "demo")]
    pub(crate) demo_clock: Option<Timestamp>,
}

impl StoreOptions {
    /// Returns whether a store is made if there is none.
    pub(crate) fn makes_new(&self) -> bool {
        self.create || self.demo || !self.import.is_empty()
    }
}
