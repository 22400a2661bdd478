use crate::support::model::Case;
use sddl_authz::{
    AccessCheck, Caller, Decision, GenericMapping, SecurityDescriptor,
    caller::Privileges,
    check::{DenialReason, Unresolved},
    layers::{Disposition, FileAccess, Layer, LayerStep, LayeredExplanation, Rename, check_all, explain_all},
};

const MAXIMUM: u32 = 0x0200_0000;
const SECURITY: u32 = 0x0100_0000;
const FILE_ALL_ACCESS: u32 = 0x1f_01ff;
const DELETE: u32 = 0x1_0000;
const WRITE_OWNER: u32 = 0x8_0000;
const READ_ATTRIBUTES: u32 = 0x80;

/// A file and its surroundings.
struct Scene {
    case: Case,
    share: Option<SecurityDescriptor>,
    guard: Option<SecurityDescriptor>,
    parent: Option<SecurityDescriptor>,
    ancestors: Vec<SecurityDescriptor>,
    disposition: Disposition,
    read_only: bool,
    directory: bool,
    delete_on_close: bool,
}

impl Scene {
    fn from_bytes(data: &[u8]) -> Self {
        let (choices, rest) = data.split_at_checked(2).unwrap_or((&[], data));
        let bit = |place: usize| {
            choices
                .iter()
                .flat_map(|byte| (0..8).map(move |at| byte & (1 << at) != 0))
                .nth(place)
                == Some(true)
        };
        let size = rest.len().div_ceil(5).max(1);
        let mut chunks = rest.chunks(size);
        let case = Case::from_bytes(chunks.next().unwrap_or_default());
        let mut descriptor = || Case::from_bytes(chunks.next().unwrap_or_default()).descriptor;
        let [share, guard, parent, ancestor] = [descriptor(), descriptor(), descriptor(), descriptor()];
        let dispositions = [
            Disposition::Open,
            Disposition::Open,
            Disposition::OpenIf,
            Disposition::Create,
            Disposition::Overwrite,
            Disposition::OverwriteIf,
            Disposition::Supersede,
        ];
        let choice = choices.get(1).map_or(0, |byte| usize::from(byte >> 4));
        Self {
            case,
            share: bit(0).then_some(share),
            guard: bit(1).then_some(guard),
            parent: (!bit(2)).then_some(parent),
            ancestors: if bit(3) { vec![ancestor] } else { Vec::new() },
            disposition: dispositions.get(choice).copied().unwrap_or_default(),
            read_only: bit(5),
            directory: bit(6),
            delete_on_close: bit(7),
        }
    }

    fn question<'a>(&self, caller: &'a Caller) -> AccessCheck<'a> {
        AccessCheck::new(caller, self.case.desired).options(self.case.options)
    }

    fn access<'a>(&'a self, question: &AccessCheck<'a>) -> FileAccess<'a> {
        let mut access = FileAccess::new(question)
            .ancestors(&self.ancestors)
            .disposition(self.disposition)
            .read_only(self.read_only)
            .directory(self.directory)
            .delete_on_close(self.delete_on_close);
        if let Some(share) = &self.share {
            access = access.share(share);
        }
        if let Some(guard) = &self.guard {
            access = access.volume_guard(guard);
        }
        if let Some(parent) = &self.parent {
            access = access.parent(parent);
        }
        access
    }

    /// The rules of [MS-FSA] 2.1.5.1 and [MS-SMB2] 3.3.5.9, bit by bit.
    fn rules<'a>(&'a self, caller: &'a Caller) -> Rules<'a> {
        Rules { scene: self, caller }
    }
}

/// The plain check, with the answers that the rules need.
#[derive(Clone, Copy)]
struct Rules<'a> {
    scene: &'a Scene,
    caller: &'a Caller,
}

