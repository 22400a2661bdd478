//! Runs the tests of any store, which are in `suite`, on SQLite, in memory and in a file.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that can't be set up has failed"
)]

mod suite;

use core::sync::atomic::{AtomicU32, Ordering};
use sddl_authz_server::{sqlite::Sqlite, store::Store};
use std::path::PathBuf;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An empty store of each kind.
fn stores() -> (Folder, [Sqlite; 2]) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let path = std::env::temp_dir().join(format!("sddl-authz-store-{}-{number}", std::process::id()));
    std::fs::create_dir(&path).unwrap();
    let stores = [
        Sqlite::in_memory().unwrap(),
        Sqlite::create(&path.join("store")).unwrap(),
    ];
    (Folder(path), stores)
}

#[tokio::test]
async fn rows_are_returned_as_they_were_imported() {
    let (_folder, stores) = stores();
    for store in stores {
        suite::rows_are_returned_as_they_were_imported(store).await;
    }
}

#[tokio::test]
async fn a_change_is_made_if_the_row_is_as_it_was_decided_on() {
    let (_folder, stores) = stores();
    for store in stores {
        suite::a_change_is_made_if_the_row_is_as_it_was_decided_on(store).await;
    }
}

#[tokio::test]
async fn of_many_changes_at_once_one_is_made() {
    let (_folder, stores) = stores();
    for store in stores {
        suite::of_many_changes_at_once_one_is_made(store).await;
    }
}

#[tokio::test]
async fn each_descriptor_is_there_once() {
    let (_folder, stores) = stores();
    for store in stores {
        suite::each_descriptor_is_there_once(store).await;
    }
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let (_folder, stores) = stores();
    for store in stores {
        suite::pages_together_are_the_whole_list(store).await;
    }
}

#[tokio::test]
async fn requests_are_replaced_and_removed() {
    let (_folder, stores) = stores();
    for store in stores {
        suite::requests_are_replaced_and_removed(store).await;
    }
}

/// SQLite's locks are those of the process, and whoever closes a file gives all its locks up.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_store_that_is_opened_again_stays_locked() {
    use std::os::unix::fs::MetadataExt;

    let (folder, stores) = stores();
    let path = folder.0.join("store");
    let inode = std::fs::metadata(&path).unwrap().ino();
    // 1: POSIX  ADVISORY  READ 1234 08:01:5678 1073741826 1073742335
    let is_locked = || {
        let locks = std::fs::read_to_string("/proc/locks").unwrap();
        locks
            .lines()
            .any(|lock| lock.contains(" READ ") && lock.contains(&format!(":{inode} ")))
    };
    assert!(is_locked());
    drop(Sqlite::open(&path).unwrap());
    assert!(is_locked(), "opened again");
    sddl_authz_server::sqlite::backup(&path, &folder.0.join("copy")).unwrap();
    assert!(is_locked(), "copied");
    sddl_authz_server::sqlite::policy_text(&path, "00").unwrap();
    assert!(is_locked(), "read");
    stores[1].ready().await.unwrap();
    assert!(is_locked(), "checked");
}
