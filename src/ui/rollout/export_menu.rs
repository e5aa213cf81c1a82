//! Saves what is shown as a file.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDetailsElement, KeyboardEvent};

use super::export::{ExportFormat, ExportRequest};
use super::feed::Feed;
use crate::ui::dom::clock::Zone;
use crate::ui::dom::el::{El, el};
use crate::ui::dom::focus::focus_on;
use crate::ui::lazy;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;
use crate::workers::files::protocol::ExportKind;

const FORMATS: [ExportFormat; 4] = [
    ("JSON, as it came", ".json", ExportKind::Json, "application/json"),
    ("CSV, for spreadsheets", ".csv", ExportKind::Csv, "text/csv"),
    ("Timeline as SVG", ".svg", ExportKind::Svg, "image/svg+xml"),
    ("Timeline as PNG", ".png", ExportKind::Svg, "image/svg+xml"),
];

/// The menu, for a rollout with this id.
pub(crate) fn export_menu(rollout: String, feed: Feed, zone: Signal<Zone>) -> El {
    let session = use_session();
    let as_of = session.files.as_of(&shown_address());
    let (problem, set_problem) = signal(String::new());
    let items = FORMATS.map(|format| {
        let rollout = rollout.clone();
        let export = move |event| {
            close(&event);
            set_problem.set(String::new());
            let request = ExportRequest { format, rollout: rollout.clone(), feed, zone, as_of, session };
            leptos::task::spawn_local(async move {
                let problem = match lazy::export(request).await {
                    Ok(writing) => match writing.await {
                        Some(()) => return,
                        None => "This could not be written; it may be too large.",
                    },
                    Err(_) => "The part of the viewer that writes files could not be loaded. Try again.",
                };
                set_problem.set(problem.to_owned());
            });
        };
        el("button").attr("type", "button").on("click", export).text(format.0)
    });
    let menu = el("details")
        .class("menu")
        .on("keydown", move |event| {
            if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" {
                close(&event);
            }
        })
        .child(el("summary").class("button").text("Export"))
        .child(el("div").class("menu-items").children(items));
    el("span")
        .class("export")
        .child(menu)
        .child(el("span").class("is-wrong").attr("role", "alert").text(problem))
}

/// Closes the menu in which something has happened, and goes back to what opens it.
fn close(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(menu) = target.and_then(|target| target.closest("details").ok().flatten()) {
        menu.unchecked_ref::<HtmlDetailsElement>().set_open(false);
        focus_on(".menu summary");
    }
}
