//! Saves what is shown as a file.

use leptos::ev::KeyboardEvent;
use leptos::html::Details;
use leptos::prelude::*;

use super::export::{ExportFormat, ExportRequest, lazy_write};
use super::feed::Feed;
use crate::ui::dom::clock::Zone;
use crate::ui::dom::focus::focus_on;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;
use crate::workers::files::protocol::ExportKind;

const FORMATS: [ExportFormat; 4] = [
    ExportFormat {
        label: "JSON, as it came",
        extension: ".json",
        kind: ExportKind::Json,
        mime: "application/json",
    },
    ExportFormat {
        label: "CSV, for spreadsheets",
        extension: ".csv",
        kind: ExportKind::Csv,
        mime: "text/csv",
    },
    ExportFormat {
        label: "Timeline as SVG",
        extension: ".svg",
        kind: ExportKind::Svg,
        mime: "image/svg+xml",
    },
    // The page makes the picture from the SVG.
    ExportFormat {
        label: "Timeline as PNG",
        extension: ".png",
        kind: ExportKind::Svg,
        mime: "image/svg+xml",
    },
];

/// The menu of the formats that a rollout can be saved in.
#[component]
pub(super) fn ExportMenu(
    /// The rollout's id.
    rollout: String,
    feed: Feed,
    zone: Signal<Zone>,
) -> impl IntoView {
    let session = use_session();
    let as_of = session.files.as_of(&shown_address());
    let problem = RwSignal::new("");
    let menu = NodeRef::<Details>::new();
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
            focus_on(".menu summary");
        }
    };
    let close_on_escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let item = |format: ExportFormat| {
        let rollout = rollout.clone();
        let export = move |_| {
            close();
            problem.set("");
            let request = ExportRequest {
                format,
                rollout: rollout.clone(),
                feed,
                zone,
                as_of,
                session,
            };
            leptos::task::spawn_local(async move {
                if let Err(why) = write(request).await {
                    // The page may be gone meanwhile.
                    problem.try_set(why);
                }
            });
        };
        view! { <button type="button" on:click=export>{format.label}</button> }
    };
    view! {
        <span class="export">
            <details class="menu" node_ref=menu on:keydown=close_on_escape>
                <summary class="button">"Export"</summary>
                <div class="menu-items">{FORMATS.map(item)}</div>
            </details>
            <span class="is-wrong" role="alert">{problem}</span>
        </span>
    }
}

/// Loads the code that writes files, and writes one.
///
/// # Errors
/// Why that failed, for the user.
async fn write(request: ExportRequest) -> Result<(), &'static str> {
    match lazy_write(request).await {
        Ok(written) => written.ok_or("This could not be written; it may be too large."),
        Err(_) => Err("The part of the viewer that writes files could not be loaded. Try again."),
    }
}
