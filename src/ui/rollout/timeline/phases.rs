//! The phases of a rollout, each with the lanes of its jobs.

use leptos::prelude::*;

use super::drawing::Drawing;
use super::lane::JobLane;
use crate::core::text::clip;

/// The phases of one rollout.
#[component]
pub(super) fn Phases(drawing: Drawing) -> impl IntoView {
    let phases = move || {
        drawing
            .layout
            .read()
            .phases
            .iter()
            .map(|lanes| lanes.phase.clone())
            .collect::<Vec<String>>()
    };
    view! {
        <For each=phases key=String::clone let(phase)>
            <PhaseLanes phase drawing />
        </For>
    }
}

/// The lanes of one phase.
#[component]
fn PhaseLanes(
    /// The phase's id; empty for runs without a phase.
    phase: String,
    drawing: Drawing,
) -> impl IntoView {
    let Drawing { layout, path, .. } = drawing;
    let title = clip(if phase.is_empty() { "no phase" } else { &phase });
    // A child's phases have the names of its parent's.
    let of = path.with_value(|path| match &path[..] {
        [_, .., child] => format!(" of {child}"),
        _ => String::new(),
    });
    let note = {
        let phase = phase.clone();
        move || {
            layout
                .read()
                .phase(&phase)
                .map(|lanes| clip(&*lanes.note))
                .unwrap_or_default()
        }
    };
    let jobs = {
        let phase = phase.clone();
        move || {
            let layout = layout.read();
            let lanes = layout.phase(&phase).map_or(&[][..], |phase| &phase.lanes);
            lanes
                .iter()
                .map(|lane| lane.job.clone())
                .collect::<Vec<String>>()
        }
    };
    let label = clip(format!("Phase {title}{of}"));
    view! {
        <section class="phase" aria-label=label>
            <h2 class="phase-title">
                <span class="phase-name">{title}</span>
                <span class="phase-note">{note}</span>
            </h2>
            <For each=jobs key=String::clone let(job)>
                <JobLane phase=phase.clone() job drawing />
            </For>
        </section>
    }
}
