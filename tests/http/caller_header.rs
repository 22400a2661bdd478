use sddl_authz::{
    AccessMask, Caller, SecurityDescriptor,
    caller::Membership,
    check,
    http::{CallerHeader, CallerHeaderError},
};

const USER: &str = "S-1-5-21-1-2-3-1104";
const UUID: &str = "8f1590dc-d932-4b66-8e68-2e91c5880780";

/// Headers about one caller. Groups deny it, and the start of the SID of each group is the SID of another one.
fn headers() -> Vec<String> {
    let user = format!("user={USER}");
    let groups = "groups=S-1-5-21-1-2-3-2001,S-1-5-21-1-2-3-3002";
    let deny_only = "deny-only=S-1-5-21-1-2-3-4003, S-1-5-21-1-2-3-5004";
    let (incomplete, uuid) = ("incomplete=false", format!("uuid={UUID}"));
    let fields: [&[&str]; 9] = [
        &[&user, groups, deny_only, incomplete],
        &[&user, groups, deny_only, incomplete, &uuid],
        &[&user, groups, deny_only, &uuid, incomplete],
        &[incomplete, &user, groups, deny_only, &uuid],
        &[&uuid, deny_only, groups, &user, incomplete],
        // In these a list or the user comes last.
        &[&user, deny_only, incomplete, groups],
        &[&user, groups, incomplete, deny_only],
        &[incomplete, groups, deny_only, &user],
        &[&uuid, incomplete, &user, groups, deny_only],
    ];
    let joined = |separator: &str| fields.map(|fields| fields.join(separator)).to_vec();
    [joined(";"), joined("; ")].concat()
}

fn granted(caller: &Caller) -> [bool; 6] {
    let deny = |sid: &str| format!("O:BAD:(D;;CC;;;{sid})(A;;CC;;;AU)");
    let allow = |sid: &str| format!("O:BAD:(A;;CC;;;{sid})");
    [
        deny("S-1-5-21-1-2-3-2001"),
        deny("S-1-5-21-1-2-3-3002"),
        deny("S-1-5-21-1-2-3-4003"),
        deny("S-1-5-21-1-2-3-5004"),
        allow("S-1-5-21-1-2-3-4003"),
        allow("S-1-5-21-1-2-3-110"),
    ]
    .map(|sddl| {
        let descriptor: SecurityDescriptor = sddl.parse().unwrap();
        check(&descriptor, caller, AccessMask::from_bits_retain(1)).is_allowed()
    })
}

/// Some proxies cut a long value. What is left must not name a caller in fewer groups.
#[test]
fn no_start_of_a_header_grants_anything() {
    for header in headers() {
        for end in 0..header.len() {
            let (start, rest) = header.split_at(end);
            let Ok(CallerHeader { caller, .. }) = start.parse() else {
                continue;
            };
            let whole: CallerHeader = header.parse().unwrap();
            // Only the uuid, which grants nothing, is missing.
            assert_eq!(caller, whole.caller, "{start}");
            assert!(rest.trim_start_matches([';', ' ']).starts_with("uuid="), "{header}");
        }
        let Ok(CallerHeader { caller, .. }) = header.parse() else {
            continue;
        };
        assert_eq!(granted(&caller), [false; 6], "{header}");
    }
}

#[test]
fn the_last_field_is_incomplete_or_uuid() {
    let (accepted, refused): (Vec<_>, Vec<_>) = headers()
        .into_iter()
        .map(|header| header.parse::<CallerHeader>())
        .partition(Result::is_ok);
    assert_eq!((accepted.len(), refused.len()), (10, 8));
    assert!(
        refused
            .iter()
            .all(|refused| *refused == Err(CallerHeaderError::LastField))
    );
    for header in accepted.into_iter().flatten() {
        assert_eq!(header.caller.user().to_string(), USER);
        let deny_only = "S-1-5-21-1-2-3-5004".parse().unwrap();
        assert_eq!(header.caller.membership(&deny_only), Membership::DenyOnly);
    }
}

/// The table of [`CallerHeader`] says which values the fields may have.
#[test]
fn each_error_has_its_code() {
    let user = "user=S-1-5-21-1-2-3-1104";
    for (header, code) in [
        (
            "groups=none; deny-only=none; incomplete=false".to_owned(),
            "field_missing",
        ),
        (format!("{user}; {user}; groups=none"), "field_repeated"),
        (format!("{user}; name=x"), "field_unknown"),
        (
            format!("{user}; incomplete=false; groups=none; deny-only=none"),
            "last_field",
        ),
        (format!("{user};"), "field_unknown"),
        (
            format!("{user}; groups=BA; deny-only=none; incomplete=false"),
            "not_sid",
        ),
        (format!("{user}; groups=; deny-only=none; incomplete=false"), "not_sid"),
        (
            format!("{user}; groups=none; deny-only=none; incomplete=no"),
            "not_boolean",
        ),
        (
            format!("{user}; groups=none; deny-only=none; incomplete=false; uuid=1"),
            "not_uuid",
        ),
        (
            "user=S-1-5-32-544; groups=none; deny-only=none; incomplete=false".to_owned(),
            "user_not_account",
        ),
        (
            format!("{user}; groups=S-1-15-2-1; deny-only=none; incomplete=false"),
            "in_app_container",
        ),
        (
            format!("{user}; groups=S-1-5-32-545; deny-only=S-1-5-32-545; incomplete=false"),
            "enabled_and_deny_only",
        ),
    ] {
        let code_of = |error: CallerHeaderError| error.code();
        assert_eq!(header.parse::<CallerHeader>().map_err(code_of), Err(code), "{header}");
    }
}
