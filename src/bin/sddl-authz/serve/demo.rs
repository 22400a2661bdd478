//! What `--demo` holds: published requests, and one that not everybody may read.

use sddl_authz::mim::{CertificateRequest, Property, RequestStatus};
use uuid::Uuid;

const COMPLETED: &str = include_str!("../../../../tests/data/enroll-completed.json");
const UNBLOCK: &str = include_str!("../../../../tests/data/unblock-approved.json");
const UNREADABLE_BY_STRANGERS: Uuid = Uuid::from_u128(0xc9b4_b42c_cc50_4c9b_89d1_bbc0_bcd5_a099);

/// The request of the page about the PUT as it was just before, the second of the page about the GET, and the first again under an id
/// of its own without the entry that lets everybody read.
pub(crate) fn requests() -> Result<Vec<CertificateRequest>, serde_json::Error> {
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
