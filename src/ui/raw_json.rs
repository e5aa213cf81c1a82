//! The JSON as it came: nothing of it is lost.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use super::copy_button::copy_button;
use super::dynamic::dynamic_option;
use super::el::{El, MOST_TEXT, el};
use super::live::Var;
use crate::api::job_run::JobRun;
use crate::model::json::{pretty, unknown_fields};
use crate::model::run::Run;

/// Into how many parts at most a text is written. More would end the page.
const PARTS: usize = 20;

/// A run's JSON, written out while `is_open`.
pub fn raw_json(run: Arc<Run>, (is_open, set_open): Var<bool>) -> AnyView {
    let unknown = unknown_in(&run);
    let unknown = (!unknown.is_empty()).then(|| {
        el("p")
            .class("notice is-warning")
            .text("This viewer does not know ")
            .child(el("b").class("long-text").text(unknown.join(", ")))
            .text(" yet; the raw JSON below has it.")
    });
    let details = el("details")
        .class("raw-json")
        .open(is_open)
        .on("toggle", move |event| {
            if let Some(details) = event.target() {
                set_open.set(details.unchecked_into::<HtmlDetailsElement>().open());
            }
        })
        .child(el("summary").text("Raw JSON"))
        // Written only when looked at: it can be large.
        .child(dynamic_option(move || is_open.get().then(|| raw_text(&run.raw))));
    (unknown, details).into_any()
}

/// Fields of the run that this version has no place for.
fn unknown_in(run: &Run) -> Vec<String> {
    unknown_fields(&run.raw, &mut JobRun::default())
}

/// A JSON text with a button to copy it.
pub fn raw_text(raw: &str) -> El {
    let text = pretty(raw);
    let (mut pre, mut rest) = (el("pre").attr("tabindex", "0"), &*text);
    for _ in 0..PARTS {
        let end = (0..=rest.len().min(MOST_TEXT)).rfind(|end| rest.is_char_boundary(*end)).unwrap_or(0);
        let (part, after) = rest.split_at(end);
        pre = pre.text(part.to_owned());
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    let more = (!rest.is_empty()).then(|| {
        let said = format!("About {} more letters are not shown; the copy has all of them.", rest.len());
        el("p").class("absent").text(said)
    });
    el("div").class("raw-text").child(copy_button(text.clone(), "Copy the JSON")).child(pre).maybe(more)
}
