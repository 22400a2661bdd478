//! Unix sockets: which file the server replaces and removes, and who may connect.

use crate::{
    client::Client,
    process::{Folder, Server},
};
use std::{
    fs,
    os::unix::{
        fs::{FileTypeExt, MetadataExt, PermissionsExt, chown, symlink},
        net::{UnixListener, UnixStream},
    },
    process::{Command, Stdio},
};

/// The exit status of a server on this path, and what it logged. It must end by itself.
fn refused(path: &str, options: &[&str]) -> (Option<i32>, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
        .args(["--listen", &format!("unix:{path}"), "--proxy-uid", "0"])
        .args(options)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..200 {
        if server.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(core::time::Duration::from_millis(10));
    }
    let _ = server.kill();
    let output = server.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn is_socket(path: &str) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

#[test]
fn a_file_that_is_no_socket_stays() {
    let folder = Folder::new();
    let notes = folder.write("notes", "precious");
    let (link, directory, store) = (folder.path("link"), folder.path("directory"), folder.path("store"));
    fs::create_dir(&directory).unwrap();
    // A socket that nobody listens on: the link to it is a link all the same.
    drop(UnixListener::bind(folder.path("old")).unwrap());
    symlink(folder.path("old"), &link).unwrap();
    for (path, options) in [
        (&notes, &["--demo"][..]),
        (&link, &["--demo"]),
        (&directory, &["--demo"]),
        (&store, &["--demo", "--store", &store]),
    ] {
        let (status, log) = refused(path, options);
        assert_eq!(status, Some(2), "{path}: {log}");
        assert!(log.contains("error: can't listen on unix:"), "{log}");
    }
    assert_eq!(fs::read_to_string(&notes).unwrap(), "precious");
    assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
    assert!(is_socket(&folder.path("old")));
    assert!(fs::metadata(&directory).unwrap().is_dir());
    assert!(fs::metadata(&store).unwrap().is_file());
}

/// A user who may write the folder could put a link in the place of the socket, and the mode of its target would become the socket's.
#[test]
fn a_folder_that_every_user_may_write_needs_the_sticky_bit() {
    let folder = Folder::new();
    let address = format!("unix:{}", folder.path("socket"));
    let set = |mode| fs::set_permissions(folder.path(""), fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o777, 0o703] {
        set(mode);
        let (status, log) = refused(&folder.path("socket"), &["--demo"]);
        assert_eq!(status, Some(2), "{mode:o}: {log}");
        assert!(log.contains("every user of this system may write its folder"), "{log}");
        assert!(!fs::exists(folder.path("socket")).unwrap());
    }
    for (mode, warned) in [(0o1777, false), (0o770, true), (0o1770, false), (0o755, false)] {
        set(mode);
        let (status, log) = Server::start_on(&address, &["--demo", "--proxy-uid", "0"]).end();
        assert_eq!(status, 0, "{mode:o}: {log}");
        assert_eq!(
            log.contains("other users may write the folder"),
            warned,
            "{mode:o}: {log}"
        );
    }
}

/// Also the owner of the folder can replace what is in it.
#[test]
fn a_folder_of_another_user_is_a_warning() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        println!("SKIPPED: only root can give a folder to another user");
        return;
    }
    let folder = Folder::new();
    chown(folder.path(""), Some(33), None).unwrap();
    let address = format!("unix:{}", folder.path("socket"));
    let (status, log) = Server::start_on(&address, &["--demo", "--proxy-uid", "33"]).end();
    assert_eq!(status, 0, "{log}");
    assert!(log.contains("other users may write the folder"), "{log}");
}

#[test]
fn an_old_socket_is_replaced_and_a_used_one_is_not() {
    let folder = Folder::new();
    let path = folder.path("socket");
    drop(UnixListener::bind(&path).unwrap());
    let address = format!("unix:{path}");
    let server = Server::start_on(&address, &["--demo", "--proxy-uid", "0"]);
    let (status, log) = refused(&path, &["--demo"]);
    assert_eq!(status, Some(2), "{log}");
    assert!(UnixStream::connect(&path).is_ok());
    assert_eq!(server.end().0, 0);
    assert!(!fs::exists(&path).unwrap(), "its own socket goes with it");
}

#[test]
fn the_socket_of_a_successor_stays() {
    let folder = Folder::new();
    let path = folder.path("socket");
    let address = format!("unix:{path}");
    let options = ["--demo", "--proxy-uid", "0"];
    let first = Server::start_on(&address, &options);
    fs::rename(&path, folder.path("moved")).unwrap();
    let second = Server::start_on(&address, &options);
    assert_eq!(first.end().0, 0);
    let mut client = Client::over(UnixStream::connect(&path).unwrap());
    assert_eq!(client.send("GET", "/readyz", &[], "").status, 200);
    assert_eq!(second.end().0, 0);
    assert!(!fs::exists(&path).unwrap());
}

