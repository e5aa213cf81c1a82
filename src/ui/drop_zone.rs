//! The ways in for files and texts: dropped anywhere on the page, picked, or pasted.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, Event, HtmlElement, HtmlInputElement};

use super::button::button;
use super::el::{El, el};
use super::files::{Parts, use_open_file};
use super::live::live;
use super::place::use_go;
use crate::model::address::Address;

/// Hears drops and pastes anywhere on the page; the hint that it gives is seen while something is
/// dragged.
pub fn drop_zone() -> El {
    let (over, set_over) = live(false);
    let open = use_open_file();
    let go = use_go();
    let open_pasted = open.clone();
    let drag = move |event: Event| {
        if files_in(&event).is_some() {
            // Without it, the browser would leave the page for the file.
            event.prevent_default();
            set_over.set(true);
        }
    };
    listen("dragenter", drag);
    listen("dragover", drag);
    listen("dragleave", move |event| {
        // Into nothing: out of the window.
        if event.unchecked_ref::<DragEvent>().related_target().is_none() {
            set_over.set(false);
        }
    });
    listen("drop", move |event| {
        set_over.set(false);
        if let Some(data) = files_in(&event) {
            event.prevent_default();
            Parts::files(data.files()).map(&open);
        }
    });
    listen("paste", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| matches!(&*target.tag_name(), "INPUT" | "TEXTAREA")) {
            return;
        }
        let Some(data) = event.unchecked_ref::<ClipboardEvent>().clipboard_data() else { return };
        let text = data.get_data("text/plain").unwrap_or_default();
        let place = Address::from_name(&text);
        if let Some(files) = Parts::files(data.files()) {
            open_pasted(files);
        } else if !matches!(place, Address::Unreadable(_)) {
            go(&place);
        } else if text.contains('{') {
            open_pasted(Parts::text(&text));
        }
    });
    el("div")
        .class("drop-hint")
        .class_if("is-over", over)
        .attr("aria-hidden", "true")
        .child(el("p").child(el("b").text("Drop it to open it")).text("It stays in this browser."))
}

fn listen(event: &'static str, hear: impl Fn(Event) + 'static) {
    let listener = window_event_listener_untyped(event, hear);
    on_cleanup(move || listener.remove());
}

/// What is dragged, when it is files.
fn files_in(event: &Event) -> Option<DataTransfer> {
    let data = event.unchecked_ref::<DragEvent>().data_transfer()?;
    data.types().includes(&"Files".into(), 0).then_some(data)
}

/// A button that opens files.
pub fn open_file_button() -> El {
    let open = use_open_file();
    let picker = StoredValue::new_local(None::<HtmlElement>);
    let input = el("input")
        .attr("type", "file")
        .attr("class", "visually-hidden")
        .flag("multiple", true)
        // Reached by the button.
        .attr("tabindex", "-1")
        .attr("aria-hidden", "true")
        .made(move |input| picker.set_value(Some(input.clone().unchecked_into())))
        .on("change", move |event| {
            let Some(input) = event.target() else { return };
            let input: HtmlInputElement = input.unchecked_into();
            Parts::files(input.files()).map(&open);
            // So that the same file can be chosen again.
            input.set_value("");
        });
    let pick = move |_| picker.with_value(|picker| picker.iter().for_each(HtmlElement::click));
    el("span").class("open-file").child(button("", "Open a file…").on("click", pick)).child(input)
}
