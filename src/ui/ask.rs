//! Something that changes what runs in the cloud: asked about first, then sent once.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::button::{button, submit_button};
use super::dialog::Dialog;
use super::dynamic::{dynamic_option, flag, text};
use super::el::{El, el};
use super::form::{form, input_value};
use super::live::{Live, live, memo};
use super::session::use_session;
use super::tree::Tree;
use super::trouble_box::trouble_box;
use crate::api::error::{ApiError, Refusal, RefusalKind};
use crate::api::source::LocalFuture;
use crate::model::explain::{Doing, trouble};

/// What is asked, in words.
pub struct Ask {
    /// The button that asks, while nothing goes on.
    pub label: String,
    /// The title of the question.
    pub question: String,
    /// What will happen.
    pub effect: &'static str,
    /// The button that leaves everything as it is.
    pub keep: &'static str,
    /// The button that does it.
    pub confirm: String,
    /// What stands on both buttons while the answer is awaited.
    pub sending: &'static str,
    /// What stands on the first button from then until the state has changed.
    pub sent: &'static str,
    /// Whether it ends or throws away something.
    pub is_harmful: bool,
    pub doing: Doing,
}

/// Sends what was asked, with the deploy policies to override.
pub type Send = Rc<dyn Fn(Vec<String>) -> LocalFuture<'static, Result<(), ApiError>>>;

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Idle,
    Sending,
    Sent,
    Refused(ApiError),
}

/// The button and its dialog. They outlast new data, so that an answer to a request is shown even
/// when what it is about has changed meanwhile. `about` is drawn in the dialog; while there is a
/// `hindrance`, the button is off and says why.
pub fn ask(words: Ask, about: AnyView, hindrance: Live<Option<&'static str>>, tree: Tree, send: Send) -> El {
    let session = use_session();
    let dialog = Dialog::new();
    let opener_element = StoredValue::new_local(None::<Element>);
    let (step, set_step) = live(Step::Idle);
    let (policies, set_policies) = live(String::new());
    let (override_open, set_override_open) = live(false);
    let Ask { label, question, effect, keep, confirm, sending, sent, is_harmful, doing } = words;

    let open = move |_| {
        if matches!(*step.read_untracked(), Step::Refused(_)) {
            set_step.set(Step::Idle);
        }
        dialog.open();
    };
    let submit = move || {
        // Checked and set in one turn of the event loop, so that a double click sends once.
        if matches!(*step.read_untracked(), Step::Sending | Step::Sent)
            || hindrance.read_untracked().is_some()
        {
            return;
        }
        set_step.set(Step::Sending);
        let policies = policies.read_untracked().split_whitespace().map(str::to_owned).collect();
        let sending = send(policies);
        leptos::task::spawn_local(async move {
            // What asked may be gone when the answer comes; the request is not undone by that.
            match sending.await {
                Ok(()) => {
                    set_step.set(Step::Sent);
                    dialog.close();
                }
                Err(error) => {
                    if error.refusal().is_some_and(is_by_policy) {
                        set_override_open.set(true);
                    }
                    set_step.set(Step::Refused(error));
                }
            }
            tree.refresh();
        });
    };

    let is_hindered = memo(move || hindrance.read().is_some());
    let is_off = flag(move || is_hindered.get() || matches!(*step.read(), Step::Sending | Step::Sent));
    let label = text(move || match (&*step.read(), is_hindered.get()) {
        (Step::Sending, _) => sending.to_owned(),
        (Step::Sent, false) => sent.to_owned(),
        _ => label.clone(),
    });
    let opener = button(if is_harmful { "danger" } else { "primary" }, label)
        .flag("disabled", is_off)
        .attr("title", text(move || hindrance.get().unwrap_or_default().to_owned()))
        .made(move |element| opener_element.set_value(Some(element.clone())))
        .on("click", open);
    let confirm = text(move || match *step.read() {
        Step::Sending | Step::Sent => sending.to_owned(),
        Step::Idle | Step::Refused(_) => confirm.clone(),
    });
    let buttons = el("div")
        .class("dialog-buttons")
        .child(button("", keep).flag("autofocus", true).on("click", move |_| dialog.close()))
        .child(
            submit_button(if is_harmful { "danger solid" } else { "primary" }, confirm)
                .flag("disabled", is_off),
        );
    let policies_field = el("details")
        .class("override")
        .open(override_open)
        .child(el("summary").text("A deploy policy forbids it?"))
        .child(
            el("label")
                .class("field")
                .child(el("span").text("Deploy policies to override, by full name, one a line"))
                .child(
                    el("textarea")
                        .attr("rows", "2")
                        .attr("name", "policies")
                        .attr("spellcheck", "false")
                        .attr("placeholder", "projects/…/locations/…/deployPolicies/…")
                        .value(policies)
                        .on("input", move |event| set_policies.set(input_value(&event))),
                ),
        );
    let refusal = dynamic_option(move || match step.get() {
        Step::Refused(error) => Some(trouble_box(trouble(&error, doing, session.signed_in()), None)),
        Step::Idle | Step::Sending | Step::Sent => None,
    });
    // What was asked for turns the button off, or takes it away, and the focus has nowhere to go back to.
    let stay_near = move |_| {
        request_animation_frame(move || {
            let has_focus = document().active_element().is_some_and(|at| at.tag_name() != "BODY");
            let opener = opener_element.try_get_value().flatten().filter(|_| !has_focus);
            let near = opener.and_then(|opener| opener.closest(".run-panel, main").ok().flatten());
            if let Some(near) = near {
                let _ = near.unchecked_into::<HtmlElement>().focus();
            }
        });
    };
    let dialog = dialog
        .element()
        .on("close", stay_near)
        .attr("aria-label", question.clone())
        .child(
            form(submit)
                .child(el("h2").text(question))
                .child(about)
                .child(el("p").text(effect))
                .child(policies_field)
                .child(buttons),
        )
        // Outside the form, since it may hold one of its own.
        .child(refusal);
    el("div").class("ask").child(opener).child(dialog)
}

/// Whether a deploy policy stood in the way, which can be overridden.
fn is_by_policy(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Conflict && !refusal.violations.is_empty()
}
