//! Whether an element has come into view.

use js_sys::Array;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use send_wrapper::SendWrapper;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

use super::live::Setter;

/// Tells when an element is in view for the first time.
pub fn when_seen(element: &Element, seen: Setter<bool>) {
    let hear = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        let in_view = |entry| {
            leptos::wasm_bindgen::JsValue::unchecked_into::<IntersectionObserverEntry>(entry)
                .is_intersecting()
        };
        if entries.iter().any(in_view) {
            seen.set(true);
        }
    });
    match IntersectionObserver::new(hear.as_ref().unchecked_ref()) {
        Ok(observer) => {
            observer.observe(element);
            let kept = SendWrapper::new((observer, hear));
            on_cleanup(move || kept.take().0.disconnect());
        }
        Err(_) => seen.set(true),
    }
}
