//! What can be done to a rollout, a job or a run: the buttons, and the dialog that asks first.

mod ask;
pub(crate) mod deed;
pub(crate) mod offers;
pub(crate) mod question;
pub(crate) mod terminate;
