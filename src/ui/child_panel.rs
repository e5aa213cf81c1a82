//! The child rollout that a run of a controller rollout acts on.

use std::sync::Arc;

use leptos::prelude::*;

use super::fact::{Fact, MaybeLink};
use super::place::Place;
use super::session::use_session;
use crate::api::job_run::ChildRolloutJobRun;
use crate::model::address::Address;
use crate::model::links;
use crate::model::name::RolloutName;
use crate::model::run::Run;

#[component]
pub fn ChildPanel(
    /// What the run does to the child.
    verb: &'static str,
    child: ChildRolloutJobRun,
    run: Arc<Run>,
) -> impl IntoView {
    let session = use_session();
    let place = use_child_place(&child.rollout);
    let shown = match place {
        Some(name) => {
            let link = (!session.is_demo(&name)).then(|| links::rollout(&name));
            let id = name.rollout.clone();
            view! {
                <p class="child-link">
                    <span>{verb} " "</span>
                    <Place to=Address::rollout(name) class="button primary">
                        {id}
                    </Place>
                    {link.map(|link| view! { <MaybeLink text="Cloud console".to_owned() link=Some(link) /> })}
                </p>
            }
            .into_any()
        }
        None if child.rollout.is_empty() => {
            view! { <p class="absent">"The child rollout is not named yet."</p> }.into_any()
        }
        None => ().into_any(),
    };
    let note = run.name.is_some().then_some(
        "Runs of a controller rollout cannot be terminated: open the child rollout to stop what it does.",
    );
    view! {
        <section class="panel-part">
            <h3>"Child rollout"</h3>
            {shown}
            <dl class="facts">
                <Fact label="Phase" value=child.rollout_phase_id />
                <Fact label="Rollout" value=child.rollout />
            </dl>
            {note.map(|note| view! { <p class="absent">{note}</p> })}
        </section>
    }
}

/// The child's name, with the project as the address writes it: the API may give the project's
/// number here, and a person shares and reads its id.
fn use_child_place(child: &str) -> Option<RolloutName> {
    let mut name: RolloutName = child.parse().ok()?;
    if let Address::Rollout { rollout, .. } = &*super::place::use_address().read_untracked() {
        name.project = rollout.project.clone();
    }
    Some(name)
}
