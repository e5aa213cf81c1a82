//! Elements, signals, timers and tasks: what the components are built of. Imports nothing of the other
//! rooms of `ui`.

pub(crate) mod clock;
pub(crate) mod focus;
pub(crate) mod on_visible;
pub(crate) mod signals;
