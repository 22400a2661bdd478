//! The last lines of a denial: the cause, and the changes that would allow the request. Each of them must be true.

use super::explained_text;
use sddl_authz::{
    AccessCheck, AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, Claim, GenericMapping, SecurityDescriptor,
    Sid,
    ace::{AceParts, ApplicationData, ObjectTypes},
    caller::{AppContainer, Privileges},
    check,
    check::ObjectTree,
    render::ExplanationText,
};

const USER: &str = "S-1-5-21-1-2-3-1104";

fn user() -> Caller {
    Caller::authenticated(USER.parse().unwrap()).unwrap().with_no_groups()
}

fn number(name: &str, value: i64) -> Claim {
    Claim::int(name, value).unwrap()
}

fn text(sddl: &str, caller: &Caller, desired: u32) -> String {
    let descriptor: SecurityDescriptor = sddl.parse().unwrap();
    explained_text(&descriptor, caller, AccessMask::from_bits_retain(desired))
}

/// The lines from the decision on.
fn remedy(sddl: &str, caller: &Caller, desired: u32) -> String {
    let text = text(sddl, caller, desired);
    let (_, decision) = text.split_once("  denied: ").unwrap();
    format!("  denied: {decision}")
}

fn first_lines(text: &str, count: usize) -> Vec<&str> {
    text.lines().take(count).collect()
}

/// Remedies are found by asking the check, so a trustee that an earlier entry denies is not among them.
#[test]
fn who_is_denied_earlier_is_not_offered() {
    let text = remedy("O:SYD:(D;;CC;;;BU)(A;;CC;;;BU)(A;;CC;;;BG)(A;;DC;;;BA)", &user(), 1);
    let (_, remedy) = text.split_once("any of").unwrap();
    assert_eq!(remedy, "\n      S-1-5-32-546, Guests, by entry 2");
}

/// An entry for Owner Rights replaces the rights of the owner whether or not its condition is true ([MS-DTYP] 2.5.3.2).
#[test]
fn a_false_condition_for_owner_rights_does_not_bring_the_rights_of_the_owner_back() {
    let read_control = AccessMask::READ_CONTROL;
    let sddl = format!("O:{USER}D:(XD;;RC;;;OW;(@User.a == 1))");
    let with = |value| user().with_user_claims([number("a", value)]).unwrap();
    let descriptor: SecurityDescriptor = sddl.parse().unwrap();
    assert!(!check(&descriptor, &with(0), read_control).is_allowed());
    let remedy = remedy(&sddl, &with(1), read_control.bits());
    assert!(!remedy.contains("came out otherwise"), "{remedy}");
}

#[test]
fn a_false_condition_of_a_deny_is_offered_where_an_allow_follows() {
    let caller = user().with_user_claims([number("a", 1)]).unwrap();
    let remedy = remedy("D:(XD;;CC;;;AU;(@User.a == 1))(A;;CC;;;AU)", &caller, 1);
    assert!(
        remedy.ends_with("\n      entry 0, if (@USER.a == 1) were false"),
        "{remedy}"
    );
}

/// Entry 0 may grant its right; nothing grants the other one.
#[test]
fn an_entry_that_may_grant_is_not_said_to_deny() {
    let caller = user()
        .with_incomplete_groups()
        .with_ruled_out_groups([Sid::ADMINISTRATORS]);
    let remedy = remedy("D:(A;;CC;;;BG)(A;;DC;;;BA)", &caller, 3);
    assert_eq!(
        first_lines(&remedy, 3),
        [
            "  denied: 0x3 CCDC is missing",
            "    no entry grants 0x2 DC to this caller",
            "    it is not known whether entry 0 applies, which is about 0x1 CC",
        ]
    );
}

#[test]
fn an_entry_that_denies_is_named_even_after_one_that_may_grant() {
    let caller = user().with_incomplete_groups();
    let remedy = remedy("D:(A;;CC;;;BG)(D;;DC;;;AU)", &caller, 3);
    assert_eq!(
        first_lines(&remedy, 3),
        [
            "  denied: 0x3 CCDC is missing",
            "    entry 1 denies 0x2 DC",
            "    it is not known whether entry 0 applies, which is about 0x1 CC",
        ]
    );
}

