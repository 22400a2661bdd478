use sddl_authz::{
    Caller, CallerError,
    caller::Membership,
    http::{ClaimNames, ClaimsError},
};
use serde_json::{Value, json};

const USER: &str = "S-1-5-21-1-2-3-1104";
const DOMAIN_USERS: &str = "S-1-5-21-1-2-3-513";

fn caller(claims: &Value) -> Result<Caller, ClaimsError> {
    ClaimNames::adfs().caller(claims.as_object().unwrap())
}

fn membership(caller: &Caller, sid: &str) -> Membership {
    caller.membership(&sid.parse().unwrap())
}

#[test]
fn claims_of_ad_fs_are_read_by_short_and_long_names() {
    let long = "http://schemas.microsoft.com/ws/2008/06/identity/claims/";
    let short = json!({"primarysid": USER, "primarygroupsid": DOMAIN_USERS, "groupsid": ["S-1-5-21-1-2-3-2001"], "denyonlysid": "S-1-5-32-544"});
    let uris = json!({
        format!("{long}primarysid"): USER,
        format!("{long}primarygroupsid"): DOMAIN_USERS,
        format!("{long}groupsid"): "S-1-5-21-1-2-3-2001",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/denyonlysid": ["S-1-5-32-544"],
    });
    let read = caller(&short).unwrap();
    assert_eq!(read, caller(&uris).unwrap());
    assert!(read.groups_complete());
    assert_eq!(membership(&read, DOMAIN_USERS), Membership::Enabled);
    assert_eq!(membership(&read, "S-1-5-21-1-2-3-2001"), Membership::Enabled);
    assert_eq!(membership(&read, "S-1-5-32-544"), Membership::DenyOnly);
    assert_eq!(
        membership(&read, "S-1-5-11"),
        Membership::Enabled,
        "an authenticated user"
    );
}

#[test]
fn a_large_authority_is_hexadecimal() {
    let sid = "S-1-0x12A05F200-30-40";
    let read = caller(&json!({"primarysid": USER, "groupsid": [sid, "S-1-5-0"]})).unwrap();
    assert_eq!(membership(&read, sid), Membership::Enabled);
    assert_eq!(membership(&read, "S-1-5-0"), Membership::Enabled);
}

#[test]
fn what_is_no_sid_is_refused_and_never_left_out() {
    for value in [
        json!("8f1590dc-d932-4b66-8e68-2e91c5880780"),
        json!("BA"),
        json!("s-1-5-32-544"),
        json!(" S-1-5-32-544"),
        json!("S-1-5-32-544 "),
        json!("S-1-5-32- 544"),
        json!("S-1-5-032-544"),
        json!("S-1-05-32-544"),
        json!("S-1-5-0x20-544"),
        json!("S-1-5-32-0x220"),
        json!("S-1-0x5-32-544"),
        json!("S-1-0x000000000005-32-544"),
        json!("S-1-5-32-+544"),
        json!("S-1-5-32--544"),
        json!("S-1-5-32-544-"),
        json!("S-1-4294967296-1"),
        json!("S-1-5-32-544,S-1-1-0"),
        json!(""),
        json!(513),
        json!(null),
        json!({"sid": "S-1-5-32-544"}),
        json!(["S-1-5-32-544", ["S-1-1-0"]]),
        json!(["S-1-5-32-544", "CONTOSO\\Managers"]),
    ] {
        for name in ["primarysid", "groupsid", "primarygroupsid", "denyonlysid"] {
            let mut claims = json!({"primarysid": USER, "groupsid": [DOMAIN_USERS]});
            claims[name] = value.clone();
            let refused = caller(&claims);
            assert!(
                matches!(&refused, Err(ClaimsError::NotSid { claim, .. }) if claim == name),
                "{name} {value}: {refused:?}"
            );
        }
    }
}

