//! What was opened: files that were dropped or picked, texts that were pasted, and addresses.
//!
//! The worker reads them and keeps them; here is what the page knows of them.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use web_sys::{FileList, Url};

use crate::api::error::ApiError;
use crate::api::transport::LocalFuture;
use crate::core::time::{Timestamp, parse, to_rfc3339};
use crate::model::address::{Address, Source};
use crate::model::explain::{Doing, Trouble, trouble};
use crate::ui::dom::clock;
use crate::ui::dom::live::{Var, live};
use crate::ui::part;
use crate::ui::session::Session;
use crate::workers::files::Call;
use crate::workers::files::summary::Summary;

/// How far it is with something that is to be opened. Each is another than any before it.
#[derive(Clone)]
pub struct Stage(Arc<Progress>);

/// What a [`Stage`] is.
pub enum Progress {
    Reading,
    Opened(Opened),
    Failed(Trouble),
}

impl PartialEq for Stage {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Stage {
    type Target = Progress;

    fn deref(&self) -> &Progress {
        &self.0
    }
}

/// What is open.
pub struct Opened {
    /// A file's name, or what else tells a reader which one it is.
    pub title: String,
    /// As of when what was in progress is shown.
    pub as_of: Timestamp,
    pub summary: Summary,
}

/// What was opened, each by where it came from.
#[derive(Clone, Copy)]
pub struct Files {
    stages: Var<Vec<(Source, Stage)>>,
    /// The names and texts or files of what was opened last, which is [`Source::File`].
    values: StoredValue<Vec<JsValue>, LocalStorage>,
}

impl Files {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { stages: live(Vec::new()), values: StoredValue::new_local(Vec::new()) }
    }

    /// How far it is with a source; `None` for what nobody opened since the page was loaded.
    pub fn stage(self, source: &Source) -> Option<Stage> {
        stage_in(&self.stages.0.read(), source)
    }

    /// As of when what is at a place is shown; `None` where that is the present.
    pub fn as_of(self, place: &Address) -> Option<Timestamp> {
        match &*stage_in(&self.stages.0.read_untracked(), &place.source())? {
            Progress::Opened(opened) => Some(opened.as_of),
            Progress::Reading | Progress::Failed(_) => None,
        }
    }

    /// The texts or files of what was opened; `None` for what nobody opened here.
    pub fn contents(self, source: &Source) -> Option<Vec<JsValue>> {
        let values = self.values.get_value();
        let contents = values.into_iter().skip(1).step_by(2).collect();
        stage_in(&self.stages.0.read_untracked(), source).map(|_| contents)
    }

    fn set(self, source: &Source, progress: Progress) -> Stage {
        let (stages, set_stages) = self.stages;
        let stage = Stage(Arc::new(progress));
        let mut new = stages.get_untracked();
        new.retain(|(known, _)| known != source);
        new.push((source.clone(), stage.clone()));
        set_stages.set(new);
        stage
    }

    /// Sets what came of a stage, unless something else was opened from there meanwhile; whether it
    /// was set.
    fn finish(self, source: &Source, stage: &Stage, progress: Progress) -> bool {
        let is_last = stage_in(&self.stages.0.read_untracked(), source).as_ref() == Some(stage);
        if is_last {
            self.set(source, progress);
        }
        is_last
    }
}

fn stage_in(stages: &[(Source, Stage)], source: &Source) -> Option<Stage> {
    stages.iter().find(|(known, _)| known == source).map(|(_, stage)| stage.clone())
}

/// What is to be opened as one file.
pub struct Parts {
    title: String,
    as_of: Timestamp,
    /// For each its name, and then the text or the file.
    values: Vec<JsValue>,
}

impl Parts {
    /// A text that somebody pasted.
    pub fn text(text: &str) -> Self {
        Self {
            title: "Pasted text".to_owned(),
            as_of: clock::now(),
            values: vec![JsValue::from_str(""), JsValue::from_str(text)],
        }
    }

    /// Files; `None` when there are none.
    pub fn files(files: Option<FileList>) -> Option<Self> {
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
        let as_of = Timestamp::from_millisecond(written as i64).unwrap_or_default().min(clock::now());
        Some(Self { title, as_of, values })
    }
}

impl Session {
    /// Opens files and texts, and goes to what they have.
    pub fn open_file(self, parts: Parts) {
        let _ = location().set_hash(&Address::Opened(Source::File).to_hash());
        self.open(Source::File, Some(parts));
    }

