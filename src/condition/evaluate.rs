//! The value of a conditional expression ([MS-DTYP] 2.4.4.17.6 and 2.4.4.17.7).

use super::{Condition, Facts, Missing, Truth, Verdict};

impl Condition {
    /// The truth value under these facts ([MS-DTYP] 2.4.4.17.7); [`Unknown`](Truth::Unknown) if it depends on facts that are
    /// not known.
    ///
    /// Allocates nothing.
    pub fn evaluate(&self, facts: &(impl Facts + ?Sized)) -> Truth {
        self.evaluate_with(facts, |_| ()).truth()
    }

    /// What the condition can come to under these facts, telling `missing` of each fact that it asks for and that is not
    /// known, in the order of the tokens, perhaps repeatedly.
    ///
    /// Every operand is asked for, those too that can't matter any more: once all the facts named are known, the verdict is
    /// [certain](Verdict::is_certain). A certain verdict stays as it is whatever the missing facts turn out to be.
    pub fn evaluate_with<'a>(&'a self, facts: &(impl Facts + ?Sized), missing: impl FnMut(Missing<'a>)) -> Verdict {
        _ = (facts, missing);
        Verdict::ANY
    }
}
