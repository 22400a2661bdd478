use clap::Args;
use sddl_authz_server::listen::Address;

/// Where the server listens.
#[derive(Debug, Args)]
pub(crate) struct ListenOptions {
    /// Listen on this address: IP:PORT, where port 0 takes any free one, or unix:PATH
    #[arg(
        id = "listen",
        long = "listen",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    pub(crate) address: Address,
}
