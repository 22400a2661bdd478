//! The verb `decide`.

mod answer;
mod json;

use crate::{
    args::{Format, ReadArgs},
    caller::{CallerArgs, Subject},
    diagnostic::Diagnostic,
    input::{EmptyLines, Input},
    output::{Output, Verdict},
    policy::Policy,
};
use answer::{Answer, Explained, Undecided};
use clap::Args;
use json::{AnswerJson, FailedJson};
use sddl_authz::{
    AccessMask, Sid,
    mim::{
        DecisionError, Forbidden, ForbiddenReason, Outcome, ParsedRequest, RequestStatus, RequestView, StatusChange,
    },
    render::{DisplayRights, ExplanationText, LookUp},
    sddl,
};
use std::{io, path::PathBuf};

/// Decide whether a caller may set a MIM CM request to Completed, Canceled or Abandoned
#[derive(Debug, Args)]
#[command(after_help = "\
Prints the HTTP status that the server must answer: 200 permitted,
204 nothing to change, 403 forbidden, 500 no decision is possible.

Examples:
  sddl-authz decide tests/data/enroll-approved.json --status Completed \\
      --as S-1-5-21-2127521184-1604012920-1887927527-5094533 --explain
  cat tests/data/*.json | sddl-authz decide - --status Canceled --format json \\
      --as S-1-5-21-1-2-3-1104,BA")]
pub(crate) struct Decide {
    /// A file that has a request, JSON as the REST API prints it; - for one request in each line of standard input
    #[arg(value_name = "REQUEST.json")]
    request: PathBuf,
    /// The status to set, exactly so: Completed, Canceled or Abandoned
    #[arg(long, value_name = "WORD")]
    status: String,
    /// The caller: the SID of the user, then the SIDs of all its groups
    #[arg(long = "as", value_name = "SID[,SID…]")]
    sids: String,
    #[command(flatten)]
    caller: CallerArgs,
    #[command(flatten)]
    read: ReadArgs,
    /// The policy, TOML or JSON: which rights a change needs, and from which status it starts [default: the policy that this project inferred]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Show what each entry of the descriptor did
    #[arg(long)]
    explain: bool,
    /// The format of answers
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

impl Decide {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let asked = self.read.options().and_then(|read| {
            let subject = self.caller.subject(&self.sids, &read)?;
            let change: StatusChange = self.status.parse().map_err(|error| {
                let message = format!("--status: {error}, not `{}`", self.status);
                Diagnostic::new("status_word_unknown", message)
            })?;
            Ok((subject, change, read))
        });
        let (subject, change, read) = match asked {
            Ok(asked) => asked,
            Err(diagnostic) => return output.write_error(&diagnostic, false),
        };
        let policy = match &self.policy {
            None => Ok(Policy::inferred()),
            Some(path) => Policy::from_file(path),
        };
        let question = Question {
            subject,
            change,
            policy,
            read,
            explain: self.explain,
        };
        let input = match self.request {
            path if path.as_os_str() == "-" => Input::Stream,
            path => Input::File(path),
        };
        input.each(EmptyLines::Skipped, output, |output, row, in_stream| {
            question.answer(output, row, in_stream)
        })?;
        Ok(output.highest())
    }
}

/// The question that is asked about each request.
struct Question {
    subject: Subject,
    change: StatusChange,
    policy: Result<Policy, Diagnostic>,
    read: sddl::Options,
    explain: bool,
}

impl Question {
    fn answer(&self, output: &mut Output, row: Result<&str, Diagnostic>, in_stream: bool) -> io::Result<()> {
        match self.decide(&row) {
            Ok(answer) => self.print(output, &answer, in_stream),
            Err(undecided) => print_failure(output, self.change, &undecided, in_stream),
        }
    }

    fn decide<'a>(&'a self, row: &'a Result<&str, Diagnostic>) -> Result<Answer<'a>, Undecided> {
        let policy = self.policy.as_ref().map_err(|diagnostic| Undecided {
            reason: "policy",
            diagnostic: diagnostic.clone(),
        })?;
        let row = row.as_ref().map_err(|diagnostic| Undecided {
            reason: "request_unreadable",
            diagnostic: diagnostic.clone(),
        })?;
        let request = RequestView::from_json(row.as_bytes()).map_err(|failure| undecided(&failure, ""))?;
        let text = request.security_descriptor.as_deref().unwrap_or_default();
        let parsed = ParsedRequest::with_options(request.clone(), &self.read);
        let mut parsed = parsed.map_err(|error| undecided(&error, text))?;
        if let Some(sid) = self.subject.principal_self {
            parsed = parsed.with_principal_self(sid);
        }
        let outcome = parsed.decide(&policy.policy, &self.subject.caller, self.change);
        if let Outcome::Failed(error) = &outcome {
            return Err(undecided(error, text));
        }
        let mut explained = None;
        if self.explain {
            let alternatives = parsed.explain(&policy.policy, &self.subject.caller, self.change);
            explained = Some(Explained {
                alternatives: alternatives.map_err(|error| undecided(&error, text))?,
                descriptor: parsed.descriptor().clone(),
                dacl_spans: sddl::inspect(text, &self.read).dacl_spans,
            });
        }
        Ok(Answer {
            policy,
            request: request.uuid,
            status: request.status,
            outcome,
            explained,
        })
    }

    fn print(&self, output: &mut Output, answer: &Answer<'_>, in_stream: bool) -> io::Result<()> {
        let verdict = match &answer.outcome {
            Outcome::Permitted(_) | Outcome::Unchanged(_) => Verdict::Yes,
            Outcome::Forbidden(_) => Verdict::No,
            Outcome::Failed(_) => Verdict::Error,
        };
        output.record(verdict);
        if output.is_json() {
            return output.write_json(&AnswerJson::new(answer, self.change));
        }
        output.write_answer(verdict, status_line(&answer.outcome), self.sentence(answer))?;
        if !in_stream {
            self.print_context(output, answer)?;
        }
        if let Some(explained) = &answer.explained {
            for explanation in &explained.alternatives {
                let text = ExplanationText::new(explanation, &explained.descriptor, &self.subject.caller)
                    .with_names(answer.policy.names);
                if !in_stream {
                    output.write_line("")?;
                }
                output.write_line(text)?;
            }
        } else if !in_stream
            && let Outcome::Forbidden(forbidden) = &answer.outcome
            && forbidden.reason == ForbiddenReason::NoRight
        {
            output.write_line("  (--explain shows what each entry did, and what would grant the access)")?;
        }
        Ok(())
    }

    /// The answer in words.
    fn sentence(&self, answer: &Answer<'_>) -> String {
        let change = self.change;
        match &answer.outcome {
            Outcome::Permitted(permit) => {
                let (from, to) = (status(permit.found_status()), status(permit.new_status()));
                format!("{change} is permitted: status {from} becomes {to}")
            }
            Outcome::Unchanged(unchanged) => {
                format!(
                    "{change} changes nothing: the status is {} already",
                    status(unchanged.status)
                )
            }
            Outcome::Forbidden(forbidden) => format!("{change} is refused: {}", self.refusal(answer, forbidden)),
            Outcome::Failed(failure) => failure.to_string(),
        }
    }

    fn refusal(&self, answer: &Answer<'_>, forbidden: &Forbidden) -> String {
        match forbidden.reason {
            ForbiddenReason::NoRight if forbidden.missing.is_empty() => "the policy lets nobody do this".to_owned(),
            ForbiddenReason::NoRight => format!("no right; missing {}", any_of(&forbidden.missing, answer)),
            ForbiddenReason::WrongState => {
                let rule = answer.policy.policy.rules().rule(self.change);
                let starts: Vec<_> = rule.start.iter().map(|&start| status(start)).collect();
                let starts = match starts.as_slice() {
                    [] => "nowhere".to_owned(),
                    starts => format!("from {}", starts.join(" or ")),
                };
                let found = status(answer.status);
                format!("wrong state; the caller has the right, but the status is {found}, and this starts {starts}")
            }
            ForbiddenReason::Undetermined => {
                format!("undetermined; look up {}", LookUp(&forbidden.resolve))
            }
        }
    }

    fn print_context(&self, output: &mut Output, answer: &Answer<'_>) -> io::Result<()> {
        let groups: Vec<_> = self.subject.caller.groups().map(|group| group.sid).collect();
        let added = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS];
        let named: Vec<_> = groups.iter().filter(|group| !added.contains(group)).collect();
        let everyone = added.iter().all(|sid| groups.contains(sid));
        let others = groups.len().saturating_sub(named.len());
        let groups = named
            .iter()
            .map(ToString::to_string)
            .chain(everyone.then(|| "Everyone and Authenticated Users".to_owned()))
            .chain((!everyone && others > 0).then(|| format!("{others} well-known")));
        let groups: Vec<_> = groups.collect();
        let groups = match groups.as_slice() {
            [] => "no groups".to_owned(),
            groups => format!("in {}", groups.join(", ")),
        };
        output.write_line(format_args!(
            "  request  {}, status {}",
            answer.request,
            status(answer.status)
        ))?;
        output.write_line(format_args!("  caller   {}, {groups}", self.subject.caller.user()))?;
        let masks = &answer.policy.policy.rules().rule(self.change).masks;
        output.write_line(format_args!("  needs    {}", any_of(masks, answer)))?;
        output.write_line(format_args!("  policy   {}", answer.policy.source))
    }
}

fn any_of(masks: &[AccessMask], answer: &Answer<'_>) -> String {
    let masks: Vec<_> = masks
        .iter()
        .map(|&mask| DisplayRights::new(mask, answer.policy.names).to_string())
        .collect();
    match masks.as_slice() {
        [] => "a rule in the policy, which has none for this".to_owned(),
        masks => masks.join(" or "),
    }
}

fn status(status: RequestStatus) -> String {
    match status.name() {
        Some(name) => format!("{} ({name})", status.0),
        None => format!("{} (unknown)", status.0),
    }
}

fn status_line(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Permitted(_) => "200 OK",
        Outcome::Unchanged(_) => "204 No Content",
        Outcome::Forbidden(_) => "403 Forbidden",
        Outcome::Failed(_) => "500 Internal Error",
    }
}

fn undecided(failure: &DecisionError, text: &str) -> Undecided {
    let message = failure.to_string();
    let diagnostic = match failure {
        DecisionError::DescriptorUnreadable(error) => {
            Diagnostic::new(error.kind().code(), message).at(text, error.span())
        }
        DecisionError::RequestUnreadable { .. } => Diagnostic::new("request_unreadable", message).hint(
            "a request is a JSON object with Uuid, Status (a number) and SecurityDescriptor, as the REST API prints it",
        ),
        DecisionError::DescriptorMissing => Diagnostic::new("descriptor_missing", message)
            .hint("the property SecurityDescriptor is missing, null or empty"),
        DecisionError::Unprotected => Diagnostic::new("unprotected", message)
            .hint("to let everybody in, use a policy with unprotected = \"grant\""),
        DecisionError::Policy(_) => Diagnostic::new("policy_invalid", message),
        _ => Diagnostic::new("failed", message),
    };
    let reason = failure.code();
    Undecided { reason, diagnostic }
}

fn print_failure(output: &mut Output, change: StatusChange, undecided: &Undecided, in_stream: bool) -> io::Result<()> {
    let diagnostic = &undecided.diagnostic;
    output.record(Verdict::Error);
    if output.is_json() {
        output.write_json(&FailedJson::new(undecided))?;
    } else if in_stream {
        output.write_answer(Verdict::Error, "500 Internal Error", diagnostic)?;
    } else {
        let sentence = format!("{change} is not decided, so nothing is granted");
        output.write_answer(Verdict::Error, "500 Internal Error", sentence)?;
    }
    if !in_stream {
        output.flush()?;
        diagnostic.print();
    }
    Ok(())
}
