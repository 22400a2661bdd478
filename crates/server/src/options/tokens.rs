use clap::{Args, value_parser};
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use sddl_authz_server::tokens::KeySource;

/// The options about bearer tokens.
// No other source of callers reads them. The conflict must be named, because clap drops a requirement that conflicts with a given option.
#[derive(Debug, Args)]
#[group(conflicts_with_all = ["proxy_uid", "proxy_secret_file", "proxy_certificate", "insecure_dev_caller"])]
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
