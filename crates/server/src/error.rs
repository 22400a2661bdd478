//! Why the server does not start.

use sddl_authz::mim::PolicyTextError;
use sddl_authz_server::{
    identity::SecretError,
    import::ImportError,
    list::NoRandomBytes,
    listen::{Address, TlsError},
    store::StoreError,
    tokens::SourceError,
};
use std::{io, path::PathBuf};

/// Why the server does not start, or does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("can't read the file `{}`: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the policy `{}` is unusable: {error}", path.display())]
    Policy { path: PathBuf, error: PolicyTextError },
    #[error("the policy can't be written as JSON: {0}")]
    PolicyText(serde_json::Error),
    #[error("--import: `{}`: {error}", path.display())]
    Import { path: PathBuf, error: Box<ImportError> },
    #[error("there is no file `{}`; --create makes a new store", .0.display())]
    NoStore(PathBuf),
    #[error("a request of --demo can't be read: {0}")]
    Demo(serde_json::Error),
    #[error("the store is unusable: {0}")]
    Store(#[from] StoreError),
    #[error("--proxy-uid needs a Unix socket: give --listen unix:PATH, or pass one from systemd")]
    UidWithoutSocket,
    #[error("--proxy-secret-file: {0}")]
    Secret(#[from] SecretError),
    #[error(
        "--token-claims: {0}; the file must hold an object with lists of names, such as {{\"user\": [\"sid\"], \"groups\": [\"groupsid\"], \"deny_only_groups\": []}}"
    )]
    Claims(serde_json::Error),
    #[error("--token-keys: {0}")]
    Keys(SourceError),
    #[error("--insecure-dev-caller trusts everybody, so it needs an address of loopback")]
    DevNotOnLoopback,
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error("the audit was not written to its end: {0}")]
    Audit(tokio::task::JoinError),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Random(#[from] NoRandomBytes),
}

/// Why the server can't listen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SocketError {
    #[error("can't listen on {address}: {error}")]
    Listen { address: Address, error: io::Error },
    #[error(
        "--admin-listen needs an address of loopback or a Unix socket, because it answers everybody who can connect"
    )]
    AdminNotLocal,
    #[error("--tls-cert and --tls-key: {0}")]
    Tls(#[from] TlsError),
}
