//! The server from its start to its end.

use crate::{
    options::{Options, StoreOptions, TokenOptions},
    sockets::{self, SocketError, Sockets},
};
use core::time::Duration;
use sddl_authz::{
    http::ClaimNames,
    mim::{PolicyTextError, StatusChangePolicy, http::Guard},
    render::Escaped,
};
use sddl_authz_server::{
    app::App,
    clock::Clock,
    demo,
    identity::{ProxyHeaders, SecretError, Trust, read_secret},
    import::{ImportError, Mode, Staged},
    list::{self, Lists, NoRandomBytes},
    listen::{Address, End},
    policy::Policy,
    refusals::Refusals,
    router::{Routes, admin_router, router},
    sqlite::Sqlite,
    store::{Batch, Store, StoreError},
    tokens::{Expected, KeySource, Keys, SourceError, Tokens},
};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why the server does not start, or does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("can't read the file `{}`: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the policy `{}` is unusable: {error}", path.display())]
    Policy { path: PathBuf, error: PolicyTextError },
    #[error("the policy can't be written as JSON: {0}")]
    PolicyText(serde_json::Error),
    #[error("--import: `{}`: {error}", path.display())]
    Import { path: PathBuf, error: Box<ImportError> },
    #[error("there is no file `{}`; --create makes a new store", .0.display())]
    NoStore(PathBuf),
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
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error("the audit was not written to its end: {0}")]
    Audit(tokio::task::JoinError),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Random(#[from] NoRandomBytes),
}

/// Starts the server, and returns when it was told to end.
pub(crate) fn run(options: &Options) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(options));
    // A thread that does not end does not hold the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

async fn serve(options: &Options) -> Result<(), StartError> {
    let sockets = Sockets::prepare(&options.listen)?;
    let trust = trust(options, &sockets).await?;
    let policy = policy(options.api.policy.as_deref())?;
    // All files are read before a store is made or changed.
    let imports = imports(&options.store, &policy)?;
    let store = store(&options.store)?.with_time(Duration::from_secs(options.store.store_timeout));
    let served = answer(options, sockets, trust, policy, store.clone(), imports).await;
    // All is in the one file afterwards, also if the server did not come to listen.
    let closed = store.close().await;
    served?;
    Ok(closed?)
}

async fn answer(
    options: &Options,
    sockets: Sockets,
    trust: Trust,
    policy: Policy,
    store: Sqlite,
    imports: Vec<(&Path, Staged)>,
) -> Result<(), StartError> {
    fill(&store, imports, options.store.demo).await?;
    let clock = options.store.demo_clock.map_or(Clock::System, Clock::Fixed);
    let (refusals, writer) = Refusals::new(clock, options.audit.bounds());
    let guard = Guard::new(Arc::clone(policy.rules()), trust.clone(), store.clone())
        .observer(refusals.observer(policy.clone()));
    let lists = list::Limits {
        at_once: options.limits.max_lists.into(),
        time: Duration::from_millis(options.limits.list_time),
        ..list::Limits::default()
    };
    let (end, stages) = End::new();
    let app = Arc::new(App {
        guard,
        lists: Lists::new(lists)?,
        policy,
        trust,
        audit: refusals.health().clone(),
        clock,
        body_bytes: options.limits.max_body,
        body_time: Duration::from_secs(options.limits.body_timeout),
        request_time: Duration::from_secs(options.limits.request_timeout),
        ending: stages.clone(),
    });
    let api = !options.api.disabled;
    let routers = (router(Arc::clone(&app), Routes { api }), admin_router(app));
    let listeners = sockets.listen().await?;
    let (ended, ending) = tokio::sync::oneshot::channel::<()>();
    let audit = tokio::spawn(writer.run(store, async {
        let _ = ending.await;
    }));
    let mut stdout = io::stdout();
    writeln!(stdout, "listening on {}", listeners.0.address())?;
    stdout.flush()?;
    sockets::serve(listeners, routers, options, (end, stages)).await?;
    // No request is answered any more, so no refusal comes after those that wait.
    drop(ended);
    audit.await.map_err(StartError::Audit)
}

