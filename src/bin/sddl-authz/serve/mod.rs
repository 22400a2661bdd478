//! The verb `serve`: the reference server.

mod change;
mod clock;
mod demo;
mod identity;
mod list;
mod listen;
mod router;
mod store;

use crate::{
    input::read_file,
    output::{Output, Verdict},
    policy::Policy,
    trouble::Trouble,
};
use clap::Args;
use clock::Clock;
use core::time::Duration;
use identity::Trust;
use listen::{Address, Limits, Listener};
use router::{App, Routes};
use sddl_authz::{
    http::Guard,
    mim::{CertificateRequest, RequestView},
    render::Escaped,
};
use std::{io, path::PathBuf, sync::Arc};
use store::{Refusals, Sqlite, Store};
use tokio::signal::unix::{SignalKind, signal};

/// Answer the requests of MIM CM's REST API: GET and PUT /CertificateManagement/api/v1.0/requests
#[derive(Debug, Args)]
#[command(after_help = "\
It speaks plain HTTP/1.1 to a proxy in front, which ends TLS and says who calls in X-Caller-User,
X-Caller-Groups, X-Caller-Deny-Only-Groups, X-Caller-Groups-Incomplete and X-Caller-Uuid.

Examples:
  sddl-authz serve --demo --insecure-dev-caller
  sddl-authz serve --store requests.db --import requests.json \\
      --listen unix:/run/sddl-authz.sock --proxy-uid 33
  sddl-authz serve --store requests.db --proxy-secret-file secret")]
#[command(group = clap::ArgGroup::new("trust").required(true).args(["proxy_uid", "proxy_secret_file", "insecure_dev_caller"]))]
#[command(group = clap::ArgGroup::new("requests").required(true).multiple(true).args(["store", "demo"]))]
pub(crate) struct Serve {
    /// Where to listen: IP:PORT, where port 0 is any that is free, or unix:PATH
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: Address,
    /// The file of requests, SQLite; made where there is none
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Take in requests first, a JSON object or a list of them; those whose ids are in the store stay as they are there
    #[arg(long, value_name = "FILE", requires = "store")]
    import: Option<PathBuf>,
    /// Take in the published requests first; without --store they end with the process
    #[arg(long)]
    demo: bool,
    /// The time of every change of --demo, such as 2015-07-07T23:37:37.767Z
    #[arg(long, value_name = "TIME", requires = "demo")]
    demo_clock: Option<String>,
    /// Believe identity headers of a proxy that comes over the Unix socket as this user of the system
    #[arg(long, value_name = "UID")]
    proxy_uid: Option<u32>,
    /// Believe identity headers that come with X-Proxy-Secret as it is in this file
    #[arg(long, value_name = "FILE")]
    proxy_secret_file: Option<PathBuf>,
    /// Believe everybody: X-Dev-Caller: SID[,SID…], the user and its groups; on loopback alone
    #[arg(long)]
    insecure_dev_caller: bool,
    /// The policy to decide by, TOML or JSON; without it this project's inference
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Answer 404 to everything of the API
    #[arg(long)]
    api_disabled: bool,
    /// The least that is logged: error, warn, info, or off
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log: tracing_subscriber::filter::LevelFilter,
    /// Open connections at once; more wait
    #[arg(long, value_name = "COUNT", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..))]
    max_connections: u32,
    /// Bytes of a body
    #[arg(long, value_name = "BYTES", default_value_t = 16384)]
    max_body: usize,
    /// Seconds for the head of a request, and between requests
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    head_timeout: u64,
    /// Seconds for a body
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    body_timeout: u64,
    /// Seconds for answers under way when the server is told to end
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    grace: u64,
}

