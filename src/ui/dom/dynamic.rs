//! Parts of a view that change.
//!
//! Leptos compiles the code that keeps a changing part up to date once for every closure. Here
//! the closures are boxed, so that all of them share one copy, for the bundle's sake.

use std::sync::Arc;

use leptos::prelude::*;

/// A part of the view that is drawn anew whenever what it reads changes.
pub(crate) fn dynamic<V: IntoAny>(part: impl Fn() -> V + Send + 'static) -> AnyView {
    boxed(Box::new(move || part().into_any()))
}

/// A part of the view that is there or not.
pub(crate) fn dynamic_option<V: IntoAny>(part: impl Fn() -> Option<V> + Send + 'static) -> AnyView {
    boxed(Box::new(move || part().map_or_else(|| ().into_any(), IntoAny::into_any)))
}

#[inline(never)]
fn boxed(part: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || part()).into_any()
}

/// A changing text, for content and attributes.
pub(crate) fn text(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    boxed_text(Box::new(text))
}

#[inline(never)]
fn boxed_text(text: Box<dyn Fn() -> String + Send + Sync>) -> Signal<String> {
    Signal::derive(text)
}

/// Something that is so or not, for attributes.
pub(crate) fn flag(flag: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    boxed_flag(Box::new(flag))
}

#[inline(never)]
fn boxed_flag(flag: Box<dyn Fn() -> bool + Send + Sync>) -> Signal<bool> {
    Signal::derive(flag)
}

/// A list of views by key: those whose key stays, stay.
pub(crate) fn each(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    view: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    each_boxed(Box::new(keys), Arc::new(view))
}

type KeysFn = Box<dyn Fn() -> Vec<String> + Send + Sync>;
type ViewFn = Arc<dyn Fn(String) -> AnyView + Send + Sync>;

#[inline(never)]
fn each_boxed(keys: KeysFn, draw: ViewFn) -> AnyView {
    view! { <For each=keys key=String::clone children=move |key| draw(key) /> }.into_any()
}
