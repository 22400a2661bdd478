//! The program: its answers, exit statuses and JSON, and what it says to those who get it wrong.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod callers;
mod check;
mod convert;
mod decide;
mod help;
mod lines;
mod objects;
mod output;
mod program;
mod questions;
