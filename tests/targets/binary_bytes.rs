use super::expected::{domain_options, in_text};
use sddl_authz::{
    AccessCheck, AccessMask, Caller, SecurityDescriptor, Sid, binary, check::Options, mask::GenericMapping, sddl,
};

/// The input is any bytes. Decoded bytes can be encoded, and decode to the same model. So does a detour through text, where there is one.
/// A view of the bytes gives the same error as decoding, or the same decisions.
pub(crate) fn binary_bytes(data: &[u8]) {
    let view = binary::DescriptorView::new(data);
    assert_eq!(view.as_ref().err(), binary::from_bytes(data).as_ref().err());
    let model = match binary::from_bytes(data) {
        Ok(model) => model,
        Err(error) => {
            assert!(error.offset() <= data.len(), "{error}");
            return;
        }
    };
    for (caller, options) in askers(&model) {
        for desired in [0x1, 0x6_0000, 0x0200_0000].map(AccessMask::from_bits_retain) {
            let question = AccessCheck::new(&caller, desired).options(options);
            let in_place = view.as_ref().ok().map(|view| question.check(view));
            assert_eq!(in_place, Some(question.check(&model)), "{caller:?}");
        }
    }
    let bytes = binary::to_bytes(&model).expect("what was read can be written");
    assert_eq!(binary::from_bytes(&bytes).as_ref(), Ok(&model));
    for options in domain_options() {
        let Ok(text) = sddl::to_text(&model, &options) else {
            continue;
        };
        let read = sddl::parse_with(&text, &options).expect("what was printed can be read");
        assert_eq!(read, in_text(&model), "{text}");
        let bytes = binary::to_bytes(&read).expect("what was read can be written");
        assert_eq!(binary::from_bytes(&bytes), Ok(read), "{text}");
    }
}

/// Callers that match the owner and the trustees of the descriptor, and one whose groups and claims are unknown.
fn askers(model: &SecurityDescriptor) -> Vec<(Caller, Options)> {
    let entries = model.dacl.acl().map_or(&[][..], |dacl| dacl.aces());
    let trustees: Vec<Sid> = entries.iter().filter_map(|ace| ace.trustee().copied()).collect();
    let owner = model.owner.and_then(|owner| Caller::bare(owner).ok());
    // SIDs of app containers are not groups.
    let named = trustees
        .iter()
        .step_by(2)
        .fold(owner.unwrap_or_else(Caller::anonymous), |caller, sid| {
            caller.clone().with_groups([*sid]).unwrap_or(caller)
        });
    let restricted = named.clone().with_restricting_sids(trustees);
    let unknown = Caller::bare(Sid::NOBODY)
        .expect("a user")
        .with_incomplete_groups()
        .with_incomplete_claims();
    let mapped = Options::default()
        .with_mapping(GenericMapping::FILE)
        .with_skip_system_policies(true);
    vec![
        (
            Caller::bare(Sid::EVERYONE).expect("no SID of an app container"),
            Options::default(),
        ),
        (named, mapped),
        (restricted, mapped),
        (unknown, mapped),
    ]
}
