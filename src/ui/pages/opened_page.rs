//! What a file or an address holds.

use leptos::prelude::*;

use super::drop_zone::open_file_button;
use super::files::{OpenState, Opened, host, rollout_in};
use crate::core::name::RolloutName;
use crate::model::address::{Address, Source};
use crate::ui::browse::browse_page::history_link;
use crate::ui::dom::dynamic::dynamic;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::link;
use crate::ui::rollout::rollout_page::rollout_page;
use crate::ui::session::use_session;
use crate::ui::widgets::error_box::error_box;
use crate::ui::widgets::icon::{Icon, icon};
use crate::ui::widgets::state_badge::state_class;
use crate::workers::files::summary::{BrokenEntry, RolloutSummary};

/// Shows what was opened by `content`, or how far it is with it. An address is opened as soon as it
/// is shown.
fn with_opened(source: Source, content: impl Fn(&Opened) -> AnyView + Send + 'static) -> AnyView {
    let session = use_session();
    if let Source::Url(url) = &source
        && session.files.stage(&source).is_none()
    {
        session.open_url(url);
    }
    let shown = source.clone();
    let stage = Memo::new(move |_| session.files.stage(&shown));
    dynamic(move || match (stage.get().as_deref(), &source) {
        (Some(OpenState::Opened(opened)), _) => content(opened),
        (Some(OpenState::Reading), Source::Url(url)) => reading(&host(url)).into_any(),
        (Some(OpenState::Reading), _) => reading("the file").into_any(),
        (Some(OpenState::Failed(message)), Source::Url(url)) => {
            let url = url.clone();
            let retry = Callback::new(move |()| session.open_url(&url));
            error_box(message.clone(), Some(retry)).into_any()
        }
        (Some(OpenState::Failed(message)), _) => el("div")
            .child(error_box(message.clone(), None))
            .child(el("p").class("open-again").child(open_file_button()))
            .into_any(),
        (None, _) => file_closed_notice("Drop it here, paste its text, or open it:").into_any(),
    })
}

fn reading(what: &str) -> El {
    el("p").class("notice").attr("role", "status").text(format!("Reading {what}…"))
}

/// After a reload, since a page is not given a file twice. `again` says how it can be opened again.
pub(crate) fn file_closed_notice(again: &'static str) -> El {
    el("section")
        .class("notice")
        .child(el("h1").attr("tabindex", "-1").text("The file is not open any more"))
        .child(
            el("p")
                .text(
                    "A file stays in the memory of the page that opened it, and is gone when the page is loaded \
                     again. ",
                )
                .text(again),
        )
        .child(open_file_button())
}

/// All that was opened: its rollouts, and what could not be read.
pub(crate) fn opened_page(source: Source) -> AnyView {
    let shown = source.clone();
    with_opened(source, move |opened| page(&shown, opened).into_any())
}

fn page(source: &Source, opened: &Opened) -> El {
    let summary = &opened.summary;
    let notes = summary.notes.iter().map(|note| {
        el("p").class("notice is-warning").child(icon(Icon::Warning)).child(el("span").text(note.clone()))
    });
    let rollouts = summary.rollouts.iter().map(|rollout| rollout_row(source, rollout));
    let broken = (!summary.broken.is_empty()).then(|| {
        el("section")
            .class("broken")
            .child(el("h2").text(summary.broken_title.clone()))
            .child(el("ul").children(summary.broken.iter().map(broken_row)))
    });
    el("article")
        .class("opened")
        .child(
            el("header")
                .child(el("h1").attr("tabindex", "-1").class("long-text").text(opened.title.clone()))
                .child(el("p").class("lead").text(format!("{}. {}", summary.counts, privacy(source))))
                .child(history_link(Address::history_in(source.clone())))
                .child(open_file_button()),
        )
        .children(notes)
        .child(el("ul").class("opened-rollouts").children(rollouts))
        .maybe(broken)
}

fn rollout_row(source: &Source, summary: &RolloutSummary) -> El {
    let headline = (!summary.headline.is_empty()).then(|| {
        el("span")
            .class(format!("opened-verdict {}", state_class(&summary.state)))
            .child(icon(Icon::of(&summary.state)))
            .text(summary.headline.clone())
    });
    let link = link(rollout_in(&summary.name, source))
        .child(el("b").text(summary.id.clone()))
        .child(el("span").class("absent").text(summary.within.clone()))
        .maybe(headline)
        .child(el("span").class("opened-count").text(summary.count.clone()));
    el("li").child(link)
}

fn broken_row(entry: &BrokenEntry) -> El {
    el("li")
        .child(
            el("p")
                .class("absent")
                .text(entry.position.clone())
                .text(" ")
                .child(el("code").text(entry.path.clone())),
        )
        .child(el("p").text(entry.reason.clone()))
        .maybe((!entry.excerpt.is_empty()).then(|| el("pre").text(entry.excerpt.clone())))
}

fn privacy(source: &Source) -> String {
    match source {
        Source::Url(url) => format!("Read from {}, and sent to nobody.", host(url)),
        _ => "Nothing of it leaves this browser.".to_owned(),
    }
}

/// A rollout of something that was opened.
pub(crate) fn opened_rollout(source: Source, rollout: RolloutName) -> AnyView {
    with_opened(source.clone(), move |opened| {
        (source_note(&source, opened), rollout_page(rollout.clone())).into_any()
    })
}

/// What stands above a rollout of something that was opened: what it is of, and what is missing.
fn source_note(source: &Source, opened: &Opened) -> El {
    let broken = &opened.summary.broken_title;
    let title_link = link(Address::Opened(source.clone())).class("long-text").text(opened.title.clone());
    el("p").class("source-note").text("From ").child(title_link).text(format!(". {}", privacy(source))).maybe(
        (!broken.is_empty()).then(|| {
            link(Address::Opened(source.clone()))
                .class("source-broken")
                .child(icon(Icon::Warning))
                .text(broken.clone())
        }),
    )
}
