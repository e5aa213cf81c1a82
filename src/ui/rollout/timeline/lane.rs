//! The lane of a job, and under it the child rollout that the job drives, when it is opened.

use leptos::prelude::*;

use super::drawing::Drawing;
use super::timeline_bar::TimelineBar;
use crate::core::text::clip;
use crate::model::timeline::{Bar, Lane};
use crate::ui::nav::link::{use_address, use_navigate};

/// The attempts of a job in one row, and below it the child rollout that the job drives, when it is opened.
#[component]
pub(super) fn JobLane(
    /// The phase's id; empty for runs without a phase.
    phase: String,
    /// The job's id; empty for runs without a job.
    job: String,
    drawing: Drawing,
) -> impl IntoView {
    let Drawing {
        layout,
        open,
        draw_child,
        ..
    } = drawing;
    let title = clip(if job.is_empty() { "no job" } else { &job });
    let label = format!(
        "{title} in {}",
        if phase.is_empty() { "no phase" } else { &phase }
    );
    let label = StoredValue::new(label);
    let lane = Memo::new({
        let (phase, job) = (phase.clone(), job.clone());
        move |_| layout.read().lane(&phase, &job).cloned()
    });
    let about =
        move |text: fn(&Lane) -> String| move || lane.read().as_ref().map(text).unwrap_or_default();
    let runs_where = move |is_wanted: fn(&Bar) -> bool| {
        Memo::new(move |_| {
            let lane = lane.read();
            let bars = lane
                .iter()
                .flat_map(|lane| &lane.bars)
                .filter(|bar| is_wanted(bar));
            bars.map(|bar| bar.run.clone()).collect::<Vec<String>>()
        })
    };
    let (on_track, beside_title) = (runs_where(is_on_track), runs_where(|bar| !is_on_track(bar)));
    // Several jobs may drive the same child; it is opened under the first.
    let opened = Memo::new(move |_| {
        let child = lane.read().as_ref()?.child.clone()?;
        let is_here = open.read().contains(&child)
            && layout.read().lane_of_child(&child) == Some((phase.as_str(), job.as_str()));
        is_here.then_some(child)
    });
    view! {
        <div class="lane" style=about(|lane| format!("--rows:{}", lane.rows))>
            <h3 class="lane-title">
                <ChildToggle lane title=title.clone() open />
                <span class="lane-job" title=title.clone()>{title.clone()}</span>
                <span class="lane-attempts">{about(attempts)}</span>
                <span class="lane-kind">{about(kind)}</span>
                <For each=move || beside_title.get() key=String::clone let(run)>
                    <TimelineBar run lane=label drawing />
                </For>
            </h3>
            <div class="lane-track">
                <span class="lane-note">{about(|lane| clip(&*lane.note))}</span>
                <For each=move || on_track.get() key=String::clone let(run)>
                    <TimelineBar run lane=label drawing />
                </For>
            </div>
        </div>
        <For each=move || opened.get() key=String::clone children=move |id| draw_child(id, drawing) />
    }
}

/// Whether a bar lies on its lane's track. Bars without a known time stand beside the lane's title; those out of
/// sight, at the track's end.
fn is_on_track(bar: &Bar) -> bool {
    !bar.parts.is_empty() || bar.beyond.is_some()
}

fn attempts(lane: &Lane) -> String {
    match lane.bars.len() {
        0 | 1 => String::new(),
        count => format!("×{count}"),
    }
}

/// The job's kind; empty where the job's name says it, as that of most does.
fn kind(lane: &Lane) -> String {
    let label = lane.kind.label();
    if label == lane.job {
        String::new()
    } else {
        clip(label)
    }
}

/// The button that opens and closes the child rollout, where there is one.
#[component]
fn ChildToggle(
    lane: Memo<Option<Lane>>,
    /// The lane's title.
    title: String,
    /// The ids of the child rollouts that are opened.
    open: Signal<Vec<String>>,
) -> impl IntoView {
    let (address, go) = (use_address(), use_navigate());
    let child = Memo::new(move |_| lane.read().as_ref().and_then(|lane| lane.child.clone()));
    let is_open = Memo::new(move |_| {
        child
            .read()
            .as_ref()
            .is_some_and(|child| open.read().contains(child))
    });
    let toggle = move |_| {
        let Some(child) = child.get_untracked() else {
            return;
        };
        let next = address
            .get_untracked()
            .with(|view| match view.open.contains(&child) {
                true => view.open.retain(|open| *open != child),
                false => view.open.push(child),
            });
        go(&next);
    };
    let label = clip(format!("Child rollout of {title}"));
    let hint = move || {
        if is_open.get() {
            "Close the child rollout"
        } else {
            "Open the child rollout here"
        }
    };
    view! {
        <Show when=move || child.read().is_some()>
            <button
                type="button"
                class="lane-toggle"
                aria-expanded=move || is_open.get().to_string()
                aria-label=label.clone()
                title=hint
                on:click=toggle.clone()
            >
                {move || if is_open.get() { "▾" } else { "▸" }}
            </button>
        </Show>
    }
}
