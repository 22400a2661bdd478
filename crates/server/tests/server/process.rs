//! A server that runs as long as the test.

use crate::client::{Answer, Client};
use core::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::Instant,
};

pub(crate) const ROUTE: &str = "/CertificateManagement/api/v1.0/requests";
pub(crate) const ENROLL: &str = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
pub(crate) const SECRET: &str = "c9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
pub(crate) const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
pub(crate) const TARGET_USER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14995557";
pub(crate) const STRANGER: &str = "S-1-5-21-2127521184-1604012920-1887927527-1001";
pub(crate) const DEV: &[&str] = &["--insecure-dev-caller"];

/// A folder that goes with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "sddl-authz-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::SeqCst)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Server {
    process: Child,
    address: String,
    log: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts the server with these options on a free port, and waits until it listens.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_on("127.0.0.1:0", options)
    }

    pub(crate) fn start_on(address: &str, options: &[&str]) -> Self {
        Self::start_with(address, options, &[])
    }

    /// Starts it with variables of the environment, too.
    pub(crate) fn start_with(address: &str, options: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::spawn(address, options, variables, Stdio::piped())
    }

    /// Starts it with its log in this file or pipe.
    pub(crate) fn start_logging_to(log: impl Into<Stdio>, options: &[&str]) -> Self {
        Self::spawn("127.0.0.1:0", options, &[], log.into())
    }

    fn spawn(address: &str, options: &[&str], variables: &[(&str, &str)], log: Stdio) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sddl-authz-server"))
            .args(["--listen", address])
            .args(options)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let errors = process.stderr.take();
        let log = Arc::new(Mutex::new(Vec::new()));
        let read = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            let Some(mut errors) = errors else { return };
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = errors.read(&mut bytes) {
                read.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let Some(listens) = line.trim_end().strip_prefix("listening on ") else {
            let _ = process.wait();
            reader.join().unwrap();
            panic!("{line}{}", String::from_utf8_lossy(&log.lock().unwrap()));
        };
        Self {
            address: listens
                .trim_start_matches("http://")
                .trim_start_matches("https://")
                .to_owned(),
            process,
            log,
            reader: Some(reader),
        }
    }

    /// With the demo, on the fixed clock.
    pub(crate) fn demo() -> Self {
        Self::start(&[
            "--demo",
            "--demo-clock",
            "2015-07-07T23:37:37.767Z",
            "--insecure-dev-caller",
        ])
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.address)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks as a caller that is believed.
    pub(crate) fn put(&self, id: &str, caller: &str, body: &str) -> Answer {
        self.client().put(id, &[("X-Dev-Caller", caller)], body)
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.client().send("GET", path, headers, "")
    }

    /// Whether it lives and is ready.
    pub(crate) fn is_ready(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none() && self.get("/readyz", &[]).status == 200
    }

    /// The answer of `/readyz` when the result of an earlier check no longer counts.
    pub(crate) fn checked(&self) -> u16 {
        std::thread::sleep(Duration::from_millis(1020));
        self.get("/readyz", &[]).status
    }

    /// How many bytes of memory it has taken from the system.
    pub(crate) fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kibibytes: usize = line.trim().strip_suffix(" kB").unwrap().parse().unwrap();
        kibibytes * 1024
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Sends it a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap();
        assert!(sent.success());
    }

    /// The log so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&self.log.lock().unwrap()).into_owned()
    }

    /// Lets it read its files again, and waits until it has.
    pub(crate) fn reload(&self) {
        let ended = || self.log().matches("the reload has ended").count();
        let before = ended();
        self.signal("HUP");
        let start = Instant::now();
        while ended() == before {
            assert!(start.elapsed() < Duration::from_secs(5), "{}", self.log());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Asks it to end; its exit status, and what it logged.
    pub(crate) fn end(self) -> (i32, String) {
        self.signal("TERM");
        self.wait()
    }

    /// Waits for its end; its exit status, and what it logged.
    pub(crate) fn wait(mut self) -> (i32, String) {
        let status = self.process.wait().unwrap().code().unwrap();
        self.reader.take().unwrap().join().unwrap();
        (status, self.log())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The rows that a query of the store's file gives, with their columns joined by `|`.
pub(crate) fn query(store: &str, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(Path::new(store)).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let texts = (0..columns).map(|column| {
            Ok(match row.get(column)? {
                rusqlite::types::Value::Text(text) => text,
                rusqlite::types::Value::Integer(number) => number.to_string(),
                other => format!("{other:?}"),
            })
        });
        Ok(texts.collect::<Result<Vec<_>, rusqlite::Error>>()?.join("|"))
    });
    rows.unwrap().map(Result::unwrap).collect()
}
