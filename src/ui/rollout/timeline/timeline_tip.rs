//! The tooltip of a bar: exact times and durations.

use leptos::prelude::*;

use crate::core::text::clip;
use crate::core::time::Timestamp;
use crate::model::rollout::headline::{job_label, phase_label};
use crate::ui::dom::clock::Zone;
use crate::ui::rollout::tree::Tree;
use crate::ui::run::run_times::RunTimes;
use crate::ui::widgets::state_badge::StateBadge;

/// The id of the tip's element.
pub(super) const ID: &str = "timeline-tip";

/// The run that a tip is about, and where the run's bar is, in pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tip {
    /// The run's id.
    pub run: String,
    /// The middle of the tip, from the left.
    pub middle: i32,
    /// The bar's edge next to the tip: from the top, or from the bottom for a tip above the bar.
    pub edge: i32,
    /// Whether there is more space above the bar than below it.
    pub is_above: bool,
}

/// The tip of the bar that is pointed at or focused, if any.
#[component]
pub(super) fn TimelineTip(
    #[prop(into)] tip: Signal<Option<Tip>>,
    tree: Tree,
    now: Signal<Timestamp>,
    zone: Signal<Zone>,
) -> impl IntoView {
    move || {
        let Tip {
            run,
            middle,
            edge,
            is_above,
        } = tip.get()?;
        let run = tree.run(&run)?;
        let title = clip(format!("{} in {}", job_label(&run), phase_label(&run)));
        let attempt =
            (run.attempts > 1).then(|| format!("attempt {} of {}", run.attempt, run.attempts));
        let class = if is_above { "tip is-above" } else { "tip" };
        Some(view! {
            <div class=class id=ID role="tooltip" style=format!("--x:{middle}px;--y:{edge}px")>
                <p class="tip-title"><b>{title}</b>{attempt}<StateBadge of=run.json.state.clone() /></p>
                <RunTimes run now zone />
            </div>
        })
    }
}
