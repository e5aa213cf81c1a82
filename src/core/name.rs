//! Resource names, typed: parsed from the API's text and printed back to the same text.
//!
//! Patterns come from the discovery document: every segment is one or more characters other than
//! `/`. Ids are not checked further, since the server decides what it accepts.

use std::fmt;
use std::str::FromStr;

/// Why a text is not the name that was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    text: String,
    pattern: &'static str,
    reason: String,
}

impl NameError {
    fn new(text: &str, pattern: &'static str, reason: impl Into<String>) -> Self {
        Self {
            text: text.to_owned(),
            pattern,
            reason: reason.into(),
        }
    }

    /// The text that was refused.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; expected {}", self.reason, self.pattern)
    }
}

impl std::error::Error for NameError {}

/// The ids of `text` where `pattern` has `*`, or what does not fit.
fn ids<'a, const N: usize>(
    text: &'a str,
    pattern: &'static str,
) -> Result<[&'a str; N], NameError> {
    let mut ids = [""; N];
    let mut next = ids.iter_mut();
    let mut parts = text.split('/');
    for expected in pattern.split('/') {
        let found = match parts.next() {
            Some(found) if !found.is_empty() => found,
            Some(_) => return Err(NameError::new(text, pattern, "the name has an empty part")),
            None => {
                let missing = if expected == "*" { "an id" } else { expected };
                return Err(NameError::new(
                    text,
                    pattern,
                    format!("the name ends before {missing}"),
                ));
            }
        };
        if expected == "*" {
            *next.next().expect("the pattern has as many * as ids") = found;
        } else if found != expected {
            return Err(NameError::new(
                text,
                pattern,
                format!("found “{found}” where “{expected}” should be"),
            ));
        }
    }
    match parts.next() {
        Some(extra) => Err(NameError::new(
            text,
            pattern,
            format!("the name goes on with “/{extra}”"),
        )),
        None => Ok(ids),
    }
}

macro_rules! name {
    (
        $(#[$meta:meta])*
        $name:ident = $pattern:literal { $( $(#[$fmeta:meta])* $field:ident, )+ } print $print:literal
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            $( $(#[$fmeta])* pub $field: String, )+
        }

        impl $name {
            /// The form of the name, with `*` for an id.
            pub const PATTERN: &'static str = $pattern;
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let [$( $field, )+] = ids(text, Self::PATTERN)?;
                Ok(Self { $( $field: $field.to_owned(), )+ })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Self { $( $field, )+ } = self;
                write!(f, $print)
            }
        }
    };
}

name! {
    /// A location of a project: a region.
    LocationName = "projects/*/locations/*" {
        /// The project's id or number; the API mixes the two.
        project,
        location,
    } print "projects/{project}/locations/{location}"
}

impl LocationName {
    /// The name of a delivery pipeline in this location.
    pub fn delivery_pipeline(&self, id: &str) -> DeliveryPipelineName {
        let Self { project, location } = self.clone();
        DeliveryPipelineName {
            project,
            location,
            delivery_pipeline: id.to_owned(),
        }
    }

    /// The name of a target in this location.
    pub fn target(&self, id: &str) -> TargetName {
        let Self { project, location } = self.clone();
        TargetName {
            project,
            location,
            target: id.to_owned(),
        }
    }
}

name! {
    /// A delivery pipeline.
    DeliveryPipelineName = "projects/*/locations/*/deliveryPipelines/*" {
        /// The project's id or number; the API mixes the two.
        project,
        location,
        delivery_pipeline,
    } print "projects/{project}/locations/{location}/deliveryPipelines/{delivery_pipeline}"
}

impl DeliveryPipelineName {
    /// The location that the pipeline is in.
    pub fn location_name(&self) -> LocationName {
        LocationName {
            project: self.project.clone(),
            location: self.location.clone(),
        }
    }

    /// The name of one of the pipeline's releases. As the parent of a list of rollouts, `-` stands
    /// for all of them: gcloud asks so.
    pub fn release(&self, id: &str) -> ReleaseName {
        let Self {
            project,
            location,
            delivery_pipeline,
        } = self.clone();
        ReleaseName {
            project,
            location,
            delivery_pipeline,
            release: id.to_owned(),
        }
    }
}

name! {
    /// A release of a delivery pipeline.
    ReleaseName = "projects/*/locations/*/deliveryPipelines/*/releases/*" {
        /// The project's id or number; the API mixes the two.
        project,
        location,
        delivery_pipeline,
        release,
    } print "projects/{project}/locations/{location}/deliveryPipelines/{delivery_pipeline}/releases/{release}"
}

impl ReleaseName {
    /// The pipeline that the release goes through.
    pub fn delivery_pipeline_name(&self) -> DeliveryPipelineName {
        let Self {
            project,
            location,
            delivery_pipeline,
            ..
        } = self.clone();
        DeliveryPipelineName {
            project,
            location,
            delivery_pipeline,
        }
    }
}

name! {
    /// A target, which pipelines deploy to.
    TargetName = "projects/*/locations/*/targets/*" {
        /// The project's id or number; the API mixes the two.
        project,
        location,
        target,
    } print "projects/{project}/locations/{location}/targets/{target}"
}

name! {
    /// A rollout: one deployment of a release to a target.
    RolloutName = "projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*" {
        /// The project's id or number; the API mixes the two.
        project,
        location,
        delivery_pipeline,
        release,
        rollout,
    } print "projects/{project}/locations/{location}/deliveryPipelines/{delivery_pipeline}/releases/{release}/rollouts/{rollout}"
}

impl RolloutName {
    /// Whether both name the same rollout of the same project. The API writes the project's id in
    /// some fields and its number in others, so the project is left out of the comparison.
    pub fn same_but_project(&self, other: &Self) -> bool {
        (
            &self.location,
            &self.delivery_pipeline,
            &self.release,
            &self.rollout,
        ) == (
            &other.location,
            &other.delivery_pipeline,
            &other.release,
            &other.rollout,
        )
    }

    /// The release that is rolled out.
    pub fn release_name(&self) -> ReleaseName {
        let Self {
            project,
            location,
            delivery_pipeline,
            release,
            ..
        } = self.clone();
        ReleaseName {
            project,
            location,
            delivery_pipeline,
            release,
        }
    }

    /// The name of one of the rollout's job runs.
    pub fn job_run(&self, id: &str) -> JobRunName {
        JobRunName {
            rollout: self.clone(),
            job_run: id.to_owned(),
        }
    }
}

/// A job run: one evaluation of a rollout's job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobRunName {
    pub rollout: RolloutName,
    /// The last part of the name, a UUID.
    pub job_run: String,
}

impl JobRunName {
    /// The form of the name, with `*` for an id.
    pub const PATTERN: &'static str =
        "projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*/jobRuns/*";
}

impl FromStr for JobRunName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let [
            project,
            location,
            delivery_pipeline,
            release,
            rollout,
            job_run,
        ] = ids(text, Self::PATTERN)?.map(str::to_owned);
        Ok(Self {
            rollout: RolloutName {
                project,
                location,
                delivery_pipeline,
                release,
                rollout,
            },
            job_run,
        })
    }
}

impl fmt::Display for JobRunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/jobRuns/{}", self.rollout, self.job_run)
    }
}