/// One entry is not blamed for all that is missing: entry 1 would grant the rest, and was not looked at.
#[test]
fn what_the_check_did_not_look_at_is_not_said_to_be_denied() {
    let guest = user().with_groups(["S-1-5-32-546".parse().unwrap()]).unwrap();
    let remedy = remedy("O:BAD:(D;;LC;;;BG)(A;;CCLC;;;AU)", &guest, 5);
    assert_eq!(
        first_lines(&remedy, 3),
        [
            "  denied: 0x5 CCLC is missing",
            "    entry 0 denies 0x4 LC",
            "    0x1 CC was not looked at: the check had ended",
        ]
    );
}

#[test]
fn each_cause_has_its_words() {
    let restricted = user().with_restricting_sids([Sid::EVERYONE]);
    let cases = [
        ("D:", user(), "the DACL is empty, so no entry grants it"),
        ("D:(A;;DC;;;AU)", user(), "no entry grants it to this caller"),
        ("D:(D;;CC;;;AU)", user(), "entry 0 denies it"),
        (
            "D:(A;;CC;;;AU)",
            restricted.clone(),
            "no entry grants it to the restricting SIDs",
        ),
        (
            "D:(A;;CC;;;AU)(D;;CC;;;WD)",
            restricted,
            "entry 1 denies it to the restricting SIDs",
        ),
        (
            "D:(A;;CC;;;AU)S:(ML;;NW;;;HI)",
            user(),
            "the object's integrity is above the caller's, which keeps it back",
        ),
    ];
    for (sddl, caller, words) in cases {
        let remedy = remedy(sddl, &caller, 1);
        assert_eq!(
            first_lines(&remedy, 1),
            [format!("  denied: 0x1 CC is missing; {words}")],
            "{sddl}"
        );
    }
}

#[test]
fn an_integrity_level_is_called_by_its_name() {
    let text = text("D:(A;;CC;;;AU)S:(ML;;NW;;;HI)", &user(), 1);
    assert!(
        text.contains(
            "the object's integrity High (entry 0 of the SACL) is above the caller's Medium: KEEPS BACK 0x1 CC"
        ),
        "{text}"
    );
    assert!(text.ends_with("it would be granted at the integrity High"), "{text}");
}

/// No level is enough for a label whose SID is not an integrity level, so no level is advised.
#[test]
fn a_label_that_cannot_be_read_is_not_followed_by_advice() {
    for label in ["S-1-16-0-0-0-12288", "WD"] {
        let text = text(&format!("D:(A;;CC;;;AU)S:(ML;;NW;;;{label})"), &user(), 1);
        assert!(
            text.ends_with(
                "  denied: 0x1 CC is missing; the mandatory label can't be read, so it is above every caller: it keeps it back"
            ),
            "{text}"
        );
        assert!(!text.contains("4294967295"), "{text}");
    }
}

#[test]
fn the_pass_for_an_app_container_says_why_an_entry_does_nothing_there() {
    let package = "S-1-15-2-11-12-13-14-15-16-17".parse().unwrap();
    let contained = user().with_app_container(AppContainer::new(package).unwrap());
    let denied = text("D:(D;;CC;;;AC)(A;;CC;;;WD)(A;;CC;;;S-1-15-3-1)", &contained, 1);
    let (_, pass) = denied.split_once("once more, for the app container alone").unwrap();
    let lines: Vec<_> = pass.lines().skip(1).collect();
    assert!(
        lines[0].ends_with("All Application Packages: a Deny has no effect on the app container"),
        "{denied}"
    );
    assert!(lines[1].ends_with("so it grants the app container nothing"), "{denied}");
    assert!(lines[2].ends_with("not for the app container"), "{denied}");
    assert!(denied.contains("no entry grants it to the app container"), "{denied}");
    let open = text("D:NO_ACCESS_CONTROL", &contained, 1);
    assert!(open.contains("without a DACL it is granted nothing"), "{open}");
}

