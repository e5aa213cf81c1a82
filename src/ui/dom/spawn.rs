//! Async tasks of components.

use leptos::prelude::untrack;
use leptos::task::spawn_local_scoped_with_cancellation;

/// Spawns a task that is cancelled on cleanup of the owner: before the effect that spawned it runs again, and when the
/// component goes.
///
/// Leptos' own function hands the observer to the task: whatever the task reads, such as a token, would start the
/// effect again.
pub(crate) fn spawn_scoped(task: impl Future<Output = ()> + 'static) {
    untrack(|| spawn_local_scoped_with_cancellation(task));
}
