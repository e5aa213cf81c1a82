//! The viewer in the browser.

#[cfg(feature = "web")]
fn main() {
    jobrun_viewer::ui::run();
}

#[cfg(not(feature = "web"))]
fn main() {
    eprintln!("The viewer runs in a browser: start it with scripts/serve.");
    std::process::exit(2);
}
