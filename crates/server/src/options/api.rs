use clap::Args;
use std::path::PathBuf;

/// How the API answers.
#[derive(Debug, Args)]
pub(crate) struct ApiOptions {
    /// Decide by the policy of this file, TOML or JSON [default: the policy that this project inferred]
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Answer 404 to each request of the API
    #[arg(id = "api_disabled", long = "api-disabled")]
    pub(crate) disabled: bool,
}
