//! The head of a rollout: its name, where it lies, and how it is shown.

use super::export_menu::export_menu;
use super::filter_box::filter_box;
use super::live_state::{live_state, refresh_button};
use super::tree::Tree;
use crate::core::name::RolloutName;
use crate::model::address::links;
use crate::model::address::{Address, Parent};
use crate::ui::dom::clock::Zone;
use crate::ui::dom::dynamic::text;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::breadcrumbs::breadcrumbs;
use crate::ui::nav::link::{link, shown_address, use_address, use_navigate};
use crate::ui::run::sections::external_link;
use crate::ui::widgets::copy_button::copy_button;
use leptos::prelude::*;

pub(crate) fn rollout_header(
    rollout: RolloutName,
    tree: Tree,
    filter: Signal<String>,
    zone: Signal<Zone>,
) -> El {
    let feed = tree.root;
    let address = shown_address();
    let is_nameless = rollout.project == "-";
    let console = (!address.is_demo() && !is_nameless)
        .then(|| external_link(links::rollout(&rollout), "Cloud console").class("outward button quiet"));
    let name = rollout.to_string();
    let export = export_menu(rollout.rollout.clone(), feed, zone);
    let title = el("div")
        .class("rollout-title")
        .child(el("h1").attr("tabindex", "-1").text(rollout.rollout.clone()))
        .child(copy_button(name, "Copy the rollout's name"))
        .maybe(console)
        .maybe((!address.is_file()).then(|| {
            link(Address::history(rollout.to_string()))
                .class("button quiet")
                .attr("title", "Zoom, measure, replay, statistics and the critical path")
                .text("Explore")
        }));
    let path = breadcrumbs(&Parent::Release(rollout.release_name()));
    let tools = el("div")
        .class("rollout-tools")
        .child(filter_box(filter))
        .child(zone_switch(zone))
        .child(export)
        // A file does not change.
        .maybe((!address.is_file()).then(|| live_state(feed)))
        .maybe((!address.is_file()).then(|| refresh_button(tree)));
    el("header").class("rollout-header").child(title).maybe((!is_nameless).then_some(path)).child(tools)
}

fn zone_switch(zone: Signal<Zone>) -> El {
    let address = use_address();
    let zones = [(Zone::Local, "Local time"), (Zone::Utc, "UTC")].map(|(value, label)| {
        let go = use_navigate();
        el("button")
            .attr("type", "button")
            .attr("aria-pressed", text(move || (zone.get() == value).to_string()))
            .on("click", move |_| go(&address.get_untracked().with(|view| view.utc = value == Zone::Utc)))
            .text(label)
    });
    el("div").class("segmented").attr("role", "group").attr("aria-label", "Time zone").children(zones)
}
