//! The verb `decide`.

mod json;

use crate::{
    args::Format,
    caller::{Asking, CallerArgs},
    input::Input,
    output::{Output, Verdict},
    policy::Policy,
    trouble::Trouble,
};
use clap::Args;
use json::{AnswerJson, FailedJson};
use sddl_authz::{
    AccessMask, Explanation, SecurityDescriptor, Sid, Span,
    check::Options,
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
Prints the HTTP status that the operation answers with: 200 permitted,
204 it is so already, 403 forbidden, 500 undecidable.

Examples:
  sddl-authz decide tests/data/enroll-approved.json --status Completed \\
      --as S-1-5-21-2127521184-1604012920-1887927527-5094533 --explain
  cat tests/data/*.json | sddl-authz decide - --status Canceled --format json \\
      --as S-1-5-21-1-2-3-1104,BA")]
pub(crate) struct Decide {
    /// The file of a request, JSON as the REST API prints it; - for one request a line on standard input
    #[arg(value_name = "REQUEST.json")]
    request: PathBuf,
    /// The status to set: Completed, Canceled or Abandoned, spelled exactly so
    #[arg(long, value_name = "WORD")]
    status: String,
    /// Who asks: the SID of the user, then those of its groups, all of them
    #[arg(long = "as", value_name = "SID[,SID…]")]
    sids: String,
    #[command(flatten)]
    caller: CallerArgs,
    /// The policy, TOML or JSON: which rights a change needs, and where it starts [default: this project's inference]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Show what each entry of the descriptor did
    #[arg(long)]
    explain: bool,
    /// How answers are written
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

impl Decide {
    pub(crate) fn run(self, output: &mut Output) -> io::Result<Verdict> {
        let asked = self.caller.asking(&self.sids).and_then(|asking| {
            let change: StatusChange = self.status.parse().map_err(|error| {
                let message = format!("--status: {error}, not `{}`", self.status);
                Trouble::new("status_word_unknown", message)
            })?;
            Ok((asking, change))
        });
        let (asking, change) = match asked {
            Ok(asked) => asked,
            Err(trouble) => return output.refuse(&trouble, false),
        };
        let policy = match &self.policy {
            None => Ok(Policy::inferred()),
            Some(path) => Policy::from_file(path),
        };
        let question = Question {
            asking,
            change,
            policy,
            explain: self.explain,
        };
        let input = match self.request {
            path if path.as_os_str() == "-" => Input::Stream,
            path => Input::File(path),
        };
        input.each(output, |output, row, in_stream| question.answer(output, row, in_stream))?;
        Ok(output.highest())
    }
}

/// What is asked of each request.
struct Question {
    asking: Asking,
    change: StatusChange,
    policy: Result<Policy, Trouble>,
    explain: bool,
}

/// Why nothing was decided: a word for machines, and the trouble.
struct Undecided {
    reason: &'static str,
    trouble: Trouble,
}

/// A request and what was decided on it.
struct Answer<'a> {
    policy: &'a Policy,
    request: RequestView<'a>,
    outcome: Outcome,
    /// With `--explain`.
    explained: Option<Explained>,
}

struct Explained {
    alternatives: Vec<Explanation>,
    descriptor: SecurityDescriptor,
    dacl_spans: Vec<Span>,
}

impl Question {
    fn answer(&self, output: &mut Output, row: Result<&str, Trouble>, in_stream: bool) -> io::Result<()> {
        match self.decide(&row) {
            Ok(answer) => self.print(output, &answer, in_stream),
            Err(undecided) => print_failure(output, self.change, &undecided, in_stream),
        }
    }

    fn decide<'a>(&'a self, row: &'a Result<&str, Trouble>) -> Result<Answer<'a>, Undecided> {
        let policy = self.policy.as_ref().map_err(|trouble| Undecided {
            reason: "policy",
            trouble: trouble.clone(),
        })?;
        let row = row.as_ref().map_err(|trouble| Undecided {
            reason: "request_unreadable",
            trouble: trouble.clone(),
        })?;
        let request = RequestView::from_json(row.as_bytes()).map_err(|failure| undecided(&failure, ""))?;
        let text = request.security_descriptor.as_deref().unwrap_or_default();
        let mut parsed = ParsedRequest::new(request.clone()).map_err(|failure| undecided(&failure, text))?;
        if let Some(sid) = self.asking.principal_self {
            parsed = parsed.with_principal_self(sid);
        }
        let outcome = parsed.decide(&policy.policy, &self.asking.caller, self.change);
        if let Outcome::Failed(failure) = &outcome {
            return Err(undecided(failure, text));
        }
        let mut explained = None;
        if self.explain {
            let alternatives = parsed.explain(&policy.policy, &self.asking.caller, self.change);
            let inspection = sddl::inspect(text, &sddl::Options::default());
            explained = Some(Explained {
                alternatives: alternatives.map_err(|failure| undecided(&failure, text))?,
                descriptor: inspection.result.unwrap_or_default(),
                dacl_spans: inspection.dacl_spans,
            });
        }
        Ok(Answer {
            policy,
            request,
            outcome,
            explained,
        })
    }

    fn options(&self, policy: &Policy) -> Options {
        let options = self.asking.options(Options::default());
        match policy.policy.rules().mapping {
            Some(mapping) => options.with_mapping(mapping),
            None => options,
        }
    }

    fn print(&self, output: &mut Output, answer: &Answer<'_>, in_stream: bool) -> io::Result<()> {
        let verdict = match &answer.outcome {
            Outcome::Permitted(_) | Outcome::Unchanged(_) => Verdict::Yes,
            Outcome::Forbidden(_) => Verdict::No,
            Outcome::Failed(_) => Verdict::Error,
        };
        output.note(verdict);
        if output.is_json() {
            return output.json(&AnswerJson::of(answer, self.change));
        }
        output.headline(verdict, status_line(&answer.outcome), self.headline(answer))?;
        if !in_stream {
            self.print_circumstances(output, answer)?;
        }
        if let Some(explained) = &answer.explained {
            for explanation in &explained.alternatives {
                let text = ExplanationText::new(explanation, &explained.descriptor, &self.asking.caller)
                    .with_names(answer.policy.names)
                    .with_options(self.options(answer.policy));
                if !in_stream {
                    output.line("")?;
                }
                output.line(text)?;
            }
        } else if !in_stream
            && let Outcome::Forbidden(forbidden) = &answer.outcome
            && forbidden.reason == ForbiddenReason::NoRight
        {
            output.line("  (--explain shows what each entry did, and what would be enough)")?;
        }
        Ok(())
    }

    /// The answer in words.
    fn headline(&self, answer: &Answer<'_>) -> String {
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
                let found = status(answer.request.status);
                format!("wrong state; the right is there, but the status is {found}, and this starts {starts}")
            }
            ForbiddenReason::Undetermined => {
                format!("undetermined; look up {}", LookUp(&forbidden.resolve))
            }
        }
    }

    fn print_circumstances(&self, output: &mut Output, answer: &Answer<'_>) -> io::Result<()> {
        let groups: Vec<_> = self.asking.caller.groups().map(|group| group.sid).collect();
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
        let request = &answer.request;
        output.line(format_args!(
            "  request  {}, status {}",
            request.uuid,
            status(request.status)
        ))?;
        output.line(format_args!("  caller   {}, {groups}", self.asking.caller.user()))?;
        let masks = &answer.policy.policy.rules().rule(self.change).masks;
        output.line(format_args!("  needs    {}", any_of(masks, answer)))?;
        output.line(format_args!("  policy   {}", answer.policy.source))
    }
}

fn any_of(masks: &[AccessMask], answer: &Answer<'_>) -> String {
    let masks: Vec<_> = masks
        .iter()
        .map(|&mask| DisplayRights::new(mask, answer.policy.names).to_string())
        .collect();
    match masks.as_slice() {
        [] => "a rule in the policy: it has none for this".to_owned(),
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
    let trouble = match failure {
        DecisionError::DescriptorUnreadable(error) => Trouble::new(error.kind().code(), message).at(text, error.span()),
        DecisionError::RequestUnreadable { .. } => Trouble::new("request_unreadable", message).hint(
            "a request is a JSON object with Uuid, Status (a number) and SecurityDescriptor, as the REST API prints it",
        ),
        DecisionError::DescriptorMissing => Trouble::new("descriptor_missing", message)
            .hint("the property SecurityDescriptor is missing, null or empty; without it nothing can be decided"),
        DecisionError::Unprotected => Trouble::new("unprotected", message)
            .hint("if everybody is to be let in, a policy with unprotected = \"grant\" says so"),
        DecisionError::Policy(_) => Trouble::new("policy_invalid", message),
        _ => Trouble::new("failed", message),
    };
    let reason = failure.reason();
    Undecided { reason, trouble }
}

fn print_failure(output: &mut Output, change: StatusChange, undecided: &Undecided, in_stream: bool) -> io::Result<()> {
    let trouble = &undecided.trouble;
    output.note(Verdict::Error);
    if output.is_json() {
        output.json(&FailedJson::of(undecided))?;
    } else if in_stream {
        output.headline(Verdict::Error, "500 Internal Error", trouble)?;
    } else {
        let headline = format!("{change} is not decided, so nothing is granted");
        output.headline(Verdict::Error, "500 Internal Error", headline)?;
    }
    if !in_stream {
        output.flush()?;
        trouble.report();
    }
    Ok(())
}
