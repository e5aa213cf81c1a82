//! Opening files, texts and addresses: the worker reads them, and the page goes to what they have.

use leptos::prelude::*;

use super::files::{
    Input, OpenState, Opened, failure, host, no_response, rollout_in, stage_in, unreadable_url,
};
use crate::api::error::ApiError;
use crate::core::time::parse;
use crate::model::address::{Address, Source};
use crate::model::explain::{Doing, ErrorMessage, error_message};
use crate::ui::lazy::{lazy_fn, load_error_message};
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
            if lazy_open(self, source.clone(), input).await.is_err() {
                self.files
                    .finish(&source, &stage, OpenState::Failed(load_error_message()));
            }
        });
    }
}

lazy_fn! {
    part: files;
    /// Reads what was opened, and goes to what it has; loaded on first use.
    async fn lazy_open(session: Session, source: Source, input: Option<Input>) -> () {
        Opening { session, source }.run(input).await
    }
}

/// A source that is being opened.
struct Opening {
    session: Session,
    source: Source,
}

impl Opening {
    async fn run(self, input: Option<Input>) {
        let files = self.session.files;
        let Some(stage) = stage_in(&files.stages.read_untracked(), &self.source) else {
            return;
        };
        let read = self.read(input).await;
        let only = read
            .as_ref()
            .ok()
            .and_then(|opened| self.only_rollout(opened));
        let state = read.map_or_else(OpenState::Failed, OpenState::Opened);
        if files.finish(&self.source, &stage, state)
            && let Some(only) = only
            && self.is_shown()
        {
            // There is nothing to choose. Replaced, so that Back leads to where the user came from.
            let _ = location().replace(&only.to_hash());
        }
    }

    /// The rollout, if what was opened has just one.
    fn only_rollout(&self, opened: &Opened) -> Option<Address> {
        match &*opened.summary.rollouts {
            [only] => Some(rollout_in(&only.name, &self.source)),
            _ => None,
        }
    }

    /// Whether the page shows the list of what was opened.
    fn is_shown(&self) -> bool {
        location()
            .hash()
            .is_ok_and(|hash| Address::from_hash(&hash) == Address::Opened(self.source.clone()))
    }

    /// Reads the input, or else what is at the address.
    async fn read(&self, input: Option<Input>) -> Result<Opened, ErrorMessage> {
        match input {
            Some(input) => self.parse(input).await,
            None => self.parse(self.fetch().await?).await,
        }
    }

    /// Fetches the address. The worker does: the page has the token, and sends requests to the APIs only.
    async fn fetch(&self) -> Result<Input, ErrorMessage> {
        let url = self.source.setting();
        let response = self.session.worker().read(self.session.absolute(url)).await;
        let response = response.map_err(|error| loading_error(&error))?;
        let (status, text) = response.map_err(|why| unreadable_url(no_response(url, &why)))?;
        if !(200..300).contains(&status) {
            return Err(unreadable_url(format!(
                "{} answered with status {status}.",
                host(url)
            )));
        }
        Ok(Input {
            title: url.to_owned(),
            ..Input::text(&text)
        })
    }

    /// Has the worker parse the input and keep it.
    async fn parse(&self, input: Input) -> Result<Opened, ErrorMessage> {
        let Input {
            title,
            as_of,
            values,
        } = input;
        let (names, texts) = (values.iter().step_by(2), values.iter().skip(1).step_by(2));
        let parts = names
            .zip(texts)
            .map(|(name, text)| (name.as_string().unwrap_or_default(), text.clone()));
        let opened = self
            .session
            .worker()
            .open(self.source.setting().to_owned(), as_of, parts.collect())
            .await;
        let summary = opened
            .map_err(|error| loading_error(&error))?
            .map_err(|what| {
                failure(
                    "This cannot be shown",
                    what,
                    "Open another file, or paste its text.",
                    title.clone(),
                )
            })?;
        let as_of = parse(&summary.as_of).unwrap_or(as_of);
        Ok(Opened {
            title,
            as_of,
            summary,
        })
    }
}

fn loading_error(error: &ApiError) -> ErrorMessage {
    error_message(error, Doing::Loading, false)
}
