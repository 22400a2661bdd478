//! What is shown for every mask.

mod checked;
mod container;
mod explorer;
mod lists;
mod masks;
mod privileges;
mod refusals;
mod restricted;
