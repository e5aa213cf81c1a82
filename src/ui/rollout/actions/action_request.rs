//! Sends the request of an action.

use leptos::prelude::*;

use super::user_action::UserAction;
use crate::api::error::ApiError;
use crate::api::source::Actions;
use crate::api::transport::LocalFuture;
use crate::core::name::RolloutName;
use crate::model::address::Address;
use crate::ui::nav::link::{shown_address, shown_rollout};
use crate::ui::session::{Session, use_session};

/// The request of an action, with what it needs of the page.
pub(super) struct ActionRequest {
    action: UserAction,
    address: Address,
    session: Session,
    /// The rollout that the page shows. The API may give the project's number; where a termination is sent is
    /// chosen by what the address says.
    page: Option<RolloutName>,
}

impl ActionRequest {
    /// A request on behalf of the page that is shown.
    pub(super) fn new(action: UserAction) -> Self {
        Self {
            action,
            address: shown_address(),
            session: use_session(),
            page: shown_rollout(),
        }
    }

    /// Sends it. `policies` has the deploy policies to override, separated by white space.
    pub(super) fn send(&self, policies: &str) -> LocalFuture<'static, Result<(), ApiError>> {
        let policies: Vec<String> = policies
            .split_whitespace()
            .map(|policy| self.policy_name(policy))
            .collect();
        let client = self.session.client(&self.address);
        match &self.action {
            UserAction::Terminate(run) => {
                let name = run.with_untracked(|run| run.as_ref()?.name.clone());
                let project = self.page.as_ref().map(|page| page.project.clone());
                Box::pin(async move {
                    // A run without a name is a disabled_reason, so that this is not reached without one.
                    let (Some(mut name), Some(project)) = (name, project) else {
                        return Err(ApiError::Part("the run has no name".to_owned()));
                    };
                    name.rollout.project = project;
                    client.terminate(&name, &policies).await
                })
            }
            UserAction::Rollout(offer, rollout) => {
                let (action, rollout) = (offer.action.clone(), rollout.clone());
                Box::pin(async move { client.act(&rollout, &action, &policies).await })
            }
        }
    }

    /// The full name of a deploy policy. gcloud takes the last part alone, the API wants all of it.
    fn policy_name(&self, policy: &str) -> String {
        match &self.page {
            Some(page) if !policy.contains('/') => [
                "projects/",
                &page.project,
                "/locations/",
                &page.location,
                "/deployPolicies/",
                policy,
            ]
            .concat(),
            _ => policy.to_owned(),
        }
    }
}
