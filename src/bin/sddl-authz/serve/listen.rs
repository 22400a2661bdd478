//! Connections: how many, how long, and how they end.

use super::{identity::PeerUid, router::lower_cased};
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

/// Where to listen.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    Tcp(SocketAddr),
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

/// How much a client may ask of the server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Open connections; more wait to be accepted.
    pub(crate) connections: usize,
    /// From the connection, or the last answer, to the end of the head of a request.
    pub(crate) head_time: Duration,
    /// Bytes of the head of a request.
    pub(crate) head_bytes: usize,
    /// Lines in the head of a request.
    pub(crate) head_lines: usize,
    /// The age at which a connection is closed after the answer under way.
    pub(crate) age: Duration,
    /// How long answers under way may take when the server or the connection ends.
    pub(crate) grace: Duration,
}

/// A socket that listens.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, PathBuf),
}

impl Listener {
    pub(crate) async fn bind(address: &Address) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => TcpListener::bind(address).await.map(Self::Tcp),
            Address::Unix(path) => {
                // What a server that was killed left behind; never that of one that answers.
                let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
                if UnixStream::connect(path).await.as_ref().is_err_and(refused) {
                    std::fs::remove_file(path)?;
                }
                Ok(Self::Unix(UnixListener::bind(path)?, path.clone()))
            }
        }
    }

    /// Answers until `stop` is done, and then what is under way.
    pub(crate) async fn serve(self, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
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
        // Connections hear of it by the sender's end.
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

    /// Listens no more; the path that is left.
    fn closed(self) -> Option<PathBuf> {
        match self {
            Self::Tcp(_) => None,
            Self::Unix(_, path) => Some(path),
        }
    }

    /// For people, and for those who asked for port 0.
    pub(crate) fn address(&self) -> String {
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

/// One connection, to its end.
async fn converse<T>(stream: T, peer: PeerUid, router: Router, limits: Limits, mut ended: watch::Receiver<()>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        let mut request = lower_cased(request.map(Body::new));
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
    // A client that breaks off or breaks the rules has been answered by hyper, and is no news.
    tokio::select! {
        _ = connection.as_mut() => return,
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
