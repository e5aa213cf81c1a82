//! Objects of Cloud Storage: their names, the requests that read them, and where a build's log is.
//!
//! Only the JSON API is used (discovery document of `storage:v1`, revision 20261009), below its
//! own base address, `storage.googleapis.com`: it answers a page of any origin, while the XML API
//! follows the CORS configuration of each bucket.

use std::fmt;
use std::str::FromStr;

use super::build::{Build, Logging};
use super::http::{Method, Request, percent_encode};
use crate::core::name::{GsUri, NameError};

/// The IAM permission that [`media_request`] needs. Without `storage.objects.list` besides, an object
/// that does not exist is refused like one that one may not read.
pub const GET_PERMISSION: &str = "storage.objects.get";

/// The name of one object: neither of a bucket nor, as far as a name can tell, of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectName {
    bucket: String,
    object: String,
}

/// Why a text names no object that may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectNameError {
    /// The text is no `gs://` address.
    NotGs(NameError),
    /// There is a bucket, and no object in it.
    NoObject,
    /// A relative path has a `..`, so that it may lead out of its folder.
    LeadsOut,
    /// No object has such a name: it is `.`, `..`, longer than 1024 bytes, or has a line break
    /// (Cloud Storage's naming requirements).
    Impossible,
}

impl fmt::Display for ObjectNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotGs(error) => error.fmt(f),
            Self::NoObject => f.write_str("the address names a bucket and no object in it"),
            Self::LeadsOut => f.write_str("the path has “..”, which may lead out of its folder"),
            Self::Impossible => f.write_str("Cloud Storage has no object of such a name"),
        }
    }
}

impl std::error::Error for ObjectNameError {}

impl ObjectName {
    fn new(bucket: &str, object: &str) -> Result<Self, ObjectNameError> {
        // A browser would take these names for steps in the address's path, even when encoded.
        let steps = |text: &str| matches!(text, "." | "..");
        if object.is_empty() {
            Err(ObjectNameError::NoObject)
        } else if steps(bucket)
            || steps(object)
            || object.len() > 1024
            || object.contains(['\n', '\r'])
        {
            Err(ObjectNameError::Impossible)
        } else {
            Ok(Self {
                bucket: bucket.to_owned(),
                object: object.to_owned(),
            })
        }
    }

    /// The object at `path` relative to `folder`, a `gs://` address such as a job run's
    /// `artifactUri`. Either may bring slashes or none; empty and `.` parts of the path do not
    /// count.
    ///
    /// # Errors
    /// [`ObjectNameError`]; a path with `..` is refused, since no job run writes one.
    pub fn join(folder: &str, path: &str) -> Result<Self, ObjectNameError> {
        let folder: GsUri = folder.parse().map_err(ObjectNameError::NotGs)?;
        let parts: Vec<&str> = path
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        if parts.contains(&"..") {
            return Err(ObjectNameError::LeadsOut);
        }
        if parts.is_empty() {
            return Err(ObjectNameError::NoObject);
        }
        let joined = folder.join(&parts.join("/"));
        Self::new(&joined.bucket, joined.object.as_deref().unwrap_or(""))
    }

    /// The bucket.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The object's name in its bucket, with its slashes.
    pub fn object(&self) -> &str {
        &self.object
    }

    /// The last part of the name.
    pub fn file(&self) -> &str {
        self.object.rsplit('/').next().unwrap_or(&self.object)
    }

    /// The address, for a link.
    pub fn uri(&self) -> GsUri {
        GsUri {
            bucket: self.bucket.clone(),
            object: Some(self.object.clone()),
        }
    }
}

impl TryFrom<&GsUri> for ObjectName {
    type Error = ObjectNameError;

    fn try_from(uri: &GsUri) -> Result<Self, ObjectNameError> {
        Self::new(&uri.bucket, uri.object.as_deref().unwrap_or(""))
    }
}

impl FromStr for ObjectName {
    type Err = ObjectNameError;

    fn from_str(text: &str) -> Result<Self, ObjectNameError> {
        Self::try_from(&text.parse::<GsUri>().map_err(ObjectNameError::NotGs)?)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gs://{}/{}", self.bucket, self.object)
    }
}