impl Rules<'_> {
    fn ask(self, descriptor: &SecurityDescriptor, desired: u32, intent: bool) -> Decision {
        let mut options = self.scene.case.options.with_mapping(GenericMapping::FILE);
        let backs_up = matches!(
            self.scene.disposition,
            Disposition::Open | Disposition::OpenIf | Disposition::OverwriteIf
        );
        options.backup_intent &= intent && backs_up;
        options.restore_intent &= intent;
        AccessCheck::new(self.caller, desired.into())
            .options(options)
            .check(descriptor)
    }

    fn has(self, descriptor: &SecurityDescriptor, right: u32) -> bool {
        self.ask(descriptor, right, false).is_allowed()
    }

    fn desired(self) -> u32 {
        GenericMapping::FILE.map(self.scene.case.desired).bits()
    }

    /// The rights that the share and the volume guard leave of the maximum, or `None` if they refuse one that is needed.
    fn front(self, needed: u32) -> Option<u32> {
        let mut left = u32::MAX;
        let layers = [(&self.scene.share, SECURITY), (&self.scene.guard, 0)];
        for (layer, exempt) in layers {
            let Some(layer) = layer else { continue };
            // A share that grants nothing can't be connected to, though a privilege grants WRITE_OWNER.
            let takes_ownership = self.caller.privileges().contains(Privileges::TAKE_OWNERSHIP);
            if takes_ownership && needed & WRITE_OWNER != 0 && !self.has(layer, MAXIMUM) {
                return None;
            }
            if needed & !exempt == 0 || !single(needed & !exempt & !MAXIMUM).all(|right| self.has(layer, right)) {
                return None;
            }
            if needed & MAXIMUM != 0 {
                left &= self.ask(layer, needed & !exempt, false).granted().bits() | exempt;
            }
        }
        let traverses = self.caller.privileges().contains(Privileges::CHANGE_NOTIFY)
            || self.scene.ancestors.iter().all(|above| self.has(above, 0x20));
        traverses.then_some(left)
    }

    fn is_request(self) -> bool {
        let desired = self.desired();
        desired != 0 && desired & 0x0ce0_fe00 == 0 && (!self.scene.delete_on_close || desired & DELETE != 0)
    }

    /// The rights on the file itself, out of `remaining`; `None` if its descriptor can't be decided about.
    fn own(self, file: &SecurityDescriptor, remaining: u32) -> Option<u32> {
        let reason = |decision: Decision| decision.denial().map(|denial| denial.reason);
        let undecided = |reason| !matches!(reason, DenialReason::NotGranted | DenialReason::Undetermined);
        if reason(self.ask(file, remaining, true)).is_some_and(undecided) {
            return None;
        }
        let mut granted = 0;
        if remaining & MAXIMUM != 0 {
            let found = self.ask(file, remaining & (MAXIMUM | SECURITY), true).granted();
            granted = found.bits() & (FILE_ALL_ACCESS | SECURITY);
        }
        for right in single(remaining & !MAXIMUM) {
            if self.ask(file, right, true).is_allowed() {
                granted |= right;
            }
        }
        if remaining & MAXIMUM != 0 && self.scene.read_only {
            granted &= !0x46;
        }
        let parent_has = |right| self.scene.parent.as_ref().is_some_and(|parent| self.has(parent, right));
        if remaining & (MAXIMUM | DELETE) != 0 && parent_has(0x40) {
            granted |= DELETE;
        }
        if remaining & (MAXIMUM | READ_ATTRIBUTES) != 0 && parent_has(0x1) {
            granted |= READ_ATTRIBUTES;
        }
        Some(granted)
    }

    fn open(self) -> Option<u32> {
        let Scene {
            disposition,
            read_only,
            directory,
            delete_on_close,
            ..
        } = *self.scene;
        let desired = self.desired();
        let added = match disposition {
            Disposition::Open | Disposition::OpenIf => 0,
            Disposition::Create => return None,
            Disposition::Overwrite | Disposition::OverwriteIf => 0x112,
            Disposition::Supersede => 0x110 | DELETE,
        };
        let refused = !self.is_request()
            || directory && added != 0
            || read_only && !directory && (desired & 0x6 != 0 || added != 0)
            || read_only && delete_on_close;
        if refused {
            return None;
        }
        let remaining = desired | added;
        let left = self.front(remaining)?;
        let granted = self.own(&self.scene.case.descriptor, remaining)?;
        if remaining & !granted & !MAXIMUM != 0 {
            return None;
        }
        some_of(desired, granted & left)
    }

    fn create(self) -> Option<u32> {
        let desired = self.desired();
        let creates = !matches!(self.scene.disposition, Disposition::Open | Disposition::Overwrite);
        if !self.is_request() || !creates || self.scene.read_only && self.scene.delete_on_close {
            return None;
        }
        let add = if self.scene.directory { 0x4 } else { 0x2 };
        let left = self.front(desired | add)?;
        let holds = |privilege| self.caller.privileges().contains(privilege);
        let options = self.scene.case.options;
        let backs_up = matches!(self.scene.disposition, Disposition::OpenIf | Disposition::OverwriteIf);
        let security = holds(Privileges::SECURITY)
            || options.restore_intent && holds(Privileges::RESTORE)
            || options.backup_intent && backs_up && holds(Privileges::BACKUP);
        // Privileges are the user's, and an app container must be granted every right, too.
        if desired & SECURITY != 0 && (!security || self.caller.app_container().is_some()) {
            return None;
        }
        let parent = self.scene.parent.as_ref()?;
        if !self.ask(parent, add, true).is_allowed() {
            return None;
        }
        some_of(desired, (desired & !MAXIMUM | FILE_ALL_ACCESS) & left)
    }
}

