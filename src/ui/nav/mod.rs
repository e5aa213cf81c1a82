//! The address and how the user moves: links, the omnibox, recent addresses, breadcrumbs, keyboard shortcuts.
//!
//! Begin with `link`, which reads the address and navigates.

pub(crate) mod breadcrumbs;
pub(crate) mod hash;
pub(crate) mod keyboard;
pub(crate) mod link;
pub(crate) mod omnibox;
pub(crate) mod recents;
pub(crate) mod shortcuts;
pub(crate) mod top_bar;
