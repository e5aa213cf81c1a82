//! See `src/workers/files/program.rs`.

fn main() {
    jobrun_viewer::workers::files::program::run();
}