/// The rights that a request is granted: those that it names, or everything of the maximum.
fn some_of(desired: u32, granted: u32) -> Option<u32> {
    if desired & MAXIMUM == 0 {
        return Some(desired);
    }
    (desired & !MAXIMUM & !granted == 0 && granted != 0).then_some(granted)
}

fn single(mask: u32) -> impl Iterator<Item = u32> {
    (0..32).map(|place| 1 << place).filter(move |right| mask & right != 0)
}

/// `caller`, with an answer to a question about it. Claims are left open.
fn resolved(caller: Caller, fact: &Unresolved, answer: bool) -> Caller {
    match (fact, answer) {
        (Unresolved::Group(sid), true) => caller.with_groups([*sid]).expect("a group that may be held"),
        (Unresolved::Group(sid), false) => caller.with_ruled_out_groups([*sid]),
        (Unresolved::DeviceGroup(sid), true) => caller.with_device_groups([*sid]).expect("a group that may be held"),
        (Unresolved::DeviceGroup(sid), false) => caller.with_ruled_out_device_groups([*sid]),
        (Unresolved::Claim { .. }, _) => caller,
    }
}

/// The explanation has the decision, and each step that asked a descriptor has the decision of its own steps.
fn explains(decision: Decision, explanation: &LayeredExplanation) {
    assert_eq!(decision, explanation.decision);
    for step in &explanation.steps {
        if let LayerStep::Asked { explanation, .. } = step {
            assert_eq!(explanation.replay(), explanation.decision);
        }
    }
    if decision.is_allowed() {
        assert_eq!(explanation.denied_by, None);
    } else if let Some(step) = explanation.denied_by {
        let denies = explanation.steps.get(step).is_some_and(|step| {
            matches!(step, LayerStep::Refused { .. })
                || matches!(step, LayerStep::Asked { explanation, .. } if !explanation.decision.is_allowed())
        });
        assert!(denies, "{explanation:?}");
    }
    assert!(decision.is_undetermined() || explanation.unresolved().is_empty());
}

/// The input is turned into a caller, a request, a file and its surroundings. Opening, creating, listing and renaming follow the rules;
/// nothing in front of the file adds a right; the parent adds its two rights alone; an unknown fact adds none.
pub(crate) fn layers(data: &[u8]) {
    let scene = Scene::from_bytes(data);
    let caller = &scene.case.caller;
    let file = &scene.case.descriptor;
    let question = scene.question(caller);
    let access = scene.access(&question);

    let opened = access.check(file);
    explains(opened, &access.explain(file));
    let created = access.check_new();
    explains(created, &access.explain_new());
    let rules = scene.rules(caller);
    for (decision, expected) in [(opened, rules.open()), (created, rules.create())] {
        let granted = decision.is_allowed().then(|| decision.granted().bits());
        assert_eq!(granted, expected, "{question:?} of {file:?}: {decision:?}");
    }

    let listed = access.check_listed(file);
    explains(listed, &access.explain_listed(file));
    assert!(!listed.is_allowed() || rules.ask(file, 0x2_0089, false).is_allowed());
    let maximal = access.check_maximal_access(file);
    explains(maximal, &access.explain_maximal_access(file));
    assert!(rules.ask(file, MAXIMUM, false).granted().contains(maximal.granted()));

    nothing_adds(&scene, &question, opened, created);
    unknown_facts_add_nothing(&scene, &access, data);
    every_layer_limits(&scene);
    rename(&scene, &access);
}

