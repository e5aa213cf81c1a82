//! An error: what happened, what is safe, what to do next.

use leptos::prelude::*;

use super::button::button;
use super::icon::{Icon, SvgIcon, icon};
use crate::core::text::clip;
use crate::model::explain::ErrorMessage;
use crate::ui::dom::el::{El, el};
use crate::ui::session::sign_in::{SignIn, sign_in};

/// The error, with a button that tries again where there is something to try.
pub(crate) fn error_box(message: ErrorMessage, retry: Option<Callback<()>>) -> El {
    let ErrorMessage { title, what, safe, next, details, sign_in: wants_token } = message;
    let buttons = el("div")
        .class("trouble-buttons")
        .maybe(retry.map(|retry| button("", "Try again").on("click", move |_| retry.run(()))))
        .maybe(wants_token.then(sign_in));
    el("section")
        .class("trouble")
        .attr("role", "alert")
        .child(el("h2").child(icon(Icon::Warning)).text(title))
        .child(el("p").text(what).text(" ").text(safe))
        .child(el("p").class("trouble-next").text(next))
        .maybe(
            (!details.is_empty())
                .then(|| el("pre").class("trouble-details").attr("tabindex", "0").text(details)),
        )
        .child(buttons)
}

/// Shows an error, with a button that tries again where there is something to try.
#[component]
pub(crate) fn ErrorBox(
    message: ErrorMessage,
    #[prop(optional_no_strip)] retry: Option<Callback<()>>,
) -> impl IntoView {
    let ErrorMessage { title, what, safe, next, details, sign_in: wants_token } = message;
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
