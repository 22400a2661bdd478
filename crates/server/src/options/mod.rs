//! The options of the program, by their subjects.

mod api;
mod audit;
mod callers;
mod limits;
mod listen;
mod log;
mod store;
mod tokens;

pub(crate) use self::{
    api::ApiOptions, audit::AuditOptions, callers::CallerOptions, limits::LimitOptions, listen::ListenOptions,
    log::LogOptions, store::StoreOptions, tokens::TokenOptions,
};
use crate::verbs::Verb;
use clap::{ArgGroup, Args, Parser};
use std::path::PathBuf;

/// Answer MIM CM's REST API: GET and PUT /CertificateManagement/api/v1.0/requests
// A verb takes none of the options of the server.
#[derive(Debug, Parser)]
#[command(
    name = "sddl-authz-server",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "\
The server speaks HTTP/1.1 to a proxy, with TLS or without. The proxy authenticates the caller, and says
who it is in one header. Only the uuid may be left out, and incomplete or uuid must be the last field:
  X-Caller: user=SID; groups=SID,SID; deny-only=none; incomplete=false; uuid=GUID
Give --one-caller-header if the proxy sends this header: without it the older headers are taken, too.
Or callers send bearer tokens of an issuer.

Examples:
  sddl-authz-server --demo --insecure-dev-caller
  sddl-authz-server --store requests.db --import requests.json \\
      --listen unix:/run/sddl-authz.sock --proxy-uid 33 --one-caller-header
  sddl-authz-server --store requests.db --proxy-secret-file secret --one-caller-header
  sddl-authz-server --store requests.db --token-issuer https://adfs.example/adfs \\
      --token-audience api://requests --token-keys https://adfs.example/adfs/discovery/keys"
)]
#[command(group = ArgGroup::new("trust").required(true).args(["proxy_uid", "proxy_secret_file", "proxy_certificate", "token_issuer", "insecure_dev_caller"]))]
#[command(group = ArgGroup::new("requests").required(true).multiple(true).args(["store", "demo"]))]
pub(crate) struct Command {
    /// Another task than to serve.
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
    /// Take options from this file of TOML: `max-body = 16384` is --max-body 16384. The command line and the variables of the
    /// environment, such as SDDL_AUTHZ_MAX_BODY, come before it
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Check the options, and the policy, secrets, keys and certificates that they name; then end, with status 0 if they are good, else 2
    #[arg(long)]
    pub(crate) check_config: bool,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// The options of the server.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten, next_help_heading = "Listening")]
    pub(crate) listen: ListenOptions,
    #[command(flatten, next_help_heading = "Requests")]
    pub(crate) store: StoreOptions,
    #[command(flatten, next_help_heading = "Callers")]
    pub(crate) callers: CallerOptions,
    #[command(flatten, next_help_heading = "Bearer tokens")]
    pub(crate) tokens: TokenOptions,
    #[command(flatten, next_help_heading = "Answers")]
    pub(crate) api: ApiOptions,
    #[command(flatten, next_help_heading = "Audit")]
    pub(crate) audit: AuditOptions,
    #[command(flatten, next_help_heading = "Log")]
    pub(crate) log: LogOptions,
    #[command(flatten, next_help_heading = "Limits")]
    pub(crate) limits: LimitOptions,
}