/// Which bytes of an object are asked for. The numbers are of bytes, and more than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// At most so many from its beginning.
    First(u32),
    /// At most so many to its end.
    Last(u32),
}

impl Part {
    /// The value of the Range header (RFC 9110, section 14.1.2); `None` for the whole.
    pub fn range(self) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::First(bytes) => Some(format!("bytes=0-{}", bytes.saturating_sub(1))),
            Self::Last(bytes) => Some(format!("bytes=-{bytes}")),
        }
    }
}

/// An object's path in the JSON API: its name is one segment, slashes and all.
fn object_path(name: &ObjectName) -> String {
    [
        "/storage/v1/b/",
        &percent_encode(&name.bucket),
        "/o/",
        &percent_encode(&name.object),
    ]
    .concat()
}

/// `GET /storage/v1/b/{bucket}/o/{object}?alt=media`: an object's content.
pub fn media_request(name: &ObjectName) -> Request {
    Request {
        method: Method::Get,
        path_and_query: object_path(name) + "?alt=media",
        body: None,
    }
}

/// Why a build has no log in Cloud Storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLog {
    /// It is in Cloud Logging alone.
    CloudLoggingOnly,
    /// The build was told to write none.
    LoggedNowhere,
    /// The log is written when the build is over, which it is not.
    NotYet,
    /// The build has not begun.
    NotBegun,
    /// The build names no bucket.
    NoBucket,
    /// The build names a bucket or an id from which no object's name can be made.
    Unreadable(ObjectNameError),
}

impl NoLog {
    /// Why, and where else the log is, in one or two sentences.
    pub fn sentence(&self) -> String {
        match self {
            Self::CloudLoggingOnly => {
                "The build's log is in Cloud Logging only (logging: CLOUD_LOGGING_ONLY), \
                 which this viewer does not read. Open the build in the Cloud console."
                    .into()
            }
            Self::LoggedNowhere => {
                "The build was told to write no log (logging: NONE), so there is none.".into()
            }
            Self::NotYet => {
                "The build writes its log when it is over (logStreamingOption: STREAM_OFF).".into()
            }
            Self::NotBegun => "The build waits to begin; its log begins with it.".into(),
            Self::NoBucket => {
                "The build names no bucket for its log. Open the build in the Cloud console.".into()
            }
            Self::Unreadable(error) => {
                format!(
                    "Where the build's log lies could not be told: {error}. Open the build in the Cloud console."
                )
            }
        }
    }
}

/// The object that a build's log is in: `log-{id}.txt` in the bucket or folder that `logsBucket`
/// names (discovery document).
///
/// # Errors
/// [`NoLog`] when there is none. That there is a name does not mean that there is an object: a
/// build that failed before its first step may have written none.
pub fn log_object(build: &Build) -> Result<ObjectName, NoLog> {
    use super::build::Status;

    let options = build.options.as_ref();
    match options.map(|options| &options.logging) {
        Some(Logging::CloudLoggingOnly | Logging::StackdriverOnly) => {
            return Err(NoLog::CloudLoggingOnly);
        }
        Some(Logging::None) => return Err(NoLog::LoggedNowhere),
        _ => {}
    }
    if matches!(build.status, Status::Pending | Status::Queued) {
        return Err(NoLog::NotBegun);
    }
    if build.is_live()
        && options.is_some_and(|options| options.log_streaming_option == "STREAM_OFF")
    {
        return Err(NoLog::NotYet);
    }
    if build.logs_bucket.is_empty() {
        return Err(NoLog::NoBucket);
    }
    // Builds are also made with the bare name of a bucket.
    let bucket = build
        .logs_bucket
        .strip_prefix("gs://")
        .unwrap_or(&build.logs_bucket);
    let id = match build.id.as_str() {
        "" => build.name.rsplit('/').next().unwrap_or(""),
        id => id,
    };
    let file = format!("log-{}.txt", id.replace('/', ""));
    ObjectName::join(&["gs://", bucket].concat(), &file).map_err(NoLog::Unreadable)
}
