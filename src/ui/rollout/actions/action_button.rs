//! The button of an action, with its confirmation: the request is sent once.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::confirm_dialog::{lazy_confirm_dialog, load_confirm_dialog};
use super::user_action::{ActionState, Confirmation, UserAction};
use crate::core::text::clip;
use crate::ui::lazy::loaded_view;
use crate::ui::rollout::tree::Tree;
use crate::ui::widgets::dialog::{Dialog, DialogBox, DialogProblem};

/// Shows the button and its dialog. They outlive new data, so that the response is shown even when the run or
/// rollout has changed meanwhile.
#[component]
pub(super) fn ActionButton(
    action: UserAction,
    /// Why the action is not possible now, if so: then the button is disabled and has this as its title.
    #[prop(into)]
    disabled_reason: Signal<Option<&'static str>>,
    tree: Tree,
    /// Called when the dialog opens (true) and closes (false).
    on_toggle: UnsyncCallback<bool>,
) -> impl IntoView {
    let dialog = Dialog::new(|| Box::pin(load_confirm_dialog()));
    let opener = NodeRef::<html::Button>::new();
    let state = RwSignal::new(ActionState::Idle);
    let is_blocked = Memo::new(move |_| disabled_reason.read().is_some());
    Effect::new(move |_| {
        if !is_blocked.get() {
            dialog.prepare();
        }
    });
    let open = move |_| {
        on_toggle.run(true);
        if state.with_untracked(|state| matches!(state, ActionState::Refused(_))) {
            state.set(ActionState::Idle);
        }
        dialog.open();
    };
    // What was asked for turns the button off, or takes it away, and the focus has nowhere to go back to.
    let closed = move |()| {
        let opener = opener.try_get_untracked().flatten();
        let near = opener.and_then(|opener| opener.closest(".run-panel, main").ok().flatten());
        on_toggle.try_run(false);
        request_animation_frame(move || focus_unless_focused(near));
    };
    let is_off = Signal::derive(move || is_blocked.get() || state.read().is_sent());
    let title = action.title();
    let class = if action.is_harmful() {
        "button danger"
    } else {
        "button primary"
    };
    let (idle, (sending, sent)) = (clip(action.label()), action.progress());
    let label = move || match (&*state.read(), is_blocked.get()) {
        (ActionState::Sending, _) => sending.to_owned(),
        (ActionState::Sent, false) => sent.to_owned(),
        _ => idle.clone(),
    };
    let confirmation = Confirmation {
        state,
        disabled_reason,
        is_off,
        tree,
        action,
    };
    view! {
        <div class="ask">
            <button
                type="button"
                class=class
                disabled=is_off
                title=move || disabled_reason.get().unwrap_or_default()
                node_ref=opener
                on:click=open
            >
                {label}
            </button>
            <DialogProblem dialog />
            <DialogBox
                dialog
                label=title
                content=move || loaded_view(lazy_confirm_dialog(confirmation.clone(), dialog))
                on_close=Callback::new(closed)
            />
        </div>
    }
}

/// Focuses an element if nothing has the focus.
fn focus_unless_focused(element: Option<Element>) {
    let has_focus = document()
        .active_element()
        .is_some_and(|at| at.tag_name() != "BODY");
    if let Some(element) = element.filter(|_| !has_focus) {
        // The run or rollout of the action may be above what gets the focus, and stays in sight.
        let still = FocusOptions::new();
        still.set_prevent_scroll(true);
        let _ = element
            .unchecked_into::<HtmlElement>()
            .focus_with_options(&still);
    }
}
