//! The address and how the user moves: links, the box for names, recent places, breadcrumbs, keys.
//!
//! Begin with `place`, which says what the address means, and changes it.

pub(crate) mod breadcrumbs;
pub(crate) mod hash;
pub(crate) mod keyboard;
pub(crate) mod omnibox;
pub(crate) mod place;
pub(crate) mod recents;
pub(crate) mod shortcuts;
pub(crate) mod top_bar;
