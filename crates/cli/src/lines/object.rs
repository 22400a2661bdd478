//! The object of a line: its kind, its parts, and the descriptors around it.

use super::fields::{Object, flag, given, nullable};
use crate::{diagnostic::Diagnostic, objects::object_tree};
use sddl_authz::{GenericMapping, check::ObjectTree};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The facts about the object. A null is an error, so that a fact that got lost is not taken for one that does not exist.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ObjectLine<'a> {
    #[serde(default, deserialize_with = "given")]
    pub(super) kind: Option<Kind>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) types: Option<Vec<Object<TypeLine<'a>>>>,
    #[serde(default, deserialize_with = "flag")]
    list: Option<bool>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) self_sid: Option<Cow<'a, str>>,
    /// Null says that the machine has no policies.
    #[serde(borrow, default, deserialize_with = "nullable")]
    pub(super) policies: Option<Option<&'a RawValue>>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) parent_sddl: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) share_sddl: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) volume_guard: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) ancestors: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) new_parent_sddl: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) target_sddl: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) attributes: Option<Object<Attributes>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) target_attributes: Option<Object<Attributes>>,
    #[serde(borrow, default, deserialize_with = "given")]
    pub(super) disposition: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) delete_on_close: Option<bool>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) backup_intent: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypeLine<'a> {
    level: u16,
    #[serde(borrow)]
    guid: Cow<'a, str>,
}

/// The attributes of a file that a check uses.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attributes {
    #[serde(default, deserialize_with = "flag")]
    pub(super) readonly: Option<bool>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) directory: Option<bool>,
}

/// The kind of an object, which says which keys it has, and which rules besides the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// A file, or a directory.
    File,
    /// A directory.
    Directory,
    /// A file that is opened through a share.
    Share,
    /// A file in a listing with access-based enumeration: whether it is shown.
    AccessBasedEnumeration,
    /// The rights that an SMB server reports for the file.
    SmbMaximalAccess,
    /// A registry key.
    Key,
    /// An object of Active Directory, by the plain check.
    Ds,
    /// A service.
    Service,
    /// The service control manager.
    Scm,
}

impl Kind {
    /// Whether more than the check of one descriptor decides about it.
    pub(super) const fn is_layered(self) -> bool {
        !matches!(self, Self::Ds | Self::Service | Self::Scm)
    }

    /// The meaning of generic rights for this kind.
    pub(super) const fn mapping(self) -> GenericMapping {
        match self {
            Self::File | Self::Directory | Self::Share | Self::AccessBasedEnumeration | Self::SmbMaximalAccess => {
                GenericMapping::FILE
            }
            Self::Key => GenericMapping::KEY,
            Self::Ds => GenericMapping::DIRECTORY,
            Self::Service => GenericMapping::SERVICE,
            Self::Scm => GenericMapping::SERVICE_MANAGER,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Share => "share",
            Self::AccessBasedEnumeration => "access-based-enumeration",
            Self::SmbMaximalAccess => "smb-maximal-access",
            Self::Key => "key",
            Self::Ds => "ds",
            Self::Service => "service",
            Self::Scm => "scm",
        }
    }

    /// The keys that it has a use for, besides `kind`.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::File | Self::Directory | Self::Share => &[
                "policies",
                "parent_sddl",
                "share_sddl",
                "volume_guard",
                "ancestors",
                "new_parent_sddl",
                "target_sddl",
                "target_attributes",
                "attributes",
                "disposition",
                "delete_on_close",
                "backup_intent",
            ],
            // The parent adds nothing to these answers.
            Self::AccessBasedEnumeration | Self::SmbMaximalAccess => &["policies", "parent_sddl"],
            Self::Key => &["parent_sddl", "disposition", "backup_intent"],
            Self::Ds => &["types", "list", "self_sid"],
            Self::Service | Self::Scm => &[],
        }
    }
}

/// The keys of an object without a kind.
const PLAIN_KEYS: &[&str] = &["types", "list", "self_sid", "policies"];

impl ObjectLine<'_> {
    /// Whether this kind of object has a use for the old form of a key. Without a kind it may be a file, so the intents of files have
    /// one. A registry key is opened for backup and restore at once, which the old form can't say.
    pub(super) fn has_use_for_old(&self, key: &str) -> bool {
        match self.kind {
            Some(Kind::Key) if key == "backup_intent" => false,
            Some(kind) => kind.keys().contains(&key),
            None => PLAIN_KEYS.contains(&key) || key == "backup_intent",
        }
    }

    /// The error about a key that this kind of object has no use for.
    pub(super) fn misplaced(&self, key: &str) -> Diagnostic {
        let whose = match self.kind {
            Some(kind) => format!("of the kind `{}`", kind.name()),
            None => String::from("without a kind"),
        };
        let message = format!("{key}: an object {whose} has no use for it");
        Diagnostic::new("key_misplaced", message)
    }

    /// Refuses a key that this kind of object has no use for, and the lack of one that it needs.
    pub(super) fn check_keys(&self) -> Result<(), Diagnostic> {
        let given = [
            ("types", self.types.is_some()),
            ("list", self.list.is_some()),
            ("self_sid", self.self_sid.is_some()),
            ("policies", self.policies.is_some()),
            ("parent_sddl", self.parent_sddl.is_some()),
            ("share_sddl", self.share_sddl.is_some()),
            ("volume_guard", self.volume_guard.is_some()),
            ("ancestors", self.ancestors.is_some()),
            ("new_parent_sddl", self.new_parent_sddl.is_some()),
            ("target_sddl", self.target_sddl.is_some()),
            ("target_attributes", self.target_attributes.is_some()),
            ("attributes", self.attributes.is_some()),
            ("disposition", self.disposition.is_some()),
            ("delete_on_close", self.delete_on_close.is_some()),
            ("backup_intent", self.backup_intent.is_some()),
        ];
        let known = self.kind.map_or(PLAIN_KEYS, Kind::keys);
        match given.iter().find(|(key, is_given)| *is_given && !known.contains(key)) {
            Some((key, _)) => Err(self.misplaced(&format!("object.{key}"))),
            None if self.kind == Some(Kind::Share) && self.share_sddl.is_none() => {
                let message = "object.share_sddl: an object of the kind `share` needs it";
                Err(Diagnostic::new("key_missing", message))
            }
            None if self.target_sddl.is_some() && self.new_parent_sddl.is_none() => {
                let message =
                    "object.target_sddl: it needs object.new_parent_sddl, the directory that the file is renamed into";
                Err(Diagnostic::new("key_missing", message))
            }
            None if self.target_attributes.is_some() && self.target_sddl.is_none() => {
                let message = "object.target_attributes: they need object.target_sddl, the file that is replaced";
                Err(Diagnostic::new("key_missing", message))
            }
            None => Ok(()),
        }
    }

    /// The parts of the object.
    pub(super) fn tree(&self) -> Result<Option<ObjectTree>, Diagnostic> {
        let field = "object.types";
        match self.types.as_deref() {
            Some(types) if !types.is_empty() => {
                let nodes = types.iter().map(|Object(node)| (node.level, node.guid.as_ref()));
                object_tree(field, nodes).map(Some).map_err(Diagnostic::without_span)
            }
            _ if self.list == Some(true) => {
                let message = format!("{field}: object.list needs the types that are listed");
                Err(Diagnostic::new("object_tree_empty", message))
            }
            _ => Ok(None),
        }
    }
}
