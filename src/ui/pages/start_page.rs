//! The start page: open a name, or look at the demo.

use super::drop_zone::open_file_button;
use crate::core::demo::{self, DemoRollout};
use crate::model::address::Address;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::link;
use crate::ui::nav::omnibox::omnibox;
use crate::ui::nav::recents::recents;

pub(crate) fn start_page() -> El {
    let demo = demo::ROLLOUTS.iter().map(|rollout| el("li").child(demo_card(rollout)));
    let open = el("section")
        .class("start-open")
        .child(el("h1").attr("tabindex", "-1").text("Which rollout is it?"))
        .child(el("p").class("lead").text(
            "Paste its name, its link in the Cloud console or a gcloud command; a project’s id leads to browsing. \
             You see which job, which attempt, why it failed, how long it waited and ran, and you can stop it.",
        ))
        .child(omnibox(String::new()))
        .child(
            el("p")
                .class("start-file")
                .child(open_file_button())
                .text(" Or drop a file of job runs, or paste its text. Nothing of it leaves this browser."),
        );
    let demo = el("section")
        .class("start-demo")
        .child(el("h2").text("Or look at the demo"))
        .child(el("p").class("lead").text(
            "A simulated Cloud Deploy inside this page: no account, live rollouts, and terminate works. \
             Nothing leaves the browser.",
        ))
        .child(el("ul").class("demo-cards").children(demo))
        .child(
            el("p")
                .child(link(Address::from_name(demo::HOME)).text("Browse the demo’s pipelines and releases")),
        );
    el("div").class("start-page").child(open).child(recents()).child(demo)
}

fn demo_card(rollout: &DemoRollout) -> El {
    let name = rollout.name();
    let id = name.rollout.clone();
    let title = el("span")
        .class("demo-card-title")
        .text(rollout.title)
        .maybe(rollout.live.then(|| el("span").class("demo-card-live").text("live")));
    link(Address::rollout(name))
        .class("demo-card")
        .child(title)
        .child(el("span").class("demo-card-about").text(rollout.about))
        .child(el("span").class("demo-card-id").text(id))
}
