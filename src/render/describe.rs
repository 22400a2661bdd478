use super::{escape::Escaped, rights::DisplayRights};
use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData},
    acl::AclState,
    descriptor::{Control, SecurityDescriptor},
    mask::RightsTable,
    sddl::{self, AclKind, Violation},
    sid::{DomainSids, Sid, WellKnown},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// A descriptor as text: its owner and group, and a line for each entry. There is no line break at the end.
///
/// ```
/// use sddl_authz::{SecurityDescriptor, render::Description};
/// let descriptor: SecurityDescriptor = "O:BAG:SYD:(D;;CC;;;BG)(A;;CC;;;WD)".parse()?;
/// let text = Description::new(&descriptor).to_string();
/// assert_eq!(text.lines().nth(2).unwrap(), "DACL   2 entries: for each right, the first that applies decides");
/// assert_eq!(text.lines().nth(4).unwrap(), "  1  allow  S-1-1-0 Everyone     0x1 CC");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Description<'a> {
    descriptor: &'a SecurityDescriptor,
    names: RightsTable,
    domains: DomainSids,
    violations: &'a [Violation],
}

impl<'a> Description<'a> {
    /// The description of a descriptor. Rights have the names of standard rights.
    #[must_use]
    pub fn new(descriptor: &'a SecurityDescriptor) -> Self {
        Self {
            descriptor,
            names: RightsTable::STANDARD,
            domains: DomainSids::default(),
            violations: &[],
        }
    }

    /// Names the rights of one kind of object, for example of files.
    #[must_use]
    pub const fn with_names(mut self, names: RightsTable) -> Self {
        self.names = names;
        self
    }

    /// Names the well-known accounts of these domains, for example Domain Admins.
    #[must_use]
    pub const fn with_domains(mut self, domains: DomainSids) -> Self {
        self.domains = domains;
        self
    }

    /// Lists the violations of the documented grammar that [`inspect`](sddl::inspect) found in the text.
    #[must_use]
    pub const fn with_violations(mut self, violations: &'a [Violation]) -> Self {
        self.violations = violations;
        self
    }

    fn sid(&self, sid: &Sid) -> String {
        match WellKnown::by_sid(sid, &self.domains) {
            Some(row) => format!("{sid} {}", row.name),
            None => sid.to_string(),
        }
    }

    fn account(&self, sid: Option<&Sid>) -> String {
        sid.map_or_else(|| "none".to_string(), |sid| self.sid(sid))
    }

    fn write_list(&self, f: &mut fmt::Formatter<'_>, list: AclKind, state: &AclState) -> fmt::Result {
        write!(f, "\n{:<6} ", list.to_string())?;
        let dacl = list == AclKind::Dacl;
        match state {
            AclState::Absent if dacl => f.write_str("absent: nothing is protected, everybody may do everything")?,
            AclState::Absent => f.write_str("absent")?,
            AclState::Null if dacl => f.write_str("NULL: nothing is protected, everybody may do everything")?,
            AclState::Null => f.write_str("NULL")?,
            AclState::Present(acl) if acl.aces().is_empty() && dacl => {
                f.write_str("empty: nobody may do anything, but for the owner's right to read and change the DACL")?;
            }
            AclState::Present(acl) => match acl.aces().len() {
                0 => f.write_str("empty")?,
                1 => f.write_str("1 entry")?,
                count if dacl => write!(f, "{count} entries: for each right, the first that applies decides")?,
                count => write!(f, "{count} entries")?,
            },
        }
        for words in self.list_flags(list) {
            write!(f, "; {words}")?;
        }
        let entries = state.acl().map_or(&[][..], |acl| acl.aces());
        let number = entries.len().saturating_sub(1).to_string().len();
        let kinds: Vec<_> = entries.iter().map(|ace| type_words(ace.ace_type())).collect();
        let width = kinds.iter().map(String::len).max().unwrap_or(0);
        let trustees: Vec<_> = entries
            .iter()
            .map(|ace| ace.trustee().map_or_else(String::new, |sid| self.sid(sid)))
            .collect();
        let trustee_width = trustees.iter().map(String::len).max().unwrap_or(0);
        for (index, ((ace, kind), trustee)) in entries.iter().zip(&kinds).zip(&trustees).enumerate() {
            write!(f, "\n  {index:>number$}  {kind:<width$}")?;
            if ace.trustee().is_some() {
                let rights = DisplayRights::new(ace.mask(), self.names_of(ace)).of_entry(ace.ace_type());
                write!(f, "  {trustee:<trustee_width$}  {rights}")?;
            }
            Self::write_details(f, ace)?;
        }
        Ok(())
    }

    fn names_of(&self, ace: &Ace) -> RightsTable {
        if ace.ace_type() == AceType::MandatoryLabel {
            RightsTable::LABEL
        } else {
            self.names
        }
    }

