//! A log by itself: at an address, or from a file.

use leptos::prelude::*;

use super::log_feed::{LogSource, Wanted, follow_log};
use super::log_reader::{About, log_reader, log_summary, use_open_line};
use crate::api::error::ApiError;
use crate::model::address::{PageView, Source};
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::{El, el};
use crate::ui::pages::drop_zone::open_file_button;
use crate::ui::pages::files::{host, unreadable_url};
use crate::ui::pages::opened_page::file_closed_notice;
use crate::ui::session::use_session;
use crate::ui::widgets::lazy_view::lazy_component;

/// The page of `#/log?src=…`.
pub(crate) fn log_page(view: &PageView) -> El {
    let session = use_session();
    let source = view.source.clone();
    let is_file = source == Source::File;
    let what = source.clone();
    let from = Memo::new(move |_| match &what {
        Source::Url(url) => Some(LogSource::Url(url.clone())),
        Source::File => Some(session.log_files()).filter(|count| *count > 0).map(LogSource::File),
        Source::Cloud => None,
    });
    let (never, _) = signal(false);
    let (always, _) = signal(true);
    let (axis, _) = signal(None);
    let feed = follow_log(Wanted {
        source: from.into(),
        by_itself: always.into(),
        grows: never.into(),
        axis: axis.into(),
    });
    feed.want();
    let (title, file) = match &source {
        Source::Url(url) => {
            let path = url.split(['?', '#']).next().unwrap_or("");
            (url.clone(), path.rsplit('/').next().unwrap_or("log").to_owned())
        }
        _ => ("A log".to_owned(), "log.txt".to_owned()),
    };
    let message = Memo::new(move |_| {
        let error = feed.failure()?;
        let Source::Url(url) = &source else {
            return Some(unreadable_url(format!("The browser could not read the file: {error}.")));
        };
        Some(unreadable_url(match error {
            ApiError::Refused(refusal) => {
                format!("{} answered with status {}.", host(url), refusal.http_status)
            }
            // It is no fault of the host's.
            ApiError::Part(why) => why,
            error => format!(
                "{} did not answer, or not to the end, or does not let this page read its answers (CORS): {error}.",
                host(url)
            ),
        }))
    });
    let is_gone = Memo::new(move |_| is_file && session.log_files() == 0);
    let about = About { file, page: None, grows: never.into(), message: message.into() };
    let head = el("header")
        .class("log-head")
        .child(el("h1").attr("tabindex", "-1").class("long-text").text(title))
        .child(open_file_button());
    let reader = log_reader(feed, about, None::<fn()>);
    el("article")
        .class("log-page")
        .child(dynamic_option(move || is_gone.get().then(|| file_closed_notice("Drop it here, or open it:"))))
        .child(head.flag("hidden", is_gone))
        .child(log_summary(feed, use_open_line()))
        .child(reader.flag("hidden", is_gone))
}

lazy_component! {
    part: log;
    /// [`log_page`], loaded on first use.
    pub(crate) fn LazyLogPage(view: PageView) {
        log_page(&view)
    }
}
