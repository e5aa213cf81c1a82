//! What lies behind a job run, as it comes: texts, and what the worker makes of them.

use leptos::prelude::*;
use std::ops::Deref;
use std::sync::Arc;

use crate::api::artifacts::{ObjectText, read_text};
use crate::api::error::{ApiError, Malformed};
use crate::api::http::Request;
use crate::api::storage::Part;
use crate::api::transport::LocalFuture;
use crate::api::transport::Transport;
use crate::api::{build, storage};
use crate::model::address::Address;
use crate::model::build::{Reading, error_message};
use crate::model::explain::{self, Doing, ErrorMessage};
use crate::transport::worker::WorkerClient;
use crate::ui::session::Session;
use crate::workers::files::Call;

/// Something that was asked for: `None` until it has come, or an error has.
pub(crate) type Answer = Option<Result<Fetched<LoadedText>, Fetched<ErrorMessage>>>;

/// A text that came, and what the worker makes of it.
#[derive(Default)]
pub(crate) struct LoadedText {
    pub text: String,
    /// Whether the text is all that there is, and not a part of it.
    pub whole: bool,
    /// Texts about it.
    pub head: Vec<String>,
    /// Elements, packed.
    pub rows: Arc<Vec<String>>,
}

/// A fetched value, compared by identity: fetched again it is another, and comparing all of it would be code for the
/// bundle and work for the browser.
pub(crate) struct Fetched<T>(Arc<T>);

impl<T> Fetched<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Fetched<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Fetched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Reads the artifacts of job runs, and explains errors.
#[derive(Clone)]
pub(crate) struct Artifacts {
    session: Session,
    transports: crate::ui::session::Transports,
}

impl Artifacts {
    pub(crate) fn new(session: Session, address: &Address) -> Self {
        Self { session, transports: session.transports(address) }
    }

    /// What went wrong, for people.
    pub(crate) fn error_message(&self, error: &ApiError, reading: Reading) -> ErrorMessage {
        error_message(error, reading, self.session.signed_in_now())
    }

    /// What went wrong with Cloud Deploy itself, for people.
    pub(crate) fn deploy_error_message(&self, error: &ApiError) -> ErrorMessage {
        explain::error_message(error, Doing::Loading, self.session.signed_in_now())
    }

    /// Reads a text.
    pub(crate) fn read<'a>(
        &'a self,
        request: Request,
        part: Part,
        reading: Reading,
    ) -> LocalFuture<'a, Result<ObjectText, ErrorMessage>> {
        Box::pin(async move {
            let (transport, permission): (&dyn Transport, &str) = match reading {
                Reading::Build => (&*self.transports.builds, build::GET_PERMISSION),
                _ => (&*self.transports.storage, storage::GET_PERMISSION),
            };
            read_text(transport, &request, permission, part)
                .await
                .map_err(|error| self.error_message(&error, reading))
        })
    }

    /// Has the worker make something of texts, in whose answer so many texts come before the elements.
    pub(crate) fn draw<'a>(
        &'a self,
        call: Call,
        texts: Vec<&'a str>,
        head: usize,
        reading: Reading,
    ) -> LocalFuture<'a, Result<LoadedText, ErrorMessage>> {
        Box::pin(async move {
            let drawn = self.worker().call(call.name(), &texts).await;
            let drawn = drawn.and_then(|mut answer| {
                if answer.len() < head {
                    return Err(worker_error(answer));
                }
                let rows = answer.split_off(head);
                Ok(LoadedText { head: answer, rows: rows.into(), ..LoadedText::default() })
            });
            drawn.map_err(|error| self.error_message(&error, reading))
        })
    }

    pub(crate) fn worker(&self) -> &WorkerClient {
        &self.transports.worker
    }
}

/// Reads again, whenever the token has changed, what could not be read for want of one.
pub(crate) fn retry_with_new_token(
    session: Session,
    answers: [Signal<Answer>; 2],
    retry: impl Fn() + 'static,
) {
    session.on_new_token(move || {
        let wants_one =
            |answer: Signal<Answer>| matches!(&*answer.read_untracked(), Some(Err(message)) if message.sign_in);
        if answers.into_iter().any(wants_one) {
            retry();
        }
    });
}

/// What the worker could not read, and where in four texts; or that the page and the worker do not
/// understand each other.
fn worker_error(answer: Vec<String>) -> ApiError {
    match <[String; 4]>::try_from(answer) {
        Ok([line, column, reason, excerpt]) => {
            let number = |text: String| text.parse().unwrap_or(1);
            ApiError::Malformed(Malformed { line: number(line), column: number(column), reason, excerpt })
        }
        Err(_) => ApiError::Part("its answer is none".to_owned()),
    }
}
