//! Starts the worker of `src/workers/demo`.

fn main() {
    jobrun_viewer::workers::demo::program::run();
}