    fn list_flags(&self, list: AclKind) -> impl Iterator<Item = &'static str> {
        let control = self.descriptor.control();
        LIST_FLAGS
            .iter()
            .filter(move |(of, flag, _)| *of == list && control.contains(*flag))
            .map(|&(_, _, words)| words)
    }

    fn write_details(f: &mut fmt::Formatter<'_>, ace: &Ace) -> fmt::Result {
        let objects = ace.objects();
        if let Some(object) = objects.object {
            write!(f, "; only for object {object}")?;
        }
        if let Some(inherited) = objects.inherited {
            write!(f, "; inherited by objects of class {inherited}")?;
        }
        for (flag, words) in FLAGS {
            if ace.flags().contains(flag) {
                let words = match (ace.ace_type(), flag) {
                    (AceType::AccessFilter, AceFlags::TRUST_PROTECTED) => "trust-protected",
                    _ => words,
                };
                write!(f, "; {words}")?;
            }
        }
        let options = sddl::Options::default();
        match ace.data() {
            ApplicationData::None => Ok(()),
            ApplicationData::Condition(condition) => match sddl::condition_to_text(condition, &options) {
                Some(text) => write!(f, "; if {}", Escaped(&text)),
                None => f.write_str("; if a condition is true that SDDL can't express"),
            },
            ApplicationData::Claim(claim) => match sddl::claim_to_text(claim, &options) {
                Some(text) => write!(f, "; {}", Escaped(&text)),
                None => f.write_str("; a claim that SDDL can't express"),
            },
            ApplicationData::Opaque(bytes) if ace.has_malformed_condition() => {
                write!(
                    f,
                    "; if a condition is true that is malformed, so it is unknown ({} bytes)",
                    bytes.len()
                )
            }
            ApplicationData::Opaque(bytes) => write!(f, "; {} bytes that are not evaluated", bytes.len()),
        }
    }
}

static LIST_FLAGS: [(AclKind, Control, &str); 6] = [
    (AclKind::Dacl, Control::DACL_PROTECTED, "protected: inherits nothing"),
    (
        AclKind::Dacl,
        Control::DACL_AUTO_INHERIT_REQUESTED,
        "inheritance asked for",
    ),
    (AclKind::Dacl, Control::DACL_AUTO_INHERITED, "inherits automatically"),
    (AclKind::Sacl, Control::SACL_PROTECTED, "protected: inherits nothing"),
    (
        AclKind::Sacl,
        Control::SACL_AUTO_INHERIT_REQUESTED,
        "inheritance asked for",
    ),
    (AclKind::Sacl, Control::SACL_AUTO_INHERITED, "inherits automatically"),
];

const FLAGS: [(AceFlags, &str); 8] = [
    (AceFlags::INHERIT_ONLY, "only to be inherited, not for this object"),
    (AceFlags::OBJECT_INHERIT, "inherited by objects"),
    (AceFlags::CONTAINER_INHERIT, "inherited by containers"),
    (AceFlags::NO_PROPAGATE, "not by their children"),
    (AceFlags::INHERITED, "was inherited"),
    (AceFlags::CRITICAL, "critical"),
    (AceFlags::SUCCESSFUL_ACCESS, "on success"),
    (AceFlags::FAILED_ACCESS, "on failure"),
];

/// The type of an entry, in words.
pub(super) fn type_words(ace_type: AceType) -> String {
    let words = match ace_type {
        AceType::Allow => "allow",
        AceType::Deny => "deny",
        AceType::Audit => "audit",
        AceType::Alarm => "alarm",
        AceType::CompoundAllow => "compound allow (unreadable)",
        AceType::ObjectAllow => "object allow",
        AceType::ObjectDeny => "object deny",
        AceType::ObjectAudit => "object audit",
        AceType::ObjectAlarm => "object alarm",
        AceType::CallbackAllow => "callback allow",
        AceType::CallbackDeny => "callback deny",
        AceType::CallbackObjectAllow => "callback object allow",
        AceType::CallbackObjectDeny => "callback object deny",
        AceType::CallbackAudit => "callback audit",
        AceType::CallbackAlarm => "callback alarm",
        AceType::CallbackObjectAudit => "callback object audit",
        AceType::CallbackObjectAlarm => "callback object alarm",
        AceType::MandatoryLabel => "mandatory label",
        AceType::ResourceAttribute => "resource attribute",
        AceType::ScopedPolicy => "central policy",
        AceType::ProcessTrustLabel => "process trust label",
        AceType::AccessFilter => "access filter",
        AceType::Unknown(_) => return format!("unknown type {:#04x} (unreadable)", ace_type.code()),
    };
    words.to_string()
}

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let descriptor = self.descriptor;
        write!(f, "owner  {}", self.account(descriptor.owner.as_ref()))?;
        write!(f, "\ngroup  {}", self.account(descriptor.group.as_ref()))?;
        self.write_list(f, AclKind::Dacl, &descriptor.dacl)?;
        self.write_list(f, AclKind::Sacl, &descriptor.sacl)?;
        if !self.violations.is_empty() {
            f.write_str("\ntolerated, as Windows does, though the documented grammar has no such thing:")?;
        }
        for Violation { kind, span } in self.violations {
            let kind = kind.to_string();
            write!(f, "\n  {} at {}..{}", Escaped(&kind), span.start, span.end)?;
        }
        Ok(())
    }
}
