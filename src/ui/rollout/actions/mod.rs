//! What can be done to a rollout, a job or a run: the buttons, and the dialog that asks first.

mod action_button;
pub(crate) mod action_buttons;
mod action_request;
pub(crate) mod confirm_dialog;
pub(crate) mod terminate;
pub(crate) mod user_action;
