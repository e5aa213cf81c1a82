//! All runs of a pipeline, a release, a rollout or a file in one timeline.

use leptos::prelude::*;

use super::history_canvas::HistoryCanvas;
use super::history_feed::HistoryFeed;
use super::history_table::HistoryTable;
use super::history_tools::HistoryTools;
use super::history_worker::HistoryWorker;
use super::insight_panel::InsightPanel;
use super::read_status::{Problems, ReadStatus};
use super::run_panel::RunPanel;
use super::setting_button::use_replace_settings;
use crate::core::text::clip;
use crate::model::address::{Address, Parent, Source};
use crate::ui::nav::breadcrumbs::Breadcrumbs;
use crate::ui::nav::link::Link;
use crate::ui::pages::files::host;
use crate::ui::pages::opened_page::FileClosedNotice;
use crate::ui::session::use_session;
use crate::ui::widgets::lazy_view::lazy_component;
use crate::ui::widgets::unreachable::UnreachableNote;

/// Shows all runs of what has a name, or of a source if the name is empty.
#[component]
pub(crate) fn HistoryPage(of: String, source: Source) -> impl IntoView {
    if source == Source::File && use_session().files.contents(&source).is_none() {
        return view! { <FileClosedNotice again="Drop it here, or open it:" /> }.into_any();
    }
    let worker = HistoryWorker::new(use_replace_settings());
    let feed = HistoryFeed::new(worker, of.clone(), source.clone());
    let unreachable = Signal::derive(move || feed.progress.read().unreachable.clone());
    view! {
        <article class="history">
            <Header of source=source.clone() />
            <ReadStatus worker feed />
            <Problems worker feed source />
            <UnreachableNote locations=unreachable />
            <HistoryTools facets=worker.facets />
            <div class="history-main">
                <HistoryCanvas worker />
                <Side worker />
            </div>
            <KeyHelp />
            <HistoryTable worker />
        </article>
    }
    .into_any()
}

#[component]
fn Header(of: String, source: Source) -> impl IntoView {
    let title = |title: String| view! { <h1 tabindex="-1">{clip(title)}</h1> };
    let content = match (Address::from_name(&of), &source) {
        (Address::Browse(parent), _) => {
            view! { <Breadcrumbs of=parent.clone() /> {title(format!("All runs of {}", parent.id()))} }
                .into_any()
        }
        (Address::Rollout { rollout, .. }, _) => {
            let heading = title(format!("All runs of {}", rollout.rollout));
            let release = Parent::Release(rollout.release_name());
            view! {
                <Breadcrumbs of=release />
                {heading}
                <Link to=Address::rollout(rollout)>"Back to the rollout"</Link>
            }
            .into_any()
        }
        (_, Source::Url(url)) => view! {
            {title("All runs".to_owned())}
            <p class="absent long-text">{clip(format!("From {}", host(url)))}</p>
        }
        .into_any(),
        _ => title("All runs of the file".to_owned()).into_any(),
    };
    view! { <header class="history-header">{content}</header> }
}

/// Shows the selected run, and what the runs say together.
#[component]
fn Side(worker: HistoryWorker) -> impl IntoView {
    let run = move || match worker.run.get() {
        Some(run) => view! { <RunPanel run=*run /> }.into_any(),
        None => view! { <p class="absent">"Select a run on the timeline or in the table."</p> }
            .into_any(),
    };
    let insight = move || {
        worker
            .insight
            .get()
            .map(|insight| view! { <InsightPanel insight=*insight /> })
    };
    view! {
        <aside class="history-side" aria-label="The selected job run, and statistics">
            {run}
            <div class="history-insight">{insight}</div>
        </aside>
    }
}

#[component]
fn KeyHelp() -> impl IntoView {
    view! {
        <details class="history-keys">
            <summary>"Keys and gestures"</summary>
            <p>
                <span><kbd>"W S"</kbd>" zoom"</span>
                <span><kbd>"A D ← →"</kbd>" move in time"</span>
                <span><kbd>"↑ ↓"</kbd>" scroll"</span>
                <span><kbd>"F"</kbd>" show all"</span>
                <span><kbd>"Z"</kbd>" zoom to the selected run or the ruler"</span>
                <span><kbd>"N"</kbd>" next failure"</span>
                <span><kbd>"[ ]"</kbd>" run before or after in the row"</span>
                <span><kbd>"Shift+drag"</kbd>" ruler"</span>
                <span><kbd>"Ctrl+wheel"</kbd>" zoom"</span>
                <span><kbd>"Drag on the axis"</kbd>" zoom to a stretch"</span>
                <span><kbd>"Double click"</kbd>" zoom to a run"</span>
                <span><kbd>"Esc"</kbd>" away with ruler and selection"</span>
            </p>
        </details>
    }
}

lazy_component! {
    part: history;
    /// [`HistoryPage`], loaded on first use.
    pub(crate) fn LazyHistoryPage(of: String, source: Source) {
        view! { <HistoryPage of source /> }
    }
}