impl Serve {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        tracing_subscriber::fmt()
            .with_max_level(self.log)
            .with_ansi(false)
            .with_writer(io::stderr)
            .init();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        match runtime.block_on(self.serve(output)) {
            Ok(()) => Ok(Verdict::Yes),
            Err(trouble) => output.refuse(&trouble, false),
        }
    }

    async fn serve(self, output: &mut Output) -> Result<(), Trouble> {
        let trust = self.trust()?;
        let policy = match &self.policy {
            Some(path) => Policy::from_file(path)?,
            None => Policy::inferred(),
        };
        let policy = Arc::new(policy.policy);
        let store = self.filled_store().await?;
        let clock = self.demo_clock.clone().map_or(Clock::System, Clock::Fixed);
        let (refusals, writer) = Refusals::new(clock.clone());
        let (own, kept) = (Arc::clone(&policy), store.clone());
        let guard = Guard::with_observer(own, trust.clone(), kept, move |event| refusals.note(event));
        let app = App {
            guard,
            policy,
            trust,
            clock,
            body_bytes: self.max_body,
            body_time: Duration::from_secs(self.body_timeout),
        };
        let router = router::router(
            app,
            Routes {
                api: !self.api_disabled,
            },
        );
        let listener = Listener::bind(&self.listen)
            .await
            .map_err(|error| Trouble::new("listen", format!("can't listen on {}: {error}", self.listen)))?;
        let stop = stop().map_err(|error| Trouble::new("signal", error.to_string()))?;
        let (ended, ending) = tokio::sync::oneshot::channel::<()>();
        let audit = tokio::spawn(writer.run(store, async {
            let _ = ending.await;
        }));
        let announced = output.line(format_args!("listening on {}", listener.address()));
        announced
            .and_then(|()| output.flush())
            .map_err(|error| Trouble::new("io", error.to_string()))?;
        listener.serve(router, self.limits(), stop).await;
        // Nothing refuses any more; what was refused is written.
        drop(ended);
        audit.await.map_err(|error| Trouble::new("audit", error.to_string()))
    }

    fn limits(&self) -> Limits {
        Limits {
            connections: usize::try_from(self.max_connections).unwrap_or(usize::MAX),
            head_time: Duration::from_secs(self.head_timeout),
            head_bytes: 16 << 10,
            head_lines: 64,
            age: Duration::from_secs(3600),
            grace: Duration::from_secs(self.grace),
        }
    }

    /// Who may say who calls; and that nobody may who should not.
    fn trust(&self) -> Result<Trust, Trouble> {
        if let Some(uid) = self.proxy_uid {
            return match self.listen {
                Address::Unix(_) => Ok(Trust::Uid(uid)),
                Address::Tcp(_) => Err(Trouble::new("listen", "--proxy-uid needs --listen unix:PATH")),
            };
        }
        if let Some(path) = &self.proxy_secret_file {
            const LEAST: usize = 16;
            let secret = read_file(path)?;
            if secret.len() < LEAST {
                let message = format!("the secret is shorter than {LEAST} bytes");
                return Err(Trouble::new("secret_short", message).hint("openssl rand -hex 32"));
            }
            return Ok(Trust::secret(secret.as_bytes()));
        }
        match self.listen {
            Address::Tcp(address) if address.ip().is_loopback() => Ok(Trust::Dev),
            Address::Tcp(_) | Address::Unix(_) => Err(Trouble::new(
                "listen",
                "--insecure-dev-caller believes everybody, so it listens on loopback alone",
            )),
        }
    }

    async fn filled_store(&self) -> Result<Sqlite, Trouble> {
        let unusable = |error| Trouble::new("store", format!("the store is unusable: {error}"));
        let store = match &self.store {
            Some(path) => Sqlite::open(path),
            None => Sqlite::in_memory(),
        }
        .map_err(unusable)?;
        let mut requests = match &self.import {
            Some(path) => imported(&read_file(path)?)?,
            None => Vec::new(),
        };
        if self.demo {
            let demo = demo::requests();
            requests.extend(demo.map_err(|error| Trouble::new("demo", error.to_string()))?);
        }
        let given = requests.len();
        warn_of_failures(&requests);
        let new = store.import(requests).await.map_err(unusable)?;
        if given > 0 {
            tracing::info!(target: "sddl_authz::serve", given, new, "requests were taken in");
        }
        Ok(store)
    }
}

/// The requests of a file: one object, or a list.
fn imported(text: &str) -> Result<Vec<CertificateRequest>, Trouble> {
    let read = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)
    } else {
        serde_json::from_str(text).map(|request| vec![request])
    };
    read.map_err(|error| {
        Trouble::new("import_unreadable", format!("--import: {error}"))
            .hint("a request is a JSON object as the API prints it; a file has one, or a list of them")
    })
}

/// Says which requests nobody will be able to read or change.
fn warn_of_failures(requests: &[CertificateRequest]) {
    let policy = Policy::inferred().policy;
    for request in requests {
        if let Err(failure) = policy.preview(RequestView::from(request), &sddl_authz::Caller::anonymous()) {
            let failure = failure.to_string();
            let detail = Escaped(&failure);
            tracing::warn!(target: "sddl_authz::serve", request = %request.uuid, %detail, "a request will be answered 500");
        }
    }
}

/// Done when the process is asked to end.
fn stop() -> io::Result<impl Future<Output = ()>> {
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}
