//! Where a verify job run's event log lies.

use leptos::prelude::*;

use super::fact::Fact;
use crate::api::job_run::VerifyJobRun;
use crate::model::links;
use crate::model::name::GsUri;

#[component]
pub fn VerifyPanel(verify: VerifyJobRun) -> impl IntoView {
    let folder: Option<GsUri> = verify.artifact_uri.parse().ok();
    let folder_link = folder.as_ref().map(links::folder);
    let log_link =
        folder.filter(|_| !verify.event_log_path.is_empty()).map(|f| links::object(&f.join(&verify.event_log_path)));
    let has_log = !verify.event_log_path.is_empty();
    view! {
        <section class="panel-part">
            <h3>"Verification"</h3>
            <dl class="facts">
                <Fact label="Event log" value=verify.event_log_path link=log_link />
                <Fact label="Folder" value=verify.artifact_uri link=folder_link />
            </dl>
            {(!has_log)
                .then(|| view! { <p class="absent">"No event log is named: it is there once the verification has begun to write one."</p> })}
        </section>
    }
}
