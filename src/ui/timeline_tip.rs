//! What a bar says when it is pointed at or focused: exact times and durations.

use leptos::prelude::*;

use super::clock::Zone;
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
    pub left: f64,
    pub width: f64,
    pub bottom: f64,
}

#[component]
pub fn TimelineTip(
    tip: RwSignal<Option<Tip>>,
    feed: Feed,
    now: ReadSignal<Timestamp>,
    zone: Memo<Zone>,
) -> impl IntoView {
    move || {
        let Tip { run, left, width, bottom } = tip.get()?;
        let run = feed.set.read().get(&run).cloned()?;
        let style = format!("--x:{}px;--y:{bottom}px", left + width.min(320.0) / 2.0);
        let title = format!("{} in {}", job_label(&run), phase_label(&run));
        let attempt = (run.attempts > 1).then(|| format!("attempt {} of {}", run.attempt, run.attempts));
        Some(view! {
            <div class="tip" id=ID role="tooltip" style=style>
                <p class="tip-title">
                    <b>{title}</b>
                    {attempt}
                    <StateBadge of=run.json.state.clone() />
                </p>
                <RunTimes run now zone />
            </div>
        })
    }
}
