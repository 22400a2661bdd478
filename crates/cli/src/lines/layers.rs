//! Files, with what is around them, and registry keys.

use super::{
    fields::Object,
    object::{Attributes, Kind, ObjectLine},
};
use crate::diagnostic::Diagnostic;
use sddl_authz::{
    AccessCheck, AccessMask, SecurityDescriptor,
    layers::{Disposition, FileAccess, KeyAccess, LayeredExplanation, Rename},
};
use std::{borrow::Cow, rc::Rc};

/// The descriptors around an object.
pub(super) struct Around {
    share: Option<Rc<SecurityDescriptor>>,
    volume_guard: Option<Rc<SecurityDescriptor>>,
    parent: Option<Rc<SecurityDescriptor>>,
    new_parent: Option<Rc<SecurityDescriptor>>,
    target: Option<Rc<SecurityDescriptor>>,
    ancestors: Vec<SecurityDescriptor>,
}

impl Around {
    /// Reads the descriptors around the object of a line.
    pub(super) fn read(
        object: &ObjectLine<'_>,
        mut read: impl FnMut(&str) -> Result<Rc<SecurityDescriptor>, Diagnostic>,
    ) -> Result<Self, Diagnostic> {
        let mut read = |field: &str, text: &str| read(text).map_err(|diagnostic| diagnostic.in_field(field));
        let mut optional = |field, text: &Option<Cow<'_, str>>| {
            let descriptor = text.as_deref().map(|text| read(field, text));
            descriptor.transpose()
        };
        Ok(Self {
            share: optional("object.share_sddl", &object.share_sddl)?,
            volume_guard: optional("object.volume_guard", &object.volume_guard)?,
            parent: optional("object.parent_sddl", &object.parent_sddl)?,
            new_parent: optional("object.new_parent_sddl", &object.new_parent_sddl)?,
            target: optional("object.target_sddl", &object.target_sddl)?,
            ancestors: object
                .ancestors
                .iter()
                .flatten()
                .map(|text| read("object.ancestors", text).map(|descriptor| SecurityDescriptor::clone(&descriptor)))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Asks about a file or a key. `descriptor` is `None` for an object that is created.
pub(super) fn ask(
    kind: Kind,
    question: &AccessCheck<'_>,
    desired: AccessMask,
    object: &ObjectLine<'_>,
    around: &Around,
    descriptor: Option<&SecurityDescriptor>,
) -> Result<LayeredExplanation, Diagnostic> {
    if kind == Kind::Key {
        return ask_key(question, object, around, descriptor);
    }
    let access = file_access(kind, question, object, around)?;
    let refuse = |message: &str| Err(Diagnostic::new("key_misplaced", message));
    match (kind, descriptor, &around.new_parent) {
        (Kind::AccessBasedEnumeration, Some(descriptor), _) => {
            const LISTED: AccessMask = AccessMask::from_bits_retain(0x0002_0089);
            if desired != LISTED {
                return refuse("desired: a listing asks for 0x20089, and for no other right");
            }
            Ok(access.explain_listed(descriptor))
        }
        (Kind::SmbMaximalAccess, Some(descriptor), _) => {
            if desired != AccessMask::MAXIMUM_ALLOWED {
                return refuse("desired: a request for the maximal access asks for max, and for no other right");
            }
            Ok(access.explain_maximal_access(descriptor))
        }
        (_, Some(descriptor), Some(new_parent)) => {
            if desired != AccessMask::DELETE {
                return refuse("desired: a rename asks for DELETE, 0x10000, and for no other right, so not for max");
            }
            if object.disposition.is_some() || object.delete_on_close.is_some() {
                return refuse("object.new_parent_sddl: a rename has no disposition and no delete_on_close");
            }
            let mut rename = Rename::into(new_parent);
            if let Some(target) = &around.target {
                let attributes = attributes(&object.target_attributes);
                rename = rename
                    .replacing(target)
                    .replacing_read_only(attributes.readonly.unwrap_or_default())
                    .replacing_directory(attributes.directory.unwrap_or_default());
            }
            Ok(access.explain_rename(descriptor, &rename))
        }
        (_, Some(descriptor), None) => Ok(access.explain(descriptor)),
        (_, None, None) => Ok(access.explain_new()),
        (_, None, Some(_)) => refuse("object.new_parent_sddl: a file that is created is not renamed"),
    }
}

fn file_access<'a>(
    kind: Kind,
    question: &AccessCheck<'a>,
    object: &ObjectLine<'_>,
    around: &'a Around,
) -> Result<FileAccess<'a>, Diagnostic> {
    let attributes = attributes(&object.attributes);
    let directory = match (kind, attributes.directory) {
        (Kind::Directory, Some(false)) => {
            let message = "object.attributes.directory: an object of the kind `directory` has this attribute";
            return Err(Diagnostic::new("attribute_differs", message));
        }
        (kind, directory) => kind == Kind::Directory || directory.unwrap_or_default(),
    };
    let mut access = FileAccess::new(question)
        .ancestors(&around.ancestors)
        .disposition(disposition(object)?)
        .read_only(attributes.readonly.unwrap_or_default())
        .directory(directory)
        .delete_on_close(object.delete_on_close.unwrap_or_default());
    if let Some(intent) = object.backup_intent {
        access = access.backup_intent(intent);
    }
    if let Some(share) = &around.share {
        access = access.share(share);
    }
    if let Some(guard) = &around.volume_guard {
        access = access.volume_guard(guard);
    }
    if let Some(parent) = &around.parent {
        access = access.parent(parent);
    }
    Ok(access)
}

fn attributes(line: &Option<Object<Attributes>>) -> Attributes {
    line.as_ref().map(|Object(attributes)| *attributes).unwrap_or_default()
}

fn ask_key(
    question: &AccessCheck<'_>,
    object: &ObjectLine<'_>,
    around: &Around,
    descriptor: Option<&SecurityDescriptor>,
) -> Result<LayeredExplanation, Diagnostic> {
    if !matches!(
        disposition(object)?,
        Disposition::Open | Disposition::Create | Disposition::OpenIf
    ) {
        let message = "object.disposition: a key is opened or created";
        return Err(Diagnostic::new("disposition_unknown", message));
    }
    let mut access = KeyAccess::new(question).backup_restore(object.backup_intent.unwrap_or_default());
    if let Some(parent) = &around.parent {
        access = access.parent(parent);
    }
    // A request to create a key that exists opens it.
    Ok(match descriptor {
        Some(descriptor) => access.explain(descriptor),
        None => access.explain_new(),
    })
}

/// The disposition of the request.
pub(super) fn disposition(object: &ObjectLine<'_>) -> Result<Disposition, Diagnostic> {
    match &object.disposition {
        None => Ok(Disposition::Open),
        Some(text) => text
            .parse()
            .map_err(|error| Diagnostic::new("disposition_unknown", format!("object.disposition: `{text}`: {error}"))),
    }
}
