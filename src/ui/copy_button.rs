//! Copies a text.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::el::{El, el};
use super::icon::{Shape, icon};
use super::live::live;

/// A button that copies `text`; `label` tells people what is copied.
pub fn copy_button(text: String, label: &'static str) -> El {
    let (done, set_done) = live(String::new());
    let copy = move |_| {
        let text = text.clone();
        leptos::task::spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            let said = if written.is_ok() { "Copied" } else { "The browser did not allow it" };
            set_done.set(said.to_owned());
            gloo_timers::future::sleep(Duration::from_secs(2)).await;
            set_done.set(String::new());
        });
    };
    el("button")
        .attr("type", "button")
        .class("copy-button")
        .attr("title", label)
        .attr("aria-label", label)
        .on("click", copy)
        .child(icon(Shape::Copy))
        .child(el("span").class("copy-done").attr("role", "status").text(done))
}
