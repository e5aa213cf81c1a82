//! What components need of the browser besides Leptos: the clock, the focus, and what scrolls into view. Imports
//! nothing of the other rooms of `ui`.

pub(crate) mod clock;
pub(crate) mod focus;
pub(crate) mod on_visible;
pub(crate) mod signals;
pub(crate) mod spawn;
