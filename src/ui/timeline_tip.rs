//! What a bar says when it is pointed at or focused: exact times and durations.

use leptos::prelude::*;

use super::clock::Zone;
use super::dynamic::dynamic_option;
use super::feed::Feed;
use super::run_times::RunTimes;
use super::state_badge::StateBadge;
use crate::model::time::Timestamp;
use crate::model::verdict::{job_label, phase_label};

/// The id of the tip's element.
pub const ID: &str = "timeline-tip";

/// Which run, and where its bar is, in pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub struct Tip {
    pub run: String,
    /// The middle of the tip, from the left.
    pub middle: i32,
    /// The bar's edge next to the tip: from the top, or from the bottom for a tip above the bar.
    pub edge: i32,
    /// Whether there is more space above the bar than below it.
    pub is_above: bool,
}

#[component]
pub fn TimelineTip(
    tip: RwSignal<Option<Tip>>,
    feed: Feed,
    now: ReadSignal<Timestamp>,
    zone: Memo<Zone>,
) -> impl IntoView {
    dynamic_option(move || {
        let Tip { run, middle, edge, is_above } = tip.get()?;
        let run = feed.set.read().get(&run).cloned()?;
        let style = format!("--x:{middle}px;--y:{edge}px");
        let title = format!("{} in {}", job_label(&run), phase_label(&run));
        let attempt = (run.attempts > 1).then(|| format!("attempt {} of {}", run.attempt, run.attempts));
        Some(view! {
            <div class=if is_above { "tip is-above" } else { "tip" } id=ID role="tooltip" style=style>
                <p class="tip-title">
                    <b>{title}</b>
                    {attempt}
                    <StateBadge of=run.json.state.clone() />
                </p>
                <RunTimes run now zone />
            </div>
        })
    })
}
