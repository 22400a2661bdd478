//! The parts of the program's verb `serve`, for those who ask its router or its store without a process.
#![expect(dead_code, unused_imports, reason = "nobody asks all of them")]

#[path = "../../src/bin/sddl-authz/serve/change.rs"]
mod change;
#[path = "../../src/bin/sddl-authz/serve/clock.rs"]
pub(crate) mod clock;
#[path = "../../src/bin/sddl-authz/serve/identity.rs"]
pub(crate) mod identity;
#[path = "../../src/bin/sddl-authz/serve/list.rs"]
mod list;
#[path = "../../src/bin/sddl-authz/serve/router.rs"]
pub(crate) mod router;
#[path = "../../src/bin/sddl-authz/serve/store/mod.rs"]
pub(crate) mod store;
