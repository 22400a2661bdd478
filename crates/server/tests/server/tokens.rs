//! Bearer tokens: those that count, and attacks.

use crate::{
    client::Answer,
    issuer::{AUDIENCE, ISSUER, KEYS, Published, claims, key_set, now, part},
    process::{ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::process::Command;

pub(crate) fn options(keys: &str) -> Vec<&str> {
    vec![
        "--demo",
        "--token-issuer",
        ISSUER,
        "--token-audience",
        AUDIENCE,
        "--token-keys",
        keys,
    ]
}

pub(crate) fn read(server: &Server, authorizations: &[&str]) -> Answer {
    let headers: Vec<_> = authorizations.iter().map(|value| ("Authorization", *value)).collect();
    server.get(&format!("{ROUTE}/{ENROLL}"), &headers)
}

pub(crate) fn status(server: &Server, token: &str) -> u16 {
    read(server, &[&format!("Bearer {token}")]).status
}

/// The claims of a good token with this one instead of its own, or without it for null.
fn with(name: &str, value: Value) -> Value {
    let mut claims = claims(TARGET_USER);
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
        value => claims[name] = value,
    }
    claims
}

#[test]
fn a_token_says_who_calls() {
    let [key, ..] = &*KEYS;
    let published = Published::new(&key_set(&[key]));
    let server = Server::start(&options(&published.url()));
    let change = |claims: &Value| {
        let token = format!("bearer {}", key.token(claims));
        server
            .client()
            .put(ENROLL, &[("Authorization", &token)], r#"{"status":"Completed"}"#)
    };
    assert_eq!(change(&claims(STRANGER)).json()["Reason"], "no_right");
    // Without groups, or with too many for the token, they are not known.
    for claims in [
        json!({"iss": ISSUER, "aud": AUDIENCE, "exp": now() + 300, "primarysid": STRANGER}),
        json!({"iss": ISSUER, "aud": AUDIENCE, "exp": now() + 300, "primarysid": STRANGER, "primarygroupsid": "S-1-5-21-1-2-3-513"}),
        json!({"iss": ISSUER, "aud": AUDIENCE, "exp": now() + 300, "primarysid": STRANGER, "groupsid": "S-1-5-21-1-2-3-513",
            "_claim_names": {"groups": "src1"}}),
    ] {
        let answer = change(&claims);
        assert_eq!(
            (answer.status, &answer.json()["Reason"]),
            (403, &json!("undetermined")),
            "{claims}"
        );
    }
    for claims in [
        with("aud", json!(["api://another", AUDIENCE])),
        with("nbf", Value::Null),
        with("nbf", json!(now() + 30)),
        with("exp", json!(now() - 30)),
    ] {
        assert_eq!(status(&server, &key.token(&claims)), 200, "{claims}");
    }
    assert_eq!(change(&claims(TARGET_USER)).status, 200);
    let (_, log) = server.end();
    assert!(!log.contains("eyJ"), "no token is logged");
}

#[test]
fn what_is_no_token_of_the_issuer_is_refused() {
    let [key, other, _] = &*KEYS;
    let (published, elsewhere) = (Published::new(&key_set(&[key])), Published::new(&key_set(&[other])));
    let server = Server::start(&options(&published.url()));
    let good = claims(TARGET_USER);
    let header = |name: &str, value: Value| {
        let mut header = json!({"typ": "JWT", "alg": "RS256", "kid": "first"});
        header[name] = value;
        header
    };
    let token = key.token(&good);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let modulus = key.public()["n"].as_str().unwrap().to_owned();
    let shared = |secret: &[u8]| {
        let header = Header {
            kid: Some("first".to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        encode(&header, &good, &EncodingKey::from_secret(secret)).unwrap()
    };
    let signed_by_other = |header: &Value| other.signed(header, &good);
    let keys_at = json!(elsewhere.url());
    // The claims of a good token, before which this one is there once more.
    let twice = |name: &str, value: &str| {
        let rest = good.to_string();
        format!(r#"{{"{name}":"{value}",{}"#, rest.strip_prefix('{').unwrap())
    };
    let attacks = [
        (
            "no signature",
            format!("{}.{}.", part(&header("alg", json!("none"))), part(&good)),
        ),
        (
            "no signature, in other case",
            format!("{}.{}.", part(&header("alg", json!("nOnE"))), part(&good)),
        ),
        ("the signature cut off", format!("{message}.")),
        (
            "none with a signature",
            key.signed(&header("alg", json!("none")), &good),
        ),
        ("the public key as a shared secret", shared(modulus.as_bytes())),
        ("an empty shared secret", shared(b"")),
        (
            "another algorithm of RSA",
            key.signed(&header("alg", json!("RS512")), &good),
        ),
        (
            "an algorithm of another family",
            key.signed(&header("alg", json!("ES256")), &good),
        ),
        (
            "an algorithm that is a list",
            key.signed(&header("alg", json!(["RS256"])), &good),
        ),
        ("another key", signed_by_other(&header("kid", json!("first")))),
        ("an unknown key", other.token(&good)),
        (
            "a path as the key",
            signed_by_other(&header("kid", json!("../../../../dev/null"))),
        ),
        (
            "an address as the key",
            signed_by_other(&header("kid", keys_at.clone())),
        ),
        (
            "SQL as the key",
            signed_by_other(&header("kid", json!("x' UNION SELECT 'AAAA"))),
        ),
        (
            "a long name of a key",
            signed_by_other(&header("kid", json!("k".repeat(9000)))),
        ),
        ("a number as the key", signed_by_other(&header("kid", json!(7)))),
        (
            "its own address of keys",
            signed_by_other(&header("jku", keys_at.clone())),
        ),
        (
            "its own address of certificates",
            signed_by_other(&header("x5u", keys_at)),
        ),
        ("its own key", signed_by_other(&header("jwk", other.public()))),
        (
            "a critical extension",
            key.signed(&header("crit", json!(["exp"])), &good),
        ),
        (
            "an empty list of critical extensions",
            key.signed(&header("crit", json!([])), &good),
        ),
        ("another type", key.signed(&header("typ", json!("logout+jwt")), &good)),
        (
            "other claims under the signature",
            format!(
                "{}.{}.{signature}",
                part(&header("kid", json!("first"))),
                part(&claims(STRANGER))
            ),
        ),
        ("expired", key.token(&with("exp", json!(now() - 90)))),
        ("without an end", key.token(&with("exp", Value::Null))),
        (
            "an end that is a text",
            key.token(&with("exp", json!((now() + 300).to_string()))),
        ),
        ("an end before 1970", key.token(&with("exp", json!(-1)))),
        ("not valid yet", key.token(&with("nbf", json!(now() + 90)))),
        ("a start that is a text", key.token(&with("nbf", json!("0")))),
        (
            "another issuer",
            key.token(&with("iss", json!("https://issuer.example/adfs/"))),
        ),
        ("without an issuer", key.token(&with("iss", Value::Null))),
        (
            "two issuers",
            key.token(&with("iss", json!([ISSUER, "https://evil.example"]))),
        ),
        ("another audience", key.token(&with("aud", json!("api://request")))),
        ("without an audience", key.token(&with("aud", Value::Null))),
        ("no audience in the list", key.token(&with("aud", json!([])))),
        ("no user", key.token(&with("primarysid", Value::Null))),
        (
            "a group as the user",
            key.token(&with("primarysid", json!("S-1-5-32-544"))),
        ),
        (
            "a name as the user",
            key.token(&with("primarysid", json!("CONTOSO\\admin"))),
        ),
        (
            "two users",
            key.token(&with("primarysid", json!([TARGET_USER, STRANGER]))),
        ),
        (
            "a name as a group",
            key.token(&with("groupsid", json!(["Domain Users"]))),
        ),
        (
            "a group that is enabled and deny-only",
            key.token(&with("denyonlysid", json!("S-1-5-21-1-2-3-513"))),
        ),
        (
            "an ID token, with what the client made up",
            key.token(&with("nonce", json!("n-0S6_WzA2Mj"))),
        ),
        (
            "an ID token beside an access token",
            key.token(&with("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ"))),
        ),
        (
            "an ID token beside a code",
            key.token(&with("c_hash", json!("LDktKdoQak3Pk0cnXxCltA"))),
        ),
        (
            "a claim twice",
            key.signed_text(&header("kid", json!("first")), &twice("primarysid", STRANGER)),
        ),
        (
            "an end twice",
            key.signed_text(&header("kid", json!("first")), &twice("exp", "0")),
        ),
        (
            "a long header",
            key.signed(&header("x5c", json!(["A".repeat(4000)])), &good),
        ),
        ("two parts", message.to_owned()),
        ("four parts", format!("{token}.AAAA")),
        ("five parts, as if encrypted", format!("{token}.AAAA.AAAA")),
        ("no parts", "AAAA".to_owned()),
        ("only dots", "..".to_owned()),
        (
            "a long token",
            format!(
                "{}.{}.{}",
                part(&json!({"alg": "RS256"})),
                "A".repeat(91_000),
                signature
            ),
        ),
    ];
    for (attack, token) in &attacks {
        let answer = read(&server, &[&format!("Bearer {token}")]);
        assert_eq!(answer.status, 401, "{attack}");
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(
            challenge.starts_with(r#"Bearer realm="requests", error="invalid_token", error_description=""#),
            "{attack}: {challenge}"
        );
    }
    assert_eq!(elsewhere.asked(), 0, "no address that a token names is asked");
    assert_eq!(
        published.asked(),
        2,
        "for unknown keys the issuer is asked once a minute"
    );
    assert_eq!(status(&server, &token), 200);
    let (_, log) = server.end();
    assert!(!log.contains(signature) && !log.contains(&"k".repeat(200)), "{log}");
}

#[test]
fn what_is_no_credential_or_two_is_refused() {
    let [key, ..] = &*KEYS;
    let folder = Folder::new();
    let keys = folder.write("keys", &key_set(&[key]));
    let server = Server::start(&options(&keys));
    let good = format!("Bearer {}", key.token(&claims(TARGET_USER)));
    let whole = format!("user={TARGET_USER}; groups=none; deny-only=none; incomplete=false");
    let authorization = ("Authorization", good.as_str());
    let missing = r#"Bearer realm="requests""#;
    let malformed = r#"Bearer realm="requests", error="invalid_request""#;
    for (headers, status, challenge) in [
        (&[authorization][..], 200, None),
        (&[], 401, Some(missing)),
        (&[("Authorization", "Negotiate YII=")], 401, Some(missing)),
        (&[("Authorization", "Basic YTpi")], 401, Some(missing)),
        (&[("Authorization", "")], 401, Some(missing)),
        (&[("Authorization", "Bearer")], 400, Some(malformed)),
        (&[("Authorization", "Bearer a b")], 400, Some(malformed)),
        (&[("Authorization", "Bearer a,b")], 400, Some(malformed)),
        (&[authorization, authorization], 400, Some(malformed)),
        (&[authorization, ("Authorization", "Basic YTpi")], 400, Some(malformed)),
        // Two callers, or one who says in a header who it is.
        (&[authorization, ("X-Caller", &whole)], 400, Some(malformed)),
        (&[authorization, ("X-Caller-User", TARGET_USER)], 400, Some(malformed)),
        (&[authorization, ("X-Dev-Caller", TARGET_USER)], 400, Some(malformed)),
        (
            &[authorization, ("X-Proxy-Secret", "0123456789abcdef")],
            400,
            Some(malformed),
        ),
        (&[("X-Caller", &whole)], 400, Some(malformed)),
    ] {
        let answer = server.get(&format!("{ROUTE}/{ENROLL}"), headers);
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (status, challenge),
            "{headers:?}"
        );
    }
    let query = format!("{ROUTE}?access_token={}", key.token(&claims(TARGET_USER)));
    assert_eq!(
        server.get(&query, &[]).status,
        401,
        "a token in the address is not taken"
    );
}

#[test]
fn claims_are_read_by_the_names_of_the_issuer() {
    let [key, ..] = &*KEYS;
    let folder = Folder::new();
    let keys = folder.write("keys", &key_set(&[key]));
    let names = folder.write("names", r#"{"user": ["sid"], "groups": ["groups"]}"#);
    let uuid = "8f1590dc-d932-4b66-8e68-2e91c5880780";
    for (source, user_claim) in [(names.as_str(), "sid"), ("entra", "onprem_sid")] {
        let options = [
            options(&keys),
            vec!["--token-claims", source, "--token-uuid-claim", "guid"],
        ]
        .concat();
        let server = Server::start(&options);
        let mut claims = json!({"iss": ISSUER, "aud": AUDIENCE, "exp": now() + 300, "groups": ["S-1-5-21-1-2-3-513"]});
        assert_eq!(status(&server, &key.token(&claims)), 401, "no user");
        claims[user_claim] = json!(STRANGER);
        let list = |claims: &Value| {
            let token = format!("Bearer {}", key.token(claims));
            server
                .get(&format!("{ROUTE}?targetuser=current"), &[("Authorization", &token)])
                .status
        };
        assert_eq!(list(&claims), 400, "nobody says the GUID");
        claims["guid"] = json!(uuid);
        assert_eq!(list(&claims), 200);
        claims["guid"] = json!("nonsense");
        assert_eq!(list(&claims), 401);
    }
}

#[test]
fn a_start_with_options_that_would_weaken_tokens_is_refused() {
    let folder = Folder::new();
    let keys = folder.write("keys", &key_set(&[&KEYS[0]]));
    let empty = folder.write("empty", r#"{"keys":[]}"#);
    let gone = folder.path("gone");
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let base = options(&keys);
    for options in [
        base[..5].to_vec(),
        [&base[..3], &base[5..]].concat(),
        base[..1].to_vec(),
        options(&empty),
        options(&gone),
        // A pipe to which nobody writes, and a device without an end.
        options(&pipe),
        options("/dev/zero"),
        options("http://192.0.2.1/keys"),
        options("http://issuer.example/keys"),
        options("ftp://127.0.0.1/keys"),
        options("https://user@issuer.example/keys"),
        [base.clone(), vec!["--token-algorithm", "HS256"]].concat(),
        [base.clone(), vec!["--token-algorithm", "none"]].concat(),
        [base.clone(), vec!["--token-leeway", "301"]].concat(),
        [base.clone(), vec!["--token-claims", &gone]].concat(),
        [base.clone(), vec!["--insecure-dev-caller"]].concat(),
        // Options about tokens where no token is taken.
        vec!["--demo", "--insecure-dev-caller", "--token-claims", "entra"],
        vec!["--demo", "--insecure-dev-caller", "--token-algorithm", "ES256"],
        vec!["--demo", "--insecure-dev-caller", "--token-leeway", "30"],
        vec![
            "--demo",
            "--insecure-dev-caller",
            "--token-audience",
            AUDIENCE,
            "--token-keys",
            &keys,
        ],
    ] {
        let program = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
            .args(&options)
            .output()
            .unwrap();
        assert_eq!(
            program.status.code(),
            Some(2),
            "{options:?}: {}",
            String::from_utf8_lossy(&program.stderr)
        );
    }
}
