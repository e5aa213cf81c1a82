//! The log of a build.

use leptos::prelude::*;

use super::artifact_note::artifact_note;
use super::build_feed::{BuildFeed, Log};
use super::button::button;
use super::copy_button::copy_button;
use super::download::download_button;
use super::dynamic::{dynamic_option, text};
use super::el::{El, el};
use super::live::{Live, Var, live, memo};
use super::place::shown_place;
use super::sections::outward;
use super::text_view::{Chunks, Text, chunks_around, text_view, wrap_button};

/// A build's log, on demand; that of a failed one is open at first. `page` is the build in the
/// Cloud console.
pub fn log_view(feed: BuildFeed, page: Option<String>) -> El {
    let where_it_is = memo(move || match &*feed.build.read() {
        Some(Ok(build)) => (build.no_log.clone(), build.log_uri.clone(), build.log_page.clone()),
        _ => Default::default(),
    });
    let (is_open, set_open) = feed.log_open;
    let wrap = live(true);
    let chunks = live::<Chunks>((0, 0));
    let console = !shown_place().is_demo();
    el("div").class("log").child(dynamic_option(move || {
        let (no_log, uri, log_page) = where_it_is.get();
        if !no_log.is_empty() {
            return Some(
                el("div")
                    .class("artifact-note")
                    .child(el("p").child(el("b").text("No log here. ")).text(no_log))
                    .maybe(page.clone().map(|page| {
                        outward(page, "Open the build in the Cloud console").class("outward button")
                    })),
            );
        }
        let log_page = (console && !log_page.is_empty()).then_some(log_page);
        let toggle =
            button("", text(move || if is_open.get() { "Hide the log" } else { "Show the log" }.to_owned()))
                .attr("aria-expanded", text(move || is_open.get().to_string()))
                .on("click", move |_| set_open.set(!is_open.get_untracked()));
        Some(
            el("div")
                .child(
                    el("div").class("text-head").child(toggle).child(dynamic_option(move || {
                        log_buttons(feed, wrap, uri.clone(), log_page.clone())
                    })),
                )
                .child(dynamic_option(move || is_open.get().then(|| log_body(feed, wrap.0, chunks)))),
        )
    }))
}

fn log_buttons(feed: BuildFeed, wrap: Var<bool>, uri: String, page: Option<String>) -> Option<El> {
    let log = match feed.log.get() {
        Some(Ok(log)) if feed.log_open.0.get() => log,
        _ => return None,
    };
    let file = uri.rsplit('/').next().unwrap_or("log.txt").to_owned();
    let copied = log.text.clone();
    Some(
        el("span")
            .class("text-buttons")
            .child(wrap_button(wrap))
            .child(download_button(file, move || log.text.clone()))
            .child(copy_button(copied, "Copy the log"))
            .maybe(page.map(|page| outward(page, "Log in the Cloud console"))),
    )
}

fn log_body(feed: BuildFeed, wrap: Live<bool>, chunks: Var<Chunks>) -> AnyView {
    match &*feed.log.read() {
        None => el("p").class("absent").text("Reading the log…").into_any(),
        Some(Err(trouble)) => {
            let page = match &*feed.build.read_untracked() {
                Some(Ok(build)) if !shown_place().is_demo() && !build.log_page.is_empty() => {
                    Some(build.log_page.clone())
                }
                _ => None,
            };
            artifact_note(trouble, page, move || feed.retry()).into_any()
        }
        Some(Ok(log)) => shown_log(log, wrap, chunks).into_any(),
    }
}

fn shown_log(log: &Log, wrap: Live<bool>, chunks: Var<Chunks>) -> El {
    let lines = &log.drawn.lines;
    if lines.is_empty() {
        return el("p").class("absent").text("The log is empty.");
    }
    // What somebody unfolded stays when more has come.
    let (from, to) = chunks.0.get_untracked();
    let (first, last) = chunks_around(log.drawn.reason, lines.len());
    chunks.1.set(if to == 0 { (first, last) } else { (from, to.max(last)) });
    let text = Text { lines: lines.clone(), marked: log.drawn.reason, from_end: log.drawn.reason.is_none() };
    let note = (!log.whole).then(|| {
        el("p")
            .class("absent")
            .text("Only the end of the log was read, its last 2 MiB. Lines are counted from there.")
    });
    el("div").maybe(note).child(text_view("The build's log", text, chunks, wrap))
}
