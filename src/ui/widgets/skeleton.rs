//! What stands while the runs are read for the first time.

use crate::ui::dom::el::{El, el};

pub(crate) fn skeleton() -> El {
    let lanes = (0..6).map(|row| {
        el("div")
            .class("skeleton-lane")
            .attr("style", format!("--row:{row}"))
            .child(el("span"))
            .child(el("span"))
    });
    el("div")
        .class("skeleton")
        .attr("role", "status")
        .child(el("p").class("visually-hidden").text("Reading the job runs…"))
        .child(el("div").class("skeleton-line wide"))
        .children(lanes)
}
