//! A modal dialog, in which the browser keeps the focus.
//!
//! The code of its content is in a part of the page, which is loaded when the dialog opens, or before if it may
//! open soon.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use crate::core::text::clip;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::lazy::Load;

/// Opens and closes a dialog.
#[derive(Clone, Copy)]
pub(crate) struct Dialog {
    element: NodeRef<html::Dialog>,
    /// Loads the code of its content.
    load: Load,
    /// Whether its content is there.
    is_filled: RwSignal<bool>,
    /// What went wrong when it was to be opened.
    problem: RwSignal<String>,
}

impl Dialog {
    /// A dialog that is not in the page yet, with what loads the code of its content.
    pub(crate) fn new(load: Load) -> Self {
        Self {
            load,
            element: NodeRef::new(),
            is_filled: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Opens it, once its content is there.
    pub(crate) fn open(self) {
        self.problem.set(String::new());
        if self.is_filled.get_untracked() {
            return self.show();
        }
        leptos::task::spawn_local(async move {
            if self.fill().await {
                // What has the focus at first must have been drawn.
                request_animation_frame(move || self.show());
            } else {
                let problem = "The part of the viewer for this could not be loaded. Try again.";
                self.problem.set(problem.to_owned());
            }
        });
    }

    /// Loads its content, so that it opens at once later, whatever the host has by then. What the page
    /// shows comes first.
    pub(crate) fn prepare(self) {
        const PAUSE: Duration = Duration::from_secs(1);
        leptos::task::spawn_local(async move {
            gloo_timers::future::sleep(PAUSE).await;
            self.fill().await;
        });
    }

    /// Whether the content is there, after loading it if need be.
    async fn fill(self) -> bool {
        let is_there = (self.load)().await.is_ok();
        if is_there {
            self.is_filled.set_if_changed(true);
        }
        is_there
    }

    /// Shows it. Fails only for one that is open or gone from the page, where nothing is to be done.
    fn show(self) {
        self.with(|dialog| drop(dialog.show_modal()));
    }

    /// Closes it. Does nothing when the page that it belonged to is gone.
    pub(crate) fn close(self) {
        self.with(HtmlDialogElement::close);
    }

    fn with(self, act: impl FnOnce(&HtmlDialogElement)) {
        if let Some(element) = self.element.try_get_untracked().flatten() {
            act(&element);
        }
    }
}

/// The element of a dialog, closed at first.
#[component]
pub(crate) fn DialogBox(
    dialog: Dialog,
    #[prop(into)] label: String,
    /// What stands in it, once the code of that is loaded.
    content: impl Fn() -> AnyView + Send + 'static,
    #[prop(optional)] on_close: Option<Callback<()>>,
) -> impl IntoView {
    // What comes in its place may take over the element: a question about one thing must not stay open as one
    // about another.
    on_cleanup(move || dialog.close());
    let content = move || dialog.is_filled.get().then(&content);
    let closed = move |_| {
        // The event comes late: what opened the dialog may be gone.
        on_close.and_then(|on_close| on_close.try_run(()));
    };
    view! {
        <dialog class="dialog" aria-label=clip(label) node_ref=dialog.element on:close=closed>{content}</dialog>
    }
}

/// Why a dialog could not be opened, if so; to be shown beside what opens it.
#[component]
pub(crate) fn DialogProblem(dialog: Dialog) -> impl IntoView {
    view! { <span class="is-wrong" role="alert">{dialog.problem}</span> }
}
