use clap::{Args, value_parser};

/// The limits of what clients can make the server hold, and for how long.
#[derive(Debug, Args)]
pub(crate) struct LimitOptions {
    /// The most open connections; others wait
    #[arg(long, value_name = "COUNT", default_value_t = 4096, value_parser = value_parser!(u32).range(1..))]
    pub(crate) max_connections: u32,
    /// The most open connections of one address, or of one user on a Unix socket; others are closed at once [default: no bound]
    #[arg(long, value_name = "COUNT", value_parser = value_parser!(u32).range(1..))]
    pub(crate) max_connections_per_peer: Option<u32>,
    /// The most bytes of the head of a request, at least 8192; a caller in 1015 groups needs 54000
    #[arg(long, value_name = "BYTES", default_value_t = 98_304, value_parser = head_bytes)]
    pub(crate) max_head: usize,
    /// The most bytes of a body
    #[arg(long, value_name = "BYTES", default_value_t = 16384)]
    pub(crate) max_body: usize,
    /// The most seconds for the head of a request, and for the handshake of TLS
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(1..))]
    pub(crate) head_timeout: u64,
    /// The most seconds between two requests of a connection
    #[arg(long, value_name = "SECONDS", default_value_t = 75, value_parser = value_parser!(u64).range(1..))]
    pub(crate) idle_timeout: u64,
    /// The most seconds for a body
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(1..))]
    pub(crate) body_timeout: u64,
    /// The most seconds to decide on a request and to store its change; then the answer is 503
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = value_parser!(u64).range(1..))]
    pub(crate) request_timeout: u64,
    /// Cut the connection if the client takes less than 64 KiB of an answer, and not the rest of it, in this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = value_parser!(u64).range(1..))]
    pub(crate) write_timeout: u64,
    /// At SIGTERM or SIGINT, go on serving for this many seconds, while /readyz says 503
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) drain: u64,
    /// After that, the most seconds to finish the answers that have begun
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) grace: u64,
    /// The most lists that are made at once; others wait up to 5 seconds, and are then answered 503; one user may have a quarter of them
    #[arg(long, value_name = "COUNT", default_value_t = 16, value_parser = value_parser!(u16).range(1..))]
    pub(crate) max_lists: u16,
    /// The most milliseconds that a page of a list is looked for; it then ends where it is, with a link to the next one
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1000)]
    pub(crate) list_time: u64,
}

/// Reads the most bytes of a head. Hyper needs 8192.
fn head_bytes(text: &str) -> Result<usize, String> {
    let bytes = text.parse().map_err(|_| "not a number of bytes".to_owned())?;
    if bytes < 8192 {
        Err("fewer than 8192".to_owned())
    } else {
        Ok(bytes)
    }
}
