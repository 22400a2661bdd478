use crate::{
    audit::{AuditEntry, AuditedCaller, Keep, RefusalEntry, Removal, Retention},
    policy::Policy,
    sqlite::Sqlite,
    store::Store,
};
use core::time::Duration;
use jiff::Timestamp;
use rusqlite::Connection;
use sddl_authz::{Caller, Sid, mim::StatusChangePolicy};
use std::path::{Path, PathBuf};
use uuid::Uuid;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sddl-authz-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A refusal of this user at this second.
fn refusal(user: u32, second: i64, policy: &Policy) -> RefusalEntry {
    let user = Sid::new(5, &[21, 1, 2, 3, user]).unwrap();
    RefusalEntry::One(AuditEntry {
        time: Timestamp::from_second(second).unwrap(),
        correlation: Uuid::nil(),
        request: None,
        caller: AuditedCaller::new(&Caller::bare(user).unwrap().with_no_groups()),
        action: "read",
        status: 403,
        reason: "no_right",
        policy: policy.clone(),
        change: None,
    })
}

fn numbers(path: &Path, sql: &str) -> Vec<i64> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn entries_are_removed_by_age_and_their_callers_with_them() {
    let folder = Folder::new("age");
    let path = folder.0.join("store");
    let store = Sqlite::create(&path).unwrap();
    let policy = Policy::new(StatusChangePolicy::inferred()).unwrap();
    // The users 1000 to 1499 one after the other, and user 1000 again at the end.
    let old = (0..500).map(|second| refusal(1000 + second, second.into(), &policy));
    store.record(old.collect()).await.unwrap();
    store.record(vec![refusal(1000, 600, &policy)]).await.unwrap();
    let keep = Keep {
        age: Some(Duration::from_secs(200)),
        bytes: None,
    };
    let only_changes = Retention {
        changes: keep,
        ..Retention::default()
    };
    let now = Timestamp::from_second(610).unwrap();
    assert_eq!(store.remove_old_entries(&only_changes, now).await.unwrap(), []);
    let retention = Retention {
        refusals: keep,
        ..Retention::default()
    };
    // Those of the seconds 0 to 409 are older than 200 seconds.
    let removal = Removal {
        entries: "refusals",
        cause: "age",
        count: 410,
        first_kept: 411,
    };
    assert_eq!(store.remove_old_entries(&retention, now).await.unwrap(), [removal]);
    assert_eq!(store.remove_old_entries(&retention, now).await.unwrap(), [], "once");
    assert_eq!(
        numbers(&path, "SELECT seq FROM refusals ORDER BY seq"),
        (411..=501).collect::<Vec<_>>()
    );
    assert_eq!(numbers(&path, "SELECT count FROM removals"), [410]);
    assert_eq!(
        numbers(&path, "SELECT count(*) FROM callers"),
        [91],
        "90 users of old entries, and user 1000"
    );
}

#[tokio::test]
async fn entries_are_removed_by_size() {
    const MOST: u64 = 160 << 10;
    let folder = Folder::new("size");
    let path = folder.0.join("store");
    let store = Sqlite::create(&path).unwrap();
    let policy = Policy::new(StatusChangePolicy::inferred()).unwrap();
    let keep = Keep {
        age: None,
        bytes: Some(MOST),
    };
    let retention = Retention {
        refusals: keep,
        ..Retention::default()
    };
    let now = Timestamp::from_second(0).unwrap();
    let size = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('refusals', 'refusals_of_caller', 'callers')";
    for round in 0..2 {
        store
            .record((0..3000).map(|_| refusal(1000, round, &policy)).collect())
            .await
            .unwrap();
        assert!(numbers(&path, size)[0] > i64::try_from(MOST).unwrap());
        let removals = store.remove_old_entries(&retention, now).await.unwrap();
        assert_eq!(removals.len(), 1);
        assert_eq!(removals[0].cause, "size");
        assert!(
            numbers(&path, size)[0] <= i64::try_from(MOST + 4096).unwrap(),
            "and a page of the callers"
        );
        // The newest are kept.
        assert_eq!(numbers(&path, "SELECT max(seq) FROM refusals"), [(round + 1) * 3000]);
        assert_eq!(
            numbers(&path, "SELECT min(seq) FROM refusals"),
            [removals[0].first_kept]
        );
        assert!(numbers(&path, "SELECT count(*) FROM refusals")[0] > 1000);
    }
    assert_eq!(store.remove_old_entries(&retention, now).await.unwrap(), []);
}
