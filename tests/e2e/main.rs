//! The end-to-end tests: the built viewer in Chromium, against the stand-in for Cloud Deploy.
//!
//! `scripts/test e2e` builds the viewer and runs them. By hand, against what lies in `dist/`:
//! `source scripts/env.sh && cargo test --locked --features stand-in,e2e --test e2e`, with
//! `DIST_DIR` for another build. They need Chromium and no network: the browser can reach nothing
//! but loopback.
//!
//! `BEHIND=nginx` puts a real nginx with the project's own recipe before every host that need not
//! fail on demand.
//!
//! Every test has a [`viewer::Viewer`] of its own: stand-in and host, on free ports, and a browser
//! context in the Chromium that all share. The stand-in's time only moves when a test moves it,
//! unless the test says otherwise. What a page should show is looked up in a second copy of the
//! stand-in's world. Tests wait for conditions and never for a time, except to see that something
//! does *not* happen: then they look into the stand-in's log after longer than it would take.
//!
//! [`select`] names the CSS selectors; no other file holds one.
//!
//! Every test ends with [`viewer::Viewer::finish`], which asserts that the page did not panic,
//! wrote no unexpected error to the console, and asked nothing of any other host: neither the page,
//! nor its frames, workers and windows. What the browser asks by itself is not counted
//! ([`outside`] tests both).

mod browser;
mod chromium;
mod devtools;
mod events;
mod nginx;
mod screens;
mod select;
mod site;
mod viewer;

mod access;
mod addresses;
mod behind;
mod browse;
mod build;
mod children;
mod dumps;
mod errors;
mod faults;
mod files;
mod history;
mod hostile;
mod hosting;
mod keyboard;
mod live;
mod log;
mod manifest;
mod outside;
mod paging;
mod policy;
mod rollout;
mod secrets;
mod sign_in;
mod soak;
mod start;
mod stopped;
mod terminate;
mod timeline;
mod variants;
