//! The note shown instead of a build, a log or a file that could not be read.

use leptos::prelude::*;

use super::sections::ExternalLink;
use crate::core::text::clip;
use crate::model::explain::ErrorMessage;
use crate::ui::nav::link::shown_address;
use crate::ui::session::sign_in::SignIn;
use crate::ui::widgets::icon::{Icon, SvgIcon};

/// Says what went wrong and what to do, with another try, and a link to where the user can look instead. Quieter than
/// [`error_box`](crate::ui::widgets::error_box): the run itself is on the screen.
#[component]
pub(crate) fn ArtifactNote(
    message: ErrorMessage,
    /// The same in the Cloud console.
    page: Option<String>,
    retry: UnsyncCallback<()>,
) -> impl IntoView {
    let is_busy = RwSignal::new(false);
    // The button stays until there is an answer, and keeps the focus.
    let try_again = move |_| {
        if !is_busy.get_untracked() {
            is_busy.set(true);
            retry.run(());
        }
    };
    let ErrorMessage {
        title,
        what,
        next,
        details,
        sign_in: wants_token,
        ..
    } = message;
    let details = (!details.is_empty()).then(|| {
        view! {
            <details>
                <summary>"The server's words"</summary>
                <pre class="long-text">{clip(details)}</pre>
            </details>
        }
    });
    view! {
        <div class="artifact-note" role="status">
            <h4><SvgIcon icon=Icon::Warning />{clip(title)}</h4>
            <p>{clip(what)} " " {clip(next)}</p>
            {details}
            <div class="artifact-buttons">
                <button
                    type="button"
                    class="button"
                    aria-disabled=move || is_busy.get().to_string()
                    on:click=try_again
                >
                    {move || if is_busy.get() { "Trying again…" } else { "Try again" }}
                </button>
                {page.map(|page| {
                    view! { <ExternalLink href=page class="outward button">"Open in the Cloud console"</ExternalLink> }
                })}
                {(wants_token && !shown_address().is_demo()).then(|| view! { <SignIn /> })}
            </div>
        </div>
    }
}
