//! The set-ups of `deploy`, with the proxies as real processes in front of the server. A proxy that is not installed is skipped, and said.

use crate::{
    client::{Answer, Client},
    process::{Folder, ROUTE, Server},
};
use core::time::Duration;
use serde_json::json;
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::{MetadataExt, PermissionsExt},
    process::{Child, Command, Stdio},
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const BOSS: &str = "user=S-1-5-21-1-2-3-1009;groups=none;deny-only=none;incomplete=false";
/// A row that denies a group of Alice's that counts for Deny alone, and is left out where her list is cut; one that she may change; one
/// that is the boss's.
const DENIED: &str = "00000000-0000-4000-8000-000000000001";
const ALLOWED: &str = "00000000-0000-4000-8000-000000000002";
const OF_BOSS: &str = "00000000-0000-4000-8000-000000000003";

/// The headers that the server reads, and that no client may send.
const OF_PROXY: [&str; 9] = [
    "x-caller",
    "x-caller-user",
    "x-caller-groups",
    "x-caller-deny-only-groups",
    "x-caller-groups-incomplete",
    "x-caller-uuid",
    "x-dev-caller",
    "x-dev-caller-uuid",
    "x-proxy-secret",
];

/// Users and what the proxy finds out about them. It finds out nothing about Carol.
fn callers() -> Vec<(&'static str, String)> {
    let group = |number: u32| format!("S-1-5-21-4294967295-4294967295-4294967295-{}", u32::MAX - number);
    let groups: Vec<_> = (0..1015).map(group).collect();
    vec![
        (
            "alice",
            "user=S-1-5-21-1-2-3-1007;groups=S-1-5-21-1-2-3-513;deny-only=S-1-5-21-1-2-3-2001;incomplete=false"
                .to_owned(),
        ),
        (
            "dave",
            format!(
                "user=S-1-5-21-1-2-3-1008;groups={};deny-only=none;incomplete=false",
                groups.join(",")
            ),
        ),
    ]
}

/// The header of a user whose password is the name. In base 64.
fn authorization(user: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    format!("Basic {}", STANDARD.encode(format!("{user}:{user}")))
}

struct Setup {
    proxy: Child,
    port: u16,
    _server: Server,
    _folder: Folder,
}

