//! What Leptos' signals lack.

use leptos::prelude::*;

/// Sets a signal only if the value differs.
pub(crate) trait SetIfChanged: Update {
    /// Sets the value and notifies, unless the signal holds an equal one: a response that says what the last one said
    /// must draw nothing anew. Does nothing when the signal was disposed.
    fn set_if_changed(&self, value: Self::Value);
}

impl<S> SetIfChanged for S
where
    S: Update,
    S::Value: PartialEq,
{
    fn set_if_changed(&self, value: S::Value) {
        self.try_maybe_update(|held| {
            let changes = *held != value;
            *held = value;
            (changes, ())
        });
    }
}
