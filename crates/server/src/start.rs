//! The server from its start to its end.

use crate::{
    callers::Callers,
    decider::Decider,
    error::StartError,
    files::policy,
    options::{Options, StoreOptions},
    reload::Reload,
    sockets::{self, Signals, Sockets},
};
use core::time::Duration;
use sddl_authz::render::Escaped;
use sddl_authz_server::{
    app::App,
    clock::Clock,
    current::Current,
    demo,
    import::{ImportError, Mode, Staged},
    list::{self, Lists},
    listen::{Address, End},
    log::Lost,
    metrics::Metrics,
    policy::Policy,
    readiness::Readiness,
    refusals::Refusals,
    router::{Routes, admin_router, router},
    sqlite::Sqlite,
    store::{Batch, Store, StoreError},
};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Starts the server, and returns when it was told to end.
pub(crate) fn run(options: &Options, lost: Lost) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(options, lost));
    // A thread that does not end does not hold the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

/// Reads the policy, secrets, keys and certificates that the options name. It opens no store, reads no `--import`, and does not listen.
pub(crate) fn check(options: &Options) -> Result<(), StartError> {
    // Where systemd passes the socket, its address is not known before the start.
    let address = (!matches!(options.listen.address, Address::Systemd)).then_some(&options.listen.address);
    sockets::check(&options.listen)?;
    let callers = Callers::new(options, address)?;
    policy(options.api.policy.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(callers.check_keys(options))
}

async fn serve(options: &Options, lost: Lost) -> Result<(), StartError> {
    let hangups = hangups()?;
    let sockets = Sockets::prepare(&options.listen)?;
    let callers = Callers::new(options, Some(sockets.address()))?;
    callers.load_keys(options).await?;
    let policy = policy(options.api.policy.as_deref())?;
    // All files are read before a store is made or changed.
    let imports = imports(&options.store, &policy)?;
    let store = store(&options.store)?.with_time(Duration::from_secs(options.store.store_timeout));
    let served = answer(
        options,
        (sockets, hangups),
        callers,
        policy,
        store.clone(),
        imports,
        lost,
    )
    .await;
    // All is in the one file afterwards, also if the server did not come to listen.
    let closed = store.close().await;
    served?;
    Ok(closed?)
}

async fn answer(
    options: &Options,
    (sockets, hangups): (Sockets, Signal),
    callers: Callers,
    policy: Policy,
    store: Sqlite,
    imports: Vec<(&Path, Staged)>,
    lost: Lost,
) -> Result<(), StartError> {
    fill(&store, imports, options.store.demo).await?;
    let clock = options.store.demo_clock.map_or(Clock::System, Clock::Fixed);
    let (refusals, writer) = Refusals::new(clock, options.audit.bounds());
    let lists = list::Limits {
        at_once: options.limits.max_lists.into(),
        time: Duration::from_millis(options.limits.list_time),
        ..list::Limits::default()
    };
    let metrics = Metrics::new();
    metrics.sampled_counter(
        "log_lines_lost",
        "Lines of the log that found no room or could not be written",
        move || lost.lines(),
    );
    let decider = Decider {
        trust: callers.trust.clone(),
        store: store.clone(),
        refusals: refusals.clone(),
        metrics: metrics.clone(),
    };
    let (end, stages) = End::new();
    let app = App {
        guard: decider.guard(&policy),
        lists: Arc::new(Lists::new(lists)?),
        policy,
        trust: callers.trust.clone(),
        audit: refusals.health().clone(),
        clock,
        body_bytes: options.limits.max_body,
        body_time: Duration::from_secs(options.limits.body_timeout),
        request_time: Duration::from_secs(options.limits.request_timeout),
        ending: stages.clone(),
        readiness: Readiness::default(),
    };
    let api = !options.api.disabled;
    let current = Current::new(app);
    let routers = (
        metrics.observed(router(current.clone(), Routes { api })),
        admin_router(current.clone(), &metrics),
    );
    metrics.store(&store);
    metrics.audit(refusals.health());
    metrics.policy(&current);
    if let Some(keys) = &callers.keys {
        metrics.keys(keys);
    }
    let reload = Reload::new(options, callers, sockets.tls().cloned(), decider, current);
    let signals = Signals::new()?;
    let listeners = sockets.listen().await?;
    let reload = tokio::spawn(reload.run(hangups));
    let removing = tokio::spawn(
        store
            .clone()
            .keep_removing_old_entries(options.audit.retention(), clock),
    );
    let serving = async {
        let mut stdout = io::stdout();
        writeln!(stdout, "listening on {}", listeners.0.address())?;
        stdout.flush()?;
        sockets::serve(listeners, routers, options, &metrics, (signals, end, stages)).await
    };
    let (served, audited) = writer.run_during(store, serving).await;
    reload.abort();
    removing.abort();
    served?;
    audited.map_err(StartError::Audit)
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

/// Returns the requests to read files again. The signals for users, which would end the process, are ignored.
fn hangups() -> io::Result<Signal> {
    // A handler stays even where nobody waits for the signal.
    drop(signal(SignalKind::user_defined1())?);
    drop(signal(SignalKind::user_defined2())?);
    signal(SignalKind::hangup())
}
