//! What stands above the lines of a log: the search, the filters, and how lines are shown.

use leptos::html::Input;
use leptos::prelude::*;

use super::log_feed::LogFeed;
use super::log_filters::LogFilters;
use super::log_lines::LineList;
use super::log_search::SearchBox;
use super::log_settings::LogSettings;
use super::log_tools::LogTools;

/// The bar; `file` is what the log is saved as.
#[component]
pub(super) fn LogBar(
    feed: LogFeed,
    list: LineList,
    file: String,
    /// Set to the field of the search.
    search_input: NodeRef<Input>,
) -> impl IntoView {
    let settings = LogSettings::use_shown();
    view! {
        <div class="log-bar">
            <SearchBox feed list settings search_input />
            <LogFilters feed settings />
            <LogTools feed list settings file />
        </div>
    }
}
