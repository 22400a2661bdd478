//! The server from its start to its end.

use crate::options::{Options, TokenOptions};
use core::time::Duration;
use sddl_authz::{
    Caller,
    http::ClaimNames,
    mim::{CertificateRequest, PolicyTextError, RequestView, StatusChangePolicy, http::Guard},
    render::Escaped,
};
use sddl_authz_server::{
    app::App,
    clock::Clock,
    demo,
    identity::{ProxyHeaders, SecretError, Trust, read_secret},
    listen::{Address, Limits, Listener},
    policy::Policy,
    refusals::Refusals,
    router::{Routes, router},
    sqlite::Sqlite,
    store::{Store, StoreError},
    tokens::{Expected, KeySource, Keys, SourceError, Tokens},
};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::signal::unix::{SignalKind, signal};

/// Why the server does not start, or does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("can't read the file `{}`: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the policy `{}` is unusable: {error}", path.display())]
    Policy { path: PathBuf, error: PolicyTextError },
    #[error("the policy can't be written as JSON: {0}")]
    PolicyText(serde_json::Error),
    #[error("--import: {0}; the file must hold a request, a JSON object as the API prints it, or a list of them")]
    Import(serde_json::Error),
    #[error("a request of --demo can't be read: {0}")]
    Demo(serde_json::Error),
    #[error("the store is unusable: {0}")]
    Store(#[from] StoreError),
    #[error("--proxy-uid needs --listen unix:PATH")]
    UidWithoutSocket,
    #[error("--proxy-secret-file: {0}")]
    Secret(#[from] SecretError),
    #[error(
        "--token-claims: {0}; the file must hold an object with lists of names, such as {{\"user\": [\"sid\"], \"groups\": [\"groupsid\"], \"deny_only_groups\": []}}"
    )]
    Claims(serde_json::Error),
    #[error("--token-keys: {0}")]
    Keys(SourceError),
    #[error("--insecure-dev-caller trusts everybody, so it needs an address of loopback")]
    DevNotOnLoopback,
    #[error("can't listen on {address}: {error}")]
    Listen { address: Address, error: io::Error },
    #[error("the audit was not written to its end: {0}")]
    Audit(tokio::task::JoinError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Starts the server, and returns when it was told to end.
pub(crate) fn run(options: &Options) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(options))
}

async fn serve(options: &Options) -> Result<(), StartError> {
    let trust = trust(options).await?;
    let policy = policy(options.api.policy.as_deref())?;
    let store = store(options)?;
    let served = answer(options, trust, policy, store.clone()).await;
    // All is in the one file afterwards, also if the server did not come to listen.
    let closed = store.close().await;
    served?;
    Ok(closed?)
}

async fn answer(options: &Options, trust: Trust, policy: Policy, store: Sqlite) -> Result<(), StartError> {
    fill(options, &store).await?;
    let clock = options.store.demo_clock.clone().map_or(Clock::System, Clock::Fixed);
    let (refusals, writer) = Refusals::new(clock.clone());
    let guard = Guard::new(Arc::clone(policy.rules()), trust.clone(), store.clone())
        .observer(move |event| refusals.note(event));
    let app = App {
        guard,
        policy,
        trust,
        clock,
        body_bytes: options.limits.max_body,
        body_time: Duration::from_secs(options.limits.body_timeout),
    };
    let api = !options.api.disabled;
    let router = router(app, Routes { api });
    let listener = Listener::bind(&options.listen.address)
        .await
        .map_err(|error| StartError::Listen {
            address: options.listen.address.clone(),
            error,
        })?;
    let stop = stop()?;
    let (ended, ending) = tokio::sync::oneshot::channel::<()>();
    let audit = tokio::spawn(writer.run(store, async {
        let _ = ending.await;
    }));
    let mut stdout = io::stdout();
    writeln!(stdout, "listening on {}", listener.address())?;
    stdout.flush()?;
    listener.serve(router, limits(options), stop).await;
    // No request is answered any more, so no refusal comes after those that wait.
    drop(ended);
    audit.await.map_err(StartError::Audit)
}

fn limits(options: &Options) -> Limits {
    Limits {
        connections: usize::try_from(options.limits.max_connections).unwrap_or(usize::MAX),
        head_time: Duration::from_secs(options.limits.head_timeout),
        head_bytes: options.limits.max_head,
        head_lines: 64,
        age: Duration::from_secs(3600),
        grace: Duration::from_secs(options.limits.grace),
    }
}

