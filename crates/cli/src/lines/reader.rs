//! Reads lines and asks what they ask.

use super::{
    cache::Cache,
    caller::CallerLine,
    fields::{Object, sid},
    layers::{self, Around},
    line::{Line, unreadable},
    object::{Kind, ObjectLine},
};
use crate::{
    answer::{Answer, Part, Question},
    args::{ApiArgs, mapped_desired},
    caller::Subject,
    convert::Form,
    descriptor::read_sddl,
    diagnostic::Diagnostic,
    objects::parse_objects,
};
use sddl_authz::{
    AccessMask, Decision, SecurityDescriptor,
    central_policy::CentralPolicies,
    check::{Options, Unresolved},
    layers::{Disposition, LayerRule, LayerStep, LayeredExplanation},
    sddl,
};
use serde::Serialize;
use serde_json::value::RawValue;
use std::rc::Rc;

/// A reader of lines, which keeps the callers and descriptors of earlier lines.
pub(super) struct LineReader<'a> {
    read: &'a sddl::Options,
    api: &'a ApiArgs,
    pub(super) callers: Cache<Subject>,
    from_sddl: Cache<SecurityDescriptor>,
    from_hex: Cache<SecurityDescriptor>,
    policies: Cache<CentralPolicies>,
}

/// The answer to a line.
pub(super) struct LineAnswer {
    pub(super) decision: Decision,
    pub(super) resolve: Vec<Unresolved>,
    /// The parts of the object; without a tree, one for the whole object.
    pub(super) parts: Vec<Part>,
    /// The layer or rule that denied access to a file or a registry key.
    pub(super) denied_by: Option<DeniedBy>,
}

/// The descriptor or the rule that denied.
#[derive(Serialize)]
pub(super) struct DeniedBy {
    #[serde(flatten)]
    by: LayerOrRule,
    /// The rights that it denied. They may be other ones than those that the line asks for.
    denied_rights: AccessMask,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum LayerOrRule {
    /// The name of the layer that has the descriptor.
    Layer(String),
    /// A rule that is in no descriptor.
    Rule(LayerRule),
}

impl DeniedBy {
    fn of(explanation: &LayeredExplanation) -> Option<Self> {
        let step = explanation.steps.get(explanation.denied_by?)?;
        if let LayerStep::Asked { layer, explanation } = step {
            return Some(Self {
                by: LayerOrRule::Layer(layer.clone()),
                denied_rights: explanation.decision.denial()?.missing,
            });
        }
        let LayerStep::Refused { rule, bits } = step else {
            return None;
        };
        Some(Self {
            by: LayerOrRule::Rule(*rule),
            denied_rights: *bits,
        })
    }
}

impl From<Answer<'_>> for LineAnswer {
    fn from(answer: Answer<'_>) -> Self {
        Self {
            decision: answer.decision,
            resolve: answer.resolve,
            parts: answer.parts,
            denied_by: None,
        }
    }
}

impl From<LayeredExplanation> for LineAnswer {
    fn from(explanation: LayeredExplanation) -> Self {
        Self {
            decision: explanation.decision,
            resolve: explanation.unresolved(),
            parts: Vec::new(),
            denied_by: DeniedBy::of(&explanation),
        }
    }
}

impl<'a> LineReader<'a> {
    pub(super) fn new(read: &'a sddl::Options, api: &'a ApiArgs) -> Self {
        Self {
            read,
            api,
            callers: Cache::new(),
            from_sddl: Cache::new(),
            from_hex: Cache::new(),
            policies: Cache::new(),
        }
    }

    /// How many descriptors were parsed so far.
    pub(super) fn parsed_descriptors(&self) -> u64 {
        self.from_sddl.parsed.saturating_add(self.from_hex.parsed)
    }

    pub(super) fn answer(&mut self, text: &str) -> Result<LineAnswer, Diagnostic> {
        let line: Line<'_, &RawValue> = Line::parse(text)?;
        let read = self.read;
        let subject = self.callers.get(line.caller.get(), || {
            // The whole line is parsed again, so that an error has its place in the line.
            let line: Line<'_, Object<CallerLine<'_>>> = Line::parse(text)?;
            line.caller.0.subject(read)
        })?;
        let none = ObjectLine::default();
        let object = line.object.as_ref().map_or(&none, |Object(object)| object);
        if line.object.is_some() {
            object.check_keys()?;
            check_forms(&line, object, &subject)?;
        }
        if subject.identification && object.kind.is_some_and(Kind::is_layered) {
            let message =
                "caller.impersonation: Windows opens no file and no key for a token of the level identification";
            return Err(Diagnostic::new("impersonation_refused", message));
        }
        let options = self.options(&line, object)?;
        let objects = match &line.objects {
            Some(objects) => parse_objects("objects", objects).map_err(Diagnostic::without_span)?,
            None => object.tree()?,
        };
        let desired = mapped_desired("desired", &line.desired, &options, self.api);
        let mut desired = desired.map_err(Diagnostic::without_span)?;
        if object.kind == Some(Kind::Scm) && !desired.is_empty() {
            // Each request to open the service control manager is one to connect to it.
            desired |= AccessMask::SC_MANAGER_CONNECT;
        }
        let question = Question {
            subject,
            desired,
            objects,
            options,
            policies: self.policies(object)?,
        };
        let descriptor = self.descriptor(&line, object)?;
        if let Some(descriptor) = &descriptor {
            self.api.refuse(descriptor)?;
        }
        match (object.kind, descriptor) {
            (Some(kind), descriptor) if kind.is_layered() => {
                let around = Around::read(object, |text| self.sddl(text))?;
                let check = question.check();
                let explanation = layers::ask(kind, &check, desired, object, &around, descriptor.as_deref())?;
                Ok(explanation.into())
            }
            (_, Some(descriptor)) => Ok(question.ask(&descriptor, false).into()),
            (_, None) => Err(null_descriptor()),
        }
    }

