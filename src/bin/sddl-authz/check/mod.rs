//! The verb `check`.

use crate::{
    args::{CallerArgs, Format, MappingArg, RightsArg, parse_desired, parse_one_sid},
    input::Input,
    lines,
    output::{Output, Verdict},
    trouble::Trouble,
};
use clap::Args;
use sddl_authz::{
    AccessMask, Caller, Decision, Explanation, SecurityDescriptor,
    check::{self, DenialReason, FactName},
    render::{ExplanationJson, ExplanationText, Rights, denial_reason_text},
    sddl,
};
use serde::Serialize;
use std::io;

/// Check whether a caller is granted rights by a security descriptor
#[derive(Debug, Args)]
#[command(after_help = "\
Each line for --lines is an object:
  sddl              the descriptor (required)
  caller            {user, groups, authenticated, groups_incomplete}; user is
                    required; authenticated adds Everyone and Authenticated
                    Users; a group is a SID or {sid, deny_only}
  desired           a mask as a string, or max (required)
  mapping           none, file, key or directory
The answer is {decision, granted, missing, resolve} or {error}.

Examples:
  sddl-authz check 'O:BAD:(D;;LC;;;BG)(A;;CCLC;;;AU)' --desired CCLC \\
      --as S-1-5-21-1-2-3-1104,BG --explain
  sddl-authz check 'O:BAD:(A;;GR;;;WD)' --as S-1-5-21-1-2-3-1104 --desired max \\
      --mapping file --rights file
  echo '{\"sddl\":\"D:(A;;CC;;;BA)\",\"desired\":\"0x1\",\"caller\":' \\
      '{\"user\":\"S-1-5-21-1-2-3-1104\",\"groups\":[\"BA\"]}}' \\
      | sddl-authz check --lines -")]
pub(crate) struct Check {
    /// A descriptor in SDDL, @PATH of a file with one, or - for one a line on standard input
    #[arg(value_name = "SDDL|@PATH|-")]
    input: String,
    /// Who asks: the SID of the user, then those of its groups, all of them
    #[arg(long = "as", value_name = "SID[,SID…]", required_unless_present = "lines")]
    sids: Option<String>,
    /// What is asked for: tokens of SDDL, a number, or max
    #[arg(long, value_name = "RIGHTS|0xMASK|max", required_unless_present = "lines")]
    desired: Option<String>,
    /// Read JSON Lines, each with its own caller and desired rights, and answer in JSON Lines
    #[arg(long, conflicts_with_all = ["sids", "desired", "bare", "deny_only", "groups_incomplete", "mapping", "principal_self", "explain"])]
    lines: bool,
    #[command(flatten)]
    caller: CallerArgs,
    /// What generic rights mean for this kind of object
    #[arg(long, value_enum, default_value = "none")]
    mapping: MappingArg,
    /// The SID of the principal that the object represents, for entries about Principal Self
    #[arg(long = "self", value_name = "SID")]
    principal_self: Option<String>,
    /// Show what each entry did
    #[arg(long)]
    explain: bool,
    /// What the rights are called
    #[arg(long, value_enum, default_value = "standard")]
    rights: RightsArg,
    /// How answers are written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

impl Check {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let (Some(sids), Some(desired), false) = (&self.sids, &self.desired, self.lines) else {
            return lines::run(&self.input, output);
        };
        let asked = self.caller.caller(sids).and_then(|caller| {
            let caller = match &self.principal_self {
                Some(sid) => caller.with_principal_self(parse_one_sid("--self", sid)?),
                None => caller,
            };
            Ok((caller, parse_desired("--desired", desired)?))
        });
        let (caller, desired) = match asked {
            Ok(asked) => asked,
            Err(trouble) => return output.refuse(&trouble, false),
        };
        let question = Question {
            caller,
            desired,
            options: self.mapping.options(),
            rights: self.rights,
            explain: self.explain,
        };
        Input::from(self.input).each(output, |output, text, in_stream| {
            let read = text.and_then(|text| {
                let parsed = text.parse::<SecurityDescriptor>();
                let descriptor = parsed.map_err(|error| Trouble::of_text(&error, text))?;
                Ok((text, descriptor))
            });
            match read {
                Ok((text, descriptor)) => question.answer(output, text, &descriptor, in_stream),
                Err(trouble) => output.refuse(&trouble, in_stream).map(|_| ()),
            }
        })?;
        Ok(output.highest())
    }
}

/// What is asked of each descriptor.
struct Question {
    caller: Caller,
    desired: AccessMask,
    options: check::Options,
    rights: RightsArg,
    explain: bool,
}

impl Question {
    fn answer(
        &self,
        output: &mut Output,
        text: &str,
        descriptor: &SecurityDescriptor,
        in_stream: bool,
    ) -> io::Result<()> {
        let explanation = check::explain_with(descriptor, &self.caller, self.desired, &self.options);
        let verdict = verdict(&explanation.decision);
        output.note(verdict);
        if output.is_json() {
            let inspection = sddl::inspect(text, &sddl::Options::default());
            let mut answer = AnswerJson::of(&explanation);
            if self.explain {
                let json = ExplanationJson::new(&explanation, descriptor);
                answer.explanation = Some(json.with_dacl_spans(&inspection.dacl_spans));
            }
            return output.json(&answer);
        }
        output.headline(verdict, word(&explanation.decision), self.headline(&explanation))?;
        if self.explain {
            let text = ExplanationText::new(&explanation, descriptor, &self.caller)
                .with_names(self.rights.names())
                .with_options(self.options);
            output.line(text)?;
        } else if !in_stream && verdict == Verdict::No {
            output.line("  (--explain shows what each entry did, and what would be enough)")?;
        }
        Ok(())
    }

    fn headline(&self, explanation: &Explanation) -> String {
        let rights = |mask| Rights::new(mask, self.rights.names());
        match &explanation.decision {
            Decision::Allowed { granted } => rights(*granted).to_string(),
            Decision::Denied(denial) => match denial.reason {
                DenialReason::NotGranted if denial.missing.is_empty() => "nothing is granted".to_owned(),
                DenialReason::NotGranted => format!("missing {}", rights(denial.missing)),
                DenialReason::Undetermined => {
                    let sids: Vec<_> = explanation.unresolved().iter().map(FactName::to_string).collect();
                    format!("undetermined; look up whether the caller is in {}", sids.join(", "))
                }
                DenialReason::NothingAsked
                | DenialReason::GenericNotMapped
                | DenialReason::PrivilegeNotHeld
                | DenialReason::OwnerOrGroupMissing
                | _ => denial_reason_text(denial.reason).to_owned(),
            },
        }
    }
}

pub(crate) fn verdict(decision: &Decision) -> Verdict {
    if decision.is_allowed() {
        Verdict::Yes
    } else {
        Verdict::No
    }
}

fn word(decision: &Decision) -> &'static str {
    if decision.is_allowed() { "allowed" } else { "denied" }
}

/// The answer for machines.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerJson<'a> {
    decision: &'static str,
    granted: AccessMask,
    missing: AccessMask,
    resolve: Vec<FactName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationJson<'a>>,
}

impl AnswerJson<'_> {
    /// What may be exercised: nothing of a refusal, though the walk had granted some of it.
    pub(crate) fn of(explanation: &Explanation) -> Self {
        let decision = &explanation.decision;
        Self {
            decision: word(decision),
            granted: decision.granted(),
            missing: decision.denial().map_or(AccessMask::empty(), |denial| denial.missing),
            resolve: explanation.unresolved(),
            explanation: None,
        }
    }
}
