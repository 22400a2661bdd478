//! The source of callers that the options name: a proxy, an issuer of tokens, or everybody.

use crate::{
    error::StartError,
    files::read,
    options::{Options, TokenOptions},
};
use sddl_authz::http::ClaimNames;
use sddl_authz_server::{
    identity::{ProxyHeaders, SecretError, Secrets, Trust, read_secret},
    listen::Address,
    tokens::{Expected, KeySource, Keys, Tokens},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The sources of callers, and what of them can be read again.
#[derive(Debug)]
pub(crate) struct Callers {
    pub(crate) trust: Trust,
    pub(crate) keys: Option<Arc<Keys>>,
}

impl Callers {
    /// Reads who may say who calls, and refuses combinations by which anybody could. Loads no keys. Without an address it does not check
    /// what this must be.
    pub(crate) fn new(options: &Options, address: Option<&Address>) -> Result<Self, StartError> {
        let without_keys = |trust| Ok(Self { trust, keys: None });
        let is_plain = options.listen.tls_cert.is_none() && address.is_some_and(|address| !address.is_local());
        if let Some(uid) = options.callers.proxy_uid {
            return match address {
                None | Some(Address::Unix(_)) => without_keys(Trust::Uid(uid, proxy_headers(options))),
                Some(Address::Tcp(_) | Address::Systemd) => Err(StartError::UidWithoutSocket),
            };
        }
        if options.callers.proxy_certificate {
            return without_keys(Trust::Certificate(proxy_headers(options)));
        }
        if !options.callers.proxy_secret_file.is_empty() {
            warn_if(is_plain, "the proxy's secret");
            let secrets = Secrets::new(&read_secrets(&options.callers.proxy_secret_file)?);
            return without_keys(Trust::Secret(secrets, proxy_headers(options)));
        }
        if let (Some(issuer), Some(source)) = (&options.tokens.token_issuer, &options.tokens.token_keys) {
            warn_if(is_plain, "a token");
            let keys = Arc::new(Keys::new(source.clone()));
            let tokens = Tokens::new(expected(&options.tokens, issuer)?, Arc::clone(&keys));
            return Ok(Self {
                trust: Trust::Token(Arc::new(tokens)),
                keys: Some(keys),
            });
        }
        match address {
            Some(Address::Tcp(address)) if address.ip().is_loopback() => without_keys(Trust::Dev),
            _ => Err(StartError::DevNotOnLoopback),
        }
    }

    /// Loads the issuer's keys, and keeps them fresh. A file must be there now; an address may answer later.
    pub(crate) async fn load_keys(&self, options: &Options) -> Result<(), StartError> {
        let (Some(keys), Some(source)) = (&self.keys, &options.tokens.token_keys) else {
            return Ok(());
        };
        match (keys.load().await, source) {
            (Ok(()), _) => {}
            (Err(error), KeySource::File(_)) => return Err(StartError::Keys(error)),
            (Err(error), KeySource::Url(_)) => {
                tracing::warn!(target: "sddl_authz::serve", %source, %error, "requests are answered 503 until the issuer's keys are loaded");
            }
        }
        tokio::spawn(Arc::clone(keys).keep_fresh());
        Ok(())
    }

    /// Loads the issuer's keys if they are in a file.
    pub(crate) async fn check_keys(&self, options: &Options) -> Result<(), StartError> {
        match (&self.keys, &options.tokens.token_keys) {
            (Some(keys), Some(KeySource::File(_))) => keys.load().await.map_err(StartError::Keys),
            _ => Ok(()),
        }
    }
}

/// Reads the secrets of all files.
pub(crate) fn read_secrets(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, SecretError> {
    files.iter().map(|file| read_secret(file)).collect()
}

/// Returns the headers that are taken from a proxy. Warns if a header that the proxy does not set, and does not remove, could name the
/// caller.
fn proxy_headers(options: &Options) -> ProxyHeaders {
    if options.callers.one_caller_header {
        return ProxyHeaders::One;
    }
    tracing::warn!(
        target: "sddl_authz::serve",
        "the proxy must remove every header of a client whose name begins with x-caller, also those that it does not set; \
         if it sets X-Caller, give --one-caller-header"
    );
    ProxyHeaders::OneOrSeparate
}

/// Reads which tokens count.
fn expected(options: &TokenOptions, issuer: &str) -> Result<Expected, StartError> {
    let claims = match options.token_claims.as_str() {
        "adfs" => ClaimNames::adfs(),
        "entra" => ClaimNames::entra(),
        path => serde_json::from_str(&read(Path::new(path))?).map_err(StartError::Claims)?,
    };
    Ok(Expected {
        issuer: issuer.to_owned(),
        audiences: options.token_audience.clone(),
        algorithms: options.token_algorithm.clone(),
        leeway: options.token_leeway,
        claims,
        uuid_claim: options.token_uuid_claim.clone(),
    })
}

/// Warns if what proves who calls goes over a network in plain HTTP.
fn warn_if(is_plain: bool, proof: &str) {
    if is_plain {
        tracing::warn!(target: "sddl_authz::serve", "{proof} crosses a network in plain HTTP, where others can read it");
    }
}
