//! What the panel of a run says beyond its state and times: sections of labelled values, which
//! the user interface draws all alike.

use super::{Lifecycle, Run};
use crate::api::job_run::{
    AlertPolicyCheckStatus, AnalysisJobRun, ChildRolloutJobRun, CloudRunMetadata, ContainerTask,
    CustomCheckStatus, CustomMetadata, DeployJobRun, VerifyJobRun,
};
use crate::api::message::StringMap;
use crate::core::name::{BuildName, GsUri, RolloutName};
use crate::model::address::Address;
use crate::model::address::links;

/// A titled part of the panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Empty for the last part, which belongs to every run.
    pub title: String,
    /// Whether the section tells of a failure.
    pub failed: bool,
    pub facts: Vec<Fact>,
    /// A sentence below the facts; empty for none.
    pub note: String,
}

/// A label and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub label: String,
    pub values: Vec<Value>,
}

/// A text, and where it leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    pub text: String,
    pub to: Option<Target>,
}

/// Where a value leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Out of the viewer: an address from [`links`].
    Outside(String),
    /// To another address in the viewer.
    Inside(Box<Address>),
}

impl Section {
    fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// Adds a text, unless it is empty.
    fn text(&mut self, label: &str, text: &str) {
        self.linked(label, text, None);
    }

    /// Adds a text that leads out of the viewer, unless it is empty.
    fn linked(&mut self, label: &str, text: &str, link: Option<String>) {
        if !text.is_empty() {
            self.values(
                label,
                vec![Value {
                    text: text.to_owned(),
                    to: link.map(Target::Outside),
                }],
            );
        }
    }

    /// Adds several texts under one label, unless there are none.
    fn texts(&mut self, label: &str, texts: &[String]) {
        self.values(
            label,
            texts
                .iter()
                .map(|text| Value {
                    text: text.clone(),
                    to: None,
                })
                .collect(),
        );
    }

    fn values(&mut self, label: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.facts.push(Fact {
                label: label.to_owned(),
                values,
            });
        }
    }
}

/// The sections of a run, in the order of what a reader asks: what it did, then what it is.
///
/// `page` is the rollout that the page shows. Names in it have the project's id, which people
/// know; the API may write the project's number. `console` tells whether the Cloud console has
/// what the links show: it knows nothing of the demo.
pub fn sections(run: &Run, page: &RolloutName, console: bool) -> Vec<Section> {
    let json = &run.json;
    let mut sections = Vec::new();
    if let Some(deploy) = &json.deploy_job_run {
        self::deploy(&mut sections, deploy);
    }
    if let Some(verify) = &json.verify_job_run {
        sections.push(self::verify(verify, run.lifecycle() == Lifecycle::Final));
    }
    let children = [
        ("Creates", &json.create_child_rollout_job_run),
        ("Advances", &json.advance_child_rollout_job_run),
    ];
    for (verb, child) in children {
        if let Some(child) = child {
            sections.push(self::child(verb, child, page, console));
        }
    }
    if let Some(analysis) = &json.analysis_job_run {
        self::analysis(&mut sections, analysis);
    }
    let hooks = [
        json.verify_job_run
            .as_ref()
            .and_then(|v| v.metadata.as_ref()),
        json.predeploy_job_run
            .as_ref()
            .and_then(|v| v.metadata.as_ref()),
        json.postdeploy_job_run
            .as_ref()
            .and_then(|v| v.metadata.as_ref()),
    ];
    for hook in hooks.into_iter().flatten() {
        custom(&mut sections, "Custom metadata", hook.custom.as_ref());
    }
    let mut identity = Section::default();
    let build = run.build().unwrap_or_default();
    identity.linked("Cloud Build", build, build_link(build));
    identity.text("Name", &json.name);
    identity.text("UID", &json.uid);
    identity.text("ETag", &json.etag);
    sections.push(identity);
    if !console {
        // The demo's resources are nowhere but in this page.
        let values = sections
            .iter_mut()
            .flat_map(|section| &mut section.facts)
            .flat_map(|fact| &mut fact.values);
        for value in values {
            value.to.take_if(|to| matches!(to, Target::Outside(_)));
        }
    }
    sections
}

