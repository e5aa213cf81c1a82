//! What was opened: files that were dropped or picked, texts that were pasted, and addresses.
//!
//! The worker reads them and keeps them; here is what the page knows of them.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::{FileList, Url};

use super::clock;
use super::live::{Var, live};
use super::place::use_address;
use super::session::use_session;
use crate::api::error::ApiError;
use crate::api::fetch::read_url;
use crate::model::address::{Address, Source};
use crate::model::explain::{Doing, Trouble, trouble};
use crate::model::time::{Timestamp, parse, to_rfc3339};
use crate::worker::Call;
use crate::worker::summary::Summary;

/// How far it is with something that is to be opened.
#[derive(Clone, PartialEq)]
pub enum Stage {
    Reading,
    Opened(Arc<Opened>),
    Failed(Trouble),
}

/// What is open.
#[derive(PartialEq)]
pub struct Opened {
    /// A file's name, or what else tells a reader which one it is.
    pub title: String,
    /// As of when what was in progress is shown.
    pub as_of: Timestamp,
    pub summary: Summary,
}

/// What was opened, each by where it came from.
#[derive(Clone, Copy)]
pub struct Files(Var<Vec<(Source, Stage)>>);

impl Files {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(live(Vec::new()))
    }

    /// How far it is with a source; `None` for what nobody opened since the page was loaded.
    pub fn stage(self, source: &Source) -> Option<Stage> {
        stage_in(&self.0.0.read(), source)
    }

    /// What is open now at a place that comes from a file.
    pub fn opened(self, place: &Address) -> Option<Arc<Opened>> {
        match stage_in(&self.0.0.read_untracked(), &place.source()) {
            Some(Stage::Opened(opened)) => Some(opened),
            _ => None,
        }
    }

    fn set(self, source: &Source, stage: Stage) {
        let (stages, set_stages) = self.0;
        let mut stages = stages.get_untracked();
        stages.retain(|(known, _)| known != source);
        stages.push((source.clone(), stage));
        set_stages.set(stages);
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
        Self { title: "Pasted text".to_owned(), as_of: clock::now(), values: vec!["".into(), text.into()] }
    }

    /// Files; `None` when there are none.
    pub fn files(files: Option<FileList>) -> Option<Self> {
        let files = files?;
        let files: Vec<_> = (0..files.length()).filter_map(|at| files.get(at)).collect();
        let title = match &*files {
            [] => return None,
            [file] => file.name(),
            files => format!("{} files", files.len()),
        };
        // What was in progress when a file was written has gone on since, unknown to the file.
        let written = files.iter().map(|file| file.last_modified() as i64).max().unwrap_or_default();
        let as_of = Timestamp::from_millisecond(written).unwrap_or_default().min(clock::now());
        let values = files.into_iter().flat_map(|file| [file.name().into(), file.into()]).collect();
        Some(Self { title, as_of, values })
    }
}

/// Opens files and texts, and goes to what they have. To be called where there is a context, and the
/// result anywhere.
pub fn use_open_file() -> impl Fn(Parts) + Clone + 'static {
    let files = use_session().files;
    let read = use_reader();
    let go = super::place::use_go();
    move |parts: Parts| {
        files.set(&Source::File, Stage::Reading);
        go(&Address::Opened(Source::File));
        let read = read.clone();
        leptos::task::spawn_local(async move { read(Source::File, parts).await });
    }
}

/// Opens an address, again if it is open.
pub fn use_open_url() -> impl Fn(String) + Clone + 'static {
    let files = use_session().files;
    let read = use_reader();
    move |url: String| {
        let source = Source::Url(url.clone());
        files.set(&source, Stage::Reading);
        let read = read.clone();
        leptos::task::spawn_local(async move {
            match read_url(&url).await {
                Ok(reply) if (200..300).contains(&reply.status) => {
                    let parts = Parts { title: url, ..Parts::text(&reply.body) };
                    read(source, parts).await;
                }
                Ok(reply) => {
                    let what = format!("{} answered with status {}.", host(&url), reply.status);
                    files.set(&source, Stage::Failed(no_url(what)));
                }
                Err(ApiError::Network(_)) => {
                    let what = format!(
                        "{} did not answer, or does not let this page read what it answers (CORS).",
                        host(&url)
                    );
                    files.set(&source, Stage::Failed(no_url(what)));
                }
                Err(error) => files.set(&source, Stage::Failed(trouble(&error, Doing::Loading, false))),
            }
        });
    }
}

/// Has the worker read something, and goes on to its rollout when it has only one.
fn use_reader() -> impl AsyncFn(Source, Parts) + Clone + 'static {
    let session = use_session();
    let files = session.files;
    let address = use_address();
    let navigate = use_navigate();
    async move |source: Source, Parts { title, as_of, mut values }: Parts| {
        values.splice(0..0, [source.setting().into(), to_rfc3339(as_of).into()]);
        let answer = session.worker().call_with(Call::Open, values).await;
        let stage = match answer {
            Ok(texts) => match <[String; 1]>::try_from(texts) {
                Ok([sentence]) => Stage::Failed(not_opened(&title, sentence)),
                Err(texts) => {
                    let summary = Summary::from_texts(texts).unwrap_or_default();
                    let as_of = parse(&summary.as_of).unwrap_or(as_of);
                    Stage::Opened(Arc::new(Opened { title, as_of, summary }))
                }
            },
            Err(error) => Stage::Failed(trouble(&error, Doing::Loading, false)),
        };
        let only = match &stage {
            Stage::Opened(opened) if opened.summary.rollouts.len() == 1 => opened.summary.rollouts.first(),
            _ => None,
        };
        let only = only.map(|rollout| rollout_in(&rollout.name, &source));
        files.set(&source, stage);
        if let Some(only) = only
            && *address.read_untracked() == Address::Opened(source)
        {
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate(&only.to_hash(), options);
        }
    }
}

/// A rollout of what was opened.
pub fn rollout_in(name: &str, source: &Source) -> Address {
    Address::from_name(name).with(|view| view.source = source.clone())
}

/// The host that an address asks.
pub fn host(url: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.host())
}

fn not_opened(title: &str, sentence: String) -> Trouble {
    Trouble {
        title: "This cannot be shown".to_owned(),
        what: sentence,
        safe: String::new(),
        next: "Open another file, or paste its text.".to_owned(),
        details: title.to_owned(),
        sign_in: false,
    }
}

fn no_url(what: String) -> Trouble {
    Trouble {
        title: "This address cannot be read".to_owned(),
        what,
        safe: "It was asked without your token and without cookies of another site.".to_owned(),
        next: "Try again, or download the file and drop it here.".to_owned(),
        details: String::new(),
        sign_in: false,
    }
}
