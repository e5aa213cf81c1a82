//! See `src/workers/log/program.rs`.

fn main() {
    jobrun_viewer::workers::log::program::run();
}
