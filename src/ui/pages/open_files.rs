//! Opening files, texts and addresses: the worker reads them, and the page goes to what they have.

use leptos::prelude::*;

use super::files::{
    Input, OpenState, Opened, failure, host, no_response, rollout_in, stage_in, unreadable_url,
};
use crate::api::error::ApiError;
use crate::api::transport::LocalFuture;
use crate::core::time::parse;
use crate::model::address::{Address, Source};
use crate::model::explain::{Doing, ErrorMessage, error_message};
use crate::ui::lazy;
use crate::ui::session::Session;

impl Session {
    /// Opens files and texts, and goes to what they have.
    pub(crate) fn open_file(self, input: Input) {
        let _ = location().set_hash(&Address::Opened(Source::File).to_hash());
        self.open(Source::File, Some(input));
    }

    /// Opens an address, again if it is open.
    pub(crate) fn open_url(self, url: &str) {
        self.open(Source::Url(url.to_owned()), None);
    }

    fn open(self, source: Source, input: Option<Input>) {
        if let Some(input) = &input {
            self.files.values.set_value(input.values.clone());
        }
        let stage = self.files.set(&source, OpenState::Reading);
        leptos::task::spawn_local(async move {
            match lazy::read_opened(self, source.clone(), input).await {
                Ok(reading) => reading.await,
                Err(missing) => {
                    self.files.finish(&source, &stage, OpenState::Failed(missing.error_message()));
                }
            }
        });
    }
}

/// Reads what was opened, and goes to what it has.
pub(crate) fn open(session: Session, source: Source, input: Option<Input>) -> LocalFuture<'static, ()> {
    Box::pin(async move {
        let Some(stage) = stage_in(&session.files.stages.read_untracked(), &source) else { return };
        let state = read(session, &source, input).await.map_or_else(OpenState::Failed, OpenState::Opened);
        let only = match &state {
            OpenState::Opened(opened) if opened.summary.rollouts.len() == 1 => {
                opened.summary.rollouts.first().map(|rollout| rollout_in(&rollout.name, &source))
            }
            _ => None,
        };
        // There is nothing to choose; and Back leads to where one came from.
        if session.files.finish(&source, &stage, state)
            && let Some(only) = only
            && let Ok(hash) = location().hash()
            && Address::from_hash(&hash) == Address::Opened(source)
        {
            let _ = location().replace(&only.to_hash());
        }
    })
}

async fn read(session: Session, source: &Source, input: Option<Input>) -> Result<Opened, ErrorMessage> {
    let loading = |error: &ApiError| error_message(error, Doing::Loading, false);
    let Input { title, as_of, values } = match (input, source) {
        (Some(input), _) => input,
        (None, source) => {
            let url = source.setting();
            // The worker asks: the page has the token, and asks nobody but the APIs.
            let read = session.worker().read(session.absolute(url)).await.map_err(|error| loading(&error))?;
            let (status, text) = read.map_err(|why| unreadable_url(no_response(url, &why)))?;
            if !(200..300).contains(&status) {
                return Err(unreadable_url(format!("{} answered with status {status}.", host(url))));
            }
            Input { title: url.to_owned(), ..Input::text(&text) }
        }
    };
    let (names, texts) = (values.iter().step_by(2), values.iter().skip(1).step_by(2));
    let parts = names.zip(texts).map(|(name, text)| (name.as_string().unwrap_or_default(), text.clone()));
    let opened = session.worker().open(source.setting().to_owned(), as_of, parts.collect()).await;
    let summary = opened.map_err(|error| loading(&error))?.map_err(|what| {
        failure("This cannot be shown", what, "Open another file, or paste its text.", title.clone())
    })?;
    let as_of = parse(&summary.as_of).unwrap_or(as_of);
    Ok(Opened { title, as_of, summary })
}