    /// Opens an address, again if it is open.
    pub fn open_url(self, url: &str) {
        self.open(Source::Url(url.to_owned()), None);
    }

    fn open(self, source: Source, parts: Option<Parts>) {
        if let Some(parts) = &parts {
            self.files.values.set_value(parts.values.clone());
        }
        let stage = self.files.set(&source, Progress::Reading);
        leptos::task::spawn_local(async move {
            match part::read_opened(self, source.clone(), parts).await {
                Ok(reading) => reading.await,
                Err(missing) => {
                    self.files.finish(&source, &stage, Progress::Failed(missing.trouble()));
                }
            }
        });
    }
}

/// Reads what was opened, and goes to what it has.
pub fn open(session: Session, source: Source, parts: Option<Parts>) -> LocalFuture<'static, ()> {
    Box::pin(async move {
        let Some(stage) = stage_in(&session.files.stages.0.read_untracked(), &source) else { return };
        let progress = read(session, &source, parts).await.map_or_else(Progress::Failed, Progress::Opened);
        let only = match &progress {
            Progress::Opened(opened) if opened.summary.rollouts.len() == 1 => {
                opened.summary.rollouts.first().map(|rollout| rollout_in(&rollout.name, &source))
            }
            _ => None,
        };
        // There is nothing to choose; and Back leads to where one came from.
        if session.files.finish(&source, &stage, progress)
            && let Some(only) = only
            && let Ok(hash) = location().hash()
            && Address::from_hash(&hash) == Address::Opened(source)
        {
            let _ = location().replace(&only.to_hash());
        }
    })
}

async fn read(session: Session, source: &Source, parts: Option<Parts>) -> Result<Opened, Trouble> {
    let loading = |error: &ApiError| trouble(error, Doing::Loading, false);
    let Parts { title, as_of, values } = match (parts, source) {
        (Some(parts), _) => parts,
        (None, source) => {
            let url = source.setting();
            // The worker asks: the page has the token, and asks nobody but the APIs.
            let reply = session.worker().send("read", vec![JsValue::from_str(&session.absolute(url))]).await;
            let answer: [String; 2] = reply.map_err(|error| loading(&error))?.try_into().unwrap_or_default();
            let [status, text] = answer;
            if status.is_empty() {
                return Err(no_url(unanswered(url, &text)));
            }
            if !status.starts_with('2') {
                return Err(no_url(format!("{} answered with status {status}.", host(url))));
            }
            Parts { title: url.to_owned(), ..Parts::text(&text) }
        }
    };
    let mut texts = vec![JsValue::from_str(source.setting()), JsValue::from_str(&to_rfc3339(as_of))];
    texts.extend(values);
    let mut answer = session.worker().call_with(Call::Open, texts).await.map_err(|error| loading(&error))?;
    if answer.len() == 1 {
        let what = answer.remove(0);
        return Err(failure("This cannot be shown", what, "Open another file, or paste its text.", title));
    }
    let summary = Summary::from_texts(answer).unwrap_or_default();
    let as_of = parse(&summary.as_of).unwrap_or(as_of);
    Ok(Opened { title, as_of, summary })
}

/// A rollout of what was opened.
pub fn rollout_in(name: &str, source: &Source) -> Address {
    Address::from_name(name).with(|view| view.source = source.clone())
}

/// The host that an address asks.
pub fn host(url: &str) -> String {
    let base = location().href().unwrap_or_default();
    Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.host())
}

/// That an address did not answer, and why, if that is known.
pub(crate) fn unanswered(url: &str, why: &str) -> String {
    let why = match why {
        "" => ", or does not let this page read its answers (CORS)".to_owned(),
        why => [": ", why].concat(),
    };
    [&*host(url), " did not answer to the end", &why, "."].concat()
}

pub(crate) fn no_url(what: String) -> Trouble {
    let next = "It was asked without your token and without another site’s cookies. Try again, or download \
                the file and drop it here.";
    failure("This address cannot be read", what, next, String::new())
}

fn failure(title: &str, what: String, next: &str, details: String) -> Trouble {
    Trouble {
        title: title.to_owned(),
        what,
        safe: String::new(),
        next: next.to_owned(),
        details,
        sign_in: false,
    }
}
