//! A log by itself: at an address, or from a file.

use leptos::prelude::*;

use super::log_feed::{LogFeed, LogSource, Wanted, follow_log};
use super::log_reader::{About, LogReader};
use super::log_summary::LogSummary;
use crate::api::error::ApiError;
use crate::core::text::clip;
use crate::model::address::{Address, PageView, Source};
use crate::model::explain::ErrorMessage;
use crate::ui::nav::link::{use_address, use_navigate};
use crate::ui::pages::drop_zone::OpenFileButton;
use crate::ui::pages::files::{host, unreadable_url};
use crate::ui::pages::opened_page::FileClosedNotice;
use crate::ui::session::use_session;
use crate::ui::widgets::lazy_view::lazy_component;

/// The page of `#/log?src=…`.
#[component]
pub(crate) fn LogPage(view: PageView) -> impl IntoView {
    let session = use_session();
    let source = view.source;
    let is_gone = {
        let is_file = source == Source::File;
        Memo::new(move |_| is_file && session.log_files() == 0)
    };
    let feed = follow(source.clone());
    let (title, file) = names(&source);
    let message = Memo::new(move |_| Some(failure_message(&source, feed.failure()?)));
    let about = About {
        file,
        page: None,
        grows: Signal::stored(false),
        message: message.into(),
    };
    let notice = move || {
        is_gone
            .get()
            .then(|| view! { <FileClosedNotice again="Drop it here, or open it:" /> })
    };
    view! {
        <article class="log-page">
            {notice}
            <header class="log-head" hidden=is_gone>
                <h1 tabindex="-1" class="long-text">{clip(title)}</h1>
                <OpenFileButton />
            </header>
            <LogSummary feed open=use_open_line() />
            <LogReader feed about attr:hidden=is_gone />
        </article>
    }
}

/// Reads the log; a file that is dropped later takes the place of one that was.
fn follow(source: Source) -> LogFeed {
    let session = use_session();
    let from = Memo::new(move |_| match &source {
        Source::Url(url) => Some(LogSource::Url(url.clone())),
        Source::File => Some(session.log_files())
            .filter(|count| *count > 0)
            .map(LogSource::File),
        Source::Cloud => None,
    });
    let feed = follow_log(Wanted {
        source: from.into(),
        by_itself: Signal::stored(true),
        grows: Signal::stored(false),
        axis: Signal::stored(None),
    });
    feed.want();
    feed
}

/// The title, and what the log is saved as.
fn names(source: &Source) -> (String, String) {
    match source {
        Source::Url(url) => {
            let path = url.split(['?', '#']).next().unwrap_or("");
            (
                url.clone(),
                path.rsplit('/').next().unwrap_or("log").to_owned(),
            )
        }
        _ => ("A log".to_owned(), "log.txt".to_owned()),
    }
}

fn failure_message(source: &Source, error: ApiError) -> ErrorMessage {
    let Source::Url(url) = source else {
        return unreadable_url(format!("The browser could not read the file: {error}."));
    };
    let host = host(url);
    unreadable_url(match error {
        ApiError::Refused(refusal) => {
            format!("{host} answered with status {}.", refusal.http_status)
        }
        // It is no fault of the host's.
        ApiError::Part(why) => why,
        error => format!(
            "{host} did not answer, or not to the end, or does not let this page read its answers (CORS): {error}."
        ),
    })
}

/// Opens the reader at a line, by the address.
fn use_open_line() -> Callback<u32> {
    let go = StoredValue::new_local(Box::new(use_navigate()) as Box<dyn Fn(&Address)>);
    let address = use_address();
    Callback::new(move |line| {
        let to = address.get_untracked().with(|view| view.log.pick(line));
        go.with_value(|go| go(&to));
    })
}

lazy_component! {
    part: log;
    /// [`LogPage`], loaded on first use.
    pub(crate) fn LazyLogPage(view: PageView) {
        view! { <LogPage view /> }
    }
}