#[test]
fn groups_left_out_are_said_to_be() {
    let whole = json!({"primarysid": USER, "groupsid": [DOMAIN_USERS]});
    for (name, value) in [
        ("_claim_names", json!({"groups": "src1"})),
        (
            "_claim_sources",
            json!({"src1": {"endpoint": "https://example.invalid"}}),
        ),
        ("hasgroups", json!(true)),
        ("hasgroups", json!("true")),
        ("hasgroups", json!(null)),
    ] {
        let mut claims = whole.clone();
        claims[name] = value;
        assert!(!caller(&claims).unwrap().groups_complete(), "{claims}");
    }
    let mut none_left_out = whole;
    none_left_out["hasgroups"] = json!(false);
    assert!(caller(&none_left_out).unwrap().groups_complete());
    assert!(
        !caller(&json!({"primarysid": USER})).unwrap().groups_complete(),
        "a token without any group"
    );
}

#[test]
fn the_user_is_one_account() {
    let long = "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid";
    assert_eq!(
        caller(&json!({"groupsid": [DOMAIN_USERS]})),
        Err(ClaimsError::UserMissing)
    );
    assert!(matches!(
        caller(&json!({"primarysid": [USER, DOMAIN_USERS]})),
        Err(ClaimsError::UserAmbiguous { .. })
    ));
    assert!(matches!(
        caller(&json!({"primarysid": USER, long: DOMAIN_USERS})),
        Err(ClaimsError::UserAmbiguous { .. })
    ));
    assert!(caller(&json!({"primarysid": [USER, USER], long: USER})).is_ok());
    assert!(matches!(
        caller(&json!({"primarysid": "S-1-1-0"})),
        Err(ClaimsError::Caller(_))
    ));
    let deny_only = json!({"primarysid": USER, "denyonlyprimarysid": USER});
    assert!(matches!(caller(&deny_only), Err(ClaimsError::UserDenyOnly { .. })));
}

#[test]
fn a_user_may_be_deny_only() {
    for claims in [
        json!({"denyonlyprimarysid": USER, "groupsid": DOMAIN_USERS}),
        json!({"denyonlyprimarysid": [USER, USER], "groupsid": DOMAIN_USERS}),
        json!({"primarysid": USER, "groupsid": DOMAIN_USERS, "denyonlysid": USER}),
    ] {
        let read = caller(&claims).unwrap();
        assert_eq!(membership(&read, USER), Membership::DenyOnly, "{claims}");
        assert_eq!(membership(&read, DOMAIN_USERS), Membership::Enabled);
    }
    let ambiguous = json!({"denyonlyprimarysid": [USER, DOMAIN_USERS], "groupsid": DOMAIN_USERS});
    assert!(matches!(caller(&ambiguous), Err(ClaimsError::UserAmbiguous { .. })));
}

#[test]
fn a_sid_of_an_app_container_and_one_that_is_enabled_and_deny_only_are_refused() {
    for sid in ["S-1-15-2-1", "S-1-15-2-1-2-3-4-5-6-7", "S-1-15-3-1"] {
        for name in ["primarysid", "groupsid", "primarygroupsid", "denyonlysid"] {
            let mut claims = json!({"primarysid": USER, "groupsid": [DOMAIN_USERS]});
            claims[name] = json!(sid);
            let refused = caller(&claims).unwrap_err();
            assert!(
                matches!(refused, ClaimsError::Caller(CallerError::InAppContainer { .. })),
                "{claims}"
            );
            assert!(refused.to_string().contains("app container"), "{refused}");
        }
    }
    let both = json!({"primarysid": USER, "groupsid": ["S-1-5-32-544"], "denyonlysid": "S-1-5-32-544"});
    assert!(matches!(
        caller(&both),
        Err(ClaimsError::Caller(CallerError::EnabledAndDenyOnly { .. }))
    ));
}

#[test]
fn names_are_configured_per_issuer() {
    let names: ClaimNames =
        serde_json::from_value(json!({"user": ["onprem_sid"], "groups": ["onprem_groups"], "deny_only_groups": []}))
            .unwrap();
    let claims = json!({"onprem_sid": USER, "onprem_groups": [DOMAIN_USERS], "primarysid": "nonsense"});
    let read = names.caller(claims.as_object().unwrap()).unwrap();
    assert_eq!(read.user().to_string(), USER);
    let overage = json!({"onprem_sid": USER, "onprem_groups": [DOMAIN_USERS], "_claim_names": {}});
    assert!(
        !names.caller(overage.as_object().unwrap()).unwrap().groups_complete(),
        "markers are known by default"
    );
    assert!(serde_json::from_value::<ClaimNames>(json!({"usr": ["x"]})).is_err());
    let positional = json!([["onprem_sid"], ["onprem_groups"]]);
    assert!(serde_json::from_value::<ClaimNames>(positional).is_err());
}

