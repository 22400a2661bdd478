#![expect(clippy::inline_always, reason = "most descriptors have none")]

use super::{label::Label, options::Options};
use crate::{
    ace::{Ace, AceType, ApplicationData},
    acl::AclState,
    claim::Claim,
    condition::{Utf16, compare_names},
    limits::MAX_RESOURCE_ATTRIBUTES,
};
use core::ops::Range;

/// The entries of a SACL that a check needs. Of inherit-only entries, only resource attributes count.
#[derive(Clone, Copy, Debug)]
pub(super) struct SystemEntries<'a> {
    pub(super) attributes: ResourceAttributes<'a>,
    pub(super) label: Label,
    /// The index of the first entry that would limit access in a way that is not evaluated.
    pub(super) unevaluated: Option<usize>,
}

/// The entries of a SACL from the first resource attribute to the last.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResourceAttributes<'a>(&'a [Ace]);

/// The resource attribute of some name.
pub(super) enum Resource<'a> {
    Claim(&'a Claim),
    Absent,
    /// More than one entry has this name.
    Repeated,
    /// There are more than [`MAX_RESOURCE_ATTRIBUTES`] entries to look in.
    TooMany,
}

impl<'a> SystemEntries<'a> {
    #[inline(always)]
    pub(super) fn of(sacl: &'a AclState, options: &Options, evaluates_policies: bool) -> Self {
        let entries = sacl.aces();
        if entries.is_empty() {
            Self::NONE
        } else {
            Self::read(entries, options, evaluates_policies)
        }
    }

    const NONE: Self = Self {
        attributes: ResourceAttributes(&[]),
        label: Label::DEFAULT,
        unevaluated: None,
    };

    fn read(entries: &'a [Ace], options: &Options, evaluates_policies: bool) -> Self {
        let mut found = Self::NONE;
        let mut attributes: Option<Range<usize>> = None;
        // The first label counts. If it is inherit-only, the object has the default label, whatever labels follow.
        let mut labeled = false;
        for (index, ace) in entries.iter().enumerate() {
            if matches!(ace.data(), ApplicationData::Claim(_)) {
                let first = attributes.map_or(index, |range| range.start);
                attributes = Some(first..index.saturating_add(1));
            }
            let ace_type = ace.ace_type();
            if ace_type == AceType::MandatoryLabel && !labeled {
                labeled = true;
                if !ace.is_inherit_only() {
                    found.label = Label::of(ace, index);
                }
            }
            if ace.is_inherit_only() {
                continue;
            }
            let system_policy = (ace_type == AceType::ScopedPolicy && !evaluates_policies)
                || matches!(ace_type, AceType::ProcessTrustLabel | AceType::AccessFilter);
            let unknown = matches!(ace_type, AceType::Unknown(_));
            let limits = (system_policy && !options.skip_system_policies) || (unknown && !options.skip_unknown_types);
            if limits && found.unevaluated.is_none() {
                found.unevaluated = Some(index);
            }
        }
        let attributes = attributes.and_then(|range| entries.get(range));
        found.attributes = ResourceAttributes(attributes.unwrap_or_default());
        found
    }
}

impl<'a> ResourceAttributes<'a> {
    /// Finds the resource attribute of this name.
    pub(super) fn named(self, name: Utf16<'_>) -> Resource<'a> {
        let named = |ace: &'a Ace| {
            let ApplicationData::Claim(claim) = ace.data() else {
                return None;
            };
            compare_names(claim.name(), name).is_eq().then_some(claim)
        };
        if self.0.len() > MAX_RESOURCE_ATTRIBUTES {
            return Resource::TooMany;
        }
        let mut named = self.0.iter().filter_map(named);
        match (named.next(), named.next()) {
            (None, _) => Resource::Absent,
            (Some(claim), None) => Resource::Claim(claim),
            (Some(_), Some(_)) => Resource::Repeated,
        }
    }
}
