//! Several descriptors at once, case by case. Expected values follow from the rules of [MS-FSA] 2.1.5.1, [MS-SMB2] 3.3.5.9 and
//! [MS-RRP] 3.1.5, never from what the code said.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

#[expect(dead_code, reason = "no test here is about the parts of an object")]
#[path = "../support/mod.rs"]
mod support;
#[expect(clippy::expect_used, reason = "a target that finds something says so by a panic")]
#[path = "../targets/layers.rs"]
mod target;

mod all;
mod create;
mod explanation;
mod files;
mod keys;
mod laws;
mod listing;
mod missing;
mod rename;
mod shares;

use sddl_authz::{
    AccessCheck, AccessMask, Caller, Decision, SecurityDescriptor,
    caller::{AppContainer, Privileges},
    check::DenialReason,
};

const MAXIMUM: u32 = 0x0200_0000;
const USER: &str = "S-1-5-21-1-2-3-1104";
const GROUP: &str = "S-1-5-21-1-2-3-2001";

/// A descriptor whose owner and group are SYSTEM. `U` is the user, and `G` a group of its.
fn sd(dacl: &str) -> SecurityDescriptor {
    format!("O:SYG:SYD:{dacl}")
        .replace(";;;U)", &format!(";;;{USER})"))
        .replace(";;;G)", &format!(";;;{GROUP})"))
        .parse()
        .unwrap()
}

/// A descriptor with an entry that grants the user these rights.
fn grants(rights: u32) -> SecurityDescriptor {
    sd(&format!("(A;;{rights:#x};;;U)"))
}

fn caller() -> Caller {
    Caller::authenticated(USER.parse().unwrap())
        .unwrap()
        .with_groups([GROUP.parse().unwrap()])
        .unwrap()
}

fn with(privileges: Privileges) -> Caller {
    caller().with_privileges(privileges)
}

/// A caller in an app container with a package SID and these privileges.
fn contained(privileges: Privileges) -> Caller {
    let package = "S-1-15-2-11-12-13-14-15-16-17".parse().unwrap();
    with(privileges).with_app_container(AppContainer::new(package).unwrap())
}

/// A caller of whom it is not known whether it is in the group.
fn unsure() -> Caller {
    Caller::authenticated(USER.parse().unwrap())
        .unwrap()
        .with_incomplete_groups()
}

fn asks(caller: &Caller, desired: u32) -> AccessCheck<'_> {
    AccessCheck::new(caller, desired.into())
}

fn allowed(granted: u32) -> Decision {
    Decision::Allowed {
        granted: granted.into(),
    }
}

fn reason(decision: Decision) -> Option<DenialReason> {
    decision.denial().map(|denial| denial.reason)
}

fn bits(bits: u32) -> AccessMask {
    bits.into()
}
