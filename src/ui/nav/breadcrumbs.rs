//! Shows where the user is, each part a link upwards.

use leptos::prelude::*;

use super::link::Link;
use crate::core::text::clip;
use crate::model::address::{Address, Parent};
use crate::model::browse::trail;

/// Shows the parts of a name, from the project down to `of`.
#[component]
pub(crate) fn Breadcrumbs(of: Parent) -> impl IntoView {
    let parts = trail(&of)
        .into_iter()
        .map(|(label, part)| {
            let id = clip(part.id());
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd><Link to=Address::Browse(part)>{id}</Link></dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="rollout-path">{parts}</dl> }
}
