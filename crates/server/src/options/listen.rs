use clap::Args;
use sddl_authz_server::listen::Address;
use std::path::PathBuf;
use tokio_rustls::rustls::pki_types::ServerName;

/// Where the server listens.
#[derive(Debug, Args)]
pub(crate) struct ListenOptions {
    /// Listen on this address: IP:PORT, where port 0 takes any free one, unix:PATH, or systemd for the socket that systemd passes
    #[arg(
        id = "listen",
        long = "listen",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    pub(crate) address: Address,
    /// Answer /healthz, /readyz and /metrics for the operator on this address: IP:PORT of loopback, unix:PATH, or systemd for the next
    /// socket that systemd passes; it has connections of its own
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) admin_listen: Option<Address>,
    /// Give the Unix sockets this mode; a user needs the right to write to connect
    #[arg(long, value_name = "OCTAL", default_value = "666", value_parser = mode)]
    pub(crate) socket_mode: u32,
    /// Give the Unix sockets to this group, a name or a number
    #[arg(long, value_name = "GROUP", value_parser = group)]
    pub(crate) socket_group: Option<u32>,
    /// Speak TLS with the certificate of this file of PEM, followed by those of its authorities
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key of --tls-cert, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Require a certificate of each client, from an authority in this file of PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_client_ca: Option<PathBuf>,
    /// Trust identity headers only from a certificate with this name, such as proxy.example
    #[arg(long, value_name = "NAME", requires = "proxy_certificate", value_parser = name)]
    pub(crate) proxy_certificate_name: Option<ServerName<'static>>,
}

/// Reads the mode of a file. Owner, group and others may have rights, and nothing else is set.
fn mode(text: &str) -> Result<u32, String> {
    match u32::from_str_radix(text, 8) {
        Ok(mode) if mode <= 0o777 => Ok(mode),
        Ok(_) | Err(_) => Err("a mode is octal, such as 660".to_owned()),
    }
}

fn group(text: &str) -> Result<u32, String> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    match uzers::get_group_by_name(text) {
        Some(group) => Ok(group.gid()),
        None => Err("there is no such group".to_owned()),
    }
}

fn name(text: &str) -> Result<ServerName<'static>, String> {
    ServerName::try_from(text.to_owned()).map_err(|error| error.to_string())
}
