//! The options of the program.

use clap::{ArgGroup, Args, Parser, value_parser};
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use sddl_authz_server::{listen::Address, tokens::KeySource};
use std::path::PathBuf;

/// Answer MIM CM's REST API: GET and PUT /CertificateManagement/api/v1.0/requests
#[derive(Debug, Parser)]
#[command(
    name = "sddl-authz-server",
    version,
    max_term_width = 100,
    after_help = "\
The server speaks plain HTTP/1.1 to a proxy. The proxy ends TLS, authenticates the caller, and says who
it is in one header. Only the uuid may be left out, and incomplete or uuid must be the last field:
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
#[command(group = ArgGroup::new("trust").required(true).args(["proxy_uid", "proxy_secret_file", "token_issuer", "insecure_dev_caller"]))]
#[command(group = ArgGroup::new("requests").required(true).multiple(true).args(["store", "demo"]))]
pub(crate) struct Options {
    /// Listen on this address: IP:PORT, where port 0 takes any free one, or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: Address,
    /// Keep the requests in this file of SQLite; it is created if it does not exist
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// First add the requests of this file, a JSON object or a list of them; a request whose id is already in the store is not changed
    #[arg(long, value_name = "FILE", requires = "store")]
    pub(crate) import: Option<PathBuf>,
    /// First add the requests that Microsoft published; without --store they are lost when the server ends
    #[arg(long)]
    pub(crate) demo: bool,
    /// Give each change of --demo this time, such as 2015-07-07T23:37:37.767Z
    #[arg(long, value_name = "TIME", requires = "demo")]
    pub(crate) demo_clock: Option<String>,
    /// Trust the identity headers of a proxy that connects to the Unix socket as this user of the system
    #[arg(long, value_name = "UID")]
    pub(crate) proxy_uid: Option<u32>,
    /// Trust identity headers that come with the header X-Proxy-Secret, if its value is the text of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) proxy_secret_file: Option<PathBuf>,
    /// Take X-Caller alone from the proxy; a request with one of the older headers, such as X-Caller-User, is answered 400
    #[arg(long, conflicts_with_all = ["token_issuer", "insecure_dev_caller"])]
    pub(crate) one_caller_header: bool,
    #[command(flatten)]
    pub(crate) tokens: TokenOptions,
    /// Trust everybody, on loopback only: X-Dev-Caller: SID[,SID…] is the user and its groups
    #[arg(long)]
    pub(crate) insecure_dev_caller: bool,
    /// Decide by the policy of this file, TOML or JSON [default: the policy that this project inferred]
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Answer 404 to each request of the API
    #[arg(long)]
    pub(crate) api_disabled: bool,
    /// Log messages of this level and above: error, warn, info, or off
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    pub(crate) log: tracing_subscriber::filter::LevelFilter,
    /// The most open connections; others wait
    #[arg(long, value_name = "COUNT", default_value_t = 4096, value_parser = value_parser!(u32).range(1..))]
    pub(crate) max_connections: u32,
    /// The most bytes of the head of a request, at least 8192; a caller in 1015 groups needs 54000
    #[arg(long, value_name = "BYTES", default_value_t = 98_304, value_parser = head_bytes)]
    pub(crate) max_head: usize,
    /// The most bytes of a body
    #[arg(long, value_name = "BYTES", default_value_t = 16384)]
    pub(crate) max_body: usize,
    /// The most seconds for the head of a request, and between two requests
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(1..))]
    pub(crate) head_timeout: u64,
    /// The most seconds for a body
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(1..))]
    pub(crate) body_timeout: u64,
    /// The most seconds for an answer under way when the server is told to end
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) grace: u64,
}

/// The options about bearer tokens.
// No other source of callers reads them. The conflict must be named, because clap drops a requirement that conflicts with a given option.
#[derive(Debug, Args)]
#[group(conflicts_with_all = ["proxy_uid", "proxy_secret_file", "insecure_dev_caller"])]
pub(crate) struct TokenOptions {
    /// Trust bearer tokens whose claim iss is this text: those of AD FS, Entra ID or another issuer
    #[arg(long, value_name = "ISSUER", requires_all = ["token_audience", "token_keys"])]
    pub(crate) token_issuer: Option<String>,
    /// Take tokens for this audience, by their claim aud; may be given several times
    #[arg(long, value_name = "AUDIENCE", requires = "token_issuer")]
    pub(crate) token_audience: Vec<String>,
    /// Take the issuer's keys, a JSON Web Key Set, from this file or this address of https; plain http is for loopback alone
    #[arg(long, value_name = "FILE|URL", requires = "token_issuer")]
    pub(crate) token_keys: Option<KeySource>,
    /// Read the caller from the claims that adfs or entra issues, or from those that this file of JSON names
    #[arg(
        long,
        value_name = "adfs|entra|FILE",
        default_value = "adfs",
        requires = "token_issuer"
    )]
    pub(crate) token_claims: String,
    /// Take signatures of this algorithm, such as RS256, PS256 or ES256; may be given several times
    #[arg(long, value_name = "ALGORITHM", default_value = "RS256", value_parser = asymmetric, requires = "token_issuer")]
    pub(crate) token_algorithm: Vec<Algorithm>,
    /// The most seconds by which the clocks of the issuer and of the server differ
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = value_parser!(u64).range(..=300), requires = "token_issuer")]
    pub(crate) token_leeway: u64,
    /// Take the user's GUID in the directory from this claim, for GET …?targetuser=current
    #[arg(long, value_name = "CLAIM", requires = "token_issuer")]
    pub(crate) token_uuid_claim: Option<String>,
}

/// Reads an algorithm that signs with a private key.
fn asymmetric(text: &str) -> Result<Algorithm, String> {
    let algorithm: Algorithm = text.parse().map_err(|_| "not an algorithm of signatures".to_owned())?;
    if algorithm.family() == AlgorithmFamily::Hmac {
        return Err("issuer and server would share its key".to_owned());
    }
    Ok(algorithm)
}

/// Reads the most bytes of a head. Hyper needs 8192.
fn head_bytes(text: &str) -> Result<usize, String> {
    let bytes = text.parse().map_err(|_| "not a number of bytes".to_owned())?;
    if bytes < 8192 {
        Err("fewer than 8192".to_owned())
    } else {
        Ok(bytes)
    }
}
