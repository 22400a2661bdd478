//! The verb `check`.

use crate::{
    answer::{Answer, AnswerJson, Question, decision_word},
    args::{ApiArgs, Format, MappingArg, ReadArgs, RightsArg, mapped_desired},
    caller::CallerArgs,
    central_policies,
    descriptor::read_sddl,
    diagnostic::Diagnostic,
    input::{EmptyLines, Input},
    lines,
    objects::parse_objects,
    output::{Output, Verdict},
};
use clap::Args;
use sddl_authz::{
    AccessMask, Ace, AceType, Decision,
    check::{self, DenialReason, Unresolved},
    render::{DisplayRights, ExplanationText, LookUp, denial_reason_text},
    sddl,
};
use std::{io, path::PathBuf, rc::Rc};

/// Check whether a caller is granted rights by a security descriptor
#[derive(Debug, Args)]
#[command(after_help = "\
Each line for --lines is an object with these keys:
  sddl or hex       the descriptor, as text or self-relative bytes (one of
                    them); null for an object that is created
  caller            the caller; user is required
    user            a SID
    groups          SIDs, or {sid, deny_only}; absent: the caller is in none
    deny_only       SIDs of groups, or of the user, for Deny entries only
    user_deny_only  the same about the user
    authenticated   adds Everyone and Authenticated Users
    device_groups   SIDs, which only conditions use
    user_claims, device_claims
                    {NAME: {type, values}}; type is string, int64, uint64,
                    boolean, sid or octets (in hexadecimal); integers may be
                    strings; the list of values may be empty
    claims          the same as {user, device}, each [{name, type, values}],
                    with int, uint and bool as other names of types
    groups_incomplete, claims_incomplete
    appcontainer    {package, capabilities, lpac}
    privileges      names, SeSecurityPrivilege
    integrity       S-1-16-…, or a name: untrusted, low, medium, medium-plus,
                    high, system, protected
    impersonation   the level of the token: impersonation, delegation, or
                    identification, which opens no file and no key;
                    anonymous and primary are refused
    restricting     SIDs, which must together be granted the rights too; an
                    empty list does not restrict; write_restricted
    self            the SID that the object represents
  desired           a mask as a string, or max (required)
  mapping           none, file, key, service, scm, ds (objects of Active
                    Directory; directory is another name of ds), or the masks
                    {r, w, x, a}, without generic rights
  objects           as for --object
  backup_intent, restore_intent
                    without a kind, or for a file, directory or share
  object            facts about the object
    types           the object and its parts, [{level, guid}]
    list            with types; the answer lists them either way
    self_sid        the SID that the object represents
    policies        the central policies of the machine,
                    [{sid, rules: [{applies_to, effective, staged}]}];
                    null if it has none; absent: they are not known, so an
                    object that names one (SP) is denied; a null applies_to
                    is one that is absent
    kind            it implies the mapping:
                    file, directory (a directory of files), key, service, scm,
                    ds (an object of Active Directory),
                    share (a file that is opened through the share of
                    share_sddl, which is required),
                    access-based-enumeration (whether a listing shows the file;
                    desired must be 0x20089),
                    smb-maximal-access (the rights that an SMB server reports
                    for the file; desired must be max)
    parent_sddl     the directory or key above
    share_sddl, volume_guard
                    descriptors in front of the file
    ancestors       the directories above, from the root on
    attributes      {readonly, directory}
    disposition     open, create, open_if, overwrite, overwrite_if, supersede
    delete_on_close desired must have DELETE, 0x10000; max does not have it
    backup_intent   for backup and for restore
    new_parent_sddl the directory into which the file is renamed; desired must
                    be DELETE, 0x10000
    target_sddl, target_attributes
                    the file that the renamed one replaces
  id, feature, source, sure, note, expect
                    ask nothing
These are errors: an unknown key, a key that the kind of object has no use
for, one thing in two forms, and a null that is not named above.
Lines without text are skipped.
The answer is {decision, granted, missing, resolve}, with nodes for types and
objects, or {error: {kind, start, end, message}}. If a file or a registry key
is denied, the answer also has the layer whose descriptor denied (such as
share, parent directory, file or key), or the rule that denied (such as
read_only), with denied_rights, the rights that it denied. The operation may
need these although desired does not have them. They are 0x0 if the layer
grants nothing of max. No layer is named if each grants something of max, but
no right is granted by all.

