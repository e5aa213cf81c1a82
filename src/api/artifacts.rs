//! What lies behind a job run: its build, that build's log, and the files that it deployed.

use super::build::{self, Build, build_request};
use super::client::not_json;
use super::error::ApiError;
use super::http::{Reply, Request};
use super::retry::RetryPolicy;
use super::retry::{accepted, retrying};
use super::storage::{
    self, ObjectInfo, ObjectName, ObjectPage, Part, list_request, media_request, metadata_request,
};
use super::transport::LocalFuture;
use super::transport::Transport;
use crate::core::name::{BuildName, GsUri};

/// The most of a log that a viewer reads: its end.
pub const LOG_PART: Part = Part::Last(2 << 20);
/// The most of a file, such as a manifest, that a viewer reads: its beginning.
pub(crate) const FILE_PART: Part = Part::First(1 << 20);

/// Where builds and objects come from: the APIs, the demo.
///
/// All are reads, which a source repeats after passing failures. A refusal names the permission
/// that is missing.
pub trait ArtifactSource {
    /// A Cloud Build build. It needs `cloudbuild.builds.get`.
    fn build<'a>(&'a self, name: &'a BuildName) -> LocalFuture<'a, Result<BuildRecord, ApiError>>;

    /// The content of an object, or a part of it, as text. It needs `storage.objects.get`.
    fn object<'a>(
        &'a self,
        name: &'a ObjectName,
        part: Part,
    ) -> LocalFuture<'a, Result<ObjectText, ApiError>>;

    /// What is known of an object without its content. It needs `storage.objects.get`.
    fn object_info<'a>(&'a self, name: &'a ObjectName) -> LocalFuture<'a, Result<ObjectInfo, ApiError>>;

    /// One page of what is right below a folder; an empty token asks for the first. It needs
    /// `storage.objects.list`.
    fn list<'a>(
        &'a self,
        folder: &'a GsUri,
        page_token: &'a str,
    ) -> LocalFuture<'a, Result<ObjectPage, ApiError>>;
}

/// A build as it came, and the fields that this version knows.
#[derive(Clone, Debug)]
pub struct BuildRecord {
    pub raw: Box<str>,
    pub build: Build,
}

/// An object's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectText {
    /// Of a part, only whole lines, unless it has no line break at all. Bytes that are no UTF-8
    /// are U+FFFD.
    pub text: String,
    /// Whether it is all that the object holds.
    pub whole: bool,
}

/// Reads from Cloud Build and Cloud Storage, each over a transport with its own base address.
pub struct ArtifactClient<B, S> {
    builds: B,
    storage: S,
    retry: RetryPolicy,
}

impl<B: Transport, S: Transport> ArtifactClient<B, S> {
    /// A client with the default [`RetryPolicy`]: `builds` leads to what answers as
    /// `cloudbuild.googleapis.com` does, `storage` to what answers as `storage.googleapis.com`.
    /// The two may share one transport: `&T` and `Rc<T>` are transports too.
    pub fn new(builds: B, storage: S) -> Self {
        Self { builds, storage, retry: RetryPolicy::default() }
    }

    async fn read_storage(
        &self,
        request: &Request,
        permission: &str,
        range: Option<&str>,
    ) -> Result<Reply, ApiError> {
        read(&self.retry, &self.storage, request, permission, range).await
    }
}

/// Reads a text, or a part of one, again after passing failures. A refusal names `permission`.
///
/// This is all that a page needs which leaves the reading of what it gets to the worker.
///
/// # Errors
/// [`ApiError`], of the last try.
pub(crate) async fn read_text(
    transport: &dyn Transport,
    request: &Request,
    permission: &str,
    part: Part,
) -> Result<ObjectText, ApiError> {
    let range = part.range();
    let reply = read(&RetryPolicy::default(), &transport, request, permission, range.as_deref()).await?;
    Ok(cut(reply, part))
}

