//! The ways in for files and texts: dropped anywhere on the page, picked, or pasted.

use leptos::ev::{self, Targeted};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, FileList, HtmlInputElement,
};

use super::files::Input;
use crate::model::address::Address;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::log::log_file::lazy_is_log;
use crate::ui::nav::link::use_navigate;
use crate::ui::session::{Session, use_session};

/// Opens what is dropped or pasted anywhere on the page. Shows a hint while the user drags files over it.
#[component]
pub(crate) fn DropZone() -> impl IntoView {
    let session = use_session();
    let is_over = RwSignal::new(false);
    let go = use_navigate();

    let drag = move |event: DragEvent| {
        if dragged_files(&event).is_some() {
            // Otherwise the browser would leave the page for the file.
            event.prevent_default();
            is_over.set_if_changed(true);
        }
    };
    let leave = move |event: DragEvent| {
        // Without a related target, the pointer has left the window.
        is_over.set_if_changed(event.related_target().is_some());
    };
    let drop = move |event: DragEvent| {
        is_over.set_if_changed(false);
        if let Some(data) = dragged_files(&event) {
            event.prevent_default();
            open_files(session, data.files());
        }
    };
    let paste = move |event: ClipboardEvent| {
        if is_typed(&event) {
            return;
        }
        let Some(data) = event.clipboard_data() else {
            return;
        };
        let text = data.get_data("text").unwrap_or_default();
        let address = Address::from_name(&text);
        if !matches!(address, Address::Unreadable(_)) {
            go(&address);
        } else if text.contains('{') {
            session.open_file(Input::text(&text));
        } else {
            open_files(session, data.files());
        }
    };
    let listeners = [
        window_event_listener(ev::dragenter, drag),
        window_event_listener(ev::dragover, drag),
        window_event_listener(ev::dragleave, leave),
        window_event_listener(ev::drop, drop),
        window_event_listener(ev::paste, paste),
    ];
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));

    view! {
        <div class="drop-hint" class:is-over=is_over aria-hidden="true">
            <p><b>"Drop it to open it"</b>"It stays in this browser."</p>
        </div>
    }
}

/// A button that opens files.
#[component]
pub(crate) fn OpenFileButton() -> impl IntoView {
    let session = use_session();
    let open = move |event: Targeted<Event, HtmlInputElement>| {
        let input = event.target();
        open_files(session, input.files());
        // So that the same file can be chosen again.
        input.set_value("");
    };
    view! {
        <label class="button open-file">
            "Open a file…" <input type="file" class="visually-hidden" multiple on:change:target=open />
        </label>
    }
}

/// Returns what the user drags, if it is files.
fn dragged_files(event: &DragEvent) -> Option<DataTransfer> {
    let data = event.data_transfer()?;
    data.types().includes(&"Files".into(), 0).then_some(data)
}

/// Whether an event is for a text field.
fn is_typed(event: &Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(&*target.tag_name(), "INPUT" | "TEXTAREA"))
}

/// Opens files: a single log in the log reader, anything else as job runs.
fn open_files(session: Session, files: Option<FileList>) {
    let only = files
        .as_ref()
        .filter(|files| files.length() == 1)
        .and_then(|files| files.get(0));
    let input = Input::files(files);
    leptos::task::spawn_local(async move {
        if let Some(file) = only
            && lazy_is_log(file.clone()).await.unwrap_or(false)
        {
            return session.open_log(file.into());
        }
        // If the part that tells logs could not be loaded, opening the file reports the error.
        if let Some(input) = input {
            session.open_file(input);
        }
    });
}
