//! Async tasks that end with the scope that spawned them.

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

/// Spawns the task that `begin` returns, now and whenever a signal that `begin` reads changes. Each run cancels the
/// task of the run before, and the cleanup of the owner cancels the last one; a request in progress is aborted
/// with it.
///
/// Unlike a [`LocalResource`], the task has no value: it writes to signals as it proceeds. What it reads after the
/// call of `begin` is not tracked.
pub(crate) fn scoped_task<F>(begin: impl Fn() -> Option<F> + 'static)
where
    F: Future<Output = ()> + 'static,
{
    Effect::new(move |_| {
        if let Some(task) = begin() {
            // A scoped task keeps the observer: without `untrack`, all that it reads would restart it.
            untrack(|| spawn_local_scoped_with_cancellation(task));
        }
    });
}
