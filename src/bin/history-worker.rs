//! Starts the worker of `src/workers/history`.

fn main() {
    jobrun_viewer::workers::history::program::run();
}
