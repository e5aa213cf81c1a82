//! Work that waits, for as long as somebody wants what comes of it.

use futures::FutureExt;
use futures::future::abortable;
use leptos::prelude::*;

use super::live::effect;
use crate::api::transport::LocalFuture;

/// Begins a task now, and another whenever what `begin` reads changes. The task before is given up
/// then, and the last one with the part of the page that it belongs to; a request that is under way
/// is aborted with it.
pub fn task(begin: impl Fn() -> Option<LocalFuture<'static, ()>> + 'static) {
    boxed(Box::new(begin));
}

#[inline(never)]
fn boxed(begin: Box<dyn Fn() -> Option<LocalFuture<'static, ()>>>) {
    effect(move || {
        if let Some(work) = begin() {
            let (work, stop) = abortable(work);
            leptos::task::spawn_local(work.map(drop));
            on_cleanup(move || stop.abort());
        }
    });
}
