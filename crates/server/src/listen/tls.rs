//! TLS 1.2 and 1.3, and the certificates of clients.

use super::observed::Stream;
use crate::identity::PeerCertificate;
use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::watch;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, RootCertStore, ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{
            CertificateDer, PrivateKeyDer, ServerName,
            pem::{self, PemObject},
        },
        server::{NoServerSessionStorage, ParsedCertificate, WebPkiClientVerifier},
    },
};

/// The files of a set-up of TLS, in PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate of the server, and those between it and its authority.
    pub certificate: PathBuf,
    /// The private key of the server.
    pub key: PathBuf,
    /// The authorities of clients. With it, each client needs a certificate of one of them.
    pub client_authorities: Option<PathBuf>,
    /// The name that the certificate of the proxy has. Without it each certificate of the authorities is the proxy's.
    pub client_name: Option<ServerName<'static>>,
}

/// Why TLS can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("can't read the file `{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The fault.
        error: io::Error,
    },
    /// A file does not hold what it should, in PEM.
    #[error("the file `{}` is unusable: {error}", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// The fault.
        error: pem::Error,
    },
    /// A file holds no certificate.
    #[error("the file `{}` holds no certificate", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The authorities of clients are unusable.
    #[error("the authorities of clients are unusable: {0}")]
    Authorities(rustls::server::VerifierBuilderError),
    /// Certificate or key are unusable, or do not belong together.
    #[error("certificate and key are unusable: {0}")]
    Unusable(#[from] rustls::Error),
}

/// TLS for a listener. It can be loaded anew while the server runs: connections that are made later use what was loaded.
#[derive(Clone, Debug)]
pub struct Tls {
    files: Arc<TlsFiles>,
    current: Arc<watch::Sender<Arc<ServerConfig>>>,
}

impl Tls {
    /// Loads the files.
    ///
    /// Logs a warning if other users of the system may read the key.
    ///
    /// # Errors
    ///
    /// Fails if a file can't be read or does not hold what it should.
    pub fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let config = config(&files)?;
        Ok(Self {
            files: Arc::new(files),
            current: Arc::new(watch::Sender::new(Arc::new(config))),
        })
    }

    /// Loads the files anew. If that fails, what was loaded before stays.
    ///
    /// # Errors
    ///
    /// Fails if a file can't be read or does not hold what it should.
    pub fn reload(&self) -> Result<(), TlsError> {
        let config = config(&self.files)?;
        self.current.send_replace(Arc::new(config));
        Ok(())
    }

    /// Completes a handshake. Returns whether the client has the certificate of the proxy.
    pub(super) async fn accept(&self, socket: Box<dyn Stream>) -> io::Result<(Box<dyn Stream>, PeerCertificate)> {
        let config = Arc::clone(&self.current.borrow());
        let stream = TlsAcceptor::from(config).accept(socket).await?;
        let (_, session) = stream.get_ref();
        let is_proxy = session
            .peer_certificates()
            .and_then(<[_]>::first)
            .is_some_and(|certificate| self.is_proxy(certificate));
        Ok((Box::new(stream), PeerCertificate(is_proxy)))
    }

    /// Whether a certificate, which was verified, has the name of the proxy.
    fn is_proxy(&self, certificate: &CertificateDer<'_>) -> bool {
        match &self.files.client_name {
            None => self.files.client_authorities.is_some(),
            Some(name) => ParsedCertificate::try_from(certificate)
                .and_then(|certificate| rustls::client::verify_server_name(&certificate, name))
                .is_ok(),
        }
    }
}

fn config(files: &TlsFiles) -> Result<ServerConfig, TlsError> {
    let chain = certificates(&files.certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&read(&files.key)?).map_err(|error| TlsError::Pem {
        path: files.key.clone(),
        error,
    })?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let builder = match &files.client_authorities {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for authority in certificates(path)? {
                roots.add(authority)?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().map_err(TlsError::Authorities)?)
        }
    };
    let mut config = builder.with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    if files.client_authorities.is_some() {
        // A session that is resumed would not verify the certificate of the client again.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    warn_of_readers(&files.key)?;
    Ok(config)
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::File {
        path: path.to_owned(),
        error,
    })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(path)?).collect();
    let path = path.to_owned();
    match certificates {
        Ok(certificates) if certificates.is_empty() => Err(TlsError::NoCertificate { path }),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(TlsError::Pem { path, error }),
    }
}

fn warn_of_readers(key: &Path) -> Result<(), TlsError> {
    let metadata = fs::metadata(key).map_err(|error| TlsError::File {
        path: key.to_owned(),
        error,
    })?;
    if metadata.permissions().mode() & 0o007 != 0 {
        let path = key.display();
        tracing::warn!(target: "sddl_authz::serve", %path, "every user of this system may use the file of the private key; chmod 600, or 640 with the server's group");
    }
    Ok(())
}
