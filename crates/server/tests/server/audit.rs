//! The audit: by which policy the server decided.

use crate::process::{DEV, Folder, Server};

/// The digest at the end of a line of the log.
fn digest(line: &str) -> &str {
    let (_, digest) = line.split_once(" digest=").unwrap();
    let digest = digest.split(' ').next().unwrap();
    assert_eq!(digest.len(), 64, "{line}");
    assert!(digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
    digest
}

#[test]
fn the_log_says_at_the_start_which_policy_decides() {
    let folder = Folder::new();
    let file = folder.write("policy.toml", "version = 1\nread = [\"RC\"]\n");
    let inferred = Server::start(&[DEV, &["--demo"]].concat()).end().1;
    let given = Server::start(&[DEV, &["--demo", "--policy", &file]].concat()).end().1;
    let line = inferred.lines().find(|line| line.contains("no --policy")).unwrap();
    assert!(line.contains("WARN") && line.contains("inference"), "{line}");
    let of_file = given.lines().find(|line| line.contains("the policy was read")).unwrap();
    assert!(of_file.contains("INFO") && of_file.contains(&file), "{of_file}");
    assert!(!given.contains("no --policy"), "{given}");
    assert_ne!(digest(line), digest(of_file));
}
