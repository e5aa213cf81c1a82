//! What a deploy job run deployed.

use leptos::prelude::*;

use super::fact::{Fact, MaybeLink};
use super::metadata::Pairs;
use crate::api::job_run::{CloudRunMetadata, DeployArtifact, DeployJobRun};
use crate::model::links;
use crate::model::name::GsUri;

#[component]
pub fn DeployPanel(deploy: DeployJobRun) -> impl IntoView {
    let metadata = deploy.metadata.unwrap_or_default();
    let skip = metadata.custom_target.map(|target| target.skip_message).unwrap_or_default();
    view! {
        {(!skip.is_empty())
            .then(|| {
                view! {
                    <p class="notice">
                        <span>"Skipped by the custom target: " <b>{skip}</b></span>
                    </p>
                }
            })}
        {metadata.cloud_run.map(|cloud_run| view! { <CloudRun cloud_run /> })}
        {deploy.artifact.map(|artifact| view! { <Artifact artifact /> })}
        {metadata.custom.map(|custom| view! { <Pairs title="Custom metadata" values=custom.values /> })}
    }
}

#[component]
fn CloudRun(cloud_run: CloudRunMetadata) -> impl IntoView {
    let service_link = cloud_run.service.parse().ok().map(|name| links::service(&name));
    view! {
        <section class="panel-part">
            <h3>"Cloud Run"</h3>
            <dl class="facts">
                <Fact label="Service" value=cloud_run.service link=service_link />
                {cloud_run
                    .service_urls
                    .into_iter()
                    .map(|url| {
                        let link = links::service_url(&url);
                        view! { <Fact label="URL" value=url link /> }
                    })
                    .collect_view()}
                <Fact label="Revision" value=cloud_run.revision />
                <Fact label="Previous revision" value=cloud_run.previous_revision />
                <Fact label="Job" value=cloud_run.job />
                <Fact label="Worker pool" value=cloud_run.worker_pool />
            </dl>
        </section>
    }
}

#[component]
fn Artifact(artifact: DeployArtifact) -> impl IntoView {
    let folder: Option<GsUri> = artifact.artifact_uri.parse().ok();
    let folder_link = folder.as_ref().map(links::folder);
    let count = artifact.manifest_paths.len();
    let manifests = artifact
        .manifest_paths
        .into_iter()
        .map(|path| {
            let link = folder.as_ref().map(|folder| links::object(&folder.join(&path)));
            view! { <li><MaybeLink text=path link /></li> }
        })
        .collect_view();
    view! {
        <section class="panel-part">
            <h3>"Deployed artifacts"</h3>
            <dl class="facts">
                <Fact label="Folder" value=artifact.artifact_uri link=folder_link />
                <div class="fact">
                    <dt>{if count == 1 { "Manifest" } else { "Manifests" }}</dt>
                    <dd>
                        {match count {
                            0 => view! { <span class="absent">"none listed"</span> }.into_any(),
                            _ => view! { <ul class="manifests">{manifests}</ul> }.into_any(),
                        }}
                    </dd>
                </div>
            </dl>
        </section>
    }
}