/// A build of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunBuild {
    /// The check of an analysis that it is of.
    pub check: Option<String>,
    pub name: BuildName,
}

/// The builds that carried a run out, or its checks; those whose names can be read.
pub fn builds(run: &Run) -> Vec<RunBuild> {
    let own = run.build().map(|build| (None, build));
    let analysis = run.json.analysis_job_run.iter();
    let checks = analysis
        .flat_map(|analysis| &analysis.custom_check_analyses)
        .map(|check| (Some(check.id.clone()), check.latest_build.as_str()));
    own.into_iter()
        .chain(checks)
        .filter_map(|(check, name)| {
            Some(RunBuild {
                check,
                name: name.parse().ok()?,
            })
        })
        .collect()
}

/// Where a run's manifests lie; `None` for a run that has none. The page shows the
/// manifests themselves.
pub fn artifact(run: &Run, console: bool) -> Option<Section> {
    let artifact = run.json.deploy_job_run.as_ref()?.artifact.as_ref()?;
    let mut section = Section::new("Deployed artifacts");
    let folder = artifact
        .artifact_uri
        .parse::<GsUri>()
        .ok()
        .filter(|_| console);
    section.linked(
        "Folder",
        &artifact.artifact_uri,
        folder.as_ref().map(links::folder),
    );
    if artifact.manifest_paths.is_empty() {
        section.note = "The run lists no manifest.".into();
    }
    Some(section)
}

fn build_link(build: &str) -> Option<String> {
    build
        .parse::<BuildName>()
        .ok()
        .map(|name| links::build(&name))
}

fn deploy(sections: &mut Vec<Section>, deploy: &DeployJobRun) {
    let metadata = deploy.metadata.as_ref();
    if let Some(target) = metadata.and_then(|m| m.custom_target.as_ref()) {
        let mut section = Section::new("Custom target");
        section.text("Skipped", &target.skip_message);
        sections.push(section);
    }
    if let Some(cloud_run) = metadata.and_then(|m| m.cloud_run.as_ref()) {
        sections.push(self::cloud_run(cloud_run));
    }
    custom(
        sections,
        "Custom metadata",
        metadata.and_then(|m| m.custom.as_ref()),
    );
}

fn cloud_run(cloud_run: &CloudRunMetadata) -> Section {
    let mut section = Section::new("Cloud Run");
    let service = cloud_run
        .service
        .parse()
        .ok()
        .map(|name| links::service(&name));
    section.linked("Service", &cloud_run.service, service);
    let urls = cloud_run.service_urls.iter().map(|url| Value {
        text: url.clone(),
        to: links::service_url(url).map(Target::Outside),
    });
    section.values("URL", urls.collect());
    section.text("Revision", &cloud_run.revision);
    section.text("Before it", &cloud_run.previous_revision);
    section.text("Job", &cloud_run.job);
    section.text("Worker pool", &cloud_run.worker_pool);
    section
}

fn verify(verify: &VerifyJobRun, is_over: bool) -> Section {
    let mut section = Section::new("Verification");
    let folder: Option<GsUri> = verify.artifact_uri.parse().ok();
    if verify.event_log_path.is_empty() {
        section.note = match is_over {
            true => "No event log is named: the verification wrote none.",
            false => {
                "No event log is named: it is there once the verification has begun to write one."
            }
        }
        .into();
    } else {
        let log = folder
            .as_ref()
            .map(|folder| links::object(&folder.join(&verify.event_log_path)));
        section.linked("Event log", &verify.event_log_path, log);
    }
    section.linked(
        "Folder",
        &verify.artifact_uri,
        folder.as_ref().map(links::folder),
    );
    section
}

