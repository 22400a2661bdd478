//! The models that remain after a detour through text, which can't express everything.

use sddl_authz::{
    Ace, AclState, Condition, Control, DomainSids, Limits, SecurityDescriptor, Sid,
    ace::{AceParts, ApplicationData, ObjectTypes},
    condition::{Literal, Token, Width},
    descriptor::ACL_FLAGS,
    sddl::Options,
};

/// Options without domain SIDs, and with all three.
pub(super) fn domain_options() -> [Options; 2] {
    let domain = |number| Sid::new(5, &[21, number, number, number]).ok();
    let mut completed = Options::default();
    completed.domains = DomainSids {
        machine: domain(1),
        domain: domain(2),
        forest: domain(3),
    };
    [Options::default(), completed]
}

/// The descriptor that its text is parsed as.
///
/// SDDL has no notation for the defaulted and trusted bits, for the resource manager's byte, for the flags of an absent ACL, and for the
/// width of an integer. An object entry without GUIDs is printed as a plain entry.
pub(super) fn in_text(descriptor: &SecurityDescriptor) -> SecurityDescriptor {
    let mut control = Control::empty();
    for flag in ACL_FLAGS {
        for (state, bit) in [(&descriptor.dacl, flag.dacl), (&descriptor.sacl, flag.sacl)] {
            if *state != AclState::Absent {
                control |= bit;
            }
        }
    }
    SecurityDescriptor::new(
        descriptor.owner,
        descriptor.group,
        list_in_text(&descriptor.dacl),
        list_in_text(&descriptor.sacl),
    )
    .with_control(descriptor.control() & control)
}

fn list_in_text(state: &AclState) -> AclState {
    match state {
        AclState::Present(acl) => AclState::Present(acl.aces().iter().map(entry_in_text).collect()),
        AclState::Absent | AclState::Null => state.clone(),
    }
}

fn entry_in_text(ace: &Ace) -> Ace {
    let ace_type = if *ace.objects() == ObjectTypes::default() {
        ace.ace_type().without_objects()
    } else {
        ace.ace_type()
    };
    let data = match ace.data() {
        ApplicationData::Condition(condition) => ApplicationData::Condition(condition_in_text(condition)),
        other @ (ApplicationData::None | ApplicationData::Claim(_) | ApplicationData::Opaque(_) | _) => other.clone(),
    };
    Ace::from_parts(AceParts {
        ace_type,
        flags: ace.flags(),
        mask: ace.mask(),
        trustee: *ace.trustee().expect("an entry in text has a trustee"),
        objects: *ace.objects(),
        data,
    })
    .expect("the parts were those of an entry")
}

/// The condition that its text is parsed as.
pub(super) fn condition_in_text(condition: &Condition) -> Condition {
    let tokens = condition.tokens().map(|mut token| {
        match &mut token {
            Token::Literal(literal) => widen(literal),
            Token::Composite(members) => members.iter_mut().for_each(widen),
            Token::Attribute(_) | Token::Operator(_) => {}
        }
        token
    });
    Condition::from_postfix(tokens, &Limits::DEFAULT).expect("the tokens were those of a condition")
}

fn widen(literal: &mut Literal) {
    if let Literal::Integer(integer) = literal {
        integer.width = Width::Int64;
    }
}
