//! An error: what happened, what is safe, what to do next.

use leptos::prelude::*;

use super::button::Button;
use super::icon::{Icon, Shape};
use super::sign_in::SignIn;
use crate::model::explain::Trouble;

#[component]
pub fn TroubleBox(
    trouble: Trouble,
    /// Tries again; left out where there is nothing to try.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let Trouble { title, what, safe, next, details, sign_in } = trouble;
    view! {
        <section class="trouble" role="alert">
            <h2>
                <Icon shape=Shape::Warning />
                {title}
            </h2>
            <p>{what} " " {safe}</p>
            <p class="trouble-next">{next}</p>
            {(!details.is_empty())
                .then(|| view! { <pre class="trouble-details">{details}</pre> })}
            <div class="trouble-buttons">
                {retry
                    .map(|retry| {
                        view! {
                            <Button on_press=move |()| retry.run(())>
                                "Try again"
                            </Button>
                        }
                    })}
                {sign_in.then(|| view! { <SignIn /> })}
            </div>
        </section>
    }
}
