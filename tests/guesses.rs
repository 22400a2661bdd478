//! The names that a newcomer tries first. Each call below is one such guess: that this file compiles is the test, and the
//! assertions say that the call does what its name promises. Where a guess can't be right, the page of the type must name the
//! call to write instead.

use core::error::Error;
use sddl_authz::{
    AccessCheck, AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, Claim, Condition, Control, Effect,
    GenericMapping, SecurityDescriptor, Sid,
    ace::{AceError, ApplicationData, ObjectTypes},
    check::{self, Decision},
    claim::{ClaimError, ClaimFlags, ClaimValues},
    mask::{RIGHT_SETS, RightsTable},
    sddl,
    sid::SidError,
};
use std::{collections::BTreeSet, fs, path::Path};
use uuid::Uuid;

type Tested = Result<(), Box<dyn Error>>;

#[test]
fn a_mask_has_the_names_of_the_windows_headers_and_is_a_number() -> Tested {
    let bits: u32 = AccessMask::FILE_READ_DATA.into();
    assert_eq!(bits, 1);
    assert_eq!(AccessMask::from(1_u32), AccessMask::FILE_READ_DATA);
    assert_eq!(AccessMask::FILE_ALL_ACCESS, "FA".parse()?);
    let both = AccessMask::FILE_ALL_ACCESS | AccessMask::GENERIC_READ;
    assert_eq!(both.to_string(), "0x801f01ff");
    assert_eq!("0x801f01ff".parse::<AccessMask>()?, both);
    Ok(())
}

/// The sets of rights for files and keys are those of SDDL ([MS-DTYP] 2.5.1.1).
#[test]
fn sets_of_rights_have_one_value_by_either_name() {
    let named = [
        ("FA", AccessMask::FILE_ALL_ACCESS),
        ("FR", AccessMask::FILE_GENERIC_READ),
        ("FW", AccessMask::FILE_GENERIC_WRITE),
        ("FX", AccessMask::FILE_GENERIC_EXECUTE),
        ("KA", AccessMask::KEY_ALL_ACCESS),
        ("KR", AccessMask::KEY_READ),
        ("KW", AccessMask::KEY_WRITE),
        ("KX", AccessMask::KEY_EXECUTE),
    ];
    assert_eq!(RIGHT_SETS.len(), named.len());
    for (token, mask) in named {
        let set = RIGHT_SETS.iter().find(|set| set.token == token);
        assert_eq!(set.map(|set| set.mask), Some(mask), "{token}");
    }
}

/// The names that are printed are those of the constants.
#[test]
fn a_right_is_printed_by_the_name_of_its_constant() {
    let file = [
        ("FILE_READ_DATA", AccessMask::FILE_READ_DATA),
        ("FILE_WRITE_DATA", AccessMask::FILE_WRITE_DATA),
        ("FILE_APPEND_DATA", AccessMask::FILE_APPEND_DATA),
        ("FILE_READ_EA", AccessMask::FILE_READ_EA),
        ("FILE_WRITE_EA", AccessMask::FILE_WRITE_EA),
        ("FILE_EXECUTE", AccessMask::FILE_EXECUTE),
        ("FILE_DELETE_CHILD", AccessMask::FILE_DELETE_CHILD),
        ("FILE_READ_ATTRIBUTES", AccessMask::FILE_READ_ATTRIBUTES),
        ("FILE_WRITE_ATTRIBUTES", AccessMask::FILE_WRITE_ATTRIBUTES),
    ];
    let key = [
        ("KEY_QUERY_VALUE", AccessMask::KEY_QUERY_VALUE),
        ("KEY_SET_VALUE", AccessMask::KEY_SET_VALUE),
        ("KEY_CREATE_SUB_KEY", AccessMask::KEY_CREATE_SUB_KEY),
        ("KEY_ENUMERATE_SUB_KEYS", AccessMask::KEY_ENUMERATE_SUB_KEYS),
        ("KEY_NOTIFY", AccessMask::KEY_NOTIFY),
        ("KEY_CREATE_LINK", AccessMask::KEY_CREATE_LINK),
    ];
    let rows = file.map(|row| (RightsTable::FILE, row));
    let rows = rows.into_iter().chain(key.map(|row| (RightsTable::KEY, row)));
    for (table, (name, mask)) in rows {
        let (names, unnamed) = table.names(mask);
        assert_eq!(names.collect::<Vec<_>>(), [name]);
        assert!(unnamed.is_empty());
    }
}

