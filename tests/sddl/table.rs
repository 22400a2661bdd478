//! Rows: a text, and what Windows does with it. What is expected comes from the documentation and from observations of Windows.

use sddl_authz::{
    DomainSids, SecurityDescriptor, Sid,
    sddl::{self, Dialect, Options, ParseErrorKind, ViolationKind},
};
use std::borrow::Cow;

/// The domains that the rows' aliases stand in: all different.
pub(crate) const MACHINE: &str = "S-1-5-21-1-2-3";
pub(crate) const DOMAIN: &str = "S-1-5-21-4-5-6";
pub(crate) const FOREST: &str = "S-1-5-21-7-8-9";

pub(crate) fn domains() -> DomainSids {
    let mut domains = DomainSids::default();
    let sid = |text: &str| Some(text.parse::<Sid>().expect("a SID"));
    (domains.machine, domains.domain, domains.forest) = (sid(MACHINE), sid(DOMAIN), sid(FOREST));
    domains
}

pub(crate) fn windows() -> Options {
    let mut options = Options::default();
    options.domains = domains();
    options
}

pub(crate) fn strict() -> Options {
    let mut options = windows();
    options.dialect = Dialect::Strict;
    options
}

pub(crate) fn lenient() -> Options {
    let mut options = windows();
    options.lenient_numbers = true;
    options
}

enum Answer {
    Prints(Cow<'static, str>),
    Refused(ParseErrorKind),
    Changed(ParseErrorKind, Cow<'static, str>),
}

/// A text and what becomes of it.
pub(crate) struct Row {
    name: &'static str,
    input: Cow<'static, str>,
    answer: Answer,
    violations: Vec<ViolationKind>,
    note: &'static str,
}

fn row(name: &'static str, input: &'static str, answer: Answer) -> Row {
    Row {
        name,
        input: input.into(),
        answer,
        violations: Vec::new(),
        note: "",
    }
}

/// Accepted, and printed as this.
pub(crate) fn prints(name: &'static str, input: &'static str, canonical: &'static str) -> Row {
    row(name, input, Answer::Prints(canonical.into()))
}

/// Accepted, and printed as it stands.
pub(crate) fn same(name: &'static str, input: &'static str) -> Row {
    prints(name, input, input)
}

/// Refused, whatever the options.
pub(crate) fn refused(name: &'static str, input: &'static str, kind: ParseErrorKind) -> Row {
    row(name, input, Answer::Refused(kind))
}

/// Windows changes a number: refused, unless that is asked for; then printed as this.
pub(crate) fn changed(name: &'static str, input: &'static str, kind: ParseErrorKind, canonical: &'static str) -> Row {
    row(name, input, Answer::Changed(kind, canonical.into())).tolerating(&[ViolationKind::NumberChanged])
}

impl Row {
    /// The deviations that the strict dialect refuses, in the order of the text.
    pub(crate) fn tolerating(mut self, violations: &[ViolationKind]) -> Self {
        self.violations.extend(violations);
        self
    }

    /// This case with text around it.
    pub(crate) fn wrapped(mut self, before: &str, after: &str) -> Self {
        self.input = format!("{before}{}{after}", self.input).into();
        if let Answer::Prints(canonical) | Answer::Changed(_, canonical) = &mut self.answer {
            *canonical = format!("{before}{canonical}{after}").into();
        }
        self
    }

    /// Why this is expected, where nobody saw Windows do it.
    pub(crate) fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    fn run(&self) -> Result<(), String> {
        match &self.answer {
            Answer::Prints(canonical) => {
                self.accepted(canonical, &windows())?;
                self.accepted(canonical, &lenient())?;
                self.in_strict(&strict(), true)
            }
            Answer::Refused(kind) => {
                self.refused(*kind, &windows())?;
                self.refused(*kind, &lenient())?;
                self.in_strict(&strict(), false)
            }
            Answer::Changed(kind, canonical) => {
                self.refused(*kind, &windows())?;
                self.accepted(canonical, &lenient())?;
                let mut both = strict();
                both.lenient_numbers = true;
                self.in_strict(&strict(), false)?;
                self.in_strict(&both, true)
            }
        }
    }

    fn accepted(&self, canonical: &str, options: &Options) -> Result<(), String> {
        let inspection = sddl::inspect(&self.input, options);
        let descriptor = inspection.result.map_err(|errors| format!("refused: {}", errors[0]))?;
        expect(
            "what `parse_with` says",
            &sddl::parse_with(&self.input, options),
            &Ok(descriptor.clone()),
        )?;
        let text = sddl::to_text(&descriptor, options).map_err(|error| error.to_string())?;
        expect("its text", &text.as_str(), &canonical)?;
        let again = sddl::parse_with(&text, &strict()).map_err(|error| format!("canonical text: {error}"))?;
        expect("what its text says", &again, &descriptor)?;
        let kinds: Vec<_> = inspection.violations.iter().map(|violation| violation.kind).collect();
        for violation in &inspection.violations {
            if self.input.get(violation.span.range()).is_none_or(str::is_empty) {
                return Err(format!("a violation at nothing: {violation:?}"));
            }
        }
        expect("what was tolerated", &kinds, &self.violations)
    }

    fn refused(&self, kind: ParseErrorKind, options: &Options) -> Result<(), String> {
        match sddl::parse_with(&self.input, options) {
            Ok(descriptor) => Err(format!("accepted as {:?}", sddl::to_text(&descriptor, options))),
            Err(error) => {
                expect("the error", &error.kind(), &kind)?;
                let first = sddl::inspect(&self.input, options)
                    .result
                    .map_err(|errors| errors.into_iter().next());
                expect("what `inspect` says", &first, &Err(Some(error)))
            }
        }
    }

    /// Refused by the strict dialect for the first thing that was tolerated, if anything was.
    fn in_strict(&self, options: &Options, accepted: bool) -> Result<(), String> {
        let result = sddl::parse_with(&self.input, options);
        match (self.violations.first(), result) {
            (None, Ok(descriptor)) if accepted => {
                let windows: Result<SecurityDescriptor, _> = sddl::parse_with(&self.input, &windows());
                expect("the strict model", &windows, &Ok(descriptor))
            }
            (None | Some(_), Err(_)) if !accepted => Ok(()),
            (Some(&kind), Err(error)) => expect("the strict error", &error.kind(), &ParseErrorKind::NotStrict { kind }),
            (_, result) => Err(format!("in the strict dialect: {result:?}")),
        }
    }
}

fn expect<T: PartialEq + core::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!(
            "{what}:\n      found    {found:?}\n      expected {expected:?}"
        ))
    }
}

/// Runs all rows and says which fail.
pub(crate) fn run(rows: &[Row]) {
    let failures: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let problem = row.run().err()?;
            Some(format!(
                "  {} `{}` {}\n    {problem}",
                row.name,
                row.input.escape_debug(),
                row.note
            ))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} rows:\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n")
    );
}
