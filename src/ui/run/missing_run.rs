//! The notice for a run that the address names and that was not read.

use leptos::prelude::*;

use super::shown::Shown;
use crate::core::text::clip;
use crate::ui::widgets::lazy_view::lazy_component;

/// Says which run it is, and why it may be missing.
#[component]
pub(crate) fn MissingRun(shown: Shown) -> impl IntoView {
    let id = move || clip(shown.selected.get().unwrap_or_default());
    view! {
        <div class="notice is-empty">
            <h2>"This rollout has no such job run"</h2>
            <p>
                "The address selects " <code class="long-text">{id}</code>
                ", which is not among the runs that were read. A filter may hide it, or it was of another \
                 rollout. Select a run on the timeline."
            </p>
        </div>
    }
}

lazy_component! {
    part: extras;
    /// [`MissingRun`], loaded on first use.
    pub(super) fn LazyMissingRun(shown: Shown) {
        view! { <MissingRun shown /> }
    }
}
