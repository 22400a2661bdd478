//! One GET of a small file, over TLS.

use axum::http::{
    Request, StatusCode, Uri,
    header::{ACCEPT, HOST},
};
use core::{fmt, net::IpAddr, str::FromStr, time::Duration};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use std::{io, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName},
};

/// The most bytes of a set of keys.
pub(super) const MOST_BYTES: usize = 1 << 20;
/// How long a GET may take.
const TIME: Duration = Duration::from_secs(5);

/// An address on the web.
#[derive(Clone)]
pub struct Fetch {
    uri: Uri,
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
}

/// Why an address can't be used, or does not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is not one of `https`.
    #[error("an address is https://HOST/PATH, or http://HOST/PATH where HOST is loopback")]
    Address,
    /// The system has no certificates of authorities.
    #[error("the system has no certificates of authorities; SSL_CERT_FILE names a file of them")]
    NoAuthorities,
    /// TLS can't be set up.
    #[error("TLS: {0}")]
    Tls(#[from] tokio_rustls::rustls::Error),
    /// The connection failed.
    #[error("{0}")]
    Connection(#[from] io::Error),
    /// The answer is not HTTP.
    #[error("HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// The answer has another status than 200. Redirections are not followed.
    #[error("the answer has the status {0}")]
    Status(StatusCode),
    /// The body is too large or breaks off.
    #[error("the answer breaks off, or is longer than {MOST_BYTES} bytes")]
    Body,
    /// It took too long.
    #[error("no answer within {} seconds", TIME.as_secs())]
    Time,
}

/// A connection, with TLS or without.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Fetch {
    /// Returns the body of the answer.
    pub(super) async fn get(&self) -> Result<Vec<u8>, FetchError> {
        timeout(TIME, self.answer()).await.map_err(|_| FetchError::Time)?
    }

    async fn answer(&self) -> Result<Vec<u8>, FetchError> {
        let stream = self.connect().await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // The task of the connection ends when this is dropped.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let request = Request::get(path)
            .header(HOST, authority)
            .header(ACCEPT, "application/json")
            .body(Empty::<Bytes>::new())
            .map_err(|_| FetchError::Address)?;
        let response = sender.send_request(request).await?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(response.status()));
        }
        let body = Limited::new(response.into_body(), MOST_BYTES).collect().await;
        Ok(body.map_err(|_| FetchError::Body)?.to_bytes().to_vec())
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, FetchError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let Some(tls) = &self.tls else {
            // A name such as `localhost` may lead elsewhere.
            let is_loopback = stream.peer_addr()?.ip().to_canonical().is_loopback();
            return if is_loopback {
                Ok(Box::new(stream))
            } else {
                Err(FetchError::Address)
            };
        };
        let name = ServerName::try_from(self.host.clone()).map_err(|_| FetchError::Address)?;
        Ok(Box::new(tls.connect(name, stream).await?))
    }
}

impl FromStr for Fetch {
    type Err = FetchError;

    fn from_str(text: &str) -> Result<Self, FetchError> {
        let uri: Uri = text.parse().map_err(|_| FetchError::Address)?;
        let host = uri.host().ok_or(FetchError::Address)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let has_user = uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'));
        let is_loopback = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        let (tls, port) = match uri.scheme_str() {
            Some("https") if !has_user => (Some(connector()?), 443),
            Some("http") if !has_user && is_loopback => (None, 80),
            _ => return Err(FetchError::Address),
        };
        Ok(Self {
            port: uri.port_u16().unwrap_or(port),
            uri,
            host,
            tls,
        })
    }
}

/// Trusts the authorities of the system.
fn connector() -> Result<TlsConnector, FetchError> {
    let mut authorities = RootCertStore::empty();
    authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if authorities.is_empty() {
        return Err(FetchError::NoAuthorities);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(authorities)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl fmt::Display for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.uri, f)
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fetch").field(&self.uri).finish()
    }
}
