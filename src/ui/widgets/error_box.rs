//! An error: what happened, what is safe, what to do next.

use leptos::prelude::*;

use super::icon::{Icon, SvgIcon};
use crate::core::text::clip;
use crate::model::explain::ErrorMessage;
use crate::ui::session::sign_in::SignIn;

/// Shows an error, with a button that tries again where there is something to try.
#[component]
pub(crate) fn ErrorBox(
    message: ErrorMessage,
    #[prop(optional_no_strip)] retry: Option<Callback<()>>,
) -> impl IntoView {
    let ErrorMessage {
        title,
        what,
        safe,
        next,
        details,
        sign_in: wants_token,
    } = message;
    let retry = retry.map(|retry| {
        view! { <button type="button" class="button" on:click=move |_| retry.run(())>"Try again"</button> }
    });
    let details = (!details.is_empty())
        .then(|| view! { <pre class="trouble-details" tabindex="0">{clip(details)}</pre> });
    view! {
        <section class="trouble" role="alert">
            <h2><SvgIcon icon=Icon::Warning />{clip(title)}</h2>
            <p>{clip(what)} " " {clip(safe)}</p>
            <p class="trouble-next">{clip(next)}</p>
            {details}
            <div class="trouble-buttons">{retry} {wants_token.then(|| view! { <SignIn /> })}</div>
        </section>
    }
}
