//! The result of a central policy, in words.

use super::{escape::Escaped, rights::DisplayRights};
use crate::{
    check::{AppliesTo, PolicyExplanation, RuleExplanation},
    mask::AccessMask,
};
use core::fmt;

/// Writes a line for the policy, and one for each of its rules.
pub(super) fn write_policy(
    f: &mut fmt::Formatter<'_>,
    policy: &PolicyExplanation,
    rights: &dyn Fn(AccessMask) -> DisplayRights,
) -> fmt::Result {
    f.write_str("  central policy")?;
    if let Some(sid) = &policy.sid {
        write!(f, " {sid}")?;
    }
    if let Some(name) = &policy.name {
        write!(f, " {}", Escaped(name))?;
    }
    write!(f, " (entry {} of the SACL)", policy.index)?;
    if policy.is_recovery {
        f.write_str(": the machine does not have it, so the recovery policy decides")?;
    }
    f.write_str("\n")?;
    for (index, rule) in policy.rules.iter().enumerate() {
        write_rule(f, index, rule, rights)?;
    }
    match &policy.staged {
        Some(staged) if staged.is_allowed() => {
            writeln!(f, "    the staged policy would grant {}", rights(staged.granted()))
        }
        Some(_) => f.write_str("    the staged policy would deny the access\n"),
        None => Ok(()),
    }
}

fn write_rule(
    f: &mut fmt::Formatter<'_>,
    index: usize,
    rule: &RuleExplanation,
    rights: &dyn Fn(AccessMask) -> DisplayRights,
) -> fmt::Result {
    write!(f, "    rule {index}")?;
    if let Some(name) = &rule.name {
        write!(f, " {}", Escaped(name))?;
    }
    let kept_back = rights(rule.kept_back);
    let keeps_back = !rule.kept_back.is_empty();
    match rule.applies_to {
        AppliesTo::False => return f.write_str(": does not apply, its condition is false\n"),
        AppliesTo::Unknown => return f.write_str(": does not apply, its condition is neither true nor false\n"),
        AppliesTo::Undetermined if keeps_back => {
            return writeln!(
                f,
                ": it is not known whether it applies; if it does, it KEEPS BACK {kept_back}"
            );
        }
        AppliesTo::Undetermined => f.write_str(": it is not known whether it applies")?,
        AppliesTo::NotEvaluated => f.write_str(": its condition can't be evaluated, so it applies")?,
        AppliesTo::Always | AppliesTo::True => f.write_str(": applies")?,
    }
    if keeps_back {
        writeln!(f, ", KEEPS BACK {kept_back}")
    } else {
        f.write_str(", keeps nothing back\n")
    }
}
