//! The part of the viewer that is loaded only when it is used, and works off the main thread.
//!
//! It is a WebAssembly module of its own (`src/bin/worker.rs`), so that a page which needs none of
//! it loads none of it. A call is a name and texts, and so is its answer: texts cross to a worker
//! and back cheaply. This module is pure; what passes the messages is elsewhere.

pub mod drawn;
mod text;

use crate::api::http::{Method, Reply, Request};
use crate::model::open::{self, Opens, Reading};
use crate::model::time::{Timestamp, parse};
use crate::model::timeline::Window;
use crate::sim::Sim;

/// Answers calls. Keeps what later calls refer to.
#[derive(Default)]
pub struct Worker {
    demo: Option<Sim>,
}

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A request to the demo's simulated Cloud Deploy: when the demo began, the present (both RFC
    /// 3339), the method, the path with its query, and the body (empty for none). The answer is
    /// that of [`reply_to_texts`].
    Demo,
    /// What a text is that a person typed or pasted. The answer is what to say of it, and what
    /// opening it does: nothing for nothing, `json`, or the address that it leads to.
    Understand,
    /// A Cloud Build build: its JSON, the present, and the ends of the time axis (all RFC 3339).
    /// The answer is a [`drawn::DrawnBuild`], or of four texts when it is no build.
    Build,
    /// A build's log: its text, and `1` for a build that failed. The answer is a
    /// [`drawn::DrawnLog`].
    Log,
    /// A YAML text. The answer is of [`drawn::DrawnLine`]s.
    Yaml,
    /// Two texts, the old and the new. The answer is a [`drawn::DrawnDiff`].
    Diff,
    /// A rollout's name, and the JSON of its pipeline's rollouts. The answer is the full name of
    /// the last good rollout before it to the same target, or nothing.
    Previous,
}

impl Call {
    const ALL: [Self; 7] =
        [Self::Demo, Self::Understand, Self::Build, Self::Log, Self::Yaml, Self::Diff, Self::Previous];

    /// The call's name in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Understand => "understand",
            Self::Build => "build",
            Self::Log => "log",
            Self::Yaml => "yaml",
            Self::Diff => "diff",
            Self::Previous => "previous",
        }
    }
}

impl Worker {
    /// Answers a call.
    ///
    /// # Errors
    /// A sentence when there is no such call, or when it lacks something: the page and the worker
    /// are then not of the same build.
    pub fn answer(&mut self, call: &str, texts: &[String]) -> Result<Vec<String>, String> {
        let known = Call::ALL.into_iter().find(|known| known.name() == call);
        match (known, texts) {
            (Some(Call::Demo), [epoch, now, method, path_and_query, body]) => {
                let request = Request {
                    method: if method == "POST" { Method::Post } else { Method::Get },
                    path_and_query: path_and_query.clone(),
                    body: (!body.is_empty()).then(|| body.clone()),
                };
                Ok(reply_to_texts(self.demo(time(epoch)?, time(now)?, &request)))
            }
            (Some(Call::Understand), [text]) => {
                let Reading { said, opens } = open::read(text);
                let opens = match opens {
                    Opens::Nothing => String::new(),
                    Opens::Json => "json".to_owned(),
                    Opens::Place(place) => place.to_hash(),
                };
                Ok(vec![said, opens])
            }
            (Some(Call::Build), [json, now, from, to]) => {
                Ok(text::build(json, time(now)?, Window { from: time(from)?, to: time(to)? }))
            }
            (Some(Call::Log), [log, failed]) => Ok(text::log(log, !failed.is_empty())),
            (Some(Call::Yaml), [yaml]) => Ok(text::yaml(yaml)),
            (Some(Call::Diff), [old, new]) => Ok(text::diff(old, new)),
            (Some(Call::Previous), [current, rollouts @ ..]) => Ok(text::previous(current, rollouts)),
            (Some(call), texts) => Err(format!("{} does not take {} texts", call.name(), texts.len())),
            (None, _) => Err(format!("no call is named {call}")),
        }
    }

    fn demo(&mut self, epoch: Timestamp, now: Timestamp, request: &Request) -> Reply {
        self.demo.get_or_insert_with(|| Sim::demo(epoch)).handle(now, request)
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    parse(text).map_err(|_| format!("{text} is no time"))
}

/// A reply as texts: status, content type and body.
pub fn reply_to_texts(reply: Reply) -> Vec<String> {
    vec![reply.status.to_string(), reply.content_type, reply.body]
}

/// Reads what [`reply_to_texts`] wrote; `None` when it is something else.
pub fn reply_from_texts(texts: Vec<String>) -> Option<Reply> {
    let [status, content_type, body] = texts.try_into().ok()?;
    Some(Reply { status: status.parse().ok()?, retry_after: None, content_type, body })
}
