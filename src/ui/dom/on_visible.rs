//! Detects when an element scrolls into view.

use js_sys::Array;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use send_wrapper::SendWrapper;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

/// Sets `is_visible` when the element is in view for the first time.
pub(crate) fn on_visible(element: &Element, is_visible: RwSignal<bool>) {
    let on_change = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let in_view = |entry| {
            leptos::wasm_bindgen::JsValue::unchecked_into::<IntersectionObserverEntry>(entry)
                .is_intersecting()
        };
        if entries.iter().any(in_view) {
            is_visible.set(true);
        }
    });
    match IntersectionObserver::new(on_change.as_ref().unchecked_ref()) {
        Ok(observer) => {
            observer.observe(element);
            let kept = SendWrapper::new((observer, on_change));
            on_cleanup(move || kept.take().0.disconnect());
        }
        Err(_) => is_visible.set(true),
    }
}
