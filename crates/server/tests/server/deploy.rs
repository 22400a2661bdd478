//! The files in `deploy` for a service of systemd with TLS and tokens.

use crate::process::{ENROLL, Folder, ROUTE, STRANGER, Server, TARGET_USER};
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sddl-authz-server");

fn deployed(name: &str) -> String {
    std::fs::read_to_string(format!("../../deploy/{name}")).unwrap()
}

fn run(program: &str, arguments: &[&str]) -> Output {
    let run = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    run.unwrap_or_else(|error| panic!("{program} is needed: {error}"))
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn systemd_takes_the_units() {
    let folder = Folder::new();
    let [service, socket] = ["sddl-authz-server.service", "sddl-authz-server.socket"].map(|name| {
        let unit = deployed(&format!("systemd/{name}"));
        folder.write(name, &unit.replace("/usr/local/bin/sddl-authz-server", PROGRAM))
    });
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        println!("SKIPPED: systemd-analyze is not installed");
        return;
    }
    let verified = run("systemd-analyze", &["verify", &service, &socket]);
    assert!(
        verified.status.success() && said(&verified).is_empty(),
        "{}",
        said(&verified)
    );
    let rated = said(&run("systemd-analyze", &["security", "--offline=true", &service]));
    let (_, rating) = rated
        .split_once("Overall exposure level for sddl-authz-server.service: ")
        .unwrap();
    let rating: f64 = rating.split(' ').next().unwrap().parse().unwrap();
    assert!(rating < 2.0, "{rated}");
    // The check is not empty: it finds a wrong setting.
    let wrong = folder.write(
        "wrong.service",
        "[Service]\nExecStart=/bin/true\nProtectSystem=strictly\n",
    );
    assert!(!said(&run("systemd-analyze", &["verify", &wrong])).is_empty());
}

/// The steps of `deploy/README.md`, in a folder instead of `/etc` and `/var/lib`.
#[test]
fn the_example_serves_tls_and_tokens() {
    let folder = Folder::new();
    let (certificate, key) = (folder.path("server.crt"), folder.path("server.key"));
    let made = run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-out",
            &certificate,
            "-keyout",
            &key,
        ],
    );
    assert!(made.status.success(), "{}", said(&made));
    let (issuer, private) = ("../../deploy/trial-issuer.sh", folder.path("trial.key"));
    folder.write("keys.json", &said(&run(issuer, &["keys", &private])));
    folder.write("policy.toml", &deployed("policy.toml"));
    let config = deployed("server.toml")
        .replace("/etc/sddl-authz", &folder.path(""))
        .replace("/var/lib/sddl-authz", &folder.path(""));
    let config = folder.write("server.toml", &config);

    let import = [
        "import",
        "--create",
        "--config",
        &config,
        "../../tests/data/enroll-approved.json",
    ];
    let imported = run(PROGRAM, &import);
    assert!(said(&imported).contains(r#""inserted":1"#), "{}", said(&imported));
    let checked = run(PROGRAM, &["--config", &config, "--check-config"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));

    let admin = format!("unix:{}", folder.path("admin"));
    let server = Server::start(&["--config", &config, "--admin-listen", &admin]);
    let port = server.address().rsplit(':').next().unwrap();
    let ask = |caller: &str| {
        let token = said(&run(issuer, &["token", &private, caller, "S-1-5-21-1-2-3-513"]));
        let authorization = format!("Authorization: Bearer {}", token.trim());
        let url = format!("https://localhost:{port}{ROUTE}/{ENROLL}");
        let answer = run(
            "curl",
            &[
                "--silent",
                "--show-error",
                "--cacert",
                &certificate,
                "--write-out",
                " %{http_code}",
                "-H",
                &authorization,
                "-X",
                "PUT",
                "-H",
                "Content-Type: application/json",
                "-d",
                r#"{"status":"Completed"}"#,
                &url,
            ],
        );
        said(&answer)
    };
    let (stranger, user) = (ask(STRANGER), ask(TARGET_USER));
    assert!(
        stranger.ends_with(" 403") && stranger.contains("no_right"),
        "{stranger}"
    );
    assert!(user.ends_with(" 200") && user.contains(r#""Status":8"#), "{user}");
    let (status, log) = server.end();
    assert_eq!(status, 0, "{log}");
    assert!(!log.contains("WARN") || !log.contains("plain HTTP"), "{log}");
}

/// Heads that do not end must not fill the memory of the unit. The buffer of a head can be twice as large as the head.
#[test]
fn unfinished_heads_fit_into_the_memory_of_the_unit() {
    let options: toml::Table = deployed("server.toml").parse().unwrap();
    let number = |key: &str| u64::try_from(options.get(key)?.as_integer()?).ok();
    let connections = number("max-connections").unwrap();
    let unit = deployed("systemd/sddl-authz-server.service");
    assert!(unit.lines().any(|line| line == "MemoryMax=1G"));
    assert!(connections * 2 * 98_304 <= (1 << 30) / 2, "{connections}");
    assert!(number("max-connections-per-peer").unwrap() <= connections / 4);
}

/// The policy of the example is the one that the server takes without a file.
#[test]
fn the_policy_of_the_example_is_the_inferred_one() {
    use sddl_authz::mim::StatusChangePolicy;
    let policy: StatusChangePolicy = deployed("policy.toml").parse().unwrap();
    assert_eq!(policy, StatusChangePolicy::inferred());
}

#[test]
fn a_configuration_is_checked_without_a_start() {
    let folder = Folder::new();
    let secret = folder.write("secret", "0123456789abcdef0123456789abcdef");
    let check = |file: &str| {
        let config = folder.write("config", file);
        let checked = run(PROGRAM, &["--config", &config, "--check-config"]);
        (checked.status.code(), said(&checked))
    };
    let store = folder.path("no-store");
    let good = format!("store = '{store}'\ncreate = true\nproxy-secret-file = '{secret}'\n");
    let (status, output) = check(&good);
    assert_eq!(status, Some(0), "{output}");
    assert!(!output.contains("0123456789abcdef") && !std::path::Path::new(&store).exists());
    for bad in [
        "insecure-dev-caller = true\n",
        "policy = '/nowhere'\n",
        "polcy = 'x'\n",
        "tls-cert = '/nowhere'\ntls-key = '/nowhere'\n",
        "admin-listen = '0.0.0.0:9100'\n",
    ] {
        let (status, output) = check(&format!("{good}{bad}"));
        assert_eq!(status, Some(2), "{bad}: {output}");
    }
    folder.write("secret", "0123456789abcdef0123456789abcdef \n");
    let (status, output) = check(&good);
    assert!(status == Some(2) && output.contains("it has a space"), "{output}");
}
