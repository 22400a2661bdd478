//! Limits of connections.

use core::time::Duration;

/// Limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most open connections. Others wait to be accepted.
    pub connections: usize,
    /// The most open connections of one peer: an address of the internet (of IPv6 the first 64 bits), or a user of the system. Others are
    /// closed at once.
    pub connections_per_peer: Option<usize>,
    /// How long the head of a request may take, from its first byte. The first head is timed from the start of the connection, and so is
    /// the handshake of TLS.
    pub head_time: Duration,
    /// How long a connection may wait for its next request.
    pub idle_time: Duration,
    /// How long a client may leave an answer untaken. In this time it takes at least 64 KiB, or all of the answer.
    pub write_time: Duration,
    /// How long the server reads on after an answer to a request that the client is still sending.
    pub discard_time: Duration,
    /// The most bytes that the server then reads and throws away.
    pub discard_bytes: usize,
    /// The most bytes of the head of a request.
    pub head_bytes: usize,
    /// The most lines of the head of a request.
    pub head_lines: usize,
    /// How long a connection may live. It ends after the answer that is under way.
    pub age: Duration,
    /// How long an answer that is under way may still take when the server or the connection ends.
    pub grace: Duration,
}

#[cfg(test)]
pub(super) mod tests {
    use super::Limits;
    use core::time::Duration;

    /// Limits of which a test replaces some.
    pub(in crate::listen) const LIMITS: Limits = Limits {
        connections: 16,
        connections_per_peer: None,
        head_time: Duration::from_secs(10),
        idle_time: Duration::from_secs(75),
        write_time: Duration::from_secs(30),
        discard_time: Duration::from_secs(5),
        discard_bytes: 1 << 20,
        head_bytes: 98_304,
        head_lines: 64,
        age: Duration::from_secs(3600),
        grace: Duration::from_secs(10),
    };
}