Examples:
  sddl-authz check 'O:BAD:(D;;LC;;;BG)(A;;CCLC;;;AU)' --desired CCLC \\
      --as S-1-5-21-1-2-3-1104,BG --explain
  sddl-authz check 'O:BAD:(A;;GR;;;WD)' --as S-1-5-21-1-2-3-1104 --desired max \\
      --mapping file --rights file
  sddl-authz check 'D:(XA;;CC;;;AU;(@User.Title == \"PM\"))' --desired CC \\
      --as S-1-5-21-1-2-3-1104 --claim 'Title=\"QA\"' --explain
  sddl-authz check 'D:(A;;CC;;;AU)S:(ML;;NW;;;HI)' --desired CC --mapping file \\
      --as S-1-5-21-1-2-3-1104 --integrity low --privilege take-ownership
  sddl-authz check 'D:(A;;CC;;;AU)' --desired CC \\
      --as S-1-5-21-1-2-3-1104 --restricted RC,AU --explain
  sddl-authz check --desired RP --as S-1-5-21-1-2-3-1104 \\
      'D:(OA;;RP;77b5b886-944a-11d1-aebd-0000f80367c1;;AU)' \\
      --object bf967aba-0de6-11d0-a285-00aa003049e2 \\
      --object 1:77b5b886-944a-11d1-aebd-0000f80367c1
  sddl-authz check 'O:BAG:BAD:(A;;FA;;;AU)S:(SP;;;;;S-1-17-1-2-3-4)' \\
      --as S-1-5-21-1-2-3-1104 --desired FR --explain \\
      --central-policies tests/central_policies/policies.toml
  echo '{\"sddl\":\"D:(A;;CC;;;BA)\",\"desired\":\"0x1\",\"caller\":' \\
      '{\"user\":\"S-1-5-21-1-2-3-1104\",\"groups\":[\"BA\"]}}' \\
      | sddl-authz check --lines -")]
pub(crate) struct Check {
    /// A descriptor in SDDL, @PATH of a file that has one, or - for one in each line of standard input; with --lines, @PATH of a file of lines, or -
    #[arg(value_name = "SDDL|@PATH|-")]
    input: String,
    /// The caller: the SID of the user, then the SIDs of all its groups
    #[arg(long = "as", value_name = "SID[,SID…]", required_unless_present = "lines")]
    sids: Option<String>,
    /// The rights that are asked for: tokens of SDDL, a number, or max
    #[arg(long, value_name = "RIGHTS|0xMASK|max", required_unless_present = "lines")]
    desired: Option<String>,
    /// Read JSON Lines, each with its own caller and rights, and answer in JSON Lines
    #[arg(long, conflicts_with_all = ["sids", "desired", "CallerArgs", "mapping", "objects", "backup_intent", "restore_intent", "central_policies", "explain", "rights"])]
    lines: bool,
    /// With --lines: print the number of lines and the time to standard error
    #[arg(long, requires = "lines", conflicts_with_all = ["sids", "desired"])]
    stats: bool,
    #[command(flatten)]
    caller: CallerArgs,
    #[command(flatten)]
    read: ReadArgs,
    /// The meaning of generic rights (GA, GR, GW, GX) for this kind of object
    #[arg(long, value_enum, default_value = "none")]
    mapping: MappingArg,
    #[command(flatten)]
    api: ApiArgs,
    /// Ask about parts of the object: the first --object is the GUID of the object itself, each other one is a part
    /// of it, with its level: 1:GUID, 2:GUID (1 if there is no level)
    #[arg(long = "object", value_name = "[LEVEL:]GUID")]
    objects: Vec<String>,
    /// The caller opens the object for backup: with SeBackupPrivilege it may read
    #[arg(long)]
    backup_intent: bool,
    /// The caller opens the object for restore: with SeRestorePrivilege it may write
    #[arg(long)]
    restore_intent: bool,
    /// The central access policies of the machine, in JSON or TOML. Without them, an object that names one (SP) is
    /// denied
    #[arg(long, value_name = "FILE")]
    central_policies: Option<PathBuf>,
    /// Show what each entry did
    #[arg(long)]
    explain: bool,
    /// The kind of object whose names of rights are shown
    #[arg(long, value_enum, default_value = "standard")]
    rights: RightsArg,
    /// The format of answers [default: human; json with --lines, which has no other]
    #[arg(long, value_enum)]
    format: Option<Format>,
}

impl Check {
    pub(crate) fn format(&self) -> Format {
        self.format.unwrap_or(Format::Human)
    }

    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let (Some(sids), Some(desired), false) = (&self.sids, &self.desired, self.lines) else {
            if self.format == Some(Format::Human) {
                let message = "--lines answers in JSON; leave out --format human";
                return output.write_error(&Diagnostic::new("usage", message), false);
            }
            return match self.read.options() {
                Ok(read) => lines::run(&self.input, self.stats, &read, &self.api, output),
                Err(diagnostic) => output.write_error(&diagnostic, false),
            };
        };
        let asked = self.read.options().and_then(|read| {
            let mut options = self.api.options(check::Options::default());
            options.mapping = self.mapping.mapping();
            let policies = self
                .central_policies
                .as_deref()
                .map(|path| central_policies::from_file(path, &read));
            let question = Question {
                subject: Rc::new(self.caller.subject(sids, &read)?),
                desired: mapped_desired("--desired", desired, &options, &self.api)?,
                objects: parse_objects("--object", &self.objects)?,
                options: options
                    .with_backup_intent(self.backup_intent)
                    .with_restore_intent(self.restore_intent),
                policies: policies.transpose()?.map(Rc::new),
            };
            Ok((question, read))
        });
        let (question, read) = match asked {
            Ok(asked) => asked,
            Err(diagnostic) => return output.write_error(&diagnostic, false),
        };
        let style = Style {
            rights: self.rights,
            explain: self.explain,
            read,
        };
        Input::from(self.input).each(EmptyLines::Skipped, output, |output, text, in_stream| {
            let read = text.and_then(|text| {
                let descriptor = read_sddl(text, &style.read)?;
                self.api.refuse(&descriptor)?;
                Ok((text, descriptor))
            });
            match read {
                Ok((text, descriptor)) => {
                    style.print(output, &question.ask(&descriptor, style.explain), text, in_stream)
                }
                Err(diagnostic) => output.write_error(&diagnostic, in_stream).map(|_| ()),
            }
        })?;
        Ok(output.highest())
    }
}