/// As the README says: root starts the server, and the proxy runs as another user.
#[test]
fn the_proxy_s_user_can_connect() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        println!("SKIPPED: only root can become another user");
        return;
    }
    let folder = Folder::new();
    fs::set_permissions(folder.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let path = folder.path("socket");
    let options = ["--demo", "--proxy-uid", "33", "--one-caller-header"];
    let _server = Server::start_on(&format!("unix:{path}"), &options);
    let route = format!("http://localhost{}", crate::process::ROUTE);
    let asked = |uid: &str| {
        let output = Command::new("setpriv")
            .args([&format!("--reuid={uid}"), &format!("--regid={uid}"), "--clear-groups"])
            .args(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"])
            .args([
                "-H",
                "X-Caller: user=S-1-5-21-1-2-3-1104; groups=none; deny-only=none; incomplete=false",
            ])
            .args(["--unix-socket", &path, &route])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(asked("33"), "200", "the proxy");
    assert_eq!(asked("34"), "400", "another user is not believed");
}

#[test]
fn systemd_passes_the_sockets() {
    const PROGRAM: &str = "/usr/bin/systemd-socket-activate";
    if !fs::exists(PROGRAM).unwrap() {
        println!("SKIPPED: systemd-socket-activate is not installed, so the sockets of systemd are not tested");
        return;
    }
    let folder = Folder::new();
    let (api, admin) = (folder.path("api"), folder.path("admin"));
    let uid = fs::metadata("/proc/self").unwrap().uid().to_string();
    // Its own process becomes the server's at the first connection.
    let mut server = Command::new(PROGRAM)
        .args(["-l", &api, "-l", &admin, env!("CARGO_BIN_EXE_sddl-authz-server")])
        .args(["--listen", "systemd", "--admin-listen", "systemd", "--demo"])
        .args(["--proxy-uid", &uid, "--one-caller-header"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !is_socket(&admin) {
        std::thread::sleep(core::time::Duration::from_millis(10));
    }
    let [mut of_api, mut of_admin] = [&api, &admin].map(|path| Client::over(UnixStream::connect(path).unwrap()));
    assert_eq!(of_api.send("GET", "/readyz", &[], "").status, 200);
    let caller = "user=S-1-5-21-1-2-3-1104; groups=none; deny-only=none; incomplete=false";
    let listed = of_api.send("GET", crate::process::ROUTE, &[("X-Caller", caller)], "");
    assert_eq!(listed.status, 200);
    assert_eq!(of_admin.send("GET", "/readyz", &[], "").status, 200);
    assert_eq!(of_admin.send("GET", crate::process::ROUTE, &[], "").status, 404);
    let ended = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
    assert!(ended.unwrap().success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
    assert!(is_socket(&api) && is_socket(&admin), "systemd's sockets stay");
}

#[test]
fn without_a_socket_of_systemd_it_does_not_start() {
    let options = ["--demo", "--insecure-dev-caller", "--listen", "systemd"];
    let (status, error) = crate::start::refused(&options);
    assert_eq!(status, Some(2));
    assert!(error.contains("systemd passed no socket"), "{error}");
}

#[test]
fn the_mode_and_the_group_are_those_asked_for() {
    let folder = Folder::new();
    let path = folder.path("socket");
    let address = format!("unix:{path}");
    let server = Server::start_on(&address, &["--demo", "--proxy-uid", "33"]);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o666);
    drop(server);
    let options = ["--demo", "--proxy-uid", "33", "--socket-mode", "660"];
    let own = fs::metadata("/proc/self").unwrap();
    // Another group can be chosen by root alone.
    let groups = if own.uid() == 0 {
        vec![("daemon", 1), ("33", 33)]
    } else {
        Vec::new()
    };
    for (name, number) in groups {
        let server = Server::start_on(&address, &[&options[..], &["--socket-group", name]].concat());
        let made = fs::metadata(&path).unwrap();
        assert_eq!((made.permissions().mode() & 0o777, made.gid()), (0o660, number));
        drop(server);
    }
    for bad in [
        ["--socket-mode", "888"],
        ["--socket-mode", "4660"],
        ["--socket-group", "no-such-group"],
    ] {
        let (status, _) = refused(&path, &[&["--demo"][..], &bad].concat());
        assert_eq!(status, Some(2), "{bad:?}");
    }
}
