//! Entries that are no job runs: shown, never dropped.

use leptos::prelude::*;

use crate::core::text::clip;
use crate::model::run::RunSet;
use crate::ui::widgets::lazy_view::lazy_component;
use crate::ui::widgets::raw_text::LazyRawText;

/// Lists the entries that could not be read, if any, with their JSON.
#[component]
pub(crate) fn UnreadableRuns(set: Signal<RunSet>) -> impl IntoView {
    let unreadable = Memo::new(move |_| set.read().unreadable.clone());
    move || {
        let unreadable = unreadable.read();
        let title = match unreadable.len() {
            0 => return None,
            1 => "1 entry of the list could not be read as a job run".to_owned(),
            count => format!("{count} entries of the list could not be read as job runs"),
        };
        let entry_views = unreadable
            .iter()
            .map(|entry| {
                view! {
                    <details>
                        <summary>{clip(&*entry.reason)}</summary>
                        <LazyRawText raw=entry.raw.to_string() />
                    </details>
                }
            })
            .collect_view();
        Some(view! {
            <section class="notice is-warning unreadable">
                <h2>{title}</h2>
                {entry_views}
            </section>
        })
    }
}

lazy_component! {
    part: extras;
    /// [`UnreadableRuns`], loaded on first use.
    pub(super) fn LazyUnreadableRuns(set: Signal<RunSet>) {
        view! { <UnreadableRuns set /> }
    }
}
