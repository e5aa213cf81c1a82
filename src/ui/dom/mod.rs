//! Elements, signals, timers and tasks: what the components are built of. Imports nothing of the other
//! rooms of `ui`.

pub(crate) mod clock;
pub(crate) mod dynamic;
pub(crate) mod el;
pub(crate) mod focus;
pub(crate) mod on_visible;
pub(crate) mod scoped_task;
pub(crate) mod signals;
