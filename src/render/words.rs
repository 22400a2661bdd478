use crate::{
    caller::IntegrityLevel,
    check::{DenialReason, Unevaluated},
};
use alloc::string::{String, ToString};

/// The reason for a denial, in words.
///
/// ```
/// use sddl_authz::{check::DenialReason, render::denial_reason_text};
/// assert_eq!(denial_reason_text(DenialReason::NotGranted), "the DACL does not grant it");
/// ```
#[must_use]
pub const fn denial_reason_text(reason: DenialReason) -> &'static str {
    match reason {
        DenialReason::NotGranted => "the DACL does not grant it",
        DenialReason::NothingAsked => "nothing was asked for",
        DenialReason::GenericNotMapped => "a generic right was asked for, and no mapping says what it means here",
        DenialReason::PrivilegeNotHeld => "ACCESS_SYSTEM_SECURITY was asked for, which a privilege alone grants",
        DenialReason::OwnerMissing => "the descriptor has no owner",
        DenialReason::GroupMissing => "the descriptor has no group",
        DenialReason::OwnerOrGroupMissing => "the descriptor lacks its owner or its group",
        DenialReason::Unprotected => "nothing protects the object: its DACL is absent or NULL",
        DenialReason::SystemPolicyNotEvaluated => {
            "the SACL limits access in a way that is not evaluated (a central policy, trust label or access filter)"
        }
        DenialReason::ObjectRule => "a rule about the object denies it, which is in no descriptor",
        DenialReason::CentralPolicy => "the object grants it, and its central policy does not",
        DenialReason::Undetermined => "it depends on groups or claims that are not known",
    }
}

/// The reason why an entry can't be evaluated, in words.
pub(super) fn part_text(part: Unevaluated) -> &'static str {
    match part {
        Unevaluated::Object => "it is for a part of the object, and no parts are asked about",
        Unevaluated::Condition => "its condition is neither true nor false",
        Unevaluated::ApplicationData => "its application data is not a condition",
        Unevaluated::Compound => "its type, compound, is reserved",
        Unevaluated::GenericRights => "no mapping says what its generic rights mean",
    }
}

/// The name of an integrity level, or its SID if it has no name.
pub(super) fn level_text(level: IntegrityLevel) -> String {
    let names = [
        (IntegrityLevel::UNTRUSTED, "Untrusted"),
        (IntegrityLevel::LOW, "Low"),
        (IntegrityLevel::MEDIUM, "Medium"),
        (IntegrityLevel::MEDIUM_PLUS, "Medium Plus"),
        (IntegrityLevel::HIGH, "High"),
        (IntegrityLevel::SYSTEM, "System"),
        (IntegrityLevel::PROTECTED, "Protected Process"),
    ];
    let name = names.iter().find(|(named, _)| *named == level);
    name.map_or_else(|| level.sid().to_string(), |(_, name)| (*name).to_string())
}
