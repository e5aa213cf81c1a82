//! Starts the worker of `src/workers/files`.

fn main() {
    jobrun_viewer::workers::files::program::run();
}
