//! The reader for the log of a build, which reads all of it.

use leptos::prelude::*;

use super::build_feed::BuildFeed;
use super::build_slot::BuildSlot;
use crate::model::build::{Reading, error_message};
use crate::model::build_report::{LogPlace, Progress};
use crate::ui::log::log_drawer::LogDrawer;
use crate::ui::log::log_feed::{LogSource, Wanted, follow_log};
use crate::ui::log::log_reader::About;
use crate::ui::nav::link::{shown_address, use_address, use_navigate};
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::ui::widgets::lazy_view::lazy_component;

/// A button that opens the reader.
#[component]
pub(super) fn OpenBuildLog(
    shown: Shown,
    /// Which of the run's builds, from 1.
    number: usize,
) -> impl IntoView {
    let go = use_navigate();
    let address = use_address();
    let open = move |_| {
        // The run may be one that the viewer chose: the address has to name it.
        let id = shown
            .run
            .read_untracked()
            .as_ref()
            .map(|run| run.id.clone());
        go(&address.get_untracked().select(id.as_deref()).with(|view| {
            view.log = Default::default();
            view.log.is_open = true;
            view.log.of_build = number;
        }));
    };
    view! { <button type="button" class="button quiet" on:click=open>"Open in the reader"</button> }
}

/// Shows the reader, once it is known where the log is.
#[component]
pub(crate) fn BuildLogDrawer(of: BuildSlot) -> impl IntoView {
    let (feed, title) = (of.feed(), of.log_title());
    let place = Memo::new(move |_| feed.log_place());
    move || match place.get() {
        Some(LogPlace::Stored { path, file, page }) => {
            let page = (!shown_address().is_demo()).then_some(page);
            Some(reader(feed, title.clone(), path, file, page))
        }
        Some(LogPlace::Missing(_)) | None => None,
    }
}

/// The reader of the log that the storage API has at `path`; `page` is the log in the Cloud console.
fn reader(
    feed: BuildFeed,
    title: String,
    path: String,
    file: String,
    page: Option<String>,
) -> AnyView {
    let session = use_session();
    let grows = Memo::new(move |_| feed.progress() == Some(Progress::Live));
    let log = follow_log(Wanted {
        source: Signal::stored(Some(LogSource::Storage(path))),
        by_itself: Signal::stored(true),
        grows: grows.into(),
        axis: Signal::stored(None),
    });
    log.want();
    let message = Memo::new(move |_| {
        Some(error_message(
            &log.failure()?,
            Reading::Log,
            session.signed_in_now(),
        ))
    });
    let about = About {
        file,
        page,
        grows: grows.into(),
        message: message.into(),
    };
    view! { <LogDrawer title feed=log about /> }.into_any()
}

lazy_component! {
    part: log;
    /// [`BuildLogDrawer`], loaded on first use.
    pub(crate) fn LazyBuildLog(of: BuildSlot) {
        view! { <BuildLogDrawer of /> }
    }
}
