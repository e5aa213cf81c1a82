//! Links that lead out of the viewer. Only these are clickable: https, to hosts named here, with
//! every id encoded. Text from a job run never becomes a link by itself.
//!
//! The forms are those seen in public use; where none was found there is no link.

use crate::api::http::percent_encode;
use crate::core::name::{BuildName, GsUri, RolloutName, ServiceName};

const CONSOLE: &str = "https://console.cloud.google.com";

/// A text as one segment of a link's path, or as one value in its query.
fn encode(text: &str) -> String {
    match text {
        // A browser would take these as steps in the path, even when encoded once.
        "." | ".." => text.replace('.', "%252E"),
        _ => percent_encode(text),
    }
}

/// The rollout in the Cloud console. A job run has no page of its own there.
pub fn rollout(name: &RolloutName) -> String {
    let RolloutName {
        project,
        location,
        delivery_pipeline,
        release,
        rollout,
    } = name;
    format!(
        "{CONSOLE}/deploy/delivery-pipelines/{}/{}/releases/{}/rollouts/{}?project={}",
        encode(location),
        encode(delivery_pipeline),
        encode(release),
        encode(rollout),
        encode(project)
    )
}

/// The build, with its log, in the Cloud console.
pub fn build(name: &BuildName) -> String {
    match name {
        BuildName::Regional(name) => format!(
            "{CONSOLE}/cloud-build/builds;region={}/{}?project={}",
            encode(&name.location),
            encode(&name.build),
            encode(&name.project)
        ),
        BuildName::Global(name) => {
            format!(
                "{CONSOLE}/cloud-build/builds/{}?project={}",
                encode(&name.build),
                encode(&name.project)
            )
        }
    }
}

/// The Cloud Run service in the Cloud console.
pub fn service(name: &ServiceName) -> String {
    format!(
        "{CONSOLE}/run/detail/{}/{}/metrics?project={}",
        encode(&name.location),
        encode(&name.service),
        encode(&name.project)
    )
}

/// A Cloud Storage folder or bucket in the Cloud console.
pub fn folder(uri: &GsUri) -> String {
    let mut link = format!("{CONSOLE}/storage/browser/{}", encode(&uri.bucket));
    push_path(
        &mut link,
        uri.object.as_deref().unwrap_or("").trim_end_matches('/'),
    );
    link
}

/// A Cloud Storage object in the Cloud console.
pub fn object(uri: &GsUri) -> String {
    let mut link = format!("{CONSOLE}/storage/browser/_details/{}", encode(&uri.bucket));
    push_path(&mut link, uri.object.as_deref().unwrap_or(""));
    link
}

/// Appends an object's name, its slashes as they are, as the console writes it.
fn push_path(link: &mut String, path: &str) {
    for part in path.split('/').filter(|part| !part.is_empty()) {
        link.push('/');
        link.push_str(&encode(part));
    }
}

/// The address of a Cloud Run service, when the text is one: https, a host below `run.app`, no
/// user, no port. Anything else stays text.
pub fn service_url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let label_ok = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !host.strip_suffix(".run.app")?.split('.').all(label_ok) {
        return None;
    }
    let mut link = format!("https://{host}");
    push_path(&mut link, path);
    Some(link)
}
