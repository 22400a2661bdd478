//! The keys of an issuer: how they are loaded, replaced and chosen.

use crate::{
    issuer::{KEYS, Key, Published, claims, key_set},
    process::{Folder, Server, TARGET_USER},
    tokens::{options, read, status},
};
use serde_json::json;
use std::process::{Command, Stdio};

#[test]
fn keys_are_replaced_and_asked_for_once_a_minute() {
    let [first, second, third] = &*KEYS;
    let published = Published::new(&key_set(&[first]));
    let server = Server::start(&options(&published.url()));
    let by = |key: &Key| status(&server, &key.token(&claims(TARGET_USER)));
    assert_eq!((by(first), published.asked()), (200, 1));
    published.publish("200 OK", &key_set(&[second]));
    assert_eq!((by(first), published.asked()), (200, 1), "a known key is not asked for");
    assert_eq!((by(second), published.asked()), (200, 2));
    assert_eq!(by(first), 401, "a key that the issuer does not publish any more");
    published.publish("200 OK", &key_set(&[third]));
    assert_eq!(
        (by(third), by(second), published.asked()),
        (401, 200, 2),
        "within a minute"
    );
}

#[test]
fn a_token_names_its_key_unless_there_is_only_one() {
    let [first, second, _] = &*KEYS;
    let folder = Folder::new();
    let nameless = first.signed(&json!({"alg": "RS256"}), &claims(TARGET_USER));
    for (keys, expected) in [(&[first][..], 200), (&[first, second], 401)] {
        let file = folder.write("keys", &key_set(keys));
        assert_eq!(status(&Server::start(&options(&file)), &nameless), expected);
    }
}

#[test]
fn without_keys_nothing_is_granted() {
    let [key, ..] = &*KEYS;
    let good = key.token(&claims(TARGET_USER));
    let mut encrypts = key.public();
    encrypts["use"] = json!("enc");
    let shared = json!({"keys": [{"kty": "oct", "kid": "first", "k": "AAAA"}]}).to_string();
    let too_long = format!("{}{}", key_set(&[key]), " ".repeat(1 << 20));
    for (status_line, body) in [
        ("500 Internal Server Error", key_set(&[key])),
        ("302 Found", key_set(&[key])),
        ("200 OK", String::new()),
        ("200 OK", r#"{"keys":[]}"#.to_owned()),
        ("200 OK", json!({"keys": [encrypts]}).to_string()),
        ("200 OK", shared),
        ("200 OK", too_long),
    ] {
        let published = Published::new("");
        published.publish(status_line, &body);
        let mut server = Server::start(&options(&published.url()));
        let answer = read(&server, &[&format!("Bearer {good}")]);
        assert_eq!(answer.status, 503, "{status_line}");
        assert!(server.is_ready());
        published.publish("200 OK", &key_set(&[key]));
        assert_eq!(status(&server, &good), 503, "within a minute");
        let (_, log) = server.end();
        assert!(
            log.contains("the issuer's keys were not loaded") && log.contains("caller_not_ready"),
            "{log}"
        );
    }
    // An issuer that answers after the start.
    let published = Published::new("");
    let server = Server::start(&options(&published.url()));
    published.publish("200 OK", &key_set(&[key]));
    assert_eq!(status(&server, &good), 200);
}

/// Keys by https, from a server that `openssl` runs with a certificate of its own.
#[test]
fn keys_come_over_tls_from_a_server_that_the_system_trusts() {
    let [key, ..] = &*KEYS;
    let folder = Folder::new();
    folder.write("keys", &key_set(&[key]));
    let (certificate, private) = (folder.path("certificate"), folder.path("private"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .args(["-out", &certificate, "-keyout", &private])
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        println!("SKIPPED: openssl can't be run here");
        return;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut issuer = Command::new("openssl")
        .args([
            "s_server",
            "-WWW",
            "-quiet",
            "-accept",
            &format!("127.0.0.1:{port}"),
            "-cert",
            &certificate,
            "-key",
            &private,
        ])
        .current_dir(folder.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(core::time::Duration::from_millis(20));
    }
    let url = format!("https://localhost:{port}/keys");
    let another = folder.path("another");
    std::fs::copy("/etc/ssl/certs/ca-certificates.crt", &another).ok();
    let answers = [&certificate, &another].map(|trusted| {
        if !std::path::Path::new(trusted).exists() {
            return 503;
        }
        let server = Server::start_with("127.0.0.1:0", &options(&url), &[("SSL_CERT_FILE", trusted)]);
        status(&server, &key.token(&claims(TARGET_USER)))
    });
    issuer.kill().unwrap();
    issuer.wait().unwrap();
    assert_eq!(answers, [200, 503], "trusted, and not trusted");
}