impl Drop for Setup {
    fn drop(&mut self) {
        // Ends its children too, unlike a kill.
        let _ = Command::new("kill")
            .args(["-TERM", &self.proxy.id().to_string()])
            .status();
        let _ = self.proxy.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn server(folder: &Folder) -> Server {
    let row = |id: &str, sddl: &str| json!({"Uuid": id, "Status": 3, "SecurityDescriptor": sddl});
    let rows = json!([
        row(DENIED, "O:BAD:(D;;CCDC;;;S-1-5-21-1-2-3-2001)(A;;CCRC;;;AU)"),
        row(ALLOWED, "O:BAD:(A;;CCRC;;;AU)"),
        row(OF_BOSS, "O:BAD:(A;;CCRC;;;S-1-5-21-1-2-3-1009)"),
    ]);
    let import = folder.write("import", &rows.to_string());
    let secret = folder.write("secret", SECRET);
    let store = folder.path("store");
    let options = ["--store", &store, "--import", &import, "--proxy-secret-file", &secret];
    Server::start(&[&options[..], &["--one-caller-header"]].concat())
}

/// Starts a proxy with its set-up from `deploy`: the addresses and the folder are other ones. As root, it becomes another user.
fn start(
    program: &str,
    name: &str,
    prepare: impl FnOnce(&Folder),
    arguments: impl FnOnce(&str, &Folder) -> Vec<String>,
) -> Option<Setup> {
    let found = ["/usr/sbin", "/usr/bin", "/usr/local/sbin"]
        .iter()
        .map(|folder| format!("{folder}/{program}"));
    let Some(program) = found.into_iter().find(|path| fs::metadata(path).is_ok()) else {
        println!("SKIPPED: {program} is not installed, so its set-up is not tested");
        return None;
    };
    let folder = Folder::new();
    let (server, port) = (server(&folder), free_port());
    let text = fs::read_to_string(format!("{}/../../deploy/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for fixed in ["127.0.0.1:8080", "127.0.0.1:8081", "/etc/sddl-authz"] {
        assert!(text.contains(fixed), "{name} has no {fixed}");
    }
    let text = text
        .replace("127.0.0.1:8080", server.address())
        .replace("127.0.0.1:8081", &format!("127.0.0.1:{port}"))
        .replace("/etc/sddl-authz", folder.path("").trim_end_matches('/'));
    folder.write(name, &text);
    prepare(&folder);
    fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    let arguments = arguments(&folder.path(name), &folder);
    let root = fs::metadata(folder.path("secret")).unwrap().uid() == 0;
    let mut command = if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", &program]);
        command
    } else {
        Command::new(&program)
    };
    let mut proxy = command
        .args(arguments)
        .env("SDDL_AUTHZ_SECRET", SECRET)
        .current_dir(folder.path(""))
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..500 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            assert!(proxy.try_wait().unwrap().is_none(), "another program took the port");
            return Some(Setup {
                proxy,
                port,
                _server: server,
                _folder: folder,
            });
        }
        assert!(proxy.try_wait().unwrap().is_none(), "{program} ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = proxy.kill();
    panic!("{program} does not listen");
}

impl Setup {
    fn ask(&self, method: &str, id: &str, user: Option<&str>, headers: &[(&str, &str)], body: &str) -> Answer {
        let authorization = user.map(authorization);
        let mut all = vec![("Content-Type", "application/json")];
        all.extend(authorization.as_deref().map(|value| ("Authorization", value)));
        all.extend(headers);
        Client::connect(&format!("127.0.0.1:{}", self.port)).send(method, &format!("{ROUTE}/{id}"), &all, body)
    }

    fn change(&self, id: &str, user: Option<&str>, headers: &[(&str, &str)]) -> u16 {
        self.ask("PUT", id, user, headers, r#"{"status":"Completed"}"#).status
    }

    fn read(&self, id: &str, user: Option<&str>, headers: &[(&str, &str)]) -> u16 {
        self.ask("GET", id, user, headers, "").status
    }
}

/// Asks as it should be, and then in each way that once was, or might be, a way round.
fn is_no_way_round(setup: &Setup, of_dave: u16) {
    let alice = Some("alice");
    assert_eq!(setup.read(ALLOWED, alice, &[]), 200);
    assert_eq!(
        setup.read(ALLOWED, Some("dave"), &[]),
        of_dave,
        "a caller in the most groups"
    );
    assert_eq!(setup.change(DENIED, alice, &[]), 403);
    assert_eq!(setup.read(OF_BOSS, alice, &[]), 403);
    assert_eq!(setup.read(ALLOWED, None, &[]), 401, "nobody");
    // A user about whom the proxy knows nothing: its variable is missing.
    let unknown = setup.read(ALLOWED, Some("carol"), &[]);
    assert!([400, 403].contains(&unknown), "{unknown}");

    // Headers that a client names in Connection.
    for named in [
        "X-Caller",
        "close, X-Caller",
        "x-caller",
        "X-Caller, X-Proxy-Secret",
        "keep-alive, X-Caller-Groups-Incomplete, X-Caller-Deny-Only-Groups",
        "Authorization",
        "close, Content-Type",
    ] {
        let headers = [("Connection", named)];
        assert_eq!(setup.change(DENIED, alice, &headers), 400, "{named}");
        let own = [("Connection", named), ("X-Caller", BOSS)];
        assert_eq!(setup.read(OF_BOSS, alice, &own), 400, "{named}");
    }
    let twice = [("Connection", "close"), ("Connection", "X-Caller, X-Proxy-Secret")];
    let own = [twice[0], twice[1], ("X-Caller", BOSS)];
    let statuses = [setup.change(DENIED, alice, &twice), setup.read(OF_BOSS, alice, &own)];
    assert!(
        statuses.iter().all(|status| [400, 403].contains(status)),
        "{statuses:?}"
    );
    for plain in ["close", "keep-alive", "Close", "keep-alive, TE"] {
        assert_eq!(setup.read(ALLOWED, alice, &[("Connection", plain)]), 200, "{plain}");
    }

    // Headers of a client that say who it is: removed, or refused.
    let user = "S-1-5-21-1-2-3-1009";
    for own in [
        &[("X-Caller", BOSS)][..],
        &[("x-caller", BOSS), ("X-CALLER", BOSS)],
        &[("X_Caller", BOSS)],
        &[
            ("X-Caller-User", user),
            ("X-Caller-Groups", "none"),
            ("X-Caller-Deny-Only-Groups", "none"),
        ],
        // Headers that would name the boss if the proxy did not send X-Caller.
        &[
            ("X-Caller-User", user),
            ("X-Caller-Groups", "none"),
            ("X-Caller-Deny-Only-Groups", "none"),
            ("X-Caller-Groups-Incomplete", "false"),
        ],
        &[("X-Caller-Groups-Incomplete", "false")],
        &[("X-Caller-Uuid", "8f1590dc-d932-4b66-8e68-2e91c5880780")],
        &[("X-Dev-Caller", user)],
        &[("X-Proxy-Secret", "0123456789abcdef0123456789abcde0")],
        &[("X-Callers", BOSS)],
    ] {
        let (read, change) = (setup.read(OF_BOSS, alice, own), setup.change(DENIED, alice, own));
        assert!(
            [400, 403].contains(&read) && [400, 403].contains(&change),
            "{own:?}: {read} {change}"
        );
        let unknown = setup.read(OF_BOSS, Some("carol"), own);
        assert!([400, 403].contains(&unknown), "{own:?}: {unknown}");
        assert_eq!(setup.read(OF_BOSS, None, own), 401, "{own:?}");
    }

    // A larger body is answered, and changes nothing.
    let long = format!(r#"{{"status":"Completed","pad":"{}"}}"#, "a".repeat(20_000));
    assert_eq!(setup.ask("PUT", ALLOWED, alice, &[], &long).status, 413);
    assert_eq!(setup.change(ALLOWED, alice, &[]), 200);
}

#[test]
fn nginx_says_who_calls() {
    // The service that nginx asks.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let service = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut head, mut line) = (String::new(), String::new());
            while stream.read_line(&mut line).is_ok_and(|length| length > 2) {
                head.push_str(&core::mem::take(&mut line));
            }
            let mut lines = head.lines().map(str::to_ascii_lowercase);
            let identity = |line: &String| OF_PROXY.iter().any(|name| line.starts_with(&format!("{name}:")));
            assert_eq!(lines.find(identity), None, "a header of the client");
            let known = callers()
                .into_iter()
                .find(|(name, _)| head.contains(&authorization(name)));
            let answer = match known {
                Some((_, caller)) => format!("200 OK\r\nX-Caller: {caller}"),
                None if head.contains(&authorization("carol")) => "200 OK".to_owned(),
                None => "401 Unauthorized\r\nWWW-Authenticate: Negotiate".to_owned(),
            };
            let answer = format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = stream.get_mut().write_all(answer.as_bytes());
        }
    });
    let prepare = |folder: &Folder| {
        folder.write(
            "secret.nginx",
            &format!("proxy_set_header X-Proxy-Secret \"{SECRET}\";\n"),
        );
        let (path, text) = (
            folder.path("nginx.conf"),
            fs::read_to_string(folder.path("nginx.conf")).unwrap(),
        );
        let folder = folder.path("");
        let folder = folder.trim_end_matches('/');
        // The places of files that only root may write.
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"));
        let text = text
            .replace("127.0.0.1:8082", &service.to_string())
            .replace("http {\n", &format!("http {{\naccess_log off;\n{}", paths.concat()));
        fs::write(
            path,
            format!("pid {folder}/pid;\nerror_log stderr error;\ndaemon off;\nmaster_process off;\n{text}"),
        )
        .unwrap();
    };
    let arguments =
        |path: &str, _: &Folder| vec!["-e".to_owned(), "stderr".to_owned(), "-c".to_owned(), path.to_owned()];
    if let Some(setup) = start("nginx", "nginx.conf", prepare, arguments) {
        is_no_way_round(&setup, 200);
    }
}

#[test]
fn apache_says_who_calls() {
    let prepare = |folder: &Folder| {
        folder.write(
            "secret.conf",
            &format!("RequestHeader set X-Proxy-Secret \"{SECRET}\"\n"),
        );
        fs::create_dir(folder.path("callers")).unwrap();
        for (name, caller) in callers() {
            folder.write(&format!("callers/{name}"), &format!("{caller}\n"));
        }
        let program = folder.path("callers.sh");
        fs::copy(
            format!("{}/../../deploy/callers.sh", env!("CARGO_MANIFEST_DIR")),
            &program,
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let users = ["alice", "dave", "carol"].map(|name| {
            let hash = Command::new("openssl")
                .args(["passwd", "-apr1", name])
                .output()
                .unwrap();
            format!("{name}:{}", String::from_utf8(hash.stdout).unwrap())
        });
        folder.write("users", &users.concat());
        let own = folder.path("");
        let own = own.trim_end_matches('/');
        folder.write(
            "authentication.conf",
            &format!("AuthType Basic\nAuthName requests\nAuthBasicProvider file\nAuthUserFile {own}/users\nRequire valid-user\n"),
        );
        let modules = [
            "mpm_event",
            "auth_basic",
            "authn_core",
            "authn_file",
            "authz_core",
            "authz_user",
            "headers",
            "proxy",
            "proxy_http",
            "rewrite",
        ];
        let modules = modules.map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"));
        let text = fs::read_to_string(folder.path("apache.conf")).unwrap();
        let head = format!(
            "{}ServerName localhost\nServerRoot {own}\nPidFile {own}/pid\nDefaultRuntimeDir {own}\nMutex file:{own}\n\
             ErrorLog {own}/log\nLogLevel error\n",
            modules.concat()
        );
        fs::write(folder.path("apache.conf"), head + &text).unwrap();
    };
    let arguments = |path: &str, _: &Folder| ["-D", "FOREGROUND", "-f", path].map(str::to_owned).to_vec();
    if let Some(setup) = start("apache2", "apache.conf", prepare, arguments) {
        is_no_way_round(&setup, 200);
    }
}

#[test]
fn haproxy_says_who_calls() {
    let prepare = |folder: &Folder| {
        let lines = callers().into_iter().map(|(name, caller)| format!("{name} {caller}\n"));
        folder.write("callers.map", &lines.collect::<String>());
        let users = ["alice", "dave", "carol"].map(|name| format!("    user {name} insecure-password {name}\n"));
        folder.write("users.cfg", &format!("userlist users\n{}", users.concat()));
    };
    let arguments = |path: &str, folder: &Folder| {
        ["-q", "-db", "-f", &folder.path("users.cfg"), "-f", path]
            .map(str::to_owned)
            .to_vec()
    };
    if let Some(setup) = start("haproxy", "haproxy.cfg", prepare, arguments) {
        // HAProxy cuts a line of a map after 16 KiB, and what is left lacks fields.
        is_no_way_round(&setup, 400);
    }
}