/// Each set is the union of its parts: `winnt.h`, `winsvc.h` and the pages of Win32 for each kind of object.
#[test]
fn all_access_is_all_rights_of_its_kind() {
    type M = AccessMask;
    #[rustfmt::skip]
    let rows = [
        (M::STANDARD_RIGHTS_REQUIRED, M::empty(), vec![M::DELETE, M::READ_CONTROL, M::WRITE_DAC, M::WRITE_OWNER]),
        (M::STANDARD_RIGHTS_ALL, M::STANDARD_RIGHTS_REQUIRED, vec![M::SYNCHRONIZE]),
        (M::SERVICE_ALL_ACCESS, M::STANDARD_RIGHTS_REQUIRED, vec![
            M::SERVICE_QUERY_CONFIG, M::SERVICE_CHANGE_CONFIG, M::SERVICE_QUERY_STATUS, M::SERVICE_ENUMERATE_DEPENDENTS,
            M::SERVICE_START, M::SERVICE_STOP, M::SERVICE_PAUSE_CONTINUE, M::SERVICE_INTERROGATE,
            M::SERVICE_USER_DEFINED_CONTROL,
        ]),
        (M::SC_MANAGER_ALL_ACCESS, M::STANDARD_RIGHTS_REQUIRED, vec![
            M::SC_MANAGER_CONNECT, M::SC_MANAGER_CREATE_SERVICE, M::SC_MANAGER_ENUMERATE_SERVICE, M::SC_MANAGER_LOCK,
            M::SC_MANAGER_QUERY_LOCK_STATUS, M::SC_MANAGER_MODIFY_BOOT_CONFIG,
        ]),
        (M::TOKEN_ALL_ACCESS, M::STANDARD_RIGHTS_REQUIRED, vec![
            M::TOKEN_ASSIGN_PRIMARY, M::TOKEN_DUPLICATE, M::TOKEN_IMPERSONATE, M::TOKEN_QUERY, M::TOKEN_QUERY_SOURCE,
            M::TOKEN_ADJUST_PRIVILEGES, M::TOKEN_ADJUST_GROUPS, M::TOKEN_ADJUST_DEFAULT, M::TOKEN_ADJUST_SESSIONID,
        ]),
        (M::KEY_ALL_ACCESS, M::STANDARD_RIGHTS_REQUIRED, vec![
            M::KEY_QUERY_VALUE, M::KEY_SET_VALUE, M::KEY_CREATE_SUB_KEY, M::KEY_ENUMERATE_SUB_KEYS, M::KEY_NOTIFY,
            M::KEY_CREATE_LINK,
        ]),
        (M::FILE_ALL_ACCESS, M::STANDARD_RIGHTS_ALL, vec![
            M::FILE_READ_DATA, M::FILE_WRITE_DATA, M::FILE_APPEND_DATA, M::FILE_READ_EA, M::FILE_WRITE_EA, M::FILE_EXECUTE,
            M::FILE_DELETE_CHILD, M::FILE_READ_ATTRIBUTES, M::FILE_WRITE_ATTRIBUTES,
        ]),
        (M::FILE_GENERIC_READ, M::empty(), vec![
            M::FILE_READ_DATA, M::FILE_READ_EA, M::FILE_READ_ATTRIBUTES, M::READ_CONTROL, M::SYNCHRONIZE,
        ]),
        (M::KEY_READ, M::empty(), vec![
            M::KEY_QUERY_VALUE, M::KEY_ENUMERATE_SUB_KEYS, M::KEY_NOTIFY, M::READ_CONTROL,
        ]),
        (M::PROCESS_ALL_ACCESS, M::STANDARD_RIGHTS_ALL, vec![M::SPECIFIC_RIGHTS_ALL]),
        (M::THREAD_ALL_ACCESS, M::STANDARD_RIGHTS_ALL, vec![M::SPECIFIC_RIGHTS_ALL]),
    ];
    for (set, standard, rights) in rows {
        let distinct: BTreeSet<u32> = rights.iter().map(|right| right.bits()).collect();
        assert_eq!(distinct.len(), rights.len(), "{set}");
        assert_eq!(rights.into_iter().fold(standard, AccessMask::union), set);
    }
}

