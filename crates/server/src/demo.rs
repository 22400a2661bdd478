//! The requests of `--demo`.

use sddl_authz::mim::{CertificateRequest, Property, RequestStatus};
use uuid::Uuid;

const COMPLETED: &str = include_str!("demo/enroll-completed.json");
const UNBLOCK: &str = include_str!("demo/unblock-approved.json");
const UNREADABLE_BY_STRANGERS: Uuid = Uuid::from_u128(0xc9b4_b42c_cc50_4c9b_89d1_bbc0_bcd5_a099);

/// Returns three requests: two that Microsoft published, the first of them as it was before it was completed; and a copy of the first
/// with another id and without the entry that lets everybody read it.
///
/// # Errors
///
/// Fails if a published request can't be read.
pub fn requests() -> Result<Vec<CertificateRequest>, serde_json::Error> {
    let mut enroll: CertificateRequest = serde_json::from_str(COMPLETED)?;
    enroll.status = RequestStatus::APPROVED;
    enroll.completed = Property::Value("0001-01-01T00:00:00".to_owned());
    let unblock = serde_json::from_str(UNBLOCK)?;
    let mut secret = enroll.clone();
    secret.uuid = UNREADABLE_BY_STRANGERS;
    if let Property::Value(descriptor) = &mut secret.security_descriptor {
        *descriptor = descriptor.replace("(A;;RC;;;WD)", "");
    }
    Ok(vec![enroll, unblock, secret])
}

#[cfg(test)]
mod tests {
    /// The published package can't reach the library's test data, so these files are copies.
    #[test]
    fn copies_are_the_published_requests() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data");
        for (name, copy) in [
            ("enroll-completed.json", super::COMPLETED),
            ("unblock-approved.json", super::UNBLOCK),
        ] {
            let published = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
            assert_eq!(copy, published, "{name}");
        }
    }
}