#[test]
fn entries_that_a_pass_did_not_need_are_left_out_for_this_pass_alone() {
    let restricted = user().with_restricting_sids([Sid::EVERYONE]);
    let granted = text("D:(A;;CC;;;AU)(A;;CC;;;BG)", &restricted, 1);
    assert!(
        granted.contains("entry 1 was not looked at: the answer of this pass was certain\n"),
        "{granted}"
    );
    // Integrity keeps the right back in both passes.
    let kept_back = text("D:(A;;CC;;;WD)(A;;CC;;;BG)S:(ML;;NW;;;HI)", &restricted, 1);
    let decided = "entries 0 to 1 were not looked at: the earlier steps had decided this pass\n";
    assert_eq!(kept_back.matches(decided).count(), 2, "{kept_back}");
    let one_pass = text("D:(A;;CC;;;WD)(A;;CC;;;BG)", &user(), 1);
    assert!(
        one_pass.contains("entry 1 was not looked at: the answer was certain\n"),
        "{one_pass}"
    );
}

/// In the pass for the restricting SIDs, an entry for the caller itself does not match.
#[test]
fn entries_in_the_pass_for_restricting_sids_are_about_these() {
    let caller = user().with_restricting_sids(["S-1-5-21-1-2-3-2001".parse().unwrap()]);
    let sddl = format!("D:(A;;CC;;;{USER})(A;;DC;;;S-1-5-21-1-2-3-2001)");
    let text = text(&sddl, &caller, 1);
    let (first, second) = text.split_once("once more, for the restricting SIDs alone").unwrap();
    assert!(first.contains("the caller: GRANTS 0x1 CC"), "{text}");
    assert!(second.contains("the caller: not for a restricting SID"), "{text}");
    assert!(
        second.contains("a restricting SID: matches, but is about other rights"),
        "{text}"
    );
    assert!(second.contains("no entry grants it to the restricting SIDs"), "{text}");
}

/// Creator Owner matches nobody, not even a caller with that SID ([MS-DTYP] 2.4.2.4).
#[test]
fn a_placeholder_is_not_said_to_be_the_caller() {
    let text = text("D:(A;;CC;;;CO)", &Caller::bare(Sid::CREATOR_OWNER).unwrap(), 1);
    assert!(
        text.contains("  Creator Owner: a placeholder that matches nobody"),
        "{text}"
    );
}

/// An entry for Principal Self is about the principal of the object: who is in that group is granted what it allows.
#[test]
fn the_principal_of_the_object_is_offered() {
    let principal: Sid = "S-1-5-21-1-2-3-2001".parse().unwrap();
    let descriptor: SecurityDescriptor = "D:(A;;CC;;;PS)".parse().unwrap();
    let caller = user();
    let check = AccessCheck::new(&caller, AccessMask::from_bits_retain(1)).principal_self(principal);
    let explanation = check.explain(&descriptor);
    let remedy = ExplanationText::new(&explanation, &descriptor, &caller).to_string();
    assert!(
        remedy.ends_with("any of\n      S-1-5-21-1-2-3-2001, by entry 0"),
        "{remedy}"
    );
}

/// The remedies are those for the question that was asked, with its mapping.
#[test]
fn the_last_lines_repeat_the_check_with_its_own_options() {
    let descriptor: SecurityDescriptor = "D:(A;;GR;;;BA)".parse().unwrap();
    let caller = user();
    let question = AccessCheck::new(&caller, AccessMask::FILE_READ_DATA).mapping(GenericMapping::FILE);
    let explanation = question.explain(&descriptor);
    let text = ExplanationText::new(&explanation, &descriptor, &caller).to_string();
    assert!(text.ends_with("S-1-5-32-544, Administrators, by entry 0"), "{text}");
}

/// Why an entry can't be evaluated: for want of parts, and for want of a mapping.
#[test]
fn an_entry_that_is_not_evaluated_says_why() {
    let part = "00000000-0000-0000-0000-00000000000a";
    let cases = [
        (
            format!("D:(OA;;CC;{part};;AU)"),
            "matches, but it is for a part of the object, and no parts are asked about, so it grants nothing",
        ),
        (
            format!("D:(OD;;CC;{part};;AU)"),
            "DENIES 0x1 CC: it is for a part of the object, and no parts are asked about, so it is taken to apply",
        ),
        (
            "D:(A;;GA;;;AU)".to_owned(),
            "matches, but no mapping says what its generic rights mean, so it grants nothing",
        ),
    ];
    for (sddl, words) in cases {
        let text = text(&sddl, &user(), 1);
        assert!(text.contains(&format!("Authenticated Users: {words}\n")), "{text}");
    }
}

