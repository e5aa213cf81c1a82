//! Small components that many screens use: buttons, dialogs, icons, boxes for errors.

pub(crate) mod copy_button;
pub(crate) mod dialog;
pub(crate) mod download;
pub(crate) mod error_box;
pub(crate) mod icon;
pub(crate) mod lazy_view;
pub(crate) mod raw_text;
pub(crate) mod skeleton;
pub(crate) mod state_badge;
pub(crate) mod unreachable;