#[test]
fn the_names_of_kinds_do_not_make_the_names_of_bits_ambiguous() {
    let names = (AccessMask::FILE_READ_DATA | AccessMask::DELETE).iter_names();
    assert_eq!(names.map(|(name, _)| name).collect::<Vec<_>>(), ["DELETE"]);
}

#[test]
fn a_sid_has_a_relative_identifier() -> Tested {
    assert_eq!(Sid::EVERYONE.relative_id(), 0);
    assert_eq!("S-1-5-21-1-2-3-1104".parse::<Sid>()?.relative_id(), 1104);
    Ok(())
}

/// [MS-DTYP] 2.4.2.2: revision, count, authority in big-endian order, sub-authorities in little-endian order.
#[test]
fn a_sid_is_bytes() -> Tested {
    let bytes = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    assert_eq!(Sid::from_bytes(&bytes)?, Sid::EVERYONE);
    assert_eq!(Sid::EVERYONE.to_bytes(), bytes);
    Ok(())
}

#[test]
fn a_descriptor_is_read_from_bytes_and_written_to_bytes() -> Tested {
    let descriptor: SecurityDescriptor = "O:BAD:(A;;RC;;;WD)".parse()?;
    let bytes = descriptor.to_bytes()?;
    assert_eq!(SecurityDescriptor::from_bytes(&bytes)?, descriptor);
    assert_eq!(SecurityDescriptor::try_from(&bytes[..])?, descriptor);
    assert!(SecurityDescriptor::from_bytes(&[0; 20]).is_err());
    Ok(())
}