/// Reads who may say who calls, and refuses combinations by which anybody could.
async fn trust(options: &Options, sockets: &Sockets) -> Result<Trust, StartError> {
    let address = sockets.address();
    if let Some(uid) = options.callers.proxy_uid {
        return match address {
            Address::Unix(_) => Ok(Trust::Uid(uid, proxy_headers(options))),
            Address::Tcp(_) | Address::Systemd => Err(StartError::UidWithoutSocket),
        };
    }
    if options.callers.proxy_certificate {
        return Ok(Trust::Certificate(proxy_headers(options)));
    }
    if let Some(path) = &options.callers.proxy_secret_file {
        warn_of_plain_http(sockets, "the proxy's secret");
        return Ok(Trust::secret(&read_secret(path)?, proxy_headers(options)));
    }
    if let (Some(issuer), Some(source)) = (&options.tokens.token_issuer, &options.tokens.token_keys) {
        warn_of_plain_http(sockets, "a token");
        return tokens(&options.tokens, issuer, source).await.map(Trust::Token);
    }
    match address {
        Address::Tcp(address) if address.ip().is_loopback() => Ok(Trust::Dev),
        Address::Tcp(_) | Address::Unix(_) | Address::Systemd => Err(StartError::DevNotOnLoopback),
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
fn warn_of_plain_http(sockets: &Sockets, proof: &str) {
    if sockets.tls().is_none() && !sockets.address().is_local() {
        tracing::warn!(target: "sddl_authz::serve", "{proof} crosses a network in plain HTTP, where others can read it");
    }
}

/// Reads the policy of a file, or takes the inferred one, and says which.
pub(crate) fn policy(file: Option<&Path>) -> Result<Policy, StartError> {
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

/// Adds the requests of `--import` and `--demo`.
async fn fill(store: &Sqlite, imports: Vec<(&Path, Staged)>, demo: bool) -> Result<(), StartError> {
    for (path, staged) in imports {
        let failed = |error| import_error(path, error);
        let done = staged.apply(store, |_| {}).await.map_err(failed)?;
        let (file, given) = (path.display().to_string(), staged.given());
        tracing::info!(
            target: "sddl_authz::serve", file = %Escaped(&file), given, new = done.inserted, unchanged = done.unchanged,
            "requests were added"
        );
        if done.skipped > 0 {
            tracing::warn!(
                target: "sddl_authz::serve", file = %Escaped(&file), skipped = done.skipped,
                "the store has other requests with these ids, which were not changed; the command import can replace them"
            );
        }
    }
    if demo {
        let requests = demo::requests().map_err(StartError::Demo)?;
        let done = store.import(Batch::Insert(requests)).await?;
        tracing::info!(target: "sddl_authz::serve", given = done.total(), new = done.inserted, "the requests of --demo were added");
    }
    Ok(())
}

/// Reads the files of `--import`.
fn imports<'a>(options: &'a StoreOptions, policy: &Policy) -> Result<Vec<(&'a Path, Staged)>, StartError> {
    let read = |path: &'a PathBuf| import_of(path, policy).map(|staged| (path.as_path(), staged));
    options.import.iter().map(read).collect()
}

/// Opens the store. It makes a new one only if an option asks for that.
fn store(options: &StoreOptions) -> Result<Sqlite, StartError> {
    let Some(path) = &options.file else {
        return Ok(Sqlite::in_memory()?);
    };
    match Sqlite::open(path) {
        Err(StoreError::Missing(_)) if options.makes_new() => {
            let store = Sqlite::create(path)?;
            let file = path.display().to_string();
            tracing::warn!(target: "sddl_authz::serve", file = %Escaped(&file), "a new store was created");
            Ok(store)
        }
        Err(StoreError::Missing(path)) => Err(StartError::NoStore(path)),
        opened => Ok(opened?),
    }
}

/// Reads a file of requests, and warns of those that nobody will be able to read or change.
fn import_of(path: &Path, policy: &Policy) -> Result<Staged, StartError> {
    let failed = |error| import_error(path, error);
    let file = fs::File::open(path).map_err(|error| failed(error.into()))?;
    let staged = Staged::read(io::BufReader::new(file), Mode::Insert, policy.rules(), Err).map_err(failed)?;
    if staged.undecidable() > 0 {
        let file = path.display().to_string();
        tracing::warn!(
            target: "sddl_authz::serve", file = %Escaped(&file), requests = staged.undecidable(),
            "nothing can be decided about some requests, which will be answered 500; the first are named below"
        );
    }
    for (request, failure) in staged.named() {
        tracing::warn!(target: "sddl_authz::serve", %request, detail = %Escaped(failure), "a request will be answered 500");
    }
    Ok(staged)
}

fn import_error(path: &Path, error: ImportError) -> StartError {
    StartError::Import {
        path: path.to_owned(),
        error: Box::new(error),
    }
}
