//! Places in an input.

use core::fmt;

/// Where a value is in the input.
///
/// ```
/// use sddl_authz_server::import::Place;
/// assert_eq!(Place { line: 7, element: None }.to_string(), "line 7");
/// assert_eq!(Place { line: 1, element: Some(3) }.to_string(), "line 1, element 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line where the value begins. The first line is 1.
    pub line: u64,
    /// Which element of an array the value is. The first one is 1. In JSON Lines, the line says it.
    pub element: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.element {
            Some(element) => write!(f, "line {}, element {element}", self.line),
            None => write!(f, "line {}", self.line),
        }
    }
}