    /// The central policies of the machine. `None` if nothing is said of them: then an object that names one is refused.
    fn policies(&mut self, object: &ObjectLine<'_>) -> Result<Option<Rc<CentralPolicies>>, Diagnostic> {
        let text = match object.policies {
            None => return Ok(None),
            Some(None) => "[]",
            Some(Some(policies)) => policies.get(),
        };
        let read = self.read;
        let policies = self.policies.get(text, || {
            CentralPolicies::parse_with(text, read)
                .map_err(|error| Diagnostic::new(error.code(), format!("object.policies: {error}")))
        });
        policies.map(Some)
    }

    fn sddl(&mut self, text: &str) -> Result<Rc<SecurityDescriptor>, Diagnostic> {
        let read = self.read;
        self.from_sddl.get(text, || read_sddl(text, read))
    }

    /// The descriptor of the object; `None` for an object that is created.
    fn descriptor<C>(
        &mut self,
        line: &Line<'_, C>,
        object: &ObjectLine<'_>,
    ) -> Result<Option<Rc<SecurityDescriptor>>, Diagnostic> {
        let read = self.read;
        match (&line.sddl, &line.hex) {
            (Some(Some(text)), None) => self.sddl(text).map(Some),
            (None | Some(None), Some(text)) => {
                let descriptor = self.from_hex.get(text, || Form::Hex.read(text, read));
                descriptor.map(Some)
            }
            (None, None) => Err(unreadable("missing field `sddl` or `hex`")),
            (Some(None), None) => {
                let creates = layers::disposition(object)? == Disposition::Create;
                if creates && object.parent_sddl.is_some() {
                    Ok(None)
                } else {
                    Err(null_descriptor())
                }
            }
            (Some(Some(_)), Some(_)) => Err(unreadable("`sddl` and `hex` are both given; give one of them")),
        }
    }

    fn options<C>(&self, line: &Line<'_, C>, object: &ObjectLine<'_>) -> Result<Options, Diagnostic> {
        let given = line.mapping.as_ref().map(|mapping| mapping.0);
        let mapping = match object.kind.map(Kind::mapping) {
            None => given.flatten(),
            Some(own) if given.is_none_or(|given| given == Some(own)) => Some(own),
            Some(_) => {
                let message = "mapping: it is not that of object.kind; leave out one of them";
                return Err(Diagnostic::new("mapping_differs", message));
            }
        };
        let mut options = self
            .api
            .options(Options::default())
            .with_backup_intent(line.backup_intent.unwrap_or_default())
            .with_restore_intent(line.restore_intent.unwrap_or_default());
        options.mapping = mapping;
        if let Some(text) = &object.self_sid {
            options.principal_self = Some(sid("object.self_sid", text, self.read)?);
        }
        Ok(options)
    }
}

fn null_descriptor() -> Diagnostic {
    unreadable(
        "`sddl` is null: only an object that is created has none, with object.disposition `create` and object.parent_sddl",
    )
}

/// Refuses a line that says one thing in two forms, and a key beside the object that its kind has no use for.
fn check_forms<C>(line: &Line<'_, C>, object: &ObjectLine<'_>, subject: &Subject) -> Result<(), Diagnostic> {
    let (parts, principal) = (line.objects.is_some(), subject.principal_self.is_some());
    let (backup, restore) = (line.backup_intent.is_some(), line.restore_intent.is_some());
    let rows = [
        ("objects", parts, "types", object.types.is_some()),
        ("caller.self", principal, "self_sid", object.self_sid.is_some()),
        ("backup_intent", backup, "backup_intent", object.backup_intent.is_some()),
        (
            "restore_intent",
            restore,
            "backup_intent",
            object.backup_intent.is_some(),
        ),
    ];
    for (old, is_given, key, is_given_there) in rows {
        if is_given && !object.has_use_for_old(key) {
            return Err(object.misplaced(old));
        }
        if is_given && is_given_there {
            let message = format!("`{old}` and `object.{key}` say the same thing; give one of them");
            return Err(Diagnostic::new("key_repeated", message));
        }
    }
    Ok(())
}
