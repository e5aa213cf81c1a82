//! Starts the worker of `src/workers/log`.

fn main() {
    jobrun_viewer::workers::log::program::run();
}