/// Whether generic rights are asked for or are in the DACL, and no mapping says what they mean.
fn lacks_mapping(answer: &Answer<'_>) -> bool {
    let question = answer.question;
    let dacl = answer.descriptor.dacl.acl();
    let masks = dacl.into_iter().flat_map(|dacl| dacl.aces()).map(Ace::mask);
    let mut masks = masks.chain([question.desired]);
    question.options.mapping.is_none() && masks.any(|mask| mask.intersects(AccessMask::GENERIC))
}

/// Whether access is denied because the rules of the central policy are not known.
fn lacks_policies(answer: &Answer<'_>) -> bool {
    let reason = answer.decision.denial().map(|denial| denial.reason);
    reason == Some(DenialReason::SystemPolicyNotEvaluated)
        && answer.question.policies.is_none()
        && answer
            .descriptor
            .sacl
            .aces()
            .iter()
            .any(|ace| ace.ace_type() == AceType::ScopedPolicy)
}

/// How answers are shown.
struct Style {
    rights: RightsArg,
    explain: bool,
    read: sddl::Options,
}

impl Style {
    fn print(&self, output: &mut Output, answer: &Answer<'_>, text: &str, in_stream: bool) -> io::Result<()> {
        let verdict = answer.verdict();
        output.record(verdict);
        if output.is_json() {
            let inspection = sddl::inspect(text, &self.read);
            return output.write_json(&AnswerJson::new(answer, &inspection.dacl_spans));
        }
        let words = self.words(&answer.decision, &answer.resolve);
        output.write_answer(verdict, decision_word(&answer.decision), words)?;
        for part in &answer.parts {
            if let Some(node) = &part.node {
                let indent = usize::from(node.level).saturating_add(1).saturating_mul(2);
                let (word, words) = (decision_word(&part.decision), self.words(&part.decision, &[]));
                output.write_line(format_args!("{:indent$}{}  {word}  {words}", "", node.object))?;
            }
        }
        for part in &answer.parts {
            let Some(explanation) = &part.explanation else {
                continue;
            };
            let question = answer.question;
            let mut text = ExplanationText::new(explanation, answer.descriptor, &question.subject.caller)
                .with_names(self.rights.names());
            if let (Some(node), Some(tree)) = (&part.node, &question.objects) {
                output.write_line(format_args!("\n  {}", node.object))?;
                text = text.with_object(tree, node.place);
            }
            output.write_line(text)?;
        }
        if !self.explain && !in_stream && verdict == Verdict::No {
            output.write_line("  (--explain shows what each entry did, and what would grant the access)")?;
        }
        if !in_stream && lacks_policies(answer) {
            output.write_line("  (--central-policies reads the rules of the central policy)")?;
        }
        if !in_stream && verdict == Verdict::No && lacks_mapping(answer) {
            output.write_line("  (--mapping gives the generic rights GA, GR, GW and GX a meaning)")?;
        }
        Ok(())
    }

    fn words(&self, decision: &Decision, resolve: &[Unresolved]) -> String {
        let rights = |mask| DisplayRights::new(mask, self.rights.names());
        match decision {
            Decision::Allowed { granted } => rights(*granted).to_string(),
            Decision::Denied(denial) => match denial.reason {
                DenialReason::NotGranted if denial.missing.is_empty() => "nothing is granted".to_owned(),
                DenialReason::NotGranted => format!("missing {}", rights(denial.missing)),
                DenialReason::Undetermined if resolve.is_empty() => "undetermined".to_owned(),
                DenialReason::Undetermined => format!("undetermined; look up {}", LookUp(resolve)),
                DenialReason::CentralPolicy if !denial.missing.is_empty() => {
                    format!("missing {}; the central policy keeps it back", rights(denial.missing))
                }
                DenialReason::NothingAsked
                | DenialReason::GenericNotMapped
                | DenialReason::PrivilegeNotHeld
                | DenialReason::OwnerMissing
                | DenialReason::GroupMissing
                | DenialReason::OwnerOrGroupMissing
                | DenialReason::Unprotected
                | _ => denial_reason_text(denial.reason).to_owned(),
            },
        }
    }
}
