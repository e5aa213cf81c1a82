//! What was opened: files that were dropped or picked, texts that were pasted, and addresses.
//!
//! The worker reads them and keeps them; here is what the page knows of them.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use web_sys::{FileList, Url};

use crate::core::time::Timestamp;
use crate::model::address::{Address, Source};
use crate::model::explain::ErrorMessage;
use crate::ui::dom::clock;
use crate::ui::dom::signals::SetIfChanged;
use crate::workers::files::summary::Summary;

/// The state of something that is being opened, compared by identity.
#[derive(Clone)]
pub(crate) struct OpenStage(Arc<OpenState>);

/// What a [`OpenStage`] is.
pub(crate) enum OpenState {
    Reading,
    Opened(Opened),
    Failed(ErrorMessage),
}

impl PartialEq for OpenStage {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for OpenStage {
    type Target = OpenState;

    fn deref(&self) -> &OpenState {
        &self.0
    }
}

/// What is open.
pub(crate) struct Opened {
    /// A file's name, or another title.
    pub title: String,
    /// As of when what was in progress is shown.
    pub as_of: Timestamp,
    pub summary: Summary,
}

/// What was opened, each by where it came from.
#[derive(Clone, Copy)]
pub(crate) struct Files {
    pub(super) stages: RwSignal<Vec<(Source, OpenStage)>>,
    /// The names and texts or files of what was opened last, which is [`Source::File`].
    pub(super) values: StoredValue<Vec<JsValue>, LocalStorage>,
}

impl Files {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            stages: RwSignal::new(Vec::new()),
            values: StoredValue::new_local(Vec::new()),
        }
    }

    /// How far it is with a source; `None` for what nobody opened since the page was loaded.
    pub(crate) fn stage(self, source: &Source) -> Option<OpenStage> {
        stage_in(&self.stages.read(), source)
    }

    /// The time as of which an address is shown; `None` for the present.
    pub(crate) fn as_of(self, address: &Address) -> Option<Timestamp> {
        match &*stage_in(&self.stages.read_untracked(), &address.source())? {
            OpenState::Opened(opened) => Some(opened.as_of),
            OpenState::Reading | OpenState::Failed(_) => None,
        }
    }

    /// The texts or files of what was opened; `None` for what nobody opened here.
    pub(crate) fn contents(self, source: &Source) -> Option<Vec<JsValue>> {
        let values = self.values.get_value();
        let contents = values.into_iter().skip(1).step_by(2).collect();
        stage_in(&self.stages.read_untracked(), source).map(|_| contents)
    }

    pub(super) fn set(self, source: &Source, state: OpenState) -> OpenStage {
        let (stages, set_stages) = self.stages.split();
        let stage = OpenStage(Arc::new(state));
        let mut new = stages.get_untracked();
        new.retain(|(known, _)| known != source);
        new.push((source.clone(), stage.clone()));
        set_stages.set_if_changed(new);
        stage
    }

    /// Sets what came of a stage, unless something else was opened from there meanwhile; whether it
    /// was set.
    pub(super) fn finish(self, source: &Source, stage: &OpenStage, state: OpenState) -> bool {
        let is_last = stage_in(&self.stages.read_untracked(), source).as_ref() == Some(stage);
        if is_last {
            self.set(source, state);
        }
        is_last
    }
}

pub(super) fn stage_in(stages: &[(Source, OpenStage)], source: &Source) -> Option<OpenStage> {
    stages
        .iter()
        .find(|(known, _)| known == source)
        .map(|(_, stage)| stage.clone())
}

/// What is to be opened as one file.
pub(crate) struct Input {
    pub(super) title: String,
    pub(super) as_of: Timestamp,
    /// For each its name, and then the text or the file.
    pub(super) values: Vec<JsValue>,
}

impl Input {
    /// A pasted text.
    pub(crate) fn text(text: &str) -> Self {
        Self {
            title: "Pasted text".to_owned(),
            as_of: clock::now(),
            values: vec![JsValue::from_str(""), JsValue::from_str(text)],
        }
    }

    /// Files; `None` when there are none.
    pub(crate) fn files(files: Option<FileList>) -> Option<Self> {
        let files = files?;
        let (mut title, mut written, mut values) = (String::new(), 0.0, Vec::new());
        for file in (0..files.length()).filter_map(|at| files.get(at)) {
            title = file.name();
            written = file.last_modified().max(written);
            values.push(JsValue::from_str(&title));
            values.push(file.into());
        }
        match values.len() / 2 {
            0 => return None,
            1 => {}
            count => title = format!("{count} files"),
        }
        // What was in progress when a file was written has gone on since, unknown to the file.
        let as_of = Timestamp::from_millisecond(written as i64)
            .unwrap_or_default()
            .min(clock::now());
        Some(Self {
            title,
            as_of,
            values,
        })
    }
}

/// A rollout of what was opened.
pub(crate) fn rollout_in(name: &str, source: &Source) -> Address {
    Address::from_name(name).with(|view| view.source = source.clone())
}

/// The host that an address asks.
pub(crate) fn host(url: &str) -> String {
    let base = location().href().unwrap_or_default();
    Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.host())
}

/// That an address did not answer, and why, if that is known.
pub(crate) fn no_response(url: &str, why: &str) -> String {
    let why = match why {
        "" => ", or does not let this page read its answers (CORS)".to_owned(),
        why => [": ", why].concat(),
    };
    [&*host(url), " did not answer to the end", &why, "."].concat()
}

pub(crate) fn unreadable_url(what: String) -> ErrorMessage {
    let next = "It was asked without your token and without another site’s cookies. Try again, or download \
                the file and drop it here.";
    failure("This address cannot be read", what, next, String::new())
}

pub(super) fn failure(title: &str, what: String, next: &str, details: String) -> ErrorMessage {
    ErrorMessage {
        title: title.to_owned(),
        what,
        safe: String::new(),
        next: next.to_owned(),
        details,
        sign_in: false,
    }
}
