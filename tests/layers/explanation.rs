use super::{MAXIMUM, asks, bits, caller, grants, sd};
use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, AclState,
    layers::{Disposition, FileAccess, LayerStep, LayeredExplanation},
    mask::RightsTable,
    render::LayersText,
};

fn text(explanation: &LayeredExplanation) -> String {
    LayersText::new(explanation, &caller()).to_string()
}

#[test]
fn the_text_names_the_parents_right() {
    let caller = caller();
    let question = asks(&caller, 0x1_0000);
    let parent = grants(0x40);
    let explanation = FileAccess::new(&question).parent(&parent).explain(&sd(""));
    assert_eq!(
        text(&explanation),
        "  asked for 0x10000 SD (DELETE)
    file: does not grant 0x10000 SD (DELETE): the DACL does not grant it
    parent directory: grants 0x40 DT
    the parent directory grants 0x10000 SD (DELETE) on the file by 0x40 DT on itself
  allowed: 0x10000 SD (DELETE)"
    );
}

#[test]
fn the_text_names_the_layer_and_the_rule() {
    let caller = caller();
    let question = asks(&caller, 0x2);
    let (all, read) = (grants(0x1f_01ff), grants(0x1));
    let denied = FileAccess::new(&question).share(&read).explain(&all);
    assert!(text(&denied).ends_with("  → share: does not grant 0x2 DC: the DACL does not grant it\n  denied by share\n    share: no entry grants 0x2 DC to this caller"));
    let denied = FileAccess::new(&question).read_only(true).explain(&all);
    assert!(text(&denied).ends_with("  denied: the file has the read-only attribute"));
}

#[test]
fn the_text_can_show_each_entry() {
    let caller = caller();
    let question = asks(&caller, 0x1);
    let (share, file) = (grants(0x1), sd("(D;;0x1;;;G)"));
    let explanation = FileAccess::new(&question).share(&share).explain(&file);
    let text = LayersText::new(&explanation, &caller)
        .with_names(RightsTable::FILE)
        .with_descriptors(&[("share", &share), ("file", &file)])
        .to_string();
    assert!(text.contains("(A;;CC;;;S-1-5-21-1-2-3-1104)"), "{text}");
    assert!(text.contains("(D;;CC;;;S-1-5-21-1-2-3-2001)"), "{text}");
    assert!(text.contains("FILE_READ_DATA"), "{text}");
}

#[test]
fn names_of_layers_are_escaped() {
    use sddl_authz::layers::{Layer, explain_all};
    let caller = caller();
    let share = grants(0x1);
    let explanation = explain_all(&asks(&caller, 0x2), &[Layer::new("a\nallowed: 0x2\u{1b}[2J", &share)]);
    let text = text(&explanation);
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn the_steps_tell_the_rules() {
    let caller = caller();
    let question = asks(&caller, 0x1);
    let overwrite = FileAccess::new(&question).disposition(Disposition::Overwrite);
    let steps = overwrite.explain(&grants(0x113)).steps;
    assert_eq!(steps[0], LayerStep::DispositionNeeds { bits: bits(0x112) });
    let maximum = asks(&caller, MAXIMUM);
    let steps = FileAccess::new(&maximum).read_only(true).explain(&grants(0x7)).steps;
    assert_eq!(steps[1], LayerStep::ReadOnlyCleared { bits: bits(0x6) });
    let parent = grants(0x2);
    let create = FileAccess::new(&question)
        .parent(&parent)
        .disposition(Disposition::Create);
    let granted = LayerStep::CreatorGranted {
        bits: AccessMask::FILE_READ_DATA,
    };
    assert_eq!(create.explain_new().steps[1], granted);
}

#[cfg(feature = "serde")]
#[test]
fn an_explanation_survives_json() {
    let caller = caller();
    let question = asks(&caller, 0x1_0002);
    let (parent, share) = (grants(0x40), grants(0x1_0002));
    let access = FileAccess::new(&question).parent(&parent).share(&share);
    for explanation in [
        access.explain(&sd("")),
        access.explain(&grants(0x2)),
        access.explain_new(),
    ] {
        let json = serde_json::to_value(&explanation).unwrap();
        assert_eq!(
            serde_json::from_value::<LayeredExplanation>(json.clone()).unwrap(),
            explanation
        );
        assert!(json["decision"].is_string());
        assert!(json["steps"][0]["step"].is_string());
    }
}

/// An explained decision is that of the plain check, also where the default options refuse.
#[test]
fn an_explanation_asks_what_a_check_asks() {
    let unknown = Ace::opaque(AceType::from_code(0x20), AceFlags::empty(), vec![0; 12]).unwrap();
    let mut refusing = grants(0x1f_01ff);
    let dacl = refusing.dacl.aces().to_vec();
    refusing.dacl = AclState::Present([vec![unknown], dacl].concat().into_iter().collect());
    let (caller, all) = (caller(), grants(0x1f_01ff));
    for desired in [0x1, MAXIMUM, MAXIMUM | 0x1] {
        let question = asks(&caller, desired);
        let access = FileAccess::new(&question);
        for (access, file) in [(access, &refusing), (access.share(&refusing), &all)] {
            let explanation = access.explain(file);
            assert_eq!(explanation.decision, access.check(file), "{desired:#x}");
            assert!(!explanation.decision.is_allowed(), "{desired:#x}");
        }
    }
}
