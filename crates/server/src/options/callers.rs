use clap::Args;
use std::path::PathBuf;

/// The options about the sources of callers, other than the issuer of tokens.
#[derive(Debug, Args)]
pub(crate) struct CallerOptions {
    /// Trust the identity headers of a proxy that connects to the Unix socket as this user of the system
    #[arg(long, value_name = "UID")]
    pub(crate) proxy_uid: Option<u32>,
    /// Trust identity headers that come with the header X-Proxy-Secret, if its value is the text of this file; may be given several
    /// times, for a change from one secret to another
    #[arg(long, value_name = "FILE")]
    pub(crate) proxy_secret_file: Vec<PathBuf>,
    /// Trust the identity headers of a proxy that has a certificate of an authority in --tls-client-ca
    #[arg(long, requires = "tls_client_ca")]
    pub(crate) proxy_certificate: bool,
    /// Take X-Caller alone from the proxy; a request with one of the older headers, such as X-Caller-User, is answered 400
    #[arg(long, conflicts_with_all = ["token_issuer", "insecure_dev_caller"])]
    pub(crate) one_caller_header: bool,
    /// Trust everybody, on loopback only: X-Dev-Caller: SID[,SID…] is the user and its groups
    #[arg(long)]
    pub(crate) insecure_dev_caller: bool,
}
