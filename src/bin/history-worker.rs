//! See `src/workers/history/program.rs`.

fn main() {
    jobrun_viewer::workers::history::program::run();
}