/// Reads who may say who calls, and refuses combinations by which anybody could.
async fn trust(options: &Options) -> Result<Trust, StartError> {
    if let Some(uid) = options.callers.proxy_uid {
        return match options.listen.address {
            Address::Unix(_) => Ok(Trust::Uid(uid, proxy_headers(options))),
            Address::Tcp(_) => Err(StartError::UidWithoutSocket),
        };
    }
    if let Some(path) = &options.callers.proxy_secret_file {
        warn_of_plain_http(&options.listen.address, "the proxy's secret");
        return Ok(Trust::secret(&read_secret(path)?, proxy_headers(options)));
    }
    if let (Some(issuer), Some(source)) = (&options.tokens.token_issuer, &options.tokens.token_keys) {
        warn_of_plain_http(&options.listen.address, "a token");
        return tokens(&options.tokens, issuer, source).await.map(Trust::Token);
    }
    match options.listen.address {
        Address::Tcp(address) if address.ip().is_loopback() => Ok(Trust::Dev),
        Address::Tcp(_) | Address::Unix(_) => Err(StartError::DevNotOnLoopback),
    }
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

/// Loads the issuer's keys, and keeps them fresh. A file must be there now; an address may answer later.
async fn tokens(options: &TokenOptions, issuer: &str, source: &KeySource) -> Result<Arc<Tokens>, StartError> {
    let claims = match options.token_claims.as_str() {
        "adfs" => ClaimNames::adfs(),
        "entra" => ClaimNames::entra(),
        path => serde_json::from_str(&read(Path::new(path))?).map_err(StartError::Claims)?,
    };
    let keys = Arc::new(Keys::new(source.clone()));
    match (keys.load().await, source) {
        (Ok(()), _) => {}
        (Err(error), KeySource::File(_)) => return Err(StartError::Keys(error)),
        (Err(error), KeySource::Url(_)) => {
            tracing::warn!(target: "sddl_authz::serve", %source, %error, "requests are answered 503 until the issuer's keys are loaded");
        }
    }
    tokio::spawn(Arc::clone(&keys).keep_fresh());
    let expected = Expected {
        issuer: issuer.to_owned(),
        audiences: options.token_audience.clone(),
        algorithms: options.token_algorithm.clone(),
        leeway: options.token_leeway,
        claims,
        uuid_claim: options.token_uuid_claim.clone(),
    };
    Ok(Arc::new(Tokens::new(expected, keys)))
}

/// Warns if what proves who calls goes over a network in plain HTTP.
fn warn_of_plain_http(listen: &Address, proof: &str) {
    if matches!(listen, Address::Tcp(address) if !address.ip().is_loopback()) {
        tracing::warn!(target: "sddl_authz::serve", "{proof} crosses a network in plain HTTP, where others can read it");
    }
}

/// Reads the policy of a file, or takes the inferred one, and says which.
fn policy(file: Option<&Path>) -> Result<Policy, StartError> {
    let Some(path) = file else {
        let policy = Policy::new(StatusChangePolicy::inferred()).map_err(StartError::PolicyText)?;
        tracing::warn!(
            target: "sddl_authz::serve", digest = %policy.digest(),
            "no --policy: the policy that decides is this project's inference, which Microsoft does not document"
        );
        return Ok(policy);
    };
    let rules = read(path)?.parse().map_err(|error| StartError::Policy {
        path: path.to_owned(),
        error,
    })?;
    let policy = Policy::new(rules).map_err(StartError::PolicyText)?;
    let file = path.display().to_string();
    tracing::info!(target: "sddl_authz::serve", file = %Escaped(&file), digest = %policy.digest(), "the policy was read");
    Ok(policy)
}

/// Reads a file of UTF-8, without the byte order mark that some editors put first.
fn read(path: &Path) -> Result<String, StartError> {
    let text = fs::read_to_string(path).map_err(|error| StartError::File {
        path: path.to_owned(),
        error,
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Opens the store. It is created where requests are added to it.
fn store(options: &Options) -> Result<Sqlite, StartError> {
    let store = match &options.store.file {
        None => Sqlite::in_memory()?,
        Some(path) if options.store.demo || options.store.import.is_some() => {
            let (store, created) = Sqlite::open_or_create(path)?;
            if created {
                tracing::warn!(target: "sddl_authz::serve", path = %path.display(), "a new store was created");
            }
            store
        }
        Some(path) => Sqlite::open(path)?,
    };
    Ok(store.with_time(Duration::from_secs(options.store.store_timeout)))
}

/// Adds the requests of `--import` and `--demo`.
async fn fill(options: &Options, store: &Sqlite) -> Result<(), StartError> {
    let mut requests = match &options.store.import {
        Some(path) => imported(&read(path)?).map_err(StartError::Import)?,
        None => Vec::new(),
    };
    if options.store.demo {
        requests.extend(demo::requests().map_err(StartError::Demo)?);
    }
    let given = requests.len();
    warn_of_failures(&requests);
    let new = store.import(requests).await?;
    if given > 0 {
        tracing::info!(target: "sddl_authz::serve", given, new, "requests were added");
    }
    Ok(())
}

/// Reads the requests of a file: one object, or a list.
fn imported(text: &str) -> Result<Vec<CertificateRequest>, serde_json::Error> {
    if text.trim_start().starts_with('[') {
        serde_json::from_str(text)
    } else {
        serde_json::from_str(text).map(|request| vec![request])
    }
}

/// Warns of each request that nobody will be able to read or change.
fn warn_of_failures(requests: &[CertificateRequest]) {
    let policy = StatusChangePolicy::inferred();
    for request in requests {
        if let Err(failure) = policy.preview(RequestView::from(request), &Caller::anonymous()) {
            let failure = failure.to_string();
            let detail = Escaped(&failure);
            tracing::warn!(target: "sddl_authz::serve", request = %request.uuid, %detail, "a request will be answered 500");
        }
    }
}

/// Returns a future that is done when the process is asked to end.
fn stop() -> io::Result<impl Future<Output = ()>> {
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}