/// A Deny for a part is one for each part above it ([MS-ADTS] 5.1.3.3.3).
#[test]
fn a_deny_for_a_part_below_is_said_to_be_one() {
    let [whole, part] = [1, 2].map(uuid::Uuid::from_u128);
    let tree = ObjectTree::new([(0, whole), (1, part)]).unwrap();
    let descriptor: SecurityDescriptor = format!("D:(OD;;RP;{part};;AU)(A;;RP;;;AU)").parse().unwrap();
    let caller = user();
    let explanation = AccessCheck::new(&caller, "RP".parse().unwrap())
        .parts(&tree)
        .explain(&descriptor, 0);
    let text = ExplanationText::new(&explanation, &descriptor, &caller)
        .with_object(&tree, 0)
        .to_string();
    assert!(
        text.contains("  denied: 0x10 RP is missing; entry 0 denies it, for a part below\n"),
        "{text}"
    );
}

/// Entry 0 may deny a caller whose groups are not all known, whatever other group it is in.
#[test]
fn a_membership_is_not_offered_as_if_the_other_groups_were_known() {
    let guests: Sid = "BG".parse().unwrap();
    let caller = Caller::authenticated(USER.parse().unwrap()).unwrap();
    let caller = caller.with_ruled_out_groups([guests]);
    let remedy = remedy("D:(D;;CC;;;BU)(A;;CC;;;BG)", &caller, 1);
    assert!(
        remedy.ends_with("no membership that the descriptor names would be enough"),
        "{remedy}"
    );
}

/// An entry that SDDL can't express is shown by its type and its trustee.
#[test]
fn an_entry_without_a_text_is_shown_by_its_type() {
    let trustee: Sid = USER.parse().unwrap();
    let parts = |ace_type, data| AceParts {
        ace_type,
        flags: AceFlags::empty(),
        mask: AccessMask::from_bits_retain(1),
        trustee,
        objects: ObjectTypes::default(),
        data,
    };
    let opaque = |bytes: &[u8]| ApplicationData::Opaque(bytes.into());
    let cases = [
        (
            Ace::from_parts(parts(AceType::CallbackAllow, opaque(b"artx\xee\0\0\0"))).unwrap(),
            "callback allow for S-1-5-21-1-2-3-1104  the caller: matches, but its application data is not a condition",
        ),
        (
            Ace::opaque(AceType::from_code(0x40), AceFlags::empty(), [0; 8].into()).unwrap(),
            "unknown type 0x40 (unreadable)  unknown type, which may be a Deny: DENIES 0x1 CC",
        ),
    ];
    for (ace, words) in cases {
        let mut descriptor = SecurityDescriptor::default();
        descriptor.dacl = AclState::Present(Acl::from_iter([ace]));
        let text = explained_text(&descriptor, &user(), AccessMask::from_bits_retain(1));
        assert!(text.contains(words), "{text}");
    }
}

/// A SID that counts for Deny entries alone is the user's own, not that of a group.
#[test]
fn a_deny_only_user_is_called_the_caller() {
    let caller = user().with_user_deny_only(true).unwrap();
    let text = text(&format!("D:(A;;CC;;;{USER})"), &caller, 1);
    assert!(
        text.contains("  the caller: the caller has this SID for Deny entries alone, so it grants nothing"),
        "{text}"
    );
}

#[test]
fn a_privilege_that_grants_nothing_says_why() {
    let caller = user().with_privileges(Privileges::BACKUP | Privileges::TAKE_OWNERSHIP);
    let descriptor: SecurityDescriptor = "D:".parse().unwrap();
    let text = |desired, mapping| {
        let check = AccessCheck::new(&caller, desired).mapping(mapping).backup_intent();
        let explanation = check.explain(&descriptor);
        ExplanationText::new(&explanation, &descriptor, &caller).to_string()
    };
    let taken = "SeTakeOwnershipPrivilege grants WRITE_OWNER only if it is asked for by name";
    let intent = "the intent to back up or restore counts for files alone, and the mapping is not that of files";
    let directory = text(AccessMask::MAXIMUM_ALLOWED, GenericMapping::DIRECTORY);
    assert!(
        directory.ends_with(&format!(
            "nothing at all is granted to this caller\n    {intent}\n    {taken}"
        )),
        "{directory}"
    );
    let file = text(AccessMask::FILE_WRITE_DATA, GenericMapping::FILE);
    assert!(!file.contains(taken) && !file.contains(intent), "{file}");
}
