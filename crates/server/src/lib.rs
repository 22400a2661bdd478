//! The parts of the program `sddl-authz-server`, a reference server of the REST API of MIM Certificate Management.
//!
//! The program is documented in the package's README. This library lets its tests and benchmarks ask the router and the store without
//! a process. A service of your own needs `sddl_authz::http` alone.

pub mod app;
pub mod audit;
mod body;
mod change;
pub mod clock;
pub mod current;
pub mod deadline;
pub mod demo;
pub mod identity;
pub mod import;
pub mod list;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod new_file;
pub mod paths;
pub mod policy;
#[cfg(test)]
mod random;
pub mod readiness;
pub mod refusals;
pub mod router;
pub mod sqlite;
pub mod store;
pub mod tokens;
