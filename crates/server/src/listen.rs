//! Connections: how many there may be, how long they live, and how they end.

use crate::{identity::PeerUid, paths::normalized};
use axum::{Router, body::Body};
use core::{fmt, net::SocketAddr, str::FromStr, time::Duration};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{io, path::PathBuf, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener, UnixStream},
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};
use tower_service::Service;

/// An address to listen on.
#[derive(Clone, Debug)]
pub enum Address {
    /// `IP:PORT`.
    Tcp(SocketAddr),
    /// `unix:PATH`.
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some("") => Err("a Unix socket has a path".to_owned()),
            Some(path) => Ok(Self::Unix(path.into())),
            None => text
                .parse()
                .map(Self::Tcp)
                .map_err(|_| "an address is IP:PORT or unix:PATH".to_owned()),
        }
    }
}

/// Limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most open connections. Others wait to be accepted.
    pub connections: usize,
    /// How long the head of a request may take, from the start of the connection or from the last answer.
    pub head_time: Duration,
    /// The most bytes of the head of a request.
    pub head_bytes: usize,
    /// The most lines of the head of a request.
    pub head_lines: usize,
    /// How long a connection may live. It ends after the answer that is under way.
    pub age: Duration,
    /// How long an answer that is under way may still take when the server or the connection ends.
    pub grace: Duration,
}

/// A socket that listens.
#[derive(Debug)]
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A Unix socket, and its path.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// Listens on an address.
    ///
    /// # Errors
    ///
    /// Fails if the system refuses the address.
    pub async fn bind(address: &Address) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => TcpListener::bind(address).await.map(Self::Tcp),
            Address::Unix(path) => {
                // A server that was killed leaves its socket there. The socket of a running server is not removed.
                let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
                if UnixStream::connect(path).await.as_ref().is_err_and(refused) {
                    std::fs::remove_file(path)?;
                }
                Ok(Self::Unix(UnixListener::bind(path)?, path.clone()))
            }
        }
    }

    /// Answers until `stop` is done, and then finishes the answers that are under way.
    pub async fn serve(self, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(limits.connections));
        let (ending, ended) = watch::channel(());
        tokio::pin!(stop);
        loop {
            let place = tokio::select! {
                place = Arc::clone(&places).acquire_owned() => place,
                () = &mut stop => break,
            };
            let accepted = tokio::select! {
                accepted = self.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let (router, ended) = (router.clone(), ended.clone());
                    tokio::spawn(async move {
                        match stream {
                            Stream::Tcp(stream) => converse(stream, peer, router, limits, ended).await,
                            Stream::Unix(stream) => converse(stream, peer, router, limits, ended).await,
                        }
                        drop(place);
                    });
                }
                Err(error) => {
                    // Out of file descriptors, or the client has gone already: neither ends the server.
                    tracing::warn!(target: "sddl_authz::serve", %error, "a connection was not accepted");
                    sleep(Duration::from_millis(20)).await;
                }
            }
        }
        let path = self.closed();
        // Each connection waits for this sender to end.
        drop(ending);
        let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
        if timeout(limits.grace, places.acquire_many(all)).await.is_err() {
            tracing::warn!(target: "sddl_authz::serve", "connections were cut: their answers took too long");
        }
        if let Some(path) = path {
            let _ = std::fs::remove_file(path);
        }
    }

    async fn accept(&self) -> io::Result<(Stream, PeerUid)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok((Stream::Tcp(stream), PeerUid(None)))
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                let peer = stream.peer_cred().ok().map(|credentials| credentials.uid());
                Ok((Stream::Unix(stream), PeerUid(peer)))
            }
        }
    }

    /// Stops listening. Returns the path of the Unix socket, which remains.
    fn closed(self) -> Option<PathBuf> {
        match self {
            Self::Tcp(_) => None,
            Self::Unix(_, path) => Some(path),
        }
    }

    /// The address as text. It says which port was taken for port 0.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Tcp(listener) => match listener.local_addr() {
                Ok(address) => format!("http://{address}"),
                Err(error) => error.to_string(),
            },
            Self::Unix(_, path) => format!("unix:{}", path.display()),
        }
    }
}

enum Stream {
    Tcp(tokio::net::TcpStream),
    Unix(UnixStream),
}

/// Answers the requests of one connection until it ends.
async fn converse<T>(stream: T, peer: PeerUid, router: Router, limits: Limits, mut ended: watch::Receiver<()>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        let mut request = normalized(request.map(Body::new));
        request.extensions_mut().insert(peer);
        async move { router.call(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head_bytes)
        .max_headers(limits.head_lines)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // An error here is the client's, and hyper has answered it.
    tokio::select! {
        ended = connection.as_mut() => {
            if ended.is_err_and(|error| error.is_parse_too_large()) {
                let most = limits.head_bytes;
                tracing::warn!(target: "sddl_authz::serve", status = 431, most, "the head of a request is too large");
            }
            return;
        }
        () = sleep(limits.age) => {}
        _ = ended.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(limits.grace, connection).await;
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => fmt::Display::fmt(address, f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
