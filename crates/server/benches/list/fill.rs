//! A store with many requests.

use rusqlite::{Connection, params};
use sddl_authz::mim::{CertificateRequest, DescriptorDigest};
use sddl_authz_server::sqlite::Sqlite;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};
use uuid::Uuid;

const ROW: &str = include_str!("../../../../tests/data/enroll-approved.json");
const DESCRIPTORS: i64 = 10_000;
/// No descriptor has it or one of the groups as its owner: an owner may read.
pub(crate) const USER: &str = "S-1-5-21-2127521184-1604012920-1887927527-900001";
/// By how many descriptors a group may read, and the group.
pub(crate) const GROUPS: [(&str, &str); 4] = [
    ("10", "S-1-5-21-2127521184-1604012920-1887927527-900002"),
    ("1000", "S-1-5-21-2127521184-1604012920-1887927527-900003"),
    ("9990", "S-1-5-21-2127521184-1604012920-1887927527-900004"),
    ("none", "S-1-5-21-2127521184-1604012920-1887927527-900005"),
];

/// Numbers that look random.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: i64) -> i64 {
        (self.next() % count.unsigned_abs()).cast_signed()
    }

    pub(crate) fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }
}

/// A file that goes with the measurement.
pub(crate) struct Store(PathBuf);

impl Store {
    /// Fills a file in another process, whose memory is not counted.
    pub(crate) fn filled(count: i64, skewed: bool) -> Self {
        let store = Self(std::env::temp_dir().join(format!("sddl-authz-list-{}", std::process::id())));
        store.remove();
        let (start, shape) = (Instant::now(), if skewed { "skewed" } else { "even" });
        let filled = Command::new(std::env::current_exe().unwrap())
            .args(["--bench", "fill", store.0.to_str().unwrap(), &count.to_string(), shape])
            .status();
        assert!(filled.unwrap().success());
        let size = std::fs::metadata(&store.0).unwrap().len();
        println!(
            "{count} requests, {shape}: filled in {:.1} s, {} MB",
            start.elapsed().as_secs_f64(),
            size >> 20
        );
        store
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.remove();
    }
}

/// The published descriptor with an owner of its own, and with the groups that may read by it instead of everyone.
fn descriptor(published: &str, number: i64) -> String {
    let [ten, thousand, most, _] = GROUPS.map(|(_, group)| format!("(A;;RC;;;{group})"));
    let readers = match number % 1000 {
        0 => ten,
        1..=100 => thousand + &most,
        _ => most,
    };
    let own = published.replacen("-14134865D:", &format!("-{number}D:"), 1);
    own.replacen("(A;;RC;;;WD)", &readers, 1)
}

/// Fills a store. Ids are random, so rows that follow each other in a list are far apart in the file.
pub(crate) fn fill(path: &Path, count: i64, skewed: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let created = async { Sqlite::create(path).unwrap().close().await.unwrap() };
    runtime.block_on(created);
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY;")
        .unwrap();
    let mut published: CertificateRequest = serde_json::from_str(ROW).unwrap();
    let text = published.security_descriptor.value().unwrap().clone();
    published.security_descriptor = String::new().into();
    let json = serde_json::to_string(&published).unwrap();
    let (head, tail) = json.split_once(r#""SecurityDescriptor":"""#).unwrap();
    let head = format!(r#"{head}"SecurityDescriptor":"#);
    let id = published.uuid.to_string();

    // They are made at the end, in their order, which is quicker.
    let made = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'requests' AND sql IS NOT NULL";
    let mut statement = connection.prepare(made).unwrap();
    let indexes = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    let indexes: Vec<_> = indexes.unwrap().map(Result::unwrap).collect();
    for (name, _) in &indexes {
        connection.execute_batch(&format!("DROP INDEX {name}")).unwrap();
    }
    connection.execute_batch("BEGIN").unwrap();
    for number in 1..=DESCRIPTORS {
        let text = descriptor(&text, number);
        let digest = DescriptorDigest::new(&text);
        let insert = "INSERT INTO descriptors (seq, digest, text) VALUES (?1, ?2, ?3)";
        connection
            .execute(insert, params![number, digest.as_bytes(), text])
            .unwrap();
    }
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let insert = "INSERT INTO requests (id, status, descriptor, target, head, tail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut insert = connection.prepare(insert).unwrap();
    for _ in 0..count {
        let own = random.id();
        // Most requests are completed, few failed.
        let status = match random.below(10_000) {
            0 => 9,
            1..=1000 => 3,
            _ => 8,
        };
        let descriptor = match skewed && random.below(1000) > 0 {
            true => random.below(10) * 1000 + 1000,
            false => random.below(DESCRIPTORS) + 1,
        };
        let head = head
            .replacen(&id, &own.to_string(), 1)
            .replacen("\"Status\":3", &format!("\"Status\":{status}"), 1);
        let target = published.target_user_uuid.value().unwrap();
        insert
            .execute(params![
                own.as_bytes(),
                status,
                descriptor,
                target.as_bytes(),
                head,
                tail
            ])
            .unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    for (_, sql) in &indexes {
        connection.execute_batch(sql).unwrap();
    }
}
