//! The sockets of the server, as the options ask for them.

use crate::{
    error::SocketError,
    options::{ListenOptions, Options},
};
use core::time::Duration;
use sddl_authz_server::{
    listen::{Address, Counts, End, Ending, Limits, Listener, Passed, SocketAccess, Stage, Tls, TlsFiles},
    metrics::Metrics,
};
use std::{io, sync::Arc};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};

/// The most connections of the address for the operator.
const ADMIN_CONNECTIONS: usize = 256;
/// How long an answer to the operator may still take when the server ends.
const ADMIN_GRACE: Duration = Duration::from_secs(1);
/// The most bytes that are read after an early answer and thrown away.
const DISCARD_BYTES: usize = 4 * 1024 * 1024;

/// A socket that is open, or its address.
#[derive(Debug)]
struct Place {
    address: Address,
    passed: Option<Listener>,
}

impl Place {
    /// Takes the next socket of systemd if the options ask for it.
    fn new(asked: &Address, passed: &mut Passed) -> Result<Self, SocketError> {
        let failed = |error| SocketError::Listen {
            address: asked.clone(),
            error,
        };
        let passed = passed.take(asked).map_err(failed)?;
        let address = match &passed {
            Some(listener) => listener.local().map_err(failed)?,
            None => asked.clone(),
        };
        Ok(Self { address, passed })
    }

    async fn open(self, access: SocketAccess) -> Result<Listener, SocketError> {
        match self.passed {
            Some(listener) => Ok(listener),
            None => Listener::bind(&self.address, access)
                .await
                .map_err(|error| SocketError::Listen {
                    address: self.address,
                    error,
                }),
        }
    }
}

/// The sockets of the server before it listens.
#[derive(Debug)]
pub(crate) struct Sockets {
    api: Place,
    admin: Option<Place>,
    access: SocketAccess,
    tls: Option<Tls>,
}

impl Sockets {
    /// Takes the sockets that systemd passes, and loads the certificates.
    pub(crate) fn prepare(options: &ListenOptions) -> Result<Self, SocketError> {
        let mut passed = Passed::from_environment();
        let api = Place::new(&options.address, &mut passed)?;
        let admin = options
            .admin_listen
            .as_ref()
            .map(|address| Place::new(address, &mut passed))
            .transpose()?;
        if admin.as_ref().is_some_and(|admin| !admin.address.is_local()) {
            return Err(SocketError::AdminNotLocal);
        }
        let unused = passed.left();
        if unused > 0 {
            tracing::warn!(target: "sddl_authz::serve", unused, "systemd passed sockets that no option asks for; give --listen systemd");
        }
        Ok(Self {
            api,
            admin,
            access: SocketAccess {
                mode: options.socket_mode,
                group: options.socket_group,
            },
            tls: tls_files(options).map(Tls::load).transpose()?,
        })
    }

    /// Returns the address of the API: that of the socket, if systemd passed it.
    pub(crate) fn address(&self) -> &Address {
        &self.api.address
    }

    /// Returns TLS for the API, to load it anew.
    pub(crate) fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    /// Listens for the API, and for the operator.
    pub(crate) async fn listen(self) -> Result<(Listener, Option<Listener>), SocketError> {
        let api = self.api.open(self.access).await?.with_tls(self.tls);
        let admin = match self.admin {
            Some(admin) => Some(admin.open(self.access).await?),
            None => None,
        };
        Ok((api, admin))
    }
}

/// Loads the certificates, and checks the address for the operator. Opens no socket.
pub(crate) fn check(options: &ListenOptions) -> Result<(), SocketError> {
    let is_far = |address: &Address| !matches!(address, Address::Systemd) && !address.is_local();
    if options.admin_listen.as_ref().is_some_and(is_far) {
        return Err(SocketError::AdminNotLocal);
    }
    tls_files(options).map(Tls::load).transpose()?;
    Ok(())
}

fn tls_files(options: &ListenOptions) -> Option<TlsFiles> {
    let (certificate, key) = (options.tls_cert.clone()?, options.tls_key.clone()?);
    Some(TlsFiles {
        certificate,
        key,
        client_authorities: options.tls_client_ca.clone(),
        client_name: options.proxy_certificate_name.clone(),
    })
}

/// The limits of the connections of the API.
pub(crate) fn limits(options: &Options) -> Limits {
    let limits = &options.limits;
    Limits {
        connections: usize::try_from(limits.max_connections).unwrap_or(usize::MAX),
        connections_per_peer: limits
            .max_connections_per_peer
            .map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        head_time: Duration::from_secs(limits.head_timeout),
        idle_time: Duration::from_secs(limits.idle_timeout),
        write_time: Duration::from_secs(limits.write_timeout),
        discard_time: Duration::from_secs(limits.body_timeout),
        discard_bytes: DISCARD_BYTES,
        head_bytes: limits.max_head,
        head_lines: 64,
        age: Duration::from_secs(3600),
        grace: Duration::from_secs(limits.grace),
    }
}

/// The limits of the connections of the operator.
pub(crate) fn admin_limits(options: &Options) -> Limits {
    Limits {
        connections: ADMIN_CONNECTIONS,
        connections_per_peer: None,
        ..limits(options)
    }
}

/// Serves until signals have ended the server. The operator is answered until the API has ended.
pub(crate) async fn serve(
    (api, admin): (Listener, Option<Listener>),
    (router, admin_router): (axum::Router, axum::Router),
    options: &Options,
    metrics: &Metrics,
    (mut signals, end, ending): (Signals, End, Ending),
) -> io::Result<()> {
    let drain = Duration::from_secs(options.limits.drain);
    let signals = tokio::spawn(async move {
        signals.end(&end, drain).await;
        // The sender stays, so that the stage does.
        core::future::pending::<()>().await;
    });
    let (admin_end, admin_ending) = End::new();
    let admin = admin.map(|admin| {
        let serving = admin.serve(admin_router, admin_limits(options), Arc::default(), admin_ending);
        tokio::spawn(serving)
    });
    let counts = Arc::new(Counts::default());
    metrics.connections(&counts);
    api.serve(router, limits(options), counts, ending).await;
    admin_end.reach(Stage::Closing);
    if let Some(admin) = admin
        && let Ok(ended) = timeout(ADMIN_GRACE, admin).await
    {
        signals.abort();
        return ended.map_err(io::Error::other);
    }
    signals.abort();
    Ok(())
}

/// The signals that end the server. They are caught from the start of this value on.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// At the first signal drains for this time, and then closes. At the second one cuts.
    async fn end(&mut self, end: &End, drain: Duration) {
        self.next().await;
        end.reach(Stage::Draining);
        if timeout(drain, self.next()).await.is_err() {
            end.reach(Stage::Closing);
            self.next().await;
        }
        end.reach(Stage::Cut);
    }
}
