//! Connections: where they come from, how many there may be, how long they live, and how they end.
//!
//! The parts of a connection, from the socket to the router, each in the file of its name: `write_time` bounds the time of writes,
//! `discard` closes with care, `tls` decrypts, `timed` bounds the time of each phase of hyper, `strict` looks at each head once more.

mod activation;
mod address;
mod connection;
mod counts;
mod discard;
mod drain;
mod limits;
mod observed;
mod phase;
mod places;
mod strict;
mod timed;
mod tls;
mod unix;
mod write_time;

pub use activation::Passed;
pub use address::Address;
pub use counts::{Counted, Counts};
pub use drain::{End, Ending, Stage};
pub use limits::Limits;
pub use tls::{Tls, TlsError, TlsFiles};
pub use unix::SocketAccess;

use crate::{identity::PeerUid, log::PeerAddress};
use axum::Router;
use connection::Shared;
use core::time::Duration;
use observed::Stream;
use places::{Peer, Places};
use std::{
    io,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{
    net::{TcpListener, TcpSocket, UnixListener},
    time::sleep,
};
use unix::SocketFile;

/// The most connections that wait to be accepted, unless the system allows fewer.
const WAITING: u32 = 4096;

/// A socket that listens.
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    tls: Option<Tls>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    /// With its file, if this process made it.
    Unix(UnixListener, Option<SocketFile>),
}

impl Listener {
    /// Listens on an address.
    ///
    /// A Unix socket replaces a socket that nobody listens on, and no other file.
    ///
    /// # Errors
    ///
    /// Fails if the system refuses the address, or if it is that of systemd, whose sockets [`Passed`] has.
    pub async fn bind(address: &Address, access: SocketAccess) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => {
                let socket = if address.is_ipv4() {
                    TcpSocket::new_v4()
                } else {
                    TcpSocket::new_v6()
                }?;
                socket.set_reuseaddr(true)?;
                socket.bind(*address)?;
                socket.listen(WAITING).map(Self::of_tcp)
            }
            Address::Unix(path) => {
                let (listener, file) = unix::bind(path, access).await?;
                Ok(Self::of_unix(listener, Some(file)))
            }
            Address::Systemd => Err(io::Error::new(
                io::ErrorKind::NotFound,
                "systemd passed no socket for it",
            )),
        }
    }

    fn of_tcp(listener: TcpListener) -> Self {
        Self {
            socket: Socket::Tcp(listener),
            tls: None,
        }
    }

    fn of_unix(listener: UnixListener, file: Option<SocketFile>) -> Self {
        Self {
            socket: Socket::Unix(listener, file),
            tls: None,
        }
    }

    /// Speaks TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: Option<Tls>) -> Self {
        self.tls = tls;
        self
    }

    /// Returns the address. It says which port was taken for port 0.
    ///
    /// # Errors
    ///
    /// Fails if the system does not tell.
    pub fn local(&self) -> io::Result<Address> {
        match &self.socket {
            Socket::Tcp(listener) => listener.local_addr().map(Address::Tcp),
            Socket::Unix(listener, _) => {
                let address = listener.local_addr()?;
                Ok(Address::Unix(address.as_pathname().unwrap_or("".as_ref()).to_owned()))
            }
        }
    }

    /// Returns the address as text: `http://IP:PORT`, `https://IP:PORT` or `unix:PATH`.
    #[must_use]
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        match self.local() {
            Ok(Address::Tcp(address)) => format!("{scheme}://{address}"),
            Ok(address) => address.to_string(),
            Err(error) => error.to_string(),
        }
    }

    /// Answers until the server closes, and then finishes the answers that are under way.
    pub async fn serve(self, router: Router, limits: Limits, counts: Arc<Counts>, mut ending: Ending) {
        let mut places = Places::new(&limits);
        let shared = Shared {
            router,
            limits,
            tls: self.tls,
            counts: Arc::clone(&counts),
            ending: ending.clone(),
        };
        let mut closing = ending.clone();
        let accepting = async {
            loop {
                let place = places.free(&counts).await;
                let (socket, peer, uid, address) = accepted(&self.socket).await;
                counts.note_accepted();
                let Some(peer_place) = places.of_peer(peer) else {
                    counts.note_over_peer();
                    counts.note_ended();
                    tracing::debug!(target: "sddl_authz::serve", ?peer, "a peer has its most connections");
                    continue;
                };
                let (shared, counts) = (shared.clone(), Arc::clone(&counts));
                tokio::spawn(async move {
                    shared.converse(socket, uid, address).await;
                    counts.note_ended();
                    drop((place, peer_place));
                });
            }
        };
        tokio::select! {
            () = accepting => {}
            () = closing.reached(Stage::Closing) => {}
        }
        // A socket's file is removed while the socket is open: until then no other file has its number.
        if let Socket::Unix(listener, file) = self.socket {
            drop(file);
            drop(listener);
        }
        tokio::select! {
            // Each connection keeps to the grace itself.
            in_time = places.all_free(limits.grace.saturating_add(Duration::from_secs(1))) => {
                if !in_time {
                    tracing::warn!(target: "sddl_authz::serve", "connections are left");
                }
            }
            () = ending.reached(Stage::Cut) => {
                tracing::warn!(target: "sddl_authz::serve", "every connection was cut");
            }
        }
    }
}

/// Waits for a connection that can be answered.
async fn accepted(socket: &Socket) -> (Box<dyn Stream>, Peer, PeerUid, Option<PeerAddress>) {
    loop {
        match accept(socket).await {
            Ok(accepted) if SystemTime::now() >= UNIX_EPOCH => return accepted,
            Ok(_) => {
                // hyper can't write the header `Date`, and panics.
                tracing::error!(target: "sddl_authz::serve", "no connection is answered: the clock is before 1970");
            }
            Err(error) => {
                // Out of file descriptors, or the client has gone already: neither ends the server.
                tracing::warn!(target: "sddl_authz::serve", %error, "a connection was not accepted");
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn accept(socket: &Socket) -> io::Result<(Box<dyn Stream>, Peer, PeerUid, Option<PeerAddress>)> {
    match socket {
        Socket::Tcp(listener) => {
            let (stream, address) = listener.accept().await?;
            stream.set_nodelay(true)?;
            Ok((
                Box::new(stream),
                Peer::from(address.ip()),
                PeerUid(None),
                Some(PeerAddress(address)),
            ))
        }
        Socket::Unix(listener, _) => {
            let (stream, _) = listener.accept().await?;
            let user = stream.peer_cred().ok().map(|credentials| credentials.uid());
            Ok((Box::new(stream), Peer::User(user), PeerUid(user), None))
        }
    }
}
