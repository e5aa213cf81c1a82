//! The box that takes a resource name.

use leptos::prelude::*;

use super::button::Button;
use super::dynamic::text;
use super::place::use_go;
use crate::model::address::Address;

#[component]
pub fn OpenBox(
    /// What stands in the box at first.
    #[prop(optional)]
    start: String,
    /// One line without a label, for the top bar.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let (typed, set_typed) = signal(start);
    let (problem, set_problem) = signal(String::new());
    let go = use_go();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        // Not read in place: that would hold the signal, which is set below.
        let name = typed.get_untracked();
        match Address::from_name(&name) {
            Address::Unreadable(error) => set_problem.set(format!("Not opened: {}.", error.reason())),
            address => {
                set_problem.set(String::new());
                set_typed.set(String::new());
                go(&address);
            }
        }
    };
    view! {
        <form class="open-box" class:compact=compact on:submit=submit>
            <label>
                <span class="open-box-label">"Rollout or job run"</span>
                <input
                    type="text"
                    name="name"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder="projects/…/rollouts/… or …/jobRuns/…"
                    prop:value=typed
                    aria-invalid=text(move || (!problem.read().is_empty()).to_string())
                    on:input:target=move |event| {
                        set_typed.set(event.target().value());
                        set_problem.set(String::new());
                    }
                />
            </label>
            <Button >
                "Open"
            </Button>
            <p class="open-box-problem" role="alert">
                {problem}
            </p>
        </form>
    }
}
