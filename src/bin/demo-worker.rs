//! See `src/workers/demo/program.rs`.

fn main() {
    jobrun_viewer::workers::demo::program::run();
}