fn nothing_adds(scene: &Scene, question: &AccessCheck<'_>, opened: Decision, created: Decision) {
    let file = &scene.case.descriptor;
    let mut bare = FileAccess::new(question)
        .disposition(scene.disposition)
        .read_only(scene.read_only)
        .directory(scene.directory)
        .delete_on_close(scene.delete_on_close);
    let alone = bare.check(file).granted().bits();
    if let Some(parent) = &scene.parent {
        bare = bare.parent(parent);
    }
    // A layer never adds.
    let direct = bare.check(file);
    assert!(direct.granted().contains(opened.granted()));
    assert!(bare.check_new().granted().contains(created.granted()));
    // The parent adds its two rights, and what is asked for together with them.
    let added = direct.granted().bits() & !alone;
    let named = GenericMapping::FILE.map(scene.case.desired).bits();
    assert_eq!(added & !(DELETE | READ_ATTRIBUTES) & !named, 0, "{added:#x}");
}

fn unknown_facts_add_nothing(scene: &Scene, access: &FileAccess<'_>, data: &[u8]) {
    let file = &scene.case.descriptor;
    let mut caller = scene.case.caller.clone();
    for (at, explanation) in [access.explain(file), access.explain_new()].iter().enumerate() {
        let mut answers = data.iter().rev().skip(at);
        for fact in explanation.unresolved() {
            caller = resolved(caller, &fact, answers.next().is_some_and(|byte| byte & 1 != 0));
        }
    }
    let question = scene.question(&caller);
    let known = scene.access(&question);
    for (before, after) in [
        (access.check(file), known.check(file)),
        (access.check_new(), known.check_new()),
    ] {
        assert!(after.granted().contains(before.granted()), "{before:?}, then {after:?}");
        let certain = before.denial().is_some() && !before.is_undetermined();
        assert!(!certain || !after.is_allowed(), "{before:?}, then {after:?}");
    }
}

/// The joint answer of named layers is the intersection of their answers.
fn every_layer_limits(scene: &Scene) {
    let question = scene.question(&scene.case.caller);
    let file = &scene.case.descriptor;
    let others = [&scene.share, &scene.guard, &scene.parent];
    let layers: Vec<Layer<'_>> = [file]
        .into_iter()
        .chain(others.into_iter().flatten())
        .map(|descriptor| Layer::new("layer", descriptor))
        .collect();
    let decision = check_all(&question, &layers);
    explains(decision, &explain_all(&question, &layers));
    let descriptors = [file].into_iter().chain(others.into_iter().flatten());
    let alone: Vec<Decision> = descriptors.map(|descriptor| question.check(descriptor)).collect();
    let all = alone.iter().all(Decision::is_allowed);
    let common = alone
        .iter()
        .fold(u32::MAX, |common, decision| common & decision.granted().bits());
    assert_eq!(decision.is_allowed(), all && common != 0, "{alone:?}");
    assert_eq!(decision.granted().bits(), if all { common } else { 0 });
    let refused = |decision: &Decision| !decision.is_allowed() && !decision.is_undetermined();
    assert!(!decision.is_undetermined() || !alone.iter().any(refused));
}

fn rename(scene: &Scene, access: &FileAccess<'_>) {
    let file = &scene.case.descriptor;
    let Some(directory) = &scene.parent else { return };
    let free = Rename::into(directory);
    let decision = access.check_rename(file, &free);
    explains(decision, &access.explain_rename(file, &free));
    let target = scene.guard.as_ref().unwrap_or(directory);
    let replacing = free.replacing(target);
    let replaced = access.check_rename(file, &replacing);
    explains(replaced, &access.explain_rename(file, &replacing));
    assert!(decision.granted().contains(replaced.granted()));
    for refused in [replacing.replacing_read_only(true), replacing.replacing_directory(true)] {
        assert!(!access.check_rename(file, &refused).is_allowed());
    }
    if decision.is_allowed() {
        let add = if scene.directory { 0x4 } else { 0x10_0002 };
        let rules = scene.rules(&scene.case.caller);
        // SeBackupPrivilege counts when the directory is opened.
        let adds = single(add).all(|right| {
            let options = scene.case.options.with_mapping(GenericMapping::FILE);
            AccessCheck::new(rules.caller, right.into())
                .options(options)
                .check(directory)
                .is_allowed()
        });
        assert!(adds);
        assert_eq!(decision.granted().bits(), DELETE);
    }
}