/// The noun parses and prints, without a module to look for.
#[test]
fn what_parses_prints() -> Tested {
    let text = r#"O:BAG:SYD:(A;;FA;;;BA)(XA;;FR;;;WD;(@USER.Title == "PM"))"#;
    let descriptor = sddl::parse(text)?;
    assert_eq!(descriptor, text.parse()?);
    assert_eq!(descriptor.to_string(), text);
    let ace: Ace = "(A;;FA;;;BA)".parse()?;
    assert_eq!(ace, Ace::allow(Sid::ADMINISTRATORS, AccessMask::FILE_ALL_ACCESS));
    assert_eq!(ace.to_string(), "(A;;FA;;;BA)");
    let condition: Condition = r#"(@USER.Title == "PM")"#.parse()?;
    assert_eq!(condition.to_string(), r#"(@USER.Title == "PM")"#);
    let claim = Claim::string("Title", "PM")?;
    assert_eq!(claim.to_string().parse::<Claim>()?, claim);
    Ok(())
}

#[test]
fn a_list_is_a_collection() {
    let entry = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
    let mut acl = Acl::default();
    assert!(acl.is_empty());
    acl.push(entry.clone());
    acl.extend([entry.clone().with_mask(AccessMask::DELETE)]);
    assert_eq!(acl.len(), 2);
    for ace in &acl {
        assert_eq!(ace.trustee(), Some(&Sid::EVERYONE));
    }
    for ace in &mut acl {
        *ace = ace.clone().with_flags(AceFlags::INHERITED);
    }
    assert!(acl.iter().all(|ace| ace.flags() == AceFlags::INHERITED));
    let masks: Vec<AccessMask> = acl.into_iter().map(|ace| ace.mask()).collect();
    assert_eq!(masks, [AccessMask::READ_CONTROL, AccessMask::DELETE]);

    let collected: Acl = [entry.clone()].into_iter().collect();
    assert_eq!(AclState::from(collected.clone()), AclState::Present(collected.clone()));
    assert_eq!(AclState::from([entry.clone()]), AclState::Present(collected.clone()));
    assert_eq!(AclState::from(vec![entry]).acl(), Some(&collected));
}

/// An entry that can't carry a condition says so. It is never left without the condition.
#[test]
fn an_entry_takes_a_condition_and_guids_or_says_that_it_does_not() -> Tested {
    let condition: Condition = "(@User.a == 1)".parse()?;
    let class = Uuid::from_bytes([7; 16]);
    let label = |code| {
        AceType::from_code(code)
            .token()
            .unwrap_or("a type without token")
            .to_owned()
    };
    #[rustfmt::skip]
    let rows: [(u8, Option<u8>, Option<u8>); 23] = [
        (0x00, Some(0x09), Some(0x05)), (0x01, Some(0x0a), Some(0x06)), (0x02, Some(0x0d), Some(0x07)),
        (0x03, Some(0x0e), Some(0x08)), (0x04, None, None),             (0x05, Some(0x0b), Some(0x05)),
        (0x06, Some(0x0c), Some(0x06)), (0x07, Some(0x0f), Some(0x07)), (0x08, Some(0x10), Some(0x08)),
        (0x09, Some(0x09), Some(0x0b)), (0x0a, Some(0x0a), Some(0x0c)), (0x0b, Some(0x0b), Some(0x0b)),
        (0x0c, Some(0x0c), Some(0x0c)), (0x0d, Some(0x0d), Some(0x0f)), (0x0e, Some(0x0e), Some(0x10)),
        (0x0f, Some(0x0f), Some(0x0f)), (0x10, Some(0x10), Some(0x10)), (0x11, None, None),
        (0x12, None, None),             (0x13, None, None),             (0x14, None, None),
        (0x15, Some(0x15), None),       (0x42, None, None),
    ];
    for (code, conditional, object) in rows {
        let ace = entry_of(AceType::from_code(code))?;
        let made = ace.clone().with_condition(condition.clone());
        assert_eq!(
            made.as_ref().ok().map(|ace| ace.ace_type().code()),
            conditional,
            "{}",
            label(code)
        );
        match made {
            Ok(made) => assert_eq!((made.condition(), made.mask()), (Some(&condition), ace.mask())),
            Err(error) => assert_eq!(
                error,
                AceError::DataNotAllowed {
                    ace_type: ace.ace_type()
                }
            ),
        }
        let made = ace.clone().with_object_type(class);
        assert_eq!(
            made.as_ref().ok().map(|ace| ace.ace_type().code()),
            object,
            "{}",
            label(code)
        );
        match made {
            Ok(made) => assert_eq!(
                made.objects(),
                &ObjectTypes {
                    object: Some(class),
                    inherited: None
                }
            ),
            Err(error) => assert_eq!(
                error,
                AceError::ObjectTypesNotAllowed {
                    ace_type: ace.ace_type()
                }
            ),
        }
        let made = ace.clone().with_inherited_object_type(class);
        assert_eq!(
            made.as_ref().ok().map(|ace| ace.ace_type().code()),
            object,
            "{}",
            label(code)
        );
        assert!(made.map_or(true, |made| made.objects().inherited == Some(class)));
    }
    Ok(())
}

/// Some entry of a type.
fn entry_of(ace_type: AceType) -> Result<Ace, AceError> {
    if ace_type == AceType::ResourceAttribute {
        return Ok(Ace::resource_attribute(
            Claim::bool("a", true).map_err(|_| AceError::DataIsCondition)?,
        ));
    }
    Ace::opaque(ace_type, AceFlags::empty(), Vec::new()).or_else(|_| {
        Ace::from_parts(sddl_authz::ace::AceParts {
            ace_type,
            flags: AceFlags::empty(),
            mask: AccessMask::READ_CONTROL,
            trustee: Sid::EVERYONE,
            objects: ObjectTypes::default(),
            data: ApplicationData::None,
        })
    })
}

/// The natural loop over a list finds the grants without a condition. A check agrees: with nothing known about the caller's
/// claims, it grants exactly those.
#[test]
fn a_loop_over_effects_takes_no_conditional_grant_for_an_unconditional_one() -> Tested {
    let conditional =
        Ace::allow(Sid::EVERYONE, AccessMask::FILE_WRITE_DATA).with_condition("(@User.a == 1)".parse()?)?;
    let acl = Acl::from([
        Ace::allow(Sid::EVERYONE, AccessMask::FILE_READ_DATA),
        conditional.clone(),
        conditional.with_object_type(Uuid::from_bytes([7; 16]))?,
        // A callback entry without data: nobody knows its condition.
        entry_of(AceType::CallbackAllow)?,
        // Data of an application: nobody here knows what it asks.
        Ace::from_parts(sddl_authz::ace::AceParts {
            ace_type: AceType::CallbackAllow,
            flags: AceFlags::empty(),
            mask: AccessMask::FILE_EXECUTE,
            trustee: Sid::EVERYONE,
            objects: ObjectTypes::default(),
            data: ApplicationData::Opaque([1; 4].into()),
        })?,
        // The compound type, which also asks for a second SID.
        Ace::opaque(AceType::CompoundAllow, AceFlags::empty(), Vec::new())?,
    ]);
    let mut granted = AccessMask::empty();
    for ace in &acl {
        if ace.effect() == Effect::Allow {
            granted |= ace.mask();
        }
    }
    assert_eq!(granted, AccessMask::FILE_READ_DATA);
    let kinds: Vec<Effect> = acl.iter().map(Ace::effect).collect();
    let (always, sometimes) = (Effect::Allow, Effect::ConditionalAllow);
    assert_eq!(kinds, [always, sometimes, sometimes, sometimes, sometimes, sometimes]);

    let descriptor = SecurityDescriptor::default().with_dacl(acl);
    let caller = Caller::authenticated("S-1-5-21-1-2-3-4".parse()?)?.with_no_groups();
    assert_eq!(
        check::check(&descriptor, &caller, AccessMask::MAXIMUM_ALLOWED).granted(),
        granted
    );

    let deny = Ace::deny(Sid::EVERYONE, AccessMask::DELETE);
    assert_eq!(deny.effect(), Effect::Deny);
    assert_eq!(
        deny.with_condition("(@User.a == 1)".parse()?)?.effect(),
        Effect::ConditionalDeny
    );
    Ok(())
}

#[test]
fn a_descriptor_is_made_part_by_part() -> Tested {
    let read = Ace::allow(Sid::EVERYONE, AccessMask::FILE_GENERIC_READ);
    let expected: SecurityDescriptor = "O:BAG:SYD:P(A;;FR;;;WD)".parse()?;
    let built = SecurityDescriptor::builder()
        .owner(Sid::ADMINISTRATORS)
        .group(Sid::LOCAL_SYSTEM)
        .dacl([read.clone()])
        .control(Control::DACL_PROTECTED)
        .build();
    assert_eq!(built, expected);
    let made = SecurityDescriptor::default()
        .with_owner(Sid::ADMINISTRATORS)
        .with_group(Sid::LOCAL_SYSTEM)
        .with_dacl(Acl::from([read]))
        .with_sacl(AclState::Absent)
        .with_control(Control::DACL_PROTECTED);
    assert_eq!(made, expected);
    assert_eq!(made.dacl.aces().len(), 1);
    Ok(())
}

#[test]
fn a_claim_has_one_value_in_one_call() -> Tested {
    let rows = [
        (Claim::string("a", "b")?, ClaimValues::String(vec!["b".to_owned()])),
        (Claim::int("a", -1)?, ClaimValues::Int(vec![-1])),
        (Claim::uint("a", 1)?, ClaimValues::Uint(vec![1])),
        (Claim::bool("a", true)?, ClaimValues::Bool(vec![true])),
        (Claim::sid("a", Sid::EVERYONE)?, ClaimValues::Sid(vec![Sid::EVERYONE])),
    ];
    for (claim, values) in rows {
        assert_eq!(claim, Claim::new("a", ClaimFlags::empty(), values)?);
    }
    assert_eq!(Claim::string("", "b"), Err(ClaimError::NameEmpty));
    assert_eq!(Claim::int("a\0", 1), Err(ClaimError::NameHasNul));
    assert_eq!(Claim::string("a", "\0"), Err(ClaimError::StringHasNul { index: 0 }));
    Ok(())
}

#[test]
fn errors_have_codes() {
    let error = "D:(A".parse::<SecurityDescriptor>().expect_err("the entry has no end");
    assert_eq!(error.code(), error.kind().code());
    let codes = [
        SidError::AuthorityOutOfRange { authority: 1 << 48 }.code(),
        SidError::SubAuthorityCount { count: 0 }.code(),
        AceError::DataUnaligned { bytes: 3 }.code(),
        ClaimError::NameHasNul.code(),
    ];
    assert_eq!(
        codes,
        [
            "authority_out_of_range",
            "sub_authority_count",
            "data_unaligned",
            "name_has_nul"
        ]
    );
}

#[test]
fn a_check_is_asked_in_one_call() -> Tested {
    let descriptor: SecurityDescriptor = "O:BAG:SYD:(A;;FA;;;BA)".parse()?;
    let options = check::Options::default().with_mapping(GenericMapping::FILE);
    assert_eq!(options.mapping, Some(GenericMapping::FILE));
    let decision = check::check(&descriptor, &Caller::anonymous(), AccessMask::READ_CONTROL);
    assert!(!decision.is_allowed() && decision.granted().is_empty());
    let Decision::Denied(denial) = decision else {
        return Err("the list allows Administrators alone".into());
    };
    assert_eq!(denial.missing, AccessMask::READ_CONTROL);

    let caller = Caller::anonymous();
    assert_eq!(
        AccessCheck::new(&caller, AccessMask::READ_CONTROL).check(&descriptor),
        Decision::Denied(denial)
    );
    let explanation = AccessCheck::new(&caller, AccessMask::GENERIC_READ)
        .mapping(GenericMapping::FILE)
        .explain(&descriptor);
    assert!(!explanation.decision.is_allowed());
    // The levels of [MS-DTYP] 2.4.2.4 are S-1-16-4096 and so on.
    assert_ne!(sddl_authz::IntegrityLevel::LOW, sddl_authz::IntegrityLevel::MEDIUM);
    Ok(())
}

/// The documentation of an item: the lines that begin with `///` above it.
fn page(file: &str, item: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    let source = fs::read_to_string(&path).unwrap_or_default();
    let mut page = Vec::new();
    for line in source.lines() {
        let line = line.trim_start();
        match line.strip_prefix("///") {
            Some(text) => page.push(text),
            None if line.starts_with(item) => return page.join("\n"),
            None if line.starts_with('#') || line.starts_with("//") => {}
            None => page.clear(),
        }
    }
    String::new()
}

#[test]
fn a_page_says_what_to_write_instead_of_a_guess_that_is_wrong() {
    #[rustfmt::skip]
    let rows = [
        ("Caller::new(user)", "caller/mod.rs", "pub struct Caller ", "Caller::authenticated(user)"),
        ("descriptor.to_string()?", "descriptor/mod.rs", "pub struct SecurityDescriptor ", "[`sddl::to_text`](crate::sddl::to_text)"),
        ("ace.with_condition(condition)", "ace/mod.rs", "pub struct Ace ", "`Ace::allow(…).with_condition(\"(@User.a == 1)\".parse()?)?`"),
        ("acl.sort()", "acl/order.rs", "pub fn canonicalize(", "**Sorting can widen access.**"),
    ];
    for (guess, file, item, answer) in rows {
        assert!(
            page(file, item).contains(answer),
            "{guess}: {file} does not say so above `{item}`"
        );
    }
}
