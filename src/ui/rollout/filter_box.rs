//! The filter that the server applies.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_navigate};

/// The box for the filter of the shown rollout.
#[component]
pub(super) fn FilterBox(
    /// The filter in the address.
    applied: Signal<String>,
) -> impl IntoView {
    let (go, address) = (use_navigate(), use_address());
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| typed.set_if_changed(applied.get()));
    let is_set = Memo::new(move |_| !applied.read().is_empty());
    let input = NodeRef::<Input>::new();
    let apply =
        move |filter: String| go(&address.get_untracked().with(|view| view.filter = filter));
    let submit = {
        let apply = apply.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            apply(typed.get_untracked().trim().to_owned());
        }
    };
    let clear = move |_| {
        // The button is about to go, and the focus must not go with it.
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
        apply(String::new());
    };
    let hint = "An AIP-160 filter that the server applies, such as state=\"FAILED\" AND phaseId=\"stable\". Enter \
                applies it.";
    view! {
        <form class="filter-box" class:is-set=is_set role="search" on:submit=submit>
            <label>
                <span class="visually-hidden">"Filter, applied by the server (AIP-160)"</span>
                <input
                    type="text"
                    name="filter"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder="Filter, such as state=\"FAILED\""
                    title=hint
                    prop:value=typed
                    node_ref=input
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </label>
            <Show when=move || is_set.get()>
                <button type="button" class="button quiet" on:click=clear.clone()>"Clear"</button>
            </Show>
        </form>
    }
}
