//! Input from outside: what a person pastes or types, and files.
//!
//! [`paste`] understands a text as the name of a resource, [`open`] says what the box does with it, and
//! [`import`] reads job runs and rollouts from a file.

pub mod import;
pub mod open;
pub mod paste;
