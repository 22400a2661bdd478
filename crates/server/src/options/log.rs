use clap::Args;
use sddl_authz_server::log::Format;
use tracing_subscriber::filter::LevelFilter;

/// The options about the log.
#[derive(Debug, Args)]
pub(crate) struct LogOptions {
    /// Log messages of this level and above: error, warn, info, debug, or off
    #[arg(id = "log", long = "log", value_name = "LEVEL", default_value = "info")]
    pub(crate) level: LevelFilter,
    /// Write lines of this form
    #[arg(
        id = "log_format",
        long = "log-format",
        value_name = "FORMAT",
        default_value = "text",
        value_enum
    )]
    pub(crate) format: Format,
}
