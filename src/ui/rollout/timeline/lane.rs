//! The lane of a job, and under it the child rollout that the job drives, when it is opened.

use leptos::prelude::*;

use super::drawing::Drawing;
use super::timeline_bar::timeline_bar;
use crate::model::timeline::Lane;
use crate::ui::dom::dynamic::{dynamic_option, each, text};
use crate::ui::dom::el::{El, el};
use crate::ui::lazy;
use crate::ui::nav::link::{use_address, use_navigate};

pub(crate) fn lane_view(phase: String, job: String, drawing: Drawing) -> AnyView {
    let title = if job.is_empty() { "no job".to_owned() } else { job.clone() };
    let label = format!("{title} in {}", if phase.is_empty() { "no phase" } else { &phase });
    let layout = drawing.layout;
    let lane = {
        let (phase, job) = (phase.clone(), job.clone());
        Memo::new(move |_| layout.read().lane(&phase, &job).cloned())
    };
    // Bars without a known time stand beside the lane's title; those out of sight, at the track's end.
    let bars = move |timed: bool| {
        let lane = lane.read();
        let bars = lane.as_ref().map_or(&[][..], |lane| &lane.bars);
        let of_kind = bars.iter().filter(|bar| (bar.parts.is_empty() && bar.beyond.is_none()) != timed);
        of_kind.map(|bar| bar.run.clone()).collect::<Vec<String>>()
    };
    let bar = move |run: String| timeline_bar(run, label.clone(), drawing).into_any();
    let head = el("h3")
        .class("lane-title")
        .maybe(Some(toggle(lane.into(), &title)))
        .child(el("span").class("lane-job").attr("title", title.clone()).text(title))
        .child(el("span").class("lane-attempts").text(of_lane(lane.into(), |lane| match lane.bars.len() {
            0 | 1 => String::new(),
            count => format!("×{count}"),
        })))
        // Most jobs are named after their kind.
        .child(el("span").class("lane-kind").text(of_lane(lane.into(), |lane| {
            if lane.kind.label() == lane.job { String::new() } else { lane.kind.label().to_owned() }
        })))
        .child(each(move || bars(false), bar.clone()));
    let track = el("div")
        .class("lane-track")
        .child(el("span").class("lane-note").text(of_lane(lane.into(), |lane| lane.note.clone())))
        .child(each(move || bars(true), bar));
    let row = el("div")
        .class("lane")
        .attr("style", of_lane(lane.into(), |lane| format!("--rows:{}", lane.rows)))
        .child(head)
        .child(track);
    let open = use_open();
    // Several jobs drive the same child; it is opened under the first.
    let opened = move || {
        let child = lane.read().as_ref().and_then(|lane| lane.child.clone());
        let is_here = |child: &String| {
            open.read().contains(child)
                && layout.read().lane_of_child(child) == Some((phase.as_str(), job.as_str()))
        };
        child.filter(is_here).into_iter().collect()
    };
    (row, each(opened, move |child| lazy::child(child, drawing))).into_any()
}

/// A text about the lane.
fn of_lane(lane: Signal<Option<Lane>>, about: fn(&Lane) -> String) -> Signal<String> {
    text(move || lane.read().as_ref().map(about).unwrap_or_default())
}

/// The ids of the child rollouts that are opened.
fn use_open() -> Signal<Vec<String>> {
    let address = use_address();
    Memo::new(move |_| address.read().view().open).into()
}

/// The button that opens and closes the child rollout, where there is one.
fn toggle(lane: Signal<Option<Lane>>, title: &str) -> AnyView {
    let (address, open, go) = (use_address(), use_open(), use_navigate());
    let child = Memo::new(move |_| lane.read().as_ref().and_then(|lane| lane.child.clone()));
    let label = format!("Child rollout of {title}");
    dynamic_option(move || {
        let child = child.get()?;
        let is_open = open.read().contains(&child);
        let go = go.clone();
        let turn = move |_| {
            let next = address.get_untracked().with(|view| match view.open.contains(&child) {
                true => view.open.retain(|open| *open != child),
                false => view.open.push(child.clone()),
            });
            go(&next);
        };
        Some(toggle_button(label.clone(), is_open).on("click", turn))
    })
}

fn toggle_button(label: String, is_open: bool) -> El {
    el("button")
        .attr("type", "button")
        .class("lane-toggle")
        .attr("aria-expanded", is_open.to_string())
        .attr("aria-label", label)
        .attr("title", if is_open { "Close the child rollout" } else { "Open the child rollout here" })
        .text(if is_open { "▾" } else { "▸" })
}
