//! Entries that are no job runs: shown, never dropped.

use leptos::prelude::*;

use crate::model::run::RunSet;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::el;
use crate::ui::lazy;

pub(crate) fn unreadable_runs(set: Signal<RunSet>) -> AnyView {
    dynamic_option(move || {
        let set = set.read();
        let title = match set.unreadable.len() {
            0 => return None,
            1 => "1 entry of the list could not be read as a job run".to_owned(),
            count => format!("{count} entries of the list could not be read as job runs"),
        };
        let entries = set.unreadable.iter().map(|entry| {
            el("details")
                .child(el("summary").text(entry.reason.clone()))
                .child(lazy::raw_text(entry.raw.to_string()))
        });
        Some(
            el("section").class("notice is-warning unreadable").child(el("h2").text(title)).children(entries),
        )
    })
}
