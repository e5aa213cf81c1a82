//! The bar at the top: where one is, and where one could go.

use super::link::{link, use_address};
use super::omnibox::omnibox;
use crate::model::address::Address;
use crate::ui::dom::dynamic::{dynamic, dynamic_option};
use crate::ui::dom::el::{El, el, svg};
use crate::ui::session::sign_in::sign_in;
use leptos::prelude::*;

pub(crate) fn top_bar() -> El {
    let address = use_address();
    let is_demo = Memo::new(move |_| address.read().is_demo());
    let at_start = Memo::new(move |_| *address.read() == Address::Start);
    let mark = svg("svg")
        .class("brand-mark")
        .attr("viewBox", "0 0 32 32")
        .attr("aria-hidden", "true")
        .child(svg("rect").attr("width", "32").attr("height", "32").attr("rx", "7"))
        .child(svg("path").attr("d", "M7 10h8M13 16h12M10 22h8"));
    el("header")
        .class("top-bar")
        .child(link(Address::Start).class("brand").child(mark).text("Job Run Viewer"))
        .child(dynamic_option(move || {
            (!at_start.get()).then(|| omnibox(String::new()).class("open-box compact"))
        }))
        .child(el("span").class("top-bar-gap"))
        .child(dynamic(move || match is_demo.get() {
            true => el("span")
                .class("demo-chip")
                .attr("title", "A simulated Cloud Deploy in this page. Nothing leaves the browser.")
                .text("Demo"),
            false => sign_in(),
        }))
}
