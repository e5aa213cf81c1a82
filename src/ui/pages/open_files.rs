//! Opening files, texts and addresses: the worker reads them, and the page goes to what they have.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::files::{
    Input, OpenState, Opened, failure, host, no_response, rollout_in, stage_in, unreadable_url,
};
use crate::api::error::ApiError;
use crate::core::time::{parse, to_rfc3339};
use crate::model::address::{Address, Source};
use crate::model::explain::{Doing, ErrorMessage, error_message};
use crate::ui::lazy::{lazy_fn, load_error_message};
use crate::ui::session::Session;
use crate::workers::files::Call;
use crate::workers::files::summary::Summary;

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
                self.files.finish(&source, &stage, OpenState::Failed(load_error_message()));
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
        let Some(stage) = stage_in(&files.stages.read_untracked(), &self.source) else { return };
        let read = self.read(input).await;
        let only = read.as_ref().ok().and_then(|opened| self.only_rollout(opened));
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
        location().hash().is_ok_and(|hash| Address::from_hash(&hash) == Address::Opened(self.source.clone()))
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
        let absolute = JsValue::from_str(&self.session.absolute(url));
        let response = self.session.worker().send("read", vec![absolute]).await;
        let response: [String; 2] =
            response.map_err(|error| loading_error(&error))?.try_into().unwrap_or_default();
        let [status, text] = response;
        if status.is_empty() {
            return Err(unreadable_url(no_response(url, &text)));
        }
        if !status.starts_with('2') {
            return Err(unreadable_url(format!("{} answered with status {status}.", host(url))));
        }
        Ok(Input { title: url.to_owned(), ..Input::text(&text) })
    }

    /// Has the worker parse the input and keep it.
    async fn parse(&self, input: Input) -> Result<Opened, ErrorMessage> {
        let Input { title, as_of, values } = input;
        let mut texts = vec![JsValue::from_str(self.source.setting()), JsValue::from_str(&to_rfc3339(as_of))];
        texts.extend(values);
        let response = self.session.worker().send(Call::Open.name(), texts).await;
        let mut response = response.map_err(|error| loading_error(&error))?;
        if response.len() == 1 {
            let what = response.remove(0);
            return Err(failure(
                "This cannot be shown",
                what,
                "Open another file, or paste its text.",
                title,
            ));
        }
        let summary = Summary::from_texts(response).unwrap_or_default();
        let as_of = parse(&summary.as_of).unwrap_or(as_of);
        Ok(Opened { title, as_of, summary })
    }
}

fn loading_error(error: &ApiError) -> ErrorMessage {
    error_message(error, Doing::Loading, false)
}
