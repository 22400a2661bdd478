//! Sockets that systemd opened and passes on.

use super::{Listener, address::Address};
use listenfd::ListenFd;
use std::io;
use tokio::net::{TcpListener, UnixListener};

/// The sockets that systemd passes to this process, in their order (`LISTEN_FDS`, `LISTEN_PID`).
pub struct Passed {
    sockets: ListenFd,
    next: usize,
}

impl core::fmt::Debug for Passed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Passed")
            .field("left", &self.left())
            .finish_non_exhaustive()
    }
}

impl Passed {
    /// Finds the sockets. There is none if systemd passed them to another process.
    #[must_use]
    pub fn from_environment() -> Self {
        Self {
            sockets: ListenFd::from_env(),
            next: 0,
        }
    }

    /// Returns how many sockets are not taken.
    #[must_use]
    pub fn left(&self) -> usize {
        self.sockets.len().saturating_sub(self.next)
    }

    /// Takes the next socket, if this address asks for it.
    ///
    /// # Errors
    ///
    /// Fails if there is no socket left, or if it is neither a stream of TCP nor of a Unix socket.
    pub fn take(&mut self, address: &Address) -> io::Result<Option<Listener>> {
        if *address != Address::Systemd {
            return Ok(None);
        }
        let index = self.next;
        self.next = index.saturating_add(1);
        let none = || io::Error::new(io::ErrorKind::NotFound, "systemd passed no socket for it");
        if let Ok(socket) = self.sockets.take_unix_listener(index) {
            let socket = socket.ok_or_else(none)?;
            socket.set_nonblocking(true)?;
            return Ok(Some(Listener::of_unix(UnixListener::from_std(socket)?, None)));
        }
        let socket = self.sockets.take_tcp_listener(index)?.ok_or_else(none)?;
        socket.set_nonblocking(true)?;
        Ok(Some(Listener::of_tcp(TcpListener::from_std(socket)?)))
    }
}
