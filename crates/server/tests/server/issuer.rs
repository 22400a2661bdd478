//! An issuer of tokens: its keys are made here, and a thread serves them on loopback.

use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair, KeySize},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use core::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, LazyLock, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

pub(crate) const ISSUER: &str = "https://issuer.example/adfs";
pub(crate) const AUDIENCE: &str = "api://requests";

/// Three keys, since making one takes a while.
pub(crate) static KEYS: LazyLock<[Key; 3]> = LazyLock::new(|| ["first", "second", "third"].map(Key::new));

pub(crate) struct Key {
    id: &'static str,
    pub(crate) private: EncodingKey,
}

impl Key {
    fn new(id: &'static str) -> Self {
        // PKCS #8 puts 26 bytes before the PKCS #1 form of a key of this size.
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
        let private = EncodingKey::from_rsa_der(&der.as_ref()[26..]);
        Self { id, private }
    }

    /// The public key, as the issuer publishes it.
    pub(crate) fn public(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.private, Algorithm::RS256).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        let mut jwk = serde_json::to_value(&jwk).unwrap();
        jwk["use"] = json!("sig");
        jwk
    }

    pub(crate) fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.to_owned());
        header
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        encode(&self.header(), claims, &self.private).unwrap()
    }

    /// A token with any header, signed as the header of a good one would be.
    pub(crate) fn signed(&self, header: &Value, claims: &Value) -> String {
        self.signed_text(header, &claims.to_string())
    }

    /// A token with any claims, also with such as are no JSON.
    pub(crate) fn signed_text(&self, header: &Value, claims: &str) -> String {
        let message = format!("{}.{}", part(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.private, Algorithm::RS256).unwrap();
        format!("{message}.{signature}")
    }
}

/// A part of a token.
pub(crate) fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

pub(crate) fn key_set(keys: &[&Key]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| key.public()).collect();
    json!({"keys": keys}).to_string()
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The claims of a good token about this user.
pub(crate) fn claims(user: &str) -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "nbf": now() - 10,
        "exp": now() + 300,
        "primarysid": user,
        "groupsid": ["S-1-5-21-1-2-3-513"],
    })
}

/// Serves keys on loopback, and counts how often it is asked.
pub(crate) struct Published {
    pub(crate) address: SocketAddr,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Published {
    pub(crate) fn new(keys: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let published = Self {
            address: listener.local_addr().unwrap(),
            answer: Arc::default(),
            asked: Arc::default(),
        };
        published.publish("200 OK", keys);
        let (answer, asked) = (Arc::clone(&published.answer), Arc::clone(&published.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let mut line = String::new();
                while stream.read_line(&mut line).is_ok_and(|length| length > 2) {
                    line.clear();
                }
                asked.fetch_add(1, Ordering::SeqCst);
                let text = answer.lock().unwrap().clone();
                // The client may have closed the connection, because the answer is too long.
                let _ = stream.get_mut().write_all(text.as_bytes());
            }
        });
        published
    }

    pub(crate) fn publish(&self, status: &str, body: &str) {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nLocation: /elsewhere\r\nConnection: close\r\n\r\n"
        );
        *self.answer.lock().unwrap() = head + body;
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/keys", self.address)
    }
}
