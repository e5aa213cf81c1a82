//! What lies behind a job run: its build, that build's log, and the files that it deployed.

use super::error::ApiError;
use super::http::{Reply, Request};
use super::retry::RetryPolicy;
use super::retry::{accepted, retrying};
use super::storage::Part;
use super::transport::LocalFuture;
use super::transport::Transport;

/// The most of a log that a viewer reads: its end.
pub const LOG_PART: Part = Part::Last(2 << 20);
/// The most of a file, such as a manifest, that a viewer reads: its beginning.
pub(crate) const FILE_PART: Part = Part::First(1 << 20);

/// An object's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectText {
    /// Of a part, only whole lines, unless it has no line break at all. Bytes that are no UTF-8
    /// are U+FFFD.
    pub text: String,
    /// Whether it is all that the object holds.
    pub whole: bool,
}

/// Reads a text, or a part of one, again after passing failures. A refusal names `permission`.
///
/// This is all that a page needs which leaves the reading of what it gets to the worker.
///
/// # Errors
/// [`ApiError`], of the last try.
pub async fn read_text(
    transport: &dyn Transport,
    request: &Request,
    permission: &str,
    part: Part,
) -> Result<ObjectText, ApiError> {
    let range = part.range();
    let reply = retrying(&RetryPolicy::default(), &transport, async || {
        let reply = match range.as_deref() {
            Some(range) => transport.send_range(request, range).await?,
            None => transport.send(request).await?,
        };
        match reply.status {
            // A part of an object that has not one byte.
            416 if range.is_some() => Ok(Reply {
                status: 200,
                body: String::new(),
                ..reply
            }),
            200..=299 if reply.is_stray_page(&request.path_and_query) => {
                Err(ApiError::of_reply(&reply, permission))
            }
            _ => accepted(reply, permission),
        }
    })
    .await?;
    Ok(cut(reply, part))
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
    if if status == 206 {
        text.len() < bytes
    } else {
        text.len() <= bytes
    } {
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
