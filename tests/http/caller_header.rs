use sddl_authz::http::{CallerHeader, CallerHeaderError};

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
