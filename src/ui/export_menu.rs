//! Saves what is shown as a file.

use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, KeyboardEvent};

use super::clock::{self, Zone};
use super::download::{blob, png, save};
use super::el::{El, el};
use super::feed::Feed;
use super::live::{Live, live};
use super::place::shown_place;
use super::session::use_session;
use crate::model::time::to_rfc3339;
use crate::worker::Call;

/// A kind of file: its label, the end of its name, what the worker writes for it, and its type.
type Kind = (&'static str, &'static str, &'static str, &'static str);

const KINDS: [Kind; 4] = [
    ("JSON, as it came", ".json", "json", "application/json"),
    ("CSV, for spreadsheets", ".csv", "csv", "text/csv"),
    ("Timeline as SVG", ".svg", "svg", "image/svg+xml"),
    ("Timeline as PNG", ".png", "svg", "image/svg+xml"),
];

/// The menu, for a rollout with this id.
pub fn export_menu(rollout: String, feed: Feed, zone: Live<Zone>) -> El {
    let session = use_session();
    let as_of = session.files.as_of(&shown_place());
    let (open, set_open) = live(false);
    let (problem, set_problem) = live(String::new());
    let export = move |(_, end, kind, mime): Kind, rollout: String| async move {
        let set = feed.set.get_untracked();
        let now = as_of.unwrap_or_else(clock::now);
        let from = set.runs.first().and_then(|run| run.first_time()).unwrap_or(now);
        let offset = zone.get_untracked().offset(from).to_string();
        let now = to_rfc3339(now);
        let record = feed.rollout.read_untracked();
        let raw = record.as_ref().map_or("", |record| &*record.raw);
        let mut texts = vec![kind, &rollout, &now, &offset, raw];
        texts.extend(set.runs.iter().map(|run| &*run.raw));
        // What could not be read is no less a part of what came.
        texts.extend(set.unreadable.iter().map(|entry| &*entry.raw));
        let text = session.worker().call(Call::Export, &texts).await.ok()?.concat();
        let mut file = blob(&text, mime).ok()?;
        if end == ".png" {
            file = png(&file).await.ok()?;
        }
        save(&[&*rollout, end].concat(), &file).ok()
    };
    let items = KINDS.map(|kind| {
        let rollout = rollout.clone();
        let export = move |_| {
            set_open.set(false);
            set_problem.set(String::new());
            let export = export(kind, rollout.clone());
            leptos::task::spawn_local(async move {
                if export.await.is_none() {
                    set_problem.set("This could not be written; it may be too large.".to_owned());
                }
            });
        };
        el("button").attr("type", "button").on("click", export).text(kind.0)
    });
    let menu = el("details")
        .class("menu")
        .open(open)
        .on("toggle", move |event| {
            if let Some(details) = event.target() {
                set_open.set(details.unchecked_into::<HtmlDetailsElement>().open());
            }
        })
        .on("keydown", move |event| {
            if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" {
                set_open.set(false);
            }
        })
        .child(el("summary").class("button").text("Export"))
        .child(el("div").class("menu-items").children(items));
    el("span")
        .class("export")
        .child(menu)
        .child(el("span").class("is-wrong").attr("role", "alert").text(problem))
}
