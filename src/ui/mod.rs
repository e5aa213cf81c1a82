//! What a person sees and does: components, functions that give a view, one to a file, with no parsing and no
//! arithmetic on time.
//!
//! A room for each screen. Begin with `app`; `lazy` has what loads code on first use. Imports all but
//! `sim` and `stand_in`.

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
