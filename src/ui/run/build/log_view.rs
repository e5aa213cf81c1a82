//! The log of a build.

use leptos::prelude::*;

use super::build_feed::{BuildFeed, LOG_FILE, LOG_PAGE, NO_LOG, REASON, head};
use super::build_log::open_build_log;
use super::build_slot::BuildSlot;
use super::text_view::{Chunks, Text, chunks_around, text_view, wrap_button};
use crate::ui::dom::dynamic::{dynamic_option, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::shown_address;
use crate::ui::run::artifact_note::artifact_note;
use crate::ui::run::artifacts::LoadedText;
use crate::ui::run::sections::external_link;
use crate::ui::widgets::button::button;
use crate::ui::widgets::copy_button::copy_button;
use crate::ui::widgets::download::download_button;
use crate::ui::widgets::lazy_view::lazy_component;

/// A build's log, on demand; that of a failed one is open at first. `page` is the build in the
/// Cloud console.
pub(crate) fn log_view(slot: &BuildSlot, page: Option<String>) -> El {
    let (feed, shown, number) = (slot.feed(), slot.shown(), slot.number());
    let heads = Memo::new(move |_| {
        [NO_LOG, LOG_FILE, LOG_PAGE].map(|which| head(&feed.build.read(), which).to_owned())
    });
    let (is_open, set_open) = feed.log_open.split();
    let wrap = RwSignal::new(true);
    let chunks = RwSignal::<Chunks>::new((0, 0));
    let console = !shown_address().is_demo();
    el("div").class("log").child(dynamic_option(move || {
        let [no_log, file, log_page] = heads.get();
        if !no_log.is_empty() {
            let page = page.clone().map(|page| {
                external_link(page, "Open the build in the Cloud console").class("outward button")
            });
            let words = el("p").child(el("b").text("No log here. ")).text(no_log);
            return Some(el("div").class("artifact-note").child(words).maybe(page));
        }
        let log_page = (console && !log_page.is_empty()).then_some(log_page);
        let label = text(move || if is_open.get() { "Hide the log" } else { "Show the log" }.to_owned());
        let toggle = button("", label)
            .attr("aria-expanded", text(move || is_open.get().to_string()))
            .on("click", move |_| set_open.set(!is_open.get_untracked()));
        let buttons = {
            let log_page = log_page.clone();
            dynamic_option(move || log_buttons(feed, wrap, file.clone(), log_page.clone()))
        };
        let body = dynamic_option(move || {
            is_open
                .get()
                .then(|| view! { <LazyLogText feed wrap=wrap.into() chunks page=log_page.clone() /> })
        });
        let open = el("span").child(toggle).text(" ").child(open_build_log(shown, number));
        Some(el("div").child(el("div").class("text-head").child(open).child(buttons)).child(body))
    }))
}

fn log_buttons(feed: BuildFeed, wrap: RwSignal<bool>, file: String, page: Option<String>) -> Option<El> {
    let log = feed.log.get()?.ok().filter(|_| feed.log_open.get())?;
    let copied = log.text.clone();
    Some(
        el("span")
            .class("text-buttons")
            .child(wrap_button(wrap))
            .child(download_button(file, move || log.text.clone()))
            .child(copy_button(copied, "Copy the log"))
            .maybe(page.map(|page| external_link(page, "Log in the Cloud console"))),
    )
}

/// The log itself; `page` is that in the Cloud console.
pub(crate) fn log_body(
    feed: BuildFeed,
    wrap: Signal<bool>,
    chunks: RwSignal<Chunks>,
    page: Option<String>,
) -> El {
    match &*feed.log.read() {
        None => el("p").class("absent").text("Reading the log…"),
        Some(Err(message)) => artifact_note(message, page, move || feed.retry()),
        Some(Ok(log)) => shown_log(log, wrap, chunks),
    }
}

fn shown_log(log: &LoadedText, wrap: Signal<bool>, chunks: RwSignal<Chunks>) -> El {
    let rows = log.rows.clone();
    if rows.is_empty() {
        return el("p").class("absent").text("The log is empty.");
    }
    // What the user unfolded stays open when more has come.
    let reason = log.head[REASON].parse().ok();
    let (from, to) = chunks.get_untracked();
    let (first, last) = chunks_around(reason, rows.len());
    chunks.set_if_changed(if to == 0 { (first, last) } else { (from, to.max(last)) });
    let note = (!log.whole).then(|| {
        el("p")
            .class("absent")
            .text("Only the end of the log was read, its last 2 MiB. Lines are counted from there.")
    });
    let text = Text { label: "The build's log", class: "text-view", rows, from_end: reason.is_none() };
    el("div").maybe(note).child(text_view(text, chunks, wrap))
}

lazy_component! {
    part: text;
    /// [`log_body`], loaded on first use.
    fn LazyLogText(feed: BuildFeed, wrap: Signal<bool>, chunks: RwSignal<Chunks>, page: Option<String>) {
        log_body(feed, wrap, chunks, page)
    }
}
