use clap::Args;
use tracing_subscriber::filter::LevelFilter;

/// What is logged.
#[derive(Debug, Args)]
pub(crate) struct LogOptions {
    /// Log messages of this level and above: error, warn, info, or off
    #[arg(id = "log", long = "log", value_name = "LEVEL", default_value = "info")]
    pub(crate) level: LevelFilter,
}
