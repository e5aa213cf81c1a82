//! Input from outside: what a person pastes or types, and files.
//!
//! [`parse_input`] parses a text as the name of a resource, [`omnibox`] says where it leads, and
//! [`import`] reads job runs and rollouts from a file.

pub mod import;
pub mod omnibox;
pub mod parse_input;
