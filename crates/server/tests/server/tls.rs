//! TLS, with certificates that the tests make, and clients that attack it.

use crate::{
    client::{Answer, Client},
    process::{Folder, ROUTE, Server},
};
use core::time::Duration;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use std::{fs, io, net::TcpStream, os::unix::fs::PermissionsExt, sync::Arc, time::Instant};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};

const CALLER: (&str, &str) = (
    "X-Caller",
    "user=S-1-5-21-1-2-3-1104; groups=none; deny-only=none; incomplete=false",
);

/// An authority, which signs certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
struct Identity {
    certificate: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    fn issue(&self, name: &str) -> Identity {
        self.issue_until(name, 4000)
    }

    fn issue_until(&self, name: &str, year: i32) -> Identity {
        let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
        parameters.not_before = date_time_ymd(1990, 1, 1);
        parameters.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.0).unwrap();
        Identity {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

struct Setup {
    folder: Folder,
    servers: Authority,
    clients: Authority,
}

impl Setup {
    fn new() -> Self {
        let setup = Self {
            folder: Folder::new(),
            servers: Authority::new(),
            clients: Authority::new(),
        };
        let server = setup.servers.issue("localhost");
        setup.folder.write("certificate", &server.certificate);
        let key = setup.folder.write("key", &server.key);
        fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
        setup.folder.write("clients", &setup.clients.pem());
        setup
    }

    /// Starts the server with TLS and the demo.
    fn start(&self, options: &[&str]) -> Server {
        let [certificate, key] = ["certificate", "key"].map(|name| self.folder.path(name));
        let tls = ["--demo", "--tls-cert", &certificate, "--tls-key", &key];
        Server::start(&[&tls[..], options].concat())
    }

    /// Starts the server so that it believes the proxy's certificate.
    fn start_for_proxy(&self, options: &[&str]) -> Server {
        let clients = self.folder.path("clients");
        let proxy = [
            "--tls-client-ca",
            &clients,
            "--proxy-certificate",
            "--one-caller-header",
        ];
        self.start(&[&proxy[..], options].concat())
    }

    fn connect(
        &self,
        server: &Server,
        identity: Option<&Identity>,
    ) -> Client<StreamOwned<ClientConnection, TcpStream>> {
        self.connect_as(server, identity, &[&TLS12, &TLS13])
    }

    fn connect_as(
        &self,
        server: &Server,
        identity: Option<&Identity>,
        versions: &[&'static tokio_rustls::rustls::SupportedProtocolVersion],
    ) -> Client<StreamOwned<ClientConnection, TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.servers.pem().as_bytes()).unwrap())
            .unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        let config = match identity {
            None => config.with_no_client_auth(),
            Some(Identity { certificate, key }) => config
                .with_client_auth_cert(
                    vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                    PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
                )
                .unwrap(),
        };
        let name = ServerName::try_from("localhost").unwrap();
        let session = ClientConnection::new(Arc::new(config), name).unwrap();
        let stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Client::over(StreamOwned::new(session, stream))
    }

    /// Asks for the list.
    fn ask(&self, server: &Server, identity: Option<&Identity>) -> io::Result<Answer> {
        self.connect(server, identity).try_send("GET", ROUTE, &[CALLER], "")
    }
}

#[test]
fn both_versions_are_spoken() {
    let setup = Setup::new();
    let server = setup.start(&["--insecure-dev-caller"]);
    for version in [&TLS12, &TLS13] {
        let mut client = setup.connect_as(&server, None, &[version]);
        for _ in 0..2 {
            assert_eq!(client.send("GET", "/readyz", &[], "").status, 200, "{version:?}");
        }
    }
    // Plain HTTP is not answered.
    let plain = server.client().try_send("GET", "/healthz", &[], "");
    assert!(plain.is_err(), "{plain:?}");
    let (status, log) = server.end();
    assert_eq!(status, 0);
    assert!(!log.contains("private key"), "{log}");
}

#[test]
fn the_proxy_s_certificate_is_believed() {
    let setup = Setup::new();
    let server = setup.start_for_proxy(&[]);
    let proxy = setup.clients.issue("proxy.example");
    assert_eq!(setup.ask(&server, Some(&proxy)).unwrap().status, 200);

    let other = Authority::new().issue("proxy.example");
    let expired = setup.clients.issue_until("proxy.example", 2000);
    let of_server = setup.servers.issue("proxy.example");
    for (identity, what) in [
        (None, "no certificate"),
        (Some(&other), "one of another authority"),
        (Some(&of_server), "one of the server's authority"),
        (Some(&expired), "an expired one"),
    ] {
        assert!(setup.ask(&server, identity).is_err(), "{what}");
    }
    assert!(server.client().try_send("GET", ROUTE, &[CALLER], "").is_err());
    assert_eq!(setup.ask(&server, Some(&proxy)).unwrap().status, 200);
}

