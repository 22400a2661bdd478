use super::{
    AclKind, Options, ParseError, Violation,
    error::Fault,
    grammar::{Grammar, Watch},
};
use crate::{descriptor::SecurityDescriptor, span::Span};
use alloc::vec::Vec;
use core::cell::RefCell;

/// The result of [`inspect`].
///
/// ```
/// use sddl_authz::sddl;
/// let inspection = sddl::inspect("D:(A;;FA;;;WD)(A;;FR;;;BA)", &sddl::Options::default());
/// assert!(inspection.result.is_ok() && inspection.violations.is_empty());
/// assert_eq!(inspection.dacl_spans[1].range(), 14..26);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The descriptor, or every fault that was found. After a faulty entry the reading goes on with the next one.
    pub result: Result<SecurityDescriptor, Vec<ParseError>>,
    /// The parts that only Windows accepts, in the order of the text.
    pub violations: Vec<Violation>,
    /// The places of the entries of the DACL. Faulty entries are left out.
    pub dacl_spans: Vec<Span>,
    /// The places of the entries of the SACL. Faulty entries are left out.
    pub sacl_spans: Vec<Span>,
}

/// Reads a descriptor from SDDL and reports what an editor needs: the place of each entry, deviations from the grammar, all faults.
///
/// ```
/// use sddl_authz::sddl;
/// let inspection = sddl::inspect("D:(A;;ZZ;;;WD)(A;;FA;;;XX)", &sddl::Options::default());
/// let codes: Vec<_> = inspection.result.unwrap_err().iter().map(|error| error.kind().code()).collect();
/// assert_eq!(codes, ["right_unknown", "sid_alias_unknown"]);
/// ```
#[must_use]
pub fn inspect(text: &str, options: &Options) -> Inspection {
    let mut grammar = Grammar::new(text, options, Recorder::default());
    let mut descriptor = SecurityDescriptor::default();
    let result = grammar.descriptor(&mut descriptor);
    let recorded = grammar.into_watch();
    let mut faults = recorded.faults.into_inner();
    let result = match result {
        Ok(()) if faults.is_empty() => Ok(descriptor),
        Ok(()) => Err(()),
        Err(last) => {
            faults.push(last);
            Err(())
        }
    };
    Inspection {
        result: result.map_err(|()| faults.into_iter().map(|fault| ParseError::new(fault, text)).collect()),
        violations: recorded.violations.into_inner(),
        dacl_spans: recorded.dacl_spans.into_inner(),
        sacl_spans: recorded.sacl_spans.into_inner(),
    }
}

#[derive(Default)]
struct Recorder {
    violations: RefCell<Vec<Violation>>,
    dacl_spans: RefCell<Vec<Span>>,
    sacl_spans: RefCell<Vec<Span>>,
    faults: RefCell<Vec<Fault>>,
}

impl Watch for Recorder {
    const RECOVERS: bool = true;

    fn tolerated(&self, violation: Violation) {
        self.violations.borrow_mut().push(violation);
    }

    fn entry(&self, list: AclKind, span: Span) {
        let spans = match list {
            AclKind::Dacl => &self.dacl_spans,
            AclKind::Sacl => &self.sacl_spans,
        };
        spans.borrow_mut().push(span);
    }

    fn recover(&self, fault: Fault) -> bool {
        self.faults.borrow_mut().push(fault);
        true
    }
}
