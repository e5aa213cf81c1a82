//! What a bar says when it is pointed at or focused: exact times and durations.

use leptos::prelude::*;

use crate::core::time::Timestamp;
use crate::model::rollout::headline::{job_label, phase_label};
use crate::ui::dom::clock::Zone;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::el;
use crate::ui::rollout::tree::Tree;
use crate::ui::run::run_times::run_times;
use crate::ui::widgets::state_badge::state_badge;

/// The id of the tip's element.
pub(crate) const ID: &str = "timeline-tip";

/// Which run, and where its bar is, in pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tip {
    pub run: String,
    /// The middle of the tip, from the left.
    pub middle: i32,
    /// The bar's edge next to the tip: from the top, or from the bottom for a tip above the bar.
    pub edge: i32,
    /// Whether there is more space above the bar than below it.
    pub is_above: bool,
}

pub(crate) fn timeline_tip(
    tip: Signal<Option<Tip>>,
    tree: Tree,
    now: Signal<Timestamp>,
    zone: Signal<Zone>,
) -> AnyView {
    dynamic_option(move || {
        let Tip { run, middle, edge, is_above } = tip.get()?;
        let run = tree.run(&run)?;
        let title = format!("{} in {}", job_label(&run), phase_label(&run));
        let attempt = (run.attempts > 1).then(|| format!("attempt {} of {}", run.attempt, run.attempts));
        let head = el("p")
            .class("tip-title")
            .child(el("b").text(title))
            .text(attempt.unwrap_or_default())
            .child(state_badge(&run.json.state));
        Some(
            el("div")
                .class(if is_above { "tip is-above" } else { "tip" })
                .attr("id", ID)
                .attr("role", "tooltip")
                .attr("style", format!("--x:{middle}px;--y:{edge}px"))
                .child(head)
                .child(run_times(run, now, zone)),
        )
    })
}
