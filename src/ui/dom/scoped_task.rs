//! Async tasks that end with the scope that spawned them.

use futures::FutureExt;
use futures::future::abortable;
use leptos::prelude::*;

use crate::api::transport::LocalFuture;

/// Spawns a task now, and again whenever a signal that `begin` reads changes. Aborts the task before, and on
/// cleanup of the owner the last one; a request that is under way is aborted with it.
pub(crate) fn scoped_task(begin: impl Fn() -> Option<LocalFuture<'static, ()>> + 'static) {
    boxed(Box::new(begin));
}

#[inline(never)]
fn boxed(begin: Box<dyn Fn() -> Option<LocalFuture<'static, ()>>>) {
    Effect::new(move |_| {
        if let Some(work) = begin() {
            let (work, stop) = abortable(work);
            leptos::task::spawn_local(work.map(drop));
            on_cleanup(move || stop.abort());
        }
    });
}
