//! Reads what lies behind a job run: its builds, their logs, and its files.

use std::ops::Deref;
use std::sync::Arc;

use crate::api::artifacts::{ObjectText, read_text};
use crate::api::error::ApiError;
use crate::api::http::Request;
use crate::api::storage::Part;
use crate::api::transport::Transport;
use crate::api::{build, storage};
use crate::model::address::Address;
use crate::model::build::{Reading, error_message};
use crate::model::explain::{self, Doing, ErrorMessage};
use crate::ui::session::{Session, Transports};
use crate::workers::files::client::FilesClient;
use crate::workers::log::client::BuildLogClient;

/// Something that was requested: `None` until it has come, or an error has.
pub(crate) type Answer<T> = Option<Result<Fetched<T>, Fetched<ErrorMessage>>>;

/// Makes an [`Answer`] that has come.
pub(crate) fn answer<T>(result: Result<T, ErrorMessage>) -> Answer<T> {
    Some(result.map(Fetched::new).map_err(Fetched::new))
}

/// A fetched value, compared by identity: fetched again it is another, and comparing all of it would be work for the
/// browser.
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
    transports: Transports,
}

impl Artifacts {
    pub(crate) fn new(session: Session, address: &Address) -> Self {
        Self {
            session,
            transports: session.transports(address),
        }
    }

    /// What went wrong, for the user.
    pub(crate) fn error_message(&self, error: &ApiError, reading: Reading) -> ErrorMessage {
        error_message(error, reading, self.session.signed_in_now())
    }

    /// What went wrong with Cloud Deploy itself, for the user.
    pub(crate) fn deploy_error_message(&self, error: &ApiError) -> ErrorMessage {
        explain::error_message(error, Doing::Loading, self.session.signed_in_now())
    }

    /// Reads a text.
    ///
    /// # Errors
    /// An explanation of the last try's error.
    pub(crate) async fn read(
        &self,
        request: Request,
        part: Part,
        reading: Reading,
    ) -> Result<ObjectText, ErrorMessage> {
        let (transport, permission): (&dyn Transport, &str) = match reading {
            Reading::Build => (&*self.transports.builds, build::GET_PERMISSION),
            _ => (&*self.transports.storage, storage::GET_PERMISSION),
        };
        let read = read_text(transport, &request, permission, part).await;
        read.map_err(|error| self.error_message(&error, reading))
    }

    /// The worker that reads builds' logs.
    pub(crate) fn build_logs(&self) -> &BuildLogClient {
        &self.transports.build_logs
    }

    /// The worker that reads what came.
    pub(crate) fn worker(&self) -> &FilesClient {
        &self.transports.worker
    }
}

/// Whether something could not be read for want of a token.
pub(crate) fn wants_token<T>(answer: &Answer<T>) -> bool {
    matches!(answer, Some(Err(message)) if message.sign_in)
}
