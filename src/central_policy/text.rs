//! Reads rules from SDDL.

use super::{CentralPolicyError, CentralPolicyErrorKind, CentralRule};
use crate::{
    ace::{AceFlags, AceType},
    acl::{Acl, AclState},
    condition::Condition,
    sddl::{self, ParseError},
    sid::Sid,
};
use alloc::{boxed::Box, format};

impl CentralRule {
    /// Reads a rule from the texts of its parts: the condition of the objects to which it applies, the descriptor whose DACL is effective,
    /// and the one whose DACL is staged.
    ///
    /// The condition is an expression, with or without parentheses around it, or a descriptor `D:(XA;;;;;WD;(…))` that has it in its one
    /// entry, as Active Directory stores it. Of the other descriptors only the DACL counts.
    ///
    /// ```
    /// use sddl_authz::central_policy::CentralRule;
    /// let plain = CentralRule::from_sddl(Some("@Resource.Secret == 1"), "D:(A;;FR;;;AU)", None)?;
    /// let stored = CentralRule::from_sddl(Some("D:(XA;;;;;WD;(@Resource.Secret == 1))"), "O:SYG:SYD:AR(A;;FR;;;AU)", None)?;
    /// assert_eq!(plain, stored);
    /// assert!(CentralRule::from_sddl(None, "D:NO_ACCESS_CONTROL", None).is_err());
    /// # Ok::<(), sddl_authz::central_policy::CentralPolicyError>(())
    /// ```
    ///
    /// # Errors
    /// Fails if a text can't be read, or if a descriptor has no DACL or a NULL one.
    pub fn from_sddl(
        applies_to: Option<&str>,
        effective: &str,
        staged: Option<&str>,
    ) -> Result<Self, CentralPolicyError> {
        Self::from_sddl_with(applies_to, effective, staged, &sddl::Options::default())
    }

    /// Reads a rule from the texts of its parts, with options for the descriptors, as [`from_sddl`](Self::from_sddl) does.
    ///
    /// ```
    /// use sddl_authz::{central_policy::CentralRule, sddl::Options};
    /// let mut options = Options::default();
    /// options.domains.domain = Some("S-1-5-21-1-2-3".parse()?);
    /// let rule = CentralRule::from_sddl_with(None, "D:(A;;FA;;;DA)", None, &options)?;
    /// assert_eq!(rule, CentralRule::from_sddl(None, "D:(A;;FA;;;S-1-5-21-1-2-3-512)", None)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if a text can't be read, or if a descriptor has no DACL or a NULL one.
    pub fn from_sddl_with(
        applies_to: Option<&str>,
        effective: &str,
        staged: Option<&str>,
        options: &sddl::Options,
    ) -> Result<Self, CentralPolicyError> {
        let applies_to = applies_to
            .map(|text| read_condition(text, options).map_err(|kind| CentralPolicyError::at("applies_to", kind)));
        let dacl = |place, text| read_dacl(text, options).map_err(|kind| CentralPolicyError::at(place, kind));
        Ok(Self {
            name: None,
            applies_to: applies_to.transpose()?,
            effective: dacl("effective", effective)?,
            staged: staged.map(|text| dacl("staged", text)).transpose()?,
        })
    }
}

/// A DACL that is absent or NULL would grant everybody everything, so it is refused.
fn read_dacl(text: &str, options: &sddl::Options) -> Result<Acl, CentralPolicyErrorKind> {
    match sddl::parse_with(text, options).map_err(unreadable)?.dacl {
        AclState::Present(acl) => Ok(acl),
        AclState::Absent | AclState::Null => Err(CentralPolicyErrorKind::DaclMissing),
    }
}

fn read_condition(text: &str, options: &sddl::Options) -> Result<Condition, CentralPolicyErrorKind> {
    let trimmed = text.trim();
    if trimmed.starts_with("D:") {
        return condition_of_entry(trimmed, options);
    }
    match trimmed.parse::<Condition>() {
        Ok(condition) => Ok(condition),
        // In parentheses, `a) && (b` would be an expression.
        Err(error) if closes_too_early(trimmed) => Err(unreadable(error)),
        Err(_) => format!("({trimmed})").parse().map_err(unreadable),
    }
}

/// The condition in a descriptor with one conditional Allow for Everyone
/// ([\[MS-GPCAP\] 3.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-gpcap/)).
fn condition_of_entry(text: &str, options: &sddl::Options) -> Result<Condition, CentralPolicyErrorKind> {
    let descriptor = sddl::parse_with(text, options).map_err(unreadable)?;
    let [ace] = descriptor.dacl.aces() else {
        return Err(CentralPolicyErrorKind::ConditionForm);
    };
    let is_carrier = ace.ace_type() == AceType::CallbackAllow
        && ace.flags() == AceFlags::empty()
        && ace.trustee() == Some(&Sid::EVERYONE)
        && matches!(descriptor.sacl, AclState::Absent);
    let condition = ace.condition().filter(|_| is_carrier);
    condition.cloned().ok_or(CentralPolicyErrorKind::ConditionForm)
}

/// Whether a parenthesis, outside of strings, closes before one opens.
fn closes_too_early(text: &str) -> bool {
    let mut open = 0_usize;
    for (index, part) in text.split('"').enumerate() {
        let outside = index.is_multiple_of(2);
        for letter in part.chars().filter(|_| outside) {
            open = match letter {
                '(' => open.saturating_add(1),
                ')' if open == 0 => return true,
                ')' => open.saturating_sub(1),
                _ => open,
            };
        }
    }
    false
}

fn unreadable(error: ParseError) -> CentralPolicyErrorKind {
    CentralPolicyErrorKind::Unreadable(Box::new(error))
}
