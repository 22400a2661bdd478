//! The tests, each for every value of its masks.

mod audit;
mod bytes;
mod central;
mod checked;
mod container;
mod explained;
mod explorer;
mod layers;
mod lists;
mod masks;
mod privileges;
mod refusals;
mod restricted;
mod trees;