async fn read(
    retry: &RetryPolicy,
    transport: &impl Transport,
    request: &Request,
    permission: &str,
    range: Option<&str>,
) -> Result<Reply, ApiError> {
    retrying(retry, transport, async || {
        let reply = match range {
            Some(range) => transport.send_range(request, range).await?,
            None => transport.send(request).await?,
        };
        match reply.status {
            // A part of an object that has not one byte.
            416 if range.is_some() => Ok(Reply { status: 200, body: String::new(), ..reply }),
            200..=299 if reply.is_stray_page(&request.path_and_query) => {
                Err(ApiError::of_reply(&reply, permission))
            }
            _ => accepted(reply, permission),
        }
    })
    .await
}

impl<B: Transport, S: Transport> ArtifactSource for ArtifactClient<B, S> {
    fn build<'a>(&'a self, name: &'a BuildName) -> LocalFuture<'a, Result<BuildRecord, ApiError>> {
        Box::pin(async move {
            let request = build_request(name);
            let reply = retrying(&self.retry, &self.builds, async || {
                accepted(self.builds.send(&request).await?, build::GET_PERMISSION)
            })
            .await?;
            match Build::from_json(&reply.body) {
                Ok(build) => Ok(BuildRecord { raw: reply.body.into(), build }),
                Err(error) => Err(not_json(&reply, error)),
            }
        })
    }

    fn object<'a>(
        &'a self,
        name: &'a ObjectName,
        part: Part,
    ) -> LocalFuture<'a, Result<ObjectText, ApiError>> {
        Box::pin(async move {
            let request = media_request(name);
            let range = part.range();
            let reply = self.read_storage(&request, storage::GET_PERMISSION, range.as_deref()).await?;
            Ok(cut(reply, part))
        })
    }

    fn object_info<'a>(&'a self, name: &'a ObjectName) -> LocalFuture<'a, Result<ObjectInfo, ApiError>> {
        Box::pin(async move {
            let reply = self.read_storage(&metadata_request(name), storage::GET_PERMISSION, None).await?;
            ObjectInfo::from_json(&reply.body).map_err(|error| not_json(&reply, error))
        })
    }

    fn list<'a>(
        &'a self,
        folder: &'a GsUri,
        page_token: &'a str,
    ) -> LocalFuture<'a, Result<ObjectPage, ApiError>> {
        Box::pin(async move {
            let request = list_request(folder, page_token);
            let reply = self.read_storage(&request, storage::LIST_PERMISSION, None).await?;
            ObjectPage::from_json(&reply.body).map_err(|error| not_json(&reply, error))
        })
    }
}

/// The part that was asked for, whether the server gave it or the whole, in whole lines.
fn cut(reply: Reply, part: Part) -> ObjectText {
    let (status, mut text) = (reply.status, reply.body);
    let (bytes, from_end) = match part {
        Part::Whole => return ObjectText { text, whole: true },
        Part::First(bytes) => (bytes as usize, false),
        Part::Last(bytes) => (bytes as usize, true),
    };
    // A server that gave less than it was asked for has no more.
    if if status == 206 { text.len() < bytes } else { text.len() <= bytes } {
        return ObjectText { text, whole: true };
    }
    if from_end {
        let mut from = text.len() - bytes.min(text.len());
        while !text.is_char_boundary(from) {
            from += 1;
        }
        // The first line may have lost its beginning.
        let line_end = text[from..].find('\n').map_or(0, |end| end + 1);
        if from + line_end < text.len() {
            from += line_end;
        }
        text.drain(..from);
    } else {
        let mut to = bytes.min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        text.truncate(text[..to].rfind('\n').map_or(to, |end| end + 1));
    }
    ObjectText { text, whole: false }
}

/// Declares what leads to a transport to be one.
macro_rules! transports {
    ($($pointer:ty),+) => { $(
        impl<T: Transport + ?Sized> Transport for $pointer {
            fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
                (**self).send(request)
            }

            fn send_range<'a>(
                &'a self,
                request: &'a Request,
                range: &'a str,
            ) -> LocalFuture<'a, Result<Reply, ApiError>> {
                (**self).send_range(request, range)
            }

            fn sleep(&self, duration: std::time::Duration) -> LocalFuture<'_, ()> {
                (**self).sleep(duration)
            }

            fn random(&self) -> f64 {
                (**self).random()
            }
        }
    )+ };
}
transports!(&T, std::rc::Rc<T>);
