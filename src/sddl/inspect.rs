use super::{
    AclKind, Options, ParseError, Violation,
    grammar::{Fault, Grammar, Watch},
};
use crate::{descriptor::SecurityDescriptor, span::Span};
use alloc::vec::Vec;
use core::cell::RefCell;

/// All that can be said of a text at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The descriptor, or every fault found: reading goes on with the next entry after a faulty one.
    pub result: Result<SecurityDescriptor, Vec<ParseError>>,
    /// What was tolerated, in the order of the text.
    pub violations: Vec<Violation>,
    /// Where the entries of the DACL stand; of a faulty text only the good ones.
    pub dacl_spans: Vec<Span>,
    /// Where the entries of the SACL stand.
    pub sacl_spans: Vec<Span>,
}

/// Reads a descriptor from SDDL and keeps what an editor or an explanation wants to know: spans, tolerated oddities, all faults.
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
