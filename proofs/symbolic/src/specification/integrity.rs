//! Mandatory integrity control ([MS-DTYP] 2.5.3.3).
//!
//! 1. The first label of the SACL counts. An object without a label, or with one that is only to be inherited, is of medium integrity, and
//!    no caller below that may write to it.
//! 2. A label limits callers of a lower level, unless their token has no mandatory policy. A label whose SID is not a level is above
//!    every caller (inferred). An app container at the level Low is not limited by a label up to Medium.
//! 3. Such a caller keeps the rights that reading or executing needs, READ_CONTROL and SYNCHRONIZE. It reads unless the label says `NR`,
//!    and executes unless the label says `NX`. It never writes.
//! 4. A right that reading and writing share stays if one of both is allowed, and so with the others.
//! 5. SeRelabelPrivilege adds WRITE_OWNER.

use super::rights::{
    ACCESS_SYSTEM_SECURITY, DELETE, GENERIC_EXECUTE, GENERIC_READ, GENERIC_WRITE, READ_CONTROL, SYNCHRONIZE, WRITE_DAC,
    WRITE_OWNER, and, has, less, meaning, or, rights,
};
use crate::{AccessMask, caller::Privileges, explorer::Tables, setting::Setting};

const LOW: u32 = 0x1000;
const MEDIUM: u32 = 0x2000;
const NO_READ_UP: u32 = 2;
const NO_EXECUTE_UP: u32 = 4;

/// The rights that the label leaves; `None` if it limits nothing.
pub fn limit(setting: &Setting) -> Option<Tables> {
    let (level, policy) = match setting.labels.first() {
        Some(label) if !label.inherit_only => (label.level, label.policy),
        _ => (Some(MEDIUM), AccessMask::from_bits_retain(1)),
    };
    let level = level.unwrap_or(u32::MAX);
    let caller = caller_level(setting);
    let contained = setting.container.is_some() && caller >= LOW && level <= MEDIUM;
    if !setting.no_write_up || caller >= level || contained {
        return None;
    }
    let mapping = setting.options.mapping.as_ref();
    let [read, write, execute] = [GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE].map(|right| meaning(right, mapping));
    let reads = or(&read, &rights(READ_CONTROL));
    let executes = or(&less(&execute, &read), &rights(SYNCHRONIZE));
    let writes = or(
        &write,
        &rights(DELETE | WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY),
    );
    let classes = [
        (reads, !has(policy.tables(), NO_READ_UP)),
        (executes, !has(policy.tables(), NO_EXECUTE_UP)),
        (writes, false),
    ];
    let of = |allowed| {
        classes
            .iter()
            .filter(|class| class.1 == allowed)
            .fold(rights(0), |all, class| or(&all, &class.0))
    };
    let needed = or(&or(&read, &execute), &rights(READ_CONTROL | SYNCHRONIZE));
    let kept = or(&and(&needed, &of(true)), &less(&needed, &of(false)));
    let relabels = setting.privileges.contains(Privileges::RELABEL);
    Some(or(&kept, &rights(if relabels { WRITE_OWNER } else { 0 })))
}

/// A caller in an app container is at most at the level Low.
fn caller_level(setting: &Setting) -> u32 {
    if setting.container.is_some() {
        setting.integrity.min(LOW)
    } else {
        setting.integrity
    }
}
