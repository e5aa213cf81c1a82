//! Fields of what is listed, as filters and orders name them.

use super::job_run;
use super::json::Json;
use crate::core::time::{self, Timestamp};

/// A kind of resource that is listed.
#[derive(Debug)]
pub(crate) struct ResourceKind {
    /// For people.
    pub plural: &'static str,
    /// Its fields in the discovery document, but for those of `variants`.
    fields: &'static [&'static str],
    /// The fields of its union.
    variants: &'static [&'static str],
}

pub(crate) const JOB_RUN: ResourceKind = ResourceKind {
    plural: "job runs",
    fields: &[
        "name",
        "uid",
        "phaseId",
        "jobId",
        "createTime",
        "startTime",
        "endTime",
        "state",
        "etag",
    ],
    variants: &job_run::VARIANTS,
};

pub(crate) const ROLLOUT: ResourceKind = ResourceKind {
    plural: "rollouts",
    fields: &[
        "name",
        "uid",
        "targetId",
        "description",
        "labels",
        "annotations",
        "createTime",
        "approveTime",
        "enqueueTime",
        "deployStartTime",
        "deployEndTime",
        "state",
        "approvalState",
        "deployFailureCause",
        "failureReason",
        "deployingBuild",
        "etag",
        "phases",
        "metadata",
        "controllerRollout",
    ],
    variants: &[],
};

pub(crate) const RELEASE: ResourceKind = ResourceKind {
    plural: "releases",
    fields: &[
        "name",
        "uid",
        "description",
        "labels",
        "annotations",
        "createTime",
        "renderStartTime",
        "renderEndTime",
        "renderState",
        "abandoned",
    ],
    variants: &[],
};

pub(crate) const PIPELINE: ResourceKind = ResourceKind {
    plural: "delivery pipelines",
    fields: &[
        "name",
        "uid",
        "description",
        "labels",
        "annotations",
        "createTime",
        "updateTime",
        "suspended",
        "serialPipeline",
    ],
    variants: &[],
};

pub(crate) const TARGET: ResourceKind = ResourceKind {
    plural: "targets",
    fields: &[
        "name",
        "targetId",
        "uid",
        "description",
        "labels",
        "annotations",
        "createTime",
        "updateTime",
        "requireApproval",
        "gke",
        "anthosCluster",
        "run",
        "multiTarget",
        "customTarget",
    ],
    variants: &[],
};

pub(crate) const LOCATION: ResourceKind = ResourceKind {
    plural: "locations",
    fields: &["name", "locationId", "displayName", "labels"],
    variants: &[],
};

/// A field by its path, `deployJobRun.failureCause` for one.
#[derive(Debug)]
pub(crate) struct Field(Vec<String>);

impl Field {
    /// Reads a path whose first part is a field of the kind. What follows is not checked, since
    /// it may be a map's key. Google's own callers write PascalCase besides camelCase, and proto
    /// names are snake_case, so case and `_` do not count.
    pub(crate) fn parse(kind: &ResourceKind, text: &str) -> Option<Self> {
        let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        if parts.iter().any(String::is_empty) {
            return None;
        }
        parts[0] = kind
            .fields
            .iter()
            .chain(kind.variants)
            .find(|known| same(known, &parts[0]))?
            .to_string();
        Some(Self(parts))
    }

    /// Whether the field is a time.
    pub(crate) fn is_time(&self) -> bool {
        self.0[0].ends_with("Time")
    }

    /// What a run has at the path: several values where it leads through a list.
    pub(crate) fn find(&self, run: &Json) -> Vec<Json> {
        let mut found = vec![run];
        for part in &self.0 {
            let mut next = Vec::new();
            for value in found {
                step(value, part, &mut next);
            }
            found = next;
        }
        if !found.is_empty() {
            return found.into_iter().cloned().collect();
        }
        // JSON leaves out a default.
        match self.0.as_slice() {
            [field]
                if matches!(
                    field.as_str(),
                    "abandoned" | "suspended" | "requireApproval"
                ) =>
            {
                vec![Json::Scalar("false".into())]
            }
            [field] if field == "state" => vec![Json::String("STATE_UNSPECIFIED".into())],
            [.., variant, last]
                if same(last, "failureCause")
                    && matches!(run, Json::Object(fields) if fields.contains_key(variant)) =>
            {
                vec![Json::String("FAILURE_CAUSE_UNSPECIFIED".into())]
            }
            _ => Vec::new(),
        }
    }

    /// What to order by: times as instants, all else as text; what is absent comes first.
    pub(crate) fn key(&self, run: &Json) -> (Option<Timestamp>, String) {
        let text = self.find(run).first().map(text).unwrap_or_default();
        match self.is_time() {
            true => (time::parse(&text).ok(), String::new()),
            false => (None, text),
        }
    }
}

fn step<'a>(value: &'a Json, part: &str, next: &mut Vec<&'a Json>) {
    match value {
        Json::Object(members) => {
            next.extend(
                members
                    .iter()
                    .filter(|(name, _)| same(name, part))
                    .map(|(_, value)| value),
            );
        }
        Json::Array(items) => items.iter().for_each(|item| {
            if matches!(item, Json::Object(_)) {
                step(item, part, next);
            }
        }),
        _ => {}
    }
}

/// Whether two spellings name the same field.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let letters = |text: &str| {
        text.bytes()
            .filter(|byte| *byte != b'_')
            .map(|byte| byte.to_ascii_lowercase())
            .collect::<Vec<u8>>()
    };
    letters(a) == letters(b)
}

/// A scalar as text.
pub(crate) fn text(value: &Json) -> String {
    match value {
        Json::Scalar(text) if text == "null" => String::new(),
        Json::String(text) | Json::Scalar(text) => text.clone(),
        Json::Array(_) | Json::Object(_) => String::new(),
    }
}
