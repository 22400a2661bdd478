//! A listing says of each descriptor what a check of it alone says, on one core and on all.
#![cfg(feature = "rayon")]
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

#[path = "support/model.rs"]
#[expect(dead_code, reason = "others draw the parts of objects too")]
mod model;

use model::Case;
use proptest::prelude::*;
use rayon::iter::ParallelIterator;
use sddl_authz::{
    AccessCheck, AccessMask, Caller, Decision, SecurityDescriptor, Sid, binary,
    check::Options,
    listing::{Listing, decide_all},
    sddl,
};

fn asked(case: &Case) -> AccessCheck<'_> {
    AccessCheck::new(&case.caller, case.desired).options(case.options)
}

/// What a check of these bytes alone says.
fn alone(case: &Case, bytes: &[u8]) -> Option<Decision> {
    let descriptor = binary::from_bytes(bytes).ok()?;
    Some(asked(case).check(&descriptor))
}

/// A question, and descriptors to ask it about, some of them cut off.
fn questions() -> impl Strategy<Value = (Case, Vec<Vec<u8>>)> {
    let bytes = prop::collection::vec(any::<u8>(), 256);
    prop::collection::vec((bytes, any::<bool>()), 1..20).prop_map(|drawn| {
        let cases = drawn.iter().map(|(bytes, cut)| (Case::from_bytes(bytes), *cut));
        let (case, _) = cases.clone().next().unwrap();
        let descriptors = cases.filter_map(|(case, cut)| {
            let mut bytes = binary::to_bytes(&case.descriptor).ok()?;
            bytes.truncate(if cut {
                bytes.len().saturating_sub(1)
            } else {
                bytes.len()
            });
            Some(bytes)
        });
        (case, descriptors.collect())
    })
}

/// More than one part, of more than one core.
#[test]
fn answers_come_in_order_from_all_parts() {
    let texts = ["D:(A;;RC;;;WD)", "D:(D;;RC;;;WD)", "O:SY"];
    let bytes = texts.map(|text| binary::to_bytes(&text.parse().unwrap()).unwrap());
    let requests: Vec<&Vec<u8>> = bytes.iter().cycle().take(100_000).collect();
    let caller = Caller::bare(Sid::EVERYONE);
    let answers: Vec<_> = decide_all(
        &requests,
        |bytes| bytes,
        &caller,
        AccessMask::READ_CONTROL,
        Options::default(),
    )
    .collect();
    assert_eq!(answers.len(), requests.len());
    for (answer, allowed) in answers.iter().zip([true, false, true].into_iter().cycle()) {
        assert_eq!(answer.map(|decision| decision.is_allowed()), Some(allowed));
    }
}

/// As `mim` has it: what is cut off before its DACL must not be open to everybody.
#[test]
fn what_protects_nothing_can_be_refused() {
    let caller = Caller::bare(Sid::EVERYONE);
    let listing = Listing::new(&caller, AccessMask::READ_CONTROL, Options::default());
    let (mut open, mut closed) = (listing.clone(), listing.refuse_unprotected());
    for text in ["", " ", "\0", "O:BA", "O:SYG:SY", "D:NO_ACCESS_CONTROL"] {
        let bytes = binary::to_bytes(&text.parse().unwrap()).unwrap();
        assert!(open.allows_text(text) && open.allows_bytes(&bytes), "{text:?}");
        assert!(!closed.allows_text(text) && !closed.allows_bytes(&bytes), "{text:?}");
    }
    let bytes = binary::to_bytes(&"D:(A;;RC;;;WD)".parse().unwrap()).unwrap();
    assert!(closed.allows_text("D:(A;;RC;;;WD)") && closed.allows_bytes(&bytes));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_answer_is_that_of_a_check((case, descriptors) in questions(), order in prop::collection::vec(any::<usize>(), 0..60)) {
        let requests: Vec<&Vec<u8>> =
            order.iter().filter_map(|place| descriptors.get(place.checked_rem(descriptors.len())?)).collect();
        let mut listing = Listing::new(&case.caller, case.desired, case.options);
        for bytes in &requests {
            prop_assert_eq!(listing.decide_bytes(bytes), alone(&case, bytes));
            let text = binary::from_bytes(bytes).ok().and_then(|model| sddl::to_text(&model, &sddl::Options::default()).ok());
            if let Some(text) = text {
                let descriptor: SecurityDescriptor = text.parse().unwrap();
                let decision = asked(&case).check(&descriptor);
                prop_assert_eq!(listing.decide_text(&text), Some(decision));
            }
        }
        prop_assert!(listing.distinct() <= descriptors.len().saturating_mul(2));
        let everywhere: Vec<_> =
            decide_all(&requests, |bytes| bytes, &case.caller, case.desired, case.options).collect();
        prop_assert_eq!(everywhere, requests.iter().map(|bytes| alone(&case, bytes)).collect::<Vec<_>>());
    }
}
