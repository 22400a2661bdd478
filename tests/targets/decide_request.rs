use super::answer::answer_of;
use sddl_authz::{
    Ace, Caller, GenericMapping, SecurityDescriptor, Sid,
    check::Unprotected,
    mim::{CertificateRequest, PolicyRules, RequestView, StatusChange, StatusChangePolicy},
};
use serde_json::{Value, json};

/// The input is any row, or any descriptor in a valid row, after four bytes that choose the caller and the change of status. The HTTP
/// status follows from the reference, the policy and the request's status. A row that can't be read gives 500. A row and the request parsed
/// from it give the same status.
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

/// The inferred policy, with or without a mapping, which grants or refuses access to an unprotected request.
fn policy(choices: u8) -> StatusChangePolicy {
    let mut rules = PolicyRules::from(StatusChangePolicy::inferred());
    rules.mapping = (choices & 0x40 != 0).then_some(GenericMapping::DIRECTORY);
    rules.unprotected = match choices & 0x20 {
        0 => Unprotected::Refuse,
        _ => Unprotected::Grant,
    };
    StatusChangePolicy::try_from(rules).expect("the rules are good")
}

/// The user and the groups are the owner and trustees of the descriptor: one group for each set bit of `groups`.
fn caller(descriptor: Option<&SecurityDescriptor>, user: u8, groups: u8) -> Caller {
    let dacl = descriptor.and_then(|descriptor| descriptor.dacl.acl());
    let trustees = dacl.into_iter().flat_map(|dacl| dacl.aces()).filter_map(Ace::trustee);
    let owner = descriptor.and_then(|descriptor| descriptor.owner.as_ref());
    let mut known: Vec<Sid> = owner.into_iter().chain(trustees).copied().collect();
    known.sort();
    known.dedup();
    // SIDs of app containers are neither users nor groups.
    known.retain(|sid| Caller::bare(*sid).is_ok());
    let bits = (0..8).cycle().map(|place| groups.rotate_right(place) & 1 != 0);
    let members = known.iter().zip(bits).filter(|(_, member)| *member);
    let chosen: Vec<Sid> = members.map(|(sid, _)| *sid).collect();
    let user_sid = known.get(usize::from(user & 0x0f)).copied().unwrap_or(Sid::ANONYMOUS);
    let caller = Caller::bare(user_sid).expect("no SID of an app container");
    let caller = match user & 0x10 {
        0 => caller.with_groups(chosen).expect("no SID of an app container"),
        _ => caller
            .with_deny_only_groups(chosen)
            .expect("no SID of an app container"),
    };
    // The reference tries every completion: three for each unknown SID.
    match user & 0x20 != 0 && known.len() < 8 {
        true => caller.with_incomplete_groups(),
        false => caller,
    }
}
