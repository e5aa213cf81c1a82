//! The reader for the log of a build, which reads all of it.

use leptos::prelude::*;

use super::build_feed::{FLAGS, LOG, LOG_FILE, LOG_PAGE, head};
use super::build_slot::BuildSlot;
use crate::model::build::{Reading, error_message};
use crate::ui::dom::dynamic::dynamic;
use crate::ui::dom::el::El;
use crate::ui::log::event_log::drawer;
use crate::ui::log::log_feed::{LogSource, Wanted, follow_log};
use crate::ui::log::log_reader::About;
use crate::ui::nav::link::{shown_address, use_address, use_navigate};
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::ui::widgets::button::button;
use crate::ui::widgets::lazy_view::lazy_component;

/// A button that opens the reader, for one of the run's builds, from 1.
pub(crate) fn open_build_log(shown: Shown, number: usize) -> El {
    let go = use_navigate();
    let address = use_address();
    button("quiet", "Open in the reader").on("click", move |_| {
        // The run may be one that the viewer chose: the address has to name it.
        let id = shown.run.read_untracked().as_ref().map(|run| run.id.clone());
        go(&address.get_untracked().select(id.as_deref()).with(|view| {
            view.log = Default::default();
            view.log.is_open = true;
            view.log.of_build = number;
        }));
    })
}

/// The reader.
pub(crate) fn build_log_drawer(slot: BuildSlot) -> AnyView {
    let (build, title) = (slot.feed(), slot.log_title());
    let session = use_session();
    let path = Memo::new(move |_| head(&build.build.read(), LOG).to_owned());
    dynamic(move || {
        if path.read().is_empty() {
            return ().into_any();
        }
        let source = Memo::new(move |_| Some(LogSource::Storage(path.get())));
        let grows = Memo::new(move |_| head(&build.build.read(), FLAGS) == "live");
        let (always, _) = signal(true);
        let (axis, _) = signal(None);
        let feed = follow_log(Wanted {
            source: source.into(),
            by_itself: always.into(),
            grows: grows.into(),
            axis: axis.into(),
        });
        feed.want();
        let now = build.build.get_untracked();
        let page = head(&now, LOG_PAGE).to_owned();
        let page = (!shown_address().is_demo() && !page.is_empty()).then_some(page);
        let message =
            Memo::new(move |_| Some(error_message(&feed.failure()?, Reading::Log, session.signed_in_now())));
        let about = About {
            file: head(&now, LOG_FILE).to_owned(),
            page,
            grows: grows.into(),
            message: message.into(),
        };
        drawer(title.clone(), feed, about).into_any()
    })
}

lazy_component! {
    part: log;
    /// [`build_log_drawer`], loaded on first use.
    pub(crate) fn LazyBuildLog(of: BuildSlot) {
        build_log_drawer(of)
    }
}
