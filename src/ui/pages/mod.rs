//! Pages that are no resource's: the start page, opened files, and addresses that name nothing.

pub(crate) mod drop_zone;
pub(crate) mod files;
pub(crate) mod open_files;
pub(crate) mod opened_page;
pub(crate) mod start_page;
pub(crate) mod unreadable_address;
