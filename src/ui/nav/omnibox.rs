//! The box that takes whatever leads to a rollout: a name, a link, a command line.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::link::use_navigate;
use crate::model::address::Address;
use crate::transport::worker::WorkerClient;
use crate::ui::dom::dynamic::{flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::pages::files::Input;
use crate::ui::session::use_session;
use crate::ui::widgets::button::submit_button;
use crate::ui::widgets::form::{form, input_value};
use crate::workers::files::Call;

/// What is known of the text in the box.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reading {
    text: String,
    /// What it is, or why it is nothing and what would help.
    message: String,
    /// What opening it does: nothing for nothing, `json`, or the address that it leads to.
    opens: String,
}

/// Has the worker read a text, which knows links and commands too; a plain name is known here.
async fn read(worker: WorkerClient, text: String) -> Reading {
    match worker.call(Call::Understand.name(), &[&text]).await.map(<[String; 2]>::try_from) {
        Ok(Ok([message, opens])) => Reading { text, message, opens },
        _ => match Address::from_name(&text) {
            Address::Unreadable(error) => {
                Reading { message: format!("{error}."), text, opens: String::new() }
            }
            address => Reading { text, message: String::new(), opens: address.to_hash() },
        },
    }
}

/// The box, with `start` in it at first.
pub(crate) fn omnibox(start: String) -> El {
    let (typed, set_typed) = signal(start);
    // Why nothing was opened, from when the user tried until the text changes.
    let (problem, set_problem) = signal(String::new());
    let (reading, set_reading) = signal(Reading::default());
    let go = use_navigate();
    let session = use_session();
    let worker = session.worker();
    let asks = worker.clone();
    // A response about a text that is no longer in the box, or for a box that is gone, is dropped.
    scoped_task(move || {
        let (text, worker) = (typed.get(), asks.clone());
        if text.trim().is_empty() {
            set_reading.set_if_changed(Reading::default());
            return None;
        }
        Some(Box::pin(async move { set_reading.set_if_changed(read(worker, text).await) }))
    });
    let submit = move || {
        let (text, worker, go) = (typed.get_untracked(), worker.clone(), go.clone());
        leptos::task::spawn_local(async move {
            let Reading { text, message, opens } = match Address::from_name(&text) {
                // What was understood may still be on its way, and is not waited for.
                Address::Unreadable(_) => read(worker, text).await,
                address => Reading { message: String::new(), text, opens: address.to_hash() },
            };
            match opens.as_str() {
                "" => set_problem.set(message),
                _ => {
                    set_problem.set(String::new());
                    set_typed.set(String::new());
                    match opens.as_str() {
                        "json" => session.open_file(Input::text(&text)),
                        hash => go(&Address::from_hash(hash)),
                    }
                }
            }
        });
    };
    let message = text(move || match problem.read().is_empty() {
        true => reading.read().message.clone(),
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
                        .class_if("is-understood", flag(move || !reading.read().opens.is_empty()))
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
