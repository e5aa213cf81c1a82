//! The box that takes whatever leads to a rollout: a name, a link, a command line.

use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::link::use_navigate;
use crate::core::text::clip;
use crate::model::address::Address;
use crate::model::input::omnibox::{OmniboxReading, OpenTarget};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::pages::files::Input;
use crate::ui::session::use_session;
use crate::workers::files::client::FilesClient;

/// Shows the box, with `start` in it at first.
#[component]
pub(crate) fn Omnibox(
    #[prop(optional)] start: String,
    /// Whether it stands in the top bar.
    #[prop(optional)]
    is_compact: bool,
) -> impl IntoView {
    let typed = RwSignal::new(start);
    // Why nothing was opened, from when the user tried until the text changes.
    let problem = RwSignal::new(String::new());
    let reading = read_as_typed(typed);
    let open = use_open(typed, problem);
    let button = NodeRef::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        open();
    };
    let said = move || match problem.read().is_empty() {
        true => clip(&*reading.read().said),
        false => String::new(),
    };
    let is_understood = move || reading.read().opens != OpenTarget::Nothing;
    view! {
        <form class="open-box" class:compact=is_compact on:submit=submit>
            <label>
                <span class="open-box-label">"Name, link, gcloud command, or a project’s id"</span>
                <Field typed problem button />
            </label>
            <button type="submit" class="button" node_ref=button>"Open"</button>
            <div class="open-box-below">
                <p class="open-box-said" class:is-understood=is_understood role="status">{said}</p>
                <p class="open-box-problem" role="alert">{move || clip(&*problem.read())}</p>
            </div>
        </form>
    }
}

/// Shows the field: of one line, and yet a text area, since an input would join the lines of what is
/// pasted into it, and a command's or JSON's lines mean something.
#[component]
fn Field(
    typed: RwSignal<String>,
    problem: RwSignal<String>,
    /// Submits the form.
    button: NodeRef<leptos::html::Button>,
) -> impl IntoView {
    let input = move |event| {
        typed.set(event_target_value(&event));
        problem.set(String::new());
    };
    let submit_on_enter = move |event: KeyboardEvent| {
        if event.key() != "Enter" || event.shift_key() || event.is_composing() {
            return;
        }
        event.prevent_default();
        // Through the button, so that the form is submitted as by any other way.
        if let Some(button) = button.get_untracked() {
            button.click();
        }
    };
    view! {
        <textarea
            rows="1"
            name="name"
            spellcheck="false"
            autocomplete="off"
            autocapitalize="off"
            placeholder="projects/…/rollouts/…"
            aria-invalid=move || (!problem.read().is_empty()).to_string()
            aria-keyshortcuts="/"
            prop:value=typed
            on:input=input
            on:keydown=submit_on_enter
        ></textarea>
    }
}

/// Returns what the text in the box comes to; the last one stays until the worker has read the next. A
/// response about a text that is no longer in the box, or for a box that is gone, is dropped.
fn read_as_typed(typed: RwSignal<String>) -> RwSignal<OmniboxReading> {
    const NOTHING: OmniboxReading = OmniboxReading {
        said: String::new(),
        opens: OpenTarget::Nothing,
    };
    let session = use_session();
    let reading = RwSignal::new(NOTHING);
    Effect::new(move |_| {
        let text = typed.get();
        if text.trim().is_empty() {
            return reading.set_if_changed(NOTHING);
        }
        spawn_scoped(async move {
            reading.set_if_changed(read(session.worker(), &text).await);
        });
    });
    reading
}

/// Returns a function that opens what is in the box, or says in `problem` why it cannot.
fn use_open(typed: RwSignal<String>, problem: RwSignal<String>) -> impl Fn() {
    let go = use_navigate();
    let session = use_session();
    move || {
        let (text, go) = (typed.get_untracked(), go.clone());
        spawn_local(async move {
            let OmniboxReading { said, opens } = match read_name(&text) {
                // What was understood may still be on its way, and is not waited for.
                OmniboxReading {
                    opens: OpenTarget::Nothing,
                    ..
                } => read(session.worker(), &text).await,
                named => named,
            };
            if opens == OpenTarget::Nothing {
                return problem.set(said);
            }
            problem.set(String::new());
            typed.set(String::new());
            match opens {
                OpenTarget::Nothing => {}
                OpenTarget::Json => session.open_file(Input::text(&text)),
                OpenTarget::Address(address) => go(&address),
            }
        });
    }
}

/// Has the worker read a text, which knows links and commands too; a plain name is known here.
async fn read(worker: FilesClient, text: &str) -> OmniboxReading {
    worker
        .understand(text.to_owned())
        .await
        .unwrap_or_else(|_| read_name(text))
}

/// Reads a text as a plain name.
fn read_name(text: &str) -> OmniboxReading {
    match Address::from_name(text) {
        Address::Unreadable(error) => OmniboxReading {
            said: format!("{error}."),
            opens: OpenTarget::Nothing,
        },
        address => OmniboxReading {
            said: String::new(),
            opens: OpenTarget::Address(address.into()),
        },
    }
}
