//! An error: what happened, what is safe, what to do next.

use leptos::prelude::*;

use super::button::button;
use super::icon::{Icon, icon};
use crate::model::explain::ErrorMessage;
use crate::ui::dom::el::{El, el};
use crate::ui::session::sign_in::sign_in;

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
