//! A batch decides about each descriptor as a check of it alone does, in every form, on one core and on all.
#![cfg(feature = "rayon")]
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

#[path = "support/model.rs"]
#[expect(dead_code, reason = "others draw the parts of objects too")]
mod model;

use model::Case;
use proptest::prelude::*;
use rayon::iter::ParallelIterator;
use sddl_authz::{
    AccessCheck, AccessMask, Caller, Decision, SecurityDescriptor, Sid, binary, binary::DecodeError,
    check::DenialReason, sddl,
};

fn asked(case: &Case) -> AccessCheck<'_> {
    AccessCheck::new(&case.caller, case.desired).options(case.options)
}

/// The decision of a check of these bytes alone.
fn alone(case: &Case, bytes: &[u8]) -> Result<Decision, DecodeError> {
    Ok(asked(case).check(&binary::from_bytes(bytes)?))
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
    let caller = Caller::bare(Sid::EVERYONE).unwrap();
    let batch = AccessCheck::new(&caller, AccessMask::READ_CONTROL).batch();
    let answers: Vec<_> = batch.par_check_bytes(&requests, |bytes| bytes).collect();
    assert_eq!(answers.len(), requests.len());
    for (answer, allowed) in answers.into_iter().zip([true, false, true].into_iter().cycle()) {
        assert_eq!(answer.map(|decision| decision.is_allowed()), Ok(allowed));
    }
}

/// A descriptor that is cut off before its DACL must not be open to everybody, on any of the ways to ask.
#[test]
fn what_protects_nothing_can_be_refused() {
    let caller = Caller::bare(Sid::EVERYONE).unwrap();
    let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    let (mut open, mut closed) = (question.batch(), question.refuse_unprotected().batch());
    let reason = |decision: Decision| decision.denial().map(|denial| denial.reason);
    for text in ["", " ", "\0", "O:BA", "O:SYG:SY", "D:NO_ACCESS_CONTROL"] {
        let bytes = binary::to_bytes(&text.parse().unwrap()).unwrap();
        assert!(open.allows_text(text) && open.allows_bytes(&bytes), "{text:?}");
        let rows = [&bytes];
        let mut decisions = vec![
            closed.check_text(text).unwrap(),
            closed.check_bytes(&bytes).unwrap(),
            closed.dictionary_texts([text]).get(0).cloned().unwrap().unwrap(),
            closed.dictionary_bytes(rows).get(0).cloned().unwrap().unwrap(),
            closed.question().check_text(text).unwrap(),
        ];
        let everywhere = closed.par_check_bytes(&rows, |row| row);
        decisions.extend(everywhere.collect::<Result<Vec<_>, _>>().unwrap());
        assert_eq!(decisions.len(), 6);
        for decision in decisions {
            assert_eq!(reason(decision), Some(DenialReason::Unprotected), "{text:?}");
        }
    }
    let bytes = binary::to_bytes(&"D:(A;;RC;;;WD)".parse().unwrap()).unwrap();
    assert!(closed.allows_text("D:(A;;RC;;;WD)") && closed.allows_bytes(&bytes));
}

#[test]
fn a_batch_outlives_its_caller_and_goes_to_another_thread() {
    let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    let decision = std::thread::spawn(move || batch.check_text("D:(A;;RC;;;AN)"));
    assert!(decision.join().unwrap().unwrap().is_allowed());
}

#[test]
fn what_can_not_be_read_has_its_error_each_time() {
    let mut batch = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).batch();
    let (text, bytes) = ("D:(A;;RC;;;", [1, 0, 0]);
    for _ in 0..2 {
        assert_eq!(
            batch.check_text(text),
            Err(text.parse::<SecurityDescriptor>().unwrap_err())
        );
        assert_eq!(batch.check_bytes(&bytes), Err(binary::from_bytes(&bytes).unwrap_err()));
    }
    assert_eq!(batch.distinct(), 2);
    let decisions = batch.dictionary_texts(["D:(A;;RC;;;AN)", text]);
    assert_eq!([0, 1, 2].map(|key| decisions.allows(key)), [true, false, false]);
    assert_eq!([0, 1, 2].map(|key| decisions.get(key).is_some()), [true, true, false]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_answer_is_that_of_a_check((case, descriptors) in questions(), order in prop::collection::vec(any::<usize>(), 0..60)) {
        let requests: Vec<&Vec<u8>> =
            order.iter().filter_map(|place| descriptors.get(place.checked_rem(descriptors.len())?)).collect();
        let mut batch = asked(&case).batch();
        for bytes in &requests {
            prop_assert_eq!(batch.check_bytes(bytes), alone(&case, bytes));
            let text = binary::from_bytes(bytes).ok().and_then(|model| sddl::to_text(&model, &sddl::Options::default()).ok());
            if let Some(text) = text {
                let descriptor: SecurityDescriptor = text.parse().unwrap();
                let decision = asked(&case).check(&descriptor);
                prop_assert_eq!(batch.check_text(&text), Ok(decision));
            }
        }
        prop_assert!(batch.distinct() <= descriptors.len().saturating_mul(2));
        let alone: Vec<_> = requests.iter().map(|bytes| alone(&case, bytes)).collect();
        let everywhere: Vec<_> = batch.par_check_bytes(&requests, |bytes| bytes).collect();
        prop_assert_eq!(&everywhere, &alone);
        let dictionary = batch.dictionary_bytes(&requests);
        let by_key: Vec<_> = (0..requests.len()).filter_map(|key| dictionary.get(key).cloned()).collect();
        prop_assert_eq!(by_key, alone);
    }
}
