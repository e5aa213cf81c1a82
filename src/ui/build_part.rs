//! The Cloud Build builds of a run: how they went, step by step, and their logs.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::artifact_note::artifact_note;
use super::build_feed::{BuildFeed, LOG, REASON_WORDS, follow_build, head};
use super::build_log::build_log_drawer;
use super::button::button;
use super::drawn_view::drawn_view;
use super::dynamic::{dynamic, dynamic_option};
use super::el::{El, el};
use super::live::memo;
use super::log_view::log_view;
use super::place::shown_place;
use super::run_panel::Shown;
use super::sections::outward;
use super::seen::when_seen;
use crate::model::links;
use crate::model::name::BuildName;
use crate::model::panel::{RunBuild, builds};

/// The builds of the run that is shown.
pub struct Builds(Vec<(RunBuild, BuildFeed)>, Shown);

/// Draws what `view` gives for the run's builds, which it follows as long as they stay the same.
pub fn with_builds(shown: Shown, view: impl Fn(Builds) -> AnyView + Send + 'static) -> AnyView {
    let builds = memo(move || shown.run.read().as_ref().map_or_else(Vec::new, |run| builds(run)));
    dynamic(move || {
        let follow = |build: RunBuild| {
            let feed = follow_build(build.name.clone(), shown);
            (build, feed)
        };
        view(Builds(builds.get().into_iter().map(follow).collect(), shown))
    })
}

impl Builds {
    /// What a reader wants first at night: the line that most likely says why.
    pub fn reasons(&self) -> Vec<AnyView> {
        self.0.iter().map(|(build, feed)| reason(build.clone(), *feed)).collect()
    }

    /// The reader of the run's own log, while it is open.
    pub fn drawer(&self) -> Option<AnyView> {
        self.0.first().map(|(_, feed)| build_log_drawer(*feed))
    }

    /// The sections.
    pub fn sections(&self) -> Vec<El> {
        self.0.iter().map(|(build, feed)| section(build.clone(), *feed, self.1)).collect()
    }
}

fn section_id(name: &BuildName) -> String {
    format!("build-{}", name.id())
}

fn reason(build: RunBuild, feed: BuildFeed) -> AnyView {
    let id = section_id(&build.name);
    dynamic_option(move || {
        if !feed.failed.get() || head(&feed.build.read(), LOG).is_empty() {
            return None;
        }
        let log = feed.log.read();
        let section = el("section").class("reason").attr("aria-label", "Likely reason");
        if log.is_none() {
            return Some(
                section.child(el("p").class("absent").text("Looking for the reason in the build's log…")),
            );
        }
        let words = head(&log, REASON_WORDS);
        if words.is_empty() {
            return None;
        }
        let title = match &build.check {
            Some(check) => format!("Likely reason, by the log of check {check}"),
            None => "Likely reason, by the build's log".to_owned(),
        };
        let id = id.clone();
        Some(section.child(el("h3").text(title)).child(el("pre").text(words.to_owned())).child(
            button("quiet", "Show it in the log").on("click", move |_| {
                feed.log_open.1.set(true);
                show_mark(id.clone());
            }),
        ))
    })
}

/// Brings the marked line of a build's log into view, and gives the log the focus.
fn show_mark(section: String) {
    request_animation_frame(move || {
        let Some(section) = document().get_element_by_id(&section) else { return };
        let find = |css| section.query_selector(css).ok().flatten();
        if let Some(log) = find(".text-view").and_then(|log| log.dyn_into::<HtmlElement>().ok()) {
            let _ = log.focus();
        }
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        let mark = find(".is-marked").unwrap_or_else(|| section.clone());
        mark.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

fn section(build: RunBuild, feed: BuildFeed, shown: Shown) -> El {
    let RunBuild { check, name } = build;
    let title = match check {
        Some(check) => format!("Cloud Build of check {check}"),
        None => "Cloud Build".to_owned(),
    };
    let place = shown_place();
    // The demo's builds are nowhere but in this page.
    let page = (!place.is_demo()).then(|| links::build(&name));
    let console = page.clone();
    let has_come = memo(move || matches!(&*feed.build.read(), Some(Ok(_))));
    let section = el("section").class("panel-part build").attr("id", section_id(&name));
    // What was opened as a file asks nobody by itself: its reader was told so, and whoever wrote it
    // would choose what is asked.
    let is_file = place.is_file();
    let section = match is_file {
        true => section,
        false => section.made(move |element| when_seen(element, feed.seen)),
    };
    section
        .child(
            el("h3")
                .text(title)
                .maybe(page.clone().map(|page| outward(page, "Cloud console").class("outward build-page"))),
        )
        .child(dynamic(move || match &*feed.build.read() {
            None if !feed.wanted.get() && is_file => el("p")
                .class("absent")
                .text("The file does not have it. ")
                .child(button("", "Ask Cloud Build").on("click", move |_| feed.seen.set(true)))
                .into_any(),
            None => el("p").class("absent").text("Reading the build…").into_any(),
            Some(Err(trouble)) => artifact_note(trouble, page.clone(), move || feed.retry()).into_any(),
            Some(Ok(build)) => {
                let drawn = build.rows.iter().filter_map(|row| drawn_view(row));
                el("div").class("build-body").children(drawn).into_any()
            }
        }))
        .child(dynamic_option(move || has_come.get().then(|| log_view(feed, console.clone(), shown))))
}
