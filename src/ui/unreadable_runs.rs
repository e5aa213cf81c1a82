//! Entries that are no job runs: said and shown, never dropped.

use leptos::prelude::*;

use super::dynamic::dynamic_option;
use super::raw_json::RawText;
use crate::model::run::RunSet;

#[component]
pub fn UnreadableRuns(set: ReadSignal<RunSet>) -> impl IntoView {
    dynamic_option(move || {
        let entries = set.read().unreadable.clone();
        (!entries.is_empty()).then(|| {
            let title = match entries.len() {
                1 => "1 entry of the list could not be read as a job run".to_owned(),
                count => format!("{count} entries of the list could not be read as job runs"),
            };
            view! {
                <section class="notice is-warning unreadable">
                    <h2>{title}</h2>
                    {entries
                        .into_iter()
                        .map(|entry| {
                            view! {
                                <details>
                                    <summary>{entry.reason}</summary>
                                    <RawText raw=entry.raw.into() />
                                </details>
                            }
                        })
                        .collect_view()}
                </section>
            }
        })
    })
}
