//! A button.

use leptos::prelude::*;

#[component]
pub fn Button(
    /// Beside `button`: `quiet`, `primary`, `danger`, `danger solid`.
    #[prop(optional)]
    class: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// What hovering says.
    #[prop(optional, into)]
    title: Signal<String>,
    /// What pressing does; a button without it submits its form.
    #[prop(optional, into)]
    on_press: Option<UnsyncCallback<()>>,
    children: Children,
) -> impl IntoView {
    let kind = if on_press.is_some() { "button" } else { "submit" };
    view! {
        <button
            type=kind
            class=format!("button {class}")
            disabled=disabled
            title=title
            on:click=move |_| {
                if let Some(on_press) = &on_press {
                    on_press.run(());
                }
            }
        >
            {children()}
        </button>
    }
}
