//! The JSON as it came: nothing of it is lost.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use crate::api::job_run::JobRun;
use crate::api::json::unknown_fields;
use crate::model::run::Run;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::el;
use crate::ui::lazy;

/// A run's JSON, written out while `is_open`.
pub(crate) fn raw_json(run: Arc<Run>, is_open: RwSignal<bool>) -> AnyView {
    let unknown = unknown_field_names(&run);
    let unknown = (!unknown.is_empty()).then(|| {
        el("p")
            .class("notice is-warning")
            .text("This viewer does not know ")
            .child(el("b").class("long-text").text(unknown.join(", ")))
            .text(" yet; the raw JSON below has it.")
    });
    let details = el("details")
        .class("raw-json")
        .open(is_open.into())
        .on("toggle", move |event| {
            if let Some(details) = event.target() {
                is_open.set(details.unchecked_into::<HtmlDetailsElement>().open());
            }
        })
        .child(el("summary").text("Raw JSON"))
        // Written only when it is open: it can be large.
        .child(dynamic_option(move || is_open.get().then(|| lazy::raw_text(run.raw.to_string()))));
    (unknown, details).into_any()
}

/// Names of the run's fields that this version does not know.
fn unknown_field_names(run: &Run) -> Vec<String> {
    unknown_fields(&run.raw, &mut JobRun::default())
}
