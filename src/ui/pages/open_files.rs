//! Opening files, texts and addresses: the worker reads them, and the page goes to what they have.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::files::{
    Input, OpenState, Opened, failure, host, no_response, rollout_in, stage_in, unreadable_url,
};
use crate::api::error::ApiError;
use crate::api::transport::LocalFuture;
use crate::core::time::{parse, to_rfc3339};
use crate::model::address::{Address, Source};
use crate::model::explain::{Doing, ErrorMessage, error_message};
use crate::ui::lazy;
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
            let reply = session.worker().send("read", vec![JsValue::from_str(&session.absolute(url))]).await;
            let answer: [String; 2] = reply.map_err(|error| loading(&error))?.try_into().unwrap_or_default();
            let [status, text] = answer;
            if status.is_empty() {
                return Err(unreadable_url(no_response(url, &text)));
            }
            if !status.starts_with('2') {
                return Err(unreadable_url(format!("{} answered with status {status}.", host(url))));
            }
            Input { title: url.to_owned(), ..Input::text(&text) }
        }
    };
    let mut texts = vec![JsValue::from_str(source.setting()), JsValue::from_str(&to_rfc3339(as_of))];
    texts.extend(values);
    let mut answer =
        session.worker().send(Call::Open.name(), texts).await.map_err(|error| loading(&error))?;
    if answer.len() == 1 {
        let what = answer.remove(0);
        return Err(failure("This cannot be shown", what, "Open another file, or paste its text.", title));
    }
    let summary = Summary::from_texts(answer).unwrap_or_default();
    let as_of = parse(&summary.as_of).unwrap_or(as_of);
    Ok(Opened { title, as_of, summary })
}