/// Every SID may be one of those of which the issuer does not say that they count for Deny entries alone.
#[test]
fn without_names_for_deny_only_groups_no_sid_is_known_to_be_enabled() {
    let claims = json!({"sid": USER, "groups": [DOMAIN_USERS]});
    let read = |names: Value| {
        let names: ClaimNames = serde_json::from_value(names).unwrap();
        let again = serde_json::from_value(serde_json::to_value(&names).unwrap()).unwrap();
        assert_eq!(names, again);
        names.caller(claims.as_object().unwrap())
    };
    let unsaid = read(json!({"user": ["sid"], "groups": ["groups"]})).unwrap();
    assert!(!unsaid.groups_complete());
    for sid in [USER, DOMAIN_USERS, "S-1-5-21-1-2-3-2001"] {
        assert_eq!(membership(&unsaid, sid), Membership::Unknown, "{sid}");
    }
    let none = read(json!({"user": ["sid"], "groups": ["groups"], "deny_only_groups": []})).unwrap();
    assert!(none.groups_complete());
    assert_eq!(membership(&none, USER), Membership::Enabled);
    assert_eq!(membership(&none, DOMAIN_USERS), Membership::Enabled);
    // A user of whom a claim says that it is deny-only is.
    let of_user = read(json!({"deny_only_user": ["sid"], "groups": ["groups"]})).unwrap();
    assert!(!of_user.groups_complete());
    assert_eq!(membership(&of_user, USER), Membership::DenyOnly);
    // A value that is not a SID is still refused.
    assert!(read(json!({"user": ["sid"], "groups": ["sid", "iss"], "primary_group": ["groups"]})).is_ok());
    assert!(read(json!({"user": ["groups", "sid"]})).is_err());
}

#[test]
fn a_user_is_an_account() {
    for sid in [
        "S-1-5-32-544",
        "S-1-16-12288",
        "S-1-5-2",
        "S-1-5-21-1-2-3",
        "S-1-5-21-1-2-3-0",
        "S-1-5-21-1-2-3-499",
        "S-1-5-21-0-0-0-497",
        "S-1-5-21-1-2-3-512",
        "S-1-5-80-0",
        "S-1-18-1",
    ] {
        for name in ["primarysid", "denyonlyprimarysid"] {
            let refused = caller(&json!({name: sid, "groupsid": DOMAIN_USERS})).unwrap_err();
            let user = sid.parse().unwrap();
            assert_eq!(refused, CallerError::UserNotAccount { user }.into());
        }
    }
    for sid in [
        "S-1-5-21-1-2-3-500",
        "S-1-5-18",
        "S-1-5-80-1-2-3-4-5",
        "S-1-12-1-1-2-3-4",
    ] {
        assert!(
            caller(&json!({"primarysid": sid, "groupsid": DOMAIN_USERS})).is_ok(),
            "{sid}"
        );
    }
}

/// An issuer whose rule for `groupsid` is missing still writes the primary group.
#[test]
fn the_primary_group_does_not_show_that_groups_are_listed() {
    let read = caller(&json!({"primarysid": USER, "primarygroupsid": DOMAIN_USERS})).unwrap();
    assert!(!read.groups_complete());
    assert_eq!(membership(&read, DOMAIN_USERS), Membership::Enabled);
    assert_eq!(membership(&read, "S-1-5-21-1-2-3-2001"), Membership::Unknown);
}

#[test]
fn groups_of_entra_are_never_complete() {
    let claims = json!({"onprem_sid": USER, "groups": [DOMAIN_USERS]});
    let read = ClaimNames::entra().caller(claims.as_object().unwrap()).unwrap();
    assert_eq!(membership(&read, DOMAIN_USERS), Membership::Enabled);
    assert_eq!(membership(&read, "S-1-5-21-1-2-3-2001"), Membership::Unknown);
    let cloud_only = json!({"onprem_sid": USER, "groups": ["8f1590dc-d932-4b66-8e68-2e91c5880780"]});
    assert!(ClaimNames::entra().caller(cloud_only.as_object().unwrap()).is_err());
}