fn child(verb: &str, child: &ChildRolloutJobRun, page: &RolloutName, console: bool) -> Section {
    let mut section = Section::new("Child rollout");
    match child.rollout.parse::<RolloutName>() {
        Ok(mut name) => {
            name.project.clone_from(&page.project);
            let mut values = Vec::new();
            let console_link = console.then(|| links::rollout(&name));
            values.push(Value {
                text: name.rollout.clone(),
                to: Some(Target::Inside(Address::rollout(name).into())),
            });
            values.extend(console_link.map(|link| Value {
                text: "Cloud console".into(),
                to: Some(Target::Outside(link)),
            }));
            section.values(verb, values);
        }
        Err(_) if child.rollout.is_empty() => {
            section.note = "The child rollout is not named yet. ".into()
        }
        Err(_) => {}
    }
    section.text("Phase", &child.rollout_phase_id);
    section.text("Rollout", &child.rollout);
    section.note.push_str(
        "Runs of a controller rollout cannot be terminated: open the child rollout to stop what it does.",
    );
    section
}

fn analysis(sections: &mut Vec<Section>, analysis: &AnalysisJobRun) {
    let mut overview = Section::new("Analysis");
    overview.text("Failed check", &analysis.failed_check_id);
    if analysis.alert_policy_analyses.is_empty() && analysis.custom_check_analyses.is_empty() {
        overview.note = "No check has reported yet.".into();
    }
    if !overview.facts.is_empty() || !overview.note.is_empty() {
        sections.push(overview);
    }
    let named = |id: &str| !id.is_empty() && id == analysis.failed_check_id;
    for check in &analysis.alert_policy_analyses {
        alert_check(sections, check, named(&check.id));
    }
    for check in &analysis.custom_check_analyses {
        custom_check(sections, check, named(&check.id));
    }
}

fn alert_check(sections: &mut Vec<Section>, check: &AlertPolicyCheckStatus, failed: bool) {
    let mut section = Section::new(format!("Alert policy check {}", check.id));
    section.failed = failed || !check.failed_alert_policies.is_empty();
    for policy in &check.failed_alert_policies {
        section.text("Firing", &policy.alert_policy);
        section.texts("Open alerts", &policy.alerts);
    }
    section.texts("Watches", &check.alert_policies);
    sections.push(section);
    pairs(sections, "Labels of the alerts", &check.labels);
}

fn custom_check(sections: &mut Vec<Section>, check: &CustomCheckStatus, failed: bool) {
    let mut section = Section::new(format!("Custom check {}", check.id));
    section.failed = failed || !check.failure_cause.is_unspecified();
    section.text("Runs every", check.frequency.as_deref().unwrap_or_default());
    section.linked(
        "Latest build",
        &check.latest_build,
        build_link(&check.latest_build),
    );
    let container = check.task.as_ref().and_then(|task| task.container.as_ref());
    if let Some(ContainerTask {
        image,
        command,
        args,
        ..
    }) = container
    {
        section.text("Image", image);
        section.texts("Command", command);
        section.texts("Arguments", args);
    }
    sections.push(section);
    if let Some(container) = container {
        pairs(sections, "Environment", &container.env);
    }
    custom(sections, "Metadata of the check", check.metadata.as_ref());
}

fn custom(sections: &mut Vec<Section>, title: &str, metadata: Option<&CustomMetadata>) {
    if let Some(metadata) = metadata {
        pairs(sections, title, &metadata.values);
    }
}

fn pairs(sections: &mut Vec<Section>, title: &str, pairs: &StringMap) {
    if pairs.is_empty() {
        return;
    }
    let mut section = Section::new(title);
    for (key, value) in pairs {
        // An empty value is still a value.
        section.values(
            key,
            vec![Value {
                text: value.clone(),
                to: None,
            }],
        );
    }
    sections.push(section);
}
