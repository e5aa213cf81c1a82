//! The CSS selectors of the end-to-end tests, by screen.
//!
//! No other file of the tests holds a selector, so a change of the markup is followed here alone;
//! [`only_here`] checks it. Names are composed, so that a class stands in one place.
//! A role with its accessible name is preferred to a class, which is free to change.
//!
//! Methods of [`Browser`](crate::browser::Browser) take the names as they are. Scripts that run in the page
//! take them as JavaScript literals, which `{:?}` writes:
//!
//! ```ignore
//! viewer.wait_for(select::run_panel::BADGE).await;
//! viewer.wait_until_js(&format!("document.querySelectorAll({:?}).length === 4", select::timeline::BAR)).await;
//! ```

pub mod browse;
pub mod build;
pub mod dialogs;
pub mod errors;
pub mod files;
pub mod history;
pub mod log;
pub mod manifests;
pub mod omnibox;
pub mod page;
pub mod rollout;
pub mod run_panel;
pub mod session;
pub mod start;
pub mod timeline;

mod only_here;

/// The element while it has the focus.
pub fn focused(css: &str) -> String {
    format!("{css}:focus")
}

/// The control while it is disabled.
pub fn disabled(css: &str) -> String {
    format!("{css}:disabled")
}

/// An element inside another.
pub fn within(outer: &str, inner: &str) -> String {
    format!("{outer} {inner}")
}

/// A JavaScript expression that is true if exactly `count` elements match.
pub fn count_is(css: &str, count: impl std::fmt::Display) -> String {
    format!("document.querySelectorAll({css:?}).length === {count}")
}

/// A JavaScript expression that is true if the focused element matches.
pub fn has_focus(css: &str) -> String {
    format!("document.activeElement.matches({css:?})")
}