#[test]
fn a_certificate_with_another_name_is_not_the_proxy_s() {
    let setup = Setup::new();
    let server = setup.start_for_proxy(&["--proxy-certificate-name", "proxy.example"]);
    for (name, status) in [
        ("proxy.example", 200),
        ("PROXY.example", 200),
        ("other.example", 400),
        ("a.proxy.example", 400),
        ("proxy.example.org", 400),
    ] {
        let identity = setup.clients.issue(name);
        assert_eq!(setup.ask(&server, Some(&identity)).unwrap().status, status, "{name}");
    }
}

/// With a secret or for trials, a certificate that clients need does not make them the proxy.
#[test]
fn a_certificate_alone_is_no_secret() {
    let setup = Setup::new();
    let secret = setup.folder.write("secret", "0123456789abcdef0123456789abcdef");
    let clients = setup.folder.path("clients");
    let server = setup.start(&[
        "--tls-client-ca",
        &clients,
        "--proxy-secret-file",
        &secret,
        "--one-caller-header",
    ]);
    let proxy = setup.clients.issue("proxy.example");
    assert_eq!(setup.ask(&server, Some(&proxy)).unwrap().status, 400);
    let headers = [CALLER, ("X-Proxy-Secret", "0123456789abcdef0123456789abcdef")];
    let answer = setup.connect(&server, Some(&proxy)).send("GET", ROUTE, &headers, "");
    assert_eq!(answer.status, 200);
    assert!(setup.ask(&server, None).is_err());
}

#[test]
fn a_slow_handshake_holds_no_place() {
    let setup = Setup::new();
    let server = setup.start(&["--insecure-dev-caller", "--max-connections", "1", "--head-timeout", "1"]);
    let _silent = TcpStream::connect(server.address()).unwrap();
    let began = Instant::now();
    let mut client = setup.connect(&server, None);
    assert_eq!(client.send("GET", "/healthz", &[], "").status, 200);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn a_key_that_everybody_may_read_is_remarked() {
    let setup = Setup::new();
    fs::set_permissions(setup.folder.path("key"), fs::Permissions::from_mode(0o644)).unwrap();
    let (status, log) = setup.start(&["--insecure-dev-caller"]).end();
    assert_eq!(status, 0);
    assert!(log.contains("WARN") && log.contains("private key"), "{log}");
}

#[test]
fn it_does_not_start_with_unusable_files() {
    let setup = Setup::new();
    let (certificate, key) = (setup.folder.path("certificate"), setup.folder.path("key"));
    let other = setup.folder.write("other", &setup.servers.issue("localhost").key);
    let empty = setup.folder.write("empty", "");
    let gone = setup.folder.path("gone");
    for options in [
        &["--tls-cert", &certificate, "--tls-key", &other][..],
        &["--tls-cert", &certificate, "--tls-key", &empty],
        &["--tls-cert", &empty, "--tls-key", &key],
        &["--tls-cert", &gone, "--tls-key", &key],
        &["--tls-cert", &certificate],
        &["--tls-cert", &certificate, "--tls-key", &key, "--tls-client-ca", &empty],
        &["--tls-client-ca", &certificate],
    ] {
        let options = [&["--demo", "--insecure-dev-caller"][..], options].concat();
        let (status, error) = crate::start::refused(&options);
        assert_eq!(status, Some(2), "{options:?}: {error}");
    }
    // The certificate of a proxy is believed only where one is required.
    let proxy = [
        "--demo",
        "--proxy-certificate",
        "--tls-cert",
        &certificate,
        "--tls-key",
        &key,
    ];
    assert_eq!(crate::start::refused(&proxy).0, Some(2));
}

#[test]
fn certificates_are_read_again() {
    let setup = Setup::new();
    let server = setup.start_for_proxy(&[]);
    let (old, authority) = (setup.clients.issue("proxy.example"), Authority::new());
    let new = authority.issue("proxy.example");
    let mut open = setup.connect(&server, Some(&old));
    assert_eq!(open.send("GET", ROUTE, &[CALLER], "").status, 200);
    assert!(setup.ask(&server, Some(&new)).is_err());

    setup.folder.write("clients", &authority.pem());
    server.signal("HUP");
    let known = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        setup.ask(&server, Some(&new)).is_ok_and(|answer| answer.status == 200)
    });
    assert!(known);
    assert!(
        setup.ask(&server, Some(&old)).is_err(),
        "its authority is not trusted any more"
    );
    assert_eq!(
        open.send("GET", ROUTE, &[CALLER], "").status,
        200,
        "an open connection stays"
    );

    // Unusable files leave the old certificate in place.
    setup.folder.write("clients", "nonsense");
    server.signal("HUP");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(setup.ask(&server, Some(&new)).unwrap().status, 200);
    assert!(setup.ask(&server, Some(&old)).is_err());
    let (status, log) = server.end();
    assert_eq!(status, 0);
    assert!(log.contains("holds no certificate"), "{log}");
}
