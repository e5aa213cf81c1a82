//! The ways in for files and texts: dropped anywhere on the page, picked, or pasted.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, Event, FileList, HtmlInputElement};

use super::files::Input;
use crate::model::address::Address;
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::lazy;
use crate::ui::nav::link::use_navigate;
use crate::ui::session::use_session;

/// Hears drops and pastes anywhere on the page; the hint that it gives is seen while something is
/// dragged.
pub(crate) fn drop_zone() -> El {
    let session = use_session();
    let (over, set_over) = signal(false);
    let go = use_navigate();
    let drag = move |event: Event| {
        if files_in(&event).is_some() {
            // Without it, the browser would leave the page for the file.
            event.prevent_default();
            set_over.set_if_changed(true);
        }
    };
    listen("dragenter", Box::new(drag));
    listen("dragover", Box::new(drag));
    listen(
        "dragleave",
        // Into nothing: out of the window.
        Box::new(move |event| {
            set_over.set_if_changed(event.unchecked_ref::<DragEvent>().related_target().is_some())
        }),
    );
    listen(
        "drop",
        Box::new(move |event| {
            set_over.set_if_changed(false);
            if let Some(data) = files_in(&event) {
                event.prevent_default();
                open_files(session, data.files());
            }
        }),
    );
    listen(
        "paste",
        Box::new(move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.is_some_and(|target| matches!(&*target.tag_name(), "INPUT" | "TEXTAREA")) {
                return;
            }
            let Some(data) = event.unchecked_ref::<ClipboardEvent>().clipboard_data() else { return };
            let text = data.get_data("text").unwrap_or_default();
            let address = Address::from_name(&text);
            if !matches!(address, Address::Unreadable(_)) {
                go(&address);
            } else if text.contains('{') {
                session.open_file(Input::text(&text));
            } else {
                open_files(session, data.files());
            }
        }),
    );
    el("div")
        .class("drop-hint")
        .class_if("is-over", over)
        .attr("aria-hidden", "true")
        .child(el("p").child(el("b").text("Drop it to open it")).text("It stays in this browser."))
}

fn listen(event: &'static str, handler: Box<dyn Fn(Event)>) {
    let listener = window_event_listener_untyped(event, handler);
    on_cleanup(move || listener.remove());
}

/// What is dragged, when it is files.
fn files_in(event: &Event) -> Option<DataTransfer> {
    let data = event.unchecked_ref::<DragEvent>().data_transfer()?;
    data.types().includes(&"Files".into(), 0).then_some(data)
}

/// Opens files: a log alone in the reader of logs, anything else as job runs.
fn open_files(session: crate::ui::session::Session, files: Option<FileList>) {
    let only = files.as_ref().filter(|files| files.length() == 1).and_then(|files| files.get(0));
    let input = Input::files(files);
    leptos::task::spawn_local(async move {
        if let Some(file) = only
            && let Ok(is_log) = lazy::is_log(file.clone()).await
            && is_log.await
        {
            return session.open_log(file.into());
        }
        // If that is not known, opening it reports the error.
        if let Some(input) = input {
            session.open_file(input);
        }
    });
}

/// A button that opens files.
pub(crate) fn open_file_button() -> El {
    let session = use_session();
    let input = el("input").attr("type", "file").class("visually-hidden").flag("multiple", true).on(
        "change",
        move |event| {
            let Some(input) = event.target() else { return };
            let input: HtmlInputElement = input.unchecked_into();
            open_files(session, input.files());
            // So that the same file can be chosen again.
            input.set_value("");
        },
    );
    el("label").class("button open-file").text("Open a file…").child(input)
}
