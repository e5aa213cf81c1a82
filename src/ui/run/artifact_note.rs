//! The note shown instead of a build, a log or a file that could not be read.

use super::sections::external_link;
use crate::model::explain::ErrorMessage;
use crate::ui::dom::dynamic::text;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::shown_address;
use crate::ui::session::sign_in::sign_in;
use crate::ui::widgets::button::button;
use crate::ui::widgets::icon::{Icon, icon};
use leptos::prelude::*;

/// What went wrong and what to do, with another try, and the way to where a person can look
/// instead. Quieter than [`error_box`](crate::ui::widgets::error_box): the run itself is on the screen.
pub(crate) fn artifact_note(message: &ErrorMessage, page: Option<String>, retry: impl Fn() + 'static) -> El {
    let (busy, set_busy) = signal(false);
    let label = text(move || if busy.get() { "Trying again…" } else { "Try again" }.to_owned());
    // It stays until there is an answer, and keeps the focus.
    let again = button("", label).attr("aria-disabled", text(move || busy.get().to_string())).on(
        "click",
        move |_| {
            if !busy.get_untracked() {
                set_busy.set(true);
                retry();
            }
        },
    );
    let ErrorMessage { title, what, next, details, sign_in: wants_token, .. } = message.clone();
    el("div")
        .class("artifact-note")
        .attr("role", "status")
        .child(el("h4").child(icon(Icon::Warning)).text(title))
        .child(el("p").text(what).text(" ").text(next))
        .maybe((!details.is_empty()).then(|| {
            el("details")
                .child(el("summary").text("The server's words"))
                .child(el("pre").class("long-text").text(details))
        }))
        .child(
            el("div")
                .class("artifact-buttons")
                .child(again)
                .maybe(
                    page.map(|page| external_link(page, "Open in the Cloud console").class("outward button")),
                )
                .maybe((wants_token && !shown_address().is_demo()).then(sign_in)),
        )
}