name! {
    /// A Cloud Build build in a region.
    RegionalBuildName = "projects/*/locations/*/builds/*" {
        project,
        location,
        build,
    } print "projects/{project}/locations/{location}/builds/{build}"
}

name! {
    /// A Cloud Build build with no region, as older builds are named.
    GlobalBuildName = "projects/*/builds/*" {
        project,
        build,
    } print "projects/{project}/builds/{build}"
}

/// A Cloud Build build, in either of its two forms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BuildName {
    Regional(RegionalBuildName),
    Global(GlobalBuildName),
}

impl BuildName {
    /// The build's id, a UUID.
    pub fn id(&self) -> &str {
        match self {
            Self::Regional(name) => &name.build,
            Self::Global(name) => &name.build,
        }
    }
}

impl FromStr for BuildName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.parse() {
            Ok(name) => Ok(Self::Global(name)),
            Err(_) => text.parse().map(Self::Regional),
        }
    }
}

impl fmt::Display for BuildName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Regional(name) => name.fmt(f),
            Self::Global(name) => name.fmt(f),
        }
    }
}

name! {
    /// A Cloud Run service.
    ServiceName = "projects/*/locations/*/services/*" {
        project,
        location,
        service,
    } print "projects/{project}/locations/{location}/services/{service}"
}

/// A `gs://bucket/object` address in Cloud Storage.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GsUri {
    pub bucket: String,
    /// What follows the bucket and its `/`, as it came: a folder may end in `/` or not.
    /// `None` is a bucket with no `/` after it.
    pub object: Option<String>,
}

impl GsUri {
    /// The form of the address.
    pub(crate) const PATTERN: &'static str = "gs://bucket/path";

    /// The address of `path` relative to this folder, whether or not either brings a `/`.
    pub fn join(&self, path: &str) -> Self {
        let folder = self.object.as_deref().unwrap_or("").trim_end_matches('/');
        let path = path.trim_start_matches('/');
        let object = if folder.is_empty() {
            path.to_owned()
        } else {
            format!("{folder}/{path}")
        };
        Self {
            bucket: self.bucket.clone(),
            object: Some(object),
        }
    }
}

impl FromStr for GsUri {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let rest = text.strip_prefix("gs://").ok_or_else(|| {
            NameError::new(text, Self::PATTERN, "the address does not start with gs://")
        })?;
        let (bucket, object) = match rest.split_once('/') {
            Some((bucket, object)) => (bucket, Some(object.to_owned())),
            None => (rest, None),
        };
        if bucket.is_empty() {
            return Err(NameError::new(
                text,
                Self::PATTERN,
                "the address has no bucket",
            ));
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            object,
        })
    }
}

impl fmt::Display for GsUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gs://{}", self.bucket)?;
        match &self.object {
            Some(object) => write!(f, "/{object}"),
            None => Ok(()),
        }
    }
}
