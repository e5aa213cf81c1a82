//! The button of an action, with its confirmation: the request is sent once.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::user_action::{ActionState, Confirmation, UserAction};
use crate::ui::dom::dynamic::{flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::rollout::tree::Tree;
use crate::ui::widgets::button::button;
use crate::ui::widgets::dialog::{Content, Dialog};

/// Returns the button and its dialog. They outlive new data, so that the response is shown even when the run or
/// rollout has changed meanwhile. Calls `on_toggle` when the dialog opens (true) and closes (false). While there is
/// a `disabled_reason`, the button is disabled and has it as its title.
pub(crate) fn action_button(
    action: UserAction,
    disabled_reason: Signal<Option<&'static str>>,
    tree: Tree,
    on_toggle: impl Fn(bool) + Clone + 'static,
) -> El {
    let dialog = Dialog::new();
    let opener_element = StoredValue::new_local(None::<Element>);
    let state = RwSignal::new(ActionState::Idle);
    let is_blocked = Memo::new(move |_| disabled_reason.read().is_some());
    Effect::new(move |_| {
        if !is_blocked.get() {
            dialog.prepare();
        }
    });
    let on_open = on_toggle.clone();
    let open = move |_| {
        on_open(true);
        if matches!(*state.read_untracked(), ActionState::Refused(_)) {
            state.set(ActionState::Idle);
        }
        dialog.open();
    };
    let is_off =
        flag(move || is_blocked.get() || matches!(*state.read(), ActionState::Sending | ActionState::Sent));
    let (idle, (sending, sent)) = (action.label(), action.progress());
    let label = text(move || match (&*state.read(), is_blocked.get()) {
        (ActionState::Sending, _) => sending.to_owned(),
        (ActionState::Sent, false) => sent.to_owned(),
        _ => idle.clone(),
    });
    let opener = button(if action.is_harmful() { "danger" } else { "primary" }, label)
        .flag("disabled", is_off)
        .attr("title", text(move || disabled_reason.get().unwrap_or_default().to_owned()))
        .made(move |element| opener_element.set_value(Some(element.clone())))
        .on("click", open);
    // What was asked for turns the button off, or takes it away, and the focus has nowhere to go back to.
    let stay_near = move |_| {
        let opener = opener_element.try_get_value().flatten();
        let near = opener.and_then(|opener| opener.closest(".run-panel, main").ok().flatten());
        on_toggle(false);
        request_animation_frame(move || {
            let has_focus = document().active_element().is_some_and(|at| at.tag_name() != "BODY");
            if let Some(near) = near.filter(|_| !has_focus) {
                // The run or rollout of the action may be above what gets the focus, and stays in sight.
                let still = FocusOptions::new();
                still.set_prevent_scroll(true);
                let _ = near.unchecked_into::<HtmlElement>().focus_with_options(&still);
            }
        });
    };
    let confirmation = Confirmation { state, disabled_reason, is_off, tree, action: action.clone() };
    let dialog_box =
        dialog.element(action.title(), move || Content::Confirm(confirmation.clone())).on("close", stay_near);
    el("div").class("ask").child(opener).child(dialog.problem()).child(dialog_box)
}
