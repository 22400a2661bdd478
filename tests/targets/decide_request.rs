use super::answer::{answer_of, caller, policy};
use sddl_authz::{
    SecurityDescriptor,
    mim::{CertificateRequest, RequestView, StatusChange},
};
use serde_json::{Value, json};

/// Any row, or any descriptor in a good row; one of its trustees as the caller; any change. The answer is what the reference, the
/// policy and the status say; what can't be read is 500; and the row decides as the request that it holds does.
pub(crate) fn decide_request(data: &[u8]) {
    let Some(([choices, status, user, groups], rest)) = data.split_first_chunk() else {
        return;
    };
    let change = match choices % 3 {
        0 => StatusChange::Complete,
        1 => StatusChange::Cancel,
        _ => StatusChange::Abandon,
    };
    let policy = policy(*choices);
    let row = match choices & 0x80 {
        0 => rest.to_vec(),
        _ => {
            let (id, text) = ("a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", String::from_utf8_lossy(rest));
            json!({ "Uuid": id, "Status": status, "SecurityDescriptor": text })
                .to_string()
                .into_bytes()
        }
    };
    let value: Option<Value> = serde_json::from_slice(&row).ok();
    let text = value.as_ref().and_then(|row| row["SecurityDescriptor"].as_str());
    let descriptor = text.and_then(|text| text.parse::<SecurityDescriptor>().ok());
    let caller = caller(descriptor.as_ref(), *user, *groups);
    let answer = policy.decide_json(&row, &caller, change).http_status();
    if let Ok(request) = serde_json::from_slice::<CertificateRequest>(&row) {
        assert_eq!(policy.decide(&request, &caller, change).http_status(), answer);
    }
    match (descriptor, value) {
        (Some(descriptor), Some(row)) if RequestView::from_json(row.to_string().as_bytes()).is_ok() => {
            let expected = answer_of(&policy, &descriptor, &row, &caller, change);
            // A property given twice is unreadable, though not for `Value`.
            assert!(
                answer == expected || (answer == 500 && *choices & 0x80 == 0),
                "{answer}, not {expected}"
            );
        }
        // Where properties that are not looked at make the row unreadable, it is not known here what it holds.
        (_, None) => assert!([200, 204, 403, 500].contains(&answer)),
        (_, Some(_)) => assert_eq!(answer, 500),
    }
}
