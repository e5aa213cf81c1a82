//! The Leptos components, one or a few to a file, in a folder for each screen.
//!
//! Begin with `app`. `lazy` and `widgets/lazy_view` have what loads code on first use. Imports everything but `sim` and
//! `stand_in`.

#![allow(unreachable_pub, reason = "what `#[component]` generates is `pub`")]

mod app;
mod browse;
mod dom;
mod history;
mod lazy;
mod log;
mod nav;
mod pages;
mod panic_hook;
mod rollout;
mod run;
mod session;
mod widgets;

pub use app::run;
