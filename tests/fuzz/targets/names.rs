//! Resource names, `gs://` addresses, and the links that are made of them.

use std::fmt::Display;
use std::str::FromStr;

use jobrun_viewer::api::storage::{ObjectName, ObjectNameError};
use jobrun_viewer::core::name::*;
use jobrun_viewer::model::address::links;
use url::Url;

use super::input::text;

/// A text is refused with itself and a reason, or prints back; and which of them its form decides.
fn name<T: FromStr<Err = NameError> + Display>(text: &str, patterns: &[&str]) -> Option<T> {
    let fits = patterns.iter().any(|pattern| {
        let (parts, wanted) = (text.split('/'), pattern.split('/'));
        parts.clone().count() == wanted.clone().count()
            && parts
                .zip(wanted)
                .all(|(part, wanted)| !part.is_empty() && (wanted == "*" || wanted == part))
    });
    match text.parse::<T>() {
        Ok(name) => {
            assert!(fits, "{text} is none of {patterns:?}");
            assert_eq!(name.to_string(), text);
            Some(name)
        }
        Err(error) => {
            assert!(!fits, "{text} is one of {patterns:?}: {error}");
            assert_eq!(error.text(), text);
            let sentence = error.to_string();
            let (reason, expected) = sentence
                .rsplit_once("; expected ")
                .expect("it says what was expected");
            assert!(
                !reason.is_empty() && patterns.contains(&expected),
                "{sentence}"
            );
            None
        }
    }
}

/// A link leads to the console, and nothing in a name leads out of the page that it names.
fn console(link: &str, page: &str, project: Option<&str>) {
    let url = Url::parse(link).unwrap_or_else(|error| panic!("{link}: {error}"));
    assert_eq!(
        (url.scheme(), url.host_str()),
        ("https", Some("console.cloud.google.com")),
        "{link}"
    );
    assert!(
        url.path().starts_with(page),
        "{link} leads to {}",
        url.path()
    );
    assert_eq!(url.fragment(), None, "{link}");
    let query: Vec<_> = url.query_pairs().collect();
    match project {
        Some("." | "..") => {}
        Some(project) => {
            assert!(
                matches!(&query[..], [(key, value)] if key == "project" && value == project),
                "{link}"
            );
        }
        None => assert!(query.is_empty(), "{link}"),
    }
}

/// Reads a name of every kind.
pub fn target(data: &[u8]) {
    let text = &*text(data);
    name::<LocationName>(text, &[LocationName::PATTERN]);
    name::<TargetName>(text, &[TargetName::PATTERN]);
    name::<DeliveryPipelineName>(text, &[DeliveryPipelineName::PATTERN]);
    name::<ReleaseName>(text, &[ReleaseName::PATTERN]);
    if let Some(rollout) = name::<RolloutName>(text, &[RolloutName::PATTERN]) {
        console(
            &links::rollout(&rollout),
            "/deploy/delivery-pipelines/",
            Some(&rollout.project),
        );
        assert!(
            rollout
                .to_string()
                .starts_with(&rollout.release_name().to_string())
        );
        assert!(rollout.same_but_project(&rollout));
        let run = rollout.job_run("x");
        assert_eq!(run.to_string().parse(), Ok(run));
    }
    name::<JobRunName>(text, &[JobRunName::PATTERN]);
    if let Some(build) = name::<BuildName>(
        text,
        &[GlobalBuildName::PATTERN, RegionalBuildName::PATTERN],
    ) {
        assert!(text.ends_with(build.id()));
        let (page, project) = match &build {
            BuildName::Regional(name) => ("/cloud-build/builds;region=", &name.project),
            BuildName::Global(name) => ("/cloud-build/builds/", &name.project),
        };
        console(&links::build(&build), page, Some(project));
    }
    if let Some(service) = name::<ServiceName>(text, &[ServiceName::PATTERN]) {
        console(
            &links::service(&service),
            "/run/detail/",
            Some(&service.project),
        );
    }
    gs(text);
    if let Some(link) = links::service_url(text) {
        let url = Url::parse(&link).unwrap_or_else(|error| panic!("{link}: {error}"));
        let host = url.host_str().unwrap_or_default();
        assert!(
            text.starts_with(&format!("https://{host}")) && host.ends_with(".run.app"),
            "{link}"
        );
        assert_eq!(
            (url.username(), url.port(), url.query(), url.fragment()),
            ("", None, None, None),
            "{link}"
        );
    }
}

/// A `gs://` address: of an object, or of a folder that the text's second line lies in.
fn gs(text: &str) {
    match text.parse::<GsUri>() {
        Ok(uri) => {
            assert_eq!(uri.to_string(), text);
            assert!(!uri.bucket.is_empty() && !uri.bucket.contains('/'));
            console(&links::folder(&uri), "/storage/browser/", None);
            console(&links::object(&uri), "/storage/browser/_details/", None);
        }
        Err(error) => {
            assert_eq!(error.text(), text);
            assert!(
                !text
                    .strip_prefix("gs://")
                    .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
            );
        }
    }
    if let Ok(object) = text.parse::<ObjectName>() {
        assert_eq!(object.to_string(), text);
        assert_eq!(ObjectName::try_from(&object.uri()).as_ref(), Ok(&object));
        assert!(object.object().ends_with(object.file()) && !object.object().is_empty());
    }
    let (folder, path) = text.split_once('\n').unwrap_or((text, "manifest.yaml"));
    match ObjectName::join(folder, path) {
        Ok(object) => {
            assert_eq!(
                object.to_string().parse::<ObjectName>().as_ref(),
                Ok(&object)
            );
            let folder: GsUri = folder.parse().expect("its objects are named");
            assert_eq!(object.bucket(), folder.bucket);
            let within = folder.object.unwrap_or_default();
            assert!(
                object.object().starts_with(within.trim_end_matches('/')),
                "{object} is not in {within}"
            );
        }
        Err(ObjectNameError::NotGs(error)) => assert_eq!(folder.parse::<GsUri>(), Err(error)),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
