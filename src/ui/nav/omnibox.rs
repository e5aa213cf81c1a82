//! The box that takes whatever leads to a rollout: a name, a link, a command line.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::link::use_navigate;
use crate::model::address::Address;
use crate::model::input::omnibox::{OmniboxReading, OpenTarget};
use crate::ui::dom::dynamic::{flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::pages::files::Input;
use crate::ui::session::use_session;
use crate::ui::widgets::button::submit_button;
use crate::ui::widgets::form::{form, input_value};
use crate::workers::files::client::FilesClient;

/// Has the worker read a text, which knows links and commands too; a plain name is known here.
async fn read(worker: FilesClient, text: &str) -> OmniboxReading {
    worker.understand(text.to_owned()).await.unwrap_or_else(|_| read_name(text))
}

/// Reads a text as a plain name.
fn read_name(text: &str) -> OmniboxReading {
    match Address::from_name(text) {
        Address::Unreadable(error) => {
            OmniboxReading { said: format!("{error}."), opens: OpenTarget::Nothing }
        }
        address => OmniboxReading { said: String::new(), opens: OpenTarget::Address(address.into()) },
    }
}

/// The box, with `start` in it at first.
pub(crate) fn omnibox(start: String) -> El {
    const NOTHING: OmniboxReading = OmniboxReading { said: String::new(), opens: OpenTarget::Nothing };
    let (typed, set_typed) = signal(start);
    // Why nothing was opened, from when the user tried until the text changes.
    let (problem, set_problem) = signal(String::new());
    let (reading, set_reading) = signal(NOTHING);
    let go = use_navigate();
    let session = use_session();
    let worker = session.worker();
    let asks = worker.clone();
    // A response about a text that is no longer in the box, or for a box that is gone, is dropped.
    scoped_task(move || {
        let (text, worker) = (typed.get(), asks.clone());
        if text.trim().is_empty() {
            set_reading.set_if_changed(NOTHING);
            return None;
        }
        Some(Box::pin(async move { set_reading.set_if_changed(read(worker, &text).await) }))
    });
    let submit = move || {
        let (text, worker, go) = (typed.get_untracked(), worker.clone(), go.clone());
        leptos::task::spawn_local(async move {
            let OmniboxReading { said, opens } = match read_name(&text) {
                // What was understood may still be on its way, and is not waited for.
                OmniboxReading { opens: OpenTarget::Nothing, .. } => read(worker, &text).await,
                named => named,
            };
            if opens == OpenTarget::Nothing {
                return set_problem.set(said);
            }
            set_problem.set(String::new());
            set_typed.set(String::new());
            match opens {
                OpenTarget::Nothing => {}
                OpenTarget::Json => session.open_file(Input::text(&text)),
                OpenTarget::Address(address) => go(&address),
            }
        });
    };
    let message = text(move || match problem.read().is_empty() {
        true => reading.read().said.clone(),
        false => String::new(),
    });
    form(submit)
        .class("open-box")
        .child(
            el("label")
                .child(
                    el("span").class("open-box-label").text("Name, link, gcloud command, or a project’s id"),
                )
                .child(field(typed.into(), set_typed, problem.into(), set_problem)),
        )
        .child(submit_button("", "Open"))
        .child(
            el("div")
                .class("open-box-below")
                .child(
                    el("p")
                        .class("open-box-said")
                        .class_if("is-understood", flag(move || reading.read().opens != OpenTarget::Nothing))
                        .attr("role", "status")
                        .text(message),
                )
                .child(el("p").class("open-box-problem").attr("role", "alert").text(problem)),
        )
}

/// The field: of one line, and yet a text area, since an input would join the lines of what is
/// pasted into it, and a command's or JSON's lines mean something.
fn field(
    typed: Signal<String>,
    set_typed: WriteSignal<String>,
    problem: Signal<String>,
    set_problem: WriteSignal<String>,
) -> El {
    el("textarea")
        .attr("rows", "1")
        .attr("name", "name")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("placeholder", "projects/…/rollouts/…")
        .attr("aria-invalid", text(move || (!problem.read().is_empty()).to_string()))
        .attr("aria-keyshortcuts", "/")
        .value(typed)
        .on("input", move |event| {
            set_typed.set(input_value(&event));
            set_problem.set(String::new());
        })
        .on("keydown", |event| {
            let event: KeyboardEvent = event.unchecked_into();
            if event.key() != "Enter" || event.shift_key() || event.is_composing() {
                return;
            }
            event.prevent_default();
            // Through the button, so that the form is submitted as by any other way.
            let target = event.target().map(|target| target.unchecked_into::<HtmlElement>());
            let form = target.and_then(|field| field.closest("form").ok().flatten());
            if let Some(button) = form.and_then(|form| form.query_selector("button").ok().flatten()) {
                button.unchecked_into::<HtmlElement>().click();
            }
        })
}
